"""Going through what two records have differently, one step at a time; the place stands in the address."""

from html import escape

import streamlit as st

from caregiving.charts.turns import clock
from caregiving.charts.two_records import Records, difference
from caregiving.coded.looks import Cast
from caregiving.screens._press import once
from caregiving.words import _

AROUND_S = 10.0
PARAM = "step"


def chosen_step(it: Records, actor: str) -> int | None:
    """Return which of one person's differences the address names, from 0 on; None for the whole session."""
    whose, _sep, number = st.query_params.get(PARAM, "").partition("-")
    n_steps = int((it.steps["actor"] == actor).sum())
    if whose != actor or not number.isdigit() or not n_steps:
        return None
    return min(max(int(number), 1), n_steps) - 1


def view_of(it: Records, actor: str, step: int | None) -> tuple[float, float] | None:
    """Return the seconds in view: 10 s to either side of a step, or None for the whole session."""
    if step is None:
        return None
    at_s = float(it.steps[it.steps["actor"] == actor].iloc[step]["at_s"])
    return at_s - AROUND_S, at_s + AROUND_S


def show_steps(it: Records, actor: str, step: int | None, cast: Cast) -> None:
    """Show the step and the buttons that lead on; arrow keys do the same."""
    mine = it.steps[it.steps["actor"] == actor]
    if mine.empty:
        st.html(f'<p class="cg-quiet">{_("Nothing differs here.")}</p>')
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            _("Previous"), key="step_back", shortcut="Left", disabled=step in (None, 0), on_click=once(_go),
            args=[actor, (step or 0)],
        )  # fmt: skip
        on = _("Go through the differences") if step is None else _("Next")
        st.button(
            on, key="step_on", shortcut="Right", disabled=step == len(mine) - 1, on_click=once(_go),
            args=[actor, 1 if step is None else step + 2],
        )  # fmt: skip
        if step is not None:
            st.button(_("Whole session"), key="step_whole", shortcut="Esc", on_click=once(_whole))
    if step is not None:
        row = mine.iloc[step].to_dict()
        told = _("{n} of {total}, at {clock}: {what}").format(
            n=step + 1, total=len(mine), clock=clock(row["at_s"]), what=difference(row, cast, it.observers)
        )
        st.html(f'<p role="status"><b>{escape(told)}</b></p>')


def _go(actor: str, number: int) -> None:
    st.query_params[PARAM] = f"{actor}-{number}"


def _whole() -> None:
    st.query_params.pop(PARAM, None)
