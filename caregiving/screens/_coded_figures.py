"""What coded sessions say for the rows of the guidance, each figure behind the gate of agreement."""

import streamlit as st

from caregiving.indices import Estimate, Index
from caregiving.instruments import load
from caregiving.people import Action
from caregiving.periods import Period
from caregiving.screens._coded_twice import standings
from caregiving.screens._shell import Key, Shell
from caregiving.twice.figures import coded_report
from caregiving.words import language

CODED = "engagement"
INDICES = ["availability", "predictability"]


def coded_results(shell: Shell, period: Period) -> list[tuple[Index, Estimate]]:
    """Return the figures of the coded sessions of a period, as `twice.figures.coded_report` lets them show.

    Whether two observers agree is judged over all sessions of this child, not only those of the period.
    """
    return _results(shell, shell.key, period, language())


@st.cache_resource(max_entries=64, show_spinner=False)
def _results(_shell: Shell, key: Key, period: Period, spoken: str) -> list[tuple[Index, Estimate]]:
    windows = _shell.windows(Action.SEE_PATTERNS)
    coded = windows[(windows["mode"] == "session") & windows["instrument"].str.startswith(f"{CODED}.v")]
    if coded.empty:
        return []
    log = _shell.log(Action.SEE_PATTERNS, period=period)
    report = coded_report(log, coded, load(CODED), standings(_shell), names=INDICES, period=period)
    return list(report.results) if len(report.windows) else []
