"""Patterns: the five rows of the guidance, and one picture at a time; each figure with what it rests on."""

from html import escape

import streamlit as st

from caregiving.charts import span
from caregiving.people import Action, Role
from caregiving.periods import Period
from caregiving.report import Report
from caregiving.rows import INDICES, five_rows
from caregiving.screens import _five_rows, _pattern_figures
from caregiving.screens._aside import show_aside
from caregiving.screens._change import show_change
from caregiving.screens._choice import choose
from caregiving.screens._coded_figures import coded_results
from caregiving.screens._period import chosen_period, period_pills
from caregiving.screens._shell import Shell
from caregiving.screens._words import about, cues, days, watched
from caregiving.words import _, n_

TITLE, ICON, ORDER = "Patterns", ":material/ssid_chart:", 20
ROLES = {Role.PARENT, Role.HOME_VISITOR}
ACTION = Action.SEE_PATTERNS


def show(shell: Shell) -> None:
    period = chosen_period(shell)
    report = _computed(shell, period)
    if not len(report.windows):
        _nobody_watched(shell, period)
        return
    st.title(finding(report))
    seen = _("{child}: {days}, {time} watched, {cues}.").format(
        child=shell.child.alias,
        days=days(len(report.days)),
        time=watched(report.exposure_s),
        cues=cues(len(report.episodes)),
    )
    st.html(f'<p class="cg-quiet">{escape(seen)}</p>')
    period_pills()
    show_change(shell)
    _rows(shell, report, period)
    st.header(_("A closer look"))
    sections = _pattern_figures.sections()
    chosen = choose(_("Which picture?"), "show", {key: one.label for key, one in sections.items()}, "waits")
    sections[chosen].show(shell, report, period)
    show_aside(report)


def _computed(shell: Shell, period: Period) -> Report:
    """Return the report with every figure of the rows; with a word to somebody who has to wait for it."""
    with st.spinner(_("Counting all moments…"), show_time=False):
        return shell.report(*INDICES, period=period)


def _nobody_watched(shell: Shell, period: Period) -> None:
    """Say what patterns are drawn from, where nobody has watched (yet, or in this stretch of time)."""
    before = "" if period.is_everything else _earlier(shell)
    st.title(_("No watched time yet") if not before else _("No watched time in these days"))
    told = _(
        "Patterns are drawn from stretches in which you said that you were watching. Start one on the tap "
        "page; ten minutes are a good beginning."
    )
    link = f'<a class="cg-big" href="/tap" target="_self">{_("Open the tap page")}</a>'
    st.html(f'<p class="cg-quiet">{told} {before}</p>{link if shell.may(Action.LOG) else ""}')
    if before:
        period_pills()


def _earlier(shell: Shell) -> str:
    """Return a sentence on watched time that lies before the chosen period, or nothing."""
    number = len(shell.windows(Action.SEE_PATTERNS))
    if not number:
        return ""
    return n_(
        "{n} earlier stretch of watching is still there: choose a longer time.",
        "{n} earlier stretches of watching are still there: choose a longer time.",
        number,
    )


def finding(report: Report) -> str:
    """Return the heading: the finding on crying and fussing in a sentence, or what is still needed."""
    one = report.find("responsiveness", "within_180s", "distress")
    wait = report.find("latency", "median", "distress")
    if one is None or one.gate is not None:
        return _("The first patterns are coming together")
    if wait is not None and wait.gate is None and wait.value == wait.value:
        return _("Half of the crying and fussing had an answer within {time}").format(time=span(wait.value))
    share = about(one.value)
    return _("{share} of the hard moments had an answer within 3 minutes").format(
        share=share[:1].upper() + share[1:]
    )


def _rows(shell: Shell, report: Report, period: Period) -> None:
    """Show the five rows; what only a coded session can tell comes from coded sessions."""
    rows = five_rows(report.results, coded_results(shell, period))
    professional = not shell.at_home
    cards = "".join(
        _five_rows.card(row, report, guidance=f"/guidance?row={row.key}", professional=professional)
        for row in rows
    )
    st.html(f"<style>{_five_rows.STYLE}</style><section>{cards}</section>")
