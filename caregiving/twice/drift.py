"""Whether two observers agree as they did: each session they both coded, and month by month."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from caregiving.twice.compare import Compared
from caregiving.twice.gates import Standing, standing

LEAST: Final = 2  # months from which on there is anything to follow


@dataclass(frozen=True)
class Dot:
    """The agreement of one session (`when` its day) or of a month's sessions together (its month)."""

    when: str
    standing: Standing

    @property
    def told(self) -> bool:
        """Whether a kappa can be told."""
        return not self.standing.too_little


@dataclass(frozen=True)
class Course:
    """Two observers with one instrument: each session that both coded, and the months, in order of time."""

    observers: tuple[str, str]
    instrument: str
    sessions: tuple[Dot, ...]
    months: tuple[Dot, ...]

    @property
    def lacking(self) -> int:
        """How many more months with a kappa are needed before a course can be seen; 0 when it can."""
        return max(0, LEAST - sum(dot.told for dot in self.months))


def drift(compared: Iterable[Compared]) -> list[Course]:
    """Return the course of each pair of observers with each instrument, by the names of observers.

    A session's kappa is the weakest that its figures rest on, a month's the same with the tallies of its
    sessions added up (see `gates`). A month is that of the family's day. Which of the two changed cannot be
    told: with three observers, what the pairs have in common points to one.
    """
    groups: dict[tuple[tuple[str, str], str], list[Compared]] = {}
    for one in compared:
        groups.setdefault((one.twice.observers, one.twice.first.instrument), []).append(one)
    return [
        Course(observers, instrument, _by_session(mine), _by_month(mine))
        for (observers, instrument), mine in sorted(groups.items())
    ]


def _by_session(compared: Sequence[Compared]) -> tuple[Dot, ...]:
    ordered = sorted(compared, key=lambda one: one.twice.first.start_ms)
    return tuple(Dot(one.twice.first.day, _of([one])) for one in ordered)


def _by_month(compared: Sequence[Compared]) -> tuple[Dot, ...]:
    months: dict[str, list[Compared]] = {}
    for one in compared:
        months.setdefault(one.twice.first.day[:7], []).append(one)
    return tuple(Dot(month, _of(months[month])) for month in sorted(months))


def _of(compared: Sequence[Compared]) -> Standing:
    return standing(compared[0].twice.first.instrument, compared, len({c.twice.first.id for c in compared}))
