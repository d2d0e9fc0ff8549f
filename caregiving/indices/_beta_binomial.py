"""Shares that differ from day to day: the beta-binomial law, fitted by maximum likelihood.

On day d, x_d of n_d cues were answered. Each day has its own share, drawn from a beta law with mean mu and
alpha = mu / theta, beta = (1 - mu) / theta; the day-ICC is rho = 1 / (alpha + beta + 1) = theta / (1 +
theta). Written here, since
`scipy.stats.betabinom` has no fit and loses its digits as rho goes to 0: with the gamma functions multiplied
out,

    log P(x) = log C(n, x) + sum_{i<x} log(mu + i theta) + sum_{i<n-x} log(1 - mu + i theta) - sum_{i<n} log(1
    + i theta),

which is exact at rho = 0 (the binomial law) and concave in mu. scipy finds the roots and the optimum.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq, minimize_scalar
from scipy.special import chdtrc, gammaln

Floats = NDArray[np.float64]
DROP = 1.92  # of the log likelihood: half the 95 % point of chi-square with one degree of freedom
LARGEST = 1 - 1e-6  # a day-ICC of 1 itself would be a likelihood of its own kind
GRID = np.concatenate(([0.0], np.geomspace(1e-4, 0.9, 24), [0.97, 0.99, LARGEST]))


@dataclass(frozen=True)
class Days:
    """Days with x_d of n_d answered, as counts of the factors of the likelihood.

    `yes[i]` days with more than i answered cues, `no[i]` with more than i unanswered, `all[i]` with more than
    i cues.
    """

    yes: Floats
    no: Floats
    all: Floats
    constant: float

    def log_likelihood(self, mu: float, rho: float) -> float:
        """Return the log likelihood of mean mu in (0, 1) and day-ICC rho in [0, 1)."""
        theta = rho / (1 - rho)
        i = np.arange(len(self.all))
        parts = (self.yes, mu + i * theta), (self.no, 1 - mu + i * theta), (-self.all, 1 + i * theta)
        return self.constant + float(sum(times @ np.log(term) for times, term in parts))

    def best_mean(self, rho: float) -> float:
        """Return the mean with the highest likelihood at this rho: the root of a falling slope."""
        theta = rho / (1 - rho)
        i = np.arange(len(self.all)) * theta

        def slope(mu: float) -> float:
            return float(self.yes @ (1 / (mu + i)) - self.no @ (1 / (1 - mu + i)))

        return float(brentq(slope, 1e-12, 1 - 1e-12, xtol=1e-13))

    def profile(self, rho: float) -> float:
        """Return the highest log likelihood that any mean reaches at this rho."""
        return self.log_likelihood(self.best_mean(rho), rho)


def days_of(x: ArrayLike, n: ArrayLike) -> Days:
    """Count the factors of the likelihood of days with x answered of n cues, both whole numbers."""
    answered, cues = np.asarray(x, dtype=np.int64), np.asarray(n, dtype=np.int64)
    size = int(cues.max(initial=0))

    def more_than(counts: NDArray[np.int64]) -> Floats:
        tally = np.bincount(counts, minlength=size + 1)
        return (len(counts) - np.cumsum(tally))[:size].astype(np.float64)

    ways = gammaln(cues + 1) - gammaln(answered + 1) - gammaln(cues - answered + 1)
    return Days(more_than(answered), more_than(cues - answered), more_than(cues), float(ways.sum()))


@dataclass(frozen=True)
class DayFit:
    """What was fitted: mean, day-ICC with profile limits, and the test of no difference between days.

    All NaN when every cue of every day went the same way, since then nothing tells how much days differ.
    """

    mu: float
    rho: float
    low: float
    high: float
    log_likelihood: float
    log_likelihood_binomial: float
    p: float

    @property
    def alpha(self) -> float:
        """The first parameter of the beta law of days, infinite when days do not differ."""
        return self.mu * (1 - self.rho) / self.rho if self.rho else float("inf")

    @property
    def beta(self) -> float:
        """The second parameter of the beta law of days, infinite when days do not differ."""
        return (1 - self.mu) * (1 - self.rho) / self.rho if self.rho else float("inf")

    @property
    def sd_true(self) -> float:
        """The SD of the days' own shares beyond chance: sqrt(rho mu (1 - mu)), 0 to 1/2."""
        return float(np.sqrt(self.rho * self.mu * (1 - self.mu)))

    @property
    def consistency(self) -> float:
        """C = 1 - sqrt(rho): 1 every day the same, 0 all-or-nothing days."""
        return 1 - float(np.sqrt(self.rho))

    def day_shares(self, x: ArrayLike, n: ArrayLike) -> Floats:
        """Return each day's share drawn towards the mean: (x_d + alpha) / (n_d + alpha + beta)."""
        theta = self.rho / (1 - self.rho)
        return (theta * np.asarray(x, dtype=np.float64) + self.mu) / (
            theta * np.asarray(n, dtype=np.float64) + 1
        )


UNKNOWN = DayFit(*[float("nan")] * 7)


def day_fit(x: ArrayLike, n: ArrayLike) -> DayFit:
    """Fit the beta-binomial law to days with x answered of n cues.

    Parameters: `x`, `n` whole numbers, shape (n_days,), 0 <= x <= n; days without cues do not matter.
    Returns: the fit; rho in [0, 1), its limits where the profile log likelihood has dropped by 1.92 (0 and 1
    where it never does); p of the one-sided test of rho = 0, half the upper tail of chi-square with one
    degree of freedom, 1 when rho is 0. `UNKNOWN` when all or none of the cues were answered. Source:
    `beta_binomial_days`.

    >>> fit = day_fit([8, 3, 6, 9, 2, 7], [10, 9, 8, 12, 7, 10])
    >>> round(fit.alpha, 3), round(fit.beta, 3), round(fit.rho, 4), round(fit.consistency, 3)
    (9.844, 6.129, 0.0589, 0.757)
    """
    answered, cues = int(np.sum(x)), int(np.sum(n))
    if not 0 < answered < cues or int(np.max(n)) < 2:
        return UNKNOWN
    days = days_of(x, n)
    rough = int(np.argmax([days.profile(rho) for rho in GRID]))
    around = float(GRID[max(rough - 1, 0)]), float(GRID[min(rough + 1, len(GRID) - 1)])
    fine = minimize_scalar(
        lambda rho: -days.profile(rho), bounds=around, method="bounded", options={"xatol": 1e-9}
    )
    rho = max((float(fine.x), float(GRID[rough])), key=days.profile)
    top, binomial = days.profile(rho), days.profile(0.0)
    low, high = _profile_limits(days, rho, top)
    gain = 2 * (top - binomial)
    p = float(chdtrc(1, gain)) / 2 if gain > 1e-9 else 1.0
    return DayFit(days.best_mean(rho), rho, low, high, top, binomial, p)


def _profile_limits(days: Days, rho: float, top: float) -> tuple[float, float]:
    """Return the two places where the profile log likelihood lies 1.92 below its top."""

    def above(at: float) -> float:
        return days.profile(at) - (top - DROP)

    low = float(brentq(above, 0.0, rho)) if above(0.0) < 0 else 0.0
    high = float(brentq(above, rho, LARGEST)) if above(LARGEST) < 0 else 1.0
    return low, high
