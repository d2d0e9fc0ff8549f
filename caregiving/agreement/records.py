"""Two observers' records of the same sessions on one line of time, as runs of codes.

Times are whole microseconds (int64), so that equal stamps are equal and edges are exact. Session number s
takes the room [s x length, (s + 1) x length) of the line, with enough free room behind it for any tolerance.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from caregiving.faults import Fault, Refused
from caregiving.frames import need
from caregiving.instruments import Instrument

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
US = 1_000_000
NO_WINDOWS = (
    "no windows were given: every session was taken as watched from 0 s to the last event of either record"
)


@dataclass(frozen=True)
class Record:
    """One observer's events in order of time: onset, offset (equal for a point), actor and code."""

    onset: Ints
    offset: Ints
    actor: Ints
    code: Ints

    def of(self, actor: int) -> "Record":
        """Return one actor's events."""
        return self.rows(self.actor == actor)

    def rows(self, chosen: Ints | Bools) -> "Record":
        """Return some of the events, by their rows or by which of them are meant."""
        return Record(self.onset[chosen], self.offset[chosen], self.actor[chosen], self.code[chosen])


@dataclass(frozen=True)
class Pair:
    """Both records on one line, the names behind their numbers, and the stretches that were watched.

    The line begins at `begins_s` of the first session, which is 0 unless something comes before it.
    """

    a: Record
    b: Record
    actors: list[str]
    codes: list[str]
    start: Ints
    end: Ints
    begins_s: float

    def holding(self, moment: Ints) -> Ints:
        """Return the number of the stretch each moment lies in, or -1; both edges count."""
        at = np.searchsorted(self.start, moment, side="right") - 1
        return np.where((at >= 0) & (moment <= np.append(self.end, -1)[at]), at, -1)


def pair(
    a: pd.DataFrame,
    b: pd.DataFrame,
    windows: pd.DataFrame | None = None,
    instrument: Instrument | None = None,
    actors: Iterable[str] = (),
    room_s: float = 0.0,
) -> Pair:
    """Place two records of the same sessions on one line.

    `room_s` is the widest tolerance that will be asked for. Only sessions with a window count. Without
    windows, only sessions in which either record has an event, from 0 to the last one. A missing offset
    means a point, or, for a code that the instrument calls a state, a state that lasts to the end of its
    window.

    Raises
    ------
    MissingColumn
        When a needed column is absent.
    Refused
        When a state ends before it begins, an event lacks its onset, actor or code, or an actor is in
        neither record.
    """
    for record in (a, b):
        need(record, "session", "actor", "code", "onset_s", "offset_s")
    columns = ["session", "actor", "code", "onset_s", "offset_s"]
    both = pd.concat(
        [a[columns].astype({"session": "str", "actor": "str", "code": "str"}) for a in (a, b)],
        ignore_index=True,
    )
    declared = _whole_sessions(both) if windows is None else windows
    need(declared, "session", "start_s", "end_s")
    actor, known_actors = pd.factorize(both["actor"], sort=True)
    code, codes = pd.factorize(both["code"], sort=True)
    onset, offset, pointlike = _times(both, len(a))
    names = pd.Index(sorted(declared["session"].astype("str").unique()))
    session, of_window = (
        names.get_indexer(both["session"]),
        names.get_indexer(declared["session"].astype("str")),
    )
    begin, end = _us(declared["start_s"]), _us(declared["end_s"])
    first = (
        min(0, *(int(part.min()) for part in (begin, onset) if len(part))) if len(both) or len(begin) else 0
    )
    last = max((int(part.max()) for part in (end, offset) if len(part)), default=0)
    length = last - first + 2 * round(room_s * US) + 2 * US
    start, stop = _joined(begin + of_window * length - first, end + of_window * length - first)
    onset, offset = onset + session * length - first, offset + session * length - first
    lasting = {one.code for one in instrument.behaviours if one.form == "state"} if instrument else set()
    opened = (
        pointlike & np.isin(code, [i for i, name in enumerate(codes) if name in lasting]) & (session >= 0)
    )
    at = np.searchsorted(start, onset, side="right") - 1
    offset = np.where(opened & (at >= 0), np.maximum(onset, np.append(stop, 0)[at]), offset)
    chosen = _chosen([str(name) for name in known_actors], list(dict.fromkeys(actors)))
    kept = (session >= 0) & (chosen >= 0)[actor]
    first_record = np.arange(len(both)) < len(a)
    records = [
        _record(kept & side, onset, offset, chosen[actor], code) for side in (first_record, ~first_record)
    ]
    wanted = list(dict.fromkeys(actors)) or [str(name) for name in known_actors]
    return Pair(records[0], records[1], wanted, [str(name) for name in codes], start, stop, first / US)


def _us(seconds: ArrayLike) -> Ints:
    us: Ints = np.rint(np.asarray(seconds, dtype=np.float64) * US).astype(np.int64)
    return us


def _whole_sessions(both: pd.DataFrame) -> pd.DataFrame:
    """Return one window a session, from 0 to its last event in either record."""
    last = both[["onset_s", "offset_s"]].astype("float64").max(axis=1).groupby(both["session"]).max()
    return pd.DataFrame({"session": last.index, "start_s": 0.0, "end_s": last.to_numpy()})


def _times(both: pd.DataFrame, n_a: int) -> tuple[Ints, Ints, Bools]:
    """Return onset, offset (the onset when there is none) and which events have no offset."""
    since = both["onset_s"].to_numpy(dtype="float64", na_value=np.nan)
    until = both["offset_s"].to_numpy(dtype="float64", na_value=np.nan)
    pointlike = np.isnan(until)
    nameless = (both["actor"].isna() | both["code"].isna()).to_numpy(dtype=bool)
    faults = []
    for wrong, found, needed in (
        (np.isnan(since), "no onset", "a number of seconds"),
        (nameless, "no actor or no code", "both"),
        (~pointlike & (until < since), "an end before its start", "an end after the start"),
    ):
        for row in np.flatnonzero(wrong).tolist():
            place = f"first record, event {row + 1}" if row < n_a else f"second record, event {row - n_a + 1}"
            faults.append(Fault(place, found, needed))
    if faults:
        raise Refused(faults)
    return _us(since), np.where(pointlike, _us(since), _us(np.where(pointlike, 0.0, until))), pointlike


def _joined(start: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Return the union of the windows, those that touch joined."""
    order = np.argsort(start, kind="stable")
    start, reach = start[order], np.maximum.accumulate(end[order]) if len(end) else end
    first = np.append(True, start[1:] > reach[:-1])[: len(start)]
    return start[first], reach[np.append(first[1:], True)] if len(start) else reach


def _chosen(known: list[str], wanted: list[str]) -> Ints:
    """Return for each known actor its place among the wanted ones, or -1."""
    strangers = sorted(set(wanted) - {*known, "infant", "caregiver"})
    if strangers:
        raise Refused(
            [Fault("actor", f'"{strangers[0]}"', f"one of the actors in the records: {', '.join(known)}")]
        )
    order = wanted or known
    return np.array([order.index(name) if name in order else -1 for name in known], dtype=np.int64)


def _record(kept: Bools, onset: Ints, offset: Ints, actor: Ints, code: Ints) -> Record:
    """Return the kept events in order of onset, code and end: the order of rows must not matter."""
    rows = np.flatnonzero(kept)
    rows = rows[np.lexsort((offset[rows], code[rows], onset[rows]))]
    return Record(onset[rows], offset[rows], actor[rows], code[rows])
