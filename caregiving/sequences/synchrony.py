"""Synchrony: whether the states of two people rise and fall together, and who goes first."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from caregiving.faults import Fault, Refused
from caregiving.instruments import Instrument
from caregiving.sequences._coupling import Coupling, coupling
from caregiving.sequences._gates import lacking
from caregiving.sequences._plain import plain
from caregiving.sequences._stream import Stream, stream
from caregiving.sequences._stretches import US, Bools, Floats, Ints, Stretches, joined

FILL_S, CONTINUOUS_S, MISSING = 2.0, 180.0, 0.10


def synchrony(
    events: pd.DataFrame,
    windows: pd.DataFrame | None = None,
    instrument: Instrument | None = None,
    *,
    actor: Iterable[str] = (),
    given: str | Iterable[str] = (),
    target: str | Iterable[str] = (),
    valence: Mapping[str, float] | None = None,
    longest_lag_s: float = 10.0,
    bin_s: float = 1.0,
    shifts: int = 999,
    seed: int = 0,
) -> dict[str, Any]:
    """Return the cross-correlation of two people's states, its peak, lag, leader and p (see `coupling`).

    Each series has one value a bin (1 s): without `valence`, the share of the bin in which the person is in
    one of the chosen states; with it, the mean value of the states over the coded part of the bin, missing
    when under half of it is coded. Bins that could not be observed are missing. Up to 2 s of missing time is
    filled in linearly, longer gaps split the series, and only pieces of 3 minutes or more count.

    Parameters: `actor` first and second person (the only two when empty); `given`, `target` the states that
    make the first and the second series (all of the person's when empty); `valence` code to number, such as
    -1, 0, 1.
    Returns: r in [-1, 1] at lags of -10 to 10 s; the leader is the person whose states come first. Gate: 3
    minutes without a break, at most 10 % missing. Raises: MissingColumn; Refused when more than two people
    are meant. Source: `feldman_synchrony`.

    >>> nothing = pd.DataFrame({"session": [], "actor": [], "code": [], "onset_s": [], "offset_s": []})
    >>> synchrony(nothing)["gate"]
    'not enough data: needs 3 more minutes without a break (0 of 3)'
    """
    seen = stream(events, windows, instrument, actor)
    if len(seen.actors) > 2:
        raise Refused(
            [Fault("option actor", f"{len(seen.actors)} people", f"two of: {', '.join(seen.actors)}")]
        )
    begin, stretch = _bins(seen.watched, round(bin_s * US))
    end = begin + round(bin_s * US)
    hidden = seen.observed.before(end) - seen.observed.before(begin) < end - begin
    series = np.full((2, len(begin)), np.nan)
    for number, chosen in zip(range(len(seen.actors)), (given, target), strict=False):
        series[number] = np.where(hidden, np.nan, _series(seen, number, begin, end, _named(chosen), valence))
    missing = float(np.isnan(series).any(axis=0).mean()) if len(begin) else 0.0
    pieces, longest_s = _pieces(series, stretch, bin_s)
    first, second = [piece[0] for piece in pieces], [piece[1] for piece in pieces]
    found = coupling(first, second, round(longest_lag_s / bin_s), shifts, seed, round(60 / bin_s))
    return plain(_told(seen, found, bin_s, missing, longest_s) | {"seed": seed, "shifts": shifts})  # type: ignore[no-any-return]


def _told(seen: Stream, found: Coupling, bin_s: float, missing: float, longest_s: float) -> dict[str, Any]:
    """Put the result in words and numbers, with its gate."""
    peak, lag = found.peak
    names = [*seen.actors, None, None]
    leader = None if lag == 0 or np.isnan(peak) else names[0] if lag > 0 else names[1]
    gate = lacking(("minute without a break", longest_s / 60, CONTINUOUS_S / 60))
    if gate is None and missing > MISSING:
        gate = f"not enough data: {missing:.0%} of the time is missing, at most {MISSING:.0%} may be"
    if gate is None and np.isnan(peak):
        gate = "not enough data: one of the two series never changes"
    return {
        "actors": seen.actors,
        "bin_s": bin_s,
        "lags_s": found.lags * bin_s,
        "r": found.r,
        "peak_r": peak,
        "lag_s": lag * bin_s if not np.isnan(peak) else np.nan,
        "leader": leader,
        "p": found.p,
        "band": found.band,
        "n_bins": found.n,
        "orders": found.orders,
        "missing_share": missing,
        "longest_s": longest_s,
        "observed_s": seen.observed.total_s,
        "gate": gate,
        "notes": [*seen.notes, "p tests the highest peak over all lags, by turning one series round in time"],
    }


def _named(chosen: str | Iterable[str]) -> set[str]:
    """Return the chosen codes without their actors."""
    return {name.rpartition(":")[2] for name in ([chosen] if isinstance(chosen, str) else chosen)}


def _bins(watched: Stretches, unit: int) -> tuple[Ints, Ints]:
    """Return where the whole bins of all watched stretches begin, and the stretch each lies in."""
    n = (watched.end - watched.start) // unit
    stretch = np.repeat(np.arange(len(n)), n)
    first = np.cumsum(n) - n
    return watched.start[stretch] + (np.arange(int(n.sum())) - first[stretch]) * unit, stretch


def _series(
    seen: Stream, actor: int, begin: Ints, end: Ints, chosen: set[str], valence: Mapping[str, float] | None
) -> Floats:
    """Return one person's value in each bin."""
    start, stop, code = seen.states_of(actor)
    if valence is None:
        mine = (
            np.isin(code, [place for place, name in enumerate(seen.codes) if name in chosen])
            if chosen
            else np.ones(len(code), dtype=bool)
        )
        going_on = joined(start[mine], stop[mine])
        return np.asarray((going_on.before(end) - going_on.before(begin)) / (end - begin), dtype=np.float64)
    weighed, covered = np.zeros(len(begin)), np.zeros(len(begin))
    for name in sorted((chosen or set(valence)) & set(valence) & set(seen.codes)):
        mine = code == seen.codes.index(name)
        going_on = joined(start[mine], stop[mine])
        part = (going_on.before(end) - going_on.before(begin)) / (end - begin)
        weighed, covered = weighed + valence[name] * part, covered + part
    return np.where(covered >= 0.5, weighed / np.maximum(covered, 1e-12), np.nan)


def _pieces(series: Floats, stretch: Ints, bin_s: float) -> tuple[list[Floats], float]:
    """Fill short gaps, split at the others; return the pieces of 3 minutes and the longest's seconds."""
    gone: Bools = np.asarray(np.isnan(series).any(axis=0))
    if not len(gone) or gone.all():
        return [], 0.0
    edge: Bools = np.concatenate(([True], (gone[1:] != gone[:-1]) | (stretch[1:] != stretch[:-1])))
    first = np.flatnonzero(edge)
    last = np.append(first[1:], len(gone)) - 1
    inner = (first > 0) & (last < len(gone) - 1)
    inner &= (stretch[np.maximum(first - 1, 0)] == stretch[last]) & (
        stretch[np.minimum(last + 1, len(gone) - 1)] == stretch[last]
    )
    short = gone[first] & inner & ((last - first + 1) * bin_s <= FILL_S)
    filled = ~gone | np.repeat(short, last - first + 1)
    at = np.arange(len(gone), dtype=np.float64)
    whole = np.array([np.interp(at, at[~gone], row[~gone]) for row in series])
    cut = np.flatnonzero(
        np.concatenate(([True], (filled[1:] != filled[:-1]) | (stretch[1:] != stretch[:-1])))
    )
    runs = [part for part, kept in zip(np.split(whole, cut[1:], axis=1), filled[cut], strict=True) if kept]
    longest = max(part.shape[1] for part in runs) * bin_s
    return [part for part in runs if part.shape[1] * bin_s >= CONTINUOUS_S], longest
