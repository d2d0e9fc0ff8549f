"""What a summary is made from, and the shape of what comes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from caregiving.frames import RATINGS, empty
from caregiving.indices.cry_load import age_weeks
from caregiving.ratings import Rating
from caregiving.report import Report


@dataclass(frozen=True)
class Subject:
    """The child, by alias; the dates only give the age."""

    alias: str
    born_on: date | None = None
    due_on: date | None = None

    def weeks(self, on: date) -> float | None:
        """Return the age in weeks on a day, from the due date when that was later; None when not known.

        >>> Subject("Juno", date(2026, 8, 3), date(2026, 8, 31)).weeks(date(2026, 9, 14))
        2.0
        """
        first = self.born_on or self.due_on
        return None if first is None else age_weeks(first, self.due_on, on)


@dataclass(frozen=True)
class Seen:
    """The records of one child in one stretch of days.

    `report` of what was tapped, with `INDICES`; `coded` one report for each instrument of coded sessions;
    `windows` WINDOW_LOG; `watchers` aliases by the id of a member; `observed` RATINGS of observers;
    `shared` what people said about themselves and shared; `first_days` the first two ever logged.
    """

    report: Report
    windows: pd.DataFrame
    coded: tuple[Report, ...] = ()
    watchers: Mapping[str, str] = field(default_factory=dict)
    observed: pd.DataFrame = field(default_factory=lambda: empty(RATINGS))
    shared: tuple[Rating, ...] = ()
    first_days: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A small table. A row with fewer cells than `head` has its last cell stretched over the rest."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Part:
    """A part of the page: sentences, then tables; and the sources that its figures rest on."""

    key: str = ""
    title: str = ""
    said: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    sources: tuple[str, ...] = ()
