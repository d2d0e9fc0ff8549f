"""What a person gets told when what they brought cannot be used: every fault at once, in sentences."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a file or a request: where, what was found, what is needed.

    >>> print(Fault("visits.csv, line 3, onset_s", '"soon"', "a number of seconds, such as 12.5"))
    visits.csv, line 3, onset_s: found "soon"; needed a number of seconds, such as 12.5.
    """

    place: str
    found: str
    needed: str

    def __str__(self) -> str:
        """Return the fault as one sentence."""
        return f"{self.place}: found {self.found}; needed {self.needed}."


class Refused(ValueError):
    """The input is refused, nothing of it was kept. Carries every fault found."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class CannotOpen(RuntimeError):
    """A database that this program cannot use, with the reason and what is needed."""

    def __init__(self, path: Path, found: str, needed: str) -> None:
        super().__init__(f"{path.name} cannot be opened: {found}; needed {needed}.")
