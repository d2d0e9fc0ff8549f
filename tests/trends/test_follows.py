"""What came after each cue: every cue in one column, and shares that do not favour answers."""

import pytest

from caregiving.trends.follows import NO_ANSWER, PASSED, THERE, UNSEEN, what_follows
from sample_data.make import STEADY
from tests.trends.invented import family, told

NOON = "2026-03-02T12:00:00+01:00"


def after(text):
    return what_follows(told((NOON, text)))


def test_each_cue_stands_in_the_column_of_what_came():
    found = after(
        "0s start, 10s cry, 20s pick_up, 300s cry, 310s soothe, 600s cry, 700s settled,"
        "1000s cry, 1500-1800s in_arms, 1600s cry, 2000s cry, 2100s end"
    )

    cry = found.counts.loc["cry"]
    assert cry[cry > 0].to_dict() == {"pick_up": 1, "soothe": 1, PASSED: 1, NO_ANSWER: 1, THERE: 1, UNSEEN: 1}
    assert found.n["cry"] == 5


def test_a_tap_that_no_answer_came_counts_as_no_answer_though_the_watching_ended_early():
    found = after("0s start, 10s cry, 60s none, 90s end")

    assert (found.counts.loc["cry", NO_ANSWER], found.counts.loc["cry", UNSEEN]) == (1, 0)


def test_a_cue_lost_from_view_counts_as_unknown_and_does_not_favour_answers():
    # Four cries are followed to the end, two of them answered; two more are lost after 100 s.
    sittings = [(f"2026-03-0{n}T12:00:00+01:00", "0s start, 10s cry, 30s pick_up, 600s end") for n in (1, 2)]
    sittings += [(f"2026-03-0{n}T12:00:00+01:00", "0s start, 10s cry, 600s end") for n in (3, 4)]
    sittings += [(f"2026-03-0{n}T12:00:00+01:00", "0s start, 10s cry, 110s end") for n in (5, 6)]

    found = what_follows(told(*sittings))

    # At 20 s all six waited and two were answered: 2/6, and not the 2/4 of those whose end is known.
    assert found.shares.loc["cry", "pick_up"] == pytest.approx(2 / 6)
    assert found.shares.loc["cry", NO_ANSWER] == pytest.approx(1 - 2 / 6)


def test_a_row_with_four_cues_is_withheld_and_says_how_many_more_it_needs():
    found = after("0s start, 10s cry, 20s talk, 300s cry, 600s cry, 900s cry, 1200s end")

    assert found.shares.loc["cry"].isna().all()
    assert (found.n["cry"], found.lacking["cry"]) == (4, 1)


def test_shares_are_not_told_when_everything_was_lost_from_view_too_early():
    text = "0s start, 10s cry, 100s end"

    found = what_follows(told(*((f"2026-03-0{n}T12:00:00+01:00", text) for n in range(1, 7))))

    assert (found.lacking["cry"], found.shares.loc["cry"].isna().all()) == (0, True)


def test_every_cue_is_counted_once_and_shares_add_up_to_one():
    report = family(STEADY, 28)

    found = what_follows(report)

    assert found.counts.to_numpy().sum() == len(report.episodes)
    assert found.shares.sum(axis=1).to_numpy() == pytest.approx(1)


def test_the_invented_family_s_true_share_of_answers_is_found_again():
    found = what_follows(family(STEADY, 365)).shares

    for code in ("cry", "reach", "smile"):
        truth = STEADY.of(code)
        assert 1 - found.loc[code, NO_ANSWER] - found.loc[code, PASSED] == pytest.approx(
            truth.within(truth.window_s), abs=0.04
        )


def test_nothing_seen_is_an_empty_table():
    found = after("0s start, 600s end")

    assert (len(found.counts), len(found.shares), len(found.n)) == (0, 0, 0)
