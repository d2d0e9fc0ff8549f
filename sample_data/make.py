"""Invented families with a known truth, from a seed: what the analysis must find again.

Nobody here is real. Run `python -m sample_data.make FOLDER` to write small CSV files.
"""

import csv
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from math import log
from pathlib import Path
from random import Random
from statistics import NormalDist
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from caregiving.people import Action, Consent

NAMESPACE = UUID("6f0e3f0c-5a0e-4f5e-9a53-0c1d7a1d2b11")
HOUR_MS = 3_600_000


@dataclass(frozen=True)
class Answering:
    """How one kind of cue is answered: with which chance, after how long (log-normal), and with what."""

    code: str
    per_hour: float
    chance: float
    median_s: float
    spread: float
    window_s: float
    answers: tuple[str, ...]

    def within(self, seconds: float) -> float:
        """Return the true share answered within so many seconds."""
        return self.chance * NormalDist().cdf((log(seconds) - log(self.median_s)) / self.spread)


@dataclass(frozen=True)
class Truth:
    """What is true of an invented family.

    `day_swing` moves the chance of an answer up and down by whole days.
    """

    answering: tuple[Answering, ...]
    windows_a_day: int = 3
    window_min: tuple[int, int] = (15, 40)
    day_swing: float = 0.0

    def of(self, code: str) -> Answering:
        """Return how that cue is answered."""
        return next(one for one in self.answering if one.code == code)


STEADY = Truth(
    (
        Answering("cry", 4.0, 0.85, 22.0, 0.7, 180.0, ("pick_up", "soothe", "feed")),
        Answering("fuss", 5.0, 0.75, 28.0, 0.7, 180.0, ("soothe", "talk", "pick_up")),
        Answering("reach", 5.0, 0.80, 4.0, 0.6, 15.0, ("play", "talk")),
        Answering("smile", 7.0, 0.70, 3.5, 0.6, 15.0, ("talk", "play")),
        Answering("coo", 5.0, 0.65, 3.0, 0.6, 15.0, ("talk",)),
        Answering("turn_away", 1.5, 0.60, 4.0, 0.5, 15.0, ("wait",)),
    )
)
SWINGING = Truth(STEADY.answering, day_swing=0.45)


@dataclass(frozen=True)
class Moment:
    """One event of a sitting: seconds from its start, what, by whom."""

    at_s: float
    actor: str
    code: str
    caregiver: int | None = None
    until_s: float | None = None


@dataclass(frozen=True)
class Sitting:
    """One stretch of watching on one day."""

    day: int
    start_min: int
    length_s: float
    context: str | None
    moments: tuple[Moment, ...]


def sittings(truth: Truth, days: int, seed: int) -> Iterator[Sitting]:
    """Yield the sittings of so many days, in order of time.

    Cues come one after another: the next one not before the last one's response window is over, so that the
    truth stays exactly what Answering says.
    """
    dice = Random(seed)
    slots = [
        (7, 20, None),
        (10, 0, "play"),
        (13, 30, "feeding"),
        (16, 40, "play"),
        (19, 10, "bedtime"),
        (22, 30, "night"),
    ]
    for day in range(days):
        swing = truth.day_swing * (1 if dice.random() < 0.5 else -1)
        for hour, minute, context in sorted(dice.sample(slots, min(truth.windows_a_day, len(slots)))):
            length_s = 60.0 * dice.randint(*truth.window_min)
            moments = tuple(_moments(truth, length_s, swing, dice))
            yield Sitting(day, hour * 60 + minute + dice.randint(0, 40), length_s, context, moments)


def _moments(truth: Truth, length_s: float, swing: float, dice: Random) -> Iterator[Moment]:
    rates = [one.per_hour for one in truth.answering]
    now = dice.expovariate(sum(rates) / 3600)
    while now < length_s:
        how = dice.choices(truth.answering, rates)[0]
        yield Moment(now, "infant", how.code)
        who = 0 if dice.random() < 0.6 else 1
        after = dice.lognormvariate(0, how.spread) * how.median_s
        answered = dice.random() < min(1.0, max(0.0, how.chance + swing))
        if answered and now + after < length_s:
            yield Moment(now + after, "caregiver", dice.choice(how.answers), who)
            calm = now + after + dice.lognormvariate(0, 0.5) * 60
            if how.code in ("cry", "fuss") and calm < min(length_s, now + how.window_s):
                yield Moment(calm, "infant", "settled")
        elif not answered and dice.random() < 0.4 and now + how.window_s * 0.9 < length_s:
            yield Moment(now + how.window_s * 0.9, "caregiver", "none", who)
        now += max(how.window_s, after) + 1 + dice.expovariate(sum(rates) / 3600)


@dataclass(frozen=True)
class Household:
    """An invented household as records: people, a consent, and everything they tapped."""

    family: UUID
    alias: str
    zone: str
    children: tuple[dict[str, object], ...]
    caregivers: tuple[dict[str, object], ...]
    members: tuple[dict[str, object], ...]
    consents: tuple[Consent, ...]
    items: list[dict[str, object]] = field(repr=False)


