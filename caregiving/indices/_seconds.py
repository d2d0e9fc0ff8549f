"""Watched time cut into short bins, and the answers moved around in it to see what chance alone would do.

Bin k of a stretch holds (k, k + 1] bins' lengths after its start, so a cue in bin k is answered "within W" by
the W / length bins that follow it. What is shorter than a bin at the end of a stretch is left out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, rfft

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
BLOCK = 2_000_000  # numbers held at once while shifting: bounds the memory, not the result
AT_ONCE = 255  # answers added up at once: as many as fit into one of the eight lanes of a number
LANES = np.arange(256, dtype=np.uint64)  # bit k of a byte becomes lane k, eight bits wide, of a number
LANES = np.bitwise_or.reduce([((LANES >> np.uint64(k)) & np.uint64(1)) << np.uint64(8 * k) for k in range(8)])


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
        left_out = np.minimum(self.n, self.unknown)
        lengths = np.stack((left_out, self.n - left_out), axis=1).ravel()
        return np.repeat(np.tile([False, True], len(self.n)), lengths)

    @cached_property
    def known_inside(self) -> Bools:
        """Bins inside a window whose history is known."""
        return self.inside & self.usable

    @cached_property
    def cells(self) -> Floats:
        """The four counts a, b, c, d of each stretch, shape (n_stretches, 4)."""
        counted = self.usable & ~self.ongoing
        begun = counted & self.starts
        a, r = self.each(begun & self.inside), self.each(begun)
        k, every = self.each(counted & self.inside), self.n - self.each(~counted)
        return np.stack((a, k - a, r - a, every - k - r + a), axis=1).astype(np.float64)

    def each(self, marks: Bools) -> Ints:
        """Return how many bins of each stretch are marked."""
        edges = np.append(self.first, len(marks))
        return np.diff(np.searchsorted(np.flatnonzero(marks), edges)).astype(np.int64)


def marked(bins_first: Ints, bins_n: Ints, stretch: Ints, begin: Ints, until: Ints) -> Bools:
    """Mark bins [begin, until) of the given stretches; what sticks out of a stretch is cut off.

    >>> marked(np.array([0]), np.array([5]), np.array([0, 0]), np.array([1, 3]), np.array([2, 9])).astype(int)
    array([0, 1, 0, 1, 1])
    """
    total = int(bins_n.sum())
    begin, until = np.clip(begin, 0, bins_n[stretch]), np.clip(until, 0, bins_n[stretch])
    lasting = until > begin
    begin, until = (bins_first[stretch] + begin)[lasting], (bins_first[stretch] + until)[lasting]
    order = np.argsort(begin, kind="stable")
    begin, reach = begin[order], np.maximum.accumulate(until[order])
    fresh = np.append(True, begin[1:] > reach[:-1]) if len(begin) else np.empty(0, dtype=bool)
    joined = np.stack((begin[fresh], reach[np.append(fresh[1:], True)] if len(begin) else reach), axis=1)
    edges = np.concatenate(([0], joined.ravel(), [total]))
    return np.repeat(np.arange(len(edges) - 1) % 2 == 1, np.diff(edges))


def shifted_cells(bins: Bins, margin: int, draws: int, seed: int) -> tuple[Floats, Floats]:
    """Return the observed table of the stretches that can be shifted, and one a draw, (draws, 4).

    Each draw turns the answers of every stretch round by an offset of its own, drawn evenly from `margin` to
    n - `margin` bins, while the cues' windows stay where they are.
    """
    return bins.cells[bins.n >= 2 * margin + 1].sum(axis=0), turned_tables([bins], margin, draws, seed)[0]


def turned_tables(each: Sequence[Bins], margin: int, draws: int, seed: int) -> list[Floats]:
    """Return the tables of `shifted_cells` for several classes of cues, which share stretches and answers.

    Onsets are few, so each is looked up where its offset takes it. What goes on for many bins is counted at
    all offsets of a stretch at once, as a circular correlation (scipy.fft, rounded back to whole counts).
    """
    rng = np.random.default_rng(seed)
    totals = [np.zeros((draws, 4)) for _ in each]
    one = each[0]
    onset = np.flatnonzero(one.starts & ~one.ongoing)
    bounds = np.searchsorted(onset, np.append(one.first, len(one.starts)))
    busy = one.each(one.ongoing) > 0
    looks = [_looked_up(each[k : k + 4]) for k in range(0, len(each), 4)]
    for whole, offsets in _offsets(one.n, margin, draws, rng):
        answers = np.concatenate([onset[bounds[s] : bounds[s + 1]] for s in whole])
        of = np.repeat(np.arange(len(whole)), bounds[whole + 1] - bounds[whole])
        begun = [pair for look in looks for pair in _begun(look, one, answers, whole[of], offsets[of])]
        for total, bins, (a, lost) in zip(totals, each, begun, strict=False):
            r = len(answers) - lost
            k, every = _free(bins, whole, offsets, busy[whole])
            total += np.stack((a, k - a, r - a, every - k - r + a), axis=1)
    return totals


def _offsets(n: Ints, margin: int, draws: int, rng: np.random.Generator) -> Iterator[tuple[Ints, Ints]]:
    """Yield stretches of one length, some at a time, and how far each is turned, (stretches, draws)."""
    able = n >= 2 * margin + 1
    for length in np.unique(n[able]):
        whole = np.flatnonzero(n == length)
        step = max(1, BLOCK // max(int(length), draws))
        for begin in range(0, len(whole), step):
            part = whole[begin : begin + step]
            offsets = rng.integers(margin, int(length) - margin + 1, size=(draws, len(part)))
            yield part, np.ascontiguousarray(offsets.T)


def _looked_up(each: Sequence[Bins]) -> NDArray[np.uint8]:
    """Return a byte for each bin: for class k, bit 2k says inside and known, bit 2k + 1 says unknown."""
    look = np.zeros(len(each[0].inside), dtype=np.uint8)
    for k, bins in enumerate(each):
        look |= bins.known_inside.astype(np.uint8) << np.uint8(2 * k)
        look |= (~bins.usable).astype(np.uint8) << np.uint8(2 * k + 1)
    return look


def _begun(
    look: NDArray[np.uint8], bins: Bins, answers: Ints, stretch: Ints, offsets: Ints
) -> Iterator[tuple[Floats, Floats]]:
    """Yield for each class how many answers come to lie inside, and how many where history is not known."""
    found = np.zeros((8, offsets.shape[1]))
    end = bins.first[stretch] + bins.n[stretch]
    for begin in range(0, len(answers), AT_ONCE):
        some = slice(begin, begin + AT_ONCE)
        place = answers[some, None] + offsets[some]
        place -= bins.n[stretch[some], None] * (place >= end[some, None])
        lanes = LANES.take(look.take(place)).sum(axis=0)
        found += [(lanes >> np.uint64(8 * k)) & np.uint64(255) for k in range(8)]
    yield from zip(found[::2], found[1::2], strict=True)


def _free(bins: Bins, whole: Ints, offsets: Ints, busy: Bools) -> tuple[Floats, Floats]:
    """Return how many bins without an answer going on lie inside, and how many in all, for each turn."""
    calm = bins.cells[whole[~busy]]
    inside = np.full(offsets.shape[1], float(calm[:, :2].sum()))
    every = np.full(offsets.shape[1], float(calm.sum()))
    if not busy.any():
        return inside, every
    turn, n = offsets[busy], int(bins.n[whole[0]])
    rows = bins.first[whole[busy], None] + np.arange(n)
    place, unknown = np.arange(len(rows))[:, None], min(bins.unknown, n)
    free = ~bins.ongoing[rows]
    still = rfft(bins.known_inside[rows].astype(np.float64))
    hits = np.rint(irfft(still * np.conj(rfft(free.astype(np.float64))), n=n))
    passed = np.zeros((len(rows), n + unknown + 1))
    np.cumsum(np.concatenate((free, free[:, :unknown]), axis=1), axis=1, out=passed[:, 1:])
    lost = passed[place, n - turn + unknown] - passed[place, n - turn]
    return inside + hits[place, turn].sum(axis=0), every + float(free.sum()) - lost.sum(axis=0)
