"""`backup`: a whole, checked copy of the database, also while the app is running."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from caregiving.cli import app
from caregiving.cli._folder import Folder
from caregiving.cli._speak import AsJson, refusing, show_json
from caregiving.cli._whose import Whose, database_of
from caregiving.store.copies import back_up, keep_backup

KEPT = 14


@app.command()
@refusing
def backup(
    to: Annotated[
        Path | None, typer.Option(help="write this new file instead; nothing older is removed then")
    ] = None,
    keep: Annotated[int, typer.Option(min=1, help="how many backups stay in the folder of backups")] = KEPT,
    folder: Folder = None,
    mode: Whose = None,
    as_json: AsJson = False,
) -> None:
    """Copy the database, as it is at one instant; the app may run meanwhile."""
    path = database_of(mode, folder)
    if to is None:
        made, removed = keep_backup(path, datetime.now(UTC), keep)
    else:
        made, removed = back_up(path, to), []
    rows = made.contents.rows
    if as_json:
        show_json(
            {
                "database": str(path),
                "backup": str(made.path),
                "bytes": made.n_bytes,
                "step": made.contents.step,
                "rows": rows,
                "removed": [str(one) for one in removed],
            }
        )
        return
    typer.echo(f"{path} is copied to {made.path}: {made.n_bytes / 1e6:.1f} MB, checked.")
    typer.echo(f"It holds {rows.get('events', 0)} events and {rows.get('window_starts', 0)} watched windows.")
    if removed:
        typer.echo(f"Older backups removed, since {keep} are kept: {', '.join(one.name for one in removed)}.")
    typer.echo("Keep a copy on another device too. It is not encrypted: keep it where only you can read it.")
