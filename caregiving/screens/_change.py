"""The one change that a page may point out: the last week beside the two before it, tested and adjusted."""

from html import escape

import streamlit as st

from caregiving.charts import span
from caregiving.people import Action
from caregiving.periods import Period
from caregiving.screens._shell import Key, Shell
from caregiving.screens._words import class_name, cues, days
from caregiving.sessions import family_day
from caregiving.trends.changes import BEFORE_DAYS, FIRST_DAYS, NOW_DAYS, Change, highlighted, newest_change
from caregiving.words import _


def changes(shell: Shell) -> list[Change]:
    """Return the comparisons of the last week with the two before it, made once for each state of the log."""
    return _changes(shell, shell.key, shell.today)


@st.cache_data(max_entries=64, show_spinner=False)
def _changes(_shell: Shell, key: Key, today: str) -> list[Change]:
    report = _shell.report(period=Period.last_days(today, NOW_DAYS + BEFORE_DAYS))
    windows = _shell.windows(Action.SEE_PATTERNS)
    logged = sorted(family_day(windows["started_ms"], windows["utc_offset_min"]).unique())
    return newest_change(report, today, logged[:FIRST_DAYS])


def opened(shell: Shell) -> frozenset[str]:
    """Return the pattern of guidance that the one change opens, if any."""
    one = highlighted(changes(shell))
    return (
        frozenset() if one is None else frozenset({"waits_grew" if one.difference_s > 0 else "waits_shrank"})
    )


def show_change(shell: Shell) -> None:
    """Show the one change, when there is one that chance and the days alone would seldom bring about."""
    one = highlighted(changes(shell))
    if one is None:
        return
    more = (
        ""
        if one.difference_s < 0
        else f'<p><a href="/guidance" target="_self">{_("Something to try")}</a></p>'
    )
    st.html(
        f'<aside class="cg-card cg-change"><p>{escape(sentence(one))}</p>{more}'
        f"<details><summary>{_('How do we know?')}</summary><p>{escape(_basis(one))}</p></details></aside>"
    )


def sentence(one: Change) -> str:
    """Return the change as a sentence that describes what was logged."""
    if one.difference_s > 0:
        told = _(
            "This week answers to {what} took longer than in the two weeks before: on average {now}, was "
            "{before}."
        )
    else:
        told = _(
            "This week answers to {what} came sooner than in the two weeks before: on average {now}, was "
            "{before}."
        )
    what = class_name(one.cue_class)
    return told.format(what=what[:1].lower() + what[1:], now=span(one.now_s), before=span(one.before_s))


def _basis(one: Change) -> str:
    told = _(
        "From {cues_now} on {days_now} this week and {cues_before} on {days_before} before. The "
        "difference is likely between {low} and {high}. Three kinds of cues, chosen beforehand, are looked "
        "at, and only a change that the days alone would seldom bring about is pointed out ({method})."
    )
    return told.format(
        cues_now=cues(one.n_now),
        days_now=days(one.days_now),
        cues_before=cues(one.n_before),
        days_before=days(one.days_before),
        low=_signed(one.low),
        high=_signed(one.high),
        method=one.method,
    )


def _signed(seconds: float) -> str:
    return ("−" if seconds < 0 else "+") + span(abs(seconds))
