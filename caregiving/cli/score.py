"""`score`: a sort of cards, compared with the criterion sorts."""

from pathlib import Path
from typing import Annotated, Any

import typer

from caregiving.cli import app
from caregiving.cli._speak import AsJson, answer, refusing, say
from caregiving.imports.tables import read_table
from caregiving.instruments import SortInstrument, correlation, load_sort, mean_sort


@app.command()
@refusing
def score(
    instrument: Annotated[str, typer.Argument(help="an instrument of kind sort, such as attachment_qsort")],
    sort: Annotated[Path, typer.Argument(help="CSV: item,pile; every card once, every pile full")],
    second: Annotated[
        Path | None, typer.Option(help="another sorter's CSV of the same child: agreement, and their mean")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Score a sort: its correlation with each criterion. A number about a sort, never a label of a child."""
    form = load_sort(instrument)
    piles = _piles(form, sort)
    found: dict[str, Any] = {"instrument": instrument, "correlations": form.correlations(piles)}
    if second is not None:
        other = _piles(form, second)
        found["second"] = form.correlations(other)
        found["agreement"] = correlation(piles, other)
        found["mean"] = form.correlations(mean_sort(piles, other))
    answer(found, as_json=as_json)
    best = ", ".join(f"{name} {r:.3f}" for name, r in form.best().items())
    say(f"95 of 100 random sorts lie within {form.random_band():.2f} of 0; the best of all sorts: {best}.")


def _piles(form: SortInstrument, path: Path) -> tuple[int, ...]:
    table = read_table(path, ("item", "pile"))
    return form.laid_out(table["item"], table["pile"], path.name, row="line 2")
