"""What can be seen and how it is counted: one YAML file a version, immutable once used.

A wrong file is answered with all its faults at once, each with file, line, place, what was found and needed.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetPydanticSchema,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError, core_schema

from caregiving.faults import Fault, Refused
from caregiving.settings import settings
from caregiving.sources import all_sources

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
ClassName = Literal["distress", "social", "request", "disengage"]
Attribution = Literal["latest", "earliest_unanswered", "any"]
# 0, 0.5 or 1 and nothing between: Python's own Literal takes no fractions, pydantic's does.
Fit = Annotated[float, GetPydanticSchema(lambda *_: core_schema.literal_schema([0, 0.5, 1]))]


class Block(BaseModel):
    """A part of an instrument: frozen, and unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Sourced(Block):
    """Anything with numbers in it names its source."""

    source: str
    note: str = ""

    @model_validator(mode="after")
    def _source_is_known(self) -> Self:
        """Refuse a source that is not in sources.yaml."""
        if self.source not in all_sources():
            known = ", ".join(sorted(all_sources()))
            raise PydanticCustomError(
                "source", "a source key of sources.yaml, one of: {known}", {"known": known}
            )
        return self


class Number(Sourced):
    """One number with its source."""

    value: float = Field(ge=0)


class Steps(Sourced):
    """Several rising numbers with one source."""

    value: tuple[float, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _rising(self) -> Self:
        """Refuse steps that do not rise from above 0."""
        if any(b <= a for a, b in zip((0.0, *self.value), self.value, strict=False)):
            raise PydanticCustomError("rising", "numbers that rise, the first above 0", {})
        return self


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


class UnknownInstrument(LookupError):
    """An instrument that is not on the shelf."""

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(f'there is no instrument "{name}"; the known ones are: {", ".join(known)}')


def shelf(folder: Path | None = None) -> dict[str, Path]:
    """Return every instrument file by its name (id with version), oldest version first."""
    paths = (folder or settings().schemas).glob("*.v*.yaml")
    return {
        p.stem: p for p in sorted(paths, key=lambda p: (p.stem.split(".v")[0], int(p.stem.split(".v")[1])))
    }


def load(name: str) -> Instrument:
    """Return the instrument of that name: `home_moments` is its newest version, or a path to a YAML file.

    Raises
    ------
    UnknownInstrument
        When no file has that name; the message lists the known ones.
    Refused
        When the file has faults; the message lists all of them.

    >>> load("free_play.v1").attribution
    'latest'
    """
    if name.endswith((".yaml", ".yml")):
        return read(Path(name))
    known = shelf()
    matching = [stem for stem in known if name in (stem, stem.split(".v")[0])]
    if not matching:
        raise UnknownInstrument(name, list(known))
    return _kept(known[matching[-1]])


@cache
def _kept(path: Path) -> Instrument:
    return read(path)


def read(path: Path) -> Instrument:
    """Read one instrument file, or raise Refused with every fault of it."""
    try:
        raw = path.read_bytes()
        node = yaml.compose(raw, Loader=yaml.SafeLoader)
        content = yaml.safe_load(raw)
    except FileNotFoundError as reason:
        raise Refused(
            [Fault(str(path), "no file", "the path of an instrument, such as mine.v1.yaml")]
        ) from reason
    except (yaml.YAMLError, UnicodeDecodeError) as reason:
        raise Refused([_not_yaml(path, reason)]) from reason
    faults = _doubled_keys(path.name, node) if node is not None else []
    if not isinstance(content, dict):
        raise Refused(
            [Fault(path.name, f"{type(content).__name__}", "a mapping that starts with id, version, title")]
        )
    try:
        instrument = Instrument.model_validate(content | {"digest": hashlib.sha256(raw).hexdigest()})
    except ValidationError as reason:
        raise Refused([*faults, *(_told(path.name, node, error) for error in reason.errors())]) from reason
    if faults:
        raise Refused(faults)
    return instrument


def _not_yaml(path: Path, reason: Exception) -> Fault:
    mark = getattr(reason, "problem_mark", None)
    place = f"{path.name}, line {mark.line + 1}" if mark else path.name
    return Fault(
        place, f"text that is not YAML ({getattr(reason, 'problem', None) or reason})", "valid YAML in UTF-8"
    )


def _doubled_keys(file: str, node: yaml.Node) -> list[Fault]:
    """Find keys written twice in one mapping: YAML would silently keep only the last."""
    faults = []
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, child in node.value:
            if key.value in seen:
                place = f"{file}, line {key.start_mark.line + 1}, {key.value}"
                faults.append(Fault(place, "the same key a second time", "each key once"))
            seen.add(key.value)
            faults += _doubled_keys(file, child)
    elif isinstance(node, yaml.SequenceNode):
        faults = [fault for child in node.value for fault in _doubled_keys(file, child)]
    return faults


def _told(file: str, node: yaml.Node | None, error: ErrorDetails) -> Fault:
    """Turn one of pydantic's errors into a sentence with the line it stands on."""
    path = list(error["loc"])
    place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")
    kind, found = error["type"], error["input"]
    given: Any = f'"{found}"' if isinstance(found, str | int | float) else f"a {type(found).__name__}"
    needed = error["msg"][:1].lower() + error["msg"][1:]
    if kind == "missing":
        given, needed = "nothing", f"{path[-1]}, which every such block has"
    elif kind == "extra_forbidden":
        given, needed = (
            f'an unknown key "{path[-1]}"',
            "only the keys of the instrument format (see _schema.json)",
        )
    elif kind == "string_pattern_mismatch":
        needed = "lower-case letters, digits and underscores, starting with a letter"
    elif kind in {"source", "rising", "horizon", "class", "codes"}:
        given = {
            "source": f'"{getattr(found, "source", found["source"] if isinstance(found, dict) else found)}"'
        }.get(kind, "something else")
    return Fault(f"{file}, line {_line(node, path)}, {place or 'the file'}", str(given), needed)


def _line(node: yaml.Node | None, path: list[int | str]) -> int:
    """Return the line (from 1) on which the deepest existing part of the path stands."""
    line = 1
    for step in path:
        if isinstance(node, yaml.MappingNode):
            found = next(((k, v) for k, v in node.value if k.value == str(step)), None)
            if found is None:
                return line
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
    return line
