"""Where moments stand in watched time: how long until the next mark, how long watching still went on.

Every moment becomes one whole number, session x room + microseconds, so that one sorted array serves all
sessions at once. Time marked as not observable is cut out of the watching, and taps that nobody declared a
window for (mode opportunistic) are no watching at all.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from caregiving.frames import need
from caregiving.instruments import Instrument

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
US = 1_000_000
NOWHERE = -1
UNDECLARED = "opportunistic"
BETWEEN_US = 3600 * US  # kept free between sessions, so that no gap of interest can bridge two of them


@dataclass(frozen=True)
class Watching:
    """Stretches of watching, `start` and `end` as moments, in order; no two of them touch."""

    sessions: pd.Index
    room: int
    start: Ints
    end: Ints

    def at(self, session: pd.Series, seconds: pd.Series | Floats) -> Ints:
        """Return the moment of each time of a session; -1 where the session or the time is missing."""
        number = session.astype("category")
        lookup = np.append(self.sessions.get_indexer(number.cat.categories), -1)
        which = lookup[number.cat.codes.to_numpy()] if len(session) else np.empty(0, dtype=np.int64)
        value = np.asarray(seconds, dtype=np.float64)
        missing = np.isnan(value) | (which < 0)
        us = np.rint(np.where(missing, 0, value) * US).astype(np.int64)
        return np.where(missing, NOWHERE, which * self.room + us).astype(np.int64)

    def seen(self, moment: Ints) -> Bools:
        """Tell which moments lie in watched time; both edges of a stretch count."""
        return self.left_s(moment) >= 0

    def left_s(self, moment: Ints) -> Floats:
        """Return for how many seconds watching still went on; NaN for a moment that nobody watched."""
        if not len(self.start):
            return np.full(len(moment), np.nan)
        stretch = np.searchsorted(self.start, moment, side="right") - 1
        left = (self.end[np.maximum(stretch, 0)] - moment) / US
        return np.where((stretch >= 0) & (moment >= 0) & (left >= 0), left, np.nan)

    def until(self, marks: Ints, moment: Ints, *, after: bool = False) -> Floats:
        """Return the seconds to the first of the sorted marks at or (`after`) strictly after each moment.

        NaN when no mark comes in the same stretch of watching.
        """
        place = np.searchsorted(marks, moment, side="right" if after else "left")
        wait = (np.append(marks, np.iinfo(np.int64).max)[place] - moment) / US
        with np.errstate(invalid="ignore"):
            return np.where(wait <= self.left_s(moment), wait, np.nan)

    def since(self, marks: Ints, moment: Ints) -> Floats:
        """Return the seconds since the last of the sorted marks at or before each moment; NaN without one."""
        place = np.searchsorted(marks, moment, side="right")
        last = np.append(NOWHERE, marks)[place]
        near = (last >= 0) & (last // self.room == moment // self.room)
        return np.where(near, (moment - last) / US, np.nan)

    @cached_property
    def seconds(self) -> float:
        """All watched time."""
        return float((self.end - self.start).sum()) / US


def watching(events: pd.DataFrame, windows: pd.DataFrame, instrument: Instrument | None = None) -> Watching:
    """Return the watched time of some windows, without what the instrument marks as not observable.

    Parameters: EVENTS and WINDOWS frames; reads `session, start_s, end_s`, and `mode` when there is one.

    >>> watched = pd.DataFrame({"session": "s", "start_s": [0.0, 60.0], "end_s": [60.0, 90.0]})
    >>> watching(pd.DataFrame(), watched).seconds
    90.0
    """
    need(windows, "session", "start_s", "end_s")
    declared = windows[windows["mode"].ne(UNDECLARED).fillna(True)] if "mode" in windows else windows
    sessions = declared["session"].astype("category").cat.remove_unused_categories().cat.categories
    latest = max((float(part.max()) for part in _times(events, declared) if part.notna().any()), default=0.0)
    empty = Watching(sessions, int(latest * US) + BETWEEN_US, *(np.empty(0, dtype=np.int64),) * 2)
    start, end = (empty.at(declared["session"], declared[name]) for name in ("start_s", "end_s"))
    gone = _unseen(empty, events, instrument)
    edges = np.unique(np.concatenate([start, end, *gone]))
    edges = edges[edges >= 0]
    here = covered(edges, start, end) & ~covered(edges, *gone)
    fresh = np.diff(here.astype(np.int8), prepend=0)
    return Watching(sessions, empty.room, edges[fresh == 1], edges[fresh == -1])


def covered(moment: Ints, start: Ints, end: Ints) -> Bools:
    """Tell which moments lie in at least one of the intervals [start, end); intervals may overlap.

    >>> covered(np.array([0, 5, 9]), np.array([0, 4]), np.array([5, 9])).tolist()
    [True, True, False]
    """
    begun = np.searchsorted(np.sort(start), moment, side="right")
    return np.asarray(begun > np.searchsorted(np.sort(end), moment, side="right"), dtype=np.bool_)


def marks(watch: Watching, events: pd.DataFrame, codes: list[str]) -> Ints:
    """Return the onsets of these codes in watched time, sorted."""
    rows = events[["session", "onset_s"]][events["code"].isin(codes)]
    moment = watch.at(rows["session"], rows["onset_s"])
    return np.sort(moment[watch.seen(moment)])


def day_of(windows: pd.DataFrame, session: pd.Series) -> pd.DataFrame:
    """Return `session` and the family's `day` of each row, as `clusters` reads them."""
    name = session.astype("object")
    if "day" not in windows:
        return pd.DataFrame({"session": name, "day": pd.Series(None, index=name.index, dtype="object")})
    dated = windows[windows["day"].notna()]
    first = dated["day"].astype("object").groupby(dated["session"].astype("object")).min()
    return pd.DataFrame({"session": name, "day": name.map(first).astype("object")})


def _times(events: pd.DataFrame, windows: pd.DataFrame) -> list["pd.Series[float]"]:
    found = [events[name] for name in ("onset_s", "offset_s") if name in events]
    return [windows["start_s"], windows["end_s"], *found]


def _unseen(watch: Watching, events: pd.DataFrame, instrument: Instrument | None) -> tuple[Ints, Ints]:
    """Return start and end of every stretch marked as not observable."""
    codes = instrument.codes("missing") if instrument else []
    if not codes or events.empty:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    rows = events[events["code"].isin(codes) & events["offset_s"].notna()]
    start, end = watch.at(rows["session"], rows["onset_s"]), watch.at(rows["session"], rows["offset_s"])
    return start[start >= 0], end[start >= 0]
