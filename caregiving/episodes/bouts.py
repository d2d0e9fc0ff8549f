"""Cues of one class that follow each other closely, with no answer between, are one bout."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Bouts:
    """Bouts of one class in order of onset. Positions on the line of watched time; `row` is the first cue."""

    row: Ints
    onset: Ints
    last_onset: Ints
    end: Ints
    n_cues: Ints


def gather(rows: Ints, onset: Ints, end: Ints, span: int, gap: int | None, answers: Ints) -> Bouts:
    """Gather the cues of one class into bouts.

    Parameters: `rows`, `onset`, `end` (the onset again for a point) of each cue in order of onset; `gap` the
    longest pause inside a bout, from the end of one cue to the onset of the next, or None when every cue
    stands alone; `answers` the positions of all answers, sorted. A bout never crosses a stretch of watching.

    >>> cues = (np.array([0, 1, 2]), np.array([0, 8, 30]), np.array([0, 8, 30]))
    >>> gather(*cues, span=100, gap=10, answers=np.array([20])).n_cues
    array([2, 1])
    """
    fresh = np.ones(len(onset), dtype=bool)
    if gap is not None and len(onset):
        reach = np.maximum.accumulate(end)
        answered_before = np.searchsorted(answers, onset, side="left")
        fresh[1:] = (
            (onset[1:] - reach[:-1] > gap)
            | (answered_before[1:] != answered_before[:-1])
            | (onset[1:] // span != onset[:-1] // span)
        )
    first = np.flatnonzero(fresh)
    if not len(first):
        return Bouts(rows, onset, onset, end, onset)
    last = np.append(first[1:], len(onset)) - 1
    return Bouts(rows[first], onset[first], onset[last], np.maximum.reduceat(end, first), last - first + 1)


def settled_at(bouts: Bouts, marks: Ints) -> Ints:
    """Return when each bout was marked as settled, or NEVER.

    A mark belongs to a bout when it comes after its last cue and before the next bout of the class.
    """
    following = np.append(bouts.onset[1:], NEVER)
    mark = np.append(marks, NEVER)[np.searchsorted(marks, bouts.last_onset, side="right")]
    return np.where(mark < following, mark, NEVER)
