"""Two caregivers side by side: a difference with its limits, and in the open what it is a difference of."""

import pandas as pd
import pytest

from caregiving.frames import EVENTS, WINDOWS, conform, empty
from caregiving.instruments import load
from caregiving.report import Report
from caregiving.trends.between import ONLY_ANSWERED, between_caregivers
from sample_data.make import STEADY
from tests.indices.small_log import episodes
from tests.trends.invented import family


def shared(rows: list[tuple[str, str | None, float, bool]], named: bool = False, days: int = 7) -> Report:
    """A report in which each row (sitting of, answered by, wait s, answered) comes on so many days."""
    cues, windows = [], []
    for n in range(days):
        for number, (of, by, wait, answered) in enumerate(rows):
            session, day = f"d{n}r{number}", f"2026-03-{n + 1:02d}"
            windows.append((session, 0.0, 600.0, of if named else None, day))
            cues.append(
                {
                    "session": session, "day": day, "responder": by, "followed_s": wait, "answered": answered,
                    "latency_s": wait if answered else None,
                }
            )  # fmt: skip
    seen = pd.DataFrame(windows, columns=["session", "start_s", "end_s", "caregiver", "day"])
    return Report(load("home_moments"), empty(EVENTS), conform(seen, WINDOWS), episodes(cues), ())


ROWS = [
    *[("ada", "ada", 10.0, True)] * 3,
    ("ada", None, 180.0, False),
    *[("ravi", "ravi", 20.0, True)] * 4,
]


def distress(found):
    return next(one for one in found if one.cue_class == "distress")


def test_without_a_name_for_the_sitting_only_answers_are_compared_and_that_is_said():
    one = distress(between_caregivers(shared(ROWS)))

    assert (one.first, one.second, one.basis) == ("ada", "ravi", "answered")
    assert (one.first_s, one.second_s, one.difference_s) == (10, 20, 10 - 20)
    assert (one.n_first, one.n_second) == (7 * 3, 7 * 4)
    assert one.method.startswith(ONLY_ANSWERED)


def test_where_windows_name_who_was_there_cues_that_nobody_answered_count_as_well():
    one = distress(between_caregivers(shared(ROWS, named=True)))

    assert one.basis == "watched"
    assert (one.first_s, one.second_s) == (pytest.approx((3 * 10 + 180) / 4), 20)
    assert (one.n_first, one.n_second) == (7 * 4, 7 * 4)


def test_an_answer_by_the_other_one_still_ends_the_wait_in_that_sitting():
    rows = [*[("ada", "ravi", 10.0, True)] * 3, *[("ravi", "ravi", 20.0, True)] * 3]

    one = distress(between_caregivers(shared(rows, named=True)))

    assert (one.first_s, one.second_s) == (10, 20)


def test_too_few_days_are_told_as_what_is_lacking_and_no_figure_slips_out():
    one = distress(between_caregivers(shared([row for row in ROWS for _ in range(4)], days=2)))

    assert one.gate == "needs 1 more day in each group (2 of 3)"
    assert all(v != v for v in (one.first_s, one.second_s, one.difference_s, one.low_s, one.p_adjusted))


def test_one_caregiver_alone_is_compared_with_nobody():
    assert between_caregivers(shared([("ada", "ada", 10.0, True)] * 4)) == []


def test_three_caregivers_make_three_pairs_in_the_order_of_their_names():
    rows = [(who, who, 10.0, True) for who in ("ravi", "ada", "noor")]

    pairs = {(one.first, one.second) for one in between_caregivers(shared(rows))}

    assert pairs == {("ada", "noor"), ("ada", "ravi"), ("noor", "ravi")}


def test_a_cue_that_came_while_somebody_was_already_there_is_left_out():
    report = shared(ROWS)
    there = report.episodes.assign(already_engaged=report.episodes["responder"] == "ada")

    found = between_caregivers(Report(report.instrument, report.events, report.windows, there, ()))

    assert found == []


def test_an_invented_household_whose_two_answer_alike_has_limits_that_hold_zero():
    named, unnamed = family(STEADY, 28, with_whom=True), family(STEADY, 28)

    for one in (distress(between_caregivers(named)), distress(between_caregivers(unnamed))):
        assert one.gate is None
        assert one.low_s < 0 < one.high_s
    assert {one.basis for one in between_caregivers(named)} == {"watched"}
