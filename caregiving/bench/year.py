"""A year of one invented household, from its database to what the pages compute: the bars in seconds."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from caregiving import demo
from caregiving.bench import bars
from caregiving.bench.clock import alone
from caregiving.bench.rows import Bar, Row, timed
from caregiving.instruments import load
from caregiving.people import Action, Role, Viewer
from caregiving.periods import EVERYTHING, Period
from caregiving.report import Report, build_report
from caregiving.store import events, windows
from caregiving.store.engine import Store, open_store
from caregiving.store.people import children, members, viewer_of

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
USUAL_DAYS = 28  # what a page shows unless it is asked for everything
PATTERNS = ["latency", "responsiveness"]


def year_of_a_family(days: int = 365) -> Iterator[Row]:
    """Measure a household that logged for so many days: reading it, and what its pages compute.

    Each time counts as the best of several: what the program keeps between two pages is kept here too, and
    nothing of the log is.
    """
    with TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "year.sqlite3")
        try:
            demo.seed(store, AT, recipe="year", days=days)
            yield from _measured(store)
        finally:
            store.close()


def _measured(store: Store) -> Iterator[Row]:
    parent = next(member for member in members(store) if member.role == Role.PARENT)
    viewer = viewer_of(store, parent.id, AT)
    read = partial(_read, store, viewer)
    log, watched = read()
    recent = Period.last_days(AT.date().isoformat(), USUAL_DAYS)

    def row(what: str, bar: Bar, action: Callable[[], object], note: str = "") -> Row:
        one = timed(f"a year: {what}", len(log), alone(action), note)
        return one.judged(bar, one.best_s)

    yield row("load", bars.LOAD, partial(_log, store, viewer))
    yield row("load, sessions, episodes", bars.PAGE, lambda: _report(*read(), [], EVERYTHING), "today")
    yield row("load, latency, responsiveness", bars.PAGE, lambda: _report(*read(), PATTERNS, EVERYTHING))
    note = f"the last {USUAL_DAYS} days, every page's indices"
    yield row("all indices", bars.PAGE, lambda: _report(log, watched, None, recent), note)
    note = "everything, every page's indices"
    yield row("all indices", bars.EVERYTHING, lambda: _report(log, watched, None, EVERYTHING), note)


def _log(store: Store, viewer: Viewer) -> pd.DataFrame:
    assert viewer.own_family is not None  # noqa: S101  (a parent has a family)
    child = children(store, viewer, viewer.own_family)[0]
    return events.load(store, viewer, viewer.own_family, child.id, action=Action.SEE_PATTERNS)


def _read(store: Store, viewer: Viewer) -> tuple[pd.DataFrame, pd.DataFrame]:
    assert viewer.own_family is not None  # noqa: S101  (a parent has a family)
    return _log(store, viewer), windows.load(store, viewer, viewer.own_family, action=Action.SEE_PATTERNS)


def _report(log: pd.DataFrame, watched: pd.DataFrame, names: list[str] | None, period: Period) -> Report:
    now_ms = int(AT.timestamp() * 1000)
    return build_report(log, watched, load("home_moments"), now_ms=now_ms, names=names, period=period)
