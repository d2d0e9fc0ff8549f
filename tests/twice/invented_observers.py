"""An invented household in which Noor and Ines code sessions; some of them twice, with moments missed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import NAMESPACE_DNS, UUID, uuid5

from caregiving.people import Action, Consent, Role, Viewer
from caregiving.store import visits
from caregiving.store.consents import give_consent
from caregiving.store.engine import Store
from caregiving.store.events import ingest
from caregiving.store.people import Caregiver, Child, Member, add_member, found_household, viewer_of
from caregiving.visits import Visit
from sample_data.play import items

Items = list[dict[str, Any]]
SCOPE = frozenset({Action.SEE_PATTERNS, Action.SEE_PEOPLE, Action.OBSERVE})


def an_id(name: str) -> UUID:
    """Return the id that this name always has."""
    return uuid5(NAMESPACE_DNS, f"two observers/{name}")


FAMILY, ADA, ADA_CARES, JUNO, NOOR, INES = map(an_id, ("family", "Ada", "cares", "Juno", "Noor", "Ines"))


def found_home(store: Store) -> None:
    """Let Ada have a household with Juno, which Noor and Ines may observe."""
    now = datetime.now(UTC)
    ada = Member(id=ADA, alias="Ada", role=Role.PARENT, own_family=FAMILY, caregiver=ADA_CARES)
    noor = Member(id=NOOR, alias="Noor", role=Role.HOME_VISITOR)
    people = [Caregiver(id=ADA_CARES, alias="Ada")], [Child(id=JUNO, alias="Juno", colour="#9A5700")]
    found_household(store, FAMILY, "an invented household", 0, [ada, noor], *people)
    add_member(
        store, viewer_of(store, ADA, now), FAMILY, Member(id=INES, alias="Ines", role=Role.HOME_VISITOR)
    )
    for member in (NOOR, INES):
        allow(store, member, SCOPE)


def allow(store: Store, member: UUID, scope: frozenset[Action]) -> None:
    """Let Ada consent for a year around now."""
    now = datetime.now(UTC)
    span = {"valid_from": now - timedelta(days=200), "valid_until": now + timedelta(days=200)}
    consent = Consent(
        id=an_id(f"consent {member}"),
        family=FAMILY,
        member=member,
        scope=scope,
        purpose="home visits",
        given_by=ADA,
        **span,
    )
    give_consent(store, viewer_of(store, ADA, now), consent)


def sittings(days_ago: int, seed: int = 7, name: str = "play") -> list[Items]:
    """Return five sessions as their tablets would send them, oldest first: free play and engagement."""
    first = datetime.now(UTC).date() - timedelta(days=days_ago)
    found: list[Items] = []
    for one in items(FAMILY, JUNO, NOOR, ADA_CARES, first, "Europe/Berlin", name, seed):
        if one["type"] == "window_start":
            found.append([])
        found[-1].append(one)
    return found


def again(coded: Items, seed: int, misses: float, jitter_s: float = 0.3) -> Items:
    """Return what Ines has of the same session: some missed, the rest a little earlier or later."""
    dice = Random(seed)
    window = str(an_id(f"again {coded[0]['id']}"))
    length_ms = coded[-1]["ended_ms"] - coded[0]["started_ms"]
    first_ms = coded[0]["started_ms"]

    def near(at_ms: int) -> int:
        moved = at_ms + round(1000 * dice.gauss(0, jitter_s))
        return min(max(moved, first_ms), first_ms + length_ms)

    def moved() -> Iterator[dict[str, Any]]:
        for one in coded:
            hers = one | {"id": str(an_id(f"again {one['id']}")), "device": str(an_id("tablet of Ines"))}
            if one["type"] != "event":
                yield hers | ({"window": window} if one["type"] == "window_end" else {})
            elif dice.random() >= misses:
                onset = near(one["onset_ms"])
                ended = one["offset_ms"] and max(near(one["offset_ms"]), onset + 1)
                yield hers | {"window": window, "onset_ms": onset, "offset_ms": ended}

    return [one | {"author": str(INES)} for one in moved()]


def code(store: Store, sent: Items, sitting: UUID, **plan: Any) -> None:
    """Let an observer plan a visit, code it, and end it."""
    who: Viewer = viewer_of(store, UUID(str(sent[0]["author"])), datetime.now(UTC))
    planned = {
        "id": uuid5(sitting, "plan"), "sitting": sitting, "family": FAMILY, "child": JUNO,
        "author": who.member,
        "instrument": sent[0]["instrument"], "at_ms": sent[0]["started_ms"], "utc_offset_min": 60,
    }  # fmt: skip
    visits.plan(store, who, Visit.model_validate(planned | plan))
    sent = [sent[0] | {"sitting": str(sitting)}, *sent[1:]]
    receipt = ingest(store, who, sent, int(datetime.now(UTC).timestamp() * 1000))
    assert receipt.refused == (), receipt.refused[0]


def code_twice(store: Store, coded: Items, name: str, misses: float, **plan: Any) -> None:
    """Let Noor code a session and Ines code it again."""
    code(store, coded, an_id(name))
    code(store, again(coded, 5, misses), an_id(f"{name} again"), codes_again=an_id(name), **plan)
