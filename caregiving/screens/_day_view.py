"""One day on a page: its timeline, its moments as a list, and the form of the one being edited."""

import pandas as pd
import streamlit as st

from caregiving.charts.day_timeline import day_timeline, day_timeline_told
from caregiving.day import Day
from caregiving.people import Action
from caregiving.screens import _correct, _moment_list
from caregiving.screens._correct import EDITING
from caregiving.screens._shell import Shell
from caregiving.words import _, n_

SHORT_LIST = 12


def show_day(day: Day, log: pd.DataFrame, shell: Shell) -> None:
    """Show one day; what it says when nothing was logged is how it begins."""
    if not day.moments and not len(day.watched):
        told = _(
            "What you tap appears here at once: the baby's cues as circles, your answers as squares. The day "
            "begins at 6 in the morning, so that a night stays in one piece."
        )
        st.html(f'<p class="cg-quiet">{told}</p>')
        return
    clicked = st.plotly_chart(
        day_timeline(day, shell.colours),
        key=f"timeline_{day.name}",
        theme=None,
        config={"displayModeBar": False},
        alt=day_timeline_told(day),
        on_select="rerun" if shell.may(Action.CORRECT) else "ignore",
        selection_mode="points",
    )
    open_now = _("Somebody is watching right now.") if bool(day.watched["open"].any()) else ""
    note = _(
        "Circles are the baby's cues, squares the answers, bars what went on for a while. Hatched: nobody "
        "was watching, so nothing is known."
    )
    st.html(f'<p class="cg-quiet">{open_now} {note}</p>')
    _list(day, log, shell, _clicked(clicked))


def _clicked(chosen: object) -> str | None:
    """Return the id of the moment whose mark was clicked in the timeline."""
    points = chosen.get("selection", {}).get("points", []) if isinstance(chosen, dict) else []
    found = points[0].get("customdata") if points else None
    return str(found[0] if isinstance(found, list) else found) if found else None


def _list(day: Day, log: pd.DataFrame, shell: Shell, clicked: str | None) -> None:
    """Show the moments, the latest first; the whole day on request; and the form of the one being edited."""
    rows = list(reversed(day.moments))
    whole = len(rows) <= SHORT_LIST or st.session_state.get(f"whole_{day.name}", False)
    here = st.container()
    pressed = _moment_list.show(
        rows if whole else rows[:SHORT_LIST], day.name, may_edit=shell.may(Action.CORRECT)
    )
    if len(rows) > SHORT_LIST:
        st.toggle(
            n_("The one moment of the day", "All {n} moments of the day", len(rows)), key=f"whole_{day.name}"
        )
    if clicked is not None and clicked != st.session_state.get(f"clicked_{day.name}"):
        pressed = pressed or clicked
    st.session_state[f"clicked_{day.name}"] = clicked
    if pressed is not None:
        st.session_state[EDITING] = pressed
    two_versions = next((m.id for m in rows if m.in_conflict), None)
    editing = st.session_state.get(EDITING, two_versions)
    moment = next((m for m in rows if m.id == editing), None)
    with here:
        if moment is not None and shell.may(Action.CORRECT):
            _correct.form(shell, moment, log)
        _correct.outcome()
