"""Responsiveness: the share of cues that are answered within a given time."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from caregiving.frames import need
from caregiving.indices import Estimate, index
from caregiving.indices._days import clusters, share_limits
from caregiving.indices._gates import lacking
from caregiving.indices._survival import curve, influence
from caregiving.indices._waiting import Group, groups
from caregiving.instruments import Instrument


@index(label="Responsiveness", unit="share", source="kaplan_meier_1958", row="responsiveness")
def responsiveness(episodes: pd.DataFrame, instrument: Instrument) -> list[Estimate]:
    """Share of cues that had an answer within w seconds: 1 - S(w), for each target w of each class.

    S is the Kaplan-Meier share still waiting, so that a cue which could not be followed for w seconds counts
    as unknown after that, not as missed. With every cue followed to the end it is answered / all.

    Parameters: episodes, one row a cue bout; reads `cue_class, cue_code, answered, followed_s,
    already_engaged, day, session`. Already engaged cues are left out here and reported by `already_engaged`.
    Returns: an estimate `within_{w}s` for each target, in [0, 1]; NaN when nothing was seen. n counts cue
    bouts.
    Limits: ratio estimator over days on the logit with t(D - 1), from each cue's influence on S(w); Wilson at
    0 and 1; log-log limits with a single day.
    Gate: 20 cues, 3 days.
    Raises: MissingColumn. Source: `kaplan_meier_1958`, `ratio_estimator`.

    Three of four cues answered within 30 s, the fourth followed for 180 s:

    >>> import pandas as pd
    >>> from caregiving.instruments import load
    >>> rows = pd.DataFrame(
    ...     {
    ...         "cue_class": "distress",
    ...         "cue_code": "cry",
    ...         "answered": [True, True, True, False],
    ...         "followed_s": [5.0, 9.0, 30.0, 180.0],
    ...         "already_engaged": False,
    ...         "day": "d",
    ...         "session": "s",
    ...     }
    ... )
    >>> [(e.measure, e.value) for e in responsiveness(rows, load("home_moments"))[:2]]
    [('within_30s', 0.75), ('within_180s', 0.75)]
    """
    need(episodes, "cue_class", "cue_code", "answered", "followed_s", "already_engaged", "day", "session")
    return [
        _within(group, target)
        for group in groups(episodes, instrument)
        for target in (group.timing.within_s.value if group.timing.within_s else ())
    ]


def _within(group: Group, target: float) -> Estimate:
    """Return the share of one group answered within the target."""
    rows = group.episodes
    n = len(rows)
    day = clusters(rows)
    days = int(day.max()) + 1 if n else 0
    gate = lacking(("cue", n, 20), ("day", days, 3))
    measure = f"within_{target:g}s"
    source = group.timing.within_s.source if group.timing.within_s else "kaplan_meier_1958"
    if n == 0:
        return Estimate(
            measure, float("nan"), 0, "share", source, cue_class=group.name, method="no cue seen", gate=gate
        )
    steps = curve(rows["followed_s"], rows["answered"])
    share = 1 - steps.waiting(target)
    if steps.longest < target and share < 1:
        gate = gate or f"no cue was followed for the whole {target:g} s"
        share = float("nan")
    low, high, how = _limits(rows, day, share, target)
    method = f"1 - Kaplan-Meier share still waiting after {target:g} s; {how}"
    return Estimate(measure, share, n, "share", source, low, high, group.name, method, gate)


def _limits(
    rows: pd.DataFrame, day: NDArray[np.int64], share: float, target: float
) -> tuple[float, float, str]:
    """Return the limits of the share and how they were found: over days, or within the only day there is."""
    if share != share:
        return float("nan"), float("nan"), "not followed long enough"
    wait, answered = rows["followed_s"], rows["answered"]
    if 0 < share < 1 and day.max() < 1:
        low, high = curve(wait, answered).waiting_limits(target)
        return 1 - high, 1 - low, "log-log limits, treats cues as independent"
    return share_limits(share, -influence(wait, answered, target), day, len(rows))
