"""From the database to the tables: the log of one child, its report, and the names that go with it."""

from uuid import UUID

from caregiving.exports._sheets import People, Sheets, lay_out_sheets
from caregiving.instruments import Instrument
from caregiving.people import Action, Viewer, require
from caregiving.periods import EVERYTHING, Period
from caregiving.report import build_report
from caregiving.sessions import DAY_START_H
from caregiving.store import events, people, visits, whole_family, windows
from caregiving.store.engine import Store
from caregiving.twice.figures import coded_report
from caregiving.twice.found import coded_twice


def sheets_of(
    store: Store,
    viewer: Viewer,
    family: UUID,
    child: UUID,
    instrument: Instrument,
    *,
    now_ms: int,
    period: Period = EVERYTHING,
    pseudonymous: bool = False,
    day_start_h: int = DAY_START_H,
) -> Sheets:
    """Return the tables of one child and period: every moment, and the figures of one instrument.

    Raises
    ------
    NotAllowed
        When the viewer may not decide for this family: an export leaves the house.
    """
    require(viewer, Action.GIVE_CONSENT, family)
    log = events.load(store, viewer, family, child)
    watched = windows.load(store, viewer, family, child)
    if instrument.audience == "observers":  # what observers coded leaves once two of them agree
        agreed = coded_twice(log, watched).standings
        report = coded_report(log, watched, instrument, agreed, period=period, leaving=True)
    else:
        report = build_report(log, watched, instrument, now_ms=now_ms, day_start_h=day_start_h, period=period)
    who = People(
        children={str(one.id): one.alias for one in people.children(store, viewer, family)},
        caregivers={str(one.id): one.alias for one in people.caregivers(store, viewer, family)},
        authors=whole_family.authors(store, viewer, family),
    )
    added = whole_family.modifiers(store, viewer, family, child)
    seen = visits.read(store, viewer, family, child)
    return lay_out_sheets(report, log, watched, who, seen, modifiers=added, pseudonymous=pseudonymous)
