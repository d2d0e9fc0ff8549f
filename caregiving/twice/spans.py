"""Stretches of time from start to end: those that meet joined, what lies in two lists, what lies outside."""

from collections.abc import Iterable

import numpy as np

Spans = list[tuple[float, float]]


def joined(spans: Iterable[tuple[float, float]]) -> Spans:
    """Return the stretches in order, those that overlap or touch as one.

    >>> joined([(20, 30), (0, 10), (10, 15)])
    [(0, 15), (20, 30)]
    """
    found: Spans = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def shared(one: Spans, other: Spans) -> Spans:
    """Return the time that lies in both of two lists of stretches, each in order and without overlaps.

    >>> shared([(0, 10), (20, 30)], [(5, 25)])
    [(5, 10), (20, 25)]
    """
    found, i, j = [], 0, 0
    while i < len(one) and j < len(other):
        start, end = max(one[i][0], other[j][0]), min(one[i][1], other[j][1])
        if start < end:
            found.append((start, end))
        i, j = (i + 1, j) if one[i][1] < other[j][1] else (i, j + 1)
    return found


def gaps(spans: Spans) -> Spans:
    """Return all time outside the stretches, which are in order and without overlaps.

    >>> gaps([(0.0, 10.0)])
    [(-inf, 0.0), (10.0, inf)]
    """
    ends = [-np.inf, *(end for _start, end in spans)]
    starts = [*(start for start, _end in spans), np.inf]
    return list(zip(ends, starts, strict=True))


def length(spans: Spans) -> float:
    """Return how long the stretches are together."""
    return float(sum(end - start for start, end in spans))
