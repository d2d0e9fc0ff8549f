"""Does the target begin more often in a window after the given code than outside? A table of bins."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, isfinite, log, nan, sqrt
from typing import Any, Literal

import numpy as np
import pandas as pd

from caregiving.faults import Fault, Refused
from caregiving.instruments import Instrument
from caregiving.sequences._gates import lacking
from caregiving.sequences._plain import plain
from caregiving.sequences._stream import Stream, stream
from caregiving.sequences._stretches import US, Bools, Ints, joined

Z95 = 1.959963984540054
MEASURES = (
    *("odds_ratio", "odds_ratio_haldane", "ln_odds_ratio", "se", "low", "high"),
    *("yule_q", "yule_y", "phi", "risk_ratio", "ocv", "z", "expected"),
)
UNION = "windows are united, no bin counts twice"
CAUTION = "z and the limits take bins as independent: test by shuffled time"


@dataclass(frozen=True)
class TwoByTwo:
    """Counts of time bins: target begins (a) or not (b) inside, begins (c) or not (d) outside."""

    a: float
    b: float
    c: float
    d: float

    @property
    def n(self) -> float:
        """Return the number of bins."""
        return self.a + self.b + self.c + self.d

    @property
    def expected_smallest(self) -> float:
        """Return the smallest of the four counts that independence would expect; NaN without bins."""
        smaller_row = min(self.a + self.b, self.c + self.d)
        return smaller_row * min(self.a + self.c, self.b + self.d) / self.n if self.n else nan

    def odds_ratio(self, *, add: float | None = None) -> float:
        """Return (a + k)(d + k) / ((b + k)(c + k)), k = `add`, or 0.5 if a count is 0, else 0."""
        k = add if add is not None else (0.5 if 0 in (self.a, self.b, self.c, self.d) else 0.0)
        return (self.a + k) * (self.d + k) / ((self.b + k) * (self.c + k)) if self.n else nan


def measures(table: TwoByTwo) -> dict[str, float]:
    """Return the measures of association of a two by two table of time bins.

    With k = 0.5 added to every cell when any is 0 (Haldane): odds_ratio = ad / (bc), its ln with
    se = sqrt(1/a + 1/b + 1/c + 1/d) and Wald limits. From the counts as they are: yule_q = (ad - bc) / (ad +
    bc); yule_y = (sqrt(OR) - 1) / (sqrt(OR) + 1); phi; risk_ratio; ocv = a / (a + b) - c / (c + d) (operant
    contingency value); z = (a - E) / sqrt(E (1 - row/N) (1 - column/N)), E = row column / N.

    Parameters: counts >= 0. Returns: ratios in [0, inf), Q, Y, phi, ocv in [-1, 1]; NaN where a margin is
    empty.
    Source: `bakeman_quera_2011`, `ocv_code`. z is descriptive: time bins are not independent.

    >>> found = measures(TwoByTwo(40, 10, 20, 50))
    >>> found["odds_ratio"], round(found["yule_q"], 4), round(found["ocv"], 4), round(found["z"], 3)
    (10.0, 0.8182, 0.5143, 5.555)
    """
    a, b, c, d = table.a, table.b, table.c, table.d
    if 0 in (a + b, c + d, a + c, b + d):
        return dict.fromkeys(MEASURES, nan)
    k = 0.5 if 0 in (a, b, c, d) else 0.0
    ratio, se = table.odds_ratio(), sqrt(sum(1 / (cell + k) for cell in (a, b, c, d)))
    phi = (a * d - b * c) / sqrt((a + b) * (c + d) * (a + c) * (b + d))
    inside, outside = a / (a + b), c / (c + d)
    return {
        "odds_ratio": ratio,
        "odds_ratio_haldane": table.odds_ratio(add=0.5),
        "ln_odds_ratio": log(ratio),
        "se": se,
        "low": exp(log(ratio) - Z95 * se),
        "high": exp(log(ratio) + Z95 * se),
        "yule_q": (a * d - b * c) / (a * d + b * c),
        "yule_y": (sqrt(ratio) - 1) / (sqrt(ratio) + 1),
        "phi": phi,
        "risk_ratio": inside / outside if outside else nan,
        "ocv": inside - outside,
        "z": phi * sqrt(table.n),
        "expected": (a + b) * (a + c) / table.n,
    }


def window_2x2(
    events: pd.DataFrame,
    windows: pd.DataFrame | None = None,
    instrument: Instrument | None = None,
    *,
    given: str | Iterable[str],
    target: str | Iterable[str],
    window_s: float,
    bin_s: float = 1.0,
    since: Literal["onset", "offset"] | None = None,
    drop_start: bool = False,
) -> dict[str, Any]:
    """Tally bins of observed time by: inside a window after a given code or not, target begins in it or not.

    Inside is the union of (g, g + window_s] over all moments g of the given code, within one unbroken
    stretch; a target at g itself (latency 0) counts as inside. Bins are (k u, (k + 1) u] from the start of
    the stretch; a bin in which the target begins stands where its first onset falls exactly, any other where
    its end falls. A bin in which the target was under way all through is dropped; with `drop_start`, so is
    the first window_s of every stretch, whose history nobody saw.

    Parameters: `given`, `target` codes, "actor:code" labels, or classes and kinds of the instrument;
    `window_s` > 0; `since` onset or offset of the given code (the instrument's rule when None, else onset).
    Returns: a, b, c, d, the `measures`, base rates per minute, exposure and the gate: 20 minutes, 10 given
    moments, 10 targets, and 5 in every expected cell.
    Raises: MissingColumn; Refused for a name that the instrument does not know or a window that is not above
    0. Source: `bakeman_quera_2011`.

    A minute with one cry, answered 3 s later:

    >>> rows = pd.DataFrame(
    ...     {"session": "s", "actor": "x", "code": ["cry", "hold"], "onset_s": [10, 13], "offset_s": None}
    ... )
    >>> minute = pd.DataFrame({"session": ["s"], "start_s": 0.0, "end_s": 60.0})
    >>> [window_2x2(rows, minute, given="cry", target="hold", window_s=10)[cell] for cell in "abcd"]
    [1, 9, 0, 50]
    """
    if not window_s > 0 or not bin_s > 0:
        raise Refused([Fault("option window-s", f"{min(window_s, bin_s):g} s", "seconds, above 0")])
    seen = stream(events, windows, instrument)
    from_offset = (since or (instrument.latency_from if instrument else "onset")) == "offset"
    is_given, is_target = _named(seen, given, instrument, "given"), _named(seen, target, instrument, "target")
    moments = (seen.offset if from_offset else seen.onset)[is_given]
    moments = np.sort(moments[seen.observed.holding(moments) >= 0])
    onsets = seen.onset[is_target & (seen.home >= 0)]
    under_way = joined(seen.onset[is_target & seen.lasts], seen.offset[is_target & seen.lasts])
    wide = round(window_s * US)
    table, kept_us = _tally(
        seen, moments, onsets, (under_way.start, under_way.end), wide, round(bin_s * US), drop_start
    )
    found = measures(table)
    gate = _gate(table, kept_us, len(moments), len(onsets))
    if not isfinite(found["odds_ratio"]):
        gate = gate or "not enough data: one of the margins is empty"
    minutes = kept_us / US / 60
    result: dict[str, Any] = {cell: int(getattr(table, cell)) for cell in "abcd"}
    result |= {"n_bins": int(table.n), "bin_s": bin_s, "window_s": window_s, **plain(found)}
    result |= {"n_given": len(moments), "n_target": len(onsets), "observed_s": minutes * 60}
    result |= {"given_per_min": plain(len(moments) / minutes if minutes else nan)}
    result |= {"target_per_min": plain(len(onsets) / minutes if minutes else nan)}
    result |= {"since": "offset" if from_offset else "onset", "n_outside": seen.n_outside, "gate": gate}
    named = [
        name for name in (*_listed(given), *_listed(target)) if name.rpartition(":")[2] not in seen.codes
    ]
    nowhere = [f'nothing in the events is called "{name}"' for name in named if instrument is None]
    return result | {"notes": [*seen.notes, *nowhere, UNION, CAUTION]}


def _gate(table: TwoByTwo, kept_us: int, n_given: int, n_target: int) -> str | None:
    """Return what is lacking: 20 minutes, 10 given moments, 10 targets, 5 bins expected in every cell."""
    return lacking(
        ("minute watched", kept_us / US / 60, 20),
        ("moment of the given code", n_given, 10),
        ("onset of the target", n_target, 10),
        ("bin expected in the emptiest cell", table.expected_smallest, 5),
    )


def _named(seen: Stream, names: str | Iterable[str], instrument: Instrument | None, option: str) -> Bools:
    """Tell which events carry one of the names: a code, an "actor:code" label, a class or a kind."""
    found: Bools = np.zeros(len(seen.code), dtype=bool)
    for name in _listed(names):
        actor, _, code = name.rpartition(":")
        group = [code] if code in seen.codes or instrument is None else _group(instrument, code)
        if not group and instrument is not None:
            known = ", ".join(b.code for b in instrument.behaviours)
            raise Refused(
                [Fault(f"option {option}", f'"{name}"', f"a code, class or kind; the codes are: {known}")]
            )
        number = [place for place, each in enumerate(seen.codes) if each in group]
        theirs = seen.actor == (seen.actors.index(actor) if actor in seen.actors else -1) if actor else True
        found |= np.isin(seen.code, number) & theirs
    return found


def _listed(names: str | Iterable[str]) -> list[str]:
    """Return one name or several as a list."""
    return [names] if isinstance(names, str) else list(names)


def _group(instrument: Instrument, name: str) -> list[str]:
    """Return the codes that a code, class or kind of the instrument stands for."""
    return [b.code for b in instrument.behaviours if name in (b.code, b.cue_class, b.kind)]


def _tally(
    seen: Stream,
    moments: Ints,
    onsets: Ints,
    under_way: tuple[Ints, Ints],
    wide: int,
    unit: int,
    drop_start: bool,
) -> tuple[TwoByTwo, int]:
    """Return the four counts and how much time the bins in them cover, in microseconds."""
    start, end = seen.observed.start, seen.observed.end
    n_bins = -(-(end - start) // unit)
    first = np.concatenate(([0], np.cumsum(n_bins)))
    of = np.repeat(np.arange(len(start)), n_bins)
    begins = start[of] + (np.arange(first[-1]) - first[of]) * unit
    ends = np.minimum(begins + unit, end[of])
    inside = _inside(ends, start[of], moments, wide, at_once=False)
    home = seen.observed.holding(onsets)
    place = first[home] + np.clip(-(-(onsets - start[home]) // unit) - 1, 0, np.maximum(n_bins[home] - 1, 0))
    held, first_onset = np.unique(place, return_index=True)
    hit = np.zeros(len(of), dtype=bool)
    hit[held] = True
    inside[held] = _inside(onsets[first_onset], start[home[first_onset]], moments, wide, at_once=True)
    at = np.searchsorted(under_way[0], begins, side="right") - 1
    going_on = (at >= 0) & (np.append(under_way[1], -1)[at] >= ends)
    kept = (hit | ~going_on) & (~drop_start | (begins - start[of] >= wide))
    a, b = (kept & hit & inside).sum(), (kept & ~hit & inside).sum()
    c, d = (kept & hit & ~inside).sum(), (kept & ~hit & ~inside).sum()
    return TwoByTwo(float(a), float(b), float(c), float(d)), int((ends - begins)[kept].sum())


def _inside(time: Ints, floor: Ints, moments: Ints, wide: int, *, at_once: bool) -> Bools:
    """Tell whether each time lies within `wide` after the latest given moment of its own stretch."""
    latest = np.searchsorted(moments, time, side="right" if at_once else "left") - 1
    moment = np.append(moments, 0)[latest]
    return np.asarray((latest >= 0) & (moment >= floor) & (time - moment <= wide))
