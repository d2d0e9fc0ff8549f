"""Time budget, transitions and kappa beside BORIS, on the same coded rows and with the figures compared."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd

from caregiving.agreement.time_units import time_units
from caregiving.bench import bars
from caregiving.bench.boris_project import boris_project
from caregiving.bench.clock import FEWEST, by_turns, turn
from caregiving.bench.invented_sessions import (
    ACTORS,
    CodedRows,
    as_events,
    as_windows,
    by_another_observer,
    coded_rows,
)
from caregiving.bench.peer import BORIS, AtWork, NoPeer, environment
from caregiving.bench.rows import Bar, Row, skipped, timed, times_faster
from caregiving.sequences.time_budget import budget
from caregiving.sequences.transitions import Transitions, count

ROWS_A_SESSION = 1_000
BUDGET, TRANSITIONS, KAPPA = "time budget", "transition matrices", "kappa in time units"


def views_beside_boris(n_rows: int) -> list[Row]:
    """Measure time budget and transition matrices of sessions of 1,000 rows.

    Both sides begin with the parsed rows of a project and end with the figures: ours pairs starts with stops,
    BORIS loads its rows into its database.
    """
    rows = coded_rows(n_rows, max(1, n_rows // ROWS_A_SESSION))
    whats = {BUDGET: bars.BORIS_BUDGET, TRANSITIONS: bars.BORIS_TRANSITIONS}
    try:
        with TemporaryDirectory() as name, _opened({"s": rows}, Path(name)) as boris:
            return [_budget(rows, boris), _transitions(rows, boris)]
    except NoPeer as why:
        judged = n_rows >= bars.BORIS_AT
        return [skipped(what, n_rows, str(why), bar if judged else None) for what, bar in whats.items()]


def kappa_beside_boris(n_rows: int = ROWS_A_SESSION) -> Row:
    """Measure Cohen's kappa in units of one second on two records of one session."""
    one = coded_rows(n_rows, 1)
    other = by_another_observer(one)
    try:
        with TemporaryDirectory() as name, _opened({"a": one, "b": other}, Path(name)) as boris:
            boris.take("load")  # not counted
            a, b, windows = as_events(one), as_events(other), as_windows(one)
            ours = turn(lambda: time_units(a, b, windows, unit_s=1.0, tolerance_s=(0.0,)))
            took = by_turns({"ours": ours, "boris": lambda: boris.take("kappa")}, FEWEST)
            found = time_units(a, b, windows, unit_s=1.0, tolerance_s=(0.0,))
    except NoPeer as why:
        return skipped(KAPPA, n_rows, str(why), bars.BORIS_KAPPA)
    values = " and ".join(f"{one.kappa.value:.3f}" for one in found if one.direction == "a to b")
    note = f"{values} for each person; BORIS takes both together: {boris.found['kappa']:.3f}"
    row = times_faster(timed(KAPPA, n_rows, took["ours"], note), BORIS.title, took["boris"].best_s)
    return row.judged(bars.BORIS_KAPPA, row.ratio)


def _opened(records: dict[str, CodedRows], folder: Path) -> AtWork:
    """Write the project and start BORIS on it."""
    python = environment(BORIS)
    (folder / "project.boris").write_text(json.dumps(boris_project(records)), encoding="utf-8")
    return AtWork(BORIS, python, folder)


def _compared(what: str, rows: CodedRows, boris: AtWork, step: str, ours: Any, bar: Bar) -> Row:
    """Take turns with BORIS, step by step; the bars are set for a hundred sessions."""
    took = by_turns({"ours": turn(ours), "boris": lambda: boris.take(step)}, FEWEST)
    row = timed(what, len(rows), took["ours"], f"{int(rows.session.max()) + 1} sessions")
    row = times_faster(row, BORIS.title, took["boris"].best_s)
    return row.judged(bar, row.ratio) if len(rows) >= bars.BORIS_AT else row


def _budget(rows: CodedRows, boris: AtWork) -> Row:
    windows = as_windows(rows)
    row = _compared(
        BUDGET, rows, boris, "budget", lambda: budget(as_events(rows), windows), bars.BORIS_BUDGET
    )
    theirs = pd.DataFrame(boris.found["budget"], columns=["actor", "code", "n", "total_s"])
    theirs = theirs[theirs["n"].astype("int64") > 0].assign(
        total_s=pd.to_numeric(theirs["total_s"], errors="coerce")
    )
    both = budget(as_events(rows), windows).rows.merge(theirs, on=["actor", "code"], suffixes=("", "_boris"))
    same = (
        len(both) == len(theirs)
        and bool((both["n"] == both["n_boris"].astype("int64")).all())
        and bool(np.allclose(both["total_s"], both["total_s_boris"], atol=0.002, equal_nan=True))
    )
    return _told(row, same=same)


def _transitions(rows: CodedRows, boris: AtWork) -> Row:
    windows = as_windows(rows)

    def ours() -> list[Transitions]:
        events = as_events(rows)
        return [count(events, windows, actor=(actor,)) for actor in ACTORS]

    row = _compared(TRANSITIONS, rows, boris, "transitions", ours, bars.BORIS_TRANSITIONS)
    found = boris.found["transitions"]
    pairs = zip(ACTORS, ours(), strict=True)
    return _told(row, same=all(_matrix(found[actor]) == _own(one) for actor, one in pairs))


def _matrix(text: str) -> dict[tuple[str, str], int]:
    """Return BORIS' table, codes along both edges, as counts that are not zero."""
    first, *lines = text.strip("\n").split("\n")
    columns = first.strip("\t").split("\t")
    cells = [(line.split("\t")[0], line.split("\t")[1:]) for line in lines]
    return {
        (code, other): int(n)
        for code, numbers in cells
        for other, n in zip(columns, numbers, strict=True)
        if int(n)
    }


def _own(found: Transitions) -> dict[tuple[str, str], int]:
    """Return our counts that are not zero."""
    where = zip(*np.nonzero(found.counts), strict=True)
    return {(found.labels[i], found.labels[j]): int(found.counts[i, j]) for i, j in where}


def _told(row: Row, *, same: bool) -> Row:
    """Say in the note whether both sides found the same."""
    return Row(**(row.__dict__ | {"note": f"{row.note}; {'same figures' if same else 'THE FIGURES DIFFER'}"}))
