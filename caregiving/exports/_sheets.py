"""The tables that other programs are given: moments, watched time, cues with their answers, and figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import pandas as pd

from caregiving import __version__
from caregiving.exports._pseudonyms import numbered, replaced, told_apart
from caregiving.frames import EPISODES, ESTIMATES, Column, Contract, conform
from caregiving.report import Report
from caregiving.sessions import family_day
from caregiving.sources import all_sources
from caregiving.store.visits import Watched
from caregiving.visits import Visit, watched_ms

UTC_TIME: Final = "datetime64[ms, UTC]"
LOCAL_TIME: Final = "datetime64[ms]"
_LOCAL: Final = Column(LOCAL_TIME, "the same instant on the family's clock", "local time")
_PLACE: Final[Contract] = {
    "day": Column("str", "the family's day, which does not begin at midnight"),
    "utc_offset_min": Column("Int64", "local time minus UTC", "min"),
    "zone": Column("str", "IANA time zone"),
}
EVENT_SHEET: Final[Contract] = {
    "event": Column("str", "the record"),
    "child": Column("str", "whose moment"),
    "actor": Column("str", "infant or caregiver"),
    "code": Column("str", "what was seen"),
    "started_at_local": _LOCAL,
    "started_at_utc": Column(UTC_TIME, "start", "UTC"),
    "lasted_s": Column("float64", "how long a state lasted; missing for a moment", "s"),
    **_PLACE,
    "caregiver": Column("str", "who answered"),
    "window": Column("str", "the watched window it was tapped in"),
    "time_quality": Column("str", "how the time is known; latencies use tapped and adjusted ones only"),
    "latency_low_s": Column("float64", "a recalled answer came after this", "s"),
    "latency_high_s": Column("float64", "a recalled answer came by then", "s"),
    "in_conflict": Column("bool", "two corrections of one moment stand side by side; no figure uses it"),
    "instrument": Column("str", "id and version"),
    "author": Column("str", "who logged it"),
    "corrects": Column("str", "the earlier record that it stands in for"),
    "modifiers": Column("str", "anything added to the code"),
    "reason": Column("str", "why it was corrected"),
}
WINDOW_SHEET: Final[Contract] = {
    "window": Column("str", "the record"),
    "child": Column("str", "who was watched"),
    "started_at_local": _LOCAL,
    "started_at_utc": Column(UTC_TIME, "start", "UTC"),
    "watched_s": Column("float64", "how long somebody watched; missing while it is open", "s"),
    **_PLACE,
    "mode": Column("str", "live, prompt, session or opportunistic"),
    "context": Column("str", "feeding, play, bath, bedtime, night"),
    "attestation": Column(
        "str", "all, most or some cues logged; paused, or discarded; figures use all and most"
    ),
    "instrument": Column("str", "id and version"),
    "author": Column("str", "who watched"),
    "observer": Column("str", "the same, when it was an observer on a visit"),
    "visit": Column("str", "the visit that it is a part of"),
    "episode": Column("Int64", "which episode of a procedure"),
}
VISIT_SHEET: Final[Contract] = {
    "visit": Column("str", "the record"),
    "child": Column("str", "who was watched"),
    "observer": Column("str", "who observed"),
    "started_at_local": _LOCAL,
    "started_at_utc": Column(
        UTC_TIME, "start of its first part; of its plan as long as it has not begun", "UTC"
    ),
    **{name: column for name, column in _PLACE.items() if name != "zone"},
    "instrument": Column("str", "id and version"),
    "context": Column("str", "feeding, play, bath, bedtime, night"),
    "planned_min": Column("Int64", "how long it was meant to last", "min"),
    "progress": Column("str", "planned, open, paused, finished or discarded"),
    "parts": Column("Int64", "how many parts its watching has; a pause ends one", "number"),
    "watched_s": Column("float64", "how long was watched in parts that ended", "s"),
    "delay_s": Column("float64", "taken off every moment, from seeing to tapping", "s"),
    "caregiver": Column("str", "who was observed with the child"),
    "codes_again": Column("str", "the visit that this one codes a second time"),
    "from_recording": Column("bool", "coded from a recording, not from life"),
}
EPISODE_SHEET: Final[Contract] = {
    **{name: EPISODES[name] for name in ("session", "child", "day")},
    "session_started_at": Column("str", "start of the session, ISO 8601 with its offset from UTC"),
    **EPISODES,
}
FREE_TEXT: Final = ("modifiers", "reason")
ORDER: Final = ("estimates", "episodes", "events", "windows", "visits")


@dataclass(frozen=True)
class People:
    """Aliases by id, in the order in which the people were added."""

    children: Mapping[str, str]
    caregivers: Mapping[str, str]
    authors: Mapping[str, str]


@dataclass(frozen=True)
class Sheet:
    """One table with its columns: type, unit and meaning of each."""

    frame: pd.DataFrame
    columns: Contract


@dataclass(frozen=True)
class Sheets:
    """All tables of one child and one period, and what has to be known to read them."""

    about: tuple[tuple[str, str], ...]
    sheets: Mapping[str, Sheet]
    pseudonymous: bool


@dataclass(frozen=True)
class _Names:
    """What stands in the cells in place of each id."""

    child: Mapping[str, str]
    caregiver: Mapping[str, str]
    author: Mapping[str, str]
    event: Mapping[str, str]
    window: Mapping[str, str]
    visit: Mapping[str, str]


def lay_out_sheets(
    report: Report,
    log: pd.DataFrame,
    windows: pd.DataFrame,
    people: People,
    visits: Sequence[Watched] = (),
    *,
    modifiers: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
    pseudonymous: bool = False,
) -> Sheets:
    """Return the tables of a report and of the log behind it, cut to the period of the report.

    Parameters
    ----------
    log, windows: EVENT_LOG and WINDOW_LOG of the child.
    visits: those to the child, as they stand.
    modifiers: what was added to the codes, by the event's id.
    pseudonymous: codes in place of names and ids, and no free text. Dates and the time zone stay.
    """
    events = _of_days(log, "onset_ms", report)
    watched = _of_days(windows, "started_ms", report)
    planned = _visited(visits)
    names = _names(people, events, watched, report, planned, pseudonymous=pseudonymous)
    sheets = {
        "estimates": Sheet(report.estimates(), ESTIMATES),
        "episodes": _episodes(report, names),
        "events": _events(events, names, modifiers),
        "windows": _windows(watched, names),
        "visits": _visits(_of_days(planned, "started_ms", report), names),
    }
    if pseudonymous:
        blank = {name: pd.Series(None, index=sheets["events"].frame.index, dtype="str") for name in FREE_TEXT}
        sheets["events"] = Sheet(sheets["events"].frame.assign(**blank), EVENT_SHEET)
    about = _about(report, sheets, child=_only(names.child, report, log), pseudonymous=pseudonymous)
    return Sheets(about, MappingProxyType({name: sheets[name] for name in ORDER}), pseudonymous)


def _of_days(frame: pd.DataFrame, instant: str, report: Report) -> pd.DataFrame:
    """Return the rows of the report's period, with the family's day of each."""
    days = family_day(frame[instant], frame["utc_offset_min"], report.day_start_h)
    inside = days.map(report.period.__contains__).to_numpy(dtype=bool)
    return frame.assign(day=days)[inside].reset_index(drop=True)


def _visited(visits: Sequence[Watched]) -> pd.DataFrame:
    """Return one row a visit, by its start: its plan, and how far its watching has come."""
    rows = [
        one.visit.model_dump(mode="json")
        | {
            "started_ms": one.parts[0].started_ms if one.parts else one.visit.at_ms,
            "progress": str(one.progress),
            "parts": len(one.parts),
            "watched_s": watched_ms([part for part in one.parts if part.ended_ms is not None], 0) / 1000,
            "delay_s": one.visit.delay_ms / 1000,
        }
        for one in visits
    ]
    names = [*Visit.model_fields, "started_ms", "progress", "parts", "watched_s", "delay_s"]
    return pd.DataFrame(rows, columns=names).sort_values("started_ms", kind="stable", ignore_index=True)


def _names(
    people: People,
    events: pd.DataFrame,
    windows: pd.DataFrame,
    report: Report,
    planned: pd.DataFrame,
    *,
    pseudonymous: bool,
) -> _Names:
    moments = [*events["id"], *events["replaces"].dropna(), *report.events["id"].dropna()]
    spans = [*windows["id"], *events["window"].dropna(), *report.windows["session"]]
    sittings = [*planned["sitting"], *windows["sitting"].dropna(), *planned["codes_again"].dropna()]
    if not pseudonymous:
        return _Names(
            told_apart(people.children),
            told_apart(people.caregivers),
            told_apart(people.authors),
            {one: one for one in moments},
            {one: one for one in spans},
            {one: one for one in sittings},
        )
    return _Names(
        numbered("child", people.children),
        numbered("caregiver", people.caregivers),
        numbered("person", people.authors),
        numbered("event", moments),
        numbered("window", spans),
        numbered("visit", sittings),
    )


def _events(log: pd.DataFrame, names: _Names, modifiers: Mapping[str, Mapping[str, str]]) -> Sheet:
    added = {
        one: "; ".join(f"{key}: {value}" for key, value in more.items()) for one, more in modifiers.items()
    }
    lasted = (log["offset_ms"] - log["onset_ms"]).astype("Float64") / 1000
    frame = log.assign(
        event=replaced(log["id"], names.event),
        child=replaced(log["child"], names.child),
        caregiver=replaced(log["caregiver"], names.caregiver),
        author=replaced(log["author"], names.author),
        window=replaced(log["window"], names.window),
        corrects=replaced(log["replaces"], names.event),
        modifiers=replaced(log["id"], added),
        lasted_s=lasted.astype("float64"),
        **_times(log["onset_ms"], log["utc_offset_min"]),
    )
    return Sheet(conform(frame, EVENT_SHEET), EVENT_SHEET)


def _windows(windows: pd.DataFrame, names: _Names) -> Sheet:
    watched = (windows["ended_ms"] - windows["started_ms"]).astype("Float64") / 1000
    frame = windows.assign(
        window=replaced(windows["id"], names.window),
        child=replaced(windows["child"], names.child),
        author=replaced(windows["author"], names.author),
        observer=replaced(windows["author"].where(windows["sitting"].notna()), names.author),
        visit=replaced(windows["sitting"], names.visit),
        watched_s=watched.astype("float64"),
        **_times(windows["started_ms"], windows["utc_offset_min"]),
    )
    return Sheet(conform(frame, WINDOW_SHEET), WINDOW_SHEET)


def _visits(planned: pd.DataFrame, names: _Names) -> Sheet:
    frame = planned.assign(
        visit=replaced(planned["sitting"], names.visit),
        child=replaced(planned["child"], names.child),
        observer=replaced(planned["author"], names.author),
        caregiver=replaced(planned["caregiver"], names.caregiver),
        codes_again=replaced(planned["codes_again"], names.visit),
        planned_min=planned["minutes"],
        **_times(planned["started_ms"], planned["utc_offset_min"]),
    )
    return Sheet(conform(frame, VISIT_SHEET), VISIT_SHEET)


def _episodes(report: Report, names: _Names) -> Sheet:
    episodes = report.episodes
    began = dict(zip(report.windows["session"], report.windows["started_at"], strict=True))
    frame = episodes.assign(
        session=replaced(episodes["session"], names.window),
        child=replaced(episodes["child"], names.child),
        responder=replaced(episodes["responder"], names.caregiver),
        cue_id=replaced(episodes["cue_id"], names.event),
        answer_id=replaced(episodes["answer_id"], names.event),
        session_started_at=replaced(episodes["session"], began),
    )
    in_order = frame.sort_values(
        ["session_started_at", "session", "onset_s"], kind="stable", ignore_index=True
    )
    return Sheet(conform(in_order, EPISODE_SHEET), EPISODE_SHEET)


def _times(instant_ms: pd.Series, utc_offset_min: pd.Series) -> dict[str, pd.Series]:
    """Return an instant in UTC, and as the clock on the family's wall showed it."""
    utc = instant_ms.astype("int64")
    local = utc + utc_offset_min.astype("int64") * 60_000
    return {
        "started_at_utc": utc.astype(LOCAL_TIME).dt.tz_localize("UTC"),
        "started_at_local": local.astype(LOCAL_TIME),
    }


