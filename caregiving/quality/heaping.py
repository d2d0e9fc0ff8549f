"""Rounding: how many times of a log fall on whole minutes, beside what chance alone would give."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from caregiving.indices import Estimate
from caregiving.indices._days import wilson
from caregiving.instruments import Instrument
from caregiving.sessions import EXACT

SOURCE = "selective_logging"
PARTS = 60
EVERY = 5  # people round to the five minutes


@dataclass(frozen=True)
class Heaping:
    """Where the times of some moments fall within the minute (`unit` "second") or the hour ("minute").

    `counts` how many fall on each of the 60. `share` those on second 0, or on the whole five minutes, with
    limits; `chance` what chance gives: 1/60, or 12/60.
    """

    unit: str
    counts: tuple[int, ...]
    share: Estimate
    chance: float

    @property
    def rounded(self) -> bool:
        """Whether more than chance would put there: the whole interval lies above it."""
        return self.share.n > 0 and self.share.low > self.chance


def of_taps(log: pd.DataFrame, instrument: Instrument) -> Heaping:
    """Return where the seconds fall of the moments that waiting times are computed from.

    Points (cues, answers, settling), not states, whose time is known to the second: tapped, tapped and moved,
    or brought in from a file with seconds. `share`: those on second 0 / all, Wilson interval; 1/60 by chance.
    Reads `time_quality, code, onset_ms` of an EVENT_LOG. Source: `selective_logging`.

    >>> from caregiving.instruments import load
    >>> log = pd.DataFrame({"time_quality": "tapped", "code": "cry", "onset_ms": [0, 60_000, 61_500, 89_999]})
    >>> of_taps(log, load("home_moments")).share.value
    0.5
    """
    points = {b.code for b in instrument.behaviours if b.form == "point"}
    rows = log[log["time_quality"].isin(EXACT) & log["code"].isin(points)]
    second = rows["onset_ms"].astype("int64") // 1000 % PARTS
    method = "moments in the first second of a minute / moments whose time is known to the second"
    return _heaping("second", second, second == 0, 1 / PARTS, method)


def of_memory(log: pd.DataFrame) -> Heaping:
    """Return where the minutes fall of the moments that somebody remembered or brought in by the minute.

    `share`: those on the whole five minutes / all, Wilson interval; 12/60 by chance. By local time. Reads
    `time_quality, onset_ms, utc_offset_min` of an EVENT_LOG. Source: `selective_logging`.

    >>> log = pd.DataFrame(
    ...     {"time_quality": "recalled", "onset_ms": [0, 300_000, 420_000], "utc_offset_min": 0}
    ... )
    >>> round(of_memory(log).share.value, 3)
    0.667
    """
    rows = log[~log["time_quality"].isin(EXACT)]
    minute = (rows["onset_ms"].astype("int64") // 60_000 + rows["utc_offset_min"].astype("int64")) % PARTS
    method = "moments on the whole five minutes / moments whose time is known to the minute at best"
    return _heaping("minute", minute, minute % EVERY == 0, (PARTS // EVERY) / PARTS, method)


def _heaping(unit: str, place: pd.Series, heaped: pd.Series, chance: float, method: str) -> Heaping:
    n, on = len(place), int(heaped.sum())
    counts = np.bincount(place.to_numpy(dtype=np.int64), minlength=PARTS)
    gate = None if n else "nothing of this kind was logged"
    low, high = wilson(on, n)
    share = Estimate(
        f"whole_{'minutes' if unit == 'second' else 'five_minutes'}",
        on / n if n else float("nan"),
        n,
        "share",
        SOURCE,
        low,
        high,
        method=f"{method}; Wilson interval",
        gate=gate,
    )
    return Heaping(unit, tuple(int(count) for count in counts), share, chance)
