"""How alike the days of a state (asleep, feeding, in arms) are.

Interdaily stability, intradaily variability, and how often the state is the same 24 hours apart.

All take a matrix with one row a day, the days following each other, and one column for each bin of the day;
NaN where too little was watched. Written here: plain sums, which no library that is used here offers.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def interdaily_stability(matrix: ArrayLike, weights: ArrayLike | None = None) -> Floats:
    """Return the share of variation that the hour of day explains.

    IS = N sum_h (m_h - m)^2 / (p sum_i (x_i - m)^2).

    Parameters: `matrix` days x bins, any unit; m_h the mean of bin h over days, m the mean of all N values, p
    the bins that have a value. `weights` how often each day counts, shape (..., n_days), for draws of days.
    Returns: shape (...), 0 (no routine) to 1 (every day the same; trivially so with one day); NaN when
    nothing varies.
    Source: `van_someren_1999`.

    >>> float(interdaily_stability([[0, 0, 1], [0, 1, 1]]).round(4))  # 6 (1/4 + 0 + 1/4) / (3 * 6/4)
    0.6667
    """
    values, times, seen = _counted(matrix, weights)
    n_bin = times @ seen
    n = n_bin.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = (times @ values).sum(axis=-1) / n
        by_bin = np.where(n_bin > 0, (times @ values) / n_bin, mean[..., None])
        between = ((by_bin - mean[..., None]) ** 2).sum(axis=-1)
        total = (times @ values**2).sum(axis=-1) - n * mean**2
        share = n * between / ((n_bin > 0).sum(axis=-1) * total)
    return np.asarray(np.where(total > 1e-12 * n, share, np.nan))


def intradaily_variability(matrix: ArrayLike, weights: ArrayLike | None = None) -> Floats:
    """Return IV = N sum (x_i - x_{i-1})^2 / ((N - 1) sum (x_i - m)^2), how broken up the day is.

    Changes are taken between neighbouring bins that both have a value, over midnight too; N - 1 is their
    number.
    Parameters and `weights` as for `interdaily_stability`; a change over midnight counts with the later day.
    Returns: 0 upwards, near 0 for a smooth wave, about 2 for noise; NaN when nothing varies. Source:
    `van_someren_1999`.

    >>> round(float(intradaily_variability([[0, 0, 0, 1, 3, 5, 4, 2]] * 4)), 4)
    0.653
    """
    values, times, seen = _counted(matrix, weights)
    x = np.where(seen > 0, values, np.nan).ravel()
    change = np.diff(x, prepend=np.nan).reshape(values.shape)
    n, pairs = (times @ seen).sum(axis=-1), (times @ np.isfinite(change).astype(np.float64)).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = (times @ values).sum(axis=-1) / n
        total = (times @ values**2).sum(axis=-1) - n * mean**2
        ratio = (times @ np.nan_to_num(change) ** 2).sum(axis=-1) / pairs / (total / n)
    return np.asarray(np.where((total > 1e-12 * n) & (pairs > 0), ratio, np.nan))


def regularity(matrix: ArrayLike, weights: ArrayLike | None = None) -> Floats:
    """Return 200 P(same state 24 h apart) - 100, over bins watched on both of two successive days.

    Parameters: `matrix` days x bins of 0 and 1; `weights` how often each pair of days counts, shape (...,
    n_days - 1).
    Returns: -100 (each day the opposite of the last) to 100 (all alike), 0 as by coin; NaN without a pair.
    Source: `phillips_2017`.

    >>> float(regularity([[1, 1, 0, 0], [1, 0, 0, 0], [1, 1, 0, 1]]))
    25.0
    """
    states = np.asarray(matrix, dtype=np.float64)
    both = np.isfinite(states[1:]) & np.isfinite(states[:-1])
    same = both & (states[1:] == states[:-1])
    times = np.ones(len(both)) if weights is None else np.asarray(weights, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (times @ same.sum(axis=1)) / (times @ both.sum(axis=1))
    return np.asarray(200 * share - 100)


def _counted(matrix: ArrayLike, weights: ArrayLike | None) -> tuple[Floats, Floats, Floats]:
    """Return the values with 0 for NaN, how often each day counts, and where there is a value."""
    values = np.asarray(matrix, dtype=np.float64)
    times = np.ones(len(values)) if weights is None else np.asarray(weights, dtype=np.float64)
    return np.nan_to_num(values), times, np.isfinite(values).astype(np.float64)
