"""Conversational turns by alternate pairs, with exact limits per hour."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caregiving.instruments import load
from caregiving.sequences import show
from caregiving.sequences.turns import poisson_limits
from tests.sequences.strings import table, watched
from tests.timelines import story


def voices(text: str, every_s: float = 2.0):
    """Return utterances of one second each: "CA." is the child, the adult, and a silence."""
    return table(*((who, "talk", i * every_s, i * every_s + 1) for i, who in enumerate(text) if who != "."))


@pytest.mark.parametrize(("text", "turns"), [("CA", 1), ("CAC", 1), ("CACA", 2)])
def test_t20_alternate_pairs(text: str, turns: int):
    assert show("turns", voices(text))["n_turns"] == turns


@pytest.mark.parametrize(
    ("text", "turns", "why"),
    [
        ("CCAA", 1, "successive utterances of one voice are one"),
        ("AC", 1, "the adult may begin"),
        ("CA....CA", 2, "a silence ends a conversation, and another one begins"),
        ("C....A", 0, "after 9 s of silence nobody answers"),
        ("CCC", 0, "nobody answers"),
    ],
)
def test_what_makes_a_turn(text: str, turns: int, why: str):
    assert show("turns", voices(text), actor=["C", "A"][: len(set(text) - {"."})])["n_turns"] == turns, why


def test_the_gap_must_be_shorter_than_5_s():
    assert show("turns", table(("C", "talk", 0, 1), ("A", "talk", 5.999, 7)))["n_turns"] == 1
    assert show("turns", table(("C", "talk", 0, 1), ("A", "talk", 6, 7)))["n_turns"] == 0


def test_an_answer_may_overlap():
    assert show("turns", table(("C", "talk", 0, 20), ("A", "talk", 3, 4)))["n_turns"] == 1


def test_a_third_voice_breaks_the_turn():
    events = table(("C", "talk", 0, 1), ("B", "talk", 2, 3), ("A", "talk", 4, 5))

    assert show("turns", events, actor=["C", "A"])["n_turns"] == 0


def test_a_cry_neither_makes_a_turn_nor_breaks_one():
    events, windows = story(
        "0s start, 0-1s vocalise, 1-2s cry, 3-4s speech,30-31s cry, 32-33s speech, 34-35s nonspeech, 60s end",
        "free_play",
    )
    found = show("turns", events, windows, load("free_play"))

    assert found["n_turns"] == 1
    assert found["codes"] == ["speech", "vocalise"]


def test_turns_per_hour_have_exact_limits_and_need_30_minutes():
    found = show("turns", voices("CA....CA....CA"), watched(0, 1800))

    assert (found["n_turns"], found["per_hour"]) == (3, 3 / 0.5)
    assert (found["low"], found["high"]) == pytest.approx(poisson_limits(3, 0.5))
    assert found["gate"] is None
    assert show("turns", voices("CA"), watched(0, 600))["gate"].endswith(
        "20 more minutes observed (10 of 30)"
    )


@pytest.mark.parametrize(("n", "hours", "low", "high"), [(20, 1, 12.217, 30.888), (15, 2.5, 3.358, 9.896)])
def test_t16_the_limits_of_a_rate(n: int, hours: float, low: float, high: float):
    assert poisson_limits(n, hours) == pytest.approx((low, high), abs=5e-4)


def test_no_turn_crosses_a_break_in_the_watching():
    assert show("turns", voices("CA"), watched(0, 1, 1.5, 60))["n_turns"] == 0


def test_nobody_watched_is_no_rate():
    found = show("turns", voices("CA"), watched(0, 0).iloc[:0])

    assert (found["n_turns"], found["per_hour"], found["low"]) == (0, None, None)


@given(st.text("CA.", max_size=40))
def test_both_voices_have_the_same_turns_whoever_is_called_what(text: str):
    events = voices("CA" + text)
    swapped = events.assign(actor=events["actor"].map({"C": "A", "A": "C"}))

    assert show("turns", events)["n_turns"] == show("turns", swapped)["n_turns"]


@given(st.text("CA", min_size=2, max_size=40))
def test_without_silences_turns_are_half_the_runs(text: str):
    runs = 1 + sum(a != b for a, b in pairwise(text))

    assert show("turns", voices(text), actor=sorted(set(text)))["n_turns"] == runs // 2
