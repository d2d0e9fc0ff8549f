"""Answers beside settling alone: the share of cues answered, when some pass before anybody could answer."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from caregiving.frames import need
from caregiving.indices import Estimate, index
from caregiving.indices._competing import ANSWERED, CENSORED, SETTLED, incidence
from caregiving.indices._days import clusters, share_limits
from caregiving.indices._gates import lacking
from caregiving.indices._waiting import READ, Group, groups
from caregiving.instruments import Instrument

SOURCE = "aalen_johansen"


@index(label="Answered or settled alone", unit="share", source=SOURCE, row="responsiveness")
def response_incidence(episodes: pd.DataFrame, instrument: Instrument) -> list[Estimate]:
    """Share of cues answered by w seconds, with settling alone as the other way a cue can end.

    `answered_within_{w}s`: the Aalen-Johansen cumulative incidence sum_{t_j <= w} S(t_j-) d_j / n_j, with S
    the share for which nothing has ended yet, d_j answers and n_j cues at risk at t_j. A cue that broke off
    unanswered counts as unknown from then on. `..._confirmed`: the same without silences that nobody
    confirmed by "no answer". `self_settled`: the incidence of settling alone by the end of the response
    window. `unconfirmed_silence`: the share of waiting cues that ended in such a silence. `already_engaged`:
    the share of all cues that came while the caregiver was already there; these cues are left out of
    everything else.

    Parameters: episodes, one row a cue bout; reads `cue_class, cue_code, answered, self_settled,
    confirmed_none, followed_s, already_engaged, day, session`.
    Returns: for each class, and each code with targets of its own, two estimates a target and three more, all
    in [0, 1]; NaN when nothing was seen. n counts cue bouts.
    Limits: ratio estimator over days on the logit with t(D - 1), from each cue's influence; Wilson at 0 and
    1.
    Gate: 20 cues, 3 days. Raises: MissingColumn. Source: `aalen_johansen`, `ratio_estimator`.

    One cry answered at 10 s, one that settled at 20 s, two followed for 180 s in vain:

    >>> rows = pd.DataFrame(
    ...     {
    ...         "cue_class": "distress",
    ...         "cue_code": "cry",
    ...         "answered": [True, False, False, False],
    ...         "self_settled": [False, True, False, False],
    ...         "confirmed_none": False,
    ...         "already_engaged": False,
    ...         "followed_s": [10.0, 20.0, 180.0, 180.0],
    ...         "day": "d",
    ...         "session": "s",
    ...     }
    ... )
    >>> from caregiving.instruments import load
    >>> [(e.measure, e.value) for e in response_incidence(rows, load("home_moments"))[:5:2]]
    [('answered_within_30s', 0.25), ('answered_within_180s', 0.25), ('self_settled', 0.25)]
    """
    need(episodes, "cue_class", "cue_code", "answered", "self_settled", "confirmed_none", "followed_s")
    need(episodes, "already_engaged", "day", "session")
    also = ("self_settled", "confirmed_none")
    rows = episodes[[*READ, *also]]
    rows = rows.sort_values(["day", "session", "followed_s"], kind="stable")  # so that sums round alike
    return [one for group in groups(rows, instrument, *also) for one in _of(group, _everybody(group, rows))]


def _everybody(group: Group, episodes: pd.DataFrame) -> pd.DataFrame:
    """Return the cues of a group together with those for which the caregiver was already there."""
    name, _, code = group.name.partition("/")
    rows = episodes[episodes["cue_class"] == name]
    return rows[rows["cue_code"] == code] if code else rows


def _of(group: Group, everybody: pd.DataFrame) -> list[Estimate]:
    """Return all estimates of one group."""
    rows = group.episodes.assign(cluster=clusters(group.episodes))
    answered, settled = (rows[name].to_numpy(dtype=bool) for name in ("answered", "self_settled"))
    silent = ~answered & ~settled & ~rows["confirmed_none"].to_numpy(dtype=bool)
    estimates = []
    for target in group.timing.within_s.value if group.timing.within_s else ():
        name = f"answered_within_{target:g}s"
        estimates.append(_by(name, rows, ANSWERED, target, group))
        estimates.append(_by(f"{name}_confirmed", rows[~silent], ANSWERED, target, group))
    estimates.append(_by("self_settled", rows, SETTLED, group.window_s, group))
    estimates.append(_share("unconfirmed_silence", rows, silent, group.name))
    everybody = everybody.assign(cluster=clusters(everybody))
    engaged = everybody["already_engaged"].to_numpy(dtype=bool)
    return [*estimates, _share("already_engaged", everybody, engaged, group.name)]


def _gate(rows: pd.DataFrame) -> str | None:
    return lacking(("cue", len(rows), 20), ("day", rows["cluster"].nunique(), 3))


def _by(measure: str, rows: pd.DataFrame, kind: int, target: float, group: Group) -> Estimate:
    """Return the incidence of one kind of end by the target."""
    n, gate = len(rows), _gate(rows)
    answered, settled = (rows[name].to_numpy(dtype=bool) for name in ("answered", "self_settled"))
    end = np.select([answered, settled], [ANSWERED, SETTLED], CENSORED)
    wait = rows["followed_s"].to_numpy(dtype=np.float64)
    found = incidence(wait, end, kind, target)
    if n and wait.max() < target and not (end[wait == wait.max()] != CENSORED).all():
        sentence = gate or f"no cue was followed for the whole {target:g} s"
        return Estimate(
            measure, float("nan"), n, "share", SOURCE, cue_class=group.name, method="", gate=sentence
        )
    share = float(round(found.share, 12))  # a sum of many steps may miss 0 or 1 by a rounding error
    low, high, how = _limits(share, found.influence, rows)
    method = f"Aalen-Johansen incidence by {target:g} s, answers and settling alone compete; {how}"
    return Estimate(measure, share, n, "share", SOURCE, low, high, group.name, method, gate)


def _share(measure: str, rows: pd.DataFrame, marked: NDArray[np.bool_], name: str) -> Estimate:
    """Return a plain share of cues."""
    n = len(rows)
    share = float(marked.mean()) if n else float("nan")
    low, high, how = _limits(share, (marked - share) / max(n, 1), rows)
    return Estimate(
        measure, share, n, "share", SOURCE, low, high, name, f"marked / all cues; {how}", _gate(rows)
    )


def _limits(share: float, influence: NDArray[np.float64], rows: pd.DataFrame) -> tuple[float, float, str]:
    if not len(rows):
        return float("nan"), float("nan"), "no cue seen"
    day = np.unique(rows["cluster"].to_numpy(), return_inverse=True)[1]  # without the days that were left out
    return share_limits(share, influence, day, len(rows))
