"""How corrections hang together: which event goes back to which, and where two of them stand side by side."""

from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Connection, String, select, type_coerce

from caregiving.store.tables import events


@dataclass(frozen=True)
class Chains:
    """All corrections of one family. Ids are text, as they are stored.

    older: the event that each correction supersedes.
    voids: the corrections that take a moment back.
    """

    older: dict[str, str]
    voids: set[str] = field(default_factory=set)

    def first(self, event: str) -> str:
        """Return the event with which a chain of corrections began; it may not have arrived yet.

        >>> Chains({"c": "b", "b": "a"}).first("c")
        'a'
        """
        passed = {event}
        while (
            event in self.older and self.older[event] not in passed
        ):  # a ring of corrections has no beginning
            event = self.older[event]
            passed.add(event)
        return event

    def in_conflict(self) -> set[str]:
        """Return the corrections that stand beside another one of the same moment, both of them valid.

        A moment that one person corrected and another one took back is not in conflict: the correction stays.

        >>> sorted(Chains({"b": "a", "c": "a", "d": "b"}).in_conflict())
        ['c', 'd']
        """
        gone = self.voids.union(self.older.values())
        first = {event: self.first(event) for event in self.older if event not in gone}
        n_beside = Counter(first.values())
        return {event for event, beginning in first.items() if n_beside[beginning] > 1}

    def versions(self, event: str) -> dict[str, int]:
        """Return every version of an event, with the number of corrections that lie before it.

        >>> Chains({"b": "a", "c": "b", "z": "y"}).versions("b")
        {'a': 0, 'b': 1, 'c': 2}
        """
        found = {self.first(event): 0}
        newest = list(found)
        while newest:
            newest = [new for new, old in self.older.items() if old in newest and new not in found]
            found |= dict.fromkeys(newest, max(found.values()) + 1)
        return found


def chains(connection: Connection, family: UUID) -> Chains:
    """Return the corrections of a family."""
    asked = select(
        type_coerce(events.c.id, String), type_coerce(events.c.supersedes, String), events.c.void
    ).where(events.c.family == family, events.c.supersedes.is_not(None))
    rows = connection.execute(asked).all()
    return Chains(older={new: old for new, old, _ in rows}, voids={new for new, _, void in rows if void})
