"""What changed: the last week beside the two weeks before it, in few comparisons chosen beforehand."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd

from caregiving.indices._compare import compare
from caregiving.indices._holm import holm
from caregiving.indices._survival import curve
from caregiving.report import Report
from caregiving.trends import COMPARED

NOW_DAYS, BEFORE_DAYS = 7, 14
FIRST_DAYS = 2  # people behave differently when they have just begun to log
SURE = 0.05
NOT_KNOWN = float("nan")


@dataclass(frozen=True)
class Change:
    """How long one class of cues waited for an answer, in the last seven days and in the fourteen before.

    `now_s`, `before_s` restricted mean waits; `difference_s` now less before, so above 0 means that answers
    took longer; `low`, `high` its 95 % limits; all in seconds, NaN while `gate` says what is lacking.
    `p_adjusted` from days relabelled, adjusted by Holm for the comparisons made. `left_out` the first days of
    logging ever, which are not part of the weeks before.
    """

    cue_class: str
    now_s: float
    before_s: float
    difference_s: float
    low: float
    high: float
    p_adjusted: float
    n_now: int
    n_before: int
    days_now: int
    days_before: int
    gate: str | None
    method: str
    left_out: tuple[str, ...] = ()


def newest_change(report: Report, last_day: str, first_days: Sequence[str] | None = None) -> list[Change]:
    """Return the comparisons of the seven days up to `last_day` with the fourteen before, one a class.

    Restricted means of the wait to the class's horizon, their difference with its limits, and a log-rank p
    from relabelled days (`indices._compare`); p values are adjusted by Holm over those that could be made.
    The classes are fixed beforehand: distress, request, social, those that the instrument has.

    Parameters: `last_day` of the family (ISO 8601). `first_days` the first two days on which the family ever
    logged; when None the first two of this report, which is right only for a report of the whole log.
    Returns: seconds, >= 0 for the waits; NaN while the gate (20 cues and 3 days on each side) is not met.
    Raises: MissingColumn. Source: `selective_logging`, `r_survival`.

    >>> from caregiving.instruments import load
    >>> from caregiving.frames import EVENTS, WINDOWS, empty
    >>> from caregiving.report import analyse
    >>> nothing = analyse(empty(EVENTS), empty(WINDOWS), load("home_moments"), names=[])
    >>> [(one.cue_class, one.n_now, one.now_s) for one in newest_change(nothing, "2026-03-31")]
    [('distress', 0, nan), ('request', 0, nan), ('social', 0, nan)]
    """
    early = tuple(report.days[:FIRST_DAYS] if first_days is None else first_days)
    day = report.episodes["day"]
    now = day.isin(_days(last_day, 0, NOW_DAYS))
    weeks_before = set(_days(last_day, NOW_DAYS, BEFORE_DAYS))
    before = day.isin(weeks_before - set(early))
    left_out = tuple(sorted(weeks_before & set(early)))
    changes, p_values = [], []
    for name in COMPARED:
        timing = report.instrument.classes.get(name)
        if timing is None or timing.rmst_horizon_s is None:
            continue
        rows = report.episodes["cue_class"] == name
        change, p = _change(
            name, report.episodes[rows & now], report.episodes[rows & before], timing.rmst_horizon_s.value
        )
        changes.append(replace(change, left_out=left_out, method=change.method + _note(left_out)))
        p_values.append(p)
    adjusted = holm(p_values)
    return [replace(one, p_adjusted=float(p)) for one, p in zip(changes, adjusted, strict=True)]


def highlighted(changes: Sequence[Change]) -> Change | None:
    """Return the one change that a page may point out, or None.

    The smallest adjusted p below .05 whose 95 % limits leave out zero, so that it can be said which way it
    went; among equals the one that stands first in the list, which is the order chosen beforehand.
    """
    told = [
        one for one in changes if one.gate is None and one.p_adjusted < SURE and not one.low <= 0 <= one.high
    ]
    return min(told, key=lambda one: one.p_adjusted, default=None)


def _days(last_day: str, skipped: int, number: int) -> list[str]:
    """Return so many days in a row, those before the skipped ones that end on the last day."""
    last = date.fromisoformat(last_day) - timedelta(days=skipped)
    return [(last - timedelta(days=ago)).isoformat() for ago in range(number)]


def _change(name: str, now: pd.DataFrame, before: pd.DataFrame, horizon_s: float) -> tuple[Change, float]:
    """Return one comparison, still without its adjusted p, and the p to adjust."""
    found = compare(now, before, horizon_s)
    shown = found.gate is None
    change = Change(
        cue_class=name,
        now_s=_mean(now, horizon_s) if shown else NOT_KNOWN,
        before_s=_mean(before, horizon_s) if shown else NOT_KNOWN,
        difference_s=found.difference_s if shown else NOT_KNOWN,
        low=found.low_s if shown else NOT_KNOWN,
        high=found.high_s if shown else NOT_KNOWN,
        p_adjusted=NOT_KNOWN,
        n_now=found.n_first,
        n_before=found.n_second,
        days_now=found.days_first,
        days_before=found.days_second,
        gate=found.gate,
        method=found.method,
    )
    return change, found.p_days if shown else NOT_KNOWN


def _mean(rows: pd.DataFrame, horizon_s: float) -> float:
    """Return the restricted mean wait in seconds."""
    waiting = rows[~rows["already_engaged"]]
    return curve(waiting["followed_s"], waiting["answered"]).restricted_mean(horizon_s)[0]


def _note(left_out: Sequence[str]) -> str:
    """Say which days were left out of the weeks before."""
    if not left_out:
        return ""
    days = " and ".join(left_out)
    return f"; {days} left out, since the first {FIRST_DAYS} days of logging are seldom like later ones"
