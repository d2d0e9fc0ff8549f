"""Today: what was logged, at a glance; and the ways to add, correct and take back."""

from html import escape

import pandas as pd
import streamlit as st

from caregiving.charts import span
from caregiving.charts.day_timeline import day_timeline
from caregiving.day import Day, Moment, build_day, days_logged
from caregiving.people import Action, Role
from caregiving.screens import _correct, _remember, _waiting
from caregiving.screens._shell import Shell
from caregiving.screens._words import count
from caregiving.sessions import family_day

TITLE, ICON, ORDER = "Today", ":material/today:", 10
ROLES = {Role.PARENT, Role.HOME_VISITOR}
ACTION = Action.SEE_TIMELINE
SHORT_LIST = 12


def show(shell: Shell) -> None:
    log, windows, report = shell.log(), shell.windows(), shell.report()
    today = _today(shell)
    known = sorted({*days_logged(log, report.day_start_h), today})
    chosen = st.query_params.get("day", today)
    name = chosen if chosen in known else today
    day = build_day(name, log, windows, report, shell.caregivers(), now_ms=shell.now_ms)
    st.title(_heading(day, name == today, shell.child.alias))
    _waiting.show(may_log=shell.may(Action.LOG))
    if shell.may(Action.LOG):
        st.html('<a class="cg-big" href="/tap" target="_self">Open the tap page</a>')
    _choose(known, name, today)
    _timeline(day, shell)
    if name == today and not day.moments and len(known) > 1:
        before = build_day(known[-2], log, windows, report, shell.caregivers(), now_ms=shell.now_ms)
        st.subheader(_heading(before, False, shell.child.alias))
        _timeline(before, shell)
    if shell.may(Action.LOG):
        with st.expander("Add a moment you remember"):
            _remember.form(shell, today)
    if shell.may(Action.CORRECT) and len(day.moments):
        two_versions = any(m.in_conflict for m in day.moments)
        with st.expander("Correct a moment, or take it back", expanded=two_versions):
            _correct.form(shell, day, log)


def _today(shell: Shell) -> str:
    offset = pd.Timestamp(shell.now).tz_convert(shell.zone).utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset is not None else 0
    return str(family_day(pd.Series([shell.now_ms]), pd.Series([minutes])).iloc[0])


def _date(day: str) -> str:
    """Return a day as people say it, such as Saturday, 7 November."""
    stamp = pd.Timestamp(day)
    return f"{stamp:%A}, {stamp.day} {stamp:%B}"


def _heading(day: Day, is_today: bool, alias: str) -> str:
    cues = [m for m in day.moments if m.kind == "cue"]
    when = "today" if is_today else f"on {_date(day.name)}"
    if not len(day.moments):
        return f"Nothing logged {when} yet" if is_today else f"Nothing logged {when}"
    followed = [m for m in cues if m.in_watched and not m.engaged]
    came = sum(m.had_answer for m in followed)
    if not len(followed):
        return f"{count(len(cues), 'cue')} from {alias} {when}"
    return f"{came} of {count(len(followed), 'cue')} from {alias} had an answer {when}"


def _choose(known: list[str], name: str, today: str) -> None:
    """Let somebody walk from day to day; the day stands in the address."""
    at = known.index(name)
    back, here, on = st.columns([1, 2, 1], vertical_alignment="center")
    before = known[at - 1] if at else None
    after = known[at + 1] if at + 1 < len(known) else None
    back.button(
        "Day before", key="day_before", disabled=before is None, on_click=_go, args=[before], width="stretch"
    )
    date = f"{'Today, ' if name == today else ''}{_date(name)} {name[:4]}"
    here.html(f'<p class="cg-quiet" style="text-align:center">{date}</p>')
    on.button(
        "Day after", key="day_after", disabled=after is None, on_click=_go, args=[after], width="stretch"
    )


def _go(name: str | None) -> None:
    if name is not None:
        st.query_params["day"] = name


def _timeline(day: Day, shell: Shell) -> None:
    if not len(day.moments) and not len(day.watched):
        st.html(
            '<p class="cg-quiet">What you tap appears here at once: the baby\'s cues as circles, your '
            "answers as squares. The day begins at 6 in the morning, so that a night stays in one piece.</p>"
        )
        return
    open_now = bool(day.watched["open"].any())
    moments = count(len(day.moments), "moment")
    st.plotly_chart(
        day_timeline(day, shell.colours),
        key=f"timeline_{day.name}",
        theme=None,
        config={"displayModeBar": False},
        alt=f"Timeline of the day with {moments}. The same moments stand in the list below.",
    )
    note = (
        "Circles are the baby's cues, squares the answers. Hatched: nobody was watching, so nothing is known."
    )
    st.html(f'<p class="cg-quiet">{"Somebody is watching right now. " if open_now else ""}{note}</p>')
    _list(day)


def _list(day: Day) -> None:
    """Show the moments, the latest first; the whole day on request."""
    rows = [m for m in reversed(day.moments) if not (m.actor == "caregiver" and m.kind == "state")]
    whole = len(rows) <= SHORT_LIST or st.session_state.get("whole_day", False)
    shown = rows if whole else rows[:SHORT_LIST]
    st.html(f'<ul class="cg-list">{"".join(_line(m) for m in shown)}</ul>')
    if len(rows) > SHORT_LIST:
        st.toggle(f"All {len(rows)} moments of the day", key="whole_day")


def _line(moment: Moment) -> str:
    mark = "baby" if moment.actor == "infant" else "grown"
    hollow = " hollow" if moment.kind in ("none", "outcome") or moment.remembered else ""
    notes = []
    if moment.had_answer:
        notes.append(f"{escape(str(moment.answer))} after {span(moment.answered_after_s)}")
    if moment.who is not None:
        notes.append(escape(moment.who))
    said = (
        ("somebody was already there", moment.engaged),
        ("remembered", moment.remembered),
        ("corrected", moment.adjusted),
        ("two versions", moment.in_conflict),
    )
    notes += [word for word, so in said if so]
    small = f" <small>{', '.join(notes)}</small>" if notes else ""
    what = f"<span>{escape(moment.label)}{small}</span>"
    return f'<li><time>{moment.clock}</time><i class="{mark}{hollow}"></i>{what}</li>'
