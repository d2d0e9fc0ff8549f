"""The months of pairs of observers over families: tallies are added up, and no observer is graded."""

from functools import partial

import pandas as pd
import pytest

from caregiving.coded import coded_sessions
from caregiving.twice import pairs
from caregiving.twice.compare import Compared, compare
from caregiving.twice.drift import Change, Course, Dot, Scatter, drift, shared, tallied
from caregiving.twice.gates import Standing
from tests.test_coded import START_MS, log
from tests.test_coded import window as any_window

window = partial(any_window, from_recording=False)
BLOCK_S = 20
STATES = ("infant_playful", "infant_watching")
DAY_MS = 24 * 3_600_000
MAY, JUNE, JULY = 61, 92, 122  # days after 1 March: 1 May, 1 June, 1 July


def blocks(minutes: int, wrong: int = 0) -> list[tuple[float, float, str]]:
    """Playing and watching in turns of 20 s; every third block, so many of them, is named the other way.

    Beside a block that is wrong stand two that are right, so the wrong code is all around it: within 2 s
    there is nothing of the right one, and as many seconds are wrong as in all of the block.
    """
    assert wrong <= minutes and wrong % 2 == 0
    return [
        (at * BLOCK_S, (at + 1) * BLOCK_S, STATES[(at + (at % 3 == 0 and at // 3 < wrong)) % 2])
        for at in range(minutes * 3)
    ]


def twice_coded(
    day: int, minutes: int, wrong: int, child: str = "juno", by: tuple[str, str] = ("noor", "ines")
) -> Compared:
    """One session with a child, so many days after 1 March: the second observer has some blocks wrong."""
    logs, windows = [], []
    for name, author, rows in (("a", by[0], blocks(minutes)), ("b", by[1], blocks(minutes, wrong))):
        part = f"{name} {child} {day}"
        start = START_MS + day * DAY_MS
        coded = log(*rows, window=part, author=author, child=child)
        logs.append(coded.assign(**{edge: coded[edge] + day * DAY_MS for edge in ("onset_ms", "offset_ms")}))
        windows.append(
            window(
                part, minutes, author=author, child=child, started_ms=start,
                ended_ms=start + minutes * 60_000,
            )
        )  # fmt: skip
    moments, watched = (pd.concat(each, ignore_index=True) for each in (logs, windows))
    (found,) = pairs(coded_sessions(moments, watched))
    return compare(found, moments, watched)


def month(course: Course, name: str) -> Dot:
    return next(dot for dot in course.months if dot.when == name)


def test_the_tallies_of_two_families_are_added_up_and_their_kappas_are_not_averaged():
    # Juno: 20 min, 60 blocks, all alike: kappa 1. Ilo: 10 min, 30 blocks, 6 wrong: (24/30 - .5) / .5 = .60.
    # Together 84 of 90 blocks are alike; half of them are playing for either observer, so p_e is .50.
    juno, ilo = twice_coded(MAY, 20, 0), twice_coded(MAY + 3, 10, 6, "ilo")
    (course,) = drift([juno, ilo])
    (may,) = course.months

    assert may.standing.value == pytest.approx((84 / 90 - 0.5) / 0.5)
    assert may.standing.value != pytest.approx((1 + 0.60) / 2)
    assert (may.when, may.standing.n_twice, may.children) == ("2026-05", 2, {"juno", "ilo"})


def test_two_families_make_a_month_that_neither_could_make_alone():
    # 30 blocks each are too few moments (50 are needed), 60 are enough.
    one, other = twice_coded(MAY, 10, 2), twice_coded(MAY + 1, 10, 4, "ilo")

    assert not drift([one])[0].months[0].told and not drift([other])[0].months[0].told
    (course,) = drift([one, other])
    assert course.months[0].told
    assert course.months[0].standing.value == pytest.approx((54 / 60 - 0.5) / 0.5)
    assert not any(dot.told for dot in course.sessions)


def test_the_last_month_is_held_against_the_one_before_and_against_the_first():
    # May 60 of 60, June 80 of 90, July 60 of 90 alike: kappa 1, .78 and .33.
    done = [twice_coded(MAY, 20, 0)]
    done += [twice_coded(JUNE, 20, 6), twice_coded(JUNE + 1, 10, 4, "ilo")]
    done += [twice_coded(JULY, 20, 20), twice_coded(JULY + 1, 10, 10, "ilo")]
    (course,) = drift(done)
    before, first = course.changes

    assert (before.before.when, before.after.when, before.way) == ("2026-06", "2026-07", "less")
    assert (first.before.when, first.after.when, first.way) == ("2026-05", "2026-07", "less")
    assert before.before.standing.value == pytest.approx((80 / 90 - 0.5) / 0.5)
    assert before.after.standing.value == pytest.approx((60 / 90 - 0.5) / 0.5)


def test_less_and_more_are_said_only_where_limits_do_not_meet_and_single_sessions_do_not_explain_it():
    def dot(when: str, low: float, value: float, high: float) -> Dot:
        return Dot(when, Standing("engagement.v1", value, low, high, n_pairs=2, too_little=False))

    may, june = dot("2026-05", 0.6, 0.7, 0.8), dot("2026-06", 0.4, 0.5, 0.6)
    july = dot("2026-07", 0.39, 0.49, 0.599)
    # t(.975, 4) = 2.776, two sessions in either month: 2.776 x sd x sqrt(1/2 + 1/2); .70 - .49 = .21
    near, wide = Scatter(0.07, 4), Scatter(0.08, 4)

    assert near.room(2, 2) == pytest.approx(2.776 * 0.07, abs=0.001) and near.room(2, 2) < 0.21
    assert Change(may, june, near).way == "limits meet"  # at .60
    assert Change(may, july, near).way == "less" and Change(july, may, near).way == "more"
    assert Change(may, july, wide).way == "sessions differ"
    assert Change(may, july).way == "single sessions"
    assert not Change(may, july).alike  # nobody knows which kappas these are


def test_the_scatter_is_that_of_sessions_around_their_own_month():
    # May: kappa 1 and .60 around .80; July: .60 and .333 around .467. Four sessions, two months.
    done = [twice_coded(MAY, 20, 0), twice_coded(MAY + 1, 10, 6, "ilo")]
    done += [twice_coded(JULY, 10, 6), twice_coded(JULY + 1, 20, 20, "ilo")]
    (course,) = drift(done)
    squares = 2 * ((1 - 0.60) / 2) ** 2 + 2 * ((0.60 - 1 / 3) / 2) ** 2

    assert course.scatter.freedom == 4 - 2
    assert course.scatter.sd == pytest.approx((squares / 2) ** 0.5)
    assert [change.way for change in course.changes] == ["sessions differ"]


def test_with_one_session_a_month_no_change_is_claimed_however_far_apart_they_are():
    (course,) = drift([twice_coded(MAY, 20, 0), twice_coded(JULY, 20, 20)])
    (change,) = course.changes

    assert (change.before.standing.value, change.after.standing.value) == pytest.approx((1, 1 / 3))
    assert change.way == "single sessions" and course.scatter.freedom == 0


def test_a_month_with_too_little_stands_between_two_others_and_is_no_nought():
    (course,) = drift([twice_coded(MAY, 20, 0), twice_coded(JUNE, 4, 2), twice_coded(JULY, 20, 0)])

    assert [dot.told for dot in course.months] == [True, False, True]
    assert month(course, "2026-06").standing.show is False
    (change,) = course.changes  # held against May, which is the first month as well
    assert change.before.when == "2026-05" and change.way == "limits meet"


def test_one_month_with_enough_has_no_change_yet():
    (course,) = drift([twice_coded(MAY, 20, 0), twice_coded(JUNE, 4, 0)])

    assert course.lacking == 1 and course.changes == ()


def test_with_three_observers_each_has_the_courses_of_the_pairs_they_are_in():
    done = [
        twice_coded(day, 20, 0, by=by)
        for by in (("noor", "ines"), ("noor", "ulla"), ("ines", "ulla"))
        for day in (MAY, JULY)
    ]
    pairs_of = {
        name: [one.observers for one in courses]
        for name, courses in shared(drift(done)).items()
    }  # fmt: skip

    assert pairs_of["noor"] == [("ines", "noor"), ("noor", "ulla")]
    assert pairs_of["ines"] == [("ines", "noor"), ("ines", "ulla")]
    assert pairs_of["ulla"] == [("ines", "ulla"), ("noor", "ulla")]


def test_two_observers_have_no_pair_in_common_nor_has_one_that_is_in_a_pair_of_one_month():
    two = [twice_coded(day, 20, 0) for day in (MAY, JULY)]
    once = twice_coded(MAY + 1, 20, 0, by=("noor", "ulla"))

    assert shared(drift(two)) == {}
    assert shared(drift([*two, once])) == {}


def test_what_is_kept_of_a_comparison_gives_the_same_courses_and_holds_no_moment():
    done = [twice_coded(MAY, 20, 4), twice_coded(JULY, 20, 10, "ilo")]
    kept = [tallied(one) for one in done]

    assert drift(kept) == drift(done)
    for one in kept:
        both = one.together
        assert both.first.empty and both.second.empty and both.windows.empty and one.steps.empty
        assert all(len(found.paired[0]) == 0 for found in one.by_event.values())
    assert not done[0].together.first.empty  # what was compared is left as it was
