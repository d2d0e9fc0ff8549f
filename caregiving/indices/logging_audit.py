"""How the moments came to be logged: what the taps themselves can tell about what was not tapped."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from caregiving.frames import need
from caregiving.indices import Estimate, index
from caregiving.indices._days import clusters, share_limits, wilson
from caregiving.indices._gates import lacking
from caregiving.indices._moments import UNDECLARED, watching
from caregiving.indices._selective import (
    BANNER_POINTS,
    REACTIVE_DAYS,
    UNLOGGED,
    badge,
    banner,
    reactive_days,
    tipping_points,
)

SOURCE = "selective_logging"
CUES, DAYS = 20, 3
COMPARED = {UNDECLARED: "opportunistic taps", "session": "coded sessions", "prompt": "prompted moments"}
NAN = float("nan")
NO_PROMPTS = "this material does not say which prompts were sent, so how many were answered is not known"
NO_DAYS = "the days of these cues are not known"
NO_CLOCK = "the time of day of these moments is not known"


@dataclass(frozen=True)
class Share:
    """A share with its limits, the cues and the days it rests on."""

    value: float
    low: float
    high: float
    n: int
    days: int


@index(label="How moments were logged", unit="share", source=SOURCE, row="context")
def logging_audit(episodes: pd.DataFrame, events: pd.DataFrame, windows: pd.DataFrame) -> list[Estimate]:
    """Checks of the log itself: do ways of watching agree, and how much could unlogged cues change the share.

    opportunistic_minus_live, session_minus_live, prompt_minus_live: difference of the shares of cues
    answered, in points; beyond 15 points `method` carries a warning. tipping_10 ... tipping_50: the share
    answered if 10 ... 50 % of all cues had been unlogged and unanswered, p (1 - u). unconfirmed: share of
    unanswered cues without a tap that says so. first_days: share of cues from the first two days, when
    watching itself may change what people do. whole_minutes: share of moments stamped within the first
    second of a minute; 1/60 by chance. prompt_compliance: answered / sent prompts. data_quality: share of
    these checks that are met.

    Parameters: episodes, one row a cue bout (cues whose response window was watched to its end or that were
    answered, without those for which the caregiver was already there); events; windows with `mode`,
    `started_at`.
    Returns: one estimate each; shares in [0, 1], differences in [-100, 100] points. n counts cues, or
    moments. What this material cannot tell is NaN with the sentence that says so.
    Limits: shares over days (logit, t), their difference from both; others Wilson. Gate: 20 cues each, and 3
    days for the tipping points. Raises: MissingColumn. Source: `selective_logging`.

    >>> from caregiving.frames import EPISODES, EVENTS, WINDOWS, empty
    >>> logging_audit(empty(EPISODES), empty(EVENTS), empty(WINDOWS))[0].gate
    'there are no opportunistic taps to compare with'
    """
    need(
        episodes, "session", "onset_s", "day", "answered", "window_seen", "already_engaged", "confirmed_none"
    )
    need(windows, "session", "start_s", "end_s")
    counted = (episodes["window_seen"] | episodes["answered"]) & ~episodes["already_engaged"]
    rows = episodes.assign(mode=_modes(episodes, windows))[counted]
    declared = rows[rows["mode"] != UNDECLARED]
    live = answered_share(declared[~declared["mode"].isin(["session", "prompt"])])
    differences = [
        _difference(f"{mode}_minus_live", answered_share(rows[rows["mode"] == mode]), live, what)
        for mode, what in COMPARED.items()
    ]
    whole = answered_share(declared)
    found = [
        *differences,
        *(_tipping(whole, unlogged) for unlogged in UNLOGGED),
        _unconfirmed(declared),
        _first_days(declared),
        _whole_minutes(events, windows),
        prompt_compliance([]),
    ]
    return [*found, _quality(whole, differences, found[-3], found[-2])]


def prompt_compliance(answered: Sequence[bool]) -> Estimate:
    """Return the share of prompts that were answered, with Wilson's limits.

    Parameters: for each prompt that was sent whether it was answered (see `caregiving.prompts.answered`). A
    file of events does not say which prompts were sent; there the figure is not known.

    >>> prompt_compliance([True, True, False]).n, prompt_compliance([]).gate == NO_PROMPTS
    (3, True)
    """
    method = "prompts answered within 15 minutes / prompts sent"
    return _counted("prompt_compliance", sum(answered), len(answered), method, NO_PROMPTS)


def answered_share(rows: pd.DataFrame) -> Share:
    """Return the share of cues answered, with limits over days."""
    n, day = len(rows), clusters(rows)
    if n == 0:
        return Share(NAN, NAN, NAN, 0, 0)
    value = float(rows["answered"].mean())
    low, high, _ = share_limits(value, (rows["answered"].to_numpy(dtype=float) - value) / n, day, n)
    return Share(value, low, high, n, int(day.max()) + 1)


def _modes(episodes: pd.DataFrame, windows: pd.DataFrame) -> pd.Series:
    """Return the mode of the window in which each cue began; None where it is not known."""
    if "mode" not in windows or windows.empty:
        return pd.Series(None, index=episodes.index, dtype="object")
    clock = watching(episodes[["onset_s"]], windows.drop(columns="mode"))
    start = clock.at(windows["session"], windows["start_s"])
    order = np.argsort(start, kind="stable")
    moment = clock.at(episodes["session"], episodes["onset_s"])
    place = np.searchsorted(start[order], moment, side="right") - 1
    mode = windows["mode"].astype("object").iloc[order[np.maximum(place, 0)]]
    return mode.set_axis(episodes.index).where(place >= 0, None)


def _difference(measure: str, one: Share, live: Share, what: str) -> Estimate:
    """Return how far a share lies from that in live windows, in points, with limits from those of both."""
    if one.n == 0 or live.n == 0:
        absent = what if one.n == 0 else "cues in live windows"
        return Estimate(measure, NAN, 0, "points", SOURCE, gate=f"there are no {absent} to compare with")
    apart = one.value - live.value
    low = apart - np.hypot(one.value - one.low, live.high - live.value)
    high = apart + np.hypot(one.high - one.value, live.value - live.low)
    gate = lacking((f"cue in {what}", one.n, CUES), ("cue in live windows", live.n, CUES))
    warning = banner(one.value, live.value)
    method = "; ".join(filter(None, [f"share answered in {what} less that in live windows", warning]))
    figures = (float(100 * low), float(100 * high))
    return Estimate(measure, 100 * apart, one.n + live.n, "points", SOURCE, *figures, "all", method, gate)


def _tipping(share: Share, unlogged: float) -> Estimate:
    """Return the share if cues were missed that nobody answered."""
    value, low, high = (
        float(figure) for figure in tipping_points([share.value, share.low, share.high], unlogged)
    )
    gate = lacking(("cue", share.n, CUES), ("day", share.days, DAYS))
    method = f"share answered if {unlogged:.0%} of all cues had been neither logged nor answered"
    return Estimate(
        f"tipping_{unlogged * 100:.0f}", value, share.n, "share", SOURCE, low, high, "all", method, gate
    )


def _counted(measure: str, true: int, n: int, method: str, gate: str) -> Estimate:
    """Return a plain share with Wilson's limits, or NaN with the sentence when there is nothing."""
    if n == 0:
        return Estimate(measure, NAN, 0, "share", SOURCE, method=method, gate=gate)
    return Estimate(
        measure, true / n, n, "share", SOURCE, *wilson(true, n), "all", f"{method}; Wilson interval"
    )


