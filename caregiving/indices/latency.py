"""Response latency: how long a cue waits for its answer, with cues that were never answered counted in."""

import numpy as np
import pandas as pd

from caregiving.frames import need
from caregiving.indices import Estimate, index
from caregiving.indices._days import clusters, day_weights, stretched
from caregiving.indices._gates import lacking
from caregiving.indices._survival import HALF, Curve, curve
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
    drawn = _resampled(rows, day, days, group, seed) if days >= DAYS_FOR_BOOTSTRAP else None
    return [_median(group, steps, days, drawn), *_restricted(group, steps, days, drawn)]


def _median(group: Group, steps: Curve, days: int, drawn: tuple[np.ndarray, np.ndarray] | None) -> Estimate:
    n, value = len(group.episodes), steps.median()
    gate = lacking(("cue", n, 30), ("day", days, 3))
    low, high, how = *steps.median_limits(), "log-log limits, treats cues as independent"
    if drawn is not None and np.isfinite(value):
        low, high, how = *stretched(value, drawn[0], days), f"limits from {DRAWS} draws of {days} days"
    if gate is None and not np.isfinite(value):
        gate = (
            f"fewer than half of these cues were answered within {group.window_s:g} s, so there is no median"
        )
    method = f"Kaplan-Meier median, {how}"
    return Estimate("median", value, n, "s", "kaplan_meier_1958", low, high, group.name, method, gate)


def _restricted(
    group: Group, steps: Curve, days: int, drawn: tuple[np.ndarray, np.ndarray] | None
) -> list[Estimate]:
    """Return the restricted mean, when the group has a horizon."""
    horizon = group.timing.rmst_horizon_s
    if horizon is None:
        return []
    n, answers = len(group.episodes), int(group.episodes["answered"].sum())
    value, error = steps.restricted_mean(horizon.value)
    gate = lacking(("cue", n, 20), ("answer", answers, 10), ("day", days, 3))
    low, high = max(0.0, value - 1.96 * error), min(horizon.value, value + 1.96 * error)
    how = "normal limits, treats cues as independent"
    if drawn is not None and np.isfinite(value):
        low, high = stretched(value, drawn[1], days)
        high, how = min(high, horizon.value), f"limits from {DRAWS} draws of {days} days"
    if not np.isfinite(value):
        low = high = float("nan")
        gate = gate or f"no cue was followed for the whole {horizon.value:g} s"
    method = f"restricted mean to {horizon.value:g} s under the Kaplan-Meier curve, {how}"
    return [Estimate("rmst", value, n, "s", horizon.source, low, high, group.name, method, gate)]


def _resampled(
    rows: pd.DataFrame, day: np.ndarray, days: int, group: Group, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the median (infinite where not reached) and restricted mean of each resample of days."""
    wait, answered = rows["followed_s"].to_numpy(), rows["answered"].to_numpy()
    every, place = np.unique(wait, return_inverse=True)
    counts = np.zeros((2, days, len(every)), dtype=np.float32)  # whole numbers, exact up to 16 million
    np.add.at(counts, (answered.astype(int), day, place), 1.0)
    steps = counts[1].any(axis=0)  # the curve only moves where something was answered
    time, still = every[steps], counts.sum(axis=0)[:, ::-1].cumsum(axis=1)[:, ::-1][:, steps]
    weights = day_weights(days, DRAWS, seed).astype(np.float32)
    at_risk, ended = weights @ still, weights @ counts[1][:, steps]
    share = np.cumprod(1 - np.divide(ended, np.maximum(at_risk, 1), dtype=np.float64), axis=1)
    reached = np.column_stack([share <= HALF, np.ones(len(share), dtype=bool)])  # or never
    median = np.append(time, np.inf)[reached.argmax(axis=1)]
    horizon = group.timing.rmst_horizon_s
    if horizon is None:
        return median, np.full(DRAWS, np.nan)
    inside = time < horizon.value
    edges = np.concatenate(([0.0], time[inside], [horizon.value]))
    heights = np.concatenate((np.ones((DRAWS, 1)), share[:, inside]), axis=1)
    return median, heights @ np.diff(edges)
