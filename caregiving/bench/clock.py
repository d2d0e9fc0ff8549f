"""Timing: the best of several repeats, and the two sides of a ratio by turns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import perf_counter

REPEATS = 5
FEWEST = 3
LONG_S = 2.0  # what takes longer than this is repeated only the fewest times

Turn = Callable[[], float]


@dataclass(frozen=True)
class Timing:
    """Best and worst of so many repeats, in seconds."""

    best_s: float
    worst_s: float
    repeats: int


def turn(action: Callable[[], object]) -> Turn:
    """Return a function that runs the action once and returns the seconds it took."""

    def once() -> float:
        began = perf_counter()
        action()
        return perf_counter() - began

    return once


def by_turns(turns: Mapping[str, Turn], repeats: int = REPEATS) -> dict[str, Timing]:
    """Run each in turn, again and again, so that a busy moment of the machine falls on all of them.

    >>> found = by_turns({"quick": lambda: 0.1, "slow": lambda: 0.3}, repeats=3)
    >>> found["slow"].best_s / found["quick"].best_s, found["slow"].repeats
    (2.9999999999999996, 3)
    """
    took: dict[str, list[float]] = {name: [] for name in turns}
    for number in range(repeats):
        if number >= FEWEST and sum(times[0] for times in took.values()) > LONG_S:
            break
        for name, once in turns.items():
            took[name].append(once())
    return {name: Timing(min(times), max(times), len(times)) for name, times in took.items()}


def alone(action: Callable[[], object], repeats: int = REPEATS) -> Timing:
    """Run one action again and again."""
    return by_turns({"": turn(action)}, repeats)[""]
