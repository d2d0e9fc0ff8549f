"""`bench`: how fast everything is, in ratios, beside the peers of this field."""

import platform
from collections.abc import Iterator
from dataclasses import asdict
from importlib.metadata import version
from os import cpu_count
from typing import Annotated

import typer

from caregiving.bench import bars
from caregiving.bench.beside_boris import kappa_beside_boris, views_beside_boris
from caregiving.bench.beside_lifelines import curves_beside_lifelines
from caregiving.bench.kernel import kernel, kernel_beside_polars
from caregiving.bench.promises import agreement_of_two_records, bootstrap_of_a_year, coded_study
from caregiving.bench.rows import HEADER, Row, table
from caregiving.bench.sizes import PATIENCE_S, growing
from caregiving.bench.year import year_of_a_family
from caregiving.cli import app
from caregiving.cli._speak import AsJson, say, show_json, show_table

SIZES = [10_000, 100_000, 1_000_000]
LARGEST = 10_000_000
BORIS_ROWS = (10_000, 100_000)
PATIENCE_FULL_S = 30.0


@app.command()
def bench(
    events: Annotated[list[int] | None, typer.Option(min=100, help="a size; may be given again")] = None,
    full: Annotated[bool, typer.Option("--full", help="up to ten million events")] = False,
    peers: Annotated[bool, typer.Option(help="measure beside BORIS, lifelines and polars")] = True,
    as_json: AsJson = False,
) -> None:
    """Measure how fast everything is, beside peers in environments of their own under .bench/."""
    sizes = events or [*SIZES, *([LARGEST] if full else [])]
    rows = []
    for row in measured(
        sizes, largest=bars.KERNEL_AT if events is None else max(sizes), full=full, peers=peers
    ):
        say(f"{row.what}, {row.events:,} events" + (f": {row.note}" if row.verdict == "skipped" else ""))
        rows.append(row)
    if as_json:
        show_json({"machine": machine(), "rows": [asdict(row) | {"verdict": row.verdict} for row in rows]})
        return
    typer.echo(", ".join(f"{name} {value}" for name, value in machine().items()))
    typer.echo(
        "Best of the repeats counts; both sides of a ratio take turns. What draws at random is marked.\n"
    )
    show_table(HEADER, table(rows))


def measured(sizes: list[int], *, largest: int, full: bool, peers: bool) -> Iterator[Row]:
    """Yield every row, the bars first; the kernel alone goes up to `largest`, where its bar is set."""
    for size in sorted({*sizes, largest}):
        yield from kernel(size)
    if peers:
        yield from kernel_beside_polars(largest)
        yield curves_beside_lifelines()
        for n_rows in BORIS_ROWS:
            yield from views_beside_boris(n_rows)
        yield kappa_beside_boris()
    yield from coded_study()
    yield bootstrap_of_a_year()
    yield from year_of_a_family()
    yield agreement_of_two_records()
    yield from growing(sizes, PATIENCE_FULL_S if full else PATIENCE_S)


def machine() -> dict[str, object]:
    """Return what the figures depend on, without the machine's name."""
    libraries = {name: version(name) for name in ("numpy", "pandas", "scipy")}
    return {
        "Python": platform.python_version(),
        "system": platform.system(),
        "cores": cpu_count(),
        **libraries,
    }
