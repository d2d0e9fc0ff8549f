"""Two groups of waiting cues (two periods, two caregivers) side by side.

By how many seconds do they differ, and would the days alone explain it?

The log-rank statistic is written here (`scipy.stats.logrank` is the check in the tests, but has no strata),
since its numerator is a sum over days and so thousands of relabelled groups come from two matrix products.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc, stdtrit

from caregiving.frames import need
from caregiving.indices._days import clusters, day_weights
from caregiving.indices._gates import lacking
from caregiving.indices._survival import Z95, curve

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
PERMUTATIONS = DRAWS = 999
DAYS_FOR_BOOTSTRAP = 7
BLOCK = 4_000_000  # numbers held at once: bounds the memory, not the result


@dataclass(frozen=True)
class Comparison:
    """Two groups compared.

    `difference_s` is the first group's restricted mean wait minus the second's, in seconds.
    `low_s`, `high_s` its 95 % limits; `chi2` the log-rank statistic stratified by class of cue, `p_cues` its
    usual p-value, which treats cues as independent and is too small; `p_days` the one to show, from days
    relabelled.
    `gate` says what is lacking, or is None.
    """

    difference_s: float
    low_s: float
    high_s: float
    chi2: float
    p_cues: float
    p_days: float
    n_first: int
    n_second: int
    days_first: int
    days_second: int
    method: str
    gate: str | None


def log_rank(
    wait: ArrayLike, answered: ArrayLike, first: ArrayLike, stratum: ArrayLike | None = None
) -> tuple[float, float]:
    """Return the log-rank chi-square (one degree of freedom) of two groups and its p-value.

    With d_j answers among n_j at risk at time t_j, n1_j of them of the first group, in each stratum: U = sum
    (d1_j - d_j n1_j / n_j), V = sum d_j (n1_j / n_j) (1 - n1_j / n_j) (n_j - d_j) / (n_j - 1), chi2 = U^2 /
    V.
    Parameters: `wait` s, `answered`, `first` (belongs to the first group), `stratum` any labels; shape (n,).
    Ties exact.
    Returns: chi2 >= 0 and p, NaN when the groups never waited side by side. Source: `r_survival`.

    >>> chi2, _ = log_rank([6, 10, 15, 23], [True, True, True, False], [True, False, True, False])
    >>> round(chi2, 4)  # U = 2 - 1/2 - 1/3 - 1/2, V = 1/4 + 2/9 + 1/4
    0.6154
    """
    group = np.asarray(first, dtype=np.int64)
    labels = np.zeros(len(group)) if stratum is None else stratum
    chi2 = float(_chi2(_Table.of(wait, answered, group, labels, 2), np.array([[0.0, 1.0]]))[0])
    return chi2, float(chdtrc(1, chi2)) if chi2 == chi2 else float("nan")


@dataclass(frozen=True)
class _Table:
    """Answers and cues at risk of each unit (a group, or a day) at each time and stratum with an answer."""

    excess: Floats  # per unit: answers less those expected from all units together
    at_risk: Floats  # units x times
    of_all: Floats  # times: at risk in all units
    answers: Floats

    @classmethod
    def of(cls, wait: ArrayLike, answered: ArrayLike, unit: Ints, stratum: ArrayLike, units: int) -> "_Table":
        waits, ended = np.asarray(wait, dtype=np.float64), np.asarray(answered, dtype=bool)
        layer = np.unique(np.asarray(stratum), return_inverse=True)[1]
        time, place = np.unique(waits, return_inverse=True)
        layers = int(layer.max(initial=-1)) + 1
        shape = (units, layers, len(time))
        left = np.bincount(
            (unit * layers + layer) * len(time) + place, minlength=int(np.prod(shape))
        ).reshape(shape)
        gone = np.bincount(
            ((unit * layers + layer) * len(time) + place)[ended], minlength=int(np.prod(shape))
        ).reshape(shape)
        at_risk = left[:, :, ::-1].cumsum(axis=2)[:, :, ::-1].reshape(units, -1).astype(np.float64)
        died = gone.reshape(units, -1).astype(np.float64)
        there = died.sum(axis=0) > 0
        at_risk, died = at_risk[:, there], died[:, there]
        of_all, answers = at_risk.sum(axis=0), died.sum(axis=0)
        return cls((died - at_risk * (answers / of_all)).sum(axis=1), at_risk, of_all, answers)


def _chi2(table: _Table, labels: Floats) -> Floats:
    """Return the log-rank chi-square of each row of labels (1 = the unit belongs to the first group)."""
    share = labels @ table.at_risk / table.of_all
    scale = table.answers * (table.of_all - table.answers) / np.maximum(table.of_all - 1, 1)
    variance = (share * (1 - share)) @ scale
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(variance > 1e-12, (labels @ table.excess) ** 2 / variance, np.nan))


def compare(first: pd.DataFrame, second: pd.DataFrame, horizon_s: float, seed: int = 0) -> Comparison:
    """Compare how long cues wait in two groups of episodes.

    Parameters: two EPISODES frames (read `cue_class, answered, followed_s, already_engaged, day, session`),
    already engaged cues are left out; `horizon_s` longest wait that counts in the restricted mean; seed.
    Returns: a Comparison; figures are NaN when a group has no cues or was never followed for the horizon.
    p_days = (1 + #{chi2* >= chi2}) / 1000 over 999 relabellings: days that both groups share (two caregivers)
    swap their two halves by coin, the other days are dealt out anew. Limits of the difference: days of each
    group drawn anew 999 times, percentiles stretched by t(D - 1) / 1.96 (D the smaller number of days) from 7
    days each; else normal, cues as independent. Gate: 20 cues and 3 days in each group. Raises:
    MissingColumn. Source: `r_survival`.

    >>> from caregiving.frames import EPISODES, empty
    >>> compare(empty(EPISODES), empty(EPISODES), 60).gate
    'needs 20 more cues in each group (0 of 20) and 3 more days in each group (0 of 3)'
    """
    needed = ("cue_class", "answered", "followed_s", "already_engaged", "day", "session")
    for frame in (first, second):
        need(frame, *needed)
    groups = [
        frame.loc[~frame["already_engaged"], list(needed)].sort_values(["day", "session"])
        for frame in (first, second)
    ]
    day = [clusters(rows) for rows in groups]
    n = [len(rows) for rows in groups]
    days = [int(one.max(initial=-1)) + 1 for one in day]
    chi2, p_cues, p_days = _tested(groups, seed)
    value, low, high, how = _difference(groups, day, days, horizon_s, seed)
    gate = lacking(("cue in each group", min(n), 20), ("day in each group", min(days), 3))
    if gate is None and value != value:
        gate = f"not every group was followed for the whole {horizon_s:g} s"
    method = f"difference of restricted means to {horizon_s:g} s, {how}"
    method = f"{method}; log-rank by class, {PERMUTATIONS} relabellings of days"
    return Comparison(value, low, high, chi2, p_cues, p_days, n[0], n[1], days[0], days[1], method, gate)


def _tested(groups: list[pd.DataFrame], seed: int) -> tuple[float, float, float]:
    """Return the stratified log-rank chi-square, its usual p, and its p from days relabelled."""
    if not all(len(rows) for rows in groups):
        return float("nan"), float("nan"), float("nan")
    both = pd.concat(groups, ignore_index=True)
    member = np.repeat([1, 0], [len(rows) for rows in groups])
    day = clusters(both)
    unit_key, unit = np.unique(day * 2 + member, return_inverse=True)
    wait, answered = both["followed_s"].to_numpy(dtype=np.float64), both["answered"].to_numpy(dtype=bool)
    table = _Table.of(wait, answered, unit, both["cue_class"].astype("str").to_numpy(), len(unit_key))
    own = (unit_key % 2).astype(np.float64)
    chi2 = float(_chi2(table, own[None])[0])
    if chi2 != chi2:
        return float("nan"), float("nan"), float("nan")
    labels = _relabelled(unit_key, own, np.random.default_rng(seed))
    step = max(1, BLOCK // max(1, table.at_risk.shape[1]))
    drawn = np.concatenate([_chi2(table, labels[k : k + step]) for k in range(0, PERMUTATIONS, step)])
    extreme = int(np.sum(np.nan_to_num(drawn) >= chi2 * (1 - 1e-9)))
    return chi2, float(chdtrc(1, chi2)), (1 + extreme) / (PERMUTATIONS + 1)


def _relabelled(unit_key: Ints, own: Floats, rng: np.random.Generator) -> Floats:
    """Deal the labels out anew: two units of one day swap by coin, the others are shuffled."""
    shared = np.isin(unit_key // 2, (unit_key // 2)[1:][np.diff(unit_key // 2) == 0])
    labels = np.tile(own, (PERMUTATIONS, 1))
    labels[:, ~shared] = rng.permuted(labels[:, ~shared], axis=1)
    coin = np.repeat(rng.random((PERMUTATIONS, int(shared.sum()) // 2)) < 0.5, 2, axis=1)
    labels[:, shared] = np.where(coin, 1 - labels[:, shared], labels[:, shared])
    return labels


def _difference(
    groups: list[pd.DataFrame], day: list[Ints], days: list[int], horizon_s: float, seed: int
) -> tuple[float, float, float, str]:
    """Return the difference of restricted means, its limits, and how they were found."""
    waits = [rows["followed_s"].to_numpy(dtype=np.float64) for rows in groups]
    ends = [rows["answered"].to_numpy(dtype=bool) for rows in groups]
    means = [curve(wait, ended).restricted_mean(horizon_s) for wait, ended in zip(waits, ends, strict=True)]
    value = means[0][0] - means[1][0]
    if value != value:
        return float("nan"), float("nan"), float("nan"), "not enough followed"
    if min(days) < DAYS_FOR_BOOTSTRAP:
        half = Z95 * float(np.hypot(means[0][1], means[1][1]))
        return value, value - half, value + half, "normal limits, treats cues as independent"
    drawn = [
        drawn_means(wait, ended, one, horizon_s, day_weights(count, DRAWS, seed + k))
        for k, (wait, ended, one, count) in enumerate(zip(waits, ends, day, days, strict=True))
    ]
    low, high = np.quantile(drawn[0] - drawn[1], [0.025, 0.975])
    stretch = float(stdtrit(min(days) - 1, 0.975)) / Z95
    limits = float(value - (value - low) * stretch), float(value + (high - value) * stretch)
    return value, *limits, f"limits from {DRAWS} draws of {days[0]} and {days[1]} days"


def drawn_means(wait: Floats, answered: Bools, day: Ints, horizon_s: float, weights: Floats) -> Floats:
    """Return the restricted mean wait (s) of each row of day weights, shape (draws,).

    >>> drawn_means(
    ...     np.array([2.0, 9.0]),
    ...     np.array([True, False]),
    ...     np.array([0, 1]),
    ...     9.0,
    ...     np.array([[1.0, 1.0], [2.0, 0.0]]),
    ... ).tolist()
    [5.5, 2.0]
    """
    time, place = np.unique(np.minimum(wait, horizon_s), return_inverse=True)
    flat = (answered & (wait <= horizon_s)).astype(np.int64) * weights.shape[1] + day
    counts = np.bincount(flat * len(time) + place, minlength=2 * weights.shape[1] * len(time)).reshape(
        2, -1, len(time)
    )
    left, ended = weights @ counts[0], weights @ counts[1]
    at_risk = (left + ended)[:, ::-1].cumsum(axis=1)[:, ::-1]
    share = np.cumprod(1 - ended / np.maximum(at_risk, 1e-300), axis=1)
    heights = np.concatenate((np.ones((len(weights), 1)), share), axis=1)
    return np.asarray(heights @ np.diff(np.concatenate(([0.0], time, [max(horizon_s, time[-1])]))))
