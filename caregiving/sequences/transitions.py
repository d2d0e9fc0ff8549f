"""Transitions: how often one code is followed by another, within an actor or across several."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from caregiving.faults import Fault, Refused
from caregiving.instruments import Instrument
from caregiving.sequences._plain import plain
from caregiving.sequences._stream import Stream, stream
from caregiving.sequences._stretches import Bools, Floats, Ints


@dataclass(frozen=True)
class Transitions:
    """Counts of code followed by code. `counts[i, j]`: label i, then label j `lag` places later.

    `n_ties` of the counted pairs began at the same instant, so that their order is only that of their names.
    """

    labels: tuple[str, ...]
    counts: Ints
    lag: int
    repeats: bool
    n_sessions: int
    n_outside: int
    n_ties: int
    notes: tuple[str, ...] = ()

    @property
    def n(self) -> int:
        """Return how many transitions were counted."""
        return int(self.counts.sum())

    @property
    def frequencies(self) -> Floats:
        """Return each count over all counts; NaN when there is none."""
        return self.counts / self.n if self.n else np.full(self.counts.shape, np.nan)

    @property
    def shares(self) -> Floats:
        """Return each count over its row: how likely j is once i was seen; NaN in a row without any."""
        rows = self.counts.sum(axis=1, keepdims=True)
        return np.where(rows > 0, self.counts / np.maximum(rows, 1), np.nan)

    def as_json(self) -> dict[str, Any]:
        """Return labels, three matrices (rows: from, columns: to) and denominators as plain values."""
        names = (
            "labels",
            "lag",
            "repeats",
            "n",
            "n_sessions",
            "n_outside",
            "n_ties",
            "counts",
            "frequencies",
            "shares",
        )
        gate = None if self.n else "not enough data: no transition was seen"
        return {name: plain(getattr(self, name)) for name in names} | {
            "gate": gate,
            "notes": list(self.notes),
        }


def count(
    events: pd.DataFrame,
    windows: pd.DataFrame | None = None,
    instrument: Instrument | None = None,
    *,
    actor: Iterable[str] = (),
    lag: int = 1,
    repeats: bool = True,
) -> Transitions:
    """Count how often each code follows each other code `lag` places later.

    N_ij = number of places k with code_k = i and code_(k + lag) = j, both in one unbroken stretch of observed
    time of one session. Codes stand in order of their onsets; equal onsets in order of name, which is
    counted in `n_ties`. With several actors their streams are merged and the labels are "actor:code"; name
    one actor to stay within it. Without repeats, a run of the same label counts as one, so that no label
    follows itself at lag 1 (at longer lags it may: a, b, a).

    Parameters: `events`, `windows` frames in seconds; `actor` names to keep, all when empty; `lag` >= 1.
    Returns: a square matrix of counts >= 0 over the labels that were seen, in order of name.
    Raises: MissingColumn; Refused for a lag below 1, an unknown actor, or an end before its start.
    Source: `transitions`.

    >>> codes = pd.DataFrame(
    ...     {"session": "s", "actor": "x", "code": list("ABAB"), "onset_s": range(4), "offset_s": None}
    ... )
    >>> count(codes).counts.tolist()
    [[0, 2], [1, 0]]
    """
    if lag < 1:
        raise Refused([Fault("option lag", str(lag), "a whole number from 1 on")])
    seen = stream(events, windows, instrument, actor)
    key, stretch, onset = _merged(seen, repeats=repeats)
    codes = max(len(seen.codes), 1)
    which = np.flatnonzero(np.bincount(key, minlength=1))
    place, width = np.searchsorted(which, key), len(which)
    pairs = stretch[lag:] == stretch[:-lag]
    cell = place[:-lag][pairs] * width + place[lag:][pairs]
    counts = np.bincount(cell, minlength=width * width).reshape(width, width)
    ties = int((pairs & (onset[lag:] == onset[:-lag])).sum())
    labels = tuple(seen.label(int(number) // codes, int(number) % codes) for number in which)
    return Transitions(
        labels, counts.astype(np.int64), lag, repeats, seen.n_sessions, seen.n_outside, ties, seen.notes
    )


def transitions(
    events: pd.DataFrame,
    windows: pd.DataFrame | None = None,
    instrument: Instrument | None = None,
    *,
    actor: Iterable[str] = (),
    lag: int = 1,
    repeats: bool = True,
) -> dict[str, Any]:
    """Return the transition matrix as plain values; see `count` for its definition.

    >>> codes = pd.DataFrame(
    ...     {"session": "s", "actor": "x", "code": list("ABAB"), "onset_s": range(4), "offset_s": None}
    ... )
    >>> transitions(codes)["shares"]
    [[0.0, 1.0], [1.0, 0.0]]
    """
    return count(events, windows, instrument, actor=actor, lag=lag, repeats=repeats).as_json()


def _merged(seen: Stream, *, repeats: bool) -> tuple[Ints, Ints, Ints]:
    """Return label, stretch and onset of the events that begin in observed time, runs joined where wanted."""
    stretch = seen.home
    kept: Bools = stretch >= 0
    key = seen.actor * max(len(seen.codes), 1) + seen.code
    key, stretch, onset = key[kept], stretch[kept], seen.onset[kept]
    if repeats or not len(key):
        return key, stretch, onset
    fresh = np.concatenate(([True], (key[1:] != key[:-1]) | (stretch[1:] != stretch[:-1])))
    return key[fresh], stretch[fresh], onset[fresh]
