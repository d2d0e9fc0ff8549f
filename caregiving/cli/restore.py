"""`restore`: a backup takes the place of the database, which is set aside."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from caregiving.cli import app
from caregiving.cli._folder import Folder, settings_for
from caregiving.cli._speak import AsJson, refusing, say, show_json
from caregiving.settings import Mode
from caregiving.store.copies import look_into
from caregiving.store.exchange import require_ours
from caregiving.store.exchange import restore as put_back


@app.command()
@refusing
def restore(
    file: Annotated[Path, typer.Argument(help="a backup, or any whole copy of a database of this program")],
    folder: Folder = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="check everything, change nothing")] = False,
    as_json: AsJson = False,
) -> None:
    """Put a backup in the database's place. The app has to be stopped; the present database is kept aside.

    A backup of a real household becomes the real household, one of an invented one the demonstration.
    """
    contents = look_into(file)
    require_ours(contents, file)
    # Only a real household has a passphrase; the demonstration would show its records to anybody.
    mode = Mode.HOME if contents.rows.get("doors") else Mode.DEMO
    where = settings_for(mode, folder)
    where.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    done = put_back(file, where.database, datetime.now(UTC), dry_run=dry_run)
    if as_json:
        show_json(
            {
                "file": str(file),
                "database": str(where.database),
                "dry_run": dry_run,
                "step": done.contents.step,
                "rows": done.contents.rows,
                "set_aside": None if done.set_aside is None else str(done.set_aside),
            }
        )
        return
    n_events = done.contents.rows["events"]
    if dry_run:
        typer.echo(f"{file} is whole, with {n_events} events, and would become {where.database}.")
        typer.echo("Nothing was changed.")
        return
    typer.echo(f"{where.database} is now what {file} holds: {n_events} events.")
    if done.set_aside is not None:
        typer.echo(f"What was there before is kept as {done.set_aside.name}, with what was logged since.")
    if mode is Mode.HOME:
        say(
            "Everybody signs in again, with the passphrase of the day of the backup. Consents and corrections"
        )
        say("are those of that day, too: what was withdrawn since holds again, so please look at it.")
