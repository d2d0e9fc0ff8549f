"""Which answer belongs to which cue: three rules, each exact with ties and free of loops over events.

All take cues and answers, each in order of time, as positions on the line of watched time: `latest` wants its
cues in order of `onset`, the other two in order of `first`. An answer can serve cue i when it lies in
[`first`[i], `last`[i]], both ends included. All return, for every cue, the number of the answer that it gets,
or -1.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Rule = Callable[[Ints, Ints, Ints, Ints], Ints]
NEVER = np.iinfo(np.int64).max
BLOCK = 1 << 17  # so many moments at a time, so that what is looked up stays in the processor's cache


def any_in_window(onset: Ints, first: Ints, last: Ints, answers: Ints) -> Ints:
    """Rule A: every cue takes the first answer in its window; one answer may serve several cues.

    >>> any_in_window(*(np.array(x) for x in ([0, 5], [0, 5], [60, 65], [10])))
    array([0, 0])
    """
    credited = np.full(len(first), -1, dtype=np.int64)
    if not len(answers):
        return credited
    for block, begin, near in _side_by_side(first, answers, "left"):
        index = _at_or_after(near, first[block])
        served = (index >= 0) & (near.take(index, mode="clip") <= last[block])
        credited[block] = (index + begin + 1) * served - 1  # quicker than choosing one by one
    return credited


def latest(onset: Ints, first: Ints, last: Ints, answers: Ints) -> Ints:
    """Credit every answer to the latest cue before it; that cue keeps the first answer it gets.

    >>> latest(*(np.array(x) for x in ([0, 5], [0, 5], [60, 65], [10])))
    array([-1,  0])
    """
    credited = np.full(len(onset), -1, dtype=np.int64)
    if not len(onset):
        return credited
    for block, begin, near in reversed(list(_side_by_side(answers, onset, "right"))):
        answer, ahead = answers[block], slice(begin, begin + len(near))
        cue = _at_or_before(near, answer)
        serves = (cue >= 0) & (answer >= first[ahead].take(cue)) & (answer <= last[ahead].take(cue))
        number = np.flatnonzero(serves)[::-1]  # written backwards, so the first answer stands
        credited[begin + cue[number]] = block.start + number
    return credited


def earliest_unanswered(onset: Ints, first: Ints, last: Ints, answers: Ints) -> Ints:
    """Rule B: every answer serves once, the earliest cue that still waits and can still be served.

    Cues queue up. If every cue waits its turn, cue i gets answer i + max over j <= i of (first_j - j), where
    first_j is the first answer that j could take. A busy stretch, in which each turn waits for the one
    before, is done when nobody in it comes too late. Else the first cue whose turn comes too late leaves the
    queue, and so do those behind it for whom that answer is too late as well; then the queue of that stretch
    is formed anew. Every round passes at least one answer in each stretch, so few rounds are needed.

    >>> earliest_unanswered(*(np.array(x) for x in ([0, 5], [0, 5], [60, 65], [10])))
    array([ 0, -1])
    """
    credited = np.full(len(onset), -1, dtype=np.int64)
    padded = np.append(answers, NEVER)
    earliest = any_in_window(onset, first, last, answers)
    waiting = np.flatnonzero(earliest >= 0)  # the others have no answer in reach at all
    earliest, until = earliest[waiting], last[waiting]
    while len(waiting):
        place = np.arange(len(waiting))
        turn = place + np.maximum.accumulate(earliest - place)
        answer = padded[np.minimum(turn, len(answers))]
        lates = np.flatnonzero(answer > until)
        if not len(lates):
            credited[waiting] = turn
            break
        begins = np.append(True, earliest[1:] > turn[:-1])
        stretch = np.cumsum(begins) - 1
        first_late = np.full(stretch[-1] + 1, len(waiting))
        first_late[stretch[lates][::-1]] = lates[::-1]  # written backwards, so the first one stands
        late_from = first_late[stretch]
        done = late_from == len(waiting)
        credited[waiting[done]] = turn[done]
        again = np.flatnonzero(~done)
        stays = (again < late_from[again]) | (until[again] >= answer[late_from[again]])
        again = again[stays]
        waiting, earliest, until = waiting[again], earliest[again], until[again]
    return credited


def _side_by_side(
    moments: Ints, marks: Ints, side: Literal["left", "right"]
) -> Iterator[tuple[slice, int, Ints]]:
    """Yield the moments in blocks, each with the number of the first mark around it and those marks."""
    edges = np.append(marks.searchsorted(moments[::BLOCK], side=side), len(marks)).tolist()
    for number, (begin, end) in enumerate(pairwise(edges)):
        since = max(begin - 1, 0)  # the mark before the block, which its first moments may look back to
        yield slice(number * BLOCK, (number + 1) * BLOCK), since, marks[since : end + 1]


def _at_or_after(marks: Ints, moments: Ints) -> Ints:
    """Return the number of the first mark at or after each moment, or -1."""
    index = pd.Index(marks)
    if not index.is_unique:
        found = marks.searchsorted(moments, side="left")
        return np.where(found < len(marks), found, -1)
    return index.get_indexer(pd.Index(moments), method="backfill")  # one merge, faster than many searches


def _at_or_before(marks: Ints, moments: Ints) -> Ints:
    """Return the number of the last mark at or before each moment, or -1."""
    index = pd.Index(marks)
    if not index.is_unique:
        return marks.searchsorted(moments, side="right") - 1
    return index.get_indexer(pd.Index(moments), method="pad")


RULES: Final[dict[str, Rule]] = {
    "any": any_in_window,
    "latest": latest,
    "earliest_unanswered": earliest_unanswered,
}
