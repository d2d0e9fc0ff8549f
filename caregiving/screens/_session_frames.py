"""The coded sessions of a child as the page reads them, kept by the state of the log."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd
import streamlit as st

from caregiving.coded import CodedSession, coded_sessions, frames_together
from caregiving.coded.beside import Side, side
from caregiving.coded.looks import look
from caregiving.instruments import load
from caregiving.people import Action
from caregiving.screens._shell import Key, Shell
from caregiving.store.whole_family import authors

KEPT = 64
Frames = tuple[pd.DataFrame, pd.DataFrame]


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def coded(_shell: Shell, key: Key) -> tuple[list[CodedSession], pd.DataFrame, pd.DataFrame]:
    """Return the coded sessions of a child with their rows of both logs; the key names the tenant first."""
    log, windows = _shell.log(Action.SEE_PATTERNS), _shell.windows(Action.SEE_PATTERNS)
    sessions = coded_sessions(log, windows)
    parts = [part for session in sessions for part in session.windows]
    return sessions, log[log["window"].isin(parts)], windows


@dataclass(frozen=True)
class Known:
    """The coded sessions of a child, the newest first, and what those are called who coded, by id."""

    sessions: list[CodedSession]
    coders: Mapping[str, str]

    @cached_property
    def by_id(self) -> dict[str, CodedSession]:
        """The sessions by id."""
        return {session.id: session for session in self.sessions}


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def known_sessions(_shell: Shell, key: Key) -> Known:
    """Return the coded sessions and their coders; nobody's name where the people are not to be seen."""
    sessions = coded(_shell, key)[0]
    may_name = bool(sessions) and _shell.may(Action.SEE_PEOPLE)
    named = authors(_shell.store, _shell.viewer, _shell.family) if may_name else {}
    return Known(sessions, {one.coder: named[one.coder] for one in sessions if one.coder in named})


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def frames(_shell: Shell, key: Key, ids: tuple[str, ...]) -> Frames:
    """Return the frames of some sessions together."""
    sessions, log, windows = coded(_shell, key)
    return frames_together([session for session in sessions if session.id in ids], log, windows)


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def seen(
    _shell: Shell, key: Key, ids: tuple[str, ...], view: str, whose: str, of: str | None
) -> dict[str, Any]:
    """Return a view of some sessions."""
    events, windows = frames(_shell, key, ids)
    return look(view, events, windows, load(_instrument(_shell, key, ids)), whose=whose, of=of)


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def counted(_shell: Shell, key: Key, one: str) -> Side:
    """Return what can be counted in one session."""
    events, windows = frames(_shell, key, (one,))
    return side(events, windows, load(_instrument(_shell, key, (one,))))


def _instrument(shell: Shell, key: Key, ids: tuple[str, ...]) -> str:
    return next(session.instrument for session in coded(shell, key)[0] if session.id in ids)
