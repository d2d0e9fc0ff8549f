"""Kaplan-Meier curves of very many groups at once: what is read off each, without a loop over groups.

The same figures as `_survival.curve` gives one group at a time. Waits are read to the microsecond, and each
becomes one whole number, time x 2 + (0 answered, 1 not), so that plain sorting puts them in order with
answers first among equal times. Groups of similar size lie in one block as the rows of a matrix, flush right,
so that the number still waiting is the same down a column. Taking tied answers one by one, (n - 1) / n and
then (n - 2) / (n - 1), ends at the same (n - d) / n, so that ties stay exact. The running product is taken
within a row and never across groups, where sums of logarithms would lose digits.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from caregiving.indices._survival import HALF

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
US = 1_000_000
NOBODY = -1  # fills up the rows of smaller groups: before every time, and not answered
CELLS = 1 << 17  # of a block, so that it stays in the processor's cache


@dataclass(frozen=True)
class Figures:
    """One entry a group: `n` cues, `answers`, `median_s`, and `mean_s` up to the horizon with `error_s`."""

    n: Ints
    answers: Ints
    median_s: Floats
    mean_s: Floats
    error_s: Floats


def many_curves(
    group: ArrayLike,
    wait_s: ArrayLike,
    answered: ArrayLike,
    n_groups: int | None = None,
    horizon_s: float | None = None,
) -> Figures:
    """Return the Kaplan-Meier median and restricted mean of every group.

    Parameters: one entry a cue: `group` its group's number from 0 on, in any order (in order is faster);
    `wait_s` seconds (>= 0) it was followed; `answered` whether that ended in an answer. `n_groups` when the
    last groups may be empty; `horizon_s` of the restricted mean, which is left out (NaN) when None.
    Returns: seconds >= 0. The median is NaN when more than half still wait at the end, the mean when nobody
    was followed to the horizon while some still wait; both are NaN in an empty group.
    Source: `kaplan_meier_1958`.

    >>> waits, answered = [6, 10, 10, 60, 5], [True, True, False, False, True]
    >>> found = many_curves([0, 0, 0, 0, 1], waits, answered, horizon_s=60)
    >>> found.median_s.tolist(), found.mean_s.tolist()
    ([10.0, 5.0], [34.0, 5.0])
    """
    number, ended = np.asarray(group, dtype=np.int64), np.asarray(answered, dtype=bool)
    wait = np.asarray(wait_s, dtype=np.float64)
    if (number[1:] < number[:-1]).any():
        order = np.argsort(number, kind="stable")
        number, wait, ended = number[order], wait[order], ended[order]
    n = np.bincount(number, minlength=n_groups or 0)
    answers = np.zeros_like(n)
    median, mean, error = (np.full(len(n), np.nan, dtype=np.float64) for _ in range(3))
    for rows, waits in _blocks(wait, ended, n):
        open_ended = (waits & 1).astype(bool)
        at_risk = np.arange(waits.shape[1], 0, -1, dtype=np.float64)
        share = np.where(open_ended, 1.0, (at_risk - 1) / at_risk)
        np.cumprod(share, axis=1, out=share)
        answers[rows] = waits.shape[1] - np.count_nonzero(open_ended, axis=1)
        median[rows] = _medians(waits, share)
        if horizon_s is not None:
            mean[rows], error[rows] = _means(waits, share, at_risk, horizon_s)
    return Figures(n, answers, median, mean, error)


def _blocks(wait: Floats, ended: NDArray[np.bool_], n: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Yield the numbers of some groups of similar size and their waits, a sorted row a group."""
    by_size = np.argsort(n, kind="stable")
    by_size = by_size[n[by_size] > 0]
    ends, done = np.cumsum(n), 0
    while done < len(by_size):
        guess = by_size[done : done + max(1, CELLS // int(n[by_size[done]]))]
        rows = guess[: max(1, int(np.sum(np.arange(1, len(guess) + 1) * n[guess] <= CELLS)))]
        from_right = np.arange(n[rows[-1]], 0, -1)
        at = ends[rows, None] - from_right
        times = np.rint(wait.take(at, mode="clip") * US).astype(np.int64)
        waits = np.where(from_right <= n[rows, None], (times << 1) | ~ended.take(at, mode="clip"), NOBODY)
        waits.sort(axis=1)
        yield rows, waits
        done += len(rows)


def _medians(waits: Ints, share: Floats) -> Floats:
    """Return the first time at which at most half still wait; NaN when that is not reached."""
    below = share <= HALF
    first = below.argmax(axis=1)
    row = np.arange(len(waits))
    return np.where(below[row, first], (waits[row, first] >> 1) / US, np.nan)


def _means(waits: Ints, share: Floats, at_risk: Floats, horizon_s: float) -> tuple[Floats, Floats]:
    """Return the area under each curve up to the horizon, and the standard error of that mean."""
    time = np.clip((waits >> 1) / US, 0.0, horizon_s)
    edge = np.zeros((len(waits), 1))
    pieces = np.diff(np.concatenate((edge, time, edge + horizon_s), axis=1), axis=1)
    pieces[:, 1:] *= share
    to_come = pieces[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1:]
    counts = (waits & 1 == 0) & (to_come > 0)
    terms = np.where(counts, to_come**2 / (at_risk * np.maximum(at_risk - 1, 1)), 0.0)
    known = (waits[:, -1] >> 1 >= horizon_s * US) | (share[:, -1] <= 0)
    return np.where(known, pieces.sum(axis=1), np.nan), np.where(known, np.sqrt(terms.sum(axis=1)), np.nan)
