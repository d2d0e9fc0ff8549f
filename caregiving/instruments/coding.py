"""Instruments of kind `coding`: what can be seen, by whom, and how waiting for an answer is counted."""

from typing import Annotated, Literal, Self

from pydantic import Field, GetPydanticSchema, model_validator
from pydantic_core import PydanticCustomError, core_schema

from caregiving.instruments._blocks import Block, Code, Number, Sourced, Steps

ClassName = Literal["distress", "social", "request", "disengage"]
Attribution = Literal["latest", "earliest_unanswered", "any"]
# 0, 0.5 or 1 and nothing between: Python's own Literal takes no fractions, pydantic's does.
Fit = Annotated[float, GetPydanticSchema(lambda *_: core_schema.literal_schema([0, 0.5, 1]))]


class Timing(Block):
    """When an answer counts as prompt; every figure of it is in seconds."""

    rmst_horizon_s: Number | None = None
    within_s: Steps | None = None
    prompt_s: Steps | None = None


class CueClass(Timing):
    """How one class of cues is followed. `codes` holds finer targets of single codes."""

    response_window_s: Number
    bout_gap_s: Number | None = None
    codes: dict[Code, Timing] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _inside_the_window(self) -> Self:
        """Refuse a target that lies beyond the time a cue is followed."""
        limit = self.response_window_s.value
        timings: list[Timing] = [self, *self.codes.values()]
        for timing in timings:
            horizon = timing.rmst_horizon_s.value if timing.rmst_horizon_s else 0
            latest = max((*(timing.within_s.value if timing.within_s else ()), horizon))
            if latest > limit:
                raise PydanticCustomError(
                    "horizon", "targets inside the response window of {limit} s", {"limit": f"{limit:g}"}
                )
        return self


class Behaviour(Block):
    """One thing that can be seen.

    kind: `cue` asks for an answer; `response` can be one; `none` says that there was none; `state` goes on
    for a while; `outcome` ends a cue (it settled); `other` asks for nothing, but may absorb an answer;
    `missing` marks time in which nothing could be seen.
    """

    code: Code
    who: Literal["infant", "caregiver"]
    kind: Literal["cue", "response", "none", "state", "outcome", "other", "missing"]
    label: str = Field(min_length=1, max_length=40)
    cue_class: ClassName | None = Field(default=None, alias="class")
    form: Literal["point", "state"] = "point"
    engages: bool = Field(default=False, description="while it goes on, the caregiver is already there")
    absorbs: bool = Field(default=False, description="not a cue, but can take the credit of an answer")
    modality: Literal["touch", "voice", "visual"] | None = None
    excludes: tuple[Code, ...] = ()
    hint: str = ""
    icon: str = ""
    prominence: Literal[1, 2, 3] = 2

    @model_validator(mode="after")
    def _class_goes_with_cue(self) -> Self:
        """Refuse a cue without a class, and a class on anything else."""
        if (self.kind == "cue") != (self.cue_class is not None):
            raise PydanticCustomError(
                "class", "a class (distress, social, request, disengage) on cues, and only there", {}
            )
        return self


class Appropriateness(Sourced):
    """How well a kind of answer fits a kind of cue: 0, 0.5 or 1."""

    table: dict[Code, dict[Code, Fit]]


class Bracket(Block):
    """How long an answer took, as somebody remembers it: later than `low_s`, at the latest after `high_s`."""

    label: str
    low_s: float = Field(ge=0)
    high_s: float | None = Field(default=None, gt=0)


class Recall(Sourced):
    """What a parent can say of a moment after the fact. Never as exact as a tap, and kept apart from taps."""

    brackets: tuple[Bracket, ...]


class Instrument(Block):
    """What can be seen, by whom, and how waiting for an answer is counted."""

    id: Code
    version: int = Field(ge=1)
    title: str = Field(min_length=1)
    kind: Literal["coding"]
    licence: str
    audience: Literal["parents", "observers"]
    description: str = ""
    resolution_s: Number
    latency_from: Literal["onset", "offset"]
    attribution: Attribution
    overlap: Literal["answer", "exclude"]
    classes: dict[ClassName, CueClass]
    behaviours: tuple[Behaviour, ...] = Field(min_length=1)
    appropriateness: Appropriateness | None = None
    recall: Recall | None = None
    digest: str = Field(default="", exclude=True)

    @model_validator(mode="after")
    def _codes_hang_together(self) -> Self:
        """Refuse doubled codes, and names that nothing in the file carries."""
        codes = [b.code for b in self.behaviours]
        doubled = sorted({code for code in codes if codes.count(code) > 1})
        named = {c for b in self.behaviours for c in b.excludes} | {
            c for k in self.classes.values() for c in k.codes
        }
        if self.appropriateness:
            named |= {c for cue, row in self.appropriateness.table.items() for c in (cue, *row)}
        used = {b.cue_class for b in self.behaviours if b.cue_class}
        wrong = [f'code "{c}" only once' for c in doubled]
        wrong += [f'a behaviour with code "{c}"' for c in sorted(named - set(codes))]
        wrong += [f'timing for class "{c}" under classes' for c in sorted(used - set(self.classes))]
        if wrong:
            raise PydanticCustomError("codes", "{wrong}", {"wrong": "; ".join(wrong)})
        return self

    @property
    def name(self) -> str:
        """The id with its version, such as home_moments.v1."""
        return f"{self.id}.v{self.version}"

    def behaviour(self, code: str) -> Behaviour:
        """Return the behaviour of that code, or raise UnknownBehaviour."""
        for behaviour in self.behaviours:
            if behaviour.code == code:
                return behaviour
        raise UnknownBehaviour(code, self)

    def codes(self, *kinds: str, **wanted: object) -> list[str]:
        """Return the codes of these kinds whose fields have the wanted values.

        >>> from caregiving.instruments import load
        >>> load("home_moments").codes("none")
        ['none']
        """
        return [
            b.code
            for b in self.behaviours
            if (not kinds or b.kind in kinds)
            and all(getattr(b, name) == value for name, value in wanted.items())
        ]


class UnknownBehaviour(LookupError):
    """A code that the instrument does not have."""

    def __init__(self, code: str, instrument: Instrument) -> None:
        known = ", ".join(b.code for b in instrument.behaviours)
        super().__init__(f'"{code}" is not a code of {instrument.name}; its codes are: {known}')
