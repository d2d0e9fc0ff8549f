"""Method: every index with its definition, straight from where it is computed, and every source."""

import inspect

import streamlit as st

from caregiving.indices import all_indices
from caregiving.people import Role
from caregiving.screens._shell import Shell
from caregiving.sources import all_sources

TITLE, ICON, ORDER = "Method", ":material/function:", 90
ROLES = {Role.PARENT, Role.HOME_VISITOR, Role.SUPERVISOR}
ACTION = None


def show(shell: Shell) -> None:
    st.title("How the figures are made")
    st.html(
        '<p class="cg-quiet">Every figure rests on watched time: stretches in which somebody said that they '
        "were looking. A cue that nobody answered counts as a wait that had not ended, not as missing. Moments "
        "of one day resemble each other, so days, not moments, decide how sure a figure is.</p>"
    )
    instrument = shell.instrument
    st.header("What is tapped")
    _instrument_table(instrument.name)
    st.header("The figures")
    for which in all_indices().values():
        with st.expander(f"{which.label} ({which.unit})"):
            st.markdown(_definition(inspect.getdoc(which.function) or ""))
            st.caption(f"Source: {all_sources()[which.source].citation}")
    st.header("Sources")
    for key, one in sorted(all_sources().items()):
        with st.expander(one.citation):
            st.markdown(one.says)
            if one.caveat:
                st.markdown(f"**To bear in mind:** {one.caveat}")
            st.caption(f"{key}: {one.kind}")


def _definition(docstring: str) -> str:
    """Return the docstring as it reads on a page: without the worked example, and with its lines kept."""
    text = docstring.split(">>>")[0].rstrip()
    return "\n\n".join(part.replace("\n", "  \n") for part in text.split("\n\n"))


def _instrument_table(name: str) -> None:
    from caregiving.instruments import load

    instrument = load(name)
    rows = [
        f"| {kind} | {timing.response_window_s.value:g} s | "
        f"{'each alone' if timing.bout_gap_s is None else f'{timing.bout_gap_s.value:g} s'} | "
        f"{', '.join(b.label for b in instrument.behaviours if b.cue_class == kind)} |"
        for kind, timing in instrument.classes.items()
    ]
    st.markdown(
        f"**{instrument.title}**, version {instrument.version}. An answer belongs to the earliest cue that "
        "still waits for one."
        "\n\n| Cues | Followed for | Joined within | What is tapped |\n|---|---|---|---|\n" + "\n".join(rows)
    )
