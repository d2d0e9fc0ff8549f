"""What a visitor wants to know first: who this is, how much is there, what is new since the last session."""

from datetime import date
from html import escape

import pandas as pd
import streamlit as st

from caregiving.charts import span
from caregiving.declared import declared
from caregiving.people import Action
from caregiving.periods import Period
from caregiving.report import Report
from caregiving.screens._change import changes, sentence
from caregiving.screens._figure import show_table
from caregiving.screens._shell import Shell
from caregiving.screens._words import class_name, cues, days, needs, watched
from caregiving.sessions import family_day
from caregiving.trends.changes import Change, highlighted
from caregiving.trends.named import short_day
from caregiving.windows import WindowMode
from caregiving.words import _, n_

WEEKS_TOLD = 26  # a young baby's age is told in weeks, an older one's in months
MONTH_WEEKS = 365.25 / 12 / 7


def age(born_on: date | None, due_on: date | None, today: str) -> str:
    """Return a child's age, and corrected by the due date when the child came before it.

    >>> age(date(2026, 3, 1), None, "2026-05-24")
    '12 weeks old'
    >>> age(date(2026, 3, 1), date(2026, 4, 5), "2026-05-24")
    '12 weeks old, 7 weeks from the due date'
    """
    if born_on is None:
        return _("age not entered")
    now = date.fromisoformat(today)
    told = _("{age} old").format(age=_length((now - born_on).days / 7))
    if due_on is None or due_on <= born_on:
        return told
    if now < due_on:
        return _("{age}, due on {day}").format(age=told, day=short_day(due_on.isoformat()))
    corrected = _length((now - due_on).days / 7)
    return _("{age}, {corrected} from the due date").format(age=told, corrected=corrected)


def _length(weeks: float) -> str:
    if weeks < WEEKS_TOLD:
        return n_("{n} week", "{n} weeks", int(weeks))
    return n_("{n} month", "{n} months", int(weeks / MONTH_WEEKS))


def last_logged(log: pd.DataFrame, windows: pd.DataFrame) -> str | None:
    """Return the last of the family's days that holds a moment or a window; None without any."""
    named = [
        family_day(frame[instant], frame["utc_offset_min"]).max()
        for frame, instant in ((log, "onset_ms"), (declared(windows), "started_ms"))
        if len(frame)
    ]
    return max(named, default=None)


def last_session(windows: pd.DataFrame, today: str) -> str | None:
    """Return the last day before today on which a session was coded; None without any."""
    counted = declared(windows)
    coded = counted[counted["mode"] == WindowMode.SESSION]
    if coded.empty:
        return None
    seen = sorted(family_day(coded["started_ms"], coded["utc_offset_min"]).unique())
    return next((str(day) for day in reversed(seen) if day < today), None)


def show_since(shell: Shell) -> None:
    """Show what was logged since the last coded session, and the comparisons that were chosen beforehand."""
    windows = shell.windows(Action.SEE_PATTERNS)
    visit = last_session(windows, shell.today)
    st.subheader(_("What is new"))
    since = Period(visit, shell.today) if visit else Period.last_days(shell.today, 7)
    found = changes(shell)
    one = highlighted(found)
    told = [_logged_since(shell.report(period=since), visit)]
    if one is None:
        told.append(_("In waiting times, nothing stands out beyond what single days would bring about."))
    _said(" ".join(told))
    if one is not None:
        st.html(f'<aside class="cg-card cg-change"><p>{escape(sentence(one))}</p></aside>')
    with st.expander(_("This week beside the two weeks before")):
        show_table(_compared(found))
        _said(
            _(
                "Mean wait up to a limit for each kind of cue. The three comparisons were chosen beforehand; "
                "p values come from days dealt out anew and are adjusted for all three."
            )
        )


def _logged_since(report: Report, visit: str | None) -> str:
    """Return what was logged since a session, or in the last week when there was none."""
    told = (
        _("Since the last coded session on {day}: {days} watched, {time}, {cues}.")
        if visit
        else _("In the last 7 days: {days} watched, {time}, {cues}. (No session has been coded yet.)")
    )
    return told.format(
        day=short_day(visit) if visit else "",
        days=days(len(report.days)),
        time=watched(report.exposure_s),
        cues=cues(len(report.episodes)),
    )


def _compared(found: list[Change]) -> pd.DataFrame:
    names = [_("Cues"), _("This week"), _("Two weeks before"), _("Difference"), _("p, adjusted")]
    return pd.DataFrame([_comparison(one) for one in found], columns=names)


def _comparison(one: Change) -> tuple[str, str, str, str, str]:
    what = class_name(one.cue_class)
    if one.gate is not None:
        return what, cues(one.n_now), cues(one.n_before), needs(one.gate), "–"
    difference = _("{value} ({low} to {high})").format(
        value=_signed(one.difference_s), low=_signed(one.low), high=_signed(one.high)
    )
    now = _("{time}, {cues}").format(time=span(one.now_s), cues=cues(one.n_now))
    before = _("{time}, {cues}").format(time=span(one.before_s), cues=cues(one.n_before))
    return what, now, before, difference, f"{one.p_adjusted:.2f}"


def _signed(seconds: float) -> str:
    return ("−" if seconds < 0 else "+") + span(abs(seconds))


def record_line(shell: Shell, report: Report, last: str | None) -> str:
    """Return how much the last two weeks hold, and when something was logged last."""
    told = _("In the last 14 days {time} were watched on {days}: {cues}.").format(
        time=watched(report.exposure_s), days=days(len(report.days)), cues=cues(len(report.episodes))
    )
    if last is None:
        return told
    return told + " " + _("Last logged on {day}.").format(day=short_day(last, weekday=True))


def _said(text: str) -> None:
    st.html(f'<p class="cg-quiet">{escape(text)}</p>')
