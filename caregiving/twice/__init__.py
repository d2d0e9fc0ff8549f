"""Sessions that two observers coded: what each had, where they differ, and what their agreement allows.

`pairs` finds them, `together` lays both records on one clock, `compare` counts and lists what differs,
`gates` says per instrument whether figures may be shown, `drift` follows two observers over months.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from caregiving.coded import CodedSession


@dataclass(frozen=True)
class Twice:
    """A session and its second coding. `said`: the plan names it; else both watched at the same time."""

    first: CodedSession
    second: CodedSession
    said: bool

    @property
    def from_recording(self) -> bool:
        """Whether one of the two was coded from a recording, so that each has a clock of its own."""
        return self.first.from_recording or self.second.from_recording

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
    make none. `said` is told from the clock: whoever watched at the same time did not need to say so.
    """
    known = {session.id: session for session in sessions}
    return [
        Twice(known[session.again], session, said=not _at_once(known[session.again], session))
        for session in known.values()
        if session.again is not None and session.again in known
    ]


def _at_once(one: CodedSession, other: CodedSession) -> bool:
    return any(
        a.start_ms < b.end_ms and b.start_ms < a.end_ms for a in one.stretches for b in other.stretches
    )
