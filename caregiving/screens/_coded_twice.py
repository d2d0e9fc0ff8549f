"""The sessions of a child that were coded twice, compared once for each state of the log."""

import streamlit as st

from caregiving.frames import EVENT_LOG, empty
from caregiving.people import Action
from caregiving.screens._shell import Key, Shell
from caregiving.twice.found import CodedTwice
from caregiving.twice.found import coded_twice as found_twice
from caregiving.twice.gates import Standing

KEPT = 32


def coded_twice(shell: Shell) -> CodedTwice:
    """Return what was coded twice, the newest first."""
    return _coded_twice(shell, shell.key)


def standings(shell: Shell) -> dict[str, Standing]:
    """Return by instrument how far two observers agreed over all sessions of this child."""
    return coded_twice(shell).standings


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _coded_twice(_shell: Shell, key: Key) -> CodedTwice:
    """The key names the tenant first. Where only one person ever coded, the log need not be read."""
    windows = _shell.windows(Action.SEE_PATTERNS)
    coders = windows.loc[windows["mode"] == "session", "author"].nunique()
    if not coders:
        return CodedTwice()
    log = _shell.log(Action.SEE_PATTERNS) if coders > 1 else empty(EVENT_LOG)
    return found_twice(log, windows)
