"""Invented families have a known truth; the analysis finds it again."""

from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from caregiving.frames import EVENTS, WINDOWS, conform
from caregiving.instruments import load
from caregiving.report import analyse
from sample_data.household import household
from sample_data.make import STEADY, SWINGING, Truth, sittings, write_csv
from sample_data.recipes import RECIPES
from sample_data.year import WHOLE_DAYS, year

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


def test_the_fortnight_that_a_first_visitor_meets_stays_as_it_was():
    """Pictures, golden files and guides were made with it: 770 records with the same ids for good."""
    items = household(ends_on=date(2026, 3, 15)).items

    assert Counter(item["type"] for item in items) == {"event": 686, "window_start": 42, "window_end": 42}
    assert items[0]["id"] == "9868ac75-9236-59da-944a-772591a801d3"
    assert items[-1]["id"] == "2d1c336f-ba98-502f-99d5-1ecc85ce8e84"
    assert items[1]["code"] == "cry" and items[1]["onset_ms"] - items[0]["started_ms"] == 225_413


@pytest.mark.parametrize("days", [4, 14, 28, 365])
def test_off_days_lower_and_other_days_raise_the_chances_so_that_their_mean_stays(days: int):
    moved = SWINGING.swings(days, seed=3)

    assert len(moved) == days and sum(moved) == pytest.approx(0)
    assert sum(swing < 0 for swing in moved) == days // 4
    for how in SWINGING.answering:  # no chance is cut off at 0 or 1, which would move the mean
        assert all(0 < how.chance + swing < 1 for swing in moved)
    assert STEADY.swings(days, seed=3) == [0.0] * days


@pytest.mark.parametrize(("name", "truth"), [("steady", STEADY), ("swinging", SWINGING)])
def test_the_small_files_are_those_of_the_recipe(name: str, truth: Truth, tmp_path: Path):
    write_csv(truth, 14, 7, tmp_path, name)

    kept = Path(__file__).resolve().parent.parent / "sample_data"
    for file in (f"{name}_events.csv", f"{name}_windows.csv"):
        assert (tmp_path / file).read_bytes() == (kept / file).read_bytes()


def test_a_year_has_about_a_hundred_events_a_day_in_order_and_none_outside_its_sitting():
    recipe = RECIPES["year"]
    lived = list(recipe.lived(recipe.truth, recipe.days, 7))

    events = sum(len(sitting.moments) for sitting in lived)
    assert 36_000 < events < 37_500
    assert [(s.day, s.start_min) for s in lived] == sorted((s.day, s.start_min) for s in lived)
    for sitting in lived:
        if sitting.mode is not None:
            assert all(0 <= m.at_s <= sitting.length_s for m in sitting.moments)
            assert all(m.until_s is None or m.at_s < m.until_s <= sitting.length_s for m in sitting.moments)
    declared = [s for s in lived if s.mode is not None]
    for before, after in pairwise(declared):
        ends = before.day * 1440 + before.start_min + before.length_s / 60
        assert ends < after.day * 1440 + after.start_min, "two sittings that touch would be one"


def test_every_cry_of_a_whole_day_has_its_end():
    whole = [s for s in year(STEADY, 28, 7) if s.day in WHOLE_DAYS]

    assert [s.length_s for s in whole] == [86_400.0, 86_400.0]
    for sitting in whole:
        ordered = [m.code for m in sorted(sitting.moments, key=lambda m: m.at_s)]
        told = [code for code in ordered if code in ("cry", "fuss", "settled")]
        cries = [n for n, code in enumerate(told) if code != "settled"]
        assert len(cries) > 5
        assert all(told[n + 1] == "settled" for n in cries)
        assert {"asleep", "feeding", "in_arms"} <= set(ordered)


def test_slips_of_the_thumb_are_put_right_and_taps_that_were_none_are_taken_back():
    recipe = RECIPES["year"]
    lived = recipe.lived(recipe.truth, 60, 7)
    items = household(recipe.truth, days=60, ends_on=date(2026, 3, 15), lived=lived).items
    known = {item["id"]: item for item in items}
    later = [item for item in items if item.get("supersedes")]

    assert len(later) > 20 and any(item.get("void") for item in later)
    for item in later:
        first = known[item["supersedes"]]
        assert (first["onset_ms"], first["window"]) == (item["onset_ms"], item["window"])
        assert (first["code"] == item["code"]) == bool(item.get("void"))
