"""Agreement in time: for how much of it two observers had the same code, exactly or nearly."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from caregiving.agreement._plain import plain
from caregiving.agreement.kappa import Kappa, kappa
from caregiving.agreement.records import US, Bools, Ints, Pair, Record, pair
from caregiving.instruments import Instrument

NOTHING = "nothing coded"
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class TimeUnits:
    """Tallies in time units of one actor.

    Rows: what the checked observer coded; columns: what the other one had. The first label is "nothing
    coded". With a tolerance, a unit whose code the other one has nearby stands on the diagonal. `direction`
    tells who is checked against whom: "a to b" or "b to a".
    """

    actor: str
    direction: str
    tolerance_s: float
    unit_s: float
    labels: tuple[str, ...]
    table: Floats
    kappa: Kappa

    @property
    def missed_by_other_s(self) -> float:
        """Return the seconds in which the checked observer coded something and the other one nothing."""
        return float(self.table[1:, 0].sum() * self.unit_s)

    @property
    def missed_by_checked_s(self) -> float:
        """Return the seconds in which only the other observer coded something."""
        return float(self.table[0, 1:].sum() * self.unit_s)

    def as_json(self) -> dict[str, Any]:
        """Return kappa, the seconds missed on either side, and the table as plain values."""
        names = ("actor", "direction", "tolerance_s", "unit_s")
        missed = {
            "missed_by_other_s": self.missed_by_other_s,
            "missed_by_checked_s": self.missed_by_checked_s,
        }
        head = {name: getattr(self, name) for name in names}
        tallies = {"labels": list(self.labels), "table": plain(self.table)}
        return {**head, **self.kappa.as_json(), **missed, **tallies}


def time_units(
    a: pd.DataFrame,
    b: pd.DataFrame,
    windows: pd.DataFrame | None = None,
    instrument: Instrument | None = None,
    *,
    actor: Iterable[str] = (),
    unit_s: float = 1.0,
    tolerance_s: Iterable[float] = (0.0,),
) -> list[TimeUnits]:
    """Return time-unit kappa of two records for each actor, tolerance and direction.

    At every instant t an observer has a set of codes of the actor: the states going on, and the points of
    the time unit that t lies in (a point occupies the unit it falls in, counted from the start of the
    watching); several codes at once are a code of their own, "gaze+smile", and none is "nothing coded". The
    instant agrees within k seconds when the other observer has the same set somewhere in [t - k, t + k];
    where the checked observer has nothing, when the other one has nothing at t either, or has there what the
    checked one coded within k. So a shift is forgiven on both sides and a miss on neither. The table holds
    the exact time of every combination in units, swept over the intervals between all edges; nothing is
    sampled. The observed agreement never falls as the tolerance grows; kappa may, since chance grows too.

    Parameters: `a`, `b` EVENTS frames; `windows` WINDOWS or None; `unit_s` > 0; `tolerance_s` one or more,
    each >= 0.
    Returns: two TimeUnits (a to b, b to a) for each actor and tolerance. Gate: 300 s watched.
    Raises: MissingColumn; Refused. Source: `bakeman_2009`. The errors take units as independent, so they are
    too small.

    >>> one = pd.DataFrame(
    ...     {"session": "s", "actor": "x", "code": ["cry", "talk"], "onset_s": [0, 4], "offset_s": [4, 10]}
    ... )
    >>> other = one.assign(onset_s=[0, 5], offset_s=[5, 10])
    >>> [round(found.kappa.agreed, 2) for found in time_units(one, other, tolerance_s=(0, 1))]
    [0.9, 0.9, 1.0, 1.0]
    """
    tolerances = tuple(tolerance_s)
    both = pair(a, b, windows, instrument, actor, room_s=max(tolerances, default=0.0))
    return units_of(both, tolerances, unit_s)


def units_of(both: Pair, tolerance_s: Iterable[float], unit_s: float = 1.0) -> list[TimeUnits]:
    """Return what `time_units` returns, of two records that are laid on one line already.

    The line needs as much room as the widest tolerance (`room_s` of `records.pair`).
    """
    tolerances = [round(each * US) for each in tolerance_s]
    found = []
    for number, name in enumerate(both.actors):
        swept = _Sweep.of(both, number, round(unit_s * US))
        for wide in tolerances:
            for direction in ("a to b", "b to a"):
                table = swept.table(wide, direction) / (unit_s * US)
                result = kappa(table, watched_s=float(table.sum() * unit_s))
                found.append(TimeUnits(name, direction, wide / US, unit_s, swept.labels, table, result))
    return found


@dataclass(frozen=True)
class _Sweep:
    """Watched time cut at every edge of either record: from each cut to the next, what a and what b had."""

    left: Ints
    right: Ints
    floor: Ints
    ceiling: Ints
    a: Ints
    b: Ints
    labels: tuple[str, ...]

    @classmethod
    def of(cls, both: Pair, actor: int, unit: int) -> "_Sweep":
        """Cut the watched time at the edges of one actor's codes and number the sets of codes in between."""
        sides = [_intervals(both, record.of(actor), unit) for record in (both.a, both.b)]
        cuts = np.unique(
            np.concatenate((both.start, both.end, *(edge for side in sides for edge in side[:2])))
        )
        left, right = cuts[:-1], cuts[1:]
        home = both.holding(left)
        inside = (home >= 0) & (left < np.append(both.end, 0)[home])
        left, right, home = left[inside], right[inside], home[inside]
        used = np.unique(np.concatenate((sides[0][2], sides[1][2])))
        going_on = np.concatenate([_going_on(left, *side, used) for side in sides], axis=1)
        packed = np.packbits(np.append(going_on, np.zeros((len(used), 1), dtype=bool), axis=1), axis=0).T
        sets, number = (
            np.unique(packed, axis=0, return_inverse=True)
            if len(used)
            else (packed[:1], np.zeros(len(packed)))
        )
        names = [both.codes[code] for code in used]
        bits = (
            np.unpackbits(sets.astype(np.uint8), axis=1, count=len(used)) if len(used) else np.zeros((1, 0))
        )
        labels = tuple(
            "+".join(n for n, on in zip(names, row, strict=True) if on) or NOTHING for row in bits.tolist()
        )
        a, b = np.split(np.asarray(number, dtype=np.int64).ravel()[: 2 * len(left)], 2)
        return cls(left, right, both.start[home], both.end[home], a, b, labels)

    def table(self, wide: int, direction: str) -> Floats:
        """Return microseconds of each pair of sets, with what agrees within `wide` put on the diagonal."""
        checked, other = (self.a, self.b) if direction == "a to b" else (self.b, self.a)
        if wide:
            reach = [self._reach(sets, wide) for sets in (checked, other)]
            cuts = np.unique(
                np.concatenate(
                    (
                        self.left,
                        *(edge for start, end in reach for edge in (start % self.line, end % self.line)),
                    )
                )
            )
            at = np.searchsorted(self.left, cuts, side="right") - 1
            kept = (at >= 0) & (cuts < self.right[np.maximum(at, 0)])
            cuts, at = cuts[kept], at[kept]
            lasted = np.minimum(np.append(cuts[1:], self.line), self.right[at]) - cuts
            checked, other = checked[at], other[at]
            near = _within(cuts + checked * self.line, reach[1]) & (checked > 0)
            shifted = _within(cuts + other * self.line, reach[0]) & (checked == 0)
            other = np.where(near | shifted, checked, other)
        else:
            lasted = self.right - self.left
        width = len(self.labels)
        tallies = np.bincount(checked * width + other, lasted.astype(np.float64), minlength=width * width)
        return tallies.reshape(width, width).astype(np.float64)

    @property
    def line(self) -> int:
        """Return a length beyond every position, to keep sets of codes apart on one long line."""
        return int(self.right.max(initial=0)) + 1

    def _reach(self, sets: Ints, wide: int) -> tuple[Ints, Ints]:
        """Return the intervals within `wide` of each set of codes, set by set; "nothing" has none."""
        some = sets > 0
        start = np.maximum(self.left - wide, self.floor)[some] + sets[some] * self.line
        end = np.minimum(self.right + wide, self.ceiling)[some] + sets[some] * self.line
        order = np.argsort(start, kind="stable")
        start, furthest = start[order], np.maximum.accumulate(end[order]) if some.any() else end
        first = np.append(True, start[1:] > furthest[:-1])[: len(start)]
        return start[first], furthest[np.append(first[1:], True)] if len(start) else furthest


