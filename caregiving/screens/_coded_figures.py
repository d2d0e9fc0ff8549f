"""What coded sessions say for the rows of the guidance, and why most of it is withheld for now."""

from dataclasses import replace

import streamlit as st

from caregiving.coded import coded_sessions, frames_together
from caregiving.indices import Estimate, Index
from caregiving.instruments import load
from caregiving.people import Action
from caregiving.periods import Period
from caregiving.report import analyse
from caregiving.screens._shell import Key, Shell

CODED = "engagement"
INDICES = ["availability", "predictability"]
ONCE = "one observer coded it; shown once a second observer's coding agrees with it (kappa .60 or more)"


def coded_results(shell: Shell, period: Period) -> list[tuple[Index, Estimate]]:
    """Return the figures of the coded sessions of a period, each behind the gate of agreement.

    A structured session counts only when two observers agree on it. No session is coded twice yet, so a
    figure whose own gate is met still waits for that one.
    """
    return _results(shell, shell.key, period)


@st.cache_resource(max_entries=64, show_spinner=False)
def _results(_shell: Shell, key: Key, period: Period) -> list[tuple[Index, Estimate]]:
    windows = _shell.windows(Action.SEE_PATTERNS)
    coded = windows[(windows["mode"] == "session") & windows["instrument"].str.startswith(f"{CODED}.v")]
    if coded.empty:
        return []
    log = _shell.log(Action.SEE_PATTERNS, period=period)
    sessions = [one for one in coded_sessions(log, coded) if one.complete and one.day in period]
    if not sessions:
        return []
    report = analyse(*frames_together(sessions, log, windows), load(CODED), names=INDICES)
    return [(which, one if one.gate else replace(one, gate=ONCE)) for which, one in report.results]
