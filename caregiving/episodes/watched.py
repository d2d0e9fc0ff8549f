"""Put events on one line of watched time, so that every later step is plain arithmetic on integers.

Times are whole microseconds (int64), so equal stamps stay equal and a window's edge is exact. The stretches
of watching are laid end to end with a gap that no response window can cross: position = stretch x span +
time within the stretch. One sorted array then serves all sessions at once.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from caregiving.frames import need

Ints = NDArray[np.int64]
US = 1_000_000


def whole_us(seconds: pd.Series) -> Ints:
    """Return seconds as whole microseconds; a missing value becomes the smallest integer.

    >>> whole_us(pd.Series([0.0, 1.25]))
    array([      0, 1250000])
    """
    values = seconds.to_numpy(dtype="float64", na_value=np.nan)
    missing = np.isnan(values)
    us = np.rint(np.where(missing, 0, values) * US).astype(np.int64)
    return np.where(missing, np.iinfo(np.int64).min, us)


@dataclass(frozen=True)
class Line:
    """Stretches of watching, laid end to end.

    `session`, `start`, `end` describe each stretch (start and end in microseconds of its session's clock);
    `window` is the row of the windows frame that it came from; `span` is the room that each one takes.
    """

    session: Ints
    start: Ints
    end: Ints
    window: Ints
    span: int
    names: pd.Index

    def place(self, session: Ints, time: Ints) -> Ints:
        """Return the position of each moment, or -1 where nobody watched; both edges count as watched."""
        if not len(self.start):
            return np.full(len(time), -1, dtype=np.int64)
        room = int(max(self.end.max(), time.max(initial=0))) + 1
        stretch = np.searchsorted(self.session * room + self.start, session * room + time, side="right") - 1
        at = np.maximum(stretch, 0)
        seen = (
            (stretch >= 0) & (self.session[at] == session) & (time >= self.start[at]) & (time <= self.end[at])
        )
        return np.where(seen, at * self.span + time - self.start[at], -1)

    def left(self, position: Ints) -> Ints:
        """Return how long watching still went on after each position, in microseconds."""
        stretch = position // self.span
        return self.end[stretch] - self.start[stretch] - position % self.span


def session_codes(events: pd.DataFrame, windows: pd.DataFrame) -> tuple[pd.Index, Ints, Ints]:
    """Return the sessions' names and, for every window and every event, its session's number (or -1)."""
    session = windows["session"].astype("category")
    names = session.cat.categories
    event_session = events["session"].astype("category")
    lookup = names.get_indexer(event_session.cat.categories)
    event_codes = np.append(lookup, -1)[event_session.cat.codes.to_numpy()]
    return names, session.cat.codes.to_numpy().astype(np.int64), event_codes.astype(np.int64)


def lay_out(
    windows: pd.DataFrame, codes: Ints, names: pd.Index, room: int, unseen: tuple[Ints, Ints, Ints]
) -> Line:
    """Lay the windows out on a line, cutting out the time in which nothing could be seen.

    Parameters: `codes` the session number of each window; `room` microseconds to keep free behind a stretch;
    `unseen` session number, start and end (microseconds) of stretches marked as not observable.
    """
    need(windows, "session", "start_s", "end_s")
    start, end = whole_us(windows["start_s"]), whole_us(windows["end_s"])
    order = np.lexsort((start, codes))
    session, start, end, window = codes[order], start[order], end[order], order.astype(np.int64)
    if len(unseen[0]):
        session, start, end, window = _without(session, start, end, window, unseen)
    longest = int((end - start).max()) if len(start) else 0
    return Line(session, start, end, window, longest + room + 1, names)


def _without(
    session: Ints, start: Ints, end: Ints, window: Ints, unseen: tuple[Ints, Ints, Ints]
) -> tuple[Ints, ...]:
    """Cut the unseen intervals out of the windows; they are few, so a plain loop over them will do."""
    pieces = list(zip(session.tolist(), start.tolist(), end.tolist(), window.tolist(), strict=True))
    for where, begin, stop in zip(*(part.tolist() for part in unseen), strict=True):
        cut = []
        for s, a, b, w in pieces:
            if s != where or stop <= a or begin >= b:
                cut.append((s, a, b, w))
                continue
            if a < begin:
                cut.append((s, a, begin, w))
            if stop < b:
                cut.append((s, stop, b, w))
        pieces = cut
    parts = np.array(pieces, dtype=np.int64).reshape(-1, 4)
    return parts[:, 0], parts[:, 1], parts[:, 2], parts[:, 3]
