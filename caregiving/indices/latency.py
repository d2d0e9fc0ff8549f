"""Response latency: how long a cue waits for its answer, with cues that were never answered counted in."""

import numpy as np
import pandas as pd

from caregiving.frames import need
from caregiving.indices import Estimate, index
from caregiving.indices._days import clusters, day_weights, stretched
from caregiving.indices._drawn import Drawn, drawn
from caregiving.indices._gates import lacking
from caregiving.indices._survival import Curve, curve
from caregiving.indices._waiting import Group, groups
from caregiving.instruments import Instrument

DRAWS = 999
DAYS_FOR_BOOTSTRAP = 7


@index(label="Response latency", unit="s", source="kaplan_meier_1958", row="responsiveness")
def latency(episodes: pd.DataFrame, instrument: Instrument, seed: int = 0) -> list[Estimate]:
    """Waiting time from cue to answer, in seconds: the median and the restricted mean of each class of cues.

    With S(t) the Kaplan-Meier share of cues still waiting after t seconds:
    median = first t with S(t) <= 1/2; rmst = area under S from 0 to the horizon of the class, the mean wait
    when longer waits count as the horizon. Unanswered cues count as waiting for as long as they were
    followed.

    Parameters: episodes, one row a cue bout; reads `cue_class, cue_code, answered, followed_s,
    already_engaged, day, session`. Already engaged cues are left out.
    Returns: two estimates a class, and two for each code with targets of its own. Seconds, >= 0; NaN when
    nothing was seen or, for the median, when fewer than half were answered. n counts cue bouts.
    Limits: from 7 days on, days are drawn anew 999 times (seeded) and the percentile limits stretched by
    t(D - 1) / 1.96; with fewer days log-log limits, which treat cues as independent.
    Gate: restricted mean 20 cues, 10 answers, 3 days; median 30 cues, 3 days.
    Raises: MissingColumn. Source: `kaplan_meier_1958`, `brookmeyer_crowley_1982`.

    >>> from caregiving.frames import EPISODES, empty
    >>> from caregiving.instruments import load
    >>> latency(empty(EPISODES), load("free_play"))[0].gate
    'needs 30 more cues (0 of 30) and 3 more days (0 of 3)'
    """
    need(episodes, "cue_class", "cue_code", "answered", "followed_s", "already_engaged", "day", "session")
    return [one for group in groups(episodes, instrument) for one in _of(group, seed)]


def _of(group: Group, seed: int) -> list[Estimate]:
    """Return the median and the restricted mean of one group."""
    rows = group.episodes
    day = clusters(rows)
    steps = curve(rows["followed_s"], rows["answered"])
    days = int(day.max()) + 1 if len(day) else 0
    if days < DAYS_FOR_BOOTSTRAP:
        return [_median(group, steps, days, None), *_restricted(group, steps, days, None)]
    wait, answered = rows["followed_s"].to_numpy(dtype=np.float64), rows["answered"].to_numpy(dtype=bool)
    horizon = group.timing.rmst_horizon_s
    again = drawn(wait, answered, day, day_weights(days, DRAWS, seed), horizon.value if horizon else None)
    return [_median(group, steps, days, again), *_restricted(group, steps, days, again)]


def _median(group: Group, steps: Curve, days: int, again: Drawn | None) -> Estimate:
    n, value = len(group.episodes), steps.median()
    gate = lacking(("cue", n, 30), ("day", days, 3))
    low, high, how = *steps.median_limits(), "log-log limits, treats cues as independent"
    if again is not None and np.isfinite(value):
        low, high, how = *stretched(value, again.median, days), f"limits from {DRAWS} draws of {days} days"
    if gate is None and not np.isfinite(value):
        gate = (
            f"fewer than half of these cues were answered within {group.window_s:g} s, so there is no median"
        )
    method = f"Kaplan-Meier median, {how}"
    return Estimate("median", value, n, "s", "kaplan_meier_1958", low, high, group.name, method, gate)


def _restricted(group: Group, steps: Curve, days: int, again: Drawn | None) -> list[Estimate]:
    """Return the restricted mean, when the group has a horizon."""
    horizon = group.timing.rmst_horizon_s
    if horizon is None:
        return []
    n, answers = len(group.episodes), int(group.episodes["answered"].sum())
    value, error = steps.restricted_mean(horizon.value)
    gate = lacking(("cue", n, 20), ("answer", answers, 10), ("day", days, 3))
    low, high = max(0.0, value - 1.96 * error), min(horizon.value, value + 1.96 * error)
    how = "normal limits, treats cues as independent"
    if again is not None and np.isfinite(value):
        low, high = stretched(value, again.mean, days)
        high, how = min(high, horizon.value), f"limits from {DRAWS} draws of {days} days"
    if not np.isfinite(value):
        low = high = float("nan")
        gate = gate or f"no cue was followed for the whole {horizon.value:g} s"
    method = f"restricted mean to {horizon.value:g} s under the Kaplan-Meier curve, {how}"
    return [Estimate("rmst", value, n, "s", horizon.source, low, high, group.name, method, gate)]
