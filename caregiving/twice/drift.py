"""Whether two observers agree as they did: each session they both coded, and month by month."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from statistics import fmean
from typing import Final, Literal

import numpy as np
from scipy.special import stdtrit

from caregiving.twice.compare import Compared
from caregiving.twice.gates import Standing, standing

LEAST: Final = 2  # months from which on there is anything to follow
Way = Literal["less", "more", "limits meet", "sessions differ", "single sessions"]


@dataclass(frozen=True)
class Dot:
    """The agreement of one session (`when` its day) or of a month's sessions together (its month).

    `children`: with whom these sessions were.
    """

    when: str
    standing: Standing
    children: frozenset[str] = field(default_factory=frozenset)

    @property
    def told(self) -> bool:
        """Whether a kappa can be told."""
        return not self.standing.too_little


@dataclass(frozen=True)
class Scatter:
    """How far single sessions of one pair differ within a month: the standard deviation of their kappas.

    `freedom`: its degrees of freedom. NaN and 0 where no month has two sessions.
    """

    sd: float = math.nan
    freedom: int = 0

    def room(self, n_before: int, n_after: int) -> float:
        """Return by how much two months of so many sessions may differ by such sessions alone.

        t(.975, freedom) x sd x sqrt(1 / n_before + 1 / n_after), as a t-test of two means has it. Kappa, no
        unit, 0 or more; NaN where nothing is known of it.

        >>> round(Scatter(0.10, 4).room(2, 3), 3)  # 2.776 x .10 x sqrt(5 / 6)
        0.253
        """
        if not self.freedom:
            return math.nan
        return float(stdtrit(self.freedom, 0.975)) * self.sd * math.sqrt(1 / n_before + 1 / n_after)


@dataclass(frozen=True)
class Change:
    """A month held against an earlier one of the same two observers; both have a kappa."""

    before: Dot
    after: Dot
    scatter: Scatter = field(default_factory=Scatter)

    @property
    def way(self) -> Way:
        """Whether they agreed less or more than before, or why nobody can say so.

        Said only where the 95 % limits of both months do not meet and the months are further apart than
        single sessions explain (`Scatter.room`). The limits alone would not do: they take each second and
        each moment as independent, and sessions differ by more than that.

        >>> may, july = (
        ...     Dot(f"2026-0{month}", Standing("x", value, value - 0.05, value + 0.05, n_pairs=2))
        ...     for month, value in ((5, 0.78), (7, 0.52))
        ... )
        >>> [Change(may, july, Scatter(sd, 4)).way for sd in (0.05, 0.10)], Change(may, july).way
        (['less', 'sessions differ'], 'single sessions')
        """
        one, other = self.before.standing, self.after.standing
        if not (other.high < one.low or other.low > one.high):
            return "limits meet"
        room = self.scatter.room(one.n_pairs, other.n_pairs)
        if math.isnan(room):
            return "single sessions"
        if abs(other.value - one.value) <= room:
            return "sessions differ"
        return "less" if other.value < one.value else "more"

    @property
    def alike(self) -> bool:
        """Whether both months' weakest kappa is of the same person, in time or by moments alike."""
        one, other = self.before.standing.weakest, self.after.standing.weakest
        return one is not None and other is not None and (one.actor, one.how) == (other.actor, other.how)


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

    @property
    def changes(self) -> tuple[Change, ...]:
        """The last month with a kappa, held against the one before it and, where that is another, the first.

        Empty while there is no course.
        """
        told = [dot for dot in self.months if dot.told]
        if len(told) < LEAST:
            return ()
        earlier = dict.fromkeys((len(told) - 2, 0))
        return tuple(Change(told[place], told[-1], self.scatter) for place in earlier)

    @property
    def scatter(self) -> Scatter:
        """How far single sessions differ within their months, over all months of the course.

        sd = sqrt(sum of (kappa - the mean of its month)^2 / (sessions - months)). Each session's own weakest
        kappa counts, also one that rests on little: that makes the scatter larger, never smaller.
        """
        months: dict[str, list[float]] = {}
        for dot in self.sessions:
            if not math.isnan(dot.standing.value):
                months.setdefault(dot.when[:7], []).append(dot.standing.value)
        freedom = sum(len(values) - 1 for values in months.values())
        if not freedom:
            return Scatter()
        squares = sum((value - fmean(values)) ** 2 for values in months.values() for value in values)
        return Scatter(math.sqrt(squares / freedom), freedom)


def drift(compared: Iterable[Compared]) -> list[Course]:
    """Return the course of each pair of observers with each instrument, by the names of observers.

    A session's kappa is the weakest that its figures rest on, a month's the same with the tallies of its
    sessions added up (see `gates`), whichever family they were with. A month is that of the family's own day
    of the session; one that was coded again from a recording counts where it took place. Which of the two
    changed cannot be told: with three observers, what the pairs have in common points to one (see `shared`).
    """
    groups: dict[tuple[tuple[str, str], str], list[Compared]] = {}
    for one in compared:
        groups.setdefault((one.twice.observers, one.twice.first.instrument), []).append(one)
    return [
        Course(observers, instrument, _by_session(mine), _by_month(mine))
        for (observers, instrument), mine in sorted(groups.items())
    ]


def shared(courses: Iterable[Course]) -> dict[str, list[Course]]:
    """Return for each observer who is in several pairs with one instrument the courses of all their pairs.

    Only where there is a course: a pair with a single month says nothing about a change.

    >>> dots = tuple(Dot(f"2026-0{month}", Standing("x", 0.7, too_little=False)) for month in (5, 6))
    >>> ada, bo = (Course(pair, "x", (), dots) for pair in (("ada", "cai"), ("bo", "cai")))
    >>> {name: len(theirs) for name, theirs in shared([ada, bo]).items()}, shared([ada])
    ({'cai': 2}, {})
    """
    found: dict[tuple[str, str], list[Course]] = {}
    for course in courses:
        if not course.lacking:
            for observer in course.observers:
                found.setdefault((observer, course.instrument), []).append(course)
    several: dict[str, list[Course]] = {}
    for (observer, _instrument), theirs in found.items():
        if len(theirs) > 1:
            several.setdefault(observer, []).extend(theirs)
    return several


def tallied(one: Compared) -> Compared:
    """Return a comparison with its tallies only, without the moments behind them: enough for a course.

    What is kept for many families holds little, and nothing that happened in them.
    """
    both = one.together
    bare = {name: getattr(both, name).iloc[:0].copy() for name in ("first", "second", "windows")}
    nowhere = np.array([], dtype=np.int64)
    by_event = {actor: replace(found, paired=(nowhere, nowhere)) for actor, found in one.by_event.items()}
    return replace(one, together=replace(both, **bare), by_event=by_event, steps=one.steps.iloc[:0].copy())


def _by_session(compared: Sequence[Compared]) -> tuple[Dot, ...]:
    ordered = sorted(compared, key=lambda one: one.twice.first.start_ms)
    return tuple(_dot(one.twice.first.day, [one]) for one in ordered)


def _by_month(compared: Sequence[Compared]) -> tuple[Dot, ...]:
    months: dict[str, list[Compared]] = {}
    for one in compared:
        months.setdefault(one.twice.first.day[:7], []).append(one)
    return tuple(_dot(month, months[month]) for month in sorted(months))


def _dot(when: str, compared: Sequence[Compared]) -> Dot:
    firsts = [one.twice.first for one in compared]
    found = standing(firsts[0].instrument, compared, len({first.id for first in firsts}))
    return Dot(when, found, frozenset(first.child for first in firsts))
