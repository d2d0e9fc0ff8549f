"""A look out for news: an open page is drawn again as soon as something new is stored."""

from pathlib import Path

import streamlit as st

from caregiving.screens._shell import Shell

_listener = st.components.v2.component(
    "news", js=Path(__file__).with_name("news.js").read_text(encoding="utf-8")
)


def listen(shell: Shell) -> None:
    """Let the browser listen for what is stored from here on; to be called before anything is read.

    It comes first on the page, so that what this page stored itself is soon known to be on its way.
    """
    _listener(key="news", data={"family": str(shell.family), "version": shell.version}, height=0)
