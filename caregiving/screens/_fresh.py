"""Keys for the fields of a form that is emptied once it was sent.

A browser goes on showing, and sends again, what stands in a field whose key it knows, whatever is taken out
of the session here. So an emptied form goes on under new keys: its fields are new to the browser, and what a
page that was drawn before still sends reaches none of them.
"""

import streamlit as st


def start(form: str) -> str:
    """Return how the keys of a form's fields begin, anew after each time that it was emptied."""
    turn = st.session_state.get(f"turn_{form}", 0)
    return f"{form}_{turn}" if turn else form


def empty(form: str) -> None:
    """Empty every field of a form whose key begins with `start`. For callbacks only."""
    st.session_state[f"turn_{form}"] = st.session_state.get(f"turn_{form}", 0) + 1
