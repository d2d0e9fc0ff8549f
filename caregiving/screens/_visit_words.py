"""What a visit is called on a page: its instrument, its times, how far it has come, how it was ended."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import streamlit as st
from babel.dates import format_date

from caregiving.charts import span
from caregiving.instruments import (
    Instrument,
    ProcedureInstrument,
    UnknownInstrument,
    load,
    load_procedure,
    shelf,
)
from caregiving.people import Action
from caregiving.screens._shell import Key, Shell
from caregiving.store.visits import Watched
from caregiving.store.whole_family import authors
from caregiving.visits import Part, Progress, watched_ms
from caregiving.windows import Attestation
from caregiving.words import _, language, n_

Tool = Instrument | ProcedureInstrument


def tools() -> dict[str, Tool]:
    """Return what an observer can code with or run, the newest version of each, by name."""
    newest = {name.split(".v")[0]: name for name in (*shelf("coding"), *shelf("procedure"))}
    found = [tool(name) for name in newest.values()]
    return {one.name: one for one in found if one.audience == "observers"}


def tool(name: str) -> Tool:
    """Return the coding instrument or the procedure of that name.

    Raises: UnknownInstrument when it is no longer on the shelf.
    """
    try:
        return load(name)
    except UnknownInstrument:
        return load_procedure(name)


def title_of(name: str) -> str:
    """Return what an instrument is called; the bare name of one that is no longer on the shelf.

    >>> title_of("free_play.v1"), title_of("long_gone.v1")
    ('Free play, ten minutes', 'long_gone.v1')
    """
    try:
        return _(tool(name).title)
    except UnknownInstrument:
        return name


def is_procedure(name: str) -> bool:
    """Tell whether it has episodes to run instead of codes to tap.

    >>> is_procedure("strange_situation.v1"), is_procedure("free_play.v1")
    (True, False)
    """
    return name in shelf("procedure")


def context_words() -> dict[str, str]:
    """Return what the occasions of a visit are called."""
    return {
        "feeding": _("Feeding"),
        "play": _("Play"),
        "bath": _("Bath"),
        "bedtime": _("Bedtime"),
        "night": _("Night"),
    }


def said_words() -> dict[str, str]:
    """Return what somebody can say at the end about how complete the coding is."""
    return {
        Attestation.ALL: _("All of them"),
        Attestation.MOST: _("Most"),
        Attestation.SOME: _("Only some"),
    }


def clock(shell: Shell, at_ms: int) -> str:
    """Return the time of day of an instant, where this is looked at."""
    return f"{_local(shell, at_ms):%H:%M}"


def day(shell: Shell, at_ms: int) -> str:
    """Return the day of an instant as people write it, with its weekday."""
    return str(format_date(_local(shell, at_ms).date(), "EEE d MMM", locale=language()))


def day_and_clock(shell: Shell, at_ms: int) -> str:
    """Return day and time of an instant, such as Sat 14 Nov, 10:02."""
    return _("{day}, {clock}").format(day=day(shell, at_ms), clock=clock(shell, at_ms))


def _local(shell: Shell, at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, ZoneInfo(shell.zone))


def length(parts: Sequence[Part]) -> str:
    """Return how long was surely watched, in words: a part that nobody ended counts to its last moment.

    >>> length([Part(UUID(int=1), 0, 250_000, Attestation.ALL)])
    '4 min 10 s'
    >>> length([Part(UUID(int=1), 0, 60_000), Part(UUID(int=2), 90_000, last_ms=100_000)])
    'at least 1 min 10 s'
    """
    sure = [
        replace(part, ended_ms=part.last_ms or part.started_ms) if part.ended_ms is None else part
        for part in parts
    ]
    told = span(watched_ms(sure, 0) / 1000)
    still = any(part.ended_ms is None for part in parts)
    return _("at least {time}").format(time=told) if still else told


def parts_told(number: int) -> str:
    """Return in how many parts was watched.

    >>> parts_told(1), parts_told(2)
    ('in one go', 'in 2 parts')
    """
    return _("in one go") if number == 1 else n_("in {n} part", "in {n} parts", number)


def moments_told(number: int) -> str:
    """Return how many moments were coded.

    >>> moments_told(0), moments_told(37)
    ('nothing coded', '37 moments coded')
    """
    return n_("{n} moment coded", "{n} moments coded", number) if number else _("nothing coded")


def ended_told(one: Watched) -> str:
    """Return how a visit stands: what was said at its end, or that it is not ended."""
    if one.progress is not Progress.FINISHED:
        return {
            Progress.PLANNED: _("planned, not begun"),
            Progress.OPEN: _("under way"),
            Progress.PAUSED: _("paused"),
            Progress.DISCARDED: _("discarded"),
        }[one.progress]
    return {
        Attestation.ALL: _("all of it coded"),
        Attestation.MOST: _("most of it coded"),
        Attestation.SOME: _("only some of it coded"),
    }[one.parts[-1].attestation or Attestation.SOME]


def observer(shell: Shell, author: UUID) -> str:
    """Return who observed, as the one who looks would say it."""
    if author == shell.viewer.member:
        return _("you")
    return _names(shell).get(str(author), _("another observer"))


def _names(shell: Shell) -> dict[str, str]:
    """Return what those are called who observed; nobody's name where the people are not to be seen."""
    if not shell.may(Action.SEE_PEOPLE):
        return {}
    looks = (Action.SEE_PATTERNS, Action.SEE_TIMELINE, Action.SEE_QUALITY)
    if not any(shell.may(action) for action in looks):  # then there is no state of the log to keep it by
        return authors(shell.store, shell.viewer, shell.family)
    return _kept_names(shell, shell.key)


@st.cache_data(max_entries=64, show_spinner=False)
def _kept_names(_shell: Shell, key: Key) -> dict[str, str]:
    return authors(_shell.store, _shell.viewer, _shell.family)


def began_ms(one: Watched) -> int:
    """Return when a visit began, or when it was planned as long as it has not."""
    return one.parts[0].started_ms if one.parts else one.visit.at_ms