def household(
    truth: Truth = STEADY,
    *,
    days: int = 14,
    ends_on: date,
    seed: int = 7,
    zone: str = "Europe/Berlin",
    name: str = "demo",
) -> Household:
    """Return an invented household whose log ends the day before `ends_on`.

    Ada and Ravi tap for Juno; Noor, a home visitor, may look for 90 days.
    """
    ids = {
        what: uuid5(NAMESPACE, f"{name}/{what}")
        for what in ("family", "juno", "ada", "ravi", "m-ada", "m-ravi", "m-noor", "tablet", "consent")
    }
    first_day = ends_on - timedelta(days=days)
    noon = datetime.combine(ends_on, time(12), UTC)
    consent = Consent(
        id=ids["consent"],
        family=ids["family"],
        member=ids["m-noor"],
        scope=frozenset({Action.SEE_TIMELINE, Action.SEE_PATTERNS, Action.SEE_PEOPLE}),
        purpose="home visits (invented)",
        given_by=ids["m-ada"],
        valid_from=noon - timedelta(days=days + 30),
        valid_until=noon + timedelta(days=90),
    )
    return Household(
        family=ids["family"],
        alias="The Meadow household (invented)",
        zone=zone,
        children=(
            {
                "id": ids["juno"],
                "alias": "Juno",
                "born_on": ends_on - timedelta(days=140),
                "colour": "#9A5700",
            },
        ),
        caregivers=({"id": ids["ada"], "alias": "Ada"}, {"id": ids["ravi"], "alias": "Ravi"}),
        members=(
            {"id": ids["m-ada"], "alias": "Ada", "role": "parent", "caregiver": ids["ada"]},
            {"id": ids["m-ravi"], "alias": "Ravi", "role": "parent", "caregiver": ids["ravi"]},
            {"id": ids["m-noor"], "alias": "Noor", "role": "home_visitor", "caregiver": None},
        ),
        consents=(consent,),
        items=list(_items(truth, days, first_day, seed, zone, name, ids)),
    )


def _items(
    truth: Truth, days: int, first_day: date, seed: int, zone: str, name: str, ids: dict[str, UUID]
) -> Iterator[dict[str, object]]:
    """Yield what the tablet would have sent, in order of taps."""
    number = count()
    caregivers, members = (ids["ada"], ids["ravi"]), (ids["m-ada"], ids["m-ravi"])
    for sitting in sittings(truth, days, seed):
        local = datetime.combine(first_day + timedelta(days=sitting.day), time(0), ZoneInfo(zone))
        local += timedelta(minutes=sitting.start_min)
        start_ms = int(local.timestamp() * 1000)
        ahead = local.replace(tzinfo=None) - local.astimezone(UTC).replace(tzinfo=None)
        offset = int(ahead.total_seconds() // 60)
        author = members[0 if sitting.start_min < 17 * 60 else 1]

        def born(at_s: float, start_ms: int = start_ms, author: UUID = author) -> dict[str, object]:
            ordinal = next(number)
            return {
                "id": str(uuid5(NAMESPACE, f"{name}/{ordinal}")),
                "family": str(ids["family"]),
                "author": str(author),
                "device": str(ids["tablet"]),
                "ordinal": ordinal,
                "wall_ms": start_ms + round(at_s * 1000),
                "skew_ms": 0,
            }

        place = {
            "child": str(ids["juno"]),
            "instrument": "home_moments.v1",
            "zone": zone,
            "utc_offset_min": offset,
        }
        start = (
            born(0)
            | place
            | {"type": "window_start", "mode": "live", "context": sitting.context, "started_ms": start_ms}
        )
        yield start
        for moment in sorted(sitting.moments, key=lambda m: m.at_s):
            onset = start_ms + round(moment.at_s * 1000)
            yield (
                born(moment.at_s)
                | place
                | {
                    "type": "event",
                    "window": start["id"],
                    "actor": moment.actor,
                    "code": moment.code,
                    "onset_ms": onset,
                    "elapsed_ms": onset - start_ms,
                    "time_quality": "tapped",
                    "caregiver": None if moment.caregiver is None else str(caregivers[moment.caregiver]),
                }
            )
        yield born(sitting.length_s) | {
            "type": "window_end",
            "window": start["id"],
            "ended_ms": start_ms + round(sitting.length_s * 1000),
            "elapsed_ms": round(sitting.length_s * 1000),
            "attestation": "all" if sitting.day % 3 else "most",
        }


def write_csv(truth: Truth, days: int, seed: int, folder: Path, name: str) -> None:
    """Write `NAME_events.csv` and `NAME_windows.csv` as the command line reads them."""
    with (folder / f"{name}_events.csv").open("w", newline="", encoding="utf-8") as file:
        events = csv.writer(file, lineterminator="\n")
        events.writerow(["session", "actor", "code", "onset_s", "offset_s", "caregiver"])
        for number, sitting in enumerate(sittings(truth, days, seed)):
            for m in sorted(sitting.moments, key=lambda moment: moment.at_s):
                who = "" if m.caregiver is None else ("Ada", "Ravi")[m.caregiver]
                events.writerow([f"s{number:03d}", m.actor, m.code, f"{m.at_s:.3f}", "", who])
    with (folder / f"{name}_windows.csv").open("w", newline="", encoding="utf-8") as file:
        windows = csv.writer(file, lineterminator="\n")
        windows.writerow(["session", "start_s", "end_s", "child", "mode", "started_at"])
        for number, sitting in enumerate(sittings(truth, days, seed)):
            at = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(days=sitting.day, minutes=sitting.start_min)
            windows.writerow([f"s{number:03d}", 0, f"{sitting.length_s:.3f}", "Juno", "live", at.isoformat()])


if __name__ == "__main__":
    target = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
    write_csv(STEADY, 14, 7, target, "steady")
    write_csv(SWINGING, 14, 7, target, "swinging")
