"""What stands beside the comparison of a session: what the page is for, and what waits to be compared."""

from html import escape

import streamlit as st

from caregiving.screens._agreement_words import Names, not_compared, still_waiting
from caregiving.screens._shell import Shell
from caregiving.store import visits
from caregiving.twice.found import CodedTwice
from caregiving.words import _


def quiet(text: str) -> None:
    """Show a sentence in the quiet ink."""
    st.html(f'<p class="cg-quiet">{escape(text)}</p>')


def nothing_yet(child: str) -> None:
    """Say what coding a session twice is for, and where it begins."""
    st.title(_("No session with {child} has been coded twice yet").format(child=child))
    quiet(
        _(
            "Two observers who code the same session show how far a figure depends on who watched. On the "
            "page Visit choose “Code a session again”: from life at the same time, or from a recording."
        )
    )


def show_waiting(shell: Shell, found: CodedTwice, names: Names) -> None:
    """Say which sessions wait for a second coding, and which cannot be compared and why."""
    sessions = {session.id: session for session in found.sessions}
    begun = {twice.second.id for twice in found.waiting}
    told = [not_compared(twice, names) for twice in found.waiting]
    told += [reason for _twice, reason in found.refused]
    for one in visits.read(shell.store, shell.viewer, shell.family, shell.child.id):
        again = one.visit.codes_again
        if again is not None and one.unfinished and str(one.visit.sitting) not in begun:
            name = names.known.get(str(one.visit.author), _("a second observer"))
            told.append(still_waiting(sessions.get(str(again)), name))
    for sentence in dict.fromkeys(told):
        quiet(sentence)
