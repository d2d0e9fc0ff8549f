"""`sequences`: time budget, transitions, lags, windows, state space, turns and synchrony of coded events."""

from pathlib import Path
from typing import Annotated, Any

import typer

from caregiving.cli import app
from caregiving.cli._speak import AsJson, answer, refusing, say_whole_sessions
from caregiving.imports.coded_events import read_events, read_windows
from caregiving.instruments import load
from caregiving.sequences import show

Some = list[str] | None
VIEWS = "time_budget, transitions, lag, window_2x2, state_space, turns, synchrony"


@app.command()
@refusing
def sequences(
    view: Annotated[str, typer.Argument(help=VIEWS)],
    events: Annotated[Path, typer.Argument(help="CSV: session,actor,code,onset_s,offset_s")],
    windows: Annotated[Path | None, typer.Option(help="CSV: session,start_s,end_s")] = None,
    instrument: Annotated[str | None, typer.Option(help="without one, codes are taken as they stand")] = None,
    actor: Annotated[Some, typer.Option(help="only this actor; may be given again")] = None,
    lag: Annotated[int | None, typer.Option(min=1, help="how many steps later")] = None,
    no_repeats: Annotated[bool, typer.Option("--no-repeats", help="a code does not follow itself")] = False,
    from_s: Annotated[float | None, typer.Option("--from", min=0, help="from this second on")] = None,
    to_s: Annotated[float | None, typer.Option("--to", min=0, help="up to this second")] = None,
    given: Annotated[Some, typer.Option(help="the code whose windows are looked at")] = None,
    target: Annotated[Some, typer.Option(help="the code that is looked for in them")] = None,
    window_s: Annotated[float | None, typer.Option(min=0, help="how long such a window lasts")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="seed of the shifts of synchrony")] = None,
    as_json: AsJson = False,
) -> None:
    """Look at coded events as a sequence, with or without an instrument."""
    known = load(instrument) if instrument else None
    coded = read_events(events, known)
    watched = read_windows(windows) if windows else None
    options: dict[str, Any] = {
        "actor": tuple(actor or ()),
        "lag": lag,
        "repeats": False if no_repeats else None,
        "given": tuple(given or ()),
        "target": tuple(target or ()),
        "window_s": window_s,
        "seed": seed,
    }
    found = show(view, coded, watched, known, from_s=from_s, to_s=to_s, **options)
    if windows is None:
        say_whole_sessions()
    answer(found, as_json=as_json)
