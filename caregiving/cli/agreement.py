"""`agreement`: how far two observers, or several raters, agree; what one of them missed counts."""

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from caregiving.agreement import compare_ratings, compare_records
from caregiving.cli import app
from caregiving.cli._speak import AsJson, answer, refusing, say_whole_sessions
from caregiving.faults import Fault, Refused
from caregiving.imports.coded_events import read_events, read_windows
from caregiving.imports.tables import line, read_table, told
from caregiving.instruments import load

UNIT_S = 1.0
TOLERANCES_S = [0.0, 2.0]


@app.command()
@refusing
def agreement(
    records: Annotated[list[Path] | None, typer.Argument(help="two CSV files of the same sessions")] = None,
    instrument: Annotated[str | None, typer.Option(help="without one, codes are taken as they stand")] = None,
    windows: Annotated[Path | None, typer.Option(help="CSV: session,start_s,end_s")] = None,
    unit_s: Annotated[float, typer.Option(min=0.001, help="length of a time unit")] = UNIT_S,
    tolerance_s: Annotated[list[float] | None, typer.Option(min=0, help="may be given again")] = None,
    ratings: Annotated[Path | None, typer.Option(help="CSV: target,rater,score")] = None,
    seed: Annotated[int, typer.Option(min=0, help="seed of the bootstrap of alpha")] = 0,
    as_json: AsJson = False,
) -> None:
    """Compare two records of the same sessions, or ratings of the same targets."""
    if (ratings is None) == (not records):
        raise typer.BadParameter("give either two records, or --ratings FILE")
    if ratings is not None:
        found = compare_ratings(_ratings(ratings), seed=seed)
    else:
        if records is None or len(records) != 2:
            raise typer.BadParameter("an agreement is between two records: give two files")
        known = load(instrument) if instrument else None
        one, other = (read_events(path, known) for path in records)
        _same_sessions(one, other, records)
        watched = read_windows(windows) if windows else None
        found = compare_records(
            one, other, watched, known, unit_s=unit_s, tolerance_s=tolerance_s or TOLERANCES_S
        )
        if windows is None:
            say_whole_sessions()
    answer(found, as_json=as_json)


def _same_sessions(one: pd.DataFrame, other: pd.DataFrame, paths: list[Path]) -> None:
    """Refuse records that have no session in common: comparing them would only count misses."""
    first, second = set(one["session"].astype("str")), set(other["session"].astype("str"))
    if first and second and not first & second:
        found = f"sessions {', '.join(sorted(second)[:3])}, none of which is in {paths[0].name}"
        needed = f"records of the same sessions, such as {sorted(first)[0]}"
        raise Refused([Fault(paths[1].name, found, needed)])


def _ratings(path: Path) -> pd.DataFrame:
    """Return the ratings of a file; an empty score is a target that this rater did not rate."""
    table = read_table(path, ("target", "rater", "score"))
    scores = pd.to_numeric(table["score"].str.strip(), errors="coerce")
    wrong = scores.isna() & table["score"].notna()
    faults = [
        Fault(line(path, int(row), "score"), f'"{table["score"].iloc[row]}"', "a number, or nothing")
        for row in wrong.to_numpy().nonzero()[0]
    ]
    if faults:
        raise told(faults)
    return table.assign(score=scores)
