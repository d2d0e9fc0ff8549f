"""Writing a text and changing it: the form with its buttons, and what happens when they are pressed."""

from html import escape
from typing import Any
from uuid import uuid4

import streamlit as st

from caregiving.faults import Refused
from caregiving.reflections import Reflection
from caregiving.screens import _turns
from caregiving.screens._now import now_ms
from caregiving.screens._press import once
from caregiving.screens._reflect_content import content_of, to_draft
from caregiving.screens._reflect_fields import (
    draft_name,
    empty,
    fill,
    filled,
    key,
    new_slot,
    questions,
)
from caregiving.screens._reflect_forms import Form
from caregiving.screens._shell import Shell
from caregiving.store import drafts, reflections
from caregiving.words import _


def add(shell: Shell, form: Form) -> None:
    """Show the empty form for a new text."""
    slot = new_slot(form)
    if form.intro:
        st.html(f'<p class="cg-quiet">{escape(form.intro)}</p>')
    questions(shell, form, slot, None)
    st.button(
        _("Keep this"), key=key(slot, "keep"), on_click=once(_write_new), args=[shell, form], width="stretch"
    )
    tell(slot)


def change(shell: Shell, form: Form, old: Reflection) -> None:
    """Show the form that changes a text."""
    slot = str(old.id)
    tell(slot)
    questions(shell, form, slot, old)
    keep, leave = st.columns(2)
    press: dict[str, Any] = {"on_click": once(_write_change), "args": [shell, form, old], "width": "stretch"}
    keep.button(_("Keep the change"), key=key(slot, "keep"), **press)
    press = {"on_click": once(_leave), "args": [shell, form, slot], "width": "stretch"}
    leave.button(_("Leave it as it was"), key=key(slot, "leave"), **press)


def tell(slot: str) -> None:
    """Say once what became of the last press of a button."""
    if trouble := _turns.told(key(slot, "trouble")):
        st.warning(trouble)
    if done := _turns.told(key(slot, "done")):
        st.success(done)


def put(shell: Shell, old: Reflection, **changes: Any) -> Reflection:
    """Write a newer version of one's own text, with these changes. For callbacks only.

    Raises
    ------
    Refused
        When the text was changed on another screen meanwhile.
    """
    newer = {"id": uuid4(), "written_ms": now_ms(), "supersedes": old.id}
    item = Reflection.model_validate(dict(old) | newer | changes)
    reflections.write(shell.store, shell.viewer, item)
    return item


def _write_new(shell: Shell, form: Form) -> None:
    """Store the text and empty the form; or say what is missing and keep everything that was typed."""
    slot, moment = new_slot(form), now_ms()
    given = filled(form, slot)
    content = content_of(form, given)
    if content is None:
        st.session_state[key(slot, "trouble")] = form.missing
        return
    item = Reflection(
        id=uuid4(),
        family=shell.family,
        author=shell.viewer.member,
        kind=form.kind,
        content=content,
        shared=given["shared"],
        at_ms=moment,
        written_ms=moment,
    )
    reflections.write(shell.store, shell.viewer, item)
    drafts.drop_draft(shell.store, shell.viewer, draft_name(slot))
    fill(form, slot, {})
    told = _("Kept. Your household can read it.") if item.shared else _("Kept. Only you can read it.")
    st.session_state[key(slot, "done")] = told


def _write_change(shell: Shell, form: Form, old: Reflection) -> None:
    """Store the newer version and close its form; or say what stands in the way and keep what was typed."""
    slot = str(old.id)
    given = filled(form, slot)
    content = content_of(form, given, old.content)
    if content is None:
        st.session_state[key(slot, "trouble")] = form.missing
        return
    try:
        put(shell, old, content=content, shared=given["shared"])
    except Refused:
        _carry_over(shell, form, old, given)
        return
    _leave(shell, form, slot)


def _carry_over(shell: Shell, form: Form, old: Reflection, typed: dict[str, Any]) -> None:
    """Take what was typed to the version that another screen wrote, or to a new text when there is none."""
    mine = reflections.read(shell.store, shell.viewer, shell.family, old.kind)
    newest = next((one for one in mine if (one.author, one.at_ms) == (old.author, old.at_ms)), None)
    _leave(shell, form, str(old.id))
    slot = new_slot(form) if newest is None else str(newest.id)
    drafts.save_draft(shell.store, shell.viewer, draft_name(slot), to_draft(typed), now_ms())
    fill(form, slot, typed)
    if newest is not None:
        st.query_params["edit"] = str(newest.id)
    st.session_state[key(slot, "trouble")] = _(
        "This was changed on another screen meanwhile. Here is what you typed; keep it, or leave it."
    )


def _leave(shell: Shell, form: Form, slot: str) -> None:
    """Close the form of a change, and throw its draft away."""
    drafts.drop_draft(shell.store, shell.viewer, draft_name(slot))
    for name in empty(form):
        st.session_state.pop(key(slot, name), None)
    st.query_params.pop("edit", None)
