"""What a parent says of a card of guidance: tried, or not for us; and the way to take that back."""

from html import escape
from uuid import uuid4

import streamlit as st

from caregiving.guidance import Card
from caregiving.people import Action
from caregiving.reflections import Reflection
from caregiving.screens._now import now_ms
from caregiving.screens._press import once
from caregiving.screens._shell import Shell
from caregiving.store import reflections
from caregiving.words import _

Marks = dict[str, Reflection]


def marks_of(shell: Shell) -> Marks:
    """Return what this parent said of each card, by its id."""
    if not shell.may(Action.REFLECT):
        return {}
    texts = reflections.read(shell.store, shell.viewer, shell.family, "card")
    mine = [text for text in texts if text.author == shell.viewer.member]
    newest_last = sorted(mine, key=lambda text: text.written_ms)
    return {text.content.model_dump()["card"]: text for text in newest_last}


def mark(text: Reflection) -> str:
    """Return the mark of a text: tried, or not_for_us."""
    return str(text.content.model_dump()["mark"])


def buttons(shell: Shell, one: Card, marks: Marks, place: str = "top") -> None:
    """Let a parent put a card aside, or take that back. A safety card cannot be put aside.

    `place` on the page: the same card may stand at the top and among all cards.
    """
    if one.safety or not shell.may(Action.REFLECT):
        return
    now = mark(marks[one.id]) if one.id in marks else None
    if now is not None:
        told = _("You tried this one.") if now == "tried" else _("You said that this is not for you.")
        st.html(f'<p class="cg-quiet">{escape(told)}</p>')
        st.button(
            _("Suggest it again"),
            key=f"again_{place}_{one.id}",
            on_click=once(_take_back),
            args=[shell, one.id],
        )
        return
    with st.container(horizontal=True):
        st.button(_("Tried it"), key=f"tried_{one.id}", on_click=once(_say), args=[shell, one.id, "tried"])
        st.button(
            _("Not for us"), key=f"not_{one.id}", on_click=once(_say), args=[shell, one.id, "not_for_us"]
        )


def _say(shell: Shell, name: str, said: str) -> None:
    _write(shell, name, said, void=False)
    st.session_state["guidance_done"] = (
        _("Noted. It comes back when the others have had their turn.")
        if said == "tried"
        else _("Noted. It will not be suggested again, and it stays among the cards.")
    )


def _take_back(shell: Shell, name: str) -> None:
    _write(shell, name, "tried", void=True)
    st.session_state["guidance_done"] = _("Noted. It can be suggested again.")


def _write(shell: Shell, name: str, said: str, *, void: bool) -> None:
    """Write down what was said of a card, in place of what was said of it before."""
    old = marks_of(shell).get(name)
    if void and old is None:  # the button was pressed in another tab already
        return
    at_ms = now_ms()
    text = Reflection.model_validate(
        {
            "id": uuid4(),
            "family": shell.family,
            "author": shell.viewer.member,
            "kind": "card",
            "content": {"card": name, "mark": said},
            "at_ms": old.at_ms if old else at_ms,
            "written_ms": at_ms,
            "supersedes": old.id if old else None,
            "void": void,
        }
    )
    reflections.write(shell.store, shell.viewer, text)
