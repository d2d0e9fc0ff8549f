"""A stretch of the family's days: which days somebody looks at."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self


@dataclass(frozen=True)
class Period:
    """From the `first` of the family's days to the `last`, both included; None leaves that side open.

    Days are named as ISO 8601 dates. A family's day begins at its day-start hour, not at midnight, so a night
    belongs to the evening before.

    >>> Period("2026-03-01", "2026-03-07").days()
    7
    """

    first: str | None = None
    last: str | None = None

    def __post_init__(self) -> None:
        """Refuse what is no date, and an end before its start."""
        for name in (self.first, self.last):
            if name is not None and date.fromisoformat(name).isoformat() != name:
                raise ValueError(f'"{name}" is not a day; write one such as "2026-03-01"')
        if self.first is not None and self.last is not None and self.last < self.first:
            raise ValueError(f"the last day {self.last} lies before the first day {self.first}; swap them")

    def __contains__(self, day: object) -> bool:
        """Tell whether a day lies in the period. A missing day lies in none that has an edge.

        >>> "2026-03-07" in Period(None, "2026-03-07"), None in Period("2026-03-01"), None in Period()
        (True, False, True)
        """
        if not isinstance(day, str):
            return self.is_everything
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    @property
    def is_everything(self) -> bool:
        """Whether both sides are open."""
        return self.first is None and self.last is None

    def days(self) -> int | None:
        """Return how many days there are from first to last, or None while a side is open."""
        if self.first is None or self.last is None:
            return None
        return (date.fromisoformat(self.last) - date.fromisoformat(self.first)).days + 1

    def before(self, n: int | None = None) -> Self:
        """Return the n days that end on the eve of this period; as many as it has itself when n is None.

        >>> Period("2026-03-08", "2026-03-14").before()
        Period(first='2026-03-01', last='2026-03-07')

        Raises
        ------
        ValueError
            When the period has no first day, or no length and no n is given, or n is below 1.
        """
        length = self.days() if n is None else n
        if self.first is None or length is None:
            raise ValueError(
                "nothing lies before a period without a first day; and an open one has no length"
            )
        return type(self)._ending(date.fromisoformat(self.first) - timedelta(days=1), length)

    @classmethod
    def last_days(cls, today: str, n: int) -> Self:
        """Return the n days that end with today, today included.

        >>> Period.last_days("2026-03-28", 28)
        Period(first='2026-03-01', last='2026-03-28')

        Raises
        ------
        ValueError
            When n is below 1, or today is no date.
        """
        return cls._ending(date.fromisoformat(today), n)

    @classmethod
    def _ending(cls, last: date, n: int) -> Self:
        if n < 1:
            raise ValueError(f"a period of {n} days has no day in it; ask for 1 or more")
        return cls((last - timedelta(days=n - 1)).isoformat(), last.isoformat())


EVERYTHING = Period()
