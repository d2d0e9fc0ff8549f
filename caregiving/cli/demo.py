"""`demo`: an invented household to look around in."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from caregiving import demo as invented
from caregiving.cli import app
from caregiving.cli._folder import Folder, settings_for
from caregiving.cli._speak import refusing
from caregiving.settings import Mode
from caregiving.store.engine import open_store
from sample_data.make import STEADY, SWINGING


@app.command()
@refusing
def demo(
    folder: Folder = None,
    days: Annotated[int, typer.Option(min=1, max=730, help="how many days were logged")] = 14,
    swinging: Annotated[bool, typer.Option(help="care that differs from day to day")] = False,
) -> None:
    """Put an invented household into the demo database, unless it is there already."""
    where = settings_for(Mode.DEMO, folder)
    store = open_store(where.database)
    try:
        made = invented.seed(store, datetime.now(UTC), days=days, truth=SWINGING if swinging else STEADY)
    finally:
        store.close()
    there = "An invented household is now" if made else "The invented household is already"
    typer.echo(f"{there} in {where.database}.")
    typer.echo("Start the app with: python run.py")
