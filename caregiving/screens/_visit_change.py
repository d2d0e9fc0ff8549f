"""The form in which the plan of a visit is changed: it asks only for what may still change.

What is chosen is kept at every change, in the place of the draft of a plan for this child: the form for that
is not on the page while a visit is unfinished. The sitting in it says which plan it is to change.
"""

from typing import Any
from uuid import UUID

import streamlit as st

from caregiving.people import Action
from caregiving.screens import _fresh, _turns
from caregiving.screens._now import now_ms
from caregiving.screens._press import once
from caregiving.screens._shell import Shell
from caregiving.screens._visit_fields import DELAY, ask, choices, said
from caregiving.screens._visit_form import FORM
from caregiving.screens._visit_writes import PLANNED, change, open_to_change
from caregiving.store import drafts
from caregiving.store.preferences import prefer
from caregiving.store.visits import Watched
from caregiving.words import _

OPEN = "visit_change_open"  # the sitting whose form was opened
TROUBLE, DONE = "visit_change_trouble", "visit_change_done"  # what came of the last press, in words


def button(shell: Shell, one: Watched) -> None:
    """Show the button that opens the form, while there is something to change.

    It stays in its place while the form is open, so that no other button comes under the finger.
    """
    if open_to_change(one):
        is_open = _begun(shell, one) is not None
        st.button(
            _("Change the plan"), key="visit_change", on_click=once(_open), args=[one], disabled=is_open
        )


def show(shell: Shell, one: Watched) -> None:
    """Show the form once it was opened, until what is in it is kept or left; and what came of that."""
    if done := _turns.told(DONE):
        st.success(done)
    trouble = _turns.told(TROUBLE, [])
    begun, options = _begun(shell, one), choices(shell, one.visit)
    fields = [name for name in open_to_change(one) if options[name]]
    if begun is None or not fields:
        _warn(trouble)
        return
    _refill(one, fields, begun, options)
    with st.container(key="cgvisit_change"):
        st.subheader(_("Change the plan"))
        keep = {"on_change": _keep, "args": [shell, one, fields]}
        ask(shell, fields, options, lambda name: _key(one, name), lambda _name: keep)
        if one.parts:
            said(_("What was watched so far keeps its occasion and its caregiver."))
        _warn(trouble)
        with st.container(horizontal=True):
            st.button(
                _("Keep the change"),
                key="visit_change_keep",
                on_click=once(_change),
                args=[shell, one, fields],
            )
            st.button(
                _("Leave it as it was"), key="visit_change_leave", on_click=once(leave), args=[shell, one]
            )


def leave(shell: Shell, one: Watched) -> None:
    """Put the form away, with what was chosen in it. For callbacks only."""
    if shell.may(Action.KEEP_DRAFT):
        _drop(shell, one)
    st.session_state.pop(OPEN, None)
    for name in PLANNED:
        _fresh.empty(_name(one, name))


def _begun(shell: Shell, one: Watched) -> dict[str, Any] | None:
    """Return what was chosen so far; None when the form is not open."""
    if shell.may(Action.KEEP_DRAFT):
        family, child = one.visit.family, one.visit.child
        kept = drafts.draft(shell.store, shell.viewer, FORM, family=family, about=child)
        if kept is not None and kept.content.get("sitting") == str(one.visit.sitting):
            return kept.content
    return {} if st.session_state.get(OPEN) == one.visit.sitting else None


def _refill(one: Watched, fields: list[str], begun: dict[str, Any], options: dict[str, list[Any]]) -> None:
    """Put back what was chosen, and what is planned for the rest."""
    planned = one.visit.model_dump(mode="json")
    for name in fields:
        chosen = begun.get(name, planned[name])
        fits = chosen is None or chosen in options[name]
        st.session_state.setdefault(_key(one, name), chosen if fits else planned[name])


def _warn(trouble: list[str]) -> None:
    for sentence in trouble:
        st.warning(sentence)


def _open(one: Watched) -> None:
    st.session_state[OPEN] = one.visit.sitting


def _keep(shell: Shell, one: Watched, fields: list[str]) -> None:
    """Keep what was chosen other than planned, where the family agreed to that."""
    if not shell.may(Action.KEEP_DRAFT):
        return
    if differs := _differs(one, fields):
        content = differs | {"sitting": str(one.visit.sitting)}
        family, child = one.visit.family, one.visit.child
        drafts.save_draft(shell.store, shell.viewer, FORM, content, now_ms(), family=family, about=child)
    else:
        _drop(shell, one)


def _drop(shell: Shell, one: Watched) -> None:
    family, child = one.visit.family, one.visit.child
    drafts.drop_draft(shell.store, shell.viewer, FORM, family=family, about=child)


def _differs(one: Watched, fields: list[str]) -> dict[str, Any]:
    """Return what is chosen other than planned.

    Nothing, when a page that was not drawn again yet sends once more what was sent already.
    """
    planned, keys = one.visit.model_dump(mode="json"), {name: _key(one, name) for name in fields}
    chosen = {name: st.session_state[key] for name, key in keys.items() if key in st.session_state}
    return {name: value for name, value in chosen.items() if value != planned[name]}


def _change(shell: Shell, one: Watched, fields: list[str]) -> None:
    """Keep the changed plan; or say what stands against it, and keep what was chosen."""
    differs = _differs(one, fields)
    if differs.get("caregiver"):
        differs["caregiver"] = UUID(differs["caregiver"])
    trouble = change(shell, one, differs)
    st.session_state[TROUBLE] = trouble
    if trouble:
        return
    if "delay_ms" in differs:
        prefer(shell.store, shell.viewer, DELAY, differs["delay_ms"], now_ms())
    leave(shell, one)
    if differs:
        st.session_state[DONE] = _(
            "The plan is changed. If the coding page is open already, open it again: then it takes this over."
        )


def _name(one: Watched, field: str) -> str:
    return f"visit_change_{field}_{one.visit.sitting}"


def _key(one: Watched, field: str) -> str:
    return _fresh.start(_name(one, field))
