"""Answers remembered only roughly ("after 1 minute, before 5"): Turnbull's estimate of the wait.

Written here, since no library used here has it: the mass can only lie on the innermost intervals, those that
begin with the start of some bracket and end with the end of the next one to end; the EM rule then shares it
out among them.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
ROUNDS, CLOSE, SMALL = 5_000, 1e-9, 1e-3


def turnbull(low: ArrayLike, high: ArrayLike) -> tuple[Floats, Floats]:
    """Return the nonparametric maximum-likelihood estimate from brackets: its intervals and the mass of each.

    Parameters: `low`, `high` in seconds, shape (n,): the wait w lies in low < w <= high, or is exact where
    both are equal;
    `high` infinite (or NaN) when no answer had come by `low`. Returns: intervals (m, 2), in order, and mass
    (m,), which adds up to 1; empty for no brackets. Where inside an interval its mass lies cannot be told.
    EM with leaps (SQUAREM) over distinct brackets until no interval could gain more than 1e-9 of the
    likelihood's slope (the Kuhn-Tucker conditions), so with exact waits and right-censoring it is the
    Kaplan-Meier estimate. Refused: brackets with high < low are left out. Source: `turnbull_npmle`.

    Everybody says "within a minute", one of two "at least half a minute": all mass where both can be true.

    >>> intervals, mass = turnbull([0, 30], [60, 60])
    >>> intervals.tolist(), mass.tolist()
    ([[30.0, 60.0]], [1.0])
    """
    begin, end = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    end = np.where(np.isnan(end), np.inf, end)
    kept = np.isfinite(begin) & (end >= begin)
    if not kept.any():
        return np.empty((0, 2)), np.empty(0)
    brackets, count = np.unique(np.stack((begin[kept], end[kept]), axis=1), axis=0, return_counts=True)
    intervals, member = _innermost(brackets)
    return intervals, _em(member, count.astype(np.float64))


def _innermost(brackets: Floats) -> tuple[Floats, Floats]:
    """Return the innermost intervals, and which of them (1 or 0) each bracket holds.

    At one moment an exact wait opens first (it holds the moment itself), then brackets end (they hold it
    too), then others begin (they do not).
    """
    begin, end = brackets[:, 0], brackets[:, 1]
    opens = np.where(begin == end, 0, 2)
    value = np.concatenate((begin, end))
    kind = np.concatenate((opens, np.ones(len(end), dtype=np.int64)))
    order = np.lexsort((kind, value))
    rank = np.empty(len(order), dtype=np.int64)
    # equal value and kind share a rank, so that equal starts are one start
    before, after = order[:-1], order[1:]
    fresh = np.append(False, (value[before] != value[after]) | (kind[before] != kind[after]))
    rank[order] = np.cumsum(fresh)
    starts, ends = rank[: len(begin)], rank[len(begin) :]
    is_end = kind[order] == 1
    edge = np.flatnonzero(~is_end[:-1] & is_end[1:])
    left, right = order[edge], order[edge + 1]
    intervals = np.stack((value[left], value[right]), axis=1)
    member = (starts[:, None] <= rank[left]) & (rank[right] <= ends[:, None])
    return intervals, member.astype(np.float64)


def _em(member: Floats, count: Floats) -> Floats:
    """Return the masses of highest likelihood: each bracket gives its weight to its intervals in turn.

    Mass that goes to 0 does so slowly, so intervals with little of it are then tried without any, and stay
    without when the likelihood has its top there too.
    """
    mass = _climbed(member, count)
    kept = mass >= SMALL
    if not kept.all() and (member[:, kept].sum(axis=1) > 0).all():
        fewer = np.zeros(len(mass))
        fewer[kept] = _climbed(member[:, kept], count)
        if _slope(member, count, fewer).max() <= 1 + 2 * CLOSE:
            mass = fewer
    return np.asarray(mass / mass.sum())


def _slope(member: Floats, count: Floats, mass: Floats) -> Floats:
    """Return how fast the mean log likelihood rises with each mass; at its top no slope exceeds 1."""
    return np.asarray((count / (member @ mass)) @ member / count.sum())


def _climbed(member: Floats, count: Floats) -> Floats:
    """Climb by the EM rule; every third step leaps ahead along the way so far, if that is no step down."""
    mass = np.full(member.shape[1], 1 / member.shape[1])
    for _ in range(ROUNDS):
        slope = _slope(member, count, mass)
        if slope.max() <= 1 + CLOSE:
            break
        once = mass * slope
        twice = once * _slope(member, count, once)
        step, bend = once - mass, twice - 2 * once + mass
        length = max(1.0, float(np.sqrt((step @ step) / max(float(bend @ bend), 1e-300))))
        leap = np.maximum(mass + 2 * length * step + length**2 * bend, 1e-12)
        leap /= leap.sum()
        ahead = count @ np.log(member @ leap) > count @ np.log(member @ twice)
        mass = leap if ahead else twice
    return mass


def by(intervals: Floats, mass: Floats, seconds: float) -> tuple[float, float]:
    """Return the least and the most mass that can lie at or before some seconds.

    >>> by(np.array([[0.0, 30.0], [30.0, 90.0]]), np.array([0.5, 0.5]), 60)
    (0.5, 1.0)
    """
    surely = intervals[:, 1] <= seconds
    perhaps = (intervals[:, 0] < seconds) | surely
    return float(mass[surely].sum()), float(mass[perhaps].sum())


def median_bracket(intervals: Floats, mass: Floats) -> tuple[float, float]:
    """Return the interval in which the median must lie; NaN without any mass, high infinite when not reached.

    >>> median_bracket(np.array([[0.0, 30.0], [30.0, 90.0]]), np.array([0.4, 0.6]))
    (30.0, 90.0)
    """
    if not len(mass):
        return float("nan"), float("nan")
    step = int(np.flatnonzero(np.cumsum(mass) >= 0.5 - 1e-6)[0])
    return float(intervals[step, 0]), float(intervals[step, 1])