def _unconfirmed(rows: pd.DataFrame) -> Estimate:
    silent = rows[~rows["answered"]]
    method = "unanswered cues without a tap that there was no answer / all unanswered cues"
    return _counted(
        "unconfirmed", int((~silent["confirmed_none"]).sum()), len(silent), method, "no cue went unanswered"
    )


def _first_days(rows: pd.DataFrame) -> Estimate:
    dated = rows[rows["day"].notna()]
    days = reactive_days(dated["day"])
    method = f"cues of the first {REACTIVE_DAYS} days / all cues; they may be left out"
    return _counted("first_days", int(dated["day"].isin(days).sum()), len(dated), method, NO_DAYS)


def _whole_minutes(events: pd.DataFrame, windows: pd.DataFrame) -> Estimate:
    """Return the share of moments stamped within the first second of a minute."""
    method = "moments within the first second of a minute / all; 1/60 by chance"
    if "started_at" not in windows or windows["started_at"].isna().all() or events.empty:
        return _counted("whole_minutes", 0, 0, method, NO_CLOCK)
    dated = windows[windows["started_at"].notna()]
    clock = watching(events, dated.drop(columns="mode", errors="ignore"))
    start = clock.at(dated["session"], dated["start_s"])
    order = np.argsort(start, kind="stable")
    instant = pd.to_datetime(dated["started_at"].astype("str"), utc=True, format="ISO8601")
    second = (instant.dt.second + instant.dt.microsecond / 1e6).to_numpy(dtype=np.float64)[order]
    moment = clock.at(events["session"], events["onset_s"])
    moment = moment[clock.seen(moment)]
    place = np.searchsorted(start[order], moment, side="right") - 1
    passed_s = (moment - start[order][place]) / 1e6
    heaped = np.floor(np.round(second[place] + passed_s, 6)) % 60 == 0
    return _counted("whole_minutes", int(heaped.sum()), len(moment), method, NO_CLOCK)


def _quality(share: Share, differences: list[Estimate], first_days: Estimate, minutes: Estimate) -> Estimate:
    """Return the share of checks met that could be made, and the badge in words."""
    apart = [abs(one.value) <= BANNER_POINTS for one in differences if one.shown.value == one.shown.value]
    checks: dict[str, bool | None] = {
        f"{CUES} cues": share.n >= CUES,
        f"{DAYS} days": share.days >= DAYS,
        f"ways of watching within {BANNER_POINTS:g} points": all(apart) if apart else None,
        f"more than the first {REACTIVE_DAYS} days": first_days.value < 1 if first_days.n else None,
        "times not rounded to minutes": minutes.low <= 1 / 60 if minutes.n else None,
    }
    known = [met for met in checks.values() if met is not None]
    gate = None if share.n else "nothing was logged in watched time"
    value = sum(known) / len(known) if share.n else NAN
    return Estimate("data_quality", value, share.n, "share", SOURCE, method=badge(checks), gate=gate)
