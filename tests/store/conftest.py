"""Two invented households in a real SQLite file: Ada and Ravi with Juno, Noor with Ilo; Vera visits."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_DNS, UUID, uuid5

import pandas as pd
import pytest

from caregiving.people import Action, Consent, Role, Viewer
from caregiving.reflections import Reflection
from caregiving.store import consents, events, people, reflections, windows
from caregiving.store.engine import Store, open_store
from caregiving.visits import Visit

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
NOW_MS = 1_772_355_600_000


def an_id(name: str) -> UUID:
    """Return the id that this name always has."""
    return uuid5(NAMESPACE_DNS, name)


class Home:
    """Ada's household, with the other one beside it, and short words for what a test does."""

    family = an_id("family of Ada")
    ada = an_id("Ada")
    ravi = an_id("Ravi")
    juno = an_id("Juno")
    twin = an_id("Juno's twin")
    ada_cares = an_id("Ada as caregiver")
    other_family = an_id("family of Noor")
    noor = an_id("Noor")
    ilo = an_id("Ilo")
    noor_cares = an_id("Noor as caregiver")
    vera = an_id("Vera")
    sam = an_id("Sam")
    device = an_id("tablet")
    now = NOW
    now_ms = NOW_MS
    an_id = staticmethod(an_id)

    def __init__(self, store: Store) -> None:
        self.store = store
        self.n_taps = 0
        self.n_texts = 0

    def viewer(self, member: UUID | None = None, at: datetime = NOW) -> Viewer:
        return people.viewer_of(self.store, member or self.ada, at)

    def consent(self, name: str = "consent", **changes: Any) -> Consent:
        """Vera may see everything of Ada's family for a week, starting yesterday."""
        usual = {
            "id": an_id(name),
            "family": self.family,
            "member": self.vera,
            "scope": frozenset({Action.SEE_TIMELINE, Action.SEE_PATTERNS, Action.SEE_PEOPLE}),
            "purpose": "home visits",
            "given_by": self.ada,
            "valid_from": NOW - timedelta(days=1),
            "valid_until": NOW + timedelta(days=6),
        }
        return Consent.model_validate(usual | changes)

    def give(self, consent: Consent) -> None:
        consents.give_consent(self.store, self.viewer(consent.given_by), consent)

    def _sent(self, name: str | None, family: UUID | None = None) -> dict[str, Any]:
        self.n_taps += 1
        return {
            "id": str(an_id(name or f"tap {self.n_taps}")),
            "family": str(family or self.family),
            "author": str(self.ada),
            "device": str(self.device),
            "ordinal": self.n_taps,
            "wall_ms": NOW_MS,
            "skew_ms": 40,
        }

    def tap(
        self, code: str = "cry", at_s: float = 0, name: str | None = None, **changes: Any
    ) -> dict[str, Any]:
        """Return an event as the tap page sends it; `at_s` counts from now."""
        caregiver_does = code in {"pick_up", "soothe", "feed", "talk", "wait", "none", "in_arms"}
        return (
            {"type": "event"}
            | self._sent(name)
            | {
                "child": str(self.juno),
                "window": None,
                "instrument": "home_moments.v1",
                "actor": "caregiver" if caregiver_does else "infant",
                "code": code,
                "onset_ms": NOW_MS + round(at_s * 1000),
                "offset_ms": None,
                "zone": "Europe/Berlin",
                "utc_offset_min": 60,
                "elapsed_ms": None,
                "time_quality": "tapped",
                "caregiver": str(self.ada_cares) if caregiver_does else None,
                "modifiers": {},
                "supersedes": None,
                "void": False,
                "reason": None,
            }
            | {key: str(value) if isinstance(value, UUID) else value for key, value in changes.items()}
        )

    def correct(self, old: dict[str, Any], name: str | None = None, **changes: Any) -> dict[str, Any]:
        """Return a copy of an event that stands in for it, with a fresh id."""
        fresh = self.tap(name=name)
        newer = {
            "id": fresh["id"],
            "ordinal": fresh["ordinal"],
            "supersedes": old["id"],
            "reason": "corrected",
        }
        return old | newer | changes

    def take_back(self, old: dict[str, Any], name: str | None = None, **changes: Any) -> dict[str, Any]:
        return self.correct(old, name, void=True, reason="undo", **changes)

    def start(self, name: str = "window", at_s: float = 0, **changes: Any) -> dict[str, Any]:
        """Return the start of a watched window."""
        return (
            {"type": "window_start"}
            | self._sent(name)
            | {
                "child": str(self.juno),
                "mode": "live",
                "context": "play",
                "instrument": "home_moments.v1",
                "started_ms": NOW_MS + round(at_s * 1000),
                "zone": "Europe/Berlin",
                "utc_offset_min": 60,
            }
            | {key: str(value) if isinstance(value, UUID) else value for key, value in changes.items()}
        )

    def end(
        self, window: dict[str, Any], at_s: float = 600, name: str | None = None, **changes: Any
    ) -> dict[str, Any]:
        """Return the end of a watched window."""
        return (
            {"type": "window_end"}
            | self._sent(name)
            | {
                "window": window["id"],
                "ended_ms": NOW_MS + round(at_s * 1000),
                "elapsed_ms": round(at_s * 1000),
                "attestation": "all",
            }
            | changes
        )

    def observing(self, member: UUID | None = None) -> Viewer:
        """Let Vera, or another one, observe in Ada's family, and return the viewer that they are."""
        scope = frozenset(
            {Action.OBSERVE, Action.RATE, Action.KEEP_DRAFT, Action.SEE_PEOPLE, Action.SEE_PATTERNS}
        )
        who = member or self.vera
        self.give(self.consent(f"observing {who}", member=who, scope=scope))
        return self.viewer(who)

    def visit(self, name: str = "visit", **changes: Any) -> Visit:
        """Return the plan of a visit by Vera: ten minutes of free play."""
        usual = {
            "id": an_id(f"plan of {name}"),
            "sitting": an_id(name),
            "family": self.family,
            "child": self.juno,
            "author": self.vera,
            "instrument": "free_play.v1",
            "minutes": 10,
            "at_ms": NOW_MS,
            "utc_offset_min": 60,
        }
        return Visit.model_validate(usual | changes)

    def part(self, name: str = "part", at_s: float = 0, sitting: str = "visit", **changes: Any) -> Any:
        """Return the start of a part of a visit's watching."""
        usual = {"mode": "session", "instrument": "free_play.v1", "author": str(self.vera)}
        return self.start(name, at_s, **(usual | {"sitting": str(an_id(sitting))} | changes))

    def coded(self, part: dict[str, Any], code: str = "cry", at_s: float = 1, **changes: Any) -> Any:
        """Return an event that Vera codes in a part of her visit."""
        usual = {"instrument": "free_play.v1", "author": str(self.vera), "caregiver": None}
        return self.tap(code, at_s, **(usual | {"window": part["id"]} | changes))

    def send(self, *items: object, viewer: Viewer | None = None) -> events.Receipt:
        return events.ingest(self.store, viewer or self.viewer(), items, NOW_MS + 500)

    def why_not(self, item: object) -> str:
        """Send one item that must be refused, and return the sentence."""
        receipt = self.send(item)
        assert receipt.stored == () and len(receipt.refused) == 1
        return receipt.refused[0].why

    def text(self, kind: str = "journal", name: str | None = None, **changes: Any) -> Reflection:
        """Return a text as Ada writes it, one second after her last one."""
        self.n_texts += 1
        contents = {
            "journal": {"text": "She laughed at the spoon."},
            "contact": {"who": "Gran", "what_for": "an hour of sleep", "how_to_reach": "two doors down"},
            "card": {"card": "repair", "mark": "tried"},
        }
        usual = {
            "id": an_id(name or f"text {self.n_texts}"),
            "family": self.family,
            "author": self.ada,
            "kind": kind,
            "content": contents.get(kind),
            "at_ms": NOW_MS + 1000 * self.n_texts,
            "written_ms": NOW_MS + 1000 * self.n_texts,
        }
        return Reflection.model_validate(usual | changes)

    def rewrite(self, old: Reflection, name: str | None = None, **changes: Any) -> Reflection:
        """Return a newer version of a text."""
        newer = self.text(old.kind, name)
        same = {"author": old.author, "family": old.family, "shared": old.shared, "content": old.content}
        kept = same | {"at_ms": old.at_ms, "supersedes": old.id}
        return Reflection.model_validate(newer.model_dump() | kept | changes)

    def write(self, item: Reflection) -> Reflection:
        reflections.write(self.store, self.viewer(item.author), item)
        return item

    def texts(self, member: UUID | None = None, *kinds: str) -> list[Reflection]:
        return reflections.read(self.store, self.viewer(member), self.family, *kinds)

    def log(self, **limits: Any) -> pd.DataFrame:
        return events.load(self.store, self.viewer(), self.family, **limits)

    def watched(self, **limits: Any) -> pd.DataFrame:
        return windows.load(self.store, self.viewer(), self.family, **limits)


