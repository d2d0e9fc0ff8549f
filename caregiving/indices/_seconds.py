"""Watched time cut into short bins, and the answers moved around in it to see what chance alone would do.

Bin k of a stretch holds (k, k + 1] bins' lengths after its start, so a cue in bin k is answered "within W" by
the W / length bins that follow it. What is shorter than a bin at the end of a stretch is left out.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, rfft

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
BLOCK = 2_000_000  # numbers held at once while shifting: bounds the memory, not the result


@dataclass(frozen=True)
class Bins:
    """Bins of all stretches, one after the other. `first` and `n` tell where each stretch lies in the arrays.

    `inside` a cue's window; `unknown` how many bins at the start of each stretch are left out, since what
    came before them is not known (both stay); `starts` the onset of an answer, `ongoing` an answer that goes
    on from an earlier bin (both are moved together).
    """

    first: Ints
    n: Ints
    session: Ints
    inside: Bools
    unknown: int
    starts: Bools
    ongoing: Bools

    @property
    def usable(self) -> Bools:
        """Whether the history of each bin is known."""
        return np.asarray(np.arange(len(self.inside)) - np.repeat(self.first, self.n) >= self.unknown)

    @cached_property
    def cells(self) -> Floats:
        """The four counts a, b, c, d of each stretch, shape (n_stretches, 4)."""
        counted = self.usable & ~self.ongoing
        begun = counted & self.starts

        def each(marks: Bools) -> Ints:
            passed = np.concatenate((np.zeros(1, np.int64), np.cumsum(marks, dtype=np.int64)))
            return np.asarray(passed[self.first + self.n] - passed[self.first])

        a, r, k, every = each(begun & self.inside), each(begun), each(counted & self.inside), each(counted)
        return np.stack((a, k - a, r - a, every - k - r + a), axis=1).astype(np.float64)


def marked(bins_first: Ints, bins_n: Ints, stretch: Ints, begin: Ints, until: Ints) -> Bools:
    """Mark bins [begin, until) of the given stretches; what sticks out of a stretch is cut off.

    >>> marked(np.array([0]), np.array([5]), np.array([0, 0]), np.array([1, 3]), np.array([2, 9])).astype(int)
    array([0, 1, 0, 1, 1])
    """
    total = int(bins_n.sum())
    begin, until = np.clip(begin, 0, bins_n[stretch]), np.clip(until, 0, bins_n[stretch])
    lasting = until > begin
    edges = np.bincount((bins_first[stretch] + begin)[lasting], minlength=total + 1)
    edges = edges - np.bincount((bins_first[stretch] + until)[lasting], minlength=total + 1)
    return np.asarray(np.cumsum(edges)[:total] > 0)


def shifted_cells(bins: Bins, margin: int, draws: int, seed: int) -> tuple[Floats, Floats]:
    """Return the observed table of the stretches that can be shifted, and one a draw, (draws, 4).

    Each draw turns the answers of every stretch round by an offset of its own, drawn evenly from `margin` to
    n - `margin` bins, while the cues' windows stay where they are. All offsets of a stretch are counted at
    once as circular correlations (scipy.fft, rounded back to whole counts); stretches of one length go
    together.
    """
    rng = np.random.default_rng(seed)
    total = np.zeros((draws, 4))
    able = bins.n >= 2 * margin + 1
    for length in np.unique(bins.n[able]):
        whole = np.flatnonzero(bins.n == length)
        step = max(1, BLOCK // max(int(length), draws))
        for begin in range(0, len(whole), step):
            rows = bins.first[whole[begin : begin + step], None] + np.arange(length)
            offsets = rng.integers(margin, int(length) - margin + 1, size=(draws, len(rows)))
            total += _turned(bins, rows, offsets)
    return bins.cells[able].sum(axis=0), total


def _turned(bins: Bins, rows: Ints, offsets: Ints) -> Floats:
    """Sum the tables of some stretches of one length over the stretches, for each row of offsets."""
    n = rows.shape[1]
    unknown = min(bins.unknown, n)
    known_inside = bins.inside[rows]
    known_inside[:, :unknown] = False
    free = ~bins.ongoing[rows]
    begun = bins.starts[rows] & free
    still = rfft(known_inside.astype(np.float64))
    place = np.arange(len(rows))

    def inside(moved: Bools) -> Floats:
        if moved.all():  # nothing goes on, so turning it changes nothing
            return np.full(len(offsets), float(known_inside.sum()))
        hits = np.rint(irfft(still * np.conj(rfft(moved.astype(np.float64))), n=n))
        return np.asarray(hits[place, offsets].sum(axis=1), dtype=np.float64)

    def known(moved: Bools) -> Floats:
        """All of them, less those that are turned into the first bins, whose history is unknown."""
        passed = np.zeros((len(rows), n + unknown + 1))
        np.cumsum(np.concatenate((moved, moved[:, :unknown]), axis=1), axis=1, out=passed[:, 1:])
        lost = passed[place, n - offsets + unknown] - passed[place, n - offsets]
        return np.asarray(float(moved.sum()) - lost.sum(axis=1))

    a, r, k, every = inside(begun), known(begun), inside(free), known(free)
    return np.stack((a, k - a, r - a, every - k - r + a), axis=1)
