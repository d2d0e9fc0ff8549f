"""Comfort completion: how often, and after how long, crying ended settled with a caregiver there."""

import numpy as np
import pandas as pd

from caregiving.frames import need
from caregiving.indices import Estimate, index
from caregiving.indices._days import clusters, day_weights, share_limits, stretched
from caregiving.indices._drawn import drawn
from caregiving.indices._gates import lacking
from caregiving.indices._moments import Bools, Watching, marks, watching
from caregiving.indices._settling import Settling, settling
from caregiving.indices._survival import curve
from caregiving.instruments import Instrument

SOURCE = "comfort_completion"
BOUTS = 10
DRAWS = 999
DAYS_FOR_BOOTSTRAP = 7


@index(label="Comfort completion", unit="share", source=SOURCE, row="availability")
def comfort(
    episodes: pd.DataFrame, events: pd.DataFrame, windows: pd.DataFrame, instrument: Instrument, seed: int = 0
) -> list[Estimate]:
    """Comfort completion: distress bouts that end settled in or after contact with a caregiver / all of them.

    A bout ends settled when a mark of settling comes after its last cue and before the next bout of
    distress, or when the cry was logged with its end. Contact: the caregiver was already there, or an answer
    came from one bout gap before its onset (an answer that splits crying into two bouts belongs to both) to
    its settling. Time to settle: minutes from onset to settling, Kaplan-Meier; a bout that had not settled
    by the next bout or by the end of watching is followed until then.

    Parameters: episodes, one row a cue bout (`cue_class, onset_s, offset_s, already_engaged, session, day`),
    all bouts of distress in watched time, also those for which the caregiver was already there; events;
    windows.
    Returns: `comfort_completion` and `settled_alone` (shares of all distress bouts in [0, 1]),
    `time_to_settle` (median, min, >= 0). n counts bouts. A bout still unsettled at the end of watching
    counts as not settled in the shares; `method` says how many those are. NaN where no end of crying was
    ever logged.
    Limits: shares, ratio estimator over days on the logit; median, log-log, from 7 days on days drawn anew
    999 times (seeded), stretched by t(D - 1) / 1.96. Gate: 10 bouts. Raises: MissingColumn.
    Source: `comfort_completion`; for context `woodhouse_2020`.

    Two bouts, one settled a minute after it was answered:

    >>> from caregiving.episodes import pair
    >>> from caregiving.instruments import load
    >>> told = [("cry", 0.0), ("pick_up", 20.0), ("settled", 60.0), ("cry", 300.0)]
    >>> log = pd.DataFrame(
    ...     [("s", c, t, float("nan")) for c, t in told], columns=["session", "code", "onset_s", "offset_s"]
    ... )
    >>> watched = pd.DataFrame({"session": ["s"], "start_s": [0.0], "end_s": [600.0]})
    >>> home = load("home_moments")
    >>> [(e.measure, e.value) for e in comfort(pair(log, watched, home), log, watched, home)]
    [('comfort_completion', 0.5), ('settled_alone', 0.0), ('time_to_settle', 1.0)]
    """
    need(episodes, "cue_class", "onset_s", "offset_s", "already_engaged", "session", "day")
    watch = watching(events, windows, instrument)
    rows = episodes[episodes["cue_class"].eq("distress")]
    rows = rows[watch.seen(watch.at(rows["session"], rows["onset_s"]))].reset_index(drop=True)
    went = settling(rows, events, watch, instrument)
    contact = _contact(rows, went, events, watch, instrument)
    return [
        _share("comfort_completion", rows, went, contact, "settled in or after contact"),
        _share("settled_alone", rows, went, ~contact, "settled before any contact"),
        _time(rows, went, seed),
    ]


def _contact(
    rows: pd.DataFrame, went: Settling, events: pd.DataFrame, watch: Watching, instrument: Instrument
) -> Bools:
    """Tell for each bout whether a caregiver was there before it settled, or before it was lost from view."""
    timing = instrument.classes.get("distress")
    gap_s = timing.bout_gap_s.value if timing and timing.bout_gap_s else 0.0
    onset = watch.at(rows["session"], rows["onset_s"])
    answers = marks(watch, events, instrument.codes("response"))
    before = watch.since(answers, onset) <= gap_s
    during = watch.until(answers, onset) <= went.followed_s
    return np.asarray(rows["already_engaged"].to_numpy(dtype=bool) | before | during, dtype=np.bool_)


def _share(measure: str, rows: pd.DataFrame, went: Settling, counts: Bools, meaning: str) -> Estimate:
    """Return the share of all bouts that settled and count."""
    n = len(rows)
    gate = _gate(rows, went)
    if n == 0 or not went.logged.any():
        return Estimate(
            measure, float("nan"), n, "share", SOURCE, cue_class="distress", method=meaning, gate=gate
        )
    done = ~np.isnan(went.settled_s) & counts
    value = float(done.mean())
    low, high, how = share_limits(value, (done - value) / n, clusters(rows), n)
    unsettled = int(np.isnan(went.settled_s).sum())
    method = f"{meaning} / all bouts of distress ({unsettled} were not seen to settle); {how}"
    return Estimate(measure, value, n, "share", SOURCE, low, high, "distress", method, gate)


def _time(rows: pd.DataFrame, went: Settling, seed: int) -> Estimate:
    """Return the median time to settle in minutes."""
    n, settled = len(rows), ~np.isnan(went.settled_s)
    gate = _gate(rows, went)
    steps = curve(went.followed_s / 60, settled)
    value = steps.median() if went.logged.any() else float("nan")
    low, high, how = *steps.median_limits(), "log-log limits, treats bouts as independent"
    day = clusters(rows)
    days = int(day.max(initial=-1)) + 1
    if not np.isfinite(value):
        low = high = float("nan")
        gate = gate or "fewer than half of these bouts were seen to settle, so there is no median"
    elif days >= DAYS_FOR_BOOTSTRAP:
        again = drawn(went.followed_s / 60, settled, day, day_weights(days, DRAWS, seed))
        low, high = stretched(value, again.median, days)
        how = f"limits from {DRAWS} draws of {days} days"
    method = f"Kaplan-Meier median from onset to settling, {how}"
    return Estimate("time_to_settle", value, n, "min", SOURCE, low, high, "distress", method, gate)


def _gate(rows: pd.DataFrame, went: Settling) -> str | None:
    """Return what is still needed."""
    missing = lacking(("bout of distress", len(rows), BOUTS))
    if missing is None and not went.logged.any():
        return "nobody logged when crying ended, so it is not known what settled"
    return missing
