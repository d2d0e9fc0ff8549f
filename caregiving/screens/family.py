"""Family: what a home visitor wants to know before a visit and in it, on one page."""

from html import escape

import streamlit as st

from caregiving.people import Action, Role
from caregiving.periods import Period
from caregiving.rows import INDICES, five_rows
from caregiving.screens._coded_figures import coded_results
from caregiving.screens._family_rows import STYLE, WEEKS, rows_table
from caregiving.screens._family_since import age, last_logged, record_line, show_since
from caregiving.screens._shell import Key, Shell
from caregiving.words import _, language

TITLE, ICON, ORDER = "Family", ":material/home:", 5
ROLES = {Role.HOME_VISITOR}
ACTION = Action.SEE_PATTERNS
ROWS_DAYS, LATELY_DAYS = 28, 14
KEPT = 32


def show(shell: Shell) -> None:
    child = shell.child
    st.title(f"{child.alias}, {age(child.born_on, child.due_on, shell.today)}")
    last = last_logged(shell.log(Action.SEE_PATTERNS), shell.windows(Action.SEE_PATTERNS))
    if last is None:
        _said(
            _(
                "Nothing has been logged for {child} yet. The figures begin with the first stretch of "
                "watching; ten minutes are a good beginning."
            ).format(child=child.alias)
        )
        return
    lately = shell.report(period=Period.last_days(shell.today, LATELY_DAYS))
    _said(record_line(shell, lately, last))
    show_since(shell)
    st.subheader(_("The five rows, last 4 weeks"))
    with st.spinner(_("Counting all moments…"), show_time=False):
        table = _rows(shell)
    st.html(f"<style>{STYLE}</style>{table}")
    _said(
        _(
            "In the small pictures a bar is the interval of a week, a ring is a week with too little for a "
            "figure, and shares run from none to all. They set these weeks beside each other, nothing else."
        )
    )
    _links(shell)


def _rows(shell: Shell) -> str:
    """Return the five rows, computed once for each state of the log."""
    return _table(shell, shell.key, shell.today, language())


@st.cache_data(max_entries=KEPT, show_spinner=False)
def _table(_shell: Shell, key: Key, today: str, spoken: str) -> str:
    """Return the table: taps, and from coded sessions what only those can tell. The key: the tenant first."""
    period = Period.last_days(today, ROWS_DAYS)
    taps = _shell.report(*INDICES, period=period)
    rows = five_rows(taps.results, coded_results(_shell, period))
    recent = _shell.report(period=Period.last_days(today, 7 * WEEKS))
    return rows_table(rows, taps.results, recent, today)


def _links(shell: Shell) -> None:
    """Lead on to the pages that hold more."""
    ways = [("/patterns", _("Patterns")), ("/sessions", _("Sessions"))]
    if shell.may(Action.OBSERVE):
        ways.insert(0, ("/visit", _("Visit")))
    else:
        _said(
            _(
                "{family} has not agreed to observed sessions. The family can agree to them on its Share "
                "page; then the page Visit appears here."
            ).format(family=shell.family_alias)
        )
    if shell.may(Action.SEE_QUALITY):
        ways.append(("/quality", _("Data quality")))
    whose = f"?family={shell.family}&child={shell.child.id}"
    chips = "".join(f'<a href="{path}{whose}" target="_self">{escape(word)}</a>' for path, word in ways)
    st.html(f'<nav class="cg-demo" aria-label="{_("More about this family")}">{chips}</nav>')


def _said(text: str) -> None:
    st.html(f'<p class="cg-quiet">{escape(text)}</p>')
