"""The invented household that a first visitor meets: two parents, who looks in on them, and their moments."""

from collections.abc import Callable
from datetime import date, datetime

from caregiving.people import Role, Viewer
from caregiving.store.consents import give_consent
from caregiving.store.engine import Store
from caregiving.store.events import ingest
from caregiving.store.people import Caregiver, Child, Member, found_household, viewer_of
from sample_data import play
from sample_data.household import Household, household
from sample_data.recipes import RECIPES, USUAL

BATCH = 500
SEED = 7
Tell = Callable[[int, int], None]


def seed(
    store: Store, at: datetime, *, recipe: str = USUAL, days: int | None = None, tell: Tell | None = None
) -> bool:
    """Put an invented household into an empty store; tell whether it was put there now.

    Parameters: `at` the present: the log ends the evening before, so that today is still empty; `recipe` one
    of `sample_data.recipes.RECIPES`; `days` how many were logged, when not as many as the recipe says; `tell`
    is told how many records are stored, of how many, after each batch.
    """
    today: date = at.date()
    how = RECIPES[recipe]
    logged = how.days if days is None else days
    invented = household(
        how.truth, days=logged, ends_on=today, seed=SEED, lived=how.lived(how.truth, logged, SEED)
    )
    now_ms = int(at.timestamp() * 1000)
    if not _founded(store, invented, now_ms):
        return False
    parent: Viewer = viewer_of(store, _members(invented)[0].id, at)
    for consent in invented.consents:
        give_consent(store, parent, consent)
    items = [*invented.items, *(_play(invented) if how.play else [])]
    for first in range(0, len(items), BATCH):
        receipt = ingest(store, parent, items[first : first + BATCH], now_ms)
        if receipt.refused:
            raise RuntimeError(f"the invented household was refused: {receipt.refused[0].why}")
        if tell is not None:
            tell(min(first + BATCH, len(items)), len(items))
    return True


def _play(invented: Household) -> list[dict[str, object]]:
    """Return the coded play sessions. A parent's account sends them: only the household's own may write."""
    family, child, name = invented.family, invented.child, invented.name
    member, caregiver = (people[0].id for people in (_members(invented), _caregivers(invented)))
    return play.items(family, child, member, caregiver, invented.first_day, invented.zone, name, SEED)


def _members(invented: Household) -> list[Member]:
    return [
        Member.model_validate(m | {"own_family": invented.family if m["role"] == Role.PARENT else None})
        for m in invented.members
    ]


def _caregivers(invented: Household) -> list[Caregiver]:
    return [Caregiver.model_validate(c) for c in invented.caregivers]


def _founded(store: Store, invented: Household, now_ms: int) -> bool:
    """Make the family with its people, unless it is there."""
    return found_household(
        store,
        invented.family,
        invented.alias,
        now_ms,
        _members(invented),
        _caregivers(invented),
        [Child.model_validate(c) for c in invented.children],
    )
