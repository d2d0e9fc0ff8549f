"""`demo`: an invented household to look around in."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from time import perf_counter
from typing import Annotated

import typer

from caregiving import demo as invented
from caregiving.cli import app
from caregiving.cli._folder import Folder, settings_for
from caregiving.cli._speak import refusing
from caregiving.settings import Mode
from caregiving.store.engine import open_store

PATIENCE_S = 1.0  # what takes longer shows how far it is


class Recipe(StrEnum):
    """The households there are."""

    EMPTY = "empty"
    DAY = "day"
    WEEKS = "weeks"
    YEAR = "year"
    SWINGING = "swinging"
    CASELOAD = "caseload"


@app.command()
@refusing
def demo(
    folder: Folder = None,
    household: Annotated[
        Recipe,
        typer.Option(help="nobody tapped yet, a day, two weeks, a year, two uneven weeks; three families"),
    ] = Recipe.WEEKS,
    days: Annotated[
        int | None, typer.Option(min=1, max=730, help="how many days were logged in a single one")
    ] = None,
    swinging: Annotated[bool, typer.Option(help="care that differs from day to day")] = False,
) -> None:
    """Put an invented household into the demo database, unless it is there already."""
    where = settings_for(Mode.DEMO, folder)
    store = open_store(where.database)
    recipe = Recipe.SWINGING if swinging else household
    try:
        with _progress() as tell:
            made = invented.seed(store, datetime.now(UTC), recipe=recipe, days=days, tell=tell)
    finally:
        store.close()
    if recipe is Recipe.CASELOAD:
        there = "Three invented households are now" if made else "An invented household is already"
    else:
        there = "An invented household is now" if made else "The invented household is already"
    typer.echo(f"{there} in {where.database}.")
    typer.echo("Start the app with: python run.py")


@contextmanager
def _progress() -> Iterator[invented.Tell]:
    """Give a function that shows on standard error how far it is, once it has taken a while."""
    began = perf_counter()
    bar = typer.progressbar(length=1, label="Storing a household's moments", file=sys.stderr)
    shown = False

    def tell(stored: int, of: int) -> None:
        nonlocal shown
        if not shown and perf_counter() - began < PATIENCE_S:
            return
        if not shown:
            bar.length = of
            bar.__enter__()
            shown = True
        bar.update(stored - bar.pos)

    try:
        yield tell
    finally:
        if shown:
            bar.__exit__(None, None, None)
