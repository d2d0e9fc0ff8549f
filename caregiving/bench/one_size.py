"""The whole road at one size, in a process of its own so that its memory can be told.

Run as `python -m caregiving.bench.one_size EVENTS [INDEX ...]`; the indices named are left out. One line of
JSON comes out for every row, as soon as it is there.
"""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from unittest import mock

import numpy as np

from caregiving.bench.clock import FEWEST, alone
from caregiving.bench.invented_families import families
from caregiving.bench.rows import Row, skipped, timed
from caregiving.episodes import pair
from caregiving.indices import Material, all_indices
from caregiving.indices._days import forget_draws
from caregiving.instruments import load
from caregiving.sequences import show

INSTRUMENT = "home_moments"
DRAWS = "with its random draws"
TOGETHER = "indices without draws, together"


def one_size(n_events: int, without: set[str]) -> Iterator[Row]:
    """Yield a row for the episodes, two views of sequences and every index, each with the peak memory."""
    instrument = load(INSTRUMENT)
    events, windows = families(n_events)
    yield _with_peak(Row("invented events are there", n_events, note="memory before any analysis"))
    timing = alone(lambda: pair(events, windows, instrument), FEWEST)
    episodes = pair(events, windows, instrument)
    yield _with_peak(timed("episodes.pair", n_events, timing, f"{len(episodes):,} cue bouts"))
    for view in ("time_budget", "transitions"):
        timing = alone(partial(show, view, events, windows, instrument), FEWEST)
        yield _with_peak(timed(f"sequences, {view}", n_events, timing))
    material = Material(instrument, events, windows, episodes)
    rows = []
    for name, index in all_indices().items():
        if name in without:
            rows.append(skipped(f"index {name}", n_events, "it would take too long at this size"))
        else:
            rows.append(_index(name, partial(index.estimates, material), n_events))
        yield rows[-1]
    yield _together(rows, n_events)


def _together(rows: list[Row], n_events: int) -> Row:
    """Add up the indices that draw nothing at random."""
    plain = [row for row in rows if row.repeats and row.note != DRAWS]
    best_s, worst_s = sum(row.best_s for row in plain), sum(row.worst_s for row in plain)
    late = sum(not row.repeats for row in rows)
    note = f"{len(plain)} indices; not the {len(rows) - len(plain) - late} with draws, nor {late} skipped"
    return _with_peak(Row(TOGETHER, n_events, best_s, worst_s, FEWEST, note=note))


def _index(name: str, run: Callable[[], object], n_events: int) -> Row:
    """Measure one index, and tell whether it draws at random on the way."""
    forget_draws()
    with mock.patch("numpy.random.default_rng", wraps=np.random.default_rng) as dice:
        try:
            timing = alone(run, FEWEST)
        except MemoryError:
            return skipped(f"index {name}", n_events, "it needs more memory than there is")
    note = DRAWS if dice.called else ""
    return _with_peak(timed(f"index {name}", n_events, timing, note))


def _with_peak(row: Row) -> Row:
    """Write down the most memory that this process has taken so far, where the system tells.

    On Linux, getrusage begins with the peak of the process that started this one; the high-water mark in
    /proc begins anew.
    """
    status = Path("/proc/self/status")
    if status.exists():
        marks = [line.split() for line in status.read_text().splitlines() if line.startswith("VmHWM")]
        return replace(row, peak_mib=int(marks[0][1]) / 1024) if marks else row
    try:
        import resource
    except ImportError:  # Windows
        return row
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return replace(row, peak_mib=peak / (1 << 20 if sys.platform == "darwin" else 1 << 10))


if __name__ == "__main__":
    for found in one_size(int(sys.argv[1]), set(sys.argv[2:])):
        sys.stdout.write(json.dumps(asdict(found)) + "\n")
        sys.stdout.flush()
