"""Texts of cards that somebody is licensed for: kept in the database for their own house, never exported.

A household reads what one of its members brought; the people of an agency, who belong to no household, read
what one of them brought. No family's records are in question, so nothing else has to be allowed.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.dialects.sqlite import insert

from caregiving.instruments.deck import CardText, Deck
from caregiving.people import Viewer
from caregiving.store.engine import Store
from caregiving.store.tables import decks, members


def keep(store: Store, viewer: Viewer, deck: Deck, id_: UUID, at_ms: int) -> None:
    """Keep a deck as the viewer's own; it takes the place of the one they had for this instrument."""
    texts = {item: card.model_dump() for item, card in deck.texts.items()}
    row = {"id": id_, "member": viewer.member, "instrument": deck.instrument, "texts": texts}
    new = insert(decks).values(row | {"loaded_ms": at_ms})
    later = {name: new.excluded[name] for name in ("texts", "loaded_ms")}
    with store.writer.begin() as connection:
        connection.execute(new.on_conflict_do_update(index_elements=["member", "instrument"], set_=later))


def texts(store: Store, viewer: Viewer, instrument: str) -> dict[str, CardText]:
    """Return the words of an instrument's cards or questions by number or code; empty without a deck.

    The viewer's own deck comes first, then the one that was last brought into their house. `instrument` is an
    id, with its version or without; without, the newest version that there is a deck for counts.
    """
    named = decks.c.instrument
    start = f"{instrument}.v"
    fits = named == instrument if ".v" in instrument else named.startswith(start, autoescape=True)
    asked = (
        select(named, decks.c.member, decks.c.texts, decks.c.loaded_ms)
        .join(members, members.c.id == decks.c.member)
        .where(fits, _same_house(viewer))
    )
    with store.reader.begin() as connection:
        found = connection.execute(asked).all()
    if not found:
        return {}
    best = max(found, key=lambda row: (_version(row.instrument), row.member == viewer.member, row.loaded_ms))
    return {item: CardText.model_validate(card) for item, card in best.texts.items()}


def forget(store: Store, viewer: Viewer, instrument: str) -> bool:
    """Remove the viewer's own deck of an instrument (its name with version); tell whether there was one."""
    mine = delete(decks).where(decks.c.member == viewer.member, decks.c.instrument == instrument)
    with store.writer.begin() as connection:
        return connection.execute(mine).rowcount > 0


def _same_house(viewer: Viewer) -> ColumnElement[bool]:
    """Return whose decks this viewer may read: those of their household, or of those who have none either."""
    if viewer.own_family is None:
        return members.c.own_family.is_(None)
    return members.c.own_family == viewer.own_family


def _version(instrument: str) -> int:
    return int(instrument.rpartition(".v")[2])
