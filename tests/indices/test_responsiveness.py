import numpy as np
import pytest

from caregiving.episodes import pair
from caregiving.frames import EPISODES, empty
from caregiving.indices._days import share_limits, wilson
from caregiving.indices.responsiveness import responsiveness
from caregiving.instruments import load
from tests.indices.small_log import by_measure, episodes, golden, one_class
from tests.timelines import story


def test_t15_wilson_intervals_are_those_of_newcombe():
    printed = {
        (81, 263): (0.2553, 0.3662),
        (15, 148): (0.0624, 0.1605),
        (0, 20): (0, 0.1611),
        (1, 29): (0.0061, 0.1718),
    }

    for counts, limits in printed.items():
        assert tuple(round(x, 4) for x in wilson(*counts)) == limits


def test_t22_shares_within_5_10_15_and_30_s_of_the_small_log():
    events, windows = golden()
    found = by_measure(responsiveness(pair(events, windows, one_class(60, 15)), one_class(60, 15)))

    assert [round(found[f"within_{w}s"].value, 4) for w in (5, 10, 15, 30)] == [0.30, 0.50, 0.625, 0.75]
    assert found["within_5s"].gate == "needs 10 more cues (10 of 20) and 2 more days (1 of 3)"


# Where everybody has been answered, the influence divides by the nobody who is left; the limits are Wilson's
# then.
nobody_left = pytest.mark.filterwarnings("ignore:(divide by zero|invalid value):RuntimeWarning")


@nobody_left
def test_a_cue_not_followed_to_the_end_is_unknown_and_not_missed():
    events, windows = story("0s cry, 4s pick_up, 100s cry, 110s pick_up, 200s cry, 207s end")
    found = by_measure(responsiveness(pair(events, windows, one_class(60)), one_class(60)))

    assert found["within_5s"].value == pytest.approx(1 / 3)
    assert (
        found["within_15s"].value == 1
    )  # the third was followed for 7 s; of those seen longer all were answered


@nobody_left
def test_a_cue_without_any_answer_changes_the_share_but_no_observed_latency():
    with_it = pair(*story("0s cry, 4s pick_up, 100s cry, 200s end"), one_class(60))
    without = pair(*story("0s cry, 4s pick_up, 200s end"), one_class(60))

    assert with_it["latency_s"].dropna().tolist() == without["latency_s"].dropna().tolist() == [4]
    assert by_measure(responsiveness(with_it, one_class(60)))["within_10s"].value == 1 / 2
    assert by_measure(responsiveness(without, one_class(60)))["within_10s"].value == 1 / 1


def test_the_limits_over_days_are_those_of_the_ratio_estimator():
    """Days 3/4, 1/4, 2/4: p = 1/2, e = 1, -1, 0 over 12, v = 3/2 (1 + 1) / 144, logit limits with t(2) =
    4.3027."""
    answered = [[1, 1, 1, 0], [1, 0, 0, 0], [1, 1, 0, 0]]
    rows = episodes(
        [
            {"day": f"d{d}", "answered": bool(a), "followed_s": 5.0 if a else 60.0}
            for d, day in enumerate(answered)
            for a in day
        ]
    )
    found = by_measure(responsiveness(rows, one_class()))["within_10s"]
    half = 4.302653 * (3 / 2 * 2 / 144) ** 0.5 / (1 / 2 * 1 / 2)

    assert found.value == 1 / 2
    assert (found.low, found.high) == pytest.approx(
        (1 / (1 + np.exp(half)), 1 / (1 + np.exp(-half))), rel=1e-6
    )


def test_nothing_seen_has_no_share_but_a_sentence():
    for one in responsiveness(empty(EPISODES), load("free_play")):
        assert np.isnan(one.value)
        assert one.gate == "needs 20 more cues (0 of 20) and 3 more days (0 of 3)"


@nobody_left
def test_everything_answered_is_a_share_of_one_with_wilson_limits():
    rows = episodes([{"day": f"d{i % 3}", "followed_s": float(1 + i % 5)} for i in range(21)])
    found = by_measure(responsiveness(rows, one_class()))["within_30s"]

    assert (found.value, found.gate) == (1.0, None)
    assert found.low == pytest.approx(wilson(21, 21)[0])


@pytest.mark.slow
def test_the_interval_covers_the_truth_in_93_to_97_of_100_logs_of_seven_days_that_differ():
    """Share .6, day-ICC .10, 7 days of 12 bouts, 2000 logs: the standard error of the coverage is half a
    point."""
    rng, runs, days, bouts, icc, truth = np.random.default_rng(7), 2000, 7, 12, 0.10, 0.6
    strength = (1 - icc) / icc
    answered = rng.binomial(bouts, rng.beta(truth * strength, (1 - truth) * strength, (runs, days)))
    cluster = np.repeat(np.arange(days), bouts)
    covered = 0
    for x in answered:
        share = x.sum() / (days * bouts)
        yes = (np.arange(bouts) < x[:, None]).ravel()
        low, high, _ = share_limits(share, (yes - share) / (days * bouts), cluster, days * bouts)
        covered += low <= truth <= high

    assert 0.93 <= covered / runs <= 0.97


@pytest.mark.slow
def test_the_interval_also_covers_when_half_the_silences_break_off_early():
    """Exponential waits with a share of .6 by 60 s, cues followed for 30 to 120 s, days that differ; 600
    logs."""
    rng, runs, days, bouts, truth = np.random.default_rng(11), 600, 7, 12, 0.6
    strength, covered = 9.0, 0
    for _ in range(runs):
        share = rng.beta(truth * strength, (1 - truth) * strength, days).repeat(bouts).clip(1e-6, 1 - 1e-6)
        wait = rng.exponential(60 / -np.log1p(-share))
        followed = rng.uniform(30, 120, days * bouts)
        rows = (
            episodes([{}])
            .iloc[np.zeros(days * bouts, int)]
            .assign(
                day=np.arange(days).repeat(bouts).astype(str),
                answered=wait <= followed,
                followed_s=np.minimum(wait, followed),
            )
        )
        found = by_measure(responsiveness(rows, one_class(60, within=(60,))))["within_60s"]
        covered += found.low <= truth <= found.high

    assert 0.93 <= covered / runs <= 0.97
