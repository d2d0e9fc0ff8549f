"""lifelines: a Kaplan-Meier fit and its median for each group in a loop, timed where lifelines lives."""

import array
import importlib
import json
import sys
from pathlib import Path
from time import perf_counter
from typing import Any


def column(path: Path, kind: str) -> "array.array[Any]":
    """Return the numbers of a file that holds nothing else."""
    numbers: array.array[Any] = array.array(kind)
    numbers.frombytes(path.read_bytes())
    return numbers


def medians(fitter: Any, wait_s: "array.array[Any]", answered: "array.array[Any]", size: int) -> list[float]:
    """Return the median of every group of so many waits, one fit after another."""
    return [
        float(fitter().fit(wait_s[at : at + size], answered[at : at + size]).median_survival_time_)
        for at in range(0, len(wait_s), size)
    ]


def main(folder: Path, size: int) -> None:
    """Read the waits, then fit all groups anew for every line read."""
    fitter = importlib.import_module("lifelines").KaplanMeierFitter
    wait_s, answered = column(folder / "wait_s", "d"), column(folder / "answered", "b")
    medians(fitter, wait_s[:size], answered[:size], size)
    sys.stdout.write(json.dumps({"ready": len(wait_s) // size}) + "\n")
    sys.stdout.flush()
    for _ in sys.stdin:
        began = perf_counter()
        found = medians(fitter, wait_s, answered, size)
        took_s = perf_counter() - began
        sys.stdout.write(json.dumps({"took_s": took_s, "found": found}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