def _only(children: Mapping[str, str], report: Report, log: pd.DataFrame) -> str:
    """Return the name or code of the child whose log it is; of nobody when nothing was logged."""
    known = [*log["child"].dropna().unique(), *report.windows["child"].dropna().unique()]
    return children.get(known[0], "") if known else ""


def _about(
    report: Report, sheets: Mapping[str, Sheet], *, child: str, pseudonymous: bool
) -> tuple[tuple[str, str], ...]:
    """Return what has to be known to read the tables, as pairs of a heading and a sentence."""
    period = report.period
    days = "everything that was logged" if period.is_everything else f"{period.first} to {period.last}"
    which = report.instrument
    cited = sorted(set(sheets["estimates"].frame["source"].dropna()) & all_sources().keys())
    who = (
        "Names and ids are replaced by codes and free text is left out. Codes of people hold from one export "
        "to the next, those of events and windows inside this one. Dates and the time zone are as they were."
        if pseudonymous
        else "The names are those that the family chose."
    )
    return (
        ("child", child or "nothing was logged"),
        ("days", f"{days}; a day begins at {report.day_start_h:02d}:00"),
        ("watched", f"{report.exposure_s / 3600:.2f} h in {len(report.windows)} sessions"),
        *((name, f"{len(sheet.frame)} rows") for name, sheet in sheets.items()),
        ("instrument of estimates and episodes", f"{which.name}, sha256 {which.digest}"),
        ("made by", f"caregiving observer {__version__}"),
        ("names", who),
        (
            "empty cells",
            "A missing value. An empty estimate is withheld: its gate says what is still needed.",
        ),
        ("corrections", "Events are as they hold now; what was corrected or taken back is in the archive."),
        ("what this is", "It describes logged moments. It is not a diagnosis and not a grade."),
        *((f"source {key}", all_sources()[key].citation) for key in cited),
    )
