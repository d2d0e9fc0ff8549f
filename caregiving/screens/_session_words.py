"""What the page of coded sessions says: what one looks at, the finding, and what is still needed."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from babel.dates import format_date

from caregiving.charts import span
from caregiving.charts.lag_table import comparable
from caregiving.charts.time_budget import seen_rows
from caregiving.coded import CodedSession
from caregiving.coded.looks import NO_STATES, VOICES, Cast
from caregiving.instruments import Instrument, load
from caregiving.screens._words import needs
from caregiving.words import _, language, n_

USUAL_P, Z95 = 0.05, 1.96


def view_names() -> dict[str, str]:
    """Return what the views are called, in the order in which they are offered."""
    return {
        "time_budget": _("How the time went"),
        "transitions": _("What came next"),
        "lag": _("Compared with chance"),
        "state_space": _("Side by side"),
        "synchrony": _("Rising together"),
        "turns": _("Taking turns"),
    }


def beside_name() -> str:
    """Return what the view is called that lays another session beside this one."""
    return _("Beside another session")


def sitting_of(one: CodedSession, known: Mapping[str, CodedSession]) -> CodedSession:
    """Return the session that says when it was: of a coding from a recording, the first one."""
    return known.get(one.again or "", one) if one.from_recording else one


def session_name(one: CodedSession, known: Mapping[str, CodedSession], coders: Mapping[str, str]) -> str:
    """Return one session as a line to choose; a second coding says whose it is."""
    sat_at = sitting_of(one, known)
    told = _("{day}, {clock}: {title} ({length})").format(
        day=date_of(sat_at.day), clock=sat_at.began[11:], title=_title(one), length=_length([one])
    )
    if one.again is None:
        return told
    again = _("{session}, coded again by {who}")
    return again.format(session=told, who=coders.get(one.coder, _("another observer")))


def together_name(chosen: list[CodedSession]) -> str:
    """Return several sessions of one instrument as a line to choose."""
    return _("All {n} together: {title} ({length})").format(
        n=len(chosen), title=_title(chosen[0]), length=_length(chosen)
    )


def sat(chosen: list[CodedSession], cast: Cast, known: Mapping[str, CodedSession]) -> str:
    """Return in a sentence what one looks at."""
    days = sorted({sitting_of(session, known).day for session in chosen})
    told = {
        "child": cast.names["infant"],
        "grown": cast.names["caregiver"],
        "day": " – ".join(date_of(day) for day in dict.fromkeys((days[0], days[-1]))),
        "length": _length(chosen),
        "title": _title(chosen[0]),
    }
    if len(chosen) == 1:
        return _("{child} and {grown}, {day}: {length}, coded with “{title}”.").format(**told)
    return _("{child} and {grown}, {n} sessions, {day}: {length}, coded with “{title}”.").format(
        n=len(chosen), **told
    )


def parted(session: CodedSession) -> str:
    """Return in how many parts a session was watched, and how long the breaks were; else nothing."""
    breaks = [
        (after.start_ms - before.end_ms) / 1000
        for before, after in zip(session.stretches, session.stretches[1:], strict=False)
    ]
    if not breaks:
        return ""
    if len(breaks) == 1:
        return _("Watched in 2 parts, with a break of {time}.").format(time=span(breaks[0]))
    return _("Watched in {n} parts, with breaks of {time} in all.").format(
        n=len(breaks) + 1, time=span(sum(breaks))
    )


def by_whom(chosen: list[CodedSession], known: Mapping[str, CodedSession], coders: Mapping[str, str]) -> str:
    """Return in a sentence who coded what one looks at, and who coded it a second time."""
    names = sorted({coders[one.coder] for one in chosen if one.coder in coders})
    if not names:
        return ""
    who = _(" and ").join(names)
    if len(chosen) > 1:
        return _("Coded by {who}.").format(who=who)
    one = chosen[0]
    if one.again is not None:
        first = coders.get(known[one.again].coder) if one.again in known else None
        told = _("{who} coded it a second time, from a recording.") if one.from_recording else ""
        told = (told or _("{who} coded it a second time, at the same sitting.")).format(who=who)
        return told + (" " + _("The first coding is by {who}.").format(who=first) if first else "")
    return _("Coded by {who}.").format(who=who)


def seconds_of(chosen: list[CodedSession], known: Mapping[str, CodedSession]) -> list[CodedSession]:
    """Return the second codings of these sessions."""
    ids = {session.id for session in chosen}
    return [session for session in known.values() if session.again in ids]


def _title(session: CodedSession) -> str:
    return _(load(session.instrument).title)


def _length(chosen: list[CodedSession]) -> str:
    return span(sum(session.minutes for session in chosen) * 60)


def date_of(day: str) -> str:
    """Return a day as people write it, such as 12 March."""
    return str(format_date(pd.Timestamp(day).date(), "d MMMM", locale=language()))


def series_names(names: list[str], instrument: Instrument) -> dict[str, str]:
    """Return what can be laid side by side in time, in words."""
    labels = {b.code: _(b.label) for b in instrument.behaviours}
    return {name: _("Voices") if name == VOICES else labels.get(f"infant_{name}", name) for name in names}


def lacking(result: dict[str, Any], view: str) -> str | None:
    """Return what is still needed for a view as a sentence, or None when it can be drawn."""
    gate = result.get("gate")
    if gate is None and view == "lag" and not comparable(result):
        return _(
            "Every pair came too rarely to be compared with chance, which has to expect at least 5 of them. "
            "Longer sessions, or several together, can show more."
        )
    if gate is None or "more" in gate.split():
        return needs(gate) if gate else None
    told = next((sentence for word, sentence in _obstacles().items() if word in gate), "")
    return told or needs(gate)


def _obstacles() -> dict[str, str]:
    """Return what stands in the way of a picture, by a word of the view's gate."""
    states = _(
        "This picture needs a session in which what both were doing was coded from moment to moment, "
        "as with the instrument “Engagement of two”."
    )
    return {
        NO_STATES: states,
        "people": states,
        "cells": states,
        "missing": _(
            "Too much of the time could not be seen for this picture: at most a tenth may be missing."
        ),
        "changes": _(
            "One of the two stayed the same all the time, so there is nothing that could go together."
        ),
        "transition": _("Nothing came after anything yet: two moments in a row are needed."),
        "observed": _("Nothing could be seen in this session, so there is no time to take shares of."),
    }


