"""Figures of coded sessions behind the gate of agreement: one to be shown, a higher one to be exported."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import pandas as pd

from caregiving.agreement.kappa import EXPORT
from caregiving.coded import CodedSession, coded_sessions, frames_together
from caregiving.frames import EVENTS, WINDOWS, empty
from caregiving.indices import Estimate
from caregiving.instruments import Instrument
from caregiving.periods import EVERYTHING, Period
from caregiving.report import Report, analyse
from caregiving.twice.gates import Standing, said
from caregiving.words import _

ONCE: Final = (
    "one observer coded it; shown once a second observer's coding agrees with it (kappa .60 or more)"
)


def coded_report(
    log: pd.DataFrame,
    windows: pd.DataFrame,
    instrument: Instrument,
    standings: Mapping[str, Standing],
    *,
    names: Sequence[str] | None = None,
    period: Period = EVERYTHING,
    leaving: bool = False,
) -> Report:
    """Return the report of the complete sessions that were coded with an instrument (any version of it).

    A session that was coded twice feeds it with its first coding only. A figure whose own gate is met is
    there once two observers agree with its instrument (`twice.gates`), and every observer behind the figure
    took part in a double coding: kappa .60 to be shown, .75 when it leaves the house (`leaving`).

    Parameters: EVENT_LOG and WINDOW_LOG; `names` indices as `report.analyse` takes them; `standings` by
    instrument. Raises: MissingColumn, UnknownIndex.
    """
    sessions = [one for one in first_codings(log, windows, instrument) if one.day in period]
    frames = frames_together(sessions, log, windows) if sessions else (empty(EVENTS), empty(WINDOWS))
    chosen = None if names is None else list(names)
    report = analyse(*frames, instrument, names=chosen, period=period)
    found, gate = _weakest(sessions, standings, leaving=leaving)
    behind = tuple((which, _behind(one, found, gate)) for which, one in report.results)
    return replace(report, results=behind)


def first_codings(log: pd.DataFrame, windows: pd.DataFrame, instrument: Instrument) -> list[CodedSession]:
    """Return the complete sessions of an instrument without those that code another one a second time."""
    prefix = f"{instrument.id}.v"
    return [
        one
        for one in coded_sessions(log, windows)
        if one.instrument.startswith(prefix) and one.again is None and one.complete
    ]


def closed(found: Standing, coders: Iterable[str], *, leaving: bool = False) -> str | None:
    """Return why figures of these observers may not be shown, or not leave, as a gate; None when they may."""
    if not found.n_pairs:
        return _(ONCE)
    if not found.show:
        return found.sentence
    if leaving and not found.export:
        return _("{told}; {needed} is needed before a figure leaves").format(
            told=found.sentence, needed=said(EXPORT)
        )
    if set(coders) <= found.observers:
        return None
    return _("an observer coded it whose coding was not yet compared with a second observer's")


def _weakest(
    sessions: Sequence[CodedSession], known: Mapping[str, Standing], *, leaving: bool
) -> tuple[Standing, str | None]:
    """Return the standing that decides, the weakest where sessions have several versions, and its gate."""
    held = []
    for name in sorted({one.instrument for one in sessions}):
        found = known.get(name, Standing(name))
        coders = {one.coder for one in sessions if one.instrument == name}
        held.append((found, closed(found, coders, leaving=leaving)))
    return min(held, key=lambda one: (one[1] is None, one[0].value), default=(Standing(""), _(ONCE)))


def _behind(one: Estimate, found: Standing, gate: str | None) -> Estimate:
    """Return an estimate behind the gate of agreement, or with the agreement in its method."""
    if one.gate is not None:
        return one
    if gate is not None:
        return replace(one, gate=gate)
    agreed = _("{told} (95 % {low} to {high}), the weakest of those that it rests on").format(
        told=found.sentence, low=said(found.low), high=said(found.high)
    )
    return replace(one, method=f"{one.method}; {agreed}" if one.method else agreed)
