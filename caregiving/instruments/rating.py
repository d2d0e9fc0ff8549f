"""Instruments of kind `rating`: questions, when each is asked, what fits as an answer, and the scores.

Three things are kept apart: a question that was not asked, one that was not answered, and one to which
somebody said that it cannot be rated or that they prefer not to say.
"""

import math
from collections.abc import Mapping
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from caregiving.instruments._blocks import Block, Code, Sourced
from caregiving.instruments._crossing import crossed
from caregiving.instruments.expressions import ITSELF, Answer, BadExpression, holds, parse
from caregiving.words import _

LONGEST_TEXT: Final = 2000
Answers = Mapping[str, Answer]
ItemKind = Literal["choice", "scale", "number", "text", "note"]


def _readable(text: str) -> str:
    """Refuse an expression that cannot be read."""
    try:
        parse(text)
    except BadExpression as reason:
        parts = {"found": reason.found, "needed": reason.needed}
        raise PydanticCustomError("expression", "{needed}", parts) from None
    return text


Expression = Annotated[str, AfterValidator(_readable)]


class Choice(Block):
    """One answer that can be chosen; `value` is what it counts in a score."""

    code: Code
    label: str = Field(min_length=1, max_length=80)
    value: float | None = None


class Scale(Block):
    """Whole numbers from `start` to `end`; `anchors` puts words to some of them."""

    start: int
    end: int
    step: int = Field(default=1, ge=1)
    anchors: dict[int, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _steps_fit(self) -> Self:
        """Refuse a scale that does not rise, misses its end, or has words beside its steps."""
        if self.end <= self.start or (self.end - self.start) % self.step:
            raise PydanticCustomError("steps", "an end above the start that the steps reach", {})
        beside = [anchor for anchor in self.anchors if anchor not in self.steps()]
        if beside:
            raise PydanticCustomError("steps", "anchors that stand on steps of the scale", {})
        return self

    def steps(self) -> range:
        """Return the numbers of the scale.

        >>> list(Scale(start=0, end=4, step=2).steps())
        [0, 2, 4]
        """
        return range(self.start, self.end + 1, self.step)


class Item(Block):
    """One question.

    kind: `choice` one of `choices`; `scale` a whole number; `number` any number; `text` free words; `note`
    only says something. `relevant` tells when it is asked, `constraint` what fits (`.` is the answer), and
    `missing` are the ways to leave it open on purpose, such as "prefer not to say".
    """

    code: Code
    kind: ItemKind
    label: str = Field(min_length=1, max_length=300)
    hint: str = ""
    required: bool = False
    choices: tuple[Choice, ...] = ()
    missing: tuple[Choice, ...] = ()
    scale: Scale | None = None
    relevant: Expression | None = None
    constraint: Expression | None = None
    constraint_message: str = ""

    @model_validator(mode="after")
    def _parts_fit_the_kind(self) -> Self:
        """Refuse parts that this kind of question has no use for, and a lack of those that it needs."""
        codes = [choice.code for choice in (*self.choices, *self.missing)]
        rules = (
            (
                (self.kind == "choice") == (len(self.choices) > 1),
                "two choices or more on a choice, only there",
            ),
            (
                (self.kind == "scale") == (self.scale is not None),
                "a scale on an item of kind scale, only there",
            ),
            (len(set(codes)) == len(codes), "choices whose codes differ"),
            (
                self.kind != "note" or not (self.required or codes or self.constraint),
                "a note without answers",
            ),
            (
                bool(self.constraint) == bool(self.constraint_message),
                "a constraint together with its constraint_message",
            ),
            (all(one.value is None for one in self.missing), "no value on what is left open"),
        )
        wrong = [needed for fine, needed in rules if not fine]
        if wrong:
            raise PydanticCustomError("parts", "{wrong}", {"wrong": "; ".join(wrong)})
        return self

    def left_open(self, answer: Answer) -> bool:
        """Tell whether the question was left open on purpose."""
        return any(answer == choice.code for choice in self.missing)

    def value(self, answer: Answer) -> float:
        """Return what an answer counts in a score; NaN when it counts nothing."""
        if answer is None or self.left_open(answer):
            return math.nan
        if self.kind == "choice":
            found = next((c.value for c in self.choices if c.code == answer), None)
            return math.nan if found is None else found
        return math.nan if isinstance(answer, str) else float(answer)

    def said(self, answer: Answer) -> str:
        """Return an answer in the words of the form, in the language that is spoken now."""
        named = next((_(c.label) for c in (*self.choices, *self.missing) if c.code == answer), None)
        if named is not None or answer is None:
            return named or ""
        if isinstance(answer, str):
            return answer
        anchor = self.scale.anchors.get(int(answer)) if self.scale else None
        return f"{answer:g} ({_(anchor)})" if anchor else f"{answer:g}"

    def fits(self, answer: Answer) -> bool:
        """Tell whether this can be an answer at all, whatever the constraint says."""
        if self.left_open(answer):
            return True
        if self.kind == "choice":
            return any(answer == choice.code for choice in self.choices)
        if self.kind == "text":
            return isinstance(answer, str) and len(answer) <= LONGEST_TEXT
        if self.kind == "note" or not isinstance(answer, int | float) or not math.isfinite(answer):
            return False
        return self.scale is None or answer in self.scale.steps()


class Score(Sourced):
    """A figure made from answers.

    `sum` needs every item; `mean` at least `minimum` of them, and is the mean of those that were answered.
    `range` is what the choices and scales allow.
    """

    name: Code
    label: str = Field(min_length=1, max_length=80)
    items: tuple[Code, ...] = Field(min_length=1)
    how: Literal["sum", "mean"]
    minimum: int = Field(ge=1)
    range: tuple[float, float]
    unit: str = ""


class Opening(Sourced):
    """A pattern of answers that opens a card of guidance. Its cut is sourced, or said to be our own."""

    pattern: Code
    when: Expression


class RatingInstrument(Sourced):
    """Questions that somebody answers about themselves, or about what they observed.

    about: `self` describes the one who answers, `observer` somebody else. sharing: `never` stays with its
    author whatever is ticked; `ask` is private until its author shares it.
    """

    id: Code
    version: int = Field(ge=1)
    title: str = Field(min_length=1)
    kind: Literal["rating"]
    licence: str
    attribution: str = Field(default="", description="the line that has to stand beside the questions")
    audience: Literal["parents", "observers"]
    about: Literal["self", "observer"]
    sharing: Literal["ask", "never"]
    description: str = ""
    items: tuple[Item, ...] = Field(min_length=1)
    scores: tuple[Score, ...] = ()
    opens: tuple[Opening, ...] = ()
    digest: str = Field(default="", exclude=True)

    @model_validator(mode="after")
    def _names_hang_together(self) -> Self:
        """Refuse doubled names, and names that nothing in the form carries."""
        wrong = crossed(self.model_dump(mode="json"))
        if wrong:
            sentences = "; ".join(f"{'.'.join(map(str, path))}: {needed}" for path, _found, needed in wrong)
            raise PydanticCustomError("crossed", "{wrong}", {"wrong": sentences})
        return self

    @property
    def name(self) -> str:
        """The id with its version, such as weekly_check_in.v1."""
        return f"{self.id}.v{self.version}"

    def asked(self, answers: Answers) -> list[Item]:
        """Return the items that are asked, given these answers; what is not asked counts as not answered.

        >>> from caregiving.instruments import load_rating
        >>> [item.code for item in load_rating("phq2").asked({})]
        ['last_two_weeks', 'interest', 'mood']
        """
        known: dict[str, Answer] = {}
        found = []
        for item in self.items:
            if item.relevant is None or holds(parse(item.relevant), known):
                found.append(item)
                known[item.code] = answers.get(item.code)
        return found

    def answered(self, answers: Answers) -> dict[str, Answer]:
        """Return the answers to what was asked, without those that were never given."""
        given = {item.code: answers.get(item.code) for item in self.asked(answers) if item.kind != "note"}
        return {code: answer for code, answer in given.items() if answer not in (None, "")}

    def objection(self, item: Item, answers: Answers) -> str | None:
        """Return what is wrong with the answer to one item, or None; an open question has nothing wrong."""
        answer = answers.get(item.code)
        if answer in (None, "") or item.left_open(answer):
            return None
        if not item.fits(answer):
            return _("“{question}” cannot be answered in that way.").format(question=_(item.label))
        if item.constraint and not holds(parse(item.constraint), {**answers, ITSELF: answer}):
            return _(item.constraint_message)
        return None

    def trouble(self, answers: Answers) -> list[str]:
        """Return a sentence for everything that keeps these answers from being stored.

        >>> from caregiving.instruments import load_rating
        >>> load_rating("phq2").trouble({"interest": "not_at_all", "mood": "blue"})
        ['“Feeling down, depressed, or hopeless” cannot be answered in that way.']
        """
        known = {item.code for item in self.items if item.kind != "note"}
        found = [
            _("There is no question “{code}” in this form.").format(code=code)
            for code in answers
            if code not in known
        ]
        given = self.answered(answers)
        for item in self.asked(answers):
            if item.required and item.code not in given:
                found.append(_("“{question}” is still open.").format(question=_(item.label)))
            elif (wrong := self.objection(item, given)) is not None:
                found.append(wrong)
        return found

    def score(self, answers: Answers) -> dict[str, float]:
        """Return every score; NaN when fewer items than its minimum were answered.

        >>> from caregiving.instruments import load_rating
        >>> load_rating("phq2").score({"interest": "several_days", "mood": "nearly_every_day"})
        {'phq2': 4.0}
        >>> load_rating("phq2").score({"interest": "several_days", "mood": "prefer_not_to_say"})
        {'phq2': nan}
        """
        given = self.answered(answers)
        by_code = {item.code: item for item in self.items}
        found = {}
        for score in self.scores:
            values = [by_code[code].value(given.get(code)) for code in score.items]
            counted = [value for value in values if not math.isnan(value)]
            total = math.fsum(counted) / (1 if score.how == "sum" else max(1, len(counted)))
            found[score.name] = total if len(counted) >= score.minimum else math.nan
        return found

    def opened(self, answers: Answers) -> frozenset[str]:
        """Return the patterns of guidance that these answers open.

        >>> from caregiving.instruments import load_rating
        >>> sorted(load_rating("phq2").opened({"interest": "several_days", "mood": "several_days"}))
        ['phq2_2']
        """
        known = {**self.answered(answers), **self.score(answers)}
        return frozenset(opening.pattern for opening in self.opens if holds(parse(opening.when), known))
