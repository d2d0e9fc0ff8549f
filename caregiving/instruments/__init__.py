"""Instruments: what can be seen, asked and scored. One YAML file a version, immutable once used.

A wrong file is answered with all its faults at once, each with file, line, place, what was found and needed.
"""

import re
from functools import cache
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import Field, TypeAdapter

from caregiving.instruments._blocks import Block, Code, Number, Sourced, Steps
from caregiving.instruments._reading import KINDS, AnyInstrument, read
from caregiving.instruments.coding import (
    Appropriateness,
    Attribution,
    Behaviour,
    Bracket,
    ClassName,
    CueClass,
    Instrument,
    Recall,
    Timing,
    UnknownBehaviour,
)
from caregiving.instruments.forms import Form
from caregiving.instruments.items import Answers, Choice, Item, Scale
from caregiving.instruments.needs import Needs
from caregiving.instruments.procedure import ProcedureInstrument
from caregiving.instruments.rating import RatingInstrument, Score
from caregiving.instruments.sort import SortInstrument, correlation, mean_sort
from caregiving.settings import settings

__all__ = [
    "KINDS",
    "Answers",
    "AnyInstrument",
    "Appropriateness",
    "Attribution",
    "Behaviour",
    "Block",
    "Bracket",
    "Choice",
    "ClassName",
    "Code",
    "CueClass",
    "Form",
    "Instrument",
    "Item",
    "Needs",
    "Number",
    "ProcedureInstrument",
    "RatingInstrument",
    "Recall",
    "Scale",
    "Score",
    "SortInstrument",
    "Sourced",
    "Steps",
    "Timing",
    "UnknownBehaviour",
    "UnknownInstrument",
    "correlation",
    "json_schema",
    "load",
    "load_form",
    "load_procedure",
    "load_rating",
    "load_sort",
    "mean_sort",
    "read",
    "shelf",
]


T = TypeVar("T", Instrument, RatingInstrument, SortInstrument, ProcedureInstrument)


class UnknownInstrument(LookupError):
    """An instrument that is not on the shelf, or is of another kind."""

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(f'there is no instrument "{name}"; the known ones are: {", ".join(known)}')


def shelf(kind: str | None = None, folder: Path | None = None) -> dict[str, Path]:
    """Return every instrument file by its name (id with version), oldest version first; or those of one kind.

    >>> list(shelf("rating"))[:1]
    ['consistency_self_report.v1']
    """
    paths = (folder or settings().schemas).glob("*.v*.yaml")
    ordered = sorted(paths, key=lambda p: (p.stem.split(".v")[0], int(p.stem.split(".v")[1])))
    return {path.stem: path for path in ordered if kind is None or _kind(path) == kind}


def _kind(path: Path) -> str:
    """Return the kind that a file says it is, also when something else in it is wrong."""
    return _kind_as_written(path, path.stat().st_mtime_ns)


@cache
def _kind_as_written(path: Path, changed_ns: int) -> str:
    """Read the kind once for each state of a file: the shelf is looked at often."""
    found = re.search(r"^kind:\s*(\w+)", path.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
    return found[1] if found else ""


def load(name: str) -> Instrument:
    """Return the coding instrument of that name: `home_moments` is its newest version, or a path to a file.

    Raises
    ------
    UnknownInstrument
        When no coding instrument has that name; the message lists those there are.
    Refused
        When the file has faults; the message lists all of them.

    >>> load("free_play.v1").attribution
    'latest'
    """
    return _of_kind(name, "coding", Instrument)


def load_rating(name: str) -> RatingInstrument:
    """Return the rating instrument of that name; as `load`.

    >>> load_rating("weekly_check_in").sharing
    'ask'
    """
    return _of_kind(name, "rating", RatingInstrument)


def load_sort(name: str) -> SortInstrument:
    """Return the instrument of kind sort of that name; as `load`.

    >>> load_sort("attachment_qsort").cards
    90
    """
    return _of_kind(name, "sort", SortInstrument)


def load_procedure(name: str) -> ProcedureInstrument:
    """Return the instrument of kind procedure of that name; as `load`.

    >>> len(load_procedure("strange_situation").episodes)
    8
    """
    return _of_kind(name, "procedure", ProcedureInstrument)


def load_form(name: str) -> RatingInstrument | SortInstrument | ProcedureInstrument:
    """Return the instrument of that name whose answers are kept as a record; as `load`.

    >>> load_form("phq2").rated_as, load_form("attachment_qsort").rated_as
    (('self',), ('observer', 'self'))
    """
    found = _find(name, "rating", "sort", "procedure")
    if isinstance(found, Instrument):
        raise UnknownInstrument(name, _named("rating", "sort", "procedure"))
    return found


def _of_kind(name: str, kind: str, model: type[T]) -> T:
    found = _find(name, kind)
    if not isinstance(found, model):
        raise UnknownInstrument(name, _named(kind))
    return found


def _named(*kinds: str) -> list[str]:
    return [name for kind in kinds for name in shelf(kind)]


def _find(name: str, *kinds: str) -> AnyInstrument:
    if name.endswith((".yaml", ".yml")):
        return read(Path(name))
    known = shelf()
    matching = [stem for stem in known if name in (stem, stem.split(".v")[0])]
    if not matching:
        raise UnknownInstrument(name, _named(*kinds))
    return _kept(known[matching[-1]])


@cache
def _kept(path: Path) -> AnyInstrument:
    return read(path)


def json_schema() -> dict[str, Any]:
    """Return the format of instruments of every kind as a JSON Schema, as `_schema.json` holds it."""
    of_any_kind: TypeAdapter[Any] = TypeAdapter(Annotated[AnyInstrument, Field(discriminator="kind")])
    return of_any_kind.json_schema(by_alias=True)
