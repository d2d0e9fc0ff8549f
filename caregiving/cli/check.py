"""`check`: every instrument on the shelf is read, and every fault of every file is told."""

import json
from pathlib import Path
from typing import Annotated

import typer

from caregiving.cli import app
from caregiving.cli._speak import AsJson, refusing, say, show_json
from caregiving.faults import Refused
from caregiving.instruments import json_schema, read, shelf
from caregiving.settings import settings


@app.command()
@refusing
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="YAML files; all of the shelf when none is named")
    ] = None,
    schema: Annotated[
        bool, typer.Option(help="write the format of instruments to _schema.json anew")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check instruments: every fault of a file at once, with its line."""
    if schema:
        text = json.dumps(json_schema(), indent=1, ensure_ascii=False)
        (settings().schemas / "_schema.json").write_text(text + "\n", encoding="utf-8")
    paths = files or list(shelf().values())
    fine, faults = [], []
    for path in paths:
        try:
            instrument = read(path)
            known = {"id": instrument.id, "version": instrument.version, "kind": instrument.kind}
            fine.append(known | {"digest": instrument.digest})
        except Refused as refusal:
            faults += [{"file": path.name, "fault": str(fault)} for fault in refusal.faults]
    if as_json:
        show_json({"instruments": fine, "faults": faults})
    else:
        for one in fine:
            typer.echo(f"{one['id']}.v{one['version']}: fine")
    for fault in faults:
        say(fault["fault"])
    if faults:
        raise typer.Exit(1)
