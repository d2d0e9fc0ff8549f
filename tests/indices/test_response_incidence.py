import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caregiving.episodes import pair
from caregiving.frames import EPISODES, empty
from caregiving.indices._competing import ANSWERED, SETTLED, incidence
from caregiving.indices._survival import curve, influence
from caregiving.indices.response_incidence import response_incidence
from caregiving.indices.responsiveness import responsiveness
from caregiving.instruments import load
from tests.indices.small_log import by_measure, episodes, one_class
from tests.timelines import story


def test_answers_and_settling_share_what_is_still_waiting():
    """Answered at 5, settled at 10, broken off at 12, answered at 20:
    answered = 1/4 + (3/4)(2/3)(1/1), settled = (3/4)(1/3), and they add up to one.
    """
    wait, end = [5, 10, 12, 20], [1, 2, 0, 1]

    assert incidence(wait, end, ANSWERED, 20).share == pytest.approx(1 / 4 + 3 / 4 * 2 / 3)
    assert incidence(wait, end, SETTLED, 20).share == pytest.approx(3 / 4 * 1 / 3)
    assert incidence(wait, end, ANSWERED, 19.9).share == pytest.approx(1 / 4)


def test_kaplan_meier_would_overstate_the_share_answered():
    wait, end = np.array([5, 10, 12, 20]), np.array([1, 2, 2, 1])

    assert incidence(wait, end, ANSWERED, 20).share == 2 / 4
    assert 1 - curve(wait, end == ANSWERED).waiting(20) == 1


ROWS = st.lists(st.tuples(st.integers(0, 9), st.sampled_from([0, 1, 2])), min_size=1, max_size=25)


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=2, max_size=25), st.integers(0, 9))
def test_when_nothing_settles_alone_it_is_one_minus_kaplan_meier(rows, t):
    wait, answered = np.array([w for w, _ in rows], float), np.array([a for _, a in rows])
    found = incidence(wait, answered.astype(int), ANSWERED, t)
    left = curve(wait, answered).waiting(t)

    assert found.share == pytest.approx(1 - left)
    if left > 1e-12:
        assert found.influence == pytest.approx(-influence(wait, answered, t), abs=1e-12)


@given(ROWS, st.integers(0, 9))
def test_answered_settled_and_still_waiting_make_one(rows, t):
    wait, end = (np.array(column) for column in zip(*rows, strict=True))
    shares = [incidence(wait, end, kind, t).share for kind in (ANSWERED, SETTLED)]

    assert sum(shares) + curve(wait, end > 0).waiting(t) == pytest.approx(1)


@given(ROWS, st.integers(0, 9))
def test_the_influence_is_what_a_little_more_weight_moves(rows, t):
    wait, end = (np.array(column) for column in zip(*rows, strict=True))
    once = incidence(wait, end, ANSWERED, t)
    for i in (0, len(wait) - 1):
        moved = []
        for copies in (1000, 1001):  # every cue a thousand times, one of them once more
            times = np.full(len(wait), 1000)
            times[i] = copies
            moved.append(incidence(wait.repeat(times), end.repeat(times), ANSWERED, t).share)
        assert 1000 * (moved[1] - moved[0]) == pytest.approx(once.influence[i], abs=2e-3)
    assert once.influence.sum() == pytest.approx(0, abs=1e-9)


def test_a_story_with_every_kind_of_end():
    """Five cries: answered after 10 s, settled after 20 s, silence nobody confirmed, "no answer", held
    already."""
    events, windows = story(
        "0s start, 0s cry, 10s pick_up, 200s cry, 220s settled, 400s cry, 600s cry, 640s none, "
        "790-900s in_arms, 800s cry, 1000s end"
    )
    instrument = one_class(60, within=(15, 60))
    found = by_measure(response_incidence(pair(events, windows, instrument), instrument))

    assert found["answered_within_15s"].value == 1 / 4
    assert found["answered_within_15s_confirmed"].value == pytest.approx(1 / 3)
    assert found["self_settled"].value == pytest.approx(1 / 4)
    assert found["unconfirmed_silence"].value == 1 / 4
    assert found["already_engaged"].value == 1 / 5
    assert (
        found["already_engaged"].n,
        found["self_settled"].n,
        found["answered_within_60s_confirmed"].n,
    ) == (5, 4, 3)


def many(days: int = 4, per_day: int = 6, **fields):
    return episodes(
        [{"day": f"d{d}", "followed_s": float(5 + k), **fields} for d in range(days) for k in range(per_day)]
    )


def test_where_nothing_settles_it_says_what_responsiveness_says():
    rows = many()
    rows = pd.concat([rows, many(answered=False).assign(followed_s=60.0)], ignore_index=True)
    instrument = one_class(60, within=(8, 30))
    here, there = (
        by_measure(response_incidence(rows, instrument)),
        by_measure(responsiveness(rows, instrument)),
    )

    for target in (8, 30):
        one, other = here[f"answered_within_{target}s"], there[f"within_{target}s"]
        assert (one.value, one.low, one.high) == pytest.approx((other.value, other.low, other.high))


def test_twenty_cues_on_three_days_are_enough():
    found = by_measure(response_incidence(many(4, 5), one_class(60, within=(8,))))

    assert {one.gate for one in found.values()} == {None}
    assert found["answered_within_8s"].value == 4 / 5  # waits of 5, 6, 7, 8 and 9 s
    assert found["self_settled"].value == 0
    assert found["self_settled"].high == pytest.approx(0.1611, abs=5e-5)  # Wilson's interval for 0 of 20


def test_a_target_beyond_all_following_is_unknown():
    rows = many(4, 5, answered=False).assign(followed_s=20.0)
    found = by_measure(response_incidence(rows, one_class(60, within=(15, 60))))

    assert found["answered_within_15s"].value == 0
    assert np.isnan(found["answered_within_60s"].value)
    assert found["answered_within_60s"].gate == "no cue was followed for the whole 60 s"


def test_the_order_of_rows_changes_nothing():
    rows = many(4, 5)

    assert pd.DataFrame(response_incidence(rows, one_class(60))).equals(
        pd.DataFrame(response_incidence(rows[::-1], one_class(60)))
    )


def test_nothing_seen_has_no_share_but_a_sentence():
    for one in response_incidence(empty(EPISODES), load("home_moments")):
        assert np.isnan(one.value)
        assert (one.n, one.gate) == (0, "needs 20 more cues (0 of 20) and 3 more days (0 of 3)")
