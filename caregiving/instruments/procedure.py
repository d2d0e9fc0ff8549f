"""Instruments of kind `procedure`: a course of episodes, and what a certified coder records of it afterwards.

Nothing is classified here: a class is what a named coder gave, and "cannot classify" is a class of its own.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal, Self

from pydantic import Field, model_validator

from caregiving.instruments import _crossing
from caregiving.instruments._blocks import Block, Code, Number, Sourced
from caregiving.instruments._crossing import Cross, refuse
from caregiving.instruments.items import Answers, Choice, Item, Scale
from caregiving.instruments.needs import Needs
from caregiving.instruments.rating import RatingInstrument, Score
from caregiving.words import _

GIVEN: Final = "given_"
CLASS: Final = "class_"
CLASS_ITEM: Final = "class_given"
LONGEST_CODE: Final = 40


class Episode(Block):
    """One stretch of the procedure and how long it lasts when nothing speaks against it."""

    number: int = Field(ge=1)
    label: str = Field(min_length=1, max_length=80)
    duration_s: Number


class Timing(Sourced):
    """When an episode is cut short or goes on for longer, in words."""

    code: Code
    label: str = Field(min_length=1, max_length=300)


class Occasion(Block):
    """A part of the procedure in which scales are coded, such as the first reunion."""

    code: Code
    label: str = Field(min_length=1, max_length=80)


class CodedScale(Sourced):
    """What is coded, once in each of `coded_in`, or once of the whole; without a `scale` it is any number."""

    code: Code
    label: str = Field(min_length=1, max_length=80)
    coded_in: tuple[Code, ...] = ()
    scale: Scale | None = None


class Classes(Sourced):
    """The classes that a certified coder can give. `unclear` says that none could be given."""

    label: str = Field(min_length=1, max_length=300)
    choices: tuple[Choice, ...] = Field(min_length=2)
    unclear: Choice


class ProcedureInstrument(Sourced):
    """A procedure, and the record of it: numbers and a class as a certified coder gave them."""

    id: Code
    version: int = Field(ge=1)
    title: str = Field(min_length=1)
    kind: Literal["procedure"]
    licence: str
    attribution: str = ""
    audience: Literal["parents", "observers"]
    sharing: Literal["ask", "never"]
    description: str = ""
    episodes: tuple[Episode, ...] = Field(min_length=1)
    timing: tuple[Timing, ...] = ()
    occasions: tuple[Occasion, ...] = ()
    scales: tuple[CodedScale, ...] = Field(min_length=1)
    not_coded: Choice
    classes: Classes | None = None
    items: tuple[Item, ...] = ()
    needs: Needs = Field(default_factory=Needs)
    digest: str = Field(default="", exclude=True)

    @model_validator(mode="after")
    def _names_hang_together(self) -> Self:
        """Refuse episodes out of order, doubled names, and names that nothing in the file carries."""
        refuse(crossed(self.model_dump(mode="json")))
        return self

    @property
    def name(self) -> str:
        """The id with its version, such as strange_situation.v1."""
        return f"{self.id}.v{self.version}"

    @property
    def rated_as(self) -> tuple[str, ...]:
        """Whom a record of it can describe: always somebody who was observed."""
        return ("observer",)

    def as_form(self) -> RatingInstrument:
        """Return the record as questions, worded in the language that is spoken now.

        >>> from caregiving.instruments import load_procedure
        >>> form = load_procedure("strange_situation").as_form()
        >>> [item.code for item in form.items][0], len(form.items)
        ('given_proximity_seeking_first_reunion', 13)
        """
        coded = [(one, at, where) for one in self.scales for at, where in self._where(one)]
        scores = [
            Score(
                name=at,
                label=where,
                items=(f"{GIVEN}{at}",),
                how="value",
                minimum=1,
                range=(one.scale.start, one.scale.end) if one.scale else None,
                source=one.source,
            )
            for one, at, where in coded
        ]
        items = [
            Item(
                code=f"{GIVEN}{at}",
                kind="scale" if one.scale else "number",
                label=where,
                scale=one.scale,
                missing=(self.not_coded,),
            )
            for one, at, where in coded
        ]
        return RatingInstrument(
            **{name: getattr(self, name) for name in SHARED},
            kind="rating",
            about="observer",
            items=(*items, *self._class_item(), *self.items),
            scores=tuple(scores),
        )

    def _where(self, scale: CodedScale) -> Iterator[tuple[str, str]]:
        """Yield name and words of each figure of a scale: one an occasion, or one of the whole."""
        labels = {one.code: one.label for one in self.occasions}
        if not scale.coded_in:
            yield scale.code, _(scale.label)
        for code in scale.coded_in:
            yield (
                f"{scale.code}_{code}",
                _("{scale}, {part}").format(scale=_(scale.label), part=_(labels[code])),
            )

    def _class_item(self) -> Iterator[Item]:
        if self.classes is not None:
            choices = (*self.classes.choices, self.classes.unclear)
            yield Item(code=CLASS_ITEM, kind="choice", label=self.classes.label, choices=choices)

    def trouble(self, answers: Answers) -> list[str]:
        """Return a sentence for everything that keeps these answers from being stored."""
        return self.as_form().trouble(answers)

    def score(self, answers: Answers) -> dict[str, float]:
        """Return every figure as it was coded, and 1 for the class that was given; NaN for what was not.

        >>> from caregiving.instruments import load_procedure
        >>> found = load_procedure("strange_situation").score({"class_given": "cannot_classify"})
        >>> [(name, value) for name, value in found.items() if value == value]
        [('class_cannot_classify', 1.0)]
        """
        found = self.as_form().score(answers)
        given = answers.get(CLASS_ITEM)
        known = (*self.classes.choices, self.classes.unclear) if self.classes else ()
        return found | {f"{CLASS}{choice.code}": 1.0 for choice in known if choice.code == given}


SHARED: Final = (
    "id", "version", "title", "licence", "attribution", "audience", "sharing", "description", "needs",
    "digest", "source", "note",
)  # fmt: skip


def crossed(content: Mapping[str, Any]) -> list[Cross]:
    """Return the path, what was found and what is needed of everything that does not hang together."""
    occasions = {str(part.get("code")) for _at, part in _blocks(content, "occasions")}
    found: list[Cross] = [one for key in ("timing", "occasions", "scales") for one in _doubled(content, key)]
    for at, episode in _blocks(content, "episodes"):
        if episode.get("number") != at + 1:
            needed = f"{at + 1}, since they are told in order"
            found.append((("episodes", at, "number"), f'"{episode.get("number")}"', needed))
    generated: list[str] = [CLASS_ITEM] if content.get("classes") else []
    for at, scale in _blocks(content, "scales"):
        parts = [str(part) for part in scale.get("coded_in") or ()]
        found += _in_scale(at, str(scale.get("code")), parts, occasions)
        generated += [f"{GIVEN}{scale.get('code')}_{part}" for part in parts]
    return [*found, *_in_form(content, generated)]


def _in_scale(at: int, code: str, parts: list[str], occasions: set[str]) -> Iterator[Cross]:
    """Find parts of the procedure that are not there, and names that would grow too long."""
    for place, part in enumerate(parts):
        path = ("scales", at, "coded_in", place)
        if part not in occasions:
            yield path, f'"{part}"', f"one of the occasions: {', '.join(sorted(occasions)) or 'none'}"
        elif len(f"{GIVEN}{code}_{part}") > LONGEST_CODE:
            yield path, f'"{code}" in "{part}"', "shorter codes"


def _in_form(content: Mapping[str, Any], generated: list[str]) -> Iterator[Cross]:
    """Find what is wrong with the questions that are written out, which follow those of the scales."""
    own = [one for one in content.get("items") or () if isinstance(one, dict)]
    form = {"items": [*({"code": code, "kind": "scale"} for code in generated), *own]}
    for path, found, needed in _crossing.crossed(form | {"needs": content.get("needs")}):
        if path[0] == "items" and isinstance(path[1], int):
            path = ("items", path[1] - len(generated), *path[2:])
        yield path, found, needed


def _blocks(content: Mapping[str, Any], key: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield the blocks of a list; what is no block is told by its own rule."""
    parts = content.get(key)
    if isinstance(parts, list):
        yield from ((place, part) for place, part in enumerate(parts) if isinstance(part, dict))


def _doubled(content: Mapping[str, Any], key: str) -> Iterator[Cross]:
    seen: set[str] = set()
    for at, part in _blocks(content, key):
        code = str(part.get("code"))
        if code in seen:
            yield (key, at, "code"), f'"{code}" a second time', "each code only once"
        seen.add(code)
