"""Today: what was logged, at a glance; and the ways to add, correct and take back."""

from html import escape

import pandas as pd
import streamlit as st
from babel.dates import format_date
from streamlit.delta_generator import DeltaGenerator

from caregiving import prompts
from caregiving.day import Day, build_day, days_logged
from caregiving.people import Action, Role
from caregiving.periods import Period
from caregiving.screens import _remember, _waiting
from caregiving.screens._correct import EDITING
from caregiving.screens._day_view import show_day
from caregiving.screens._press import once
from caregiving.screens._shell import Key, Shell
from caregiving.store.preferences import preference
from caregiving.store.upkeep import plan_of
from caregiving.words import _, language, n_

TITLE, ICON, ORDER = "Today", ":material/today:", 10
ROLES = {Role.PARENT, Role.HOME_VISITOR}
ACTION = Action.SEE_TIMELINE


def show(shell: Shell) -> None:
    today = shell.today
    known = sorted({*_days(shell), today})
    chosen = st.query_params.get("day", today)
    name = chosen if chosen in known else today
    day, log = _day(shell, name)
    st.title(_heading(day, name == today, shell.child.alias))
    _waiting.show(may_log=shell.may(Action.LOG))
    if shell.may(Action.LOG):
        _short_look(shell)
        st.html(f'<a class="cg-big" href="/tap" target="_self">{_("Open the tap page")}</a>')
    _choose(known, name, today)
    show_day(day, log, shell)
    if name == today and not day.moments and len(known) > 1:
        before, its_log = _day(shell, known[-2])
        st.subheader(_heading(before, False, shell.child.alias))
        show_day(before, its_log, shell)
    if shell.may(Action.LOG):
        with st.expander(_("Add a moment you remember"), key="remember_open"):
            _remember.form(shell, today)


def _short_look(shell: Shell) -> None:
    """Ask for the short look that is due now, when this person wanted to be asked."""
    names = (prompts.PREFERENCE, prompts.BETWEEN)
    kept = {name: preference(shell.store, shell.viewer, name) for name in names}
    try:
        plan = plan_of({name: value for name, value in kept.items() if value is not None})
    except ValueError:  # more looks than the hours hold, from before that was refused: Settings says so
        return
    if not plan.per_day:
        return
    windows = shell.windows()
    starts = [int(at) for at in windows.loc[windows["mode"] == "prompt", "started_ms"]]
    if prompts.due(shell.child.id, plan, shell.zone, shell.now_ms, starts) is not None:
        told = _("A short look? What is {child} doing right now?").format(child=shell.child.alias)
        st.html(f'<a class="cg-big" href="/tap?look=1" target="_self">{escape(told)}</a>')


def _days(shell: Shell) -> list[str]:
    """Return every day on which something was logged, looked up once for each state of the log."""
    return _days_at(shell, shell.key)


@st.cache_data(max_entries=64, show_spinner=False)
def _days_at(_shell: Shell, key: Key) -> list[str]:
    return days_logged(_tapped(_shell.log(), _shell))


def _tapped(rows: pd.DataFrame, shell: Shell) -> pd.DataFrame:
    """Return what was tapped at home; an observer's coded sessions have a page of their own."""
    return rows[rows["instrument"].str.startswith(f"{shell.instrument.id}.v")]


def _day(shell: Shell, name: str) -> tuple[Day, pd.DataFrame]:
    """Return one day, and the log around it."""
    period = Period(name, name)
    report = shell.report(period=period)
    log, windows = _tapped(shell.log(period=period), shell), _tapped(shell.windows(), shell)
    return build_day(name, log, windows, report, shell.caregivers(), now_ms=shell.now_ms), log


def _date(day: str, *, year: bool = False) -> str:
    """Return a day as people say it, such as Saturday, 7 November."""
    stamp = pd.Timestamp(day)
    if language() == "en":
        return f"{stamp:%A}, {stamp.day} {stamp:%B}" + (f" {stamp.year}" if year else "")
    return str(format_date(stamp.date(), "full" if year else "EEEE d MMMM", locale=language()))


def _heading(day: Day, is_today: bool, alias: str) -> str:
    cues = [m for m in day.moments if m.kind == "cue"]
    date = _date(day.name)
    if not day.moments:
        return _("Nothing logged today yet") if is_today else _("Nothing logged on {date}").format(date=date)
    followed = [m for m in cues if m.in_watched and not m.engaged]
    number = n_("{n} cue", "{n} cues", len(followed) or len(cues))
    if not followed:
        told = _("{cues} from {child} today") if is_today else _("{cues} from {child} on {date}")
        return told.format(cues=number, child=alias, date=date)
    told = (
        _("{n} of {cues} from {child} had an answer today")
        if is_today
        else _("{n} of {cues} from {child} had an answer on {date}")
    )
    return told.format(n=sum(m.had_answer for m in followed), cues=number, child=alias, date=date)


def _choose(known: list[str], name: str, today: str) -> None:
    """Let somebody walk from day to day; the day stands in the address."""
    at = known.index(name)
    back, here, on = st.columns([1, 2, 1], vertical_alignment="center")
    _day_button(back, _("Day before"), "day_before", known[at - 1] if at else None)
    date = _date(name, year=True)
    told = _("Today, {date}").format(date=date) if name == today else date
    here.html(f'<p class="cg-quiet" style="text-align:center">{told}</p>')
    _day_button(on, _("Day after"), "day_after", known[at + 1] if at + 1 < len(known) else None)


def _day_button(place: DeltaGenerator, label: str, key: str, day: str | None) -> None:
    """Offer to go to a day; where there is none the button is there and does nothing."""
    place.button(label, key=key, disabled=day is None, on_click=once(_go), args=[day], width="stretch")


def _go(name: str | None) -> None:
    st.session_state.pop(EDITING, None)
    if name is not None:
        st.query_params["day"] = name