def finding(view: str, result: dict[str, Any], cast: Cast) -> str:
    """Return the heading of a view: what it shows, as a sentence."""
    return {
        "time_budget": _longest,
        "transitions": _next,
        "lag": _beyond,
        "state_space": _where,
        "synchrony": _together,
        "turns": _turns,
    }[view](result, cast)


def _longest(result: dict[str, Any], cast: Cast) -> str:
    rows = [row for row in seen_rows(result, "infant") if row["total_s"]]
    if not rows:
        return _("How the time went")
    return _("{name}: “{what}” for {time} of {total}").format(
        name=cast.names["infant"],
        what=cast.what(rows[0]["code"]),
        time=_unbroken(rows[0]["total_s"]),
        total=_unbroken(result["observed_s"]),
    )


def _next(result: dict[str, Any], cast: Cast) -> str:
    counts, labels = result["counts"], result["labels"]
    n, i, j = max((counts[i][j], i, j) for i in range(len(labels)) for j in range(len(labels)))
    return _("Most often “{given}” was followed by “{target}”: {times}").format(
        given=cast.both(labels[i]), target=cast.both(labels[j]), times=n_("{n} time", "{n} times", n)
    )


def _beyond(result: dict[str, Any], cast: Cast) -> str:
    first = comparable(result)[0]
    if abs(first.residual or 0) < Z95:
        return _("Nothing came much more or less often than chance would have it")
    return _("“{target}” after “{given}”: {times}, about {chance} by chance").format(
        given=cast.both(first.given),
        target=cast.both(first.target),
        times=n_("{n} time", "{n} times", first.n),
        chance=round(first.expected or 0),
    )


def _where(result: dict[str, Any], cast: Cast) -> str:
    seconds, i, j = max(
        (seconds, i, j) for i, row in enumerate(result["durations_s"]) for j, seconds in enumerate(row)
    )
    return _("Longest side by side: “{child}” and “{grown}”, {time} of {total}").format(
        child=cast.what(result["row_states"][i]),
        grown=cast.what(result["column_states"][j]),
        time=_unbroken(seconds),
        total=_unbroken(result["coded_s"]),
    )


def _together(result: dict[str, Any], cast: Cast) -> str:
    """Say who was ahead only where the peak lies beyond what shifted time gives."""
    if result["p"] > USUAL_P:
        return _("The two did not rise and fall together more than chance would have it")
    told = {"child": cast.names["infant"], "grown": cast.names["caregiver"]}
    if result["peak_r"] < 0:
        return _("When {child} or {grown} began, the other stopped more often than by chance").format(**told)
    if result["leader"] is None:
        return _("{child} and {grown} began at the same time more often than by chance").format(**told)
    return _("{name} was ahead by about {time} more often than by chance").format(
        name=cast.names[result["leader"]], time=_unbroken(abs(result["lag_s"]))
    )


def _turns(result: dict[str, Any], cast: Cast) -> str:
    return _("Voices took turns about {rate} times an hour, likely between {low} and {high}").format(
        rate=round(result["per_hour"]), low=round(result["low"]), high=round(result["high"])
    )


def _unbroken(seconds: float) -> str:
    """Return a length of time that a line does not break, for headings."""
    return span(seconds).replace(" ", "\N{NO-BREAK SPACE}")
