"""Texts of cards and questions that somebody is licensed for and brings along; none is shipped."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from caregiving.faults import Fault, Refused
from caregiving.instruments.procedure import ProcedureInstrument
from caregiving.instruments.rating import RatingInstrument
from caregiving.instruments.sort import SortInstrument

LONGEST: Final = 2000
LONGEST_TITLE: Final = 200
Row = Mapping[Any, Any]


class CardText(BaseModel):
    """The words of one card or question."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    text: str = Field(min_length=1, max_length=LONGEST)
    title: str = Field(default="", max_length=LONGEST_TITLE)


class Deck(BaseModel):
    """The words of an instrument's cards, by number, or of its questions, by code."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    instrument: str = Field(pattern=r"^[a-z][a-z0-9_]*\.v[1-9][0-9]*$", max_length=60)
    texts: dict[str, CardText] = Field(min_length=1)


def deck_of(
    instrument: RatingInstrument | SortInstrument | ProcedureInstrument, rows: Iterable[Row], place: str
) -> Deck:
    """Return the deck that the rows of a file make: `item`, `text` and, if wanted, `title`.

    A sort needs the text of every card; of other forms some questions are enough.

    Parameters: `place` the file's name; its first row is line 2, after the header.

    Raises
    ------
    Refused
        When an item is not one of the instrument, comes twice, is missing, or has no text or one that is too
        long; the message lists every fault at once.

    >>> from caregiving.instruments import load_form
    >>> deck = deck_of(load_form("sensitivity_rating"), [{"item": "training", "text": "Level"}], "mine.csv")
    >>> deck.texts["training"].text
    'Level'
    """
    known = items_of(instrument)
    needed = f"one of: {', '.join(known)}" if len(known) <= 30 else f"a card from {known[0]} to {known[-1]}"
    faults: list[Fault] = []
    texts: dict[str, CardText] = {}
    for number, row in enumerate(rows):
        at = f"{place}, line {number + 2}"
        item, text, title = (_cell(row.get(name)) for name in ("item", "text", "title"))
        item = _unpadded(item)
        if item not in known:
            faults.append(Fault(f"{at}, item", f'"{item}"' if item else "an empty cell", needed))
        elif item in texts:
            faults.append(Fault(f"{at}, item", f'"{item}" a second time', "each item once"))
        faults += _in_texts(at, text, title)
        texts.setdefault(item, CardText.model_construct(text=text, title=title))
    if isinstance(instrument, SortInstrument):
        missing = [card for card in known if card not in texts]
        faults += [Fault(place, f"no card {card}", "the text of every card") for card in missing]
    if not texts:
        faults.append(Fault(place, "no text at all", f"lines with item,text; item is {needed}"))
    if faults:
        raise Refused(faults)
    return Deck(instrument=instrument.name, texts=texts)


def items_of(instrument: RatingInstrument | SortInstrument | ProcedureInstrument) -> list[str]:
    """Return the names under which an instrument's texts stand: card numbers, or the codes of questions.

    >>> from caregiving.instruments import load_form
    >>> items_of(load_form("phq2"))
    ['last_two_weeks', 'interest', 'mood']
    """
    if isinstance(instrument, SortInstrument):
        return [str(card) for card in range(1, instrument.cards + 1)]
    form = instrument.as_form() if isinstance(instrument, ProcedureInstrument) else instrument
    return [item.code for item in form.items]


def _cell(value: object) -> str:
    """Return a cell's text; a missing one is empty, whatever a table calls missing."""
    return "" if value is None or value != value else str(value).strip()


def _unpadded(item: str) -> str:
    """Return a card's number without leading noughts, as some decks write them."""
    return str(int(item)) if item.isascii() and item.isdigit() else item


def _in_texts(at: str, text: str, title: str) -> list[Fault]:
    """Find texts that are missing or too long. What they say is not repeated in the fault."""
    found = []
    if not 0 < len(text) <= LONGEST:
        found.append(Fault(f"{at}, text", f"{len(text)} characters", f"1 to {LONGEST}"))
    if len(title) > LONGEST_TITLE:
        found.append(Fault(f"{at}, title", f"{len(title)} characters", f"at most {LONGEST_TITLE}"))
    return found
