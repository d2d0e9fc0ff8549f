"""Invented families that let observers in, and what those plan and watch there. For tests of their pages."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from caregiving.people import Action, Consent, Role, Viewer
from caregiving.store import consents, visits
from caregiving.store.engine import Store
from caregiving.store.events import ingest
from caregiving.store.people import Caregiver, Child, Member, found_household, viewer_of
from caregiving.store.visits import Watched
from caregiving.visits import Visit

LOOKING = frozenset({Action.SEE_TIMELINE, Action.SEE_PATTERNS, Action.SEE_PEOPLE, Action.SEE_QUALITY})
OBSERVING = LOOKING | {Action.OBSERVE, Action.RATE, Action.KEEP_DRAFT}
PLAY = "free_play.v1"
MIN = 60_000


@dataclass(frozen=True)
class Home:
    """A family of one parent and one child."""

    store: Store
    family: UUID
    parent: UUID
    caregiver: UUID
    child: UUID

    def lets_in(self, who: Member, scope: frozenset[Action] = OBSERVING, *, days: float = 60) -> Consent:
        """Agree to something from yesterday until in so many days."""
        now = datetime.now(UTC)
        given = Consent(
            id=uuid4(), family=self.family, member=who.id, scope=scope, purpose="home visits",
            given_by=self.parent, valid_from=now - timedelta(days=90),
            valid_until=now + timedelta(days=days),
        )  # fmt: skip
        consents.give_consent(self.store, viewer_of(self.store, self.parent, now), given)
        return given

    def ends(self, given: Consent) -> None:
        """Take a consent back."""
        now = datetime.now(UTC)
        parent = viewer_of(self.store, self.parent, now)
        consents.withdraw_consent(self.store, parent, self.family, given.id, now)

    def plans(self, who: Member, **changes: Any) -> UUID:
        """Let somebody plan a visit now; return its sitting."""
        sitting = changes.pop("sitting", uuid4())
        plain = {
            "id": uuid4(), "sitting": sitting, "family": self.family, "child": self.child,
            "author": who.id, "instrument": PLAY, "minutes": 10, "at_ms": now_ms(), "utc_offset_min": 0,
        }  # fmt: skip
        visits.plan(self.store, viewer(self.store, who), Visit.model_validate(plain | changes))
        return sitting

    def watches(
        self, who: Member, sitting: UUID, start_ms: int, minutes: float | None, said: str = "all",
        *coded: str, instrument: str = PLAY,
    ) -> UUID:  # fmt: skip
        """Watch one part of a visit, with a moment every 10 s; without minutes it stays open."""
        part, at = uuid4(), {"zone": "UTC", "utc_offset_min": 0}
        about = {"child": str(self.child), "instrument": instrument}
        items = [
            self._sent(who, start_ms, id=str(part), type="window_start", mode="session",
                       started_ms=start_ms, sitting=str(sitting), **about, **at)
        ]  # fmt: skip
        items += [
            self._sent(who, start_ms, type="event", window=str(part), actor="infant", code=code,
                       onset_ms=start_ms + 10_000 * number, time_quality="tapped", **about, **at)
            for number, code in enumerate(coded, start=1)
        ]  # fmt: skip
        if minutes is not None:
            end_ms = start_ms + round(minutes * MIN)
            items.append(
                self._sent(
                    who, end_ms, type="window_end", window=str(part), ended_ms=end_ms, attestation=said
                )
            )
        receipt = ingest(self.store, viewer(self.store, who), items, now_ms())
        assert not receipt.refused, receipt.refused
        return part

    def logs(self, days_ago: int, minutes: int = 30, cues: int = 3) -> None:
        """Let the parent watch for a while that many days ago, with cries that are answered after 5 s."""
        parent = Member(id=self.parent, alias="Parent", role=Role.PARENT)
        start_ms = now_ms() - days_ago * 24 * 60 * MIN - minutes * MIN
        window, at = str(uuid4()), {"zone": "UTC", "utc_offset_min": 0}
        about = {"child": str(self.child), "instrument": "home_moments.v1"}
        items = [
            self._sent(parent, start_ms, id=window, type="window_start", mode="live", started_ms=start_ms,
                       **about, **at),
            self._sent(parent, start_ms, type="window_end", window=window,
                       ended_ms=start_ms + minutes * MIN, attestation="all"),
        ]  # fmt: skip
        for number in range(cues):
            onset = start_ms + number * 5 * MIN
            for actor, code, when in (("infant", "cry", onset), ("caregiver", "pick_up", onset + 5_000)):
                items.append(
                    self._sent(parent, when, type="event", window=window, actor=actor, code=code,
                               onset_ms=when, time_quality="tapped", **about, **at)
                )  # fmt: skip
        receipt = ingest(self.store, viewer(self.store, parent), items, now_ms())
        assert not receipt.refused, receipt.refused

    def visits(self, who: Member) -> list[Watched]:
        """Return the visits of the family as somebody may see them."""
        return visits.read(self.store, viewer(self.store, who), self.family)

    def _sent(self, who: Member, at_ms: int, **more: Any) -> dict[str, Any]:
        born = {
            "id": str(uuid4()), "family": str(self.family), "author": str(who.id),
            "device": str(uuid5(who.id, "tablet")), "ordinal": at_ms, "wall_ms": at_ms,
        }  # fmt: skip
        return born | more


def home(store: Store, alias: str, child: str, *others: Member) -> Home:
    """Found a family; the others are added as people who use the program."""
    family, parent, caregiver, baby = uuid4(), uuid4(), uuid4(), uuid4()
    born_on = datetime.now(UTC).date() - timedelta(days=77)
    people = [Member(id=parent, alias=f"Parent of {child}", role=Role.PARENT, own_family=family), *others]
    found_household(
        store, family, alias, 0, people, [Caregiver(id=caregiver, alias=f"Parent of {child}")],
        [Child(id=baby, alias=child, colour="#0F6B66", born_on=born_on)],
    )  # fmt: skip
    return Home(store, family, parent, caregiver, baby)


def visitor(alias: str) -> Member:
    """Return a home visitor."""
    return Member(id=uuid4(), alias=alias, role=Role.HOME_VISITOR)


def viewer(store: Store, who: Member) -> Viewer:
    """Return somebody as the viewer that they are now."""
    return viewer_of(store, who.id, datetime.now(UTC))


def now_ms() -> int:
    """Return the present."""
    return int(datetime.now(UTC).timestamp() * 1000)
