"""Reports of invented families and of little stories on named days."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pandas as pd

from caregiving.frames import EVENTS, WINDOWS, conform
from caregiving.instruments import load
from caregiving.report import Report, analyse
from sample_data.make import STEADY, Truth, sittings
from tests.timelines import story

LAST = date(2026, 9, 30)


@cache
def family(
    truth: Truth = STEADY, days: int = 14, seed: int = 7, *names: str, with_whom: bool = False
) -> Report:
    """Return the report of an invented family whose last logged day is LAST, in Berlin."""
    events, windows = [], []
    first = LAST - timedelta(days=days - 1)
    for number, sitting in enumerate(sittings(truth, days, seed)):
        midnight = datetime.combine(first + timedelta(days=sitting.day), time(0), ZoneInfo("Europe/Berlin"))
        begun = (midnight + timedelta(minutes=sitting.start_min)).astimezone(UTC)
        name = f"s{number:04d}"
        person = ("ada", "ravi")[number % 2] if with_whom else None
        windows.append((name, 0.0, sitting.length_s, person, begun))
        for m in sorted(sitting.moments, key=lambda moment: moment.at_s):
            who = None if m.caregiver is None else ("ada", "ravi")[m.caregiver]
            events.append((name, m.actor, m.code, m.at_s, m.until_s, who))
    log = pd.DataFrame(events, columns=["session", "actor", "code", "onset_s", "offset_s", "caregiver"])
    seen = pd.DataFrame(windows, columns=["session", "start_s", "end_s", "caregiver", "begun"])
    return report_of(conform(log, EVENTS), seen, list(names))


def report_of(
    events: pd.DataFrame, seen: pd.DataFrame, names: list[str], zone: str = "Europe/Berlin"
) -> Report:
    """Return the report of events in sittings that began at `begun` (UTC), on the clock of a zone."""
    local = [one.astimezone(ZoneInfo(zone)) for one in seen["begun"]]
    seen = seen.assign(
        mode="live",
        started_at=[one.isoformat(timespec="seconds") for one in local],
        day=[(one.replace(tzinfo=None) - timedelta(hours=6)).date().isoformat() for one in local],
    )
    return analyse(events, conform(seen.drop(columns="begun"), WINDOWS), load("home_moments"), names=names)


def told(*sittings_: tuple[str, str], names: tuple[str, ...] = (), zone: str = "Europe/Berlin") -> Report:
    """Return the report of stories, each with the instant (ISO 8601, with offset) at which it began."""
    parts = [story(text, session=f"s{number}") for number, (_, text) in enumerate(sittings_)]
    starts = [datetime.fromisoformat(begun) for begun, _ in sittings_]
    windows = [
        windows.assign(begun=[at + timedelta(seconds=s) for s in windows["start_s"]])
        for (_, windows), at in zip(parts, starts, strict=True)
    ]
    events = pd.concat([events.astype({"session": "object"}) for events, _ in parts], ignore_index=True)
    seen = pd.concat([one.astype({"session": "object"}) for one in windows], ignore_index=True)
    return report_of(
        conform(events, EVENTS), seen[["session", "start_s", "end_s", "begun"]], list(names), zone
    )
