"""The whole road at growing sizes: each in a child process, and beside the size before."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

from caregiving.bench.one_size import TOGETHER
from caregiving.bench.rows import Row, skipped
from caregiving.settings import ROOT

PATIENCE_S = 10.0  # an index that is expected to take longer once is left out


def growing(sizes: list[int], patience_s: float = PATIENCE_S) -> Iterator[Row]:
    """Yield the rows of every size; the ratio says how many times as long it took as at the size before.

    What would take more than `patience_s` once, going by the size before, is left out and says so.
    """
    before: dict[str, Row] = {}
    for size in sorted(sizes):
        long = {
            row.what.removeprefix("index ")
            for row in before.values()
            if row.verdict == "skipped" or row.best_s * size / row.events > patience_s
        }
        for row in _child(size, long):
            earlier = before.get(row.what)
            yield _beside_earlier(row, earlier)
            before[row.what] = row


def _beside_earlier(row: Row, earlier: Row | None) -> Row:
    if earlier is None or not earlier.repeats:
        return row
    if row.verdict == "skipped":
        expected_s = earlier.best_s * row.events / earlier.events
        return replace(row, note=f"skipped: it would take about {expected_s:.0f} s once at this size")
    if row.what == TOGETHER and row.note != earlier.note:
        return row  # other indices were left out, so the two sums are not of the same things
    means = f"x as long for {row.events / earlier.events:g} x the events"
    return replace(row, ratio=row.best_s / earlier.best_s, means=means)


def _child(size: int, without: set[str]) -> Iterator[Row]:
    """Run one size in a child process and yield what it prints."""
    command = [sys.executable, "-m", "caregiving.bench.one_size", str(size), *sorted(without)]
    with subprocess.Popen(  # noqa: S603  (our own module)
        command, cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8"
    ) as child:
        assert child.stdout is not None  # noqa: S101  (it was opened as a pipe)
        for line in child.stdout:
            yield Row(**json.loads(line))
    if child.returncode:
        yield skipped("the rest of this size", size, f"its process ended with code {child.returncode}")
