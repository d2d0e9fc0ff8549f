"""How much a daily share changes from one day to the next, beyond what chance alone would change."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from caregiving.indices._days import day_weights
from caregiving.indices._survival import Z95

Floats = NDArray[np.float64]
DRAWS = 999
UNKNOWN = float("nan"), float("nan")


def mean_squared_change(series: ArrayLike) -> float:
    """Return MSSD, the mean of (x_{d+1} - x_d)^2 over successive values; NaN for fewer than two.

    >>> round(mean_squared_change([0.80, 0.55, 0.75, 0.60, 0.85, 0.50, 0.70]) ** 0.5, 4)
    0.2415
    """
    change = np.diff(np.asarray(series, dtype=np.float64))
    return float(np.mean(change**2)) if len(change) else float("nan")


def von_neumann(series: ArrayLike) -> float:
    """Return von Neumann's ratio, MSSD / s^2: about 2 without order; NaN when nothing varies.

    >>> round(von_neumann([0.80, 0.55, 0.75, 0.60, 0.85, 0.50, 0.70]), 3)
    3.356
    """
    values = np.asarray(series, dtype=np.float64)
    variance = float(values.var(ddof=1)) if len(values) > 1 else 0.0
    return mean_squared_change(values) / variance if variance else float("nan")


@dataclass(frozen=True)
class DayChanges:
    """RMSSD (points, binomial noise subtracted), von Neumann's ratio, and their 95 % limits."""

    pairs: int
    rmssd_pp: float = float("nan")
    rmssd_limits: tuple[float, float] = UNKNOWN
    von_neumann: float = float("nan")
    von_neumann_limits: tuple[float, float] = UNKNOWN


def day_changes(x: Floats, n: Floats, date: NDArray[np.datetime64], seed: int) -> DayChanges:
    """Return the changes between days that follow each other.

    Parameters: `x` answered of `n` cues (n > 0) on each `date`, shape (n_days,), in any order; seed of the
    draws.
    With MSSD the mean squared change over pairs of successive dates, p and n the means over all days given:
    rmssd_pp = 100 sqrt(max(0, MSSD - 2 p (1 - p) / n)), von Neumann = MSSD / s^2. NaN without a pair.
    Limits: pairs drawn anew 999 times, stretched by t(pairs - 1) / 1.96. Source: `beta_binomial_days`.

    >>> dates = np.array(["2026-01-01", "2026-01-02", "2026-01-04"], dtype="datetime64[D]")
    >>> found = day_changes(np.array([2.0, 8.0, 5.0]), np.array([10.0, 10.0, 10.0]), dates, seed=0)
    >>> found.pairs, round(found.rmssd_pp, 2)  # sqrt(.6^2 - 2 * .5 * .5 / 10); the gap of two days is no pair
    (1, 55.68)
    """
    order = np.argsort(date, kind="stable")
    share = (x / n)[order]
    follows = np.diff(date[order]) == np.timedelta64(1, "D")
    squares = np.diff(share)[follows] ** 2
    pairs = len(squares)
    if not pairs:
        return DayChanges(0)
    noise = 2 * share.mean() * (1 - share.mean()) / n.mean()
    variance = float(share.var(ddof=1))
    change = float(100 * np.sqrt(max(0.0, squares.mean() - noise)))
    if not variance or pairs < 2:
        ratio = float(squares.mean()) / variance if variance else float("nan")
        return DayChanges(pairs, change, von_neumann=ratio)
    ratio = float(squares.mean()) / variance
    drawn = day_weights(pairs, DRAWS, seed) @ squares / pairs
    changes = 100 * np.sqrt(np.maximum(drawn - noise, 0.0))
    return DayChanges(
        pairs, change, widened(change, changes, pairs), ratio, widened(ratio, drawn / variance, pairs)
    )


def widened(value: float, drawn: Floats, units: int) -> tuple[float, float]:
    """Return percentile limits of draws, stretched by t(units - 1) / 1.96, the lower at least 0."""
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    stretch = float(stdtrit(units - 1, 0.975)) / Z95
    return max(0.0, float(value - (value - low) * stretch)), float(value + (high - value) * stretch)
