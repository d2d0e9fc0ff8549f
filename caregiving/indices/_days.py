"""Moments of one day resemble each other, so the day is what counts as one independent observation."""

from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, logit, stdtrit

from caregiving.indices._survival import Z95

Floats = NDArray[np.float64]
KEPT = 24  # sets of draws in memory, of at most 2 MB each
WORTH_KEEPING = 1_000_000


def clusters(episodes: pd.DataFrame) -> NDArray[np.int64]:
    """Return a number for each episode's day; a session without a date counts as a day of its own."""
    day = episodes["day"]
    if day.isna().any():
        day = day.astype("object").where(day.notna(), "session " + episodes["session"].astype(str))
    return pd.factorize(day, sort=True)[0].astype(np.int64)


def share_limits(share: float, residual: ArrayLike, cluster: ArrayLike, n: int) -> tuple[float, float, str]:
    """Return 95 % limits of a share by the ratio estimator over days, and the method in words.

    Parameters: `share` the estimate; `residual` each moment's influence on it; `cluster` each moment's day;
    `n` how many moments. With e_d the sum over day d: v = D / (D - 1) sum e_d^2; limits on the logit with
    t(D - 1). At 0 and 1, where no residual is left, Wilson's interval.

    >>> low, high, _ = share_limits(0.5, [0.05, -0.05, 0.05, -0.05], [0, 1, 2, 3], 10)
    >>> round(low, 3), round(high, 3)
    (0.187, 0.813)
    """
    parts = np.bincount(np.asarray(cluster, dtype=np.int64), np.asarray(residual, dtype=np.float64))
    days = len(parts)
    if not 0 < share < 1:
        return *wilson(share * n, n), "Wilson interval, since every moment went the same way"
    if days < 2:
        return float("nan"), float("nan"), "no interval: it needs two days"
    error = float(np.sqrt(days / (days - 1) * np.sum(parts**2)))
    half = float(stdtrit(days - 1, 0.975)) * error / (share * (1 - share))
    middle = float(logit(share))
    return float(expit(middle - half)), float(expit(middle + half)), f"limits over {days} days (logit, t)"


def wilson(x: float, n: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval for x of n.

    >>> [round(limit, 4) for limit in wilson(81, 263)]
    [0.2553, 0.3662]
    """
    if n == 0:
        return float("nan"), float("nan")
    p, z2 = x / n, Z95**2
    middle, spread = p + z2 / (2 * n), Z95 * np.sqrt(p * (1 - p) / n + z2 / (4 * n**2))
    return max(0.0, float((middle - spread) / (1 + z2 / n))), min(
        1.0, float((middle + spread) / (1 + z2 / n))
    )


def day_weights(n_days: int, draws: int, seed: int) -> Floats:
    """Return how often each day is drawn in each of `draws` resamples of all days, shape (draws, n_days)."""
    drawn = _remembered if n_days * draws <= WORTH_KEEPING else _times_drawn
    return drawn(n_days, draws, seed).astype(np.float64)


def _times_drawn(n_days: int, draws: int, seed: int) -> NDArray[np.uint16]:
    """Draw the days; no day is drawn more often than there are days."""
    chosen = np.random.default_rng(seed).integers(0, n_days, size=(draws, n_days))
    chosen += np.arange(draws)[:, None] * n_days
    small = np.uint16 if n_days < 1 << 16 else np.uint64
    return np.bincount(chosen.ravel(), minlength=draws * n_days).reshape(draws, n_days).astype(small)


def forget_draws() -> None:
    """Let the next index draw its days anew; the draws are the same, since their seed is."""
    _remembered.cache_clear()


_remembered = lru_cache(maxsize=KEPT)(_times_drawn)  # the same days are drawn for index after index


def stretched(value: float, drawn: Floats, n_days: int) -> tuple[float, float]:
    """Return percentile limits of resampled values, stretched by t(D - 1) / 1.96 around the estimate.

    An infinite limit (a median that was not reached) comes back as NaN.
    """
    low, high = np.nanquantile(drawn, [0.025, 0.975], method="inverted_cdf")
    stretch = float(stdtrit(n_days - 1, 0.975)) / Z95
    limits = value - (value - low) * stretch, value + (high - value) * stretch
    lower, upper = (float(limit) if np.isfinite(limit) else float("nan") for limit in limits)
    return max(lower, 0.0), upper
