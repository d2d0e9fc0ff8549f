"""Method: every index with its definition, straight from where it is computed; its figures; every source."""

import inspect
import re
from html import escape

import streamlit as st

from caregiving.indices import Estimate, Index, all_indices
from caregiving.people import Action, Role
from caregiving.screens._shell import Shell
from caregiving.screens._words import days, watched
from caregiving.sources import all_sources
from caregiving.words import _, n_

TITLE, ICON, ORDER = "Method", ":material/function:", 90
ROLES = {Role.PARENT, Role.HOME_VISITOR, Role.SUPERVISOR}
ACTION = None


def show(shell: Shell) -> None:
    st.title(_("How the figures are made"))
    told = _(
        "Every figure rests on watched time: stretches in which somebody said that they were looking. A cue "
        "that nobody answered counts as a wait that had not ended, not as missing. Moments of one day "
        "resemble each other, so days, not moments, decide how sure a figure is."
    )
    st.html(f'<p class="cg-quiet">{told}</p>')
    st.header(_("What is tapped"))
    _instrument(shell)
    st.header(_("The figures"))
    known = all_indices()
    chosen = st.pills(
        _("Which figure?"),
        list(known),
        format_func=lambda name: known[name].label,
        default="latency",
        key="which_index",
        required=True,
        label_visibility="collapsed",
    )
    _index(known[chosen], shell)
    st.header(_("Sources"))
    with st.expander(n_("The one source", "All {n} sources", len(all_sources()))):
        st.html(f'<ul class="cg-sources">{"".join(_source(key) for key in sorted(all_sources()))}</ul>')


def _instrument(shell: Shell) -> None:
    """Show what is tapped and how long each kind of cue is followed."""
    instrument = shell.instrument
    rows = "".join(
        f"<tr><th scope='row'>{kind}</th><td>{timing.response_window_s.value:g} s</td>"
        f"<td>{_('each alone') if timing.bout_gap_s is None else f'{timing.bout_gap_s.value:g} s'}</td>"
        f"<td>{', '.join(escape(_(b.label)) for b in instrument.behaviours if b.cue_class == kind)}</td></tr>"
        for kind, timing in instrument.classes.items()
    )
    head = _head(_("Cues"), _("Followed for"), _("Joined within"), _("What is tapped"))
    told = _(
        "{title}, version {version}. An answer belongs to the earliest cue that still waits for one."
    ).format(title=_(instrument.title), version=instrument.version)
    st.html(f'<p class="cg-quiet">{escape(told)}</p><table class="cg-table">{head}{rows}</table>')


def _index(which: Index, shell: Shell) -> None:
    """Show one index: its definition, and what it says of this child, with what is still needed."""
    text = inspect.getdoc(which.function) or ""
    unit = f" ({which.unit})" if which.unit else ""
    st.subheader(f"{which.label}{unit}")
    st.html(f'<div class="cg-definition">{_definition(text)}</div>')
    where = _("Source: {citation}").format(citation=all_sources()[which.source].citation)
    st.html(f'<p class="cg-quiet">{escape(where)}</p>')
    if not shell.may(Action.SEE_PATTERNS):
        return
    report = shell.report(which.name)
    body = "".join(_row(one) for _, one in report.results)
    told = _("{child}, {time} watched on {days}:").format(
        child=shell.child.alias, time=watched(report.exposure_s), days=days(len(report.days))
    )
    head = _head(_("Measure"), _("Cues"), _("Value"), _("95 % limits"), "n")
    st.html(f'<p class="cg-quiet">{escape(told)}</p><table class="cg-table">{head}{body}</table>')


def _head(*names: str) -> str:
    cells = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    return f"<thead><tr>{cells}</tr></thead>"


def _row(one: Estimate) -> str:
    """Return one estimate as a table row; where it is withheld, the sentence stands in its place."""
    name, cues = escape(one.measure.replace("_", " ")), escape(one.cue_class.replace("/", ": "))
    head = f"<tr title='{escape(one.method, quote=True)}'><th scope='row'>{name}</th><td>{cues}</td>"
    if one.gate is not None:
        return f"{head}<td colspan='2' class='cg-needs'>{escape(one.gate)}</td><td>{one.n}</td></tr>"
    limits = (
        ""
        if one.low != one.low and one.high != one.high
        else _("{low} to {high}").format(low=_number(one.low), high=_number(one.high))
    )
    return f"{head}<td>{_number(one.value)} {escape(one.unit)}</td><td>{limits}</td><td>{one.n}</td></tr>"


def _number(value: float) -> str:
    return _("not reached") if value != value else f"{value:.3g}"


def _definition(docstring: str) -> str:
    """Return a docstring as paragraphs, without its worked example; code stays code."""
    text = escape(docstring.split(">>>")[0].strip())
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
    parts = [part for part in text.split("\n\n") if part and not part.endswith(":")]
    titled = (
        re.sub(r"(?m)^(Parameters|Returns|Limits|Gate|Raises|Source):", r"<br><b>\1:</b>", p) for p in parts
    )
    return "".join(f"<p>{part.removeprefix('<br>')}</p>" for part in titled)


def _source(key: str) -> str:
    """Return one source as a list item: citation, what it is cited for, what to bear in mind."""
    one = all_sources()[key]
    caveat = f" <em>{escape(one.caveat)}</em>" if one.caveat else ""
    return f"<li><b>{escape(one.citation)}</b> {escape(one.says)}{caveat} <code>{escape(key)}</code></li>"
