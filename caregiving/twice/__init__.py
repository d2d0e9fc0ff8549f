"""Sessions that two observers coded: what each had, where they differ, and what their agreement allows.

`pairs` finds them. `together` lays both records on one clock (`clocks` knows how far two tablets were apart),
`compare` counts what differs and `steps` lists it, `found` does so for all that a child has. `gates` says per
instrument whether figures may be shown, `figures` keeps them behind that gate, `drift` follows two observers
over months.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from caregiving.coded import CodedSession


@dataclass(frozen=True)
class Twice:
    """A session and its second coding: one that the plan calls so, or one of the same time."""

    first: CodedSession
    second: CodedSession

    @property
    def ready(self) -> bool:
        """Whether both codings are ended and neither says that only some of it was logged.

        A finished coding with nothing in it counts: everything in the other one was missed.
        """
        return all(one.ended and one.complete and one.minutes > 0 for one in (self.first, self.second))

    @property
    def observers(self) -> tuple[str, str]:
        """The ids of the two observers, the same way round whoever came first."""
        one, other = sorted((self.first.coder, self.second.coder))
        return one, other


def pairs(sessions: Iterable[CodedSession]) -> list[Twice]:
    """Return each session that was coded twice with its second coding, the newest first.

    A session that three observers coded makes two pairs. Those whose first coding is not among the sessions
    make none.
    """
    known = {session.id: session for session in sessions}
    return [
        Twice(known[session.again], session)
        for session in known.values()
        if session.again is not None and session.again in known
    ]
