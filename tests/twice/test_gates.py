"""What an agreement allows: the weakest kappa decides, tallies are added up, and too little says nothing."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from caregiving.agreement.kappa import kappa
from caregiving.coded import coded_sessions
from caregiving.twice import pairs
from caregiving.twice.compare import Compared, compare
from caregiving.twice.drift import drift
from caregiving.twice.gates import Standing, gates, held, pooled, said, standing
from caregiving.words import speaking
from tests.twice.test_compare import Row, compared, lifelike
from tests.twice.test_together import log, window

DAY_MS = 24 * 3_600_000
SHIFT = [("infant_playful", "infant_watching"), ("infant_watching", "infant_playful")]


def test_among_letters_from_right_to_left_the_point_stays_before_the_digits():
    with speaking("ar"):
        assert said(0.78) == "\u200e.78"
    assert said(0.78) == ".78"


def test_the_worked_example_of_the_gate():
    # 40 s both A, 40 s both B, 10 s each way: p_o = .80, p_e = .25 + .25 = .50, kappa = .30 / .50 = .60
    one = kappa([[40, 10], [10, 40]], watched_s=100)
    three = kappa(pooled([(["a", "b"], np.array([[40, 10], [10, 40]]))] * 3), watched_s=300)

    assert one.value == pytest.approx(0.30 / 0.50) and one.standing == "too little"
    assert three.value == pytest.approx(0.60) and three.standing == "show"


def test_tallies_are_added_up_and_kappas_are_not_averaged():
    # One session alike (kappa 1), one at chance (kappa 0): the sum is 75 of 100 alike, p_e .50, kappa .50.
    alike, chance = np.array([[25, 0], [0, 25]]), np.array([[12.5, 12.5], [12.5, 12.5]])
    both = kappa(pooled([(["a", "b"], alike), (["a", "b"], chance)]))
    # Twice as long alike: 125 of 150, kappa (.8333 - .5) / .5 = .67, not the mean of 1 and 0.
    longer = kappa(pooled([(["a", "b"], 2 * alike), (["b", "a"], chance)]))

    assert both.value == pytest.approx((0.75 - 0.5) / 0.5)
    assert longer.value == pytest.approx((125 / 150 - 0.5) / 0.5)


def test_the_weakest_of_the_kappas_decides():
    # In time the two agree well; but of the child's smiles Ines missed two in three.
    states = [(at, at + 20.0, SHIFT[place % 2][0]) for place, at in enumerate(range(0, 600, 20))]
    smiles: list[Row] = [(at + 5.0, None, "smile") for at in range(0, 600, 10)]
    one = compared([*states, *smiles], [*states, *smiles[::3]])
    every = {(part.actor, part.how, part.direction): part.kappa.value for part in held([one])}
    found = standing("engagement.v1", [one], 1)

    assert set(every) == {
        ("infant", "time", "a to b"),
        ("infant", "time", "b to a"),
        ("infant", "events", ""),
    }
    assert found.weakest is not None and found.weakest.how == "events"
    assert found.value == min(every.values()) == every["infant", "events", ""]
    assert every["infant", "time", "a to b"] > 0.75 > 0.60 > found.value
    assert not found.show and not found.export


def test_both_directions_are_asked_since_they_differ():
    noor, ines = lifelike(180, 1 / 3, 600)
    one = compared(noor, ines)
    ways = {
        part.direction: part.kappa.value
        for part in held([one])
        if (part.actor, part.how) == ("infant", "time")
    }

    assert ways["a to b"] != ways["b to a"]


def test_too_few_moments_or_too_little_time_say_so_and_open_nothing():
    few: list[Row] = [(at, None, "smile") for at in range(0, 490, 10)]  # 49 moments, all alike but one
    enough: list[Row] = [(at, None, "smile") for at in range(0, 490, 9)]
    short = standing("engagement.v1", [compared(enough, enough, minutes=4)], 1)
    little = standing("engagement.v1", [compared([*few, (1, None, "reach")][:49], few[:48])], 1)

    assert short.too_little and little.too_little
    assert not short.show and not little.show
    assert "in 1 session, which is too little to tell" in little.sentence


def test_a_sentence_says_what_is_there_and_what_is_needed():
    once = Standing("engagement.v1", n_sessions=3)
    low = Standing("engagement.v1", 0.48, 0.40, 0.56, n_pairs=1, n_twice=1, n_sessions=3, too_little=False)
    high = replace(low, value=0.74, n_pairs=2, n_twice=2)

    assert once.sentence == "no session was coded by two observers yet"
    assert low.sentence == "two observers agreed with kappa .48 in 1 session; .60 is needed"
    assert high.sentence == "two observers agreed with kappa .74 in 2 sessions"
    assert (low.show, high.show, high.export, replace(high, value=0.75).export) == (False, True, False, True)
    assert low.share == pytest.approx(1 / 3)


def test_rounding_lifts_no_kappa_over_a_gate():
    assert said(0.5951) == ".595" and said(0.7499) == ".749"
    assert said(0.6049) == ".60" and said(float("nan")) == "–"
    low = Standing("x", 0.5999, n_pairs=1, n_twice=1, n_sessions=1, too_little=False)
    assert low.sentence == "two observers agreed with kappa .599 in 1 session; .60 is needed"


def at_days(*days: int, miss: float = 0.0) -> tuple[list[Compared], list[object]]:
    """Sessions on some days, each coded twice: what was compared, and all sessions."""
    moments, windows = [], []
    for number, day in enumerate(days):
        noor, ines = lifelike(180, miss, 600, seed=number + 1)
        shift = {"a": day * DAY_MS, "b": day * DAY_MS}
        for side, rows, author in (("a", noor, "noor"), ("b", ines, "ines")):
            name = f"{side}{number}"
            coded = log(*rows, window=name, author=author)
            moments.append(
                coded.assign(
                    onset_ms=coded["onset_ms"] + shift[side], offset_ms=coded["offset_ms"] + shift[side]
                )
            )
            watched = window(name, author=author)
            windows.append(
                watched.assign(
                    started_ms=watched["started_ms"] + shift[side], ended_ms=watched["ended_ms"] + shift[side]
                )
            )
    log_, watched = pd.concat(moments, ignore_index=True), pd.concat(windows, ignore_index=True)
    sessions = coded_sessions(log_, watched)
    return [compare(one, log_, watched) for one in pairs(sessions)], list(sessions)


def test_the_gates_count_which_sessions_were_coded_twice():
    done, sessions = at_days(0, 3)
    found = gates(done[:1], sessions)["engagement.v1"]  # type: ignore[arg-type]

    assert (found.n_pairs, found.n_twice, found.n_sessions, found.share) == (1, 1, 2, 0.5)
    assert found.observers == {"noor", "ines"}
    assert found.show


def test_an_instrument_that_nobody_coded_twice_has_a_standing_that_opens_nothing():
    found = gates([], at_days(0)[1])["engagement.v1"]  # type: ignore[arg-type]

    assert (found.n_pairs, found.n_sessions, found.show, found.export) == (0, 1, False, False)


def test_drift_follows_two_observers_by_session_and_by_month():
    done, _sessions = at_days(0, 3, 40)  # 1 and 4 March, 10 April
    (course,) = drift(done)

    assert course.observers == ("ines", "noor")
    assert [dot.when for dot in course.sessions] == ["2026-03-01", "2026-03-04", "2026-04-10"]
    assert [(dot.when, dot.standing.n_pairs) for dot in course.months] == [("2026-03", 2), ("2026-04", 1)]
    assert course.lacking == 0
    march = standing("engagement.v1", [one for one in done if one.twice.first.day < "2026-04"], 2)
    assert course.months[0].standing.value == march.value


def test_one_month_is_no_course_yet():
    (course,) = drift(at_days(0, 3)[0])

    assert course.lacking == 1 and drift([]) == []
