"""What people rated, in and out. What somebody says about themselves is theirs alone unless they share it."""

from typing import Any, Final
from uuid import UUID

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Row, Select, and_, false, or_, select
from sqlalchemy.dialects.sqlite import insert

from caregiving.faults import Fault, Refused
from caregiving.frames import RATINGS, conform, empty
from caregiving.instruments import Form, UnknownInstrument, load_form
from caregiving.people import Action, NotAllowed, Viewer, require
from caregiving.ratings import DAY_START_H, Rating, counted
from caregiving.store.engine import Store
from caregiving.store.tables import children, ratings

SAME: Final = ("family", "author", "kind")


def rate(store: Store, viewer: Viewer, rating: Rating) -> None:
    """Keep a rating for good: a new one, a newer version of the author's own, or the end of one (`void`).

    Keeping the same id again changes nothing. The answers must fit the instrument, and the scores must be the
    ones that these answers give.

    Raises
    ------
    NotAllowed
        When the viewer may not rate in this family.
    Refused
        When it is in somebody else's name, under an id that is taken, about a child of another family, shared
        although its instrument is never shared, or supersedes what is not the author's own newest version;
        and when answers or scores do not fit.
    """
    require(viewer, Action.RATE, rating.family)
    faults = _faults(viewer, rating)
    if faults:
        raise Refused(faults)
    with store.writer.begin() as connection:
        there = connection.execute(select(ratings.c.author).where(ratings.c.id == rating.id)).first()
        if there is not None:
            if there.author != viewer.member:
                raise Refused([Fault("rating, id", "an id that is already taken", "a fresh one")])
            return
        _require_own_child(connection, rating)
        _require_newest_own(connection, rating)
        connection.execute(insert(ratings).values(rating.model_dump(mode="python")))


def read(
    store: Store, viewer: Viewer, family: UUID, child: UUID | None = None, instrument: str | None = None
) -> list[Rating]:
    """Return what holds now and this viewer may see, the newest moment first.

    Their own ratings, and those that others shared. With a child, what is about that child or about nobody in
    particular. `instrument` is an id, with its version or without.

    Raises
    ------
    NotAllowed
        When the viewer may neither rate in this family nor see its patterns.
    """
    asked = _newest(family).where(~ratings.c.void, _visible(viewer, family))
    if child is not None:
        asked = asked.where(or_(ratings.c.child == child, ratings.c.child.is_(None)))
    if instrument is not None:
        start = instrument if ".v" in instrument else f"{instrument}.v"
        named = ratings.c.instrument
        asked = asked.where(
            named == start if ".v" in instrument else named.startswith(start, autoescape=True)
        )
    with store.reader.begin() as connection:
        return [_rating(row) for row in connection.execute(asked)]


def frame(
    store: Store, viewer: Viewer, family: UUID, child: UUID, *, day_start_h: int = DAY_START_H
) -> pd.DataFrame:
    """Return the scores of a child's ratings as a RATINGS frame, one row a score, the oldest first.

    It holds what this viewer may see and nothing else, so a figure made from it is this viewer's own.

    Raises
    ------
    NotAllowed
        When the viewer may neither rate in this family nor see its patterns.
    """
    rows = [
        {
            "session": str(one.window) if one.window else "",
            "child": str(one.child) if one.child else None,
            "day": one.day(day_start_h),
            "instrument": one.instrument,
            "scale": scale,
            "value": value,
            "rater": one.rater,
            "certified": one.certified,
            "minutes": one.minutes,
            "kind": one.kind,
        }
        for one in reversed(read(store, viewer, family, child))
        for scale, value in one.scores.items()
    ]
    return conform(pd.DataFrame(rows), RATINGS) if rows else empty(RATINGS)


def _faults(viewer: Viewer, rating: Rating) -> list[Fault]:
    if rating.author != viewer.member:
        return [Fault("rating, author", "somebody else", "the one who rates")]
    try:
        instrument = load_form(rating.instrument)
    except UnknownInstrument as reason:
        return [Fault("rating, instrument", f'"{rating.instrument}"', str(reason))]
    faults = []
    if rating.kind not in instrument.rated_as:
        needed = " or ".join(f'"{kind}"' for kind in instrument.rated_as)
        faults.append(Fault("rating, kind", f'"{rating.kind}"', needed))
    if viewer.own_family != rating.family and rating.kind != "observer":
        faults.append(Fault("rating, kind", f'"{rating.kind}"', '"observer": a visitor describes others'))
    if rating.shared and instrument.sharing == "never":
        needed = "a rating that stays with its author"
        faults.append(Fault("rating, shared", f"{instrument.name} shared with others", needed))
    return faults + (_misfits(rating, instrument) if not rating.void else [])


def _misfits(rating: Rating, instrument: Form) -> list[Fault]:
    faults = [
        Fault("rating, answers", sentence, f"answers that {instrument.name} knows")
        for sentence in instrument.trouble(rating.answers)
    ]
    if rating.scores != counted(instrument.score(rating.answers)):
        faults.append(Fault("rating, scores", f"{rating.scores}", "the scores that these answers give"))
    return faults


def _require_own_child(connection: Connection, rating: Rating) -> None:
    if rating.child is not None:
        home = select(children.c.family).where(children.c.id == rating.child)
        if connection.execute(home).scalar_one_or_none() != rating.family:
            raise Refused([Fault("rating, child", "an id that does not fit", "a child of this family")])


def _require_newest_own(connection: Connection, rating: Rating) -> None:
    """Refuse to supersede anything but the newest version of a rating by the same author.

    The sentence is the same whether a rating is somebody else's or is not there at all.
    """
    if rating.supersedes is None:
        return
    mine = ratings.c.family == rating.family
    old = connection.execute(select(ratings).where(ratings.c.id == rating.supersedes, mine)).first()
    same = old is not None and all(old._mapping[name] == getattr(rating, name) for name in SAME)
    if old is None or not same or old.instrument.split(".")[0] != rating.instrument.split(".")[0]:
        raise Refused([Fault("rating, supersedes", "an id that does not fit", "a rating of one's own")])
    later = select(ratings.c.id).where(ratings.c.supersedes == rating.supersedes, mine)
    if connection.execute(later).first():
        needed = "the newest one; open it again and change that"
        raise Refused([Fault("rating, supersedes", "a version that was changed meanwhile", needed)])


def _visible(viewer: Viewer, family: UUID) -> ColumnElement[bool]:
    """Return which ratings this viewer may see: their own, and those that others share."""
    own, others = viewer.may(Action.RATE, family), viewer.may(Action.SEE_PATTERNS, family)
    if not (own or others):
        raise NotAllowed(viewer, Action.SEE_PATTERNS)
    return or_(
        ratings.c.author == viewer.member if own else false(),
        and_(ratings.c.shared, ratings.c.author != viewer.member) if others else false(),
    )


def _newest(family: UUID) -> Select[Any]:
    """Ask for the versions that no other one supersedes."""
    later = ratings.alias("later")
    old = select(later.c.supersedes).where(later.c.family == family, later.c.supersedes.is_not(None))
    return (
        select(ratings)
        .where(ratings.c.family == family, ratings.c.id.not_in(old))
        .order_by(ratings.c.at_ms.desc(), ratings.c.seq.desc())
    )


def _rating(row: Row[Any]) -> Rating:
    return Rating.model_validate({name: value for name, value in row._mapping.items() if name != "seq"})
