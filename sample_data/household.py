"""An invented household as the records that a tablet would have sent, with everybody around it.

Nobody here is real. Ada and Ravi tap for Juno; Noor visits them at home; Ines codes some of her visits again;
Sol looks after the quality of the records and sees no family's moments.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from caregiving.people import Action, Consent
from sample_data.cast import EVERYBODY, INES, MEADOW, NOOR, SOL, Cast
from sample_data.make import NAMESPACE, STEADY, Moment, Sitting, Truth, sittings

ZONE = "Europe/Berlin"
IN_IT = (
    "family",
    "juno",
    "ada",
    "ravi",
    "m-ada",
    "m-ravi",
    "tablet",
    "consent",
)  # called as in the first one
VISITORS = ((NOOR, "Noor", "home_visitor"), (SOL, "Sol", "supervisor"), (INES, "Ines", "home_visitor"))
OBSERVES = frozenset(
    {
        Action.SEE_TIMELINE,
        Action.SEE_PATTERNS,
        Action.SEE_PEOPLE,
        Action.SEE_QUALITY,
        Action.OBSERVE,
        Action.RATE,
        Action.KEEP_DRAFT,
    }
)
NOON_H, EVENING_H = 12, 17
LOOKS_IN_DAYS = 90
INSTRUMENT = "home_moments.v1"


@dataclass(frozen=True)
class Household:
    """An invented household: people, consents, and everything they tapped.

    `visitors` by what they are called in `cast`; they are the same people for all households.
    """

    family: UUID
    child: UUID
    alias: str
    zone: str
    name: str
    first_day: date
    children: tuple[dict[str, object], ...]
    caregivers: tuple[dict[str, object], ...]
    members: tuple[dict[str, object], ...]
    consents: tuple[Consent, ...]
    visitors: dict[str, UUID]
    items: list[dict[str, object]] = field(repr=False)


def household(
    truth: Truth = STEADY,
    *,
    days: int = 14,
    ends_on: date,
    seed: int = 7,
    zone: str = ZONE,
    cast: Cast = MEADOW,
    lived: Iterable[Sitting] | None = None,
    agreed_for_days: int = LOOKS_IN_DAYS,
    brings: tuple[str, ...] = EVERYBODY,
) -> Household:
    """Return an invented household whose log ends the day before `ends_on`.

    `lived` are its sittings when they are not simply those of the truth. With `days` 0 nothing was tapped.
    `agreed_for_days`: how long its consents last from the end of the log. `brings`: which visitors are made
    with it; they all have its consent, whoever made them.
    """
    ids = {what: uuid5(NAMESPACE, f"{cast.name}/{what}") for what in (*IN_IT, "consent-sol", "consent-ines")}
    visitors = {who: uuid5(NAMESPACE, f"{MEADOW.name}/{who}") for who, _alias, _role in VISITORS}
    first_day = ends_on - timedelta(days=days)
    tablet = _Tablet(ids, zone, cast.name, first_day)
    one, other = cast.parents
    age_days = max(140, days + 126) if cast.age_days is None else cast.age_days
    return Household(
        family=ids["family"],
        child=ids["juno"],
        alias=cast.alias,
        zone=zone,
        name=cast.name,
        first_day=first_day,
        children=(
            {
                "id": ids["juno"],
                "alias": cast.child,
                "born_on": ends_on - timedelta(days=age_days),
                "colour": cast.colour,
            },
        ),
        caregivers=({"id": ids["ada"], "alias": one}, {"id": ids["ravi"], "alias": other}),
        members=(
            {"id": ids["m-ada"], "alias": one, "role": "parent", "caregiver": ids["ada"]},
            {"id": ids["m-ravi"], "alias": other, "role": "parent", "caregiver": ids["ravi"]},
            *_visiting(visitors, brings),
        ),
        consents=tuple(_consents(ids, visitors, days, ends_on, agreed_for_days)),
        visitors=visitors,
        items=list(tablet.sent(sittings(truth, days, seed) if lived is None else lived)),
    )


def _visiting(visitors: dict[str, UUID], brings: tuple[str, ...]) -> Iterator[dict[str, object]]:
    for who, alias, role in VISITORS:
        if who in brings:
            yield {"id": visitors[who], "alias": alias, "role": role, "caregiver": None}


def _consents(
    ids: dict[str, UUID], visitors: dict[str, UUID], days: int, ends_on: date, lasts_days: int
) -> Iterator[Consent]:
    """Yield what the household agreed to: Noor and Ines observe, Sol sees how complete the records are."""
    sees = {
        ("consent", NOOR, "home visits (invented)"): OBSERVES,
        ("consent-sol", SOL, "quality of the records (invented)"): frozenset({Action.SEE_QUALITY}),
        ("consent-ines", INES, "a second look at some visits (invented)"): OBSERVES,
    }
    noon = datetime.combine(ends_on, time(NOON_H), UTC)
    for (consent, member, purpose), scope in sees.items():
        yield Consent(
            id=ids[consent],
            family=ids["family"],
            member=visitors[member],
            scope=scope,
            purpose=purpose,
            given_by=ids["m-ada"],
            valid_from=noon - timedelta(days=days + 30),
            valid_until=noon + timedelta(days=lasts_days),
        )


class _Tablet:
    """The household's tablet: it numbers its taps and stamps each with the place and the time."""

    def __init__(self, ids: dict[str, UUID], zone: str, name: str, first_day: date) -> None:
        self.ids, self.zone, self.name, self.first_day = ids, zone, name, first_day
        self.number = count()

    def sent(self, lived: Iterable[Sitting]) -> Iterator[dict[str, object]]:
        """Yield what the tablet would have sent, in order of taps."""
        for sitting in lived:
            yield from self._sitting(sitting)

    def _sitting(self, sitting: Sitting) -> Iterator[dict[str, object]]:
        local = datetime.combine(self.first_day + timedelta(days=sitting.day), time(0), ZoneInfo(self.zone))
        local += timedelta(minutes=sitting.start_min)
        start_ms = int(local.timestamp() * 1000)
        ahead = local.replace(tzinfo=None) - local.astimezone(UTC).replace(tzinfo=None)
        author = self.ids["m-ada" if sitting.start_min < EVENING_H * 60 else "m-ravi"]
        place = {
            "child": str(self.ids["juno"]),
            "instrument": INSTRUMENT,
            "zone": self.zone,
            "utc_offset_min": int(ahead.total_seconds() // 60),
        }
        window = None
        if sitting.mode is not None:
            opened = {"mode": sitting.mode, "context": sitting.context, "started_ms": start_ms}
            begun = self._born(author, start_ms) | place | {"type": "window_start"} | opened
            window = begun["id"]
            yield begun
        for moment in sorted(sitting.moments, key=lambda m: m.at_s):
            yield from self._moment(moment, author, start_ms, place | {"window": window})
        if window is not None:
            yield self._ended(sitting, author, start_ms, window)

    def _ended(self, sitting: Sitting, author: UUID, start_ms: int, window: object) -> dict[str, object]:
        return self._born(author, start_ms + round(sitting.length_s * 1000)) | {
            "type": "window_end",
            "window": window,
            "ended_ms": start_ms + round(sitting.length_s * 1000),
            "elapsed_ms": round(sitting.length_s * 1000),
            "attestation": sitting.attestation or ("all" if sitting.day % 3 else "most"),
        }

    def _moment(
        self, moment: Moment, author: UUID, start_ms: int, place: dict[str, object]
    ) -> Iterator[dict[str, object]]:
        """Yield a tap, and what was said about it later: the code was another one, or it was none at all."""
        onset = start_ms + round(moment.at_s * 1000)
        caregiver = (
            None if moment.caregiver is None else (self.ids["ada"], self.ids["ravi"])[moment.caregiver]
        )
        told = {
            "type": "event",
            "actor": moment.actor,
            "code": moment.code,
            "onset_ms": onset,
            "time_quality": moment.quality,
            "caregiver": None if caregiver is None else str(caregiver),
        }
        if place["window"] is not None:
            told["elapsed_ms"] = onset - start_ms
        if moment.until_s is not None:
            told["offset_ms"] = start_ms + round(moment.until_s * 1000)
        if moment.recalled_s is not None:
            told |= {"latency_low_s": moment.recalled_s[0], "latency_high_s": moment.recalled_s[1]}
        first = self._born(author, onset) | place | told
        yield first | ({} if moment.slip is None else {"code": moment.slip})
        if moment.slip is not None:
            said = {"supersedes": first["id"], "reason": "the button beside it"}
            yield self._born(author, onset + 20_000) | place | told | said
        if moment.taken_back:
            said = {"supersedes": first["id"], "reason": "a tap by mistake", "void": True}
            yield self._born(author, onset + 3_000) | place | told | said

    def _born(self, author: UUID, wall_ms: int) -> dict[str, object]:
        ordinal = next(self.number)
        return {
            "id": str(uuid5(NAMESPACE, f"{self.name}/{ordinal}")),
            "family": str(self.ids["family"]),
            "author": str(author),
            "device": str(self.ids["tablet"]),
            "ordinal": ordinal,
            "wall_ms": wall_ms,
            "skew_ms": 0,
        }
