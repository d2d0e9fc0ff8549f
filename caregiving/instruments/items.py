"""Questions: how each can be answered, and when it is asked.

Three things are kept apart: a question that was not asked, one that was not answered, and one to which
somebody said that it cannot be rated or that they prefer not to say.
"""

import math
from collections.abc import Mapping
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from caregiving.instruments._blocks import Block, Code
from caregiving.instruments.expressions import Answer, BadExpression, parse
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
