"""Waiting times of days drawn anew: the Kaplan-Meier median and restricted mean of every draw.

A cue counts in a draw as often as its day was drawn. Which day is at risk at which step hardly ever is not
zero, so scipy's sparse products give all draws at once; a block of draws at a time stays in the processor's
cache.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from caregiving.indices._survival import HALF

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
BLOCK = 32  # draws at a time


@dataclass(frozen=True)
class Drawn:
    """One figure for each draw: the median wait (infinite where not reached) and the restricted mean (s)."""

    median: Floats
    mean: Floats


def drawn(wait: Floats, answered: Bools, day: Ints, weights: Floats, horizon: float | None = None) -> Drawn:
    """Return median and restricted mean wait of each row of weights.

    Parameters: `wait` s, `answered`, `day` (a number from 0 on) of each cue, shape (n,); `weights` how often
    each day counts, whole numbers, shape (draws, days); `horizon` s of the restricted mean, NaN without one.
    A draw in which nobody waits any more keeps its last share.

    >>> two = drawn(
    ...     np.array([2.0, 9.0]), np.array([True, False]), np.array([0, 1]), np.array([[1.0, 1], [2, 0]]), 9
    ... )
    >>> two.median.tolist(), two.mean.tolist()
    ([2.0, 2.0], [5.5, 2.0])
    """
    time, shares = _shares(wait, answered, day, weights)
    later, median, mean = np.append(time, np.inf), [], []
    inside = time[time < horizon] if horizon is not None else time[:0]
    widths = np.diff(np.concatenate(([0.0], inside, [np.nan if horizon is None else horizon])))
    for share in shares:
        median.append(later[np.count_nonzero(share > HALF, axis=0)])
        mean.append(widths[0] + widths[1:] @ share[: len(inside)])
    return Drawn(np.concatenate(median), np.concatenate(mean))


def _shares(wait: Floats, answered: Bools, day: Ints, weights: Floats) -> tuple[Floats, Iterator[Floats]]:
    """Return the times of answers, and block by block the share still waiting after each, times x draws."""
    every, place = np.unique(wait, return_inverse=True)
    moves = (
        np.bincount(place[answered], minlength=len(every)) > 0
    )  # the curve moves only where one was answered
    last = (
        np.cumsum(moves)[place] - 1
    )  # the last step at which a cue still waits; -1 for one that left before all
    shape, waits = (int(moves.sum()), weights.shape[1]), last >= 0
    leaving = csr_array((np.ones(int(waits.sum())), (last[waits], day[waits])), shape=shape)
    ending = csr_array((np.ones(int(answered.sum())), (last[answered], day[answered])), shape=shape)
    times = weights.T

    def shares() -> Iterator[Floats]:
        for begin in range(0, times.shape[1], BLOCK):
            block = np.ascontiguousarray(times[:, begin : begin + BLOCK])
            gone, share = np.asarray(leaving @ block), np.asarray(ending @ block)
            at_risk = np.cumsum(gone[::-1], axis=0)[::-1]
            np.divide(share, np.maximum(at_risk, 1e-300), out=share)
            np.subtract(1.0, share, out=share)
            yield np.cumprod(share, axis=0, out=share)

    return every[moves], shares()
