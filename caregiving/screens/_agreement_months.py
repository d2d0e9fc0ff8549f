"""From month to month: how pairs of observers agreed over all families, by pair and by observer."""

from collections.abc import Sequence
from functools import partial
from html import escape

import streamlit as st

from caregiving.charts.pairs_by_month import Line, pairs_by_month, pairs_table, pairs_told
from caregiving.screens import _agreement_months_words as words
from caregiving.screens._agreement_beside import quiet
from caregiving.screens._agreement_families import Everywhere, everywhere
from caregiving.screens._choice import choose
from caregiving.screens._figure import block
from caregiving.screens._shell import Shell
from caregiving.twice.drift import Course
from caregiving.words import _

ALL = "all"


def show_months(shell: Shell) -> None:
    """Show how each two observers agreed from month to month, over all families that may be seen."""
    found = everywhere(shell)
    if not found.courses:
        return
    st.subheader(_("From month to month"))
    quiet(words.rests_on(found))
    observer = _observer(found)
    courses = words.in_order([one for one in found.courses if observer in (ALL, *one.observers)], found.names)
    for instrument, title in words.titles(courses).items():
        mine = [one for one in courses if one.instrument == instrument]
        st.html(f"<h4>{escape(title)}</h4>{_listed(mine, found)}")
        drawn = [one for one in mine if not one.lacking]
        if drawn:
            quiet(words.whose_change(instrument, observer, found))
            _drawn(shell, instrument, drawn, found)


def _observer(found: Everywhere) -> str:
    """Let somebody choose one of the observers who are in several pairs; all where nobody is."""
    options = {name: found.names.known[name] for name in found.in_common()}
    if not options:
        return ALL
    ordered = dict(sorted(options.items(), key=lambda one: (one[1].casefold(), one[0])))
    return choose(_("Whose pairs"), "observer", {ALL: _("All pairs"), **ordered}, ALL)


def _listed(courses: Sequence[Course], found: Everywhere) -> str:
    """Return what each pair's months say, a paragraph a pair."""
    return "".join(
        f"<p><b>{escape(words.pair(one, found.names))}:</b> {escape(words.course_told(one))}</p>"
        for one in courses
    )


def _drawn(shell: Shell, instrument: str, courses: Sequence[Course], found: Everywhere) -> None:
    lines = [Line(words.pair(one, found.names), one, found.children) for one in courses]
    figure = pairs_by_month(lines, shell.colours)
    block(
        shell, f"drift_{instrument}", "", figure, pairs_told(lines), words.how_months(),
        partial(pairs_table, lines),
    )  # fmt: skip
