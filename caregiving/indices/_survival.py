"""Waiting times of which some end unanswered: the Kaplan-Meier curve and what is read off it.

Written here rather than called from scipy (`scipy.stats.ecdf` gives the same curve and is the check in the
tests) because the limits of the median, the restricted mean with the variance of its estimator, and each
cue's influence on the curve are needed from the same counts. Ties are exact: equal times share one step.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

Floats = NDArray[np.float64]
Z95 = float(ndtri(0.975))
HALF = 0.5 + 1e-9  # a product of fractions that is one half on paper may miss it by a rounding error


@dataclass(frozen=True)
class Curve:
    """A Kaplan-Meier curve. One entry for each distinct time at which something was answered.

    `time` (s), `at_risk` cues still waiting just before it, `answered` at it, `share` S(t) still waiting
    after it, `green` the running sum of d / (n (n - d)), infinite once nobody waits; `longest` the longest
    wait seen.
    """

    time: Floats
    at_risk: Floats
    answered: Floats
    share: Floats
    green: Floats
    longest: float

    def waiting(self, t: float) -> float:
        """Return S(t), the share still waiting just after t seconds."""
        step = int(np.searchsorted(self.time, t, side="right"))
        return float(self.share[step - 1]) if step else 1.0

    def green_at(self, t: float) -> float:
        """Return Greenwood's sum at t: the variance of S(t) is S(t) squared times this."""
        step = int(np.searchsorted(self.time, t, side="right"))
        return float(self.green[step - 1]) if step else 0.0

    def median(self) -> float:
        """Return the first time at which at most half still wait; NaN when it is not reached."""
        below = np.flatnonzero(self.share <= HALF)
        return float(self.time[below[0]]) if len(below) else float("nan")

    def band(self) -> tuple[Floats, Floats]:
        """Return 95 % log-log limits of S at each time; NaN where S is 0 or 1."""
        with np.errstate(divide="ignore", invalid="ignore"):
            spread = Z95 * np.sqrt(self.green) / np.abs(np.log(self.share))
            low, high = self.share ** np.exp(spread), self.share ** np.exp(-spread)
        defined = (self.share > 0) & (self.share < 1)
        return np.where(defined, low, np.nan), np.where(defined, high, np.nan)

    def waiting_limits(self, t: float) -> tuple[float, float]:
        """Return 95 % log-log limits of S(t); NaN where S is 0 or 1."""
        step = int(np.searchsorted(self.time, t, side="right"))
        if not step:
            return float("nan"), float("nan")
        low, high = self.band()
        return float(low[step - 1]), float(high[step - 1])

    def median_limits(self) -> tuple[float, float]:
        """Return 95 % limits of the median, by inverting the band (Brookmeyer, Crowley); NaN: not reached."""
        low, high = self.band()  # NaN where S is 1 or 0: no limit is read off there
        first, last = np.flatnonzero(low <= HALF), np.flatnonzero(high <= HALF)
        return (
            float(self.time[first[0]]) if len(first) else float("nan"),
            float(self.time[last[0]]) if len(last) else float("nan"),
        )

    def restricted_mean(self, horizon: float) -> tuple[float, float]:
        """Return the mean wait up to the horizon (s) and its standard error.

        The area under S from 0 to the horizon; Var = sum over answers of A^2 d / (n (n - d)), with A the area
        still to come. NaN when no wait was followed so long.
        """
        followed = self.longest >= horizon  # False too when nothing was seen and the longest wait is NaN
        if not followed and (not len(self.share) or self.share[-1] > 0):
            return float("nan"), float("nan")
        inside = self.time < horizon
        edges = np.concatenate(([0.0], self.time[inside], [horizon]))
        heights = np.concatenate(([1.0], self.share[inside]))
        pieces = heights * np.diff(edges)
        to_come = pieces[::-1].cumsum()[::-1][1:]
        steps = np.diff(np.concatenate(([0.0], self.green[inside])))
        with np.errstate(invalid="ignore"):
            terms = np.where(to_come > 0, to_come**2 * steps, 0.0)
        return float(pieces.sum()), float(np.sqrt(terms.sum()))


def curve(wait: ArrayLike, answered: ArrayLike) -> Curve:
    """Return the Kaplan-Meier curve of waiting times.

    Parameters: `wait` seconds (>= 0) each cue was followed; `answered` whether it ended in an answer. A wait
    that ended unanswered at the same time as an answer counts as still at risk there.

    >>> curve([6, 10, 10, 60], [True, True, False, False]).share.round(4).tolist()
    [0.75, 0.5]
    """
    waits = np.asarray(wait, dtype=np.float64)
    ended = np.asarray(answered, dtype=bool)
    time, counts = np.unique(waits[ended], return_counts=True)
    d = counts.astype(np.float64)
    n = (len(waits) - np.searchsorted(np.sort(waits), time, side="left")).astype(np.float64)
    with np.errstate(divide="ignore"):
        green = np.cumsum(d / (n * (n - d)))
    longest = float(waits.max()) if len(waits) else float("nan")
    share = np.cumprod(1 - d / n, dtype=np.float64)
    return Curve(time, n, d, share, green, longest)


def influence(wait: ArrayLike, answered: ArrayLike, t: float) -> Floats:
    """Return each cue's influence on S(t): how S(t) would move if that cue counted a little more.

    The derivative of S(t) = prod (1 - d_j / n_j) by the weight of each cue. Without censoring it is
    (1 if still waiting else 0) - S(t), over n: the residual of an ordinary share.

    >>> influence([6, 10, 90, 90], [True, True, False, False], 30).tolist()
    [-0.125, -0.125, 0.125, 0.125]
    """
    waits, ended = np.asarray(wait, dtype=np.float64), np.asarray(answered, dtype=bool)
    steps = curve(waits, ended)
    inside = steps.time <= t
    n, d = steps.at_risk[inside], steps.answered[inside]
    left = np.where(n > d, n - d, np.inf)  # once everybody is answered S is 0 and nothing moves it
    stays = np.concatenate(([0.0], np.cumsum(1 / left)))
    passes = np.concatenate(([0.0], np.cumsum(1 / n)))
    reached = np.searchsorted(steps.time[inside], waits, side="right")
    here = ended & (waits <= t)
    lost = np.where(here, 1 / left[np.maximum(reached - 1, 0)] if len(n) else 0.0, 0.0)
    return steps.waiting(t) * (stays[reached] - lost - passes[reached])
