"""One line of the result: what was measured, beside what, the ratio, and whether its bar is met."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from caregiving.bench.clock import Timing


@dataclass(frozen=True)
class Bar:
    """What a ratio (or, where there is nothing to compare with, a time in seconds) has to keep to."""

    text: str
    at_most: float = math.inf
    at_least: float = -math.inf

    def holds(self, figure: float) -> bool:
        """Tell whether the figure keeps to the bar.

        >>> Bar("at most 20 x", at_most=20).holds(17.2), Bar("at least 20 x", at_least=20).holds(17.2)
        (True, False)
        """
        return self.at_least <= figure <= self.at_most


@dataclass(frozen=True)
class Row:
    """One measurement. Times in seconds, `peak_mib` the most memory its process had taken until then.

    `ratio` says what `means` says; `met` is None where no bar is set. A skipped row has no times, and `note`
    says why.
    """

    what: str
    events: int
    best_s: float = math.nan
    worst_s: float = math.nan
    repeats: int = 0
    beside: str = ""
    beside_s: float = math.nan
    ratio: float = math.nan
    means: str = ""
    bar: str = ""
    met: bool | None = None
    peak_mib: float = math.nan
    note: str = ""

    @property
    def verdict(self) -> str:
        """Met, not met or skipped; nothing where no bar is set."""
        if not self.repeats:
            return "skipped" if self.note.startswith("skipped") else ""
        return "" if self.met is None else "met" if self.met else "not met"

    def judged(self, bar: Bar, figure: float) -> "Row":
        """Return the row with its bar and whether the figure keeps to it."""
        return replace(self, bar=bar.text, met=bar.holds(figure) if self.repeats else None)


def timed(what: str, events: int, timing: Timing, note: str = "") -> Row:
    """Return the row of something measured alone."""
    return Row(what, events, timing.best_s, timing.worst_s, timing.repeats, note=note)


def times_longer(row: Row, beside: str, other: Timing) -> Row:
    """Set the row beside something quicker: the ratio says how many times as long ours takes."""
    ratio = row.best_s / other.best_s
    return replace(row, beside=beside, beside_s=other.best_s, ratio=ratio, means="x as long")


def times_faster(row: Row, beside: str, other_s: float) -> Row:
    """Set the row beside a peer: the ratio says how many times faster ours is."""
    return replace(row, beside=beside, beside_s=other_s, ratio=other_s / row.best_s, means="x faster")


def skipped(what: str, events: int, why: str, bar: Bar | None = None) -> Row:
    """Return the row of something that was not measured, with the reason."""
    return Row(what, events, bar=bar.text if bar else "", note=f"skipped: {why}")


HEADER = ["what", "events", "best", "spread", "beside", "its best", "ratio", "bar", "verdict", "peak", "note"]


def table(rows: list[Row]) -> Iterator[list[str]]:
    """Yield the cells of each row, for people."""
    for row in rows:
        spread = row.worst_s / row.best_s - 1 if row.repeats and row.best_s > 0 else math.nan
        yield [
            row.what,
            f"{row.events:,}" if row.events else "",
            seconds(row.best_s),
            "" if math.isnan(spread) else f"+{spread:.0%} of {row.repeats}",
            row.beside,
            seconds(row.beside_s),
            "" if math.isnan(row.ratio) else f"{row.ratio:.3g} {row.means}",
            row.bar,
            row.verdict,
            "" if math.isnan(row.peak_mib) else f"{row.peak_mib:.0f} MiB",
            row.note,
        ]


def seconds(value: float) -> str:
    """Return a time with a unit that fits, or nothing.

    >>> seconds(0.00123), seconds(12.34), seconds(float("nan"))
    ('1.23 ms', '12.3 s', '')
    """
    if math.isnan(value):
        return ""
    return f"{value * 1000:.3g} ms" if value < 1 else f"{value:.3g} s"