def _within(position: Ints, intervals: tuple[Ints, Ints]) -> Bools:
    """Tell which positions lie in one of the disjoint intervals [start, end)."""
    at = np.searchsorted(intervals[0], position, side="right") - 1
    return np.asarray((at >= 0) & (position < np.append(intervals[1], -1)[at]))


def _intervals(both: Pair, record: Record, unit: int) -> tuple[Ints, Ints, Ints]:
    """Return start, end and code of states, and of points the unit they fall in."""
    home = both.holding(record.onset)
    point = (record.offset == record.onset) & (home >= 0)
    lasting = record.offset > record.onset
    at, stretch = record.onset[point], home[point]
    begin, end = both.start[stretch], both.end[stretch]
    last = np.maximum(-(-(end - begin) // unit) - 1, 0)
    start = begin + np.minimum((at - begin) // unit, last) * unit
    return (
        np.concatenate((record.onset[lasting], start)),
        np.concatenate((record.offset[lasting], np.minimum(start + unit, end))),
        np.concatenate((record.code[lasting], record.code[point])),
    )


def _going_on(moment: Ints, start: Ints, end: Ints, code: Ints, used: Ints) -> Bools:
    """Tell for each code (row) and moment (column) whether the code is going on just after it."""
    rows = []
    for each in used:
        begun = np.searchsorted(np.sort(start[code == each]), moment, side="right")
        rows.append(begun > np.searchsorted(np.sort(end[code == each]), moment, side="right"))
    return np.array(rows, dtype=bool).reshape(len(used), len(moment))