def founded(store: Store) -> Home:
    """Found both households."""
    home = Home(store)
    people.found_household(
        store,
        home.family,
        "Maple",
        NOW_MS,
        members=[
            people.Member(
                id=home.ada, alias="Ada", role=Role.PARENT, own_family=home.family, caregiver=home.ada_cares
            ),
            people.Member(id=home.ravi, alias="Ravi", role=Role.PARENT, own_family=home.family),
            people.Member(id=home.vera, alias="Vera", role=Role.HOME_VISITOR),
            people.Member(id=home.sam, alias="Sam", role=Role.SUPERVISOR),
        ],
        caregivers=[people.Caregiver(id=home.ada_cares, alias="Ada")],
        children=[
            people.Child(id=home.juno, alias="Juno", colour="#A65F00"),
            people.Child(id=home.twin, alias="Kit", colour="#0F6B66"),
        ],
    )
    people.found_household(
        store,
        home.other_family,
        "Birch",
        NOW_MS,
        members=[people.Member(id=home.noor, alias="Noor", role=Role.PARENT, own_family=home.other_family)],
        caregivers=[people.Caregiver(id=home.noor_cares, alias="Noor")],
        children=[people.Child(id=home.ilo, alias="Ilo", colour="#5B4B8A")],
    )
    return home


@pytest.fixture
def home(tmp_path: Path, empty_database: Path) -> Iterator[Home]:
    store = open_store(Path(shutil.copy(empty_database, tmp_path / "home.sqlite3")))
    yield founded(store)
    store.close()


@pytest.fixture
def settle_in() -> Callable[[Store], Home]:
    """Give a test the way to found both households in a store of its own."""
    return founded
