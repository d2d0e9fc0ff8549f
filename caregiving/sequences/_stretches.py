"""Stretches of observed time on a line, so that every view is plain arithmetic on integers.

Times are whole microseconds (int64): equal stamps stay equal, and the edge of a window is exact. Both edges
of a stretch count as observed.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
US = 1_000_000


@dataclass(frozen=True)
class Stretches:
    """Disjoint intervals on the line, in order: `start` and `end` in microseconds."""

    start: Ints
    end: Ints

    @property
    def total_s(self) -> float:
        """Return how long they last together, in seconds."""
        return float((self.end - self.start).sum() / US)

    def holding(self, moment: Ints) -> Ints:
        """Return the number of the stretch each moment lies in, or -1."""
        at = np.searchsorted(self.start, moment, side="right") - 1
        if not len(self.start):
            return at
        return np.where((at >= 0) & (moment <= self.end[np.maximum(at, 0)]), at, -1)

    def going_on(self, moment: Ints) -> Bools:
        """Tell whether a stretch goes on just after each moment."""
        at = np.searchsorted(self.start, moment, side="right") - 1
        return (at >= 0) & (moment < np.append(self.end, 0)[at])

    def before(self, moment: Ints) -> Ints:
        """Return how much of the stretches lies before each moment, in microseconds."""
        if not len(self.start):
            return np.zeros(len(moment), dtype=np.int64)
        passed = np.concatenate(([0], np.cumsum(self.end - self.start)))
        at = np.searchsorted(self.start, moment, side="right") - 1
        here = np.maximum(at, 0)
        within = np.minimum(moment, self.end[here]) - self.start[here]
        return np.where(at >= 0, passed[here] + within, 0)

    def without(self, other: "Stretches") -> "Stretches":
        """Return what is left of these stretches outside the other ones."""
        cuts = np.unique(np.concatenate((self.start, self.end, other.start, other.end)))
        left, right = cuts[:-1], cuts[1:]
        kept = self.going_on(left) & ~other.going_on(left)
        return joined(left[kept], right[kept])


def whole_us(seconds: pd.Series) -> tuple[Ints, Bools]:
    """Return seconds as whole microseconds (0 where missing) and which were missing."""
    values = seconds.to_numpy(dtype="float64", na_value=np.nan)
    missing = np.isnan(values)
    return np.rint(np.where(missing, 0.0, values) * US).astype(np.int64), missing


def joined(start: Ints, end: Ints, *, touching: bool = True) -> Stretches:
    """Return the union of intervals; those that only touch are joined too, unless told otherwise.

    >>> joined(np.array([5, 0, 9]), np.array([9, 6, 12]), touching=False)
    Stretches(start=array([0, 9]), end=array([ 9, 12]))
    """
    order = np.lexsort((end, start)) if len(start) and (np.diff(start) < 0).any() else np.arange(len(start))
    start, reach = start[order], np.maximum.accumulate(end[order]) if len(end) else end
    gap = start[1:] > reach[:-1] if touching else start[1:] >= reach[:-1]
    first = np.concatenate(([True], gap)) if len(start) else np.empty(0, dtype=bool)
    return Stretches(start[first], reach[np.append(first[1:], True)] if len(start) else reach)
