"""Which answer belongs to which cue: three rules, each exact with ties and free of loops over events.

All take cues in order of their onset and answers in order of time, as positions on the line of watched time.
An answer can serve cue i when it lies in [`first`[i], `last`[i]], both ends included. All return, for every
cue, the number of the answer that it gets, or -1.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Rule = Callable[[Ints, Ints, Ints, Ints], Ints]


def any_in_window(onset: Ints, first: Ints, last: Ints, answers: Ints) -> Ints:
    """Rule A: every cue takes the first answer in its window; one answer may serve several cues.

    >>> any_in_window(*(np.array(x) for x in ([0, 5], [0, 5], [60, 65], [10])))
    array([0, 0])
    """
    index = np.searchsorted(answers, first, side="left")
    found = np.append(answers, np.iinfo(np.int64).max)[index] <= last
    return np.where(found, index, -1)


def latest(onset: Ints, first: Ints, last: Ints, answers: Ints) -> Ints:
    """Credit every answer to the latest cue before it; that cue keeps the first answer it gets.

    >>> latest(*(np.array(x) for x in ([0, 5], [0, 5], [60, 65], [10])))
    array([-1,  0])
    """
    credited = np.full(len(onset), -1, dtype=np.int64)
    cue = np.searchsorted(onset, answers, side="right") - 1
    at = np.maximum(cue, 0)
    if not len(onset):
        return credited
    serves = np.flatnonzero((cue >= 0) & (answers >= first[at]) & (answers <= last[at]))
    credited[cue[serves][::-1]] = serves[::-1]  # written backwards, so the first answer stands
    return credited


def earliest_unanswered(onset: Ints, first: Ints, last: Ints, answers: Ints) -> Ints:
    """Rule B: every answer serves once, the earliest cue that still waits and can still be served.

    Cues queue up. If every cue waits its turn, cue i gets answer i + max over j <= i of (first_j - j), where
    first_j is the first answer that j could take. A cue whose turn comes too late leaves the queue, and so do
    those behind it in the same busy stretch for whom that answer is too late as well; then the queue is
    formed anew. Every round passes at least one answer in each busy stretch, so few rounds are needed.

    >>> earliest_unanswered(*(np.array(x) for x in ([0, 5], [0, 5], [60, 65], [10])))
    array([ 0, -1])
    """
    credited = np.full(len(onset), -1, dtype=np.int64)
    padded = np.append(answers, np.iinfo(np.int64).max)
    earliest = np.searchsorted(answers, first, side="left")
    waiting = np.flatnonzero(padded[earliest] <= last)  # the others have no answer in reach at all
    while len(waiting):
        place = np.arange(len(waiting))
        turn = place + np.maximum.accumulate(earliest[waiting] - place)
        answer = padded[np.minimum(turn, len(answers))]
        late = answer > last[waiting]
        if not late.any():
            credited[waiting] = turn
            return credited
        stretch = np.cumsum(np.append(True, earliest[waiting][1:] > turn[:-1])) - 1
        lates = np.flatnonzero(late)
        first_late = np.full(stretch[-1] + 1, len(waiting))
        np.minimum.at(first_late, stretch[lates], lates)
        too_late_for = np.append(answer, 0)[first_late]  # 0: a stretch in which nobody is late
        leaves = (place >= first_late[stretch]) & (last[waiting] < too_late_for[stretch])
        waiting = waiting[~leaves]
    return credited


RULES: Final[dict[str, Rule]] = {
    "any": any_in_window,
    "latest": latest,
    "earliest_unanswered": earliest_unanswered,
}
