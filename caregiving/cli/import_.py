"""`import`: files of other programs in, an events file and a receipt out."""

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from caregiving.cli import app
from caregiving.cli._speak import AsJson, refusing, say, show_json
from caregiving.imports import lena_segments

FORMATS = {"lena_segments": lena_segments.read}

importing = typer.Typer(no_args_is_help=True, help="Read files of other programs; nothing is dropped unsaid.")
app.add_typer(importing, name="import")


@importing.command("lena_segments")
@refusing
def lena(
    files: Annotated[
        list[Path], typer.Argument(help="CSV files: segtype,startsec,endsec; one recording each")
    ],
    out: Annotated[Path | None, typer.Option(help="write the events to this CSV file")] = None,
    windows_out: Annotated[
        Path | None, typer.Option(help="write the watched windows to this CSV file")
    ] = None,
    dry_run: Annotated[bool, typer.Option(help="read and count, write nothing")] = False,
    as_json: AsJson = False,
) -> None:
    """Read segments of day-long home recordings, for the free_play instrument.

    When any line of any file cannot be read, nothing is written and every such line is named.
    """
    recordings = [lena_segments.read(path) for path in files]
    events = pd.concat(
        [r.events.astype({"session": "str", "actor": "str", "code": "str"}) for r in recordings]
    )
    windows = pd.concat([r.windows.astype({"session": "str"}) for r in recordings])
    writes = not dry_run and out is not None
    if not dry_run and out is not None:
        events[["session", "actor", "code", "onset_s", "offset_s"]].to_csv(out, index=False)
    if not dry_run and windows_out is not None:
        windows[["session", "start_s", "end_s"]].to_csv(windows_out, index=False)
    skipped: dict[str, int] = {}
    for recording in recordings:
        for kind, count in recording.skipped.items():
            skipped[kind] = skipped.get(kind, 0) + count
    counts = events["code"].value_counts().sort_index().to_dict()
    receipt = {
        "format": "lena_segments",
        "instrument": lena_segments.INSTRUMENT,
        "read": sum(r.n_lines for r in recordings),
        "stored": len(events) if writes else 0,
        "already_there": 0,
        "events": counts,
        "skipped": skipped,
        "refused": [],
    }
    if as_json:
        show_json(receipt)
        return
    kinds = ", ".join(f"{count} {kind}" for kind, count in counts.items())
    typer.echo(f"{receipt['read']} segments read: {len(events)} events ({kinds}).")
    typer.echo(
        f"{sum(skipped.values())} skipped: "
        + ", ".join(f"{n} {kind}" for kind, n in sorted(skipped.items()))
        + "."
    )
    if writes:
        following = f"python -m caregiving analyze {out} --instrument {lena_segments.INSTRUMENT}"
        typer.echo(f"Written to {out}. Next: {following}")
    elif out is None:
        say("Nothing was written; name a file with --out.")
