"""Intraclass correlation: how much of the spread of ratings lies between those who were rated."""

from dataclasses import dataclass
from math import nan
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import fdtrc, fdtri

from caregiving.agreement._plain import plain

Floats = NDArray[np.float64]
TARGETS, EXPORT_TARGETS, SHOW, EXPORT = 10, 20, 0.70, 0.80


@dataclass(frozen=True)
class MeanSquares:
    """Mean squares of a table of ratings: between targets, raters, what is left, and within targets."""

    targets: float
    raters: float
    error: float
    within: float
    n: int
    k: int


@dataclass(frozen=True)
class ICC:
    """One of the six forms, with its F test and 95 % limits. n targets, each rated by the same k raters."""

    form: str
    label: str
    value: float
    low: float
    high: float
    f: float
    df1: float
    df2: float
    p: float
    n: int
    k: int
    gate: str | None

    @property
    def standing(self) -> Literal["too little", "below .70", "show", "export"]:
        """Return what the agreement allows: show from .70 on; export from .80 on, with 20 targets."""
        if self.gate is not None or self.value != self.value:
            return "too little"
        if self.value >= EXPORT and self.n >= EXPORT_TARGETS:
            return "export"
        return "show" if self.value >= SHOW else "below .70"

    def as_json(self) -> dict[str, Any]:
        """Return the form and all its figures as plain values."""
        names = (
            "form",
            "label",
            "value",
            "low",
            "high",
            "f",
            "df1",
            "df2",
            "p",
            "n",
            "k",
            "standing",
            "gate",
        )
        return {name: plain(getattr(self, name)) for name in names}


def mean_squares(ratings: ArrayLike) -> MeanSquares:
    """Return the mean squares of a table of ratings, targets x raters, without missing values.

    MSR = k var of the targets' means; MSC = n var of the raters' means; MSE = what is left over (n - 1)(k -
    1); MSW = sum of squares within targets over n (k - 1). Source: `shrout_fleiss_1979`.

    >>> found = mean_squares([[1, 2], [3, 4], [5, 6]])
    >>> found.targets, found.raters, round(found.error, 9), found.within
    (8.0, 1.5, 0.0, 0.5)
    """
    x = np.asarray(ratings, dtype=np.float64)
    n, k = x.shape
    target, rater = x.mean(axis=1), x.mean(axis=0)
    between, judges = k * ((target - x.mean()) ** 2).sum(), n * ((rater - x.mean()) ** 2).sum()
    within = ((x - target[:, None]) ** 2).sum()
    left = ((x - target[:, None] - rater + x.mean()) ** 2).sum()
    floor = 1e-12 * float(((x - x.mean()) ** 2).sum())  # what is left by rounding is nothing
    between, judges, left, within = (
        0.0 if part < floor else part for part in (between, judges, left, within)
    )
    shares = (between / (n - 1), judges / (k - 1), left / ((n - 1) * (k - 1)), within / (n * (k - 1)))
    between, judges, left, within = (float(share) for share in shares)
    return MeanSquares(between, judges, left, within, n, k)


def icc(ratings: ArrayLike) -> list[ICC]:
    """Return the six intraclass correlations of Shrout and Fleiss, with 95 % limits from F.

    (1,1) = (MSR - MSW) / (MSR + (k - 1) MSW); (2,1) = (MSR - MSE) / (MSR + (k - 1) MSE + k (MSC - MSE) / n);
    (3,1) = (MSR - MSE) / (MSR + (k - 1) MSE); of the mean of k raters: (1,k) = (MSR - MSW) / MSR,
    (2,k) = (MSR - MSE) / (MSR + (MSC - MSE) / n), (3,k) = (MSR - MSE) / MSR. Use (2,1) for ratings by people
    who could stand in for each other. Limits of (2,1) with Satterthwaite's degrees of freedom; of (2,k) from
    those of (2,1).

    Parameters: `ratings` (n, k), a row for each target and a column for each rater; rows with a missing
    value are left out.
    Returns: six ICC, at most 1 (below 0 when targets differ less than chance); NaN with fewer than two
    targets or raters, or when all ratings are equal. Gate: 10 targets. Refused: nothing. Source:
    `shrout_fleiss_1979`, `psych_package`.

    >>> [
    ...     (one.form, round(one.value, 2))
    ...     for one in icc(
    ...         [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    ...     )
    ... ][:3]
    [('ICC(1,1)', 0.17), ('ICC(2,1)', 0.29), ('ICC(3,1)', 0.71)]
    """
    x = np.atleast_2d(np.asarray(ratings, dtype=np.float64))
    x = x[~np.isnan(x).any(axis=1)]
    n, k = x.shape
    gate = (
        None
        if n >= TARGETS
        else f"not enough data: needs {TARGETS - n} more targets rated by everybody ({n} of {TARGETS})"
    )
    if k < 2:
        gate = "not enough data: needs ratings by two people"
    if n < 2 or k < 2 or np.ptp(x) == 0:
        return _undefined(n, k, gate or "not enough data: all ratings are equal")
    ms = mean_squares(x)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return _ordered([*_one_way(ms, gate), *_random(ms, gate), *_fixed(ms, gate)])


