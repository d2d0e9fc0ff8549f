"""One of several things to look at, kept in the address: a link or a reload leads to the same place."""

from collections.abc import Mapping

import streamlit as st


def choose(label: str, name: str, options: Mapping[str, str], default: str) -> str:
    """Return the chosen option's key.

    Parameters: `label` read out, not seen; `name` of the parameter in the address; `options` words by key.
    """
    asked = st.query_params.get(name, default)
    start = asked if asked in options else default
    key = f"choice_{name}"
    if st.session_state.get(key) not in options:
        st.session_state[key] = start
    chosen: str | None = st.pills(
        label,
        list(options),
        format_func=lambda one: options[one],
        key=key,
        required=True,
        label_visibility="collapsed",
        on_change=_keep,
        args=[name, default],
    )
    return chosen or start


def _keep(name: str, default: str) -> None:
    chosen = st.session_state.get(f"choice_{name}")
    if chosen in (None, default):
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = chosen
