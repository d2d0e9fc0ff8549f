"""How the command line answers: a JSON document or plain lines on standard output, troubles on standard error."""

import json
import math
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Annotated, Any, ParamSpec

import typer

from caregiving.faults import Refused
from caregiving.frames import MissingColumn
from caregiving.indices import UnknownIndex
from caregiving.instruments import UnknownBehaviour, UnknownInstrument

P = ParamSpec("P")
AsJson = Annotated[bool, typer.Option("--json", help="one JSON document on standard output")]


def refusing(command: Callable[P, None]) -> Callable[P, None]:
    """Turn a refused input into its sentences on standard error and exit code 1."""

    @wraps(command)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except (Refused, UnknownInstrument, UnknownIndex, UnknownBehaviour, MissingColumn) as refusal:
            say(str(refusal))
            raise typer.Exit(1) from refusal

    return guarded


def say(text: str) -> None:
    """Tell the person something that is not the result."""
    typer.echo(text, err=True)


def show_json(document: object) -> None:
    """Print one JSON document; NaN and infinity, which JSON does not know, become null."""
    typer.echo(json.dumps(_plain(document), ensure_ascii=False, indent=2, allow_nan=False))


def _plain(value: Any) -> Any:
    """Return the value with only what JSON knows."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return None if value is None or value != value else value


def show_table(header: list[str], rows: Iterable[Iterable[str]]) -> None:
    """Print aligned columns; the last one is left as wide as it is."""
    lines = [header, *(list(row) for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(header))]
    for line in lines:
        cells = [cell.ljust(width) for cell, width in zip(line, widths, strict=True)]
        typer.echo("  ".join(cells).rstrip())
