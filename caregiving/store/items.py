"""What a device sent, read: either a record, or sentences that say what is wrong with it."""

from collections.abc import Mapping
from functools import cache
from math import isfinite
from types import MappingProxyType
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from caregiving.events import Event
from caregiving.faults import Fault
from caregiving.instruments import Instrument, UnknownBehaviour, UnknownInstrument, load, shelf
from caregiving.windows import WindowEnd, WindowStart

Record = Event | WindowStart | WindowEnd
KINDS: Final[Mapping[str, type[Record]]] = MappingProxyType(
    {"event": Event, "window_start": WindowStart, "window_end": WindowEnd}
)
EXACT_UP_TO: Final = 2**53 - 1  # a browser counts exactly up to here; SQLite would stumble a little later
LONGEST_SHOWN: Final = 80

INSTANT: Final = "whole milliseconds since 1970 in UTC; a time of day without its zone cannot be placed"
INSTANTS: Final = frozenset({"onset_ms", "offset_ms", "started_ms", "ended_ms", "wall_ms"})
ZONE: Final = 'the time zone of the tap, such as "Europe/Berlin"'
NEEDED: Final = MappingProxyType(
    {
        "uuid": "an id such as 0e9f2c1a-7d52-4c7e-9a53-3f1d6a5b8c77",
        "int": "a whole number",
        "float": "a number",
        "bool": "true or false",
        "string_type": "text",
        "string_unicode": "text whose characters are all valid",
        "string_too_short": "some text",
        "string_pattern_mismatch": 'an instrument with its version, such as "home_moments.v1"',
        "dict": "names with text values, such as {}",
    }
)


class Unreadable(ValueError):
    """An item that is no record. Its text holds one sentence for each thing wrong with it."""


def read_item(item: object) -> Record:
    """Return the record that this item describes.

    Raises
    ------
    Unreadable
        With a sentence for every fault: where, what was found, what is needed.
    """
    if not isinstance(item, dict):
        raise _unreadable(Fault("item", _shown(item), "an object with the fields of an event or a window"))
    named = item.get("type", "event")
    kind = KINDS.get(named) if isinstance(named, str) else None
    if kind is None:
        raise _unreadable(Fault("item, type", _shown(named), f"one of: {', '.join(KINDS)}"))
    try:
        record = kind.model_validate(item)
    except ValidationError as reason:
        errors = reason.errors()
        extra = [clean(str(error["loc"][-1])) for error in errors if error["type"] == "extra_forbidden"]
        told = [_told(named, error) for error in errors if error["type"] != "extra_forbidden"]
        if extra:
            told.append(
                Fault(
                    f"{named}, {', '.join(extra[:5])}",
                    "a field that nobody knows",
                    f"only {', '.join(kind.model_fields)}",
                )
            )
        raise _unreadable(*told) from None
    faults: list[Fault | str] = [
        fault for name, value in record for fault in _beyond(f"{named}, {name}", value)
    ]
    faults += _unknown_to_instrument(record)
    if faults:
        raise _unreadable(*faults)
    return record


def _beyond(place: str, value: Any) -> list[Fault]:
    """Find what a record allows and a database cannot keep: it would spoil the whole batch."""
    if isinstance(value, int) and abs(value) > EXACT_UP_TO:
        return [Fault(place, _shown(value), f"one between -{EXACT_UP_TO} and {EXACT_UP_TO}")]
    if isinstance(value, float) and not isfinite(value):
        return [Fault(place, f'"{value}"', "a number that is not without end")]
    if isinstance(value, dict) and clean(text := "".join((*value, *value.values())), len(text)) != text:
        return [Fault(place, "broken characters", NEEDED["string_unicode"])]
    return []


def _unknown_to_instrument(record: Record) -> list[Fault | str]:
    """Find a code that the instrument does not have, or has for the other one of the two."""
    if isinstance(record, WindowEnd):
        return []
    try:
        if isinstance(record, WindowStart) and _is_procedure(record.instrument):
            return []
        instrument = _instrument(record.instrument)
        if isinstance(record, WindowStart):
            return []
        who = instrument.behaviour(record.code).who
    except (UnknownInstrument, UnknownBehaviour) as reason:
        return [f"{record.type}: {reason}."]
    if who != record.actor:
        needed = f'"{who}", of whom "{record.code}" is told in {record.instrument}'
        return [Fault("event, actor", _shown(record.actor), needed)]
    return []


@cache
def _instrument(name: str) -> Instrument:
    """Keep each instrument once read: a version never changes, and looking on the shelf takes a while."""
    return load(name)


@cache
def _is_procedure(name: str) -> bool:
    """Tell whether this is a procedure: its episodes are watched, and nothing is coded in them."""
    return name in shelf("procedure")


def _unreadable(*faults: Fault | str) -> Unreadable:
    return Unreadable(" ".join(str(fault) for fault in faults))


def _told(named: str, error: ErrorDetails) -> Fault | str:
    """Turn one of pydantic's errors into a sentence: where, what was found, what is needed."""
    place = ", ".join([named, *(clean(str(step)) for step in error["loc"])])
    field = str(error["loc"][0]) if error["loc"] else ""
    if error["type"] == "missing":
        needed = (
            ZONE if field == "zone" else INSTANT if field in INSTANTS else f"{field}, which every {named} has"
        )
        return Fault(place, "nothing", needed)
    if error["type"] == "value_error":  # our own words, from events.py
        return clean(f"{place}: {error['ctx']['error']}.", longest=300)
    return Fault(place, _shown(error["input"]), _needed(field, error))


def _needed(field: str, error: ErrorDetails) -> str:
    """Say what a field needs, in our own words where there are some, else in pydantic's."""
    sort, limits = error["type"], error.get("ctx", {})
    if field in INSTANTS:
        return INSTANT
    if "expected" in limits:
        return "one of: " + str(limits["expected"]).replace("'", "").replace(" or ", ", ")
    for start, words in NEEDED.items():
        if sort.startswith(start):
            return words
    return error["msg"].removeprefix("Input should be ").removeprefix("String should have ")


def _shown(value: Any) -> str:
    """Show what was found."""
    if value is None:
        return "nothing"
    if isinstance(value, int) and abs(value) > EXACT_UP_TO:
        return "a number that is far too large"
    return f'"{clean(str(value))}"' if isinstance(value, str | int | float) else f"a {type(value).__name__}"


def clean(text: str, longest: int = LONGEST_SHOWN) -> str:
    """Return the text fit to be sent back: whole characters, and cut short, for nobody reads a page of it."""
    cut = text if len(text) <= longest else f"{text[:longest]}..."
    return cut.encode("utf-8", "replace").decode("utf-8")
