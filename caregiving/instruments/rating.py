"""Instruments of kind `rating`: questions that somebody answers, scores, and what a record needs."""

import math
from typing import Literal, Self

from pydantic import Field, model_validator

from caregiving.instruments._blocks import Code, Sourced
from caregiving.instruments._crossing import crossed, refuse
from caregiving.instruments.expressions import ITSELF, Answer, holds, parse
from caregiving.instruments.items import LONGEST_TEXT, Answers, Choice, Expression, Item, ItemKind, Scale
from caregiving.instruments.needs import Needs
from caregiving.words import _

__all__ = [
    "LONGEST_TEXT",
    "Answers",
    "Choice",
    "Expression",
    "Item",
    "ItemKind",
    "Needs",
    "Opening",
    "RatingInstrument",
    "Scale",
    "Score",
]


class Score(Sourced):
    """A figure made from answers.

    `sum` needs every item; `mean` at least `minimum` of them, and is the mean of those that were answered;
    `value` is one item's number as it was entered. `range` is what the choices and scales allow; a value
    that is any number has none.
    """

    name: Code
    label: str = Field(min_length=1, max_length=80)
    items: tuple[Code, ...] = Field(min_length=1)
    how: Literal["sum", "mean", "value"]
    minimum: int = Field(ge=1)
    range: tuple[float, float] | None = None
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
    needs: Needs = Field(default_factory=Needs)
    digest: str = Field(default="", exclude=True)

    @model_validator(mode="after")
    def _names_hang_together(self) -> Self:
        """Refuse doubled names, and names that nothing in the form carries."""
        refuse(crossed(self.model_dump(mode="json")))
        return self

    @property
    def name(self) -> str:
        """The id with its version, such as weekly_check_in.v1."""
        return f"{self.id}.v{self.version}"

    @property
    def rated_as(self) -> tuple[str, ...]:
        """Whom a record of it can describe: the one who answers (self), or whom they observed (observer)."""
        return (self.about,)

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
            total = math.fsum(counted) / (max(1, len(counted)) if score.how == "mean" else 1)
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
