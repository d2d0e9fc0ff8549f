"""Kappa: agreement of two observers beyond what their habits alone would give."""

from dataclasses import dataclass
from math import nan, sqrt
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from caregiving.agreement._plain import plain

Floats = NDArray[np.float64]
Z95 = 1.959963984540054
TALLIES, SECONDS, SHOW, EXPORT = 50, 300, 0.60, 0.75


@dataclass(frozen=True)
class Kappa:
    """Kappa with all that is needed to read it. `prevalence`: each code's mean share in the two margins."""

    value: float
    se: float
    se0: float
    agreed: float
    expected: float
    largest: float
    n: float
    prevalence: tuple[float, ...]
    gate: str | None

    @property
    def low(self) -> float:
        """Return the lower 95 % limit, value - 1.96 se."""
        return max(-1.0, self.value - Z95 * self.se) if self.se == self.se else nan

    @property
    def high(self) -> float:
        """Return the upper 95 % limit, value + 1.96 se."""
        return min(1.0, self.value + Z95 * self.se) if self.se == self.se else nan

    @property
    def standing(self) -> Literal["too little", "below .60", "show", "export"]:
        """Return what the agreement allows: show figures from .60 on, export them from .75 on."""
        if self.gate is not None or self.value != self.value:
            return "too little"
        return "export" if self.value >= EXPORT else "show" if self.value >= SHOW else "below .60"

    def as_json(self) -> dict[str, Any]:
        """Return kappa, its errors and limits, the agreement behind it and its standing as plain values."""
        names = (
            "low",
            "high",
            "se",
            "se0",
            "agreed",
            "expected",
            "largest",
            "n",
            "prevalence",
            "standing",
            "gate",
        )
        return {"kappa": plain(self.value)} | {name: plain(getattr(self, name)) for name in names}


def kappa(
    table: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    weights_are: Literal["disagreement", "similarity"] = "disagreement",
    watched_s: float | None = None,
) -> Kappa:
    """Return Cohen's kappa, (p_o - p_e) / (1 - p_e), of a table; weighted when weights are given.

    With similarity weights v (1 on the diagonal), p_o = sum v_ij p_ij and p_e = sum v_ij p_i. p_.j;
    disagreement weights w become v = 1 - w / max w, which leaves kappa = 1 - sum w_ij p_ij / sum w_ij p_i.
    p_.j. Errors by Fleiss, Cohen and Everitt (1969), with v_i. and v_.j the weights' means over the other
    margin: se^2 = (sum p_ij [v_ij (1 - p_e) - (v_i. + v_.j)(1 - p_o)]^2 - (p_o p_e - 2 p_e + p_o)^2) / (n (1
    - p_e)^4); se0, for kappa = 0: (sum p_i. p_.j [v_ij - (v_i. + v_.j)]^2 - p_e^2) / (n (1 - p_e)^2).
    `largest` is the kappa that the two margins allow at most (unweighted only).

    Parameters: `table` (k, k) tallies >= 0, rows: the first observer; `weights` (k, k) >= 0; `watched_s` the
    time that the tallies cut into units, if they are units of time.
    Returns: value in [-1, 1]; NaN for an empty table, or when both used one and the same code only. `agreed`
    is p_o.
    Gate: 50 tallies, or 300 s when they are units of time. Refused: nothing. Source:
    `fleiss_cohen_everitt_1969`, `psych_package`.

    >>> two = kappa([[20, 5], [10, 15]])
    >>> round(two.value, 2), round(two.agreed, 2), two.standing
    (0.4, 0.7, 'below .60')
    """
    counts = np.asarray(table, dtype=np.float64)
    n = float(counts.sum())
    gate = _lacking(n, TALLIES, "tallies") if watched_s is None else _lacking(watched_s, SECONDS, "seconds")
    if n == 0:
        return Kappa(nan, nan, nan, nan, nan, nan, 0, (), gate)
    p = counts / n
    row, column = p.sum(axis=1), p.sum(axis=0)
    v = _similarity(weights, weights_are, len(counts))
    chance = np.outer(row, column)
    agreed, expected = float((v * p).sum()), float((v * chance).sum())
    prevalence = tuple(((row + column) / 2).tolist())
    if 1 - expected < 1e-12:
        only = "not enough data: both observers used one and the same code only, so chance alone explains it"
        return Kappa(nan, nan, nan, agreed, expected, nan, n, prevalence, gate or only)
    value = (agreed - expected) / (1 - expected)
    means = (v @ column)[:, None] + (row @ v)[None, :]
    spread = (p * (v * (1 - expected) - means * (1 - agreed)) ** 2).sum() - (
        agreed * expected - 2 * expected + agreed
    ) ** 2
    spread0 = (chance * (v - means) ** 2).sum() - expected**2
    se = sqrt(max(spread, 0.0) / n) / (1 - expected) ** 2
    se0 = sqrt(max(spread0, 0.0) / n) / (1 - expected)
    largest = (float(np.minimum(row, column).sum()) - expected) / (1 - expected) if weights is None else nan
    return Kappa(value, se, se0, agreed, expected, largest, n, prevalence, gate)


def _lacking(found: float, needed: float, what: str) -> str | None:
    """Return what is still needed as a sentence, or None."""
    if found >= needed:
        return None
    return f"not enough data: needs {needed - found:.3g} more {what} ({found:.3g} of {needed:.3g})"


def _similarity(weights: ArrayLike | None, weights_are: str, size: int) -> Floats:
    """Return weights that are 1 where two codes count as the same, and 0 where they are furthest apart."""
    if weights is None:
        return np.eye(size)
    given = np.asarray(weights, dtype=np.float64)
    return given if weights_are == "similarity" else 1 - given / max(float(given.max()), 1e-300)
