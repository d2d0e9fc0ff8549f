"""Few moments say little: groups are drawn towards each other by as much as their own figures are unsure.

A group is a caregiver, a context or a day. With fewer than 5 groups nothing can be said about how groups
differ, and all are pooled. Raw and shrunk figures belong side by side.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import betaincinv

from caregiving.indices._beta_binomial import day_fit
from caregiving.indices._days import wilson
from caregiving.indices._survival import Z95

Floats = NDArray[np.float64]
FEWEST_GROUPS = 5
SURE = 1e6  # alpha + beta beyond this: the groups differ by no more than chance
UNEVEN = (
    0.01  # alpha or beta below this: groups are all or nothing, and a Beta posterior would be overconfident
)


@dataclass(frozen=True)
class Shrunk:
    """Shrunk figures of several groups, in their order, with 95 % limits; `how` says how in words."""

    value: Floats
    low: Floats
    high: Floats
    how: str


def shrunk_shares(x: ArrayLike, n: ArrayLike) -> Shrunk:
    """Return the shares of groups, shrunk by a beta-binomial model fitted to all of them.

    Posterior mean p_j = (x_j + alpha) / (n_j + alpha + beta), limits from the quantiles of the Beta
    posterior (scipy); alpha and beta by maximum likelihood, as in `_beta_binomial`.

    Parameters: `x` answered of `n` cues in each group, shape (groups,); a group without cues gets the mean.
    Returns: shares in [0, 1]. With fewer than 5 groups that have cues, or groups no more different than
    chance, every group gets the pooled share with Wilson's limits; groups that are all or nothing keep their
    own. NaN when no group has a cue.
    Source: `group_shrinkage` in sources.yaml.

    Two groups are too few to be told apart: 9 of 12 together.

    >>> shrunk_shares([3, 6], [4, 8]).value.tolist()
    [0.75, 0.75]
    """
    hits, cues = np.asarray(x, dtype=np.float64), np.asarray(n, dtype=np.float64)
    groups = int(np.count_nonzero(cues > 0))
    if groups < FEWEST_GROUPS:
        return _pooled(hits, cues, f"pooled, since {groups} of {FEWEST_GROUPS} groups are there")
    fit = day_fit(hits, cues)
    alpha, beta = fit.alpha, fit.beta
    if not alpha + beta < SURE:
        return _pooled(hits, cues, "pooled, since the groups differ no more than by chance")
    if min(alpha, beta) < UNEVEN:
        return _raw(hits, cues)
    a, b = hits + alpha, cues - hits + beta
    low, high = (np.asarray(betaincinv(a, b, q), dtype=np.float64) for q in (0.025, 0.975))
    return Shrunk(
        a / (a + b), low, high, f"beta-binomial over {groups} groups, alpha {alpha:.4g}, beta {beta:.4g}"
    )


def _raw(x: Floats, n: Floats) -> Shrunk:
    """Return each group's own share with Wilson's limits; groups without cues are not known."""
    limits = np.array([wilson(float(hits), int(cues)) for hits, cues in zip(x, n, strict=True)])
    share = np.divide(x, n, out=np.full(len(x), np.nan), where=n > 0)
    return Shrunk(share, limits[:, 0], limits[:, 1], "not shrunk, since groups are all or nothing")


def _pooled(x: Floats, n: Floats, how: str) -> Shrunk:
    """Return the share of all groups together, once for each."""
    total = int(n.sum())
    low, high = wilson(float(x.sum()), total)
    share = float(x.sum()) / total if total else float("nan")
    return Shrunk(np.full(len(x), share), np.full(len(x), low), np.full(len(x), high), how)


def shrunk_logs(log_value: ArrayLike, error: ArrayLike) -> Shrunk:
    """Return log restricted means of groups, shrunk by a normal model with Paule and Mandel's tau^2.

    With w_j = 1 / (s_j^2 + tau^2) and m = sum w_j y_j / sum w_j: value_j = m + (1 - B_j)(y_j - m), where
    B_j = s_j^2 / (s_j^2 + tau^2). Its variance is (1 - B_j) s_j^2 + B_j^2 / sum w_j; limits are normal.

    Parameters: `log_value` ln of each group's restricted mean; `error` standard error of that log (the error
    of the restricted mean divided by it), > 0. Shapes (groups,). Groups with NaN stay NaN.
    Returns: log values. With fewer than 5 groups every group gets the pooled mean (tau^2 = 0).
    Source: `group_shrinkage` in sources.yaml.

    >>> shrunk_logs([2.0, 3.0], [0.1, 0.1]).value.tolist()
    [2.5, 2.5]
    """
    y, s2 = np.asarray(log_value, dtype=np.float64), np.asarray(error, dtype=np.float64) ** 2
    there = np.isfinite(y) & np.isfinite(s2) & (s2 > 0)
    groups = int(there.sum())
    if not groups:
        missing = np.full(len(y), np.nan)
        return Shrunk(missing, missing, missing, "no group has a figure")
    few = groups < FEWEST_GROUPS
    tau2 = 0.0 if few else paule_mandel(y[there], s2[there])
    weight = 1 / (s2[there] + tau2)
    middle = float(np.sum(weight * y[there]) / weight.sum())
    pull = s2 / (s2 + tau2)
    value = middle + (1 - pull) * (y - middle)
    half = Z95 * np.sqrt((1 - pull) * s2 + pull**2 / weight.sum())
    how = (
        f"pooled, since {groups} of {FEWEST_GROUPS} groups are there" if few else f"normal, tau^2 {tau2:.4g}"
    )
    out = [np.where(there, part, np.nan) for part in (value, value - half, value + half)]
    return Shrunk(out[0], out[1], out[2], how)


def paule_mandel(y: Floats, s2: Floats) -> float:
    """Return the variance between groups, tau^2 >= 0, at which Q(tau^2) equals the number of groups less one.

    Q(tau^2) = sum w_j (y_j - m)^2 falls as tau^2 grows, so scipy's `brentq` finds the place; 0 when Q(0) is
    already below it. statsmodels' iterated estimate is the check in the tests.

    Equal errors give the sample variance less the error's: (1 + 0 + 1 + 1 + 1) / 4 - 0.5.

    >>> round(paule_mandel(np.array([1.0, 2, 3, 1, 3]), np.full(5, 0.5)), 6)
    0.5
    """

    def excess(tau2: float) -> float:
        weight = 1 / (s2 + tau2)
        middle = np.sum(weight * y) / weight.sum()
        return float(np.sum(weight * (y - middle) ** 2) - (len(y) - 1))

    if excess(0.0) <= 0:
        return 0.0
    return float(brentq(excess, 0.0, float(np.sum((y - y.mean()) ** 2)) + 1e-12, xtol=1e-14))


def arcsine_stein(x: ArrayLike, n: int) -> Floats:
    """Return shares shrunk by James and Stein's rule on the arcsine scale, for k >= 4 groups of equal size n.

    y = sqrt(n) arcsin(2 x / n - 1) has variance close to 1; y_j moves to m + (1 - (k - 3) / S)(y_j - m),
    with m the mean and S = sum (y_j - m)^2. The factor never falls below 0. A check on the other methods.

    Parameters: `x` successes of each group, shape (k,); `n` trials of each. Returns shares in [0, 1].
    Refuses fewer than 4 groups by returning the raw shares. Source: `group_shrinkage`.

    >>> arcsine_stein([18, 17, 7], 45).round(3).tolist()
    [0.4, 0.378, 0.156]
    """
    share = np.asarray(x, dtype=np.float64) / n
    if len(share) < 4:
        return share
    y = np.sqrt(n) * np.arcsin(2 * share - 1)
    spread = float(np.sum((y - y.mean()) ** 2))
    factor = max(0.0, 1 - (len(y) - 3) / spread) if spread > 0 else 0.0
    return np.asarray((np.sin((y.mean() + factor * (y - y.mean())) / np.sqrt(n)) + 1) / 2, dtype=np.float64)
