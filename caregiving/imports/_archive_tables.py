"""The tables of an archive: what every column holds, and how its values are written and read again.

An archive leaves out the family's id, which is the same in every row, and the number of arrival: the rows
stand in the order in which they arrived. A missing value is an empty cell. A text that a spreadsheet could
take for a formula, and one that is empty or begins with an apostrophe, has an apostrophe put before it.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final, Literal, NoReturn
from uuid import UUID

Kind = Literal["id", "text", "int", "float", "bool", "day", "json"]
FORMULA: Final = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")  # the last four: their full-width forms
LARGEST_INT: Final = 2**53 - 1


@dataclass(frozen=True)
class Cell:
    """One column of a table: the kind of its values, what they mean, their unit, and whether one may miss.

    `since`: the version of the format in which it first appears.
    """

    kind: Kind
    meaning: str
    unit: str = ""
    optional: bool = False
    since: int = 1


MS: Final = "ms since 1970, UTC"
_ID: Final = Cell("id", "id of this record, made where it was born")
_ALIAS: Final = Cell("text", "the name the family chose")
_SENT: Final = {
    "author": Cell("id", "the member who wrote it down"),
    "sender": Cell("id", "the member whose device sent it"),
    "device": Cell("id", "the tablet, or the pages of one member"),
    "ordinal": Cell("int", "rises with every tap of one device"),
    "wall_ms": Cell("int", "what the device's clock showed", MS),
    "skew_ms": Cell("int", "server clock minus device clock, when known", "ms", optional=True),
    "received_ms": Cell("int", "when the server got it", MS),
}
_PLACE: Final = {
    "zone": Cell("text", "IANA time zone"),
    "utc_offset_min": Cell("int", "local time minus UTC", "min"),
}
_VERSION: Final = {
    "supersedes": Cell("id", "the earlier version that this one stands in for", optional=True),
    "void": Cell("bool", "this version takes the earlier one back"),
}

TABLES: Final[Mapping[str, Mapping[str, Cell]]] = MappingProxyType(
    {
        "families": {"id": _ID, "alias": _ALIAS, "created_ms": Cell("int", "when it was founded", MS)},
        "caregivers": {"id": _ID, "alias": _ALIAS},
        "children": {
            "id": _ID,
            "alias": _ALIAS,
            "colour": Cell("text", "the child's colour on the screen, such as #9A5700"),
            "born_on": Cell("day", "date of birth", optional=True),
            "due_on": Cell("day", "date on which the birth was expected", optional=True),
        },
        "members": {
            "id": _ID,
            "alias": _ALIAS,
            "role": Cell("text", "parent, home_visitor or supervisor"),
            "own_family": Cell("id", "this family, for those who belong to it", optional=True),
            "caregiver": Cell("id", "the caregiver that this member is", optional=True),
        },
        "consents": {
            "id": _ID,
            "member": Cell("id", "who may look"),
            "scope": Cell("json", "what they may do"),
            "purpose": Cell("text", "what for"),
            "given_by": Cell("id", "who agreed"),
            "valid_from_ms": Cell("int", "from when", MS),
            "valid_until_ms": Cell("int", "up to when", MS),
            "withdrawn_ms": Cell("int", "when it was taken back", MS, optional=True),
        },
        "visits": {
            "id": _ID,
            "sitting": Cell("id", "the visit; the same in every version of its plan"),
            "child": Cell("id", "who is watched"),
            "author": Cell("id", "the member who observes"),
            "instrument": Cell("text", "id and version"),
            "minutes": Cell("int", "how long it is meant to last", "min", optional=True),
            "delay_ms": Cell("int", "from seeing to tapping; taken off every moment", "ms"),
            "context": Cell("text", "feeding, play, bath, bedtime or night", optional=True),
            "caregiver": Cell("id", "who is observed with the child", optional=True),
            "codes_again": Cell("id", "the visit that this one codes a second time", optional=True),
            "from_recording": Cell("bool", "coded from a recording, not from life"),
            "at_ms": Cell("int", "when this version was planned", MS),
            "utc_offset_min": Cell("int", "local time minus UTC", "min"),
            "void": Cell("bool", "this version takes the plan back"),
        },
        "window_starts": {
            "id": _ID,
            "child": Cell("id", "who was watched"),
            "mode": Cell("text", "live, prompt, session or opportunistic"),
            "context": Cell("text", "feeding, play, bath, bedtime or night", optional=True),
            "instrument": Cell("text", "id and version"),
            "started_ms": Cell("int", "start of the watching", MS),
            **_PLACE,
            **_SENT,
            "sitting": Cell("id", "the visit that this is a part of", optional=True, since=2),
            "episode": Cell("int", "which episode of a procedure", optional=True, since=2),
        },
        "window_ends": {
            "id": _ID,
            "window": Cell("id", "the window that ended"),
            "ended_ms": Cell("int", "end of the watching", MS),
            "elapsed_ms": Cell("int", "time since its start, by a clock that never jumps", "ms", True),
            "attestation": Cell("text", "all, most or some cues logged; paused, or discarded"),
            **_SENT,
        },
        "events": {
            "id": _ID,
            "child": Cell("id", "whose moment"),
            "window": Cell("id", "the window it was tapped in", optional=True),
            "instrument": Cell("text", "id and version"),
            "actor": Cell("text", "infant or caregiver"),
            "code": Cell("text", "what was seen"),
            "onset_ms": Cell("int", "start", MS),
            "offset_ms": Cell("int", "end of a state", MS, optional=True),
            **_PLACE,
            "elapsed_ms": Cell("int", "time since its window began, by a clock that never jumps", "ms", True),
            "time_quality": Cell("text", "how the time is known"),
            "latency_low_s": Cell("float", "a recalled answer came after this", "s", optional=True),
            "latency_high_s": Cell("float", "a recalled answer came by then", "s", optional=True),
            "caregiver": Cell("id", "who answered", optional=True),
            "modifiers": Cell("json", "anything added to the code"),
            **_SENT,
            **_VERSION,
            "reason": Cell("text", "why it was corrected", optional=True),
        },
        "reflections": {
            "id": _ID,
            "author": Cell("id", "the member who wrote it"),
            "kind": Cell("text", "which kind of text"),
            "content": Cell("json", "the text; each kind has its own fields"),
            "shared": Cell("bool", "the others of the household may read it"),
            "at_ms": Cell("int", "when it was first written", MS),
            "written_ms": Cell("int", "when this version was written", MS),
            **_VERSION,
        },
        "ratings": {
            "id": _ID,
            "child": Cell("id", "about whom", optional=True),
            "author": Cell("id", "the member who rated"),
            "rater": Cell("text", "the rater, by name"),
            "kind": Cell("text", "observer, or self"),
            "instrument": Cell("text", "id and version"),
            "window": Cell("id", "the window that was rated", optional=True),
            "certified": Cell("bool", "the rater is trained and certified for this instrument"),
            "minutes": Cell("float", "how long was observed", "min", optional=True),
            "answers": Cell("json", "what was answered"),
            "scores": Cell("json", "the scores that these answers give"),
            "shared": Cell("bool", "whoever may see the patterns may see it"),
            "at_ms": Cell("int", "when it was rated", MS),
            "utc_offset_min": Cell("int", "local time minus UTC", "min"),
            "written_ms": Cell("int", "when this version was written", MS),
            **_VERSION,
        },
        "preferences": {
            "member": Cell("id", "whose choice"),
            "name": Cell("text", "of what"),
            "value": Cell("json", "what was chosen"),
            "saved_ms": Cell("int", "when", MS),
        },
        "audit": {
            "id": _ID,
            "member": Cell("id", "who did it"),
            "what": Cell("text", "what was done"),
            "detail": Cell("json", "its particulars"),
            "at_ms": Cell("int", "when", MS),
        },
    }
)

NEW_TABLES: Final[Mapping[str, int]] = MappingProxyType({"visits": 2})


def tables_of(version: int) -> Mapping[str, Mapping[str, Cell]]:
    """Return the tables and columns that an archive of a version of the format has, in order.

    >>> "visits" in tables_of(1), "visits" in tables_of(2)
    (False, True)
    >>> "sitting" in tables_of(1)["window_starts"], "sitting" in tables_of(2)["window_starts"]
    (False, True)
    """
    return {
        table: {name: cell for name, cell in columns.items() if cell.since <= version}
        for table, columns in TABLES.items()
        if NEW_TABLES.get(table, 1) <= version
    }


def guarded(text: str) -> str:
    """Return a text fit for a spreadsheet: what could be taken for a formula gets an apostrophe before it.

    >>> guarded("=1+1"), guarded("ordinary")
    ("'=1+1", 'ordinary')
    """
    return f"'{text}" if text[:1] in FORMULA and text else text


def written(value: Any, kind: Kind) -> str:
    """Return the cell that holds a value, so that `understood` gives back the very same one.

    >>> written(None, "text"), written("", "text"), written("'quoted'", "text"), written(0.1, "float")
    ('', "'", "''quoted'", '0.1')
    """
    if kind == "json":
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        return text if text.isascii() or _is_whole(text) else json.dumps(value, allow_nan=False)
    if value is None:
        return ""
    if kind == "text":
        text = str(value)
        return f"'{text}" if not text or text[0] == "'" or text[0] in FORMULA else text
    if kind == "bool":
        return "true" if value else "false"
    return repr(float(value)) if kind == "float" else str(value)


def _is_whole(text: str) -> bool:
    """Tell whether all characters are valid; a half one can only be written as its number."""
    return text.encode("utf-8", "replace").decode() == text


def understood(text: str, cell: Cell) -> Any:
    """Return the value that a cell holds.

    Raises
    ------
    ValueError
        When the cell holds no such value; its text says what is needed.

    >>> understood("'=1+1", TABLES["events"]["reason"]), understood("", TABLES["events"]["reason"])
    ('=1+1', None)
    """
    if text == "" and cell.kind != "json":
        if cell.optional:
            return None
        raise ValueError(NEEDED[cell.kind])
    try:
        return READERS[cell.kind](text)
    except (ValueError, KeyError, RecursionError):
        raise ValueError(NEEDED[cell.kind]) from None


def _whole(text: str) -> int:
    number = int(text)
    return number if abs(number) <= LARGEST_INT else _none(text)


def _number(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _none(text)


def _none(text: str) -> NoReturn:
    raise ValueError(text)


_json: Final = json.JSONDecoder(parse_constant=_none).decode


READERS: Final = MappingProxyType(
    {
        "id": UUID,
        "text": lambda text: text.removeprefix("'"),
        "int": _whole,
        "float": _number,
        "bool": {"true": True, "false": False}.__getitem__,
        "day": date.fromisoformat,
        "json": _json,
    }
)
NEEDED: Final = MappingProxyType(
    {
        "id": "an id such as 0e9f2c1a-7d52-4c7e-9a53-3f1d6a5b8c77",
        "text": "some text",
        "int": "a whole number",
        "float": "a number",
        "bool": "true or false",
        "day": "a date such as 2026-07-05",
        "json": "JSON",
    }
)
_IN_JSON: Final[Mapping[Kind, Mapping[str, str]]] = MappingProxyType(
    {
        "id": {"type": "string", "format": "uuid"},
        "text": {"type": "string"},
        "int": {"type": "integer"},
        "float": {"type": "number"},
        "bool": {"type": "boolean"},
        "day": {"type": "string", "format": "date"},
        "json": {},
    }
)


def schema_of(table: str) -> dict[str, Any]:
    """Return the JSON Schema of one row of a table, its cells read as the values that they hold.

    >>> schema_of("children")["properties"]["born_on"]["type"]
    ['string', 'null']
    """
    columns = TABLES[table]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": table,
        "description": "One row. The columns stand in the order of the properties.",
        "type": "object",
        "properties": {name: _property(cell) for name, cell in columns.items()},
        "required": list(columns),
        "additionalProperties": False,
    }


def _property(cell: Cell) -> dict[str, Any]:
    found: dict[str, Any] = dict(_IN_JSON[cell.kind])
    if cell.optional:
        found["type"] = [found["type"], "null"]
    found["description"] = f"{cell.meaning} ({cell.unit})" if cell.unit else cell.meaning
    return found
