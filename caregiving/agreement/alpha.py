"""Krippendorff's alpha: agreement of any number of observers, with ratings missing here and there."""

from dataclasses import dataclass
from math import nan
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from caregiving.agreement._plain import plain

Floats = NDArray[np.float64]
Level = Literal["nominal", "ordinal", "interval", "ratio"]
LEVELS: tuple[Level, ...] = get_args(Level)
UNITS = 10


@dataclass(frozen=True)
class Alpha:
    """Alpha at one level. `n_units` had at least two ratings; they hold `n_pairable` ratings."""

    level: Level
    value: float
    low: float
    high: float
    n_units: int
    n_pairable: int
    gate: str | None

    def as_json(self) -> dict[str, Any]:
        """Return alpha and what it rests on as plain values."""
        names = ("level", "value", "low", "high", "n_units", "n_pairable", "gate")
        return {name: plain(getattr(self, name)) for name in names}


def alpha(ratings: ArrayLike, level: Level = "nominal", *, draws: int = 999, seed: int = 0) -> Alpha:
    """Return Krippendorff's alpha, 1 - D_o / D_e.

    Each unit with m ratings (m >= 2) adds its m (m - 1) ordered pairs of values, each weighted 1 / (m - 1),
    to the coincidences o_cc'; n_c = sum over c' of o_cc', n their sum. D_o = sum o_cc' d_cc' / n and
    D_e = sum n_c n_c' d_cc' / (n (n - 1)), with d: nominal 0 or 1; interval (c - c')^2; ratio ((c - c') / (c
    + c'))^2; ordinal (sum of n_g over g from c to c', less (n_c + n_c') / 2)^2.
    Limits: percentiles when units are drawn anew `draws` times (seeded; none when 0).

    Parameters: `ratings` (observers, units), numbers, NaN where an observer did not rate a unit.
    Returns: value at most 1, 0 for chance; NaN when no unit has two ratings or all paired ratings are equal.
    Gate: 10 units with two ratings. Refused: nothing. Source: `irr_package`.

    >>> round(alpha([[1, 2, 3, 3], [1, 2, 3, 4]], draws=0).value, 4)
    0.6957
    """
    x = np.atleast_2d(np.asarray(ratings, dtype=np.float64))
    x = x[:, (~np.isnan(x)).sum(axis=0) >= 2] if x.size else np.empty((0, 0))
    n_units, n_pairable = x.shape[1], int((~np.isnan(x)).sum())
    gate = (
        None
        if n_units >= UNITS
        else f"not enough data: needs {UNITS - n_units} more units rated twice ({n_units} of {UNITS})"
    )
    values = np.unique(x[~np.isnan(x)])
    if len(values) < 2:
        return Alpha(
            level, nan, nan, nan, n_units, n_pairable, gate or "not enough data: all ratings are equal"
        )
    counts = (x[:, :, None] == values).sum(axis=0).astype(np.float64)
    value = _of(counts, np.ones(n_units), values, level)
    low, high = _limits(counts, values, level, draws, seed) if draws and n_units > 1 else (nan, nan)
    return Alpha(level, value, low, high, n_units, n_pairable, gate)


def _of(counts: Floats, weight: Floats, values: Floats, level: Level) -> float:
    """Return alpha of a table of units x values, each unit counting as often as its weight says."""
    share = weight / (counts.sum(axis=1) - 1)
    weighed = counts * share[:, None]
    coincidence = weighed.T @ counts - np.diag(weighed.sum(axis=0))
    n_c = coincidence.sum(axis=1)
    n = n_c.sum()
    apart = _distance(values, n_c, level)
    chance = float(n_c @ apart @ n_c)
    return 1 - float(n - 1) * float((coincidence * apart).sum()) / chance if chance > 0 else nan


def _distance(values: Floats, n_c: Floats, level: Level) -> Floats:
    """Return how far apart two values are, squared."""
    one, other = values[:, None], values[None, :]
    if level == "nominal":
        return np.asarray(one != other, dtype=np.float64)
    if level == "interval":
        return np.asarray((one - other) ** 2, dtype=np.float64)
    if level == "ratio":
        return np.asarray(
            ((one - other) / np.where(one + other == 0, 1.0, one + other)) ** 2, dtype=np.float64
        )
    middle = np.cumsum(n_c) - n_c / 2
    return np.asarray((middle[:, None] - middle[None, :]) ** 2, dtype=np.float64)


def _limits(counts: Floats, values: Floats, level: Level, draws: int, seed: int) -> tuple[float, float]:
    """Return percentile limits over resamples of units; one in which all ratings are equal says nothing."""
    rng = np.random.default_rng(seed)
    n_units = len(counts)
    weights = rng.multinomial(n_units, np.full(n_units, 1 / n_units), size=draws).astype(np.float64)
    drawn = np.array([_of(counts, weight, values, level) for weight in weights])
    if np.isnan(drawn).all():
        return nan, nan
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    return float(low), float(high)
