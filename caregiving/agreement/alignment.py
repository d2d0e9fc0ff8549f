"""Event alignment: which event of one record is which of the other, and which are in one of them only."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from caregiving.agreement._plain import plain
from caregiving.agreement.kappa import Kappa, kappa
from caregiving.agreement.records import US, Pair, pair
from caregiving.instruments import Instrument

Ints = NDArray[np.int64]
NIL = "not coded"
FAR = np.iinfo(np.int64).max // 4
TOLERANCE_S = 2.0


def align(
    a: ArrayLike,
    b: ArrayLike,
    at_a: ArrayLike | None = None,
    at_b: ArrayLike | None = None,
    tolerance: int | None = None,
    *,
    gap: int = 1,
    mismatch: int = 1,
) -> tuple[Ints, Ints]:
    """Align two sequences of codes at the least cost (Needleman and Wunsch), by time where times are given.

    A pair of equal codes costs 0, of different codes `mismatch`, an event that stays alone `gap`. With
    times, only events at most `tolerance` apart may be paired, and among alignments of equal cost the one
    with the smallest sum of time differences is taken. Written here. Each row of the table is one vectorised
    step (the run of gaps along a row is a running minimum) over the columns within reach of it, so the time
    grows with the events times those within tolerance.

    Parameters: `a` (n,), `b` (m,) integer codes; `at_a`, `at_b` their integer times, rising; `tolerance` >=
    0 in their unit.
    Returns: two equally long arrays of places in a and in b, -1 where an event stays alone. Source:
    `quera_2007`.

    >>> [place.tolist() for place in align([1, 2, 3], [1, 3])]
    [[0, 1, 2], [0, -1, 1]]
    """
    codes_a, codes_b = np.asarray(a, dtype=np.int64), np.asarray(b, dtype=np.int64)
    n, m = len(codes_a), len(codes_b)
    timed = at_a is not None and at_b is not None and tolerance is not None
    times_a = np.asarray(at_a, dtype=np.int64) if timed else np.zeros(n, dtype=np.int64)
    times_b = np.asarray(at_b, dtype=np.int64) if timed else np.zeros(m, dtype=np.int64)
    reach = int(tolerance or 0)
    left = np.searchsorted(times_b, times_a - reach, side="left")
    right = np.searchsorted(times_b, times_a + reach, side="right")
    low = np.concatenate(([0], left))
    high = np.append(right, m)  # what cannot meet the next event of a can wait until after it
    unit = (min(n, m) + 1) * reach + 1  # one step of cost outweighs every difference in time
    steps = _table(codes_a, codes_b, times_a, times_b, (low, high), (gap * unit, mismatch * unit, reach))
    return _path(steps, low, n, m)


def _table(
    a: Ints, b: Ints, at_a: Ints, at_b: Ints, band: tuple[Ints, Ints], price: tuple[int, int, int]
) -> list[NDArray[np.int8]]:
    """Return how each cell of each row is best reached: 0 by a pair, 1 from above, 2 from the left."""
    gap, mismatch, reach = price
    lows, highs = band[0].tolist(), band[1].tolist()
    run = np.arange(len(b) + 1, dtype=np.int64) * gap
    above = run[: highs[0] + 1]
    steps = [np.full(highs[0] + 1, 2, dtype=np.int8)]
    for i in range(1, len(lows)):  # one row an event of the first record; its cells are handled at once
        lo, hi, lo_above, hi_above = lows[i], highs[i], lows[i - 1], highs[i - 1]
        best = np.full(hi - lo + 1, FAR, dtype=np.int64)
        step = np.ones(hi - lo + 1, dtype=np.int8)
        down = min(hi, hi_above)
        best[: down - lo + 1] = above[lo - lo_above : down - lo_above + 1] + gap
        first, last = max(lo, lo_above + 1), min(hi, hi_above + 1)  # cells that a pair (i, j) can end in
        if last >= first:
            apart = np.abs(at_b[first - 1 : last] - at_a[i - 1])
            cost = (
                above[first - 1 - lo_above : last - lo_above]
                + apart
                + mismatch * (b[first - 1 : last] != a[i - 1])
            )
            cost[apart > reach] = FAR
            better = cost <= best[first - lo : last - lo + 1]
            best[first - lo : last - lo + 1] = np.where(better, cost, best[first - lo : last - lo + 1])
            step[first - lo : last - lo + 1][better] = 0
        along = np.minimum.accumulate(best - run[: hi - lo + 1]) + run[: hi - lo + 1]
        step[along < best] = 2
        steps.append(step)
        above = along
    return steps


def _path(steps: list[NDArray[np.int8]], low: Ints, n: int, m: int) -> tuple[Ints, Ints]:
    """Walk the table back from its end. Each step depends on the one before, so this is a plain walk."""
    lows = low.tolist()
    i, j = n, m
    left: list[int] = []
    right: list[int] = []
    while i or j:
        step = 2 if i == 0 else int(steps[i][j - lows[i]])
        i, j = i - (step != 2), j - (step != 1)
        left.append(-1 if step == 2 else i)
        right.append(-1 if step == 1 else j)
    return np.array(left[::-1], dtype=np.int64), np.array(right[::-1], dtype=np.int64)


@dataclass(frozen=True)
class Alignment:
    """Tallies of aligned events, with a last row and column for what only the other observer coded.

    `paired`: two equally long arrays, the place of each event in the first and in the second record; -1 where
    the other one stays alone.
    """

    labels: tuple[str, ...]
    table: Ints
    kappa: Kappa
    paired: tuple[Ints, Ints]

    @property
    def matched(self) -> int:
        """Return how many events were paired with the same code."""
        return int(np.trace(self.table))

    @property
    def only_a(self) -> int:
        """Return how many events only the first observer coded."""
        return int(self.table[:, -1].sum())

    @property
    def only_b(self) -> int:
        """Return how many events only the second observer coded."""
        return int(self.table[-1, :].sum())

    def as_json(self) -> dict[str, Any]:
        """Return kappa, the counts of matched, differing and missed events, and the table as plain values."""
        n = int(self.table.sum())
        counts = {
            "n_a": int(self.table[:-1].sum()),
            "n_b": int(self.table[:, :-1].sum()),
            "matched": self.matched,
            "differing": n - self.matched - self.only_a - self.only_b,
            "missed_by_b": self.only_a,
            "missed_by_a": self.only_b,
        }
        return {**self.kappa.as_json(), **counts, "labels": list(self.labels), "table": plain(self.table)}


def tallied(a: ArrayLike, b: ArrayLike, aligned: tuple[Ints, Ints], labels: list[str]) -> Alignment:
    """Return the table and kappa of an alignment, in which a miss is a category of its own.

    Parameters: `a`, `b` integer codes, `aligned` the places that `align` gave, `labels` the names of the
    codes.
    Returns: an Alignment; its kappa is Cohen's, with "not coded" as the last code. Source: `quera_2007`,
    `bakeman_2009`.

    >>> found = tallied([0, 1, 0], [0, 0], align([0, 1, 0], [0, 0]), ["cry", "talk"])
    >>> found.matched, found.only_a, found.only_b
    (2, 1, 0)
    """
    nil, width = len(labels), len(labels) + 1
    left = np.append(np.asarray(a, dtype=np.int64), nil)[aligned[0]]
    right = np.append(np.asarray(b, dtype=np.int64), nil)[aligned[1]]
    table = np.bincount(left * width + right, minlength=width * width).reshape(width, width)
    return Alignment((*labels, NIL), table.astype(np.int64), kappa(table), aligned)


def event_alignment(
    a: pd.DataFrame,
    b: pd.DataFrame,
    windows: pd.DataFrame | None = None,
    instrument: Instrument | None = None,
    *,
    actor: Iterable[str] = (),
    tolerance_s: float = TOLERANCE_S,
) -> dict[str, Alignment]:
    """Align the events of two records, each actor's on its own, and return one Alignment an actor.

    Events are paired by their onsets, at most `tolerance_s` apart and never across sessions or a break in
    the watching; equal codes first, then the fewest left alone, then the nearest in time. Unit costs: a pair
    of different codes costs 1, two events left alone 2, so that a mislabel is not taken for two misses.

    Parameters: `a`, `b` EVENTS frames; `windows` WINDOWS or None; `tolerance_s` >= 0.
    Returns: an Alignment for each actor that either record has. Raises: MissingColumn; Refused. Source:
    `quera_2007`.

    >>> one = pd.DataFrame(
    ...     {"session": "s", "actor": "x", "code": ["cry", "talk"], "onset_s": [1, 5], "offset_s": None}
    ... )
    >>> event_alignment(one, one.assign(onset_s=[2, 9]))["x"].table.tolist()
    [[1, 0, 0], [0, 0, 1], [0, 1, 0]]
    """
    both = pair(a, b, windows, instrument, actor, room_s=tolerance_s)
    return {name: alignment_of(both, number, tolerance_s) for number, name in enumerate(both.actors)}


def alignment_of(both: Pair, actor: int, tolerance_s: float = TOLERANCE_S) -> Alignment:
    """Return what `event_alignment` returns for one actor, of two records laid on one line already.

    `paired` holds the rows of `both.a.of(actor)` and `both.b.of(actor)`; what lies in no stretch that was
    watched is not among them.
    """
    tolerance = round(tolerance_s * US)
    rows, codes, moments = [], [], []
    for record in (both.a.of(actor), both.b.of(actor)):
        home = both.holding(record.onset)
        kept = np.flatnonzero(home >= 0)
        rows.append(np.append(kept, -1))
        codes.append(record.code[kept])
        # A break in the watching gets more room than any tolerance reaches over.
        moments.append(record.onset[kept] + home[kept] * (tolerance + 1))
    used, place = np.unique(np.concatenate(codes), return_inverse=True)
    a, b = place[: len(codes[0])], place[len(codes[0]) :]
    found = tallied(a, b, align(a, b, moments[0], moments[1], tolerance), [both.codes[code] for code in used])
    return replace(found, paired=(rows[0][found.paired[0]], rows[1][found.paired[1]]))
