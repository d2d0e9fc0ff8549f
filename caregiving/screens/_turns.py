"""What was said after a press stands there until the next thing that somebody does.

A page is drawn anew whenever something is stored, also by another tablet. What a press was answered with
must not be gone by then, so it belongs to a turn: a press, or another page. A field that changes begins none
by itself, since one that was emptied tells of a change as well.
"""

from typing import Any

import streamlit as st

TURN, SAID, PAGE = "turn", "said", "turn_page"


def next_turn() -> None:
    """Begin a turn: what was said in the one before is over."""
    st.session_state[TURN] = _turn() + 1


def on_page(name: str) -> None:
    """Begin a turn when this is another page than the one before."""
    if st.session_state.get(PAGE, name) != name:
        next_turn()
    st.session_state[PAGE] = name


def told(key: str, otherwise: Any = None) -> Any:
    """Return what a callback left under a key, in every drawing of the page until the next turn."""
    said = st.session_state.setdefault(SAID, {})
    if key in st.session_state:
        said[key] = _turn(), st.session_state.pop(key)
    turn, text = said.get(key, (None, otherwise))
    return text if turn == _turn() else otherwise


def under(start: str) -> list[str]:
    """Return the keys that begin like this and under which there is something to be told."""
    keys = {str(key) for key in (*st.session_state, *st.session_state.get(SAID, {}))}
    return sorted(key for key in keys if key.startswith(start) and told(key) is not None)


def _turn() -> int:
    return int(st.session_state.get(TURN, 0))
