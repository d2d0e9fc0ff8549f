"""What is on the timeline but not in the figures, and why: nothing that was logged goes missing unsaid."""

import streamlit as st

from caregiving.report import Report
from caregiving.words import _, n_


def show_aside(report: Report) -> None:
    """Say what is on the timeline but not in the figures, and why."""
    aside = report.aside
    engaged = int(report.episodes["already_engaged"].sum())
    told = [
        (aside.outside, _moment(aside.outside, _("outside watched time"))),
        (aside.remembered, _moment(aside.remembered, _("logged from memory"))),
        (aside.by_the_minute, _moment(aside.by_the_minute, _("known to the minute only"))),
        (aside.in_conflict, _moment(aside.in_conflict, _("of which two versions exist"))),
        (
            aside.partly_logged_windows,
            n_(
                "{n} stretch in which only some cues were logged",
                "{n} stretches in which only some cues were logged",
                aside.partly_logged_windows,
            ),
        ),
        (
            engaged,
            n_(
                "{n} cue that came while a grown-up was already there",
                "{n} cues that came while a grown-up was already there",
                engaged,
            ),
        ),
    ]
    lines = [line for number, line in told if number]
    if lines:
        lead = _("On the timeline, but not in these figures:")
        st.html(f'<p class="cg-quiet">{lead} {_(", ").join(lines)}.</p>')


def _moment(number: int, which: str) -> str:
    return n_("{n} moment {which}", "{n} moments {which}", number, which=which)
