"""The cards: read from their files, checked, and in the language that is spoken where one is translated.

A card is `cards/<id>.md`: front matter in YAML, then the words in Markdown. A translation is
`cards/<language>/<id>.md` and holds only what is words: title, keywords, serves and the text. What opens a
card, its sources and whether it is about safety stand in the English file alone.
"""

from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, Self, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from caregiving.faults import Fault, Refused
from caregiving.guidance._patterns import PATTERNS, Safety
from caregiving.sources import all_sources
from caregiving.words import language

CARDS: Final = Path(__file__).parent / "cards"
FENCE: Final = "---\n"
Row = Literal[
    "sensitivity", "responsiveness", "attachment", "availability", "consistency", "steadiness", "help"
]


class Texts(BaseModel):
    """What of a card is words: `serves` says which piece of guidance it serves, `body` is Markdown."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    title: str = Field(min_length=1)
    keywords: tuple[str, ...]
    serves: str = Field(min_length=1)
    body: str = Field(min_length=1)


Kind = TypeVar("Kind", bound=Texts)


class Card(Texts):
    """One card. `opens` names the patterns that bring it up; without any it comes round by the day.

    A `safety` card is always one tap away, is only ever suggested when somebody said something, and cannot be
    waved off. `age_weeks_from` and `age_weeks_to` (both included) limit the ages at which it is suggested.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    row: Row
    opens: tuple[str, ...]
    sources: tuple[str, ...] = Field(min_length=1)
    safety: bool
    age_weeks_from: float | None = None
    age_weeks_to: float | None = None

    @model_validator(mode="after")
    def _known_names(self) -> Self:
        """Refuse patterns and sources that nobody wrote down."""
        unknown = sorted({*self.opens} - {*PATTERNS}) + sorted({*self.sources} - {*all_sources()})
        if unknown:
            raise ValueError(f"{', '.join(unknown)}: no such pattern or source")
        return self

    @model_validator(mode="after")
    def _safety_apart(self) -> Self:
        """Keep safety apart: its patterns open its own cards and no others, and those open nothing else."""
        of_safety = [pattern in {*Safety} for pattern in self.opens]
        if (self.safety and not self.opens) or any(one != self.safety for one in of_safety):
            raise ValueError("patterns of safety open cards of safety and nothing else; each needs one")
        return self

    def fits(self, age_weeks: float | None) -> bool:
        """Tell whether it may be suggested at this age; one with limits is not while no age is known."""
        if age_weeks is None:
            return self.age_weeks_from is None and self.age_weeks_to is None
        return (self.age_weeks_from is None or self.age_weeks_from <= age_weeks) and (
            self.age_weeks_to is None or age_weeks <= self.age_weeks_to
        )


class UnknownCard(LookupError):
    """A card that is not there; the message lists the known ones."""


def all_cards() -> tuple[Card, ...]:
    """Return every card in order of its id, in the language that is spoken where it is translated."""
    return tuple(_all(CARDS, language()).values())


def card(name: str) -> Card:
    """Return the card of that id, in the language that is spoken where it is translated.

    >>> card("not-a-race").title
    'Answering is not a race'

    Raises
    ------
    UnknownCard
        When there is none; the message lists the known ones.
    """
    known = _all(CARDS, language())
    if name not in known:
        raise UnknownCard(f'there is no card "{name}"; the known ones are: {", ".join(known)}')
    return known[name]


@cache
def _all(folder: Path, spoken: str) -> dict[str, Card]:
    return {one.id: one for one in read_cards(folder, spoken)}


def read_cards(folder: Path, spoken: str) -> tuple[Card, ...]:
    """Read the cards of a folder in one language; a card that nobody translated stays English.

    Raises
    ------
    Refused
        With every fault of every file: what is no card, an id that is not its file's name, unknown patterns
        or sources, a translation of a card that is not there.
    """
    faults: list[Fault] = []
    found: dict[str, Card] = {}
    for path in sorted(folder.glob("*.md")):
        try:
            found[path.stem] = _named(path, _read(path, Card))
        except Refused as reason:
            faults += reason.faults
    for path in sorted((folder / spoken).glob("*.md")):
        try:
            texts = _read(path, Texts)
            found[path.stem] = _original(path, found).model_copy(update=dict(texts))
        except Refused as reason:
            faults += reason.faults
    if faults:
        raise Refused(faults)
    return tuple(found.values())


def _named(path: Path, one: Card) -> Card:
    """Return the card when its id is the name of its file, else refuse it."""
    if one.id != path.stem:
        raise Refused([Fault(f"{path.name}, id", f'"{one.id}"', f'the name of the file, "{path.stem}"')])
    return one


def _original(path: Path, found: dict[str, Card]) -> Card:
    """Return the English card that a file translates, or refuse it when there is none."""
    if path.stem not in found:
        place = f"{path.parent.name}/{path.name}"
        raise Refused([Fault(place, "a translation of nothing", "an English card of that name")])
    return found[path.stem]


def _read(path: Path, kind: type[Kind]) -> Kind:
    """Return what the file holds, or refuse it with all that is wrong with it."""
    parts = path.read_text(encoding="utf-8").split(FENCE, 2)
    if len(parts) != 3 or parts[0]:
        needed = "---, YAML, ---"
        raise Refused([Fault(path.name, "no front matter", f"{needed}, and then the words of the card")])
    try:
        front: Any = yaml.safe_load(parts[1])
        return kind.model_validate({**front, "body": parts[2].strip()})
    except (yaml.YAMLError, TypeError) as reason:
        raise Refused([Fault(path.name, f"front matter that is no YAML ({reason})", "names")]) from reason
    except ValidationError as reason:
        raise Refused(_fault(path, dict(one)) for one in reason.errors()) from reason


def _fault(path: Path, one: dict[str, Any]) -> Fault:
    place = ".".join(str(part) for part in one["loc"]) or "card"
    return Fault(f"{path.name}, {place}", repr(one["input"])[:60], one["msg"])
