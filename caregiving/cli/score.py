"""`score`: a sort of cards, compared with the criterion sorts."""

from pathlib import Path
from typing import Annotated

import typer

from caregiving.cli import app
from caregiving.cli._speak import AsJson, answer, refusing
from caregiving.faults import Fault, Refused
from caregiving.imports.tables import read_table
from caregiving.indices._qsort import checked, scores

KNOWN = ("attachment_qsort",)


@app.command()
@refusing
def score(
    instrument: Annotated[str, typer.Argument(help="attachment_qsort")],
    sort: Annotated[Path, typer.Argument(help="CSV: item,pile; 90 cards, 10 in each of 9 piles")],
    as_json: AsJson = False,
) -> None:
    """Score a sort: its correlation with each criterion. A number about a sort, never a label of a child."""
    if instrument not in KNOWN:
        raise Refused([Fault("instrument", f'"{instrument}"', f"one of: {', '.join(KNOWN)}")])
    table = read_table(sort, ("item", "pile"))
    piles = checked(table["item"], table["pile"], sort.name)
    found = {"instrument": instrument, "correlations": scores(piles)}
    answer(found, as_json=as_json)
