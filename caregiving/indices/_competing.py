"""Waiting that can end in two ways, in an answer or by settling alone: the Aalen-Johansen incidence.

Written here (statsmodels' version gives no influence of single cues, on which the limits over days rest).
With one kind of end only it is 1 - the Kaplan-Meier share; Kaplan-Meier on the answers alone would treat a
baby who settled as one who still waits, and overstate the share answered.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
CENSORED, ANSWERED, SETTLED = 0, 1, 2


@dataclass(frozen=True)
class Incidence:
    """Cumulative incidence of one kind of end by a given time, and each cue's influence on it."""

    share: float
    influence: Floats


def incidence(wait: ArrayLike, end: ArrayLike, kind: int, t: float) -> Incidence:
    """Return the share of cues that ended in one way by t seconds.

    I(t) = sum_{t_j <= t} S(t_j-) d_kj / n_j, with S the Kaplan-Meier share for which nothing has ended yet,
    d_kj ends of that kind and n_j cues at risk at t_j; a wait that broke off at t_j is still at risk there.
    Parameters: `wait` s, `end` 0 broke off, 1 answered, 2 settled alone, shape (n,); `kind` 1 or 2; `t` s.
    Returns: the share in [0, 1], NaN for no cues, and the derivative by the weight of each cue, shape (n,),
    which without broken-off waits is (1 if it ended so by t, else 0) - I(t), over n. Source: `r_survival`.

    Four cues: answered at 5 s, settled at 10 s, broken off at 12 s, answered at 20 s:

    >>> answered = incidence([5, 10, 12, 20], [1, 2, 0, 1], ANSWERED, 30)
    >>> answered.share  # 1/4 + 1/2 * 1/1
    0.75
    """
    waits, ends = np.asarray(wait, dtype=np.float64), np.asarray(end, dtype=np.int64)
    if not len(waits):
        return Incidence(float("nan"), np.empty(0))
    time = np.unique(waits[(ends != CENSORED) & (waits <= t)])
    place = np.searchsorted(time, waits)
    here = (ends != CENSORED) & (waits <= t)
    n = len(waits) - np.searchsorted(np.sort(waits), time, side="left").astype(np.float64)
    d = np.bincount(place[here], minlength=len(time)).astype(np.float64)
    of_kind = np.bincount(place[here & (ends == kind)], minlength=len(time)).astype(np.float64)
    before = np.concatenate(([1.0], np.cumprod(1 - d / n)))[:-1]
    step = before * of_kind / n
    return Incidence(
        float(step.sum()), _influence(waits, here, here & (ends == kind), time, n, d, before, step)
    )


def _influence(
    waits: Floats,
    here: NDArray[np.bool_],
    so: NDArray[np.bool_],
    time: Floats,
    n: Floats,
    d: Floats,
    before: Floats,
    step: Floats,
) -> Floats:
    """Return each cue's influence: through the share waiting before later ends, and through its own end.

    d I / d w_i = sum_j S(t_j-) [ (d log S(t_j-) / d w_i) d_kj / n_j + (1{i ends so at t_j} - d_kj / n_j 1{i
    at risk}) / n_j ], d log S(t_j-) / d w_i = sum_{l < j} [ 1{i at risk at l} d_l / (n_l (n_l - d_l)) - 1{i
    ends at l} / (n_l - d_l) ].
    """
    if not len(time):
        return np.zeros(len(waits))
    left = n - d
    safe = np.maximum(left, 1.0)  # where nobody is left, nothing later can count
    stays = np.concatenate(([0.0], np.cumsum(np.where(left > 0, d / (n * safe), 0.0))))
    later = np.concatenate((np.cumsum(step[::-1])[::-1], [0.0]))  # step j and all that follow
    weighted = np.concatenate(([0.0], np.cumsum(step * stays[:-1])))
    passed = np.concatenate(([0.0], np.cumsum(step / n)))
    reached = np.searchsorted(time, waits, side="right")  # ends of anybody that this cue was at risk for
    own = np.minimum(np.searchsorted(time, waits), len(time) - 1)
    survives = weighted[reached] + stays[reached] * later[reached]
    lost = np.where(here, later[reached] / safe[own], 0.0)
    gained = np.where(so, before[own] / n[own], 0.0)
    return np.asarray(survives - lost + gained - passed[reached])
