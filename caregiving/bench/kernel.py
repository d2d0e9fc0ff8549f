"""The kernel, cue to answer: the attribution rules on ready columns, beside merely reading those columns."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from caregiving.bench import bars
from caregiving.bench.clock import by_turns, turn
from caregiving.bench.invented_columns import Columns, columns
from caregiving.bench.peer import POLARS, AtWork, NoPeer, environment
from caregiving.bench.rows import Row, skipped, timed, times_faster, times_longer
from caregiving.episodes.attribution import RULES

READS = {"any": ("first", "last", "answers"), "latest": ("onset", "first", "last", "answers")}
REPEATS = 7


def kernel(n_events: int) -> list[Row]:
    """Measure the three rules, each beside the sum of just the columns that it reads (int64)."""
    ready = columns(n_events)
    return [_rule(name, ready, n_events) for name in RULES]


def _rule(name: str, ready: Columns, n_events: int) -> Row:
    read = [getattr(ready, column) for column in READS.get(name, READS["any"])]
    took = by_turns({"ours": turn(lambda: _attribute(name, ready)), "reading": turn(_sums(read))}, REPEATS)
    note = f"reads {', '.join(READS.get(name, READS['any']))}; {len(ready.onset):,} cues"
    row = times_longer(
        timed(f"kernel, rule {name}", n_events, took["ours"], note), "reading", took["reading"]
    )
    return row.judged(bars.KERNEL, row.ratio) if n_events >= bars.KERNEL_AT else row


def _attribute(name: str, ready: Columns) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    return RULES[name](ready.onset, ready.first, ready.last, ready.answers)


def _sums(read: list["np.ndarray[tuple[int], np.dtype[np.int64]]"]) -> Callable[[], object]:
    return lambda: [column.sum() for column in read]


def kernel_beside_polars(n_events: int) -> list[Row]:
    """Measure the rule `any` beside polars' as-of join, by family and on the line of time that ours reads."""
    whats = {
        "by_family": "kernel, rule any, beside a join by family",
        "on_one_line": "kernel, rule any, beside a join on one line",
    }
    judged = n_events >= bars.KERNEL_AT
    bar = bars.POLARS if judged else None
    try:
        python = environment(POLARS)
        with TemporaryDirectory() as name:
            ready = columns(n_events)
            _write(ready, Path(name))
            with AtWork(POLARS, python, name) as polars:
                rows = [_beside(ready, polars, step, what, n_events) for step, what in whats.items()]
    except NoPeer as why:
        return [skipped(what, n_events, str(why), bar) for what in whats.values()]
    return [rows[0].judged(bars.POLARS, rows[0].ratio), *rows[1:]] if judged else rows


def _write(ready: Columns, folder: Path) -> None:
    cues = {"family": ready.family_of_cue, "at": ready.onset, "last": ready.last}
    answers = {"family": ready.family_of_answer, "answer_at": ready.answers}
    pd.DataFrame(cues).to_parquet(folder / "cues.parquet", index=False)
    numbered = answers | {"number": np.arange(len(ready.answers))}
    pd.DataFrame(numbered).to_parquet(folder / "answers.parquet", index=False)


def _beside(ready: Columns, polars: AtWork, step: str, what: str, n_events: int) -> Row:
    ours = turn(lambda: _attribute("any", ready))
    took = by_turns({"ours": ours, "polars": lambda: polars.take(step)}, REPEATS)
    credited = _attribute("any", ready)
    served = credited[credited >= 0]
    same = [len(served), int(served.sum())] == polars.found[step]
    note = f"polars on {polars.ready} threads; " + ("same answers" if same else "THE ANSWERS DIFFER")
    row = timed(what, n_events, took["ours"], note)
    return times_faster(row, POLARS.title, took["polars"].best_s)
