"""Invented families have a known truth; the analysis finds it again."""

import pandas as pd
import pytest

from caregiving.frames import EVENTS, WINDOWS, conform
from caregiving.instruments import load
from caregiving.report import analyse
from sample_data.make import STEADY, SWINGING, Truth, sittings

HOME = load("home_moments")


def coded(truth: Truth, days: int, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The frames of an invented family."""
    events, windows = [], []
    for number, sitting in enumerate(sittings(truth, days, seed)):
        name = f"s{number}"
        events += [(name, m.actor, m.code, m.at_s, None) for m in sitting.moments]
        windows.append((name, 0.0, sitting.length_s, f"day{sitting.day:03d}"))
    frame = pd.DataFrame(events, columns=["session", "actor", "code", "onset_s", "offset_s"])
    return conform(frame, EVENTS), conform(
        pd.DataFrame(windows, columns=["session", "start_s", "end_s", "day"]), WINDOWS
    )


def test_the_same_seed_invents_the_same_family():
    assert list(sittings(STEADY, 3, seed=5)) == list(sittings(STEADY, 3, seed=5))
    assert list(sittings(STEADY, 3, seed=5)) != list(sittings(STEADY, 3, seed=6))


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_analysis_finds_the_truth_of_a_year(seed):
    report = analyse(*coded(STEADY, 365, seed), HOME, names=["responsiveness"])

    for code, seconds in (("cry", 30), ("cry", 180), ("fuss", 15), ("fuss", 60)):
        one = report.find("responsiveness", f"within_{seconds}s", f"distress/{code}")
        assert one is not None and one.gate is None
        assert abs(one.value - STEADY.of(code).within(seconds)) < 0.04
    reach = report.find("responsiveness", "within_15s", "request")
    assert reach is not None
    assert abs(reach.value - STEADY.of("reach").within(15)) < 0.03


@pytest.mark.slow
def test_the_truth_lies_inside_nearly_all_intervals_of_many_fortnights():
    inside, asked = 0, 0
    for seed in range(40):
        report = analyse(*coded(STEADY, 14, 100 + seed), HOME, names=["responsiveness"])
        for code, seconds in (("cry", 30), ("fuss", 60)):
            one = report.find("responsiveness", f"within_{seconds}s", f"distress/{code}")
            assert one is not None
            asked += 1
            inside += one.low <= STEADY.of(code).within(seconds) <= one.high
    assert (
        0.86 <= inside / asked <= 1.0
    )  # 80 intervals of 95 %: fewer than 69 inside has a chance below 1 in 1,000


def test_a_family_whose_days_swing_has_wider_intervals_at_about_the_same_rate():
    steady = analyse(*coded(STEADY, 28, 4), HOME, names=["responsiveness"]).find(
        "responsiveness", "within_180s", "distress"
    )
    swinging = analyse(*coded(SWINGING, 28, 4), HOME, names=["responsiveness"]).find(
        "responsiveness", "within_180s", "distress"
    )

    assert steady is not None and swinging is not None
    assert swinging.high - swinging.low > 1.5 * (steady.high - steady.low)
