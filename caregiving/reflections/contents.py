"""The kinds of texts that parents write for themselves, and what each kind consists of."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Annotated, Final, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000)]
LongWords = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50_000)]
Level = Annotated[int, Field(ge=0, le=10)]  # 0 calm, 10 the most one can imagine
SOME: Final = Field(min_length=1)


class Content(BaseModel):
    """What a text consists of; each kind has its own. Texts may have several lines."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Journal(Content):
    """Whatever stays with somebody, about a logged moment or about none."""

    text: LongWords
    about_moment: UUID | None = None


class Trigger(Content):
    """A situation that was hard: how the body told of it, what one wanted to do, what helped."""

    situation: Annotated[Words, SOME]
    body_sign: Words = ""
    urge: Words = ""
    helped: Words = ""


class CopingPlan(Content):
    """An if-then plan, made in a calm hour for a hard one."""

    when: Annotated[Words, SOME]
    then: Annotated[Words, SOME]
    revisit_on: date | None = None


class Stress(Content):
    """How tense somebody felt before and after; the second number may come later."""

    before: Level
    after: Level | None = None
    what_helped: Words = ""


class Gratitude(Content):
    """Something good that somebody wants to remember."""

    text: Annotated[Words, SOME]


class SmallWin(Content):
    """Something that went a little better."""

    text: Annotated[Words, SOME]


class Affirmation(Content):
    """A sentence that steadies the one who wrote it."""

    text: Annotated[Words, SOME]


class Step(Content):
    """One step towards a goal."""

    text: Annotated[Line, SOME]
    by: date | None = None
    done_on: date | None = None


class Goal(Content):
    """Something to try, in one to three steps."""

    title: Annotated[Line, SOME]
    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=3)]
    revisit_on: date | None = None


class Contact(Content):
    """Somebody to turn to."""

    who: Annotated[Line, SOME]
    what_for: Words = ""
    how_to_reach: Words = ""


class Boundary(Content):
    """A need or a boundary towards the other caregiver, said of oneself."""

    when: Words = ""
    i_feel: Words = ""
    i_need: Words = ""
    text: Words = ""
    revisit_on: date | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        """Refuse one that names neither a need nor a boundary."""
        if not (self.i_need or self.text):
            raise ValueError("neither a need nor a boundary is named; write i_need or text")
        return self


class Ritual(Content):
    """A regular moment between caregivers."""

    what: Annotated[Line, SOME]
    how_often: Literal["daily", "weekly", "fortnightly", "monthly"]
    when: Line = ""
    revisit_on: date | None = None


class Card(Content):
    """What somebody said of a guidance card."""

    card: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$", max_length=60)]
    mark: Literal["tried", "not_for_us"]


AnyContent = (
    Journal
    | Trigger
    | CopingPlan
    | Stress
    | Gratitude
    | SmallWin
    | Affirmation
    | Goal
    | Contact
    | Boundary
    | Ritual
    | Card
)
Kind = Literal[
    "journal",
    "trigger",
    "coping_plan",
    "stress",
    "gratitude",
    "small_win",
    "affirmation",
    "goal",
    "contact",
    "boundary",
    "ritual",
    "card",
]
CONTENTS: Final[Mapping[str, type[AnyContent]]] = MappingProxyType(
    {
        "journal": Journal,
        "trigger": Trigger,
        "coping_plan": CopingPlan,
        "stress": Stress,
        "gratitude": Gratitude,
        "small_win": SmallWin,
        "affirmation": Affirmation,
        "goal": Goal,
        "contact": Contact,
        "boundary": Boundary,
        "ritual": Ritual,
        "card": Card,
    }
)
