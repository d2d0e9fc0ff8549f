"""`analyze`: coded events in, every index with its interval, n, method, gate and source out."""

from pathlib import Path
from typing import Annotated

import typer

from caregiving.cli import app
from caregiving.cli._speak import AsJson, refusing, say, say_whole_sessions, show_json, show_table
from caregiving.faults import Fault, Refused
from caregiving.imports.coded_events import read_events, read_windows, whole_sessions
from caregiving.instruments import load
from caregiving.report import Report, analyse

EPISODE_COLUMNS = [
    "session",
    "cue_code",
    "cue_class",
    "onset_s",
    "offset_s",
    "answered",
    "response_code",
    "latency_s",
    "followed_s",
    "window_seen",
    "already_engaged",
    "self_settled",
]


@app.command()
@refusing
def analyze(
    events: Annotated[Path, typer.Argument(help="CSV: session,actor,code,onset_s,offset_s")],
    instrument: Annotated[str, typer.Option(help="id of an instrument, such as free_play, or a YAML file")],
    windows: Annotated[Path | None, typer.Option(help="CSV: session,start_s,end_s")] = None,
    index: Annotated[list[str] | None, typer.Option(help="only this index; may be given again")] = None,
    ungated: Annotated[bool, typer.Option(help="also print withheld values, beside their sentence")] = False,
    episodes: Annotated[Path | None, typer.Option(help="write one row a cue to this CSV file")] = None,
    seed: Annotated[int, typer.Option(min=0, help="seed of all resampling")] = 0,
    as_json: AsJson = False,
) -> None:
    """Analyse coded events: how soon, how surely and how evenly cues were answered."""
    known = load(instrument)
    coded = read_events(events, known)
    watched = read_windows(windows) if windows else whole_sessions(coded)
    if windows is None:
        say_whole_sessions()
    elif len(coded) and not set(coded["session"]) & set(watched["session"]):
        found = f"none of the sessions of {events.name}"
        raise Refused(
            [Fault(windows.name, found, f"a window for them, such as for {coded['session'].iloc[0]}")]
        )
    report = analyse(coded, watched, known, names=index or None, seed=seed)
    if episodes:
        report.episodes[EPISODE_COLUMNS].to_csv(episodes, index=False)
        say(f"{len(report.episodes)} cues written to {episodes}.")
    if as_json:
        show_json(as_document(report, ungated=ungated))
    else:
        _show(report, ungated=ungated)


def as_document(report: Report, *, ungated: bool) -> dict[str, object]:
    """Return the report in the form that other programs rely on."""
    which = report.instrument
    return {
        "instrument": {"id": which.id, "version": which.version, "digest": which.digest},
        "windows": {"n": len(report.windows), "exposure_s": round(report.exposure_s, 6)},
        "estimates": report.estimates(ungated=ungated).astype("object").to_dict("records"),
    }


def _show(report: Report, *, ungated: bool) -> None:
    """Print the estimates as lines a person can read."""
    hours = report.exposure_s / 3600
    typer.echo(f"{report.instrument.title} ({report.instrument.name})")
    typer.echo(f"{len(report.windows)} windows, {hours:.2f} h watched, {len(report.episodes)} cues")
    typer.echo("")
    rows = []
    for which, one in report.results:
        shown = one if ungated else one.shown
        value = "-" if shown.value != shown.value else f"{shown.value:.4g} {one.unit}"
        limits = (
            ""
            if shown.low != shown.low and shown.high != shown.high
            else f"{_limit(shown.low)} to {_limit(shown.high)}"
        )
        rows.append([which.name, one.measure, one.cue_class, value, limits, str(one.n), one.gate or ""])
    show_table(["index", "measure", "cues", "value", "95 % limits", "n", "what is still needed"], rows)


def _limit(value: float) -> str:
    return "not reached" if value != value else f"{value:.4g}"
