"""Synchrony: who follows whom, by how much, and whether chance would do it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.tsa.ar_model import AutoReg
from statsmodels.tsa.stattools import ccf

from caregiving.sequences import show
from caregiving.sequences._coupling import coupling, cross_correlation, whitened
from tests.sequences.strings import table, watched


def on_and_off(who: str, seed: int, delay: float = 0.0, until: float = 400.0):
    """Return states of random length that come and go, some time after where they would have been."""
    rng = np.random.default_rng(seed)
    edges = np.cumsum(rng.integers(2, 9, size=300))
    edges = edges[edges < until]
    return [(who, "smile", a + delay, b + delay) for a, b in zip(edges[::2], edges[1::2], strict=False)]


def test_the_second_follows_the_first_by_three_seconds():
    events = table(*on_and_off("a", seed=1), *on_and_off("b", seed=1, delay=3))
    found = show("synchrony", events, watched(0, 410))

    assert (found["lag_s"], found["leader"]) == (3, "a")
    assert found["peak_r"] > 0.9
    assert found["p"] == 1 / 1000
    assert found["gate"] is None


def test_swapping_the_two_turns_the_lag_round():
    events = table(*on_and_off("a", seed=1), *on_and_off("b", seed=1, delay=3))
    found = show("synchrony", events, watched(0, 410), actor=["b", "a"])

    assert (found["lag_s"], found["leader"]) == (-3, "a")


def test_two_who_have_nothing_to_do_with_each_other_are_within_the_band():
    events = table(*on_and_off("a", seed=1), *on_and_off("b", seed=2))
    found = show("synchrony", events, watched(0, 410))

    assert found["p"] > 0.05
    assert abs(found["peak_r"]) < found["band"]


def test_the_same_seed_gives_the_same_p():
    events = table(*on_and_off("a", seed=1), *on_and_off("b", seed=2))

    assert show("synchrony", events, seed=5)["p"] == show("synchrony", events, seed=5)["p"]


def test_under_three_minutes_there_is_no_figure_but_a_sentence():
    found = show("synchrony", table(("a", "smile", 0, 5), ("b", "smile", 2, 7)), watched(0, 120))

    assert (found["peak_r"], found["n_bins"]) == (None, 0)
    assert found["gate"] == "not enough data: needs 1 more minute without a break (2 of 3)"


def test_a_state_that_never_changes_has_no_correlation():
    found = show("synchrony", table(("a", "smile", 0, 300), ("b", "smile", 2, 7)), watched(0, 300))

    assert found["peak_r"] is None
    assert found["gate"] == "not enough data: one of the two series never changes"


def test_more_than_a_tenth_missing_is_refused():
    mood = {"sad": -1, "glad": 1}
    states = [
        (who, code, a, a + 3)
        for who in "ab"
        for a, code in zip(range(0, 400, 4), ["sad", "glad"] * 50, strict=True)
    ]
    found = show("synchrony", table(*states), watched(0, 400), valence=mood)

    assert found["missing_share"] == pytest.approx(0.25)
    assert found["gate"] == "not enough data: 25% of the time is missing, at most 10% may be"


def test_gaps_of_two_seconds_are_filled_and_longer_ones_split_the_series():
    def with_gap(length: int):
        events = table(*on_and_off("a", 1), *on_and_off("b", 2), ("a", "away", 200, 200 + length))
        return show(
            "synchrony", events.assign(code=events["code"]), watched(0, 400), given="smile", target="smile"
        )

    whole = with_gap(0)
    assert whole["longest_s"] == 400
    hidden = table(*on_and_off("a", 1), *on_and_off("b", 2))
    for gap, longest in ((2, 400), (3, 200)):
        found = show("synchrony", hidden, watched(0, 200, 200 + gap, 400))
        assert found["longest_s"] == (200 if gap else longest)


@given(st.integers(0, 1000))
def test_cross_correlation_is_that_of_statsmodels(seed: int):
    x, y = np.random.default_rng(seed).normal(size=(2, 60))
    x, y = x - x.mean(), y - y.mean()

    theirs = ccf(y, x, adjusted=False)[:11]  # theirs: x at t against y at t + k
    np.testing.assert_allclose(cross_correlation([x], [y], 10)[10:], theirs, atol=1e-9)


@pytest.mark.parametrize("order", [1, 2])
def test_what_is_left_after_the_own_past_is_that_of_an_autoregression_by_statsmodels(order: int):
    rng = np.random.default_rng(order)
    series = np.zeros(400)
    for t in range(2, 400):
        series[t] = 0.7 * series[t - 1] - (0.4 * series[t - 2] if order == 2 else 0) + rng.normal()
    left, chosen = whitened([series])
    theirs = AutoReg(series, chosen, hold_back=5).fit()

    assert chosen >= order
    np.testing.assert_allclose(left[0], theirs.resid, atol=1e-8)


def test_pieces_are_not_glued_together():
    x = np.random.default_rng(3).normal(size=100)
    apart = cross_correlation([x[:50], x[50:]], [x[:50], x[50:]], 1)

    assert apart[2] * (x @ x) == pytest.approx(x[:49] @ x[1:50] + x[50:99] @ x[51:])


@pytest.mark.slow
def test_two_strangers_are_found_in_step_in_about_one_of_twenty_cases():
    rng = np.random.default_rng(11)
    hits, runs = 0, 400
    for run in range(runs):
        lengths = rng.geometric(0.15, size=(2, 300))  # states that come and go, each second with 15 %
        x, y = (np.repeat(np.arange(300) % 2, each)[:300].astype(float) for each in lengths)
        hits += coupling([x], [y], shifts=199, seed=run).p <= 0.05

    assert 0.02 <= hits / runs <= 0.083  # 5 % and three standard errors of 400 runs
