"""What was written, the newest first: each text can be changed and taken away, and put back."""

from collections.abc import Mapping
from functools import partial
from html import escape
from typing import Any

import streamlit as st

from caregiving.faults import Refused
from caregiving.reflections import Reflection
from caregiving.reflections.contents import Goal, Journal
from caregiving.reflections.figures import due
from caregiving.screens import _reflect_entry as entry
from caregiving.screens._press import once
from caregiving.screens._reflect_again import still_fits
from caregiving.screens._reflect_fields import key
from caregiving.screens._reflect_forms import Form
from caregiving.screens._reflect_words import again, gist, note, step_words, today, when
from caregiving.screens._shell import Shell
from caregiving.store import reflections
from caregiving.store.people import members
from caregiving.words import _

SHORT_LIST = 10
UNDO_MS = 10 * 60_000
MARKDOWN = set("\\`*_{}[]()<>#+-.!~|:$&")


def show(shell: Shell, form: Form, texts: list[Reflection]) -> None:
    """Show the texts of one kind, ten at first."""
    _put_back(shell, form)
    if not texts:
        st.html(f'<p class="cg-quiet">{escape(form.nothing_yet)}</p>')
        return
    names = {str(m.id): m.alias for m in members(shell.store) if m.own_family == shell.family}
    whole = len(texts) <= SHORT_LIST or st.session_state.get(f"reflect_all_{form.kind}", False)
    editing = st.query_params.get("edit")
    shown = [
        text for place, text in enumerate(texts) if whole or place < SHORT_LIST or str(text.id) == editing
    ]
    about = _moments(shell, shown)
    for text in shown:
        with st.container(key=f"cgnote_{text.id}"):
            if str(text.id) == editing and text.author == shell.viewer.member:
                entry.change(shell, form, text)
            else:
                _one(shell, text, note(shell, text, names, about))
    if len(texts) > SHORT_LIST:
        st.toggle(_("All {n}").format(n=len(texts)), key=f"reflect_all_{form.kind}")


def _one(shell: Shell, text: Reflection, html: str) -> None:
    """Show one text; one's own with its buttons."""
    st.html(html)
    if text.author != shell.viewer.member:
        return
    if isinstance(text.content, Goal):
        _steps(shell, text, text.content)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        press: dict[str, Any] = {"type": "tertiary", "args": [shell, text]}
        st.button(_("Change"), key=f"reflect_change_{text.id}", on_click=once(_open), **press)
        st.button(_("Take away"), key=f"reflect_away_{text.id}", on_click=once(_take_away), **press)
        if due([text], today(shell)):
            still_fits(shell, text)
        if later := again(text, today(shell)):
            st.html(f'<p class="cg-quiet">{escape(later)}</p>', width="content")


def _steps(shell: Shell, text: Reflection, goal: Goal) -> None:
    """Show the steps of a goal with a box to tick."""
    for number, step in enumerate(goal.steps):
        box = f"reflect_step_{text.id}_{number}"
        st.session_state[box] = step.done_on is not None
        st.checkbox(_plain(step_words(shell, step)), key=box, on_change=_tick, args=[shell, text, number])


def _plain(text: str) -> str:
    """Return words for a label, in which no sign of theirs is taken for Markdown."""
    return "".join(f"\\{one}" if one in MARKDOWN else one for one in text)


def _tick(shell: Shell, text: Reflection, number: int) -> None:
    """Mark a step as done, or as not done after all."""
    done = st.session_state[f"reflect_step_{text.id}_{number}"]
    goal = text.content
    if isinstance(goal, Goal):
        steps = [
            step.model_copy(update={"done_on": today(shell) if done else None}) if place == number else step
            for place, step in enumerate(goal.steps)
        ]
        _or_tell(shell, text, content=goal.model_copy(update={"steps": tuple(steps)}))


def _take_away(shell: Shell, text: Reflection) -> None:
    """Take a text away; for ten minutes the page offers to put it back."""
    _or_tell(shell, text, void=True)


def _open(shell: Shell, text: Reflection) -> None:
    """Open the form that changes this text; which one it is stands in the address."""
    st.query_params["edit"] = str(text.id)


def _or_tell(shell: Shell, text: Reflection, **changes: Any) -> None:
    try:
        entry.put(shell, text, **changes)
    except Refused:
        st.session_state[key("list", "trouble")] = _(
            "This was changed on another screen meanwhile. Here is how it stands now."
        )


def _put_back(shell: Shell, form: Form) -> None:
    """Offer to put back what was taken away a moment ago."""
    entry.tell("list")
    entry.tell("again")
    gone = reflections.taken_away(shell.store, shell.viewer, shell.family, shell.now_ms - UNDO_MS)
    for text in gone:
        if text.kind != form.kind:
            continue
        with st.container(horizontal=True, vertical_alignment="center"):
            told = _("Taken away: {gist}").format(gist=gist(text, 60))
            st.html(f'<p class="cg-quiet" role="status">{escape(told)}</p>', width="content")
            back = partial(_or_tell, shell, text, void=False)
            st.button(_("Put it back"), key=f"reflect_back_{text.id}", on_click=once(back), type="tertiary")


def _moments(shell: Shell, texts: list[Reflection]) -> Mapping[str, str]:
    """Return the logged moments that journal entries are about, in words."""
    wanted = {str(t.content.about_moment) for t in texts if isinstance(t.content, Journal)} - {"None"}
    if not wanted:
        return {}
    log = shell.log()
    rows = log[log["id"].isin(wanted)]
    known = {b.code: b.label for b in shell.instrument.behaviours}
    return {
        one: _("About: {what}, {when}").format(what=_(known.get(code, code)), when=when(shell, int(at_ms)))
        for one, code, at_ms in zip(rows["id"], rows["code"], rows["onset_ms"], strict=True)
    }
