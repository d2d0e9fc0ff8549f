"""The invented household that a first visitor meets: two weeks of moments, two parents, one home visitor."""

from datetime import date, datetime

from caregiving.people import Role, Viewer
from caregiving.store.consents import give_consent
from caregiving.store.engine import Store
from caregiving.store.events import ingest
from caregiving.store.people import Caregiver, Child, Member, found_household, viewer_of
from sample_data.make import STEADY, Truth, household

BATCH = 500


def seed(store: Store, at: datetime, *, days: int = 14, truth: Truth = STEADY) -> bool:
    """Put the invented household into an empty store; tell whether it was put there now.

    Parameters: `at` the present: the log ends the evening before, so that today is still empty.
    """
    today: date = at.date()
    invented = household(truth, days=days, ends_on=today)
    now_ms = int(at.timestamp() * 1000)
    members = [
        Member.model_validate(m | {"own_family": invented.family if m["role"] == Role.PARENT else None})
        for m in invented.members
    ]
    made = found_household(
        store,
        invented.family,
        invented.alias,
        now_ms,
        members,
        [Caregiver.model_validate(c) for c in invented.caregivers],
        [Child.model_validate(c) for c in invented.children],
    )
    if not made:
        return False
    parent: Viewer = viewer_of(store, members[0].id, at)
    for consent in invented.consents:
        give_consent(store, parent, consent)
    for first in range(0, len(invented.items), BATCH):
        receipt = ingest(store, parent, invented.items[first : first + BATCH], now_ms)
        if receipt.refused:
            raise RuntimeError(f"the invented household was refused: {receipt.refused[0].why}")
    return True
