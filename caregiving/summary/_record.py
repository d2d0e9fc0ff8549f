"""The parts about the record itself: who watched how long, and how complete the log is."""

import math
from datetime import date

import pandas as pd

from caregiving.declared import declared, unsaid
from caregiving.periods import Period
from caregiving.report import Report
from caregiving.sessions import family_day
from caregiving.summary._said import cues, day_words, days, figure, lasted
from caregiving.summary._tray import Part, Seen, Table
from caregiving.windows import COUNTED
from caregiving.words import _, n_

UNLOGGED = 20  # per cent of all cues, for the sentence on what was perhaps not logged


def watched(seen: Seen, period: Period) -> Part:
    """Return the watched time of everybody, and of each who watched."""
    report = seen.report
    if not len(report.windows):
        return Part(said=(_("Nobody watched in these days, so there is nothing to count from."),))
    told = _("Watched in all: {time} on {days}, {cues}. Overlapping stretches count once.").format(
        time=lasted(report.exposure_s), days=_days(seen, period), cues=cues(len(report.episodes))
    )
    ended = declared(seen.windows)
    ended = ended[ended["ended_ms"].notna() & ended["attestation"].isin(COUNTED)]
    minutes = (ended["ended_ms"] - ended["started_ms"]).clip(lower=0).astype("float64") / 60_000
    day = family_day(ended["started_ms"], ended["utc_offset_min"], report.day_start_h)
    rows = tuple(
        (
            seen.watchers.get(str(author), _("somebody who is no longer here")),
            n_("{n} stretch", "{n} stretches", len(part)),
            days(day[part.index].nunique()),
            lasted(float(minutes[part.index].sum()) * 60),
        )
        for author, part in ended.groupby(ended["author"].astype("object"), sort=True)
    )
    names = (_("Who"), _("Watched"), _("Days"), _("Time"))
    return Part(said=(told,), tables=(Table(names, rows),) if rows else ())


def quality(seen: Seen) -> Part | None:
    """Return how complete the log is: endings, silences, first days, left out; None while there is no log."""
    told = (
        _endings(seen.windows),
        _silences(seen.report),
        _engaged(seen.report),
        _first_days(seen),
        _left_out(seen.report),
        _unlogged(seen.report),
    )
    said = tuple(one for one in told if one)
    return Part(said=said, sources=("selective_logging",)) if said else None


def _days(seen: Seen, period: Period) -> str:
    """Return on how many days somebody watched, of how many when that is known."""
    number, asked = len(seen.report.days), period.days()
    if asked is None:
        return days(number)
    return _("{n} of {days}").format(n=number, days=days(asked))


def _endings(windows: pd.DataFrame) -> str:
    stretches = declared(windows)
    if stretches.empty:
        return ""
    closed = ~unsaid(stretches)
    said = {name: int((stretches["attestation"].eq(name) & closed).sum()) for name in ("all", "most", "some")}
    text = n_("{n} declared stretch", "{n} declared stretches", len(stretches))
    return _(
        "{stretches}: ended with “all cues logged” {all}, “most” {most}, “only some” {some} (left out), not "
        "ended yet {open}."
    ).format(stretches=text, open=int((~closed).sum()), **said)


def _silences(report: Report) -> str:
    """Say how many unanswered cues rest on a tap, and how many on silence."""
    rows = report.episodes
    without = rows[~rows["answered"] & ~rows["already_engaged"]]
    if without.empty:
        return ""
    return _(
        "{cues} had no answer: for {said} of them somebody tapped so, {settled} passed before an answer "
        "came; otherwise silence is taken as no answer."
    ).format(
        cues=cues(len(without)),
        said=int(without["confirmed_none"].sum()),
        settled=int(without["self_settled"].sum()),
    )


def _engaged(report: Report) -> str:
    number = int(report.episodes["already_engaged"].sum())
    if not number:
        return ""
    return n_(
        "{n} cue came while a caregiver was already there; it is no wait.",
        "{n} cues came while a caregiver was already there; they are no waits.",
        number,
    )


def _first_days(seen: Seen) -> str:
    within = [day for day in seen.first_days if day in set(seen.report.days)]
    if not within:
        return ""
    named = _(" and ").join(day_words(date.fromisoformat(day)) for day in within)
    return _(
        "The first days of logging ({days}) are among these; watching itself may change what people do then."
    ).format(days=named)


def _left_out(report: Report) -> str:
    """Say what was logged but feeds no figure."""
    aside = report.aside
    told = [
        (aside.outside, _("outside watched time")),
        (aside.remembered, _("from memory")),
        (aside.by_the_minute, _("known to the minute only")),
        (aside.in_conflict, _("in two versions")),
    ]
    lines = [_("{n} {which}").format(n=number, which=which) for number, which in told if number]
    return _("Logged moments left out: {list}.").format(list=_(", ").join(lines)) if lines else ""


def _unlogged(report: Report) -> str:
    """Say what the share answered would be if a fifth of all cues had gone unlogged and unanswered."""
    one = report.find("logging_audit", f"tipping_{UNLOGGED}", "all")
    if one is None or one.gate is not None or math.isnan(one.value):
        return ""
    return _(
        "Nobody can tell from a log what was not logged. Of all cues {now} had an answer in their window; "
        "were {unlogged} of all cues neither logged nor answered, it would be {then}."
    ).format(
        now=figure(one.value / (1 - UNLOGGED / 100), "share"),
        unlogged=figure(UNLOGGED / 100, "share"),
        then=figure(one.value, "share"),
    )
