"""Patterns: how soon, and how surely, cues had an answer; each figure with what it rests on."""

from html import escape

import streamlit as st

from caregiving.charts import span
from caregiving.charts.share_within import share_within
from caregiving.charts.waiting_curve import waiting_curve
from caregiving.indices import Estimate
from caregiving.people import Action, Role
from caregiving.report import Report
from caregiving.screens._shell import Shell
from caregiving.screens._words import CLASSES, about, count, likely, needs, watched
from caregiving.sources import source

TITLE, ICON, ORDER = "Patterns", ":material/ssid_chart:", 20
ROLES = {Role.PARENT, Role.HOME_VISITOR}
ACTION = Action.SEE_PATTERNS
SHOWN_CLASSES = ("distress", "request", "social", "disengage")


def show(shell: Shell) -> None:
    report = shell.report("latency", "responsiveness")
    if not len(report.windows):
        st.title("No watched time yet")
        st.html(
            '<p class="cg-quiet">Patterns are drawn from stretches in which you said that you were watching. '
            "Start one on the tap page; ten minutes are a good beginning.</p>"
            '<a class="cg-big" href="/tap" target="_self">Open the tap page</a>'
        )
        return
    st.title(_finding(report))
    days, cues = count(len(report.days), "day"), count(len(report.episodes), "cue")
    who = escape(shell.child.alias)
    st.html(f'<p class="cg-quiet">{who}, {days}, {watched(report.exposure_s)} watched, {cues}.</p>')
    _latencies(report)
    _curve(report, shell)
    _shares(report, shell)
    _aside(report)


def _finding(report: Report) -> str:
    """Return the heading: the finding on crying and fussing in a sentence, or what is still needed."""
    one = report.find("responsiveness", "within_180s", "distress")
    wait = report.find("latency", "median", "distress")
    if one is None or one.gate is not None:
        return "The first patterns are coming together"
    if wait is not None and wait.gate is None:
        return f"Half of the crying and fussing had an answer within {span(wait.value)}"
    return f"{about(one.value).capitalize()} of the hard moments had an answer within 3 minutes"


def _latencies(report: Report) -> None:
    """Show the median wait of each class as a card, or what is still needed for it."""
    cards = []
    for name in SHOWN_CLASSES:
        one = report.find("latency", "median", name)
        if one is not None:
            cards.append(_card(CLASSES[name], one))
    st.subheader("The usual wait for an answer")
    st.html(f'<div class="cg-figures">{"".join(cards)}</div>')
    first = report.find("latency", "median", "distress")
    if first is not None:
        _how(
            report,
            [first],
            "A short wait is not better than a slightly longer one, and nobody answers at once every time.",
        )


def _card(what: str, one: Estimate) -> str:
    if one.gate is not None:
        body = f'<div class="value">{escape(needs(one.gate))}</div>'
        return f'<div class="cg-card needs"><div class="what">{what}</div>{body}</div>'
    return (
        f'<div class="cg-card"><div class="what">{what}</div><div class="value">{span(one.value)}</div>'
        f'<div class="sure">{likely(one)}; from {count(one.n, "cue")}</div></div>'
    )


def _curve(report: Report, shell: Shell) -> None:
    """Show how many cries had their answer by when."""
    rows = report.episodes[report.episodes["cue_class"] == "distress"]
    if rows.empty or not rows["answered"].any():
        return
    st.subheader("Crying and fussing: how many had an answer by when")
    one = report.find("responsiveness", "within_180s", "distress")
    told = (
        f"After 3 minutes {about(one.value)} had an answer."
        if one is not None and one.value == one.value
        else ""
    )
    st.plotly_chart(
        waiting_curve(report, "distress", shell.colours),
        key="curve",
        theme=None,
        config={"displayModeBar": False},
        alt="A rising curve of the share of crying and fussing that had an answer, from 0 to 180 seconds. "
        + told,
    )
    rest = report.find("latency", "rmst", "distress")
    _how(report, [e for e in (one, rest) if e is not None], "The soft band shows how sure the curve is.")


def _shares(report: Report, shell: Shell) -> None:
    """Show the answered share of every class on one quiet scale."""
    rows = []
    for which, one in report.results:
        if (
            which.name == "responsiveness"
            and one.gate is None
            and "/" not in one.cue_class
            and one.value == one.value
        ):
            seconds = float(one.measure.removeprefix("within_").removesuffix("s"))
            rows.append((f"{CLASSES[one.cue_class]}<br>within {span(seconds)}", one))
    if not rows:
        return
    st.subheader("Answers within a given time")
    st.plotly_chart(
        share_within(rows, shell.colours),
        key="shares",
        theme=None,
        config={"displayModeBar": False},
        alt="; ".join(
            f"{name.replace('<br>', ' ')}: {one.value:.0%}, {likely(one, _percent)}" for name, one in rows
        ),
    )
    _how(
        report,
        [one for _, one in rows[:1]],
        "Missing some cues is part of every day. Coming back matters more.",
    )


def _percent(share: float) -> str:
    return f"{share:.0%}"


def _how(report: Report, ones: list[Estimate], caveat: str) -> None:
    """Fold away what the figure rests on: n, watched time, method, source, and what it cannot say."""
    with st.expander("How do we know?"):
        for one in ones:
            where = source(one.source)
            st.markdown(
                f"**{one.measure.replace('_', ' ')}**: {count(one.n, 'cue')} in {watched(report.exposure_s)} "
                f"of watched time on {count(len(report.days), 'day')}. "
                f"{one.method[:1].upper()}{one.method[1:]}.  \n"
                f"Source: {where.citation} {where.caveat}"
            )
        st.markdown(
            f"{caveat} What it cannot say: why an answer took the time it took, or what anybody felt."
        )


def _aside(report: Report) -> None:
    """Say what is on the timeline but not in the figures, and why."""
    aside = report.aside
    told = [
        (aside.outside, "moment outside watched time", "moments outside watched time"),
        (aside.remembered, "moment logged from memory", "moments logged from memory"),
        (aside.in_conflict, "moment of which two versions exist", "moments of which two versions exist"),
        (
            aside.partly_logged_windows,
            "window in which only some cues were logged",
            "windows in which only some cues were logged",
        ),
    ]
    engaged = int(report.episodes["already_engaged"].sum())
    lines = [count(n, one, many) for n, one, many in told if n]
    if engaged:
        lines.append(f"{count(engaged, 'cue')} that came while a grown-up was already there")
    if lines:
        st.html(f'<p class="cg-quiet">On the timeline, but not in these figures: {", ".join(lines)}.</p>')