LABELS = {
    "ICC(1,1)": "one rating, raters differ from target to target",
    "ICC(1,k)": "mean rating, raters differ from target to target",
    "ICC(2,1)": "one rating, interchangeable raters, absolute agreement",
    "ICC(2,k)": "mean rating, interchangeable raters, absolute agreement",
    "ICC(3,1)": "one rating, these very raters, consistency",
    "ICC(3,k)": "mean rating, these very raters, consistency",
}


def _undefined(n: int, k: int, gate: str) -> list[ICC]:
    """Return the six forms without figures."""
    return _ordered(
        [ICC(form, LABELS[form], nan, nan, nan, nan, nan, nan, nan, n, k, gate) for form in LABELS]
    )


def _ordered(forms: list[ICC]) -> list[ICC]:
    """Return single ratings first, then means."""
    return sorted(forms, key=lambda one: (one.form[-2], one.form))


def _one_way(ms: MeanSquares, gate: str | None) -> list[ICC]:
    """Return (1,1) and (1,k)."""
    n, k = ms.n, ms.k
    f, df1, df2 = float(np.divide(ms.targets, ms.within)), n - 1, n * (k - 1)
    return _from_f("1", f, df1, df2, n, k, gate)


def _fixed(ms: MeanSquares, gate: str | None) -> list[ICC]:
    """Return (3,1) and (3,k)."""
    n, k = ms.n, ms.k
    return _from_f("3", float(np.divide(ms.targets, ms.error)), n - 1, (n - 1) * (k - 1), n, k, gate)


def _from_f(number: str, f: float, df1: int, df2: int, n: int, k: int, gate: str | None) -> list[ICC]:
    """Return (F - 1) / (F + k - 1) and 1 - 1 / F; for the limits, F is divided and multiplied."""
    low, high = f / float(fdtri(df1, df2, 0.975)), f * float(fdtri(df2, df1, 0.975))
    one = [1.0 if each == np.inf else (each - 1) / (each + k - 1) for each in (f, low, high)]
    mean = [1 - 1 / each if each else -np.inf for each in (f, low, high)]
    p = float(fdtrc(df1, df2, f))
    gate = gate or (None if f == f else "not enough data: the targets do not differ at all")
    forms = ((f"ICC({number},1)", one), (f"ICC({number},k)", mean))
    return [ICC(form, LABELS[form], x[0], x[1], x[2], f, df1, df2, p, n, k, gate) for form, x in forms]


def _random(ms: MeanSquares, gate: str | None) -> list[ICC]:
    """Return (2,1) and (2,k), with limits that allow for the raters being a sample too."""
    n, k = ms.n, ms.k
    r, c, e = (np.float64(square) for square in (ms.targets, ms.raters, ms.error))  # numpy's: may divide by 0
    one, mean = (r - e) / (r + (k - 1) * e + k * (c - e) / n), (r - e) / (r + (c - e) / n)
    f, fj = float(np.divide(r, e)), float(np.divide(c, e))
    a, b = k * one * fj, n * (1 + (k - 1) * one) - k * one
    v = (n - 1) * (k - 1) * (a + b) ** 2 / ((n - 1) * k**2 * one**2 * fj**2 + b**2)
    upper, lower = float(fdtri(n - 1, v, 0.975)), float(fdtri(v, n - 1, 0.975))
    low = n * (r / upper - e) / (k * c + (k * n - k - n) * e + n * r / upper)  # upper may be past all bounds
    high = n * (lower * r - e) / (k * c + (k * n - k - n) * e + n * lower * r)
    p = float(fdtrc(n - 1, (n - 1) * (k - 1), f))
    df1, df2 = n - 1, (n - 1) * (k - 1)
    if not low <= one <= high:  # no error left over, or hardly any freedom: there are no limits to give
        low = high = np.float64(nan)
    low_mean, high_mean = (
        -np.inf if 1 + each * (k - 1) <= 0 else each * k / (1 + each * (k - 1)) for each in (low, high)
    )
    of_mean, reason = [mean, low_mean, high_mean], gate
    if not r + (c - e) / n > 1e-12 * (r + c + e):  # the formula has left its range
        of_mean, reason = (
            [nan, nan, nan],
            gate or "not enough data: the targets' means differ less than by chance",
        )
    forms = (("ICC(2,1)", [one, low, high], gate), ("ICC(2,k)", of_mean, reason))
    rows = [(form, [float(each) for each in figures], why) for form, figures, why in forms]
    return [ICC(form, LABELS[form], x[0], x[1], x[2], f, df1, df2, p, n, k, why) for form, x, why in rows]
