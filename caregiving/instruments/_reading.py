"""From a YAML file to an instrument, or to all its faults: file, line, place, what was found and needed."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from caregiving.faults import Fault, Refused
from caregiving.instruments import _crossing, procedure, sort
from caregiving.instruments.coding import Instrument
from caregiving.instruments.procedure import ProcedureInstrument
from caregiving.instruments.rating import RatingInstrument
from caregiving.instruments.sort import SortInstrument

AnyInstrument = Instrument | RatingInstrument | SortInstrument | ProcedureInstrument
Crossed = Callable[[Mapping[str, Any]], Iterable[tuple[tuple[int | str, ...], str, str]]]
KINDS: Final[MappingProxyType[str, type[AnyInstrument]]] = MappingProxyType(
    {
        "coding": Instrument,
        "rating": RatingInstrument,
        "sort": SortInstrument,
        "procedure": ProcedureInstrument,
    }
)
# What the parts of a file say of each other; told together with the faults of each part.
CROSSED: Final[MappingProxyType[str, Crossed]] = MappingProxyType(
    {"rating": _crossing.crossed, "sort": sort.crossed, "procedure": procedure.crossed}
)
# Faults that a whole block has: what was found there is told by the sentence, not by the block's content.
OF_BLOCKS: Final = frozenset({"rising", "horizon", "class", "codes", "steps", "parts"})


def read(path: Path) -> AnyInstrument:
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
    kind = content.get("kind")
    model = KINDS.get(kind) if isinstance(kind, str) else None
    if model is None:
        place, given = f"{path.name}, line {_line(node, ['kind'])}, kind", f'"{kind}"' if kind else "nothing"
        raise Refused([*faults, Fault(place, given, f"one of: {', '.join(KINDS)}")])
    content, more = _with_criteria(path, node, content)
    faults += more
    instrument = None
    try:
        instrument = model.model_validate(content | {"digest": hashlib.sha256(raw).hexdigest()})
    except ValidationError as reason:
        faults += [_told(path.name, node, error) for error in reason.errors() if error["type"] != "crossed"]
    faults += _across(path.name, node, content)
    if faults or instrument is None:
        raise Refused(sorted(faults, key=_line_of))
    return instrument


def _across(file: str, node: yaml.Node | None, content: dict[str, Any]) -> Iterator[Fault]:
    """Yield what the parts of a file say of each other that does not hang together."""
    look = CROSSED.get(content["kind"])
    for path, found, needed in look(content) if look is not None else ():
        place = _place(list(path))
        yield Fault(f"{file}, line {_line(node, list(path))}, {place}", found, needed)


def _with_criteria(
    path: Path, node: yaml.Node | None, content: dict[str, Any]
) -> tuple[dict[str, Any], list[Fault]]:
    """Take in the criterion values that lie in a file of their own, unless that was changed."""
    named = content.get("criteria_from")
    if content.get("kind") != "sort" or not isinstance(named, dict):
        return content, []
    steps: list[int | str] = ["criteria_from", "file"]
    place = f"{path.name}, line {_line(node, steps)}, criteria_from.file"
    file = str(named.get("file"))
    try:
        raw = (path.parent / Path(file).name).read_bytes()
        values = yaml.safe_load(raw)
    except (OSError, yaml.YAMLError) as reason:
        found = f'"{file}", which cannot be read ({type(reason).__name__})'
        return content | {"criteria": {}}, [Fault(place, found, "a YAML file beside this one")]
    if hashlib.sha256(raw).hexdigest() != named.get("sha256"):
        needed = "the file with that sha256; a change of its values is a new version of the instrument"
        return content | {"criteria": {}}, [Fault(place, f'"{file}" with other bytes', needed)]
    if "criteria" in content:
        return content, [Fault(place, "criteria in both files", "them in one place")]
    return content | {"criteria": values.get("criteria") if isinstance(values, dict) else None}, []


def _line_of(fault: Fault) -> int:
    _before, _word, after = fault.place.partition(", line ")
    number = after.split(",")[0]
    return int(number) if number.isdigit() else 0


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


def _place(path: list[int | str]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")


def _told(file: str, node: yaml.Node | None, error: ErrorDetails) -> Fault:
    """Turn one of pydantic's errors into a sentence with the line it stands on."""
    path = list(error["loc"])
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
    elif kind == "expression":
        given = error["ctx"]["found"]
    elif kind == "source":
        given = f'"{found.get("source") if isinstance(found, dict) else getattr(found, "source", found)}"'
    elif kind in OF_BLOCKS:
        given = "something else"
    return Fault(f"{file}, line {_line(node, path)}, {_place(path) or 'the file'}", str(given), needed)


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
