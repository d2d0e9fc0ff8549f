"""A log of ten minutes, small enough to check by hand, an instrument to read it with, and rows that say
nothing."""

import json
from pathlib import Path

import pandas as pd
import pytest

from caregiving.frames import EPISODES, conform
from caregiving.instruments import CueClass, Instrument, Number, Steps, load
from tests.timelines import at, story

CUES = (20, 75, 140, 150, 230, 300, 360, 420, 480, 540, 590)
ANSWERS = (26, 85, 158, 245, 305, 421, 482, 600)
FIXTURES = Path(__file__).resolve().parents[2].parent / "shared" / "fixtures"


def one_class(
    window_s: float = 60,
    gap_s: float | None = None,
    rule: str = "earliest_unanswered",
    within=(5, 10, 15, 30),
) -> Instrument:
    """Return the instrument for homes with only distress cues, followed for `window_s`."""

    def number(value):
        return Number(value=value, source="product_targets")

    timing = CueClass(
        response_window_s=number(window_s),
        rmst_horizon_s=number(window_s),
        within_s=Steps(value=tuple(w for w in within if w <= window_s), source="product_targets"),
        bout_gap_s=None if gap_s is None else number(gap_s),
    )
    return load("home_moments").model_copy(update={"classes": {"distress": timing}, "attribution": rule})


def golden():
    """Return events and windows of the small log."""
    return story(f"0s start, {at('cry', *CUES)}, {at('pick_up', *ANSWERS)}, 600s end")


def episodes(rows: list[dict]) -> pd.DataFrame:
    """Return episodes from the few fields that matter; unless said otherwise an answer ends the wait."""
    usual = {
        "session": "s1", "child": "c", "day": None, "cue_code": "cry", "cue_class": "distress",
        "onset_s": 0.0, "offset_s": None, "n_cues": 1, "answered": True, "response_code": None,
        "responder": None, "latency_s": None, "followed_s": 10.0, "window_seen": True,
        "already_engaged": False, "self_settled": False, "confirmed_none": False,
    }  # fmt: skip
    return conform(pd.DataFrame([usual | row for row in rows], columns=list(usual)), EPISODES)


def waits(text: str) -> tuple[list[float], list[bool]]:
    """Return times and whether each ended in an answer, from the printed form "6, 7, 9+" (+ = still
    waiting)."""
    parts = [part.strip() for part in text.split(",")]
    return [float(part.rstrip("+")) for part in parts], [not part.endswith("+") for part in parts]


def printed_elsewhere() -> dict:
    """Return the numbers computed with R, or skip the test that asks for them."""
    file = FIXTURES / "expected_values.json"
    if not file.exists():
        pytest.skip(f"the numbers computed with R are not at hand ({file.name} beside the repository)")
    return json.loads(file.read_text(encoding="utf-8"))


def table(name: str) -> pd.DataFrame:
    """Return one of the published survival data sets, or skip the test that asks for it."""
    file = FIXTURES / "survival" / name
    if not file.exists():
        pytest.skip(f"the data set {name} is not at hand beside the repository")
    return pd.read_csv(file)


def by_measure(estimates, cue_class: str = "distress"):
    """Return the estimates of one class by their measure."""
    return {one.measure: one for one in estimates if one.cue_class == cue_class}
