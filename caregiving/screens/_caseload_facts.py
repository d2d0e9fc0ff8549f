"""What one child's log holds of the last four weeks, as facts: for the list of families that somebody visits.

What the family's consent does not cover is not read. Nothing is added up, and nothing is compared.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

import pandas as pd
import streamlit as st

from caregiving.coded import CodedSession, coded_sessions
from caregiving.people import Action
from caregiving.periods import Period
from caregiving.report import build_report
from caregiving.rows import INDICES, Row, five_rows
from caregiving.screens._coded_figures import coded_results
from caregiving.screens._family_rows import _missing
from caregiving.screens._family_since import last_logged
from caregiving.screens._shell import Key, Shell
from caregiving.screens._words import MORE, measure_name, needs
from caregiving.sessions import family_day
from caregiving.store import ratings, visits
from caregiving.store.events import Looking
from caregiving.windows import Attestation, WindowMode
from caregiving.words import _, language

DAYS = 28
KEPT = 512
LOOKS: tuple[Looking, ...] = (Action.SEE_PATTERNS, Action.SEE_TIMELINE, Action.SEE_QUALITY)


@dataclass(frozen=True)
class Held:
    """What the last four weeks of a log hold: days with watched time, seconds watched, cues in them."""

    last_day: str | None
    days: int
    watched_s: float
    cues: int


@dataclass(frozen=True)
class Figures:
    """Which of the five rows have enough behind them, of how many, and what is nearest to being there."""

    enough: tuple[str, ...]
    of: int
    nearest: str


@dataclass(frozen=True)
class Seen:
    """When the child was last visited, by the one who looks and by anybody; what was coded in four weeks.

    `sessions` were coded, `twice` of them by two observers; `once_others` are visits of other observers that
    wait for a second one. `sittings`: whom each planned visit is to.
    """

    mine: str | None = None
    anybody: str | None = None
    sessions: int = 0
    twice: int = 0
    once_others: int = 0
    sittings: dict[UUID, UUID] = field(default_factory=dict)


@dataclass(frozen=True)
class Facts:
    """What is known of one child; None for what the family did not agree to share."""

    held: Held | None = None
    figures: Figures | None = None
    seen: Seen | None = None


def facts(shell: Shell, today: str) -> Facts:
    """Return what this person may know of the child, counted once for each state of the log and each day."""
    scope = tuple(action for action in Action if shell.may(action))
    looking = next((action for action in LOOKS if action in scope), None)
    if looking is None:
        return Facts(seen=_seen(shell, None, []) if Action.OBSERVE in scope else None)
    return _facts(shell, shell.key, scope, looking, today, language())


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _facts(
    _shell: Shell, key: Key, scope: tuple[Action, ...], looking: Looking, today: str, spoken: str
) -> Facts:
    """Return the facts. The key: tenant, child and reader first, then what the reader may see."""
    period = Period.last_days(today, DAYS)
    log, windows = _shell.log(looking, period=period), _shell.windows(looking)
    rated = None
    if Action.SEE_PATTERNS in scope:
        rated = ratings.frame(_shell.store, _shell.viewer, _shell.family, _shell.child.id)
    report = build_report(
        log,
        windows,
        _shell.instrument,
        now_ms=_shell.now_ms,
        names=list(INDICES) if Action.SEE_PATTERNS in scope else [],
        period=period,
        ratings=rated,
    )
    held = Held(_last(_shell, log, windows, looking), len(report.days), report.exposure_s,
                len(report.episodes))  # fmt: skip
    figures, seen = None, None
    if Action.SEE_PATTERNS in scope:
        figures = _figures(five_rows(report.results, coded_results(_shell, period)))
    if {Action.SEE_PATTERNS, Action.SEE_TIMELINE, Action.OBSERVE} & {*scope}:
        coded = [one for one in coded_sessions(log, windows) if one.day in period and one.usable]
        seen = _seen(_shell, windows if looking is not Action.SEE_QUALITY else None, coded)
    return Facts(held, figures, seen)


def _last(shell: Shell, log: pd.DataFrame, windows: pd.DataFrame, looking: Looking) -> str | None:
    """Return the last day on which something was logged; older ones are read when four weeks are bare."""
    return last_logged(log if len(log) else shell.log(looking), windows)


def _figures(rows: Sequence[Row]) -> Figures:
    enough = tuple(row.title for row in rows if row.leading is not None)
    return Figures(enough, len(rows), nearest(rows))


def nearest(rows: Sequence[Row]) -> str:
    """Return what is nearest to being there of the rows that show no figure yet, as one sentence.

    Of what can be counted, the figure of which the largest part is there; else what somebody has to enter.
    """
    bare = [row for row in rows if row.leading is None]
    counted = [
        (_part_there(one.gate), -place, -turn, row.title, measure_name(one), needs(one.gate))
        for place, row in enumerate(bare)
        for turn, one in enumerate(row.figures)
        if one.gate is not None and MORE.search(one.gate)
    ]
    if counted:
        *_order, title, figure, sentence = max(counted)
        return _("{row}, {figure}: {sentence}").format(row=title, figure=figure, sentence=sentence)
    if not bare:
        return ""
    return _("{row}: {sentence}").format(row=bare[0].title, sentence=_missing(bare[0]))


def _part_there(gate: str) -> float:
    """Return which part of what a gate counts is there; of several things the scarcest.

    >>> _part_there("needs 5 more cues (15 of 20)")
    0.75
    >>> _part_there("needs 3 more days (1 of 4) and 1 more cue (9 of 10)")
    0.25
    """
    return min(float(one["found"]) / float(one["needed"]) for one in MORE.finditer(gate))


def _seen(shell: Shell, windows: pd.DataFrame | None, coded: Sequence[CodedSession]) -> Seen:
    """Return when the child was visited and which sessions were coded once; a recording is no visit."""
    planned = []
    if shell.may(Action.OBSERVE) or shell.may(Action.SEE_PATTERNS):
        planned = visits.read(shell.store, shell.viewer, shell.family, shell.child.id)
    frames = [
        pd.DataFrame(
            [
                (part.started_ms, one.visit.utc_offset_min, str(one.visit.author))
                for one in planned
                if not one.visit.from_recording
                for part in one.parts
                if part.attestation is not Attestation.DISCARDED
            ],
            columns=["started_ms", "utc_offset_min", "author"],
        )
    ]
    if windows is not None:
        there = windows["mode"].eq(WindowMode.SESSION) & ~windows["from_recording"].fillna(False).astype(bool)
        there &= windows["attestation"].astype("object").ne(Attestation.DISCARDED)
        frames.append(windows.loc[there, ["started_ms", "utc_offset_min", "author"]])
    days = [
        (day, author)
        for frame in frames
        if len(frame)
        for day, author in zip(
            family_day(frame["started_ms"], frame["utc_offset_min"]), frame["author"], strict=True
        )
    ]
    me = str(shell.viewer.member)
    first = [one for one in coded if one.again is None and one.ended]
    again = {one.again for one in coded}
    others = {str(one.visit.sitting) for one in planned if one.visit.author != shell.viewer.member}
    return Seen(
        mine=max((day for day, author in days if author == me), default=None),
        anybody=max((day for day, _author in days), default=None),
        sessions=len(first),
        twice=sum(one.id in again for one in first),
        once_others=sum(one.id in others and one.id not in again for one in first),
        sittings={one.visit.sitting: one.visit.child for one in planned},
    )
