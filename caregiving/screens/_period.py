"""Which stretch of time a page shows; kept in the address."""

import streamlit as st

from caregiving.periods import EVERYTHING, Period
from caregiving.screens._choice import choose
from caregiving.screens._shell import Shell
from caregiving.words import _


def periods() -> dict[str, str]:
    """Return the stretches of time there are to choose from."""
    return {
        "14": _("2 weeks"),
        "28": _("4 weeks"),
        "84": _("12 weeks"),
        "all": _("Everything"),
    }


def chosen_period(shell: Shell) -> Period:
    """Return the period that the address asks for; the last four weeks when it asks for none."""
    asked = st.session_state.get("choice_period") or st.query_params.get("period", "28")
    if asked == "all":
        return EVERYTHING
    return Period.last_days(shell.today, int(asked) if asked in periods() else 28)


def period_pills() -> None:
    """Let somebody choose the stretch of time."""
    choose(_("Which stretch of time?"), "period", periods(), "28")
