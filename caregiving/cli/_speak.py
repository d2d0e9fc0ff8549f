"""How the command line answers: JSON or plain lines on standard output, troubles on standard error."""

import json
import math
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Annotated, Any, ParamSpec

import typer

from caregiving.faults import CannotOpen, Refused
from caregiving.frames import MissingColumn
from caregiving.indices import UnknownIndex
from caregiving.instruments import UnknownBehaviour, UnknownInstrument

P = ParamSpec("P")
AsJson = Annotated[bool, typer.Option("--json", help="one JSON document on standard output")]


REFUSALS = (Refused, UnknownInstrument, UnknownIndex, UnknownBehaviour, MissingColumn, CannotOpen)


def refusing(command: Callable[P, None]) -> Callable[P, None]:
    """Turn a refused input into its sentences on standard error and exit code 1."""

    @wraps(command)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except (
            Refused,
            UnknownInstrument,
            UnknownIndex,
            UnknownBehaviour,
            MissingColumn,
            CannotOpen,
        ) as refusal:
            say(str(refusal))
            raise typer.Exit(1) from refusal

    return guarded


def say(text: str) -> None:
    """Tell the person something that is not the result."""
    typer.echo(text, err=True)


def say_whole_sessions() -> None:
    """Tell what is assumed when nobody says what was watched."""
    say("No windows file: each session is taken as watched from 0 to its last event.")


def answer(document: dict[str, Any], *, as_json: bool) -> None:
    """Print a result, as one JSON document or as lines for a person."""
    (show_json if as_json else show_plain)(document)


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


def show_plain(document: Any, indent: int = 0) -> None:
    """Print a document as indented lines; a list of numbers stays on one line."""
    pad = " " * indent
    for key, value in _plain(document).items() if isinstance(document, dict) else []:
        if isinstance(value, dict):
            typer.echo(f"{pad}{key}:")
            show_plain(value, indent + 2)
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            typer.echo(f"{pad}{key}:")
            _show_rows(value, indent + 2)
        elif isinstance(value, list) and value and isinstance(value[0], list):
            typer.echo(f"{pad}{key}:")
            for row in value:
                typer.echo(f"{pad}  {'  '.join(_cell(item).rjust(8) for item in row)}")
        else:
            shown = ", ".join(map(_cell, value)) if isinstance(value, list) else _cell(value)
            typer.echo(f"{pad}{key}: {shown}")


def _show_rows(rows: list[dict[str, Any]], indent: int) -> None:
    """Print rows with the same plain keys as a table, others one after another."""
    flat = all(not isinstance(value, dict | list) for row in rows for value in row.values())
    if flat and all(list(row) == list(rows[0]) for row in rows):
        show_table(
            [" " * indent + key if place == 0 else key for place, key in enumerate(rows[0])],
            (
                [" " * indent * (place == 0) + _cell(value) for place, value in enumerate(row.values())]
                for row in rows
            ),
        )
        return
    for row in rows:
        show_plain(row, indent)
        typer.echo("")


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
