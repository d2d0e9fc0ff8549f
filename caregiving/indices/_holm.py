"""Several comparisons at once: each is judged more strictly, so that chance alone seldom speaks up."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def holm(p_values: ArrayLike) -> Floats:
    """Return p values adjusted for all comparisons by Holm's step-down rule, in the order they came in.

    Sorted from small to large, adjusted p_(i) = max over j <= i of min(1, (m - j + 1) p_(j)), with m the
    number of comparisons that have a p value. Few lines of numpy; statsmodels' `multipletests` is the check.

    Parameters: p_values, shape (m,), each in [0, 1]; NaN marks a comparison that could not be made.
    Returns: shape (m,), each in [0, 1]; NaN stays NaN and counts as no comparison. Refuses nothing.
    Source: `selective_logging` (comparisons of a report are Holm-adjusted).

    >>> holm([0.01, 0.04, 0.03]).round(2).tolist()
    [0.03, 0.06, 0.06]
    """
    p = np.asarray(p_values, dtype=np.float64)
    made = np.flatnonzero(~np.isnan(p))
    order = made[np.argsort(p[made], kind="stable")]
    steps = len(order) - np.arange(len(order))
    adjusted = np.full(p.shape, np.nan)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(p[order] * steps))
    return adjusted
