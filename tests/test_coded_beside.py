"""Two sessions beside each other: what is counted in each, and that no view runs across a break."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caregiving.coded.beside import Cues, behind, side
from caregiving.coded.looks import BOTH, look, pairs_in_order, path
from caregiving.indices import Estimate
from caregiving.instruments import load
from caregiving.sequences import show
from tests.timelines import story

ENGAGEMENT, FREE_PLAY = load("engagement.v1"), load("free_play.v1")
TWO_PARTS = "0s start, 300s end, 420s start, 720s end"


def seen(text: str, name: str = "engagement.v1") -> tuple[pd.DataFrame, pd.DataFrame]:
    return story(text, name, day="2026-03-01")


# --- what is counted --------------------------------------------------------------------------------


def test_a_side_counts_cues_by_what_became_of_them():
    # a smile answered after 2 s, one in vain, one answered too late (after 7 s), one 3 s before the end
    events, windows = seen(
        "0s start, 10s smile, 12s smile_back, 30s smile, 50s smile, 57s smile_back, 97s smile, 100s end",
        "free_play.v1",
    )
    found = side(events, windows, FREE_PLAY)

    assert found.cues["social"] == Cues(n=4, engaged=0, known=3, answered=1, within_s=5.0)
    assert found.cues["social"].unseen == 1
    assert found.cues["request"] == Cues(n=0, engaged=0, known=0, answered=0, within_s=15.0)
    assert found.watched_s == found.observed_s == 100.0


def test_time_that_could_not_be_seen_is_watched_but_not_observed():
    events, windows = seen("0s start, 20-50s out_of_view, 60s smile, 100s end", "free_play.v1")
    found = side(events, windows, FREE_PLAY)

    assert (found.watched_s, found.observed_s) == (100.0, 70.0)


def test_a_cue_before_a_break_is_not_answered_after_it():
    events, windows = seen(
        "0s start, 58s smile, 60s end, 61s start, 62s smile_back, 120s end", "free_play.v1"
    )
    social = side(events, windows, FREE_PLAY).cues["social"]

    assert (social.n, social.answered, social.known, social.unseen) == (1, 0, 0, 1)


def test_every_figure_of_one_session_that_needs_days_says_so():
    acts = ", ".join(f"{10 * i}s smile, {10 * i + 1}s smile_back" for i in range(40))
    found = side(*seen(f"0s start, {acts}, 500s end", "free_play.v1"), FREE_PLAY)
    share, wait = found.figures["within_5s", "social"], found.figures["median", "social"]

    assert found.cues["social"].answered == share.n == wait.n == 40
    assert "2 more days (1 of 3)" in (share.gate or "") and "2 more days (1 of 3)" in (wait.gate or "")
    assert "cue" not in (share.gate or ""), "40 cues are enough"


def test_only_an_instrument_with_states_of_two_has_time_in_step():
    both = side(
        *seen("0-300s infant_playful, 0-150s caregiver_playful, 150-300s caregiver_object"), ENGAGEMENT
    )

    assert both.figures["matched", "all"].value == 150 / 300
    assert ("matched", "all") not in side(*seen("0s smile, 60s end", "free_play.v1"), FREE_PLAY).figures


def test_a_spell_apart_that_a_break_cuts_off_is_not_called_found_back():
    # apart from 200 s on; after the break the two are in step
    text = (
        "0-300s infant_playful, 0-200s caregiver_playful, 200-300s caregiver_object, "
        f"420-720s infant_playful, 420-720s caregiver_playful, {TWO_PARTS}"
    )
    repair = side(*seen(text), ENGAGEMENT).figures["repair_latency", "all"]

    assert repair.n == 1 and "1 mismatches, 0 repaired" in repair.method


def test_the_gate_of_a_figure_comes_before_that_of_agreement():
    few = Estimate("matched", 0.4, 1, "share", "x", gate="needs 2 more minutes")

    assert behind(few, "needs a second observer").gate == "needs 2 more minutes"
    assert behind(few, None) is few
    enough = Estimate("matched", 0.4, 1, "share", "x")
    assert behind(enough, "needs a second observer").gate == "needs a second observer"
    assert behind(enough, None).shown.value == 0.4


@given(st.lists(st.tuples(st.integers(0, 119), st.booleans()), max_size=20))
def test_every_cue_has_one_fate(acts):
    text = ", ".join(f"{at}s {'smile' if cue else 'smile_back'}" for at, cue in acts)
    events, windows = seen(
        f"0s start, {text + ', ' if text else ''}60s end, 70s start, 120s end", "free_play.v1"
    )
    for cues in side(events, windows, FREE_PLAY).cues.values():
        assert 0 <= cues.answered <= cues.known <= cues.n - cues.engaged
        assert cues.unseen >= 0


# --- a break is a break in every view ---------------------------------------------------------------


def test_the_time_budget_counts_watched_time_only():
    # playing goes on through the break as far as anybody can tell, but nobody watched it
    events, windows = seen(f"240-480s infant_playful, {TWO_PARTS}")
    budget = show("time_budget", events, windows, ENGAGEMENT, actor=BOTH)
    row = next(r for r in budget["rows"] if r["code"] == "infant_playful")

    assert budget["observed_s"] == 600.0
    assert (row["n"], row["total_s"], row["n_clipped"]) == (1, 60.0 + 60.0, 1)


@pytest.mark.parametrize("repeats", [True, False])
def test_no_transition_runs_across_a_break(repeats):
    events, windows = seen(
        "100-200s infant_playful, 200-300s infant_object, 420-500s infant_watching, "
        f"500-720s infant_playful, {TWO_PARTS}"
    )
    found = show("transitions", events, windows, ENGAGEMENT, actor=("infant",), repeats=repeats)
    lag = show("lag", events, windows, ENGAGEMENT, actor=("infant",), repeats=repeats)

    assert found["n"] == lag["n"] == 2  # playful to object before it, watching to playful after it
    object_row = found["labels"].index("infant_object")
    assert sum(found["counts"][object_row]) == 0


def test_the_same_state_on_both_sides_of_a_break_is_two_runs():
    events, windows = seen(f"0-300s infant_playful, 420-720s infant_playful, {TWO_PARTS}")

    assert show("transitions", events, windows, ENGAGEMENT, actor=("infant",), repeats=False)["n"] == 0
    assert pairs_in_order(events, windows, ENGAGEMENT, "infant").empty


def test_the_listed_pairs_are_those_of_the_transitions_with_a_break_between():
    events, windows = seen(
        f"0-100s infant_playful, 100-300s infant_object, 420-430s infant_watching, 430-720s infant_object, "
        f"{TWO_PARTS}"
    )
    listed = pairs_in_order(events, windows, ENGAGEMENT, "infant")

    assert list(zip(listed["given_s"], listed["target_s"], strict=True)) == [(0.0, 100.0), (420.0, 430.0)]
    assert len(listed) == look("transitions", events, windows, ENGAGEMENT, whose="infant")["n"]


def test_no_turn_runs_across_a_break_however_short():
    # 2 s after the child the grown-up speaks: a turn, unless the watching paused in between
    sounds = "298-299s vocalise, 301-302s speech"
    whole = show("turns", *seen(f"{sounds}, 0s start, 600s end"), ENGAGEMENT, actor=BOTH)
    broken = show(
        "turns", *seen(f"{sounds}, 0s start, 300s end, 300.5s start, 600s end"), ENGAGEMENT, actor=BOTH
    )

    assert (whole["n_turns"], broken["n_turns"]) == (1, 0)
    assert broken["n_utterances"] == 2 and broken["observed_s"] == 599.5


def test_the_grid_leaves_the_break_out_and_the_way_stops_at_it():
    events, windows = seen(f"0-720s infant_playful, 0-720s caregiver_playful, {TWO_PARTS}")
    grid = look("state_space", events, windows, ENGAGEMENT)
    way = path(events, windows, ENGAGEMENT)

    assert grid["coded_s"] == 600.0 and grid["n_visits"] == 2 and grid["n_transitions"] == 0
    assert list(zip(way["start_s"], way["end_s"], strict=True)) == [(0.0, 300.0), (420.0, 720.0)]


def test_synchrony_takes_each_part_by_itself():
    played = ", ".join(
        f"{at}-{at + 10}s infant_{'playful' if at // 10 % 2 else 'object'}, "
        f"{at}-{at + 10}s caregiver_{'playful' if at // 10 % 3 else 'object'}"
        for at in [*range(0, 200, 10), *range(420, 620, 10)]
    )
    parts = look("synchrony", *seen(f"{played}, 0s start, 200s end, 420s start, 620s end"), ENGAGEMENT)
    short = look("synchrony", *seen(f"{played}, 0s start, 170s end, 450s start, 620s end"), ENGAGEMENT)

    assert parts["longest_s"] == 200.0 and parts["n_bins"] == 2 * (200 - 5)  # 5 points of each are used up
    assert parts["missing_share"] == 0 and parts["gate"] is None
    assert short["longest_s"] == 170.0 and "0.167 more minutes without a break" in short["gate"]


@given(st.integers(0, 40), st.lists(st.sampled_from(["vocalise", "speech"]), min_size=2, max_size=12))
def test_two_parts_have_as_many_turns_as_two_sessions(gap, sounds):
    """A break splits a session as a second session would, however long it lasts."""
    first = ", ".join(f"{2 * i}-{2 * i + 1}s {code}" for i, code in enumerate(sounds))
    later = ", ".join(f"{101 + gap + 2 * i}-{102 + gap + 2 * i}s {c}" for i, c in enumerate(sounds))
    parts = seen(f"{first}, {later}, 0s start, 100s end, {101 + gap}s start, 200s end")
    one = seen(f"{first}, 0s start, 100s end")

    turns = show("turns", *parts, ENGAGEMENT, actor=BOTH)["n_turns"]
    assert turns == 2 * show("turns", *one, ENGAGEMENT, actor=BOTH)["n_turns"]
