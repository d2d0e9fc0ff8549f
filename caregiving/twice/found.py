"""What was coded twice in a child's log: compared where it can be, and why not where it cannot."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from caregiving.coded import CodedSession, coded_sessions
from caregiving.faults import Refused
from caregiving.twice import Twice, pairs
from caregiving.twice.compare import Compared, compare
from caregiving.twice.gates import Standing, gates


@dataclass(frozen=True)
class CodedTwice:
    """All coded sessions of a child, what was compared, what cannot be and why, and what is not ready."""

    sessions: tuple[CodedSession, ...] = ()
    compared: tuple[Compared, ...] = ()
    refused: tuple[tuple[Twice, str], ...] = ()
    waiting: tuple[Twice, ...] = ()

    @cached_property
    def standings(self) -> dict[str, Standing]:
        """How far two observers agreed, by instrument, over all complete sessions."""
        return gates(self.compared, [one for one in self.sessions if one.complete and one.minutes > 0])


def coded_twice(log: pd.DataFrame, windows: pd.DataFrame) -> CodedTwice:
    """Return what was coded twice, the newest first.

    Parameters: EVENT_LOG and WINDOW_LOG of one child, all of it. Raises: MissingColumn.
    """
    sessions = coded_sessions(log, windows)
    compared, refused, waiting = [], [], []
    for twice in pairs(sessions):
        if not twice.ready:
            waiting.append(twice)
            continue
        try:
            compared.append(compare(twice, log, windows))
        except Refused as reason:
            refused.append((twice, str(reason)))
    return CodedTwice(tuple(sessions), tuple(compared), tuple(refused), tuple(waiting))
