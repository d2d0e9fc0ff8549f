"""State-space grid: in which pair of states two people are, how long, and how much they move about."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from caregiving.faults import Fault, Refused
from caregiving.instruments import Instrument
from caregiving.sequences._gates import lacking
from caregiving.sequences._plain import plain
from caregiving.sequences._stream import Stream, stream
from caregiving.sequences._stretches import US, Floats, Ints, joined

MINUTES = 3.0


def dispersion(durations: ArrayLike, n_cells: int) -> float:
    """Return how evenly the time is spread over the cells: 1 - (n sum (d_i / D)^2 - 1) / (n - 1).

    Parameters: `durations` d_i of the visited cells in any unit of time, D their sum; `n_cells` n, all cells
    of the grid.
    Returns: 0 when all the time is in one cell, 1 when every cell has the same; NaN without time or with one
    cell.
    Source: `state_space_grid`. It depends on n: compare only grids of one size.

    >>> round(dispersion([0.1, 0.4, 0.5], 9), 4)
    0.6525
    """
    d = np.asarray(durations, dtype=np.float64)
    if d.sum() <= 0 or n_cells < 2:
        return float("nan")
    return float(1 - (n_cells * np.sum((d / d.sum()) ** 2) - 1) / (n_cells - 1))


@dataclass(frozen=True)
class Grid:
    """A grid of the states of two people: rows for the one, columns for the other."""

    actors: tuple[str, ...]
    row_states: tuple[str, ...]
    column_states: tuple[str, ...]
    durations_s: Floats
    visits: Ints
    n_transitions: int
    observed_s: float
    notes: tuple[str, ...]

    @property
    def coded_s(self) -> float:
        """Return the seconds in which both people were in a coded state: the denominator."""
        return float(self.durations_s.sum())

    @property
    def gate(self) -> str | None:
        """Return what is lacking, or None: 3 minutes coded, for two people, in more than one cell."""
        if len(self.actors) < 2:
            return "not enough data: states of two people are needed"
        if self.durations_s.size < 2:
            return "not enough data: the grid has fewer than two cells"
        return lacking(("minute coded", self.coded_s / 60, MINUTES))

    def as_json(self) -> dict[str, Any]:
        """Return the grid, its summary figures and its denominators as plain values."""
        n_visits, minutes = int(self.visits.sum()), self.coded_s / 60
        summary = {
            "n_visits": n_visits,
            "cell_range": int((self.visits > 0).sum()) if minutes else np.nan,
            "mean_visit_s": self.coded_s / n_visits if n_visits else np.nan,
            "transitions_per_min": self.n_transitions / minutes if minutes else np.nan,
            "dispersion": dispersion(self.durations_s.ravel(), self.durations_s.size),
            "n_cells": self.durations_s.size,
        }
        names = ("actors", "row_states", "column_states", "durations_s", "visits", "n_transitions")
        head: dict[str, Any] = {
            name: plain(getattr(self, name)) for name in (*names, "coded_s", "observed_s")
        }
        return {**head, **plain(summary), "gate": self.gate, "notes": list(self.notes)}


def grid(
    events: pd.DataFrame,
    windows: pd.DataFrame | None = None,
    instrument: Instrument | None = None,
    *,
    actor: Iterable[str] = (),
    states: Mapping[str, Iterable[str]] | None = None,
) -> Grid:
    """Lay the states of two people over each other.

    At each moment a person is in the state that began last of those going on; moments in which one of the
    two is in no coded state count in no cell. A person of whom only points were coded is in each code until
    the next one. A visit is an unbroken run in one cell; a transition is a change of cell without a break in
    between.

    Parameters: `actor` the two people, rows first (those in the events, in order of name, when empty);
    `states` the codes of each that make the grid (the instrument's states, else all that were seen). The
    number of cells is the product.
    Returns: durations >= 0 in s, visits >= 0; nothing but zeros when nothing was coded.
    Raises: MissingColumn; Refused when not exactly two of more people are named. Source: `state_space_grid`.

    >>> codes = pd.DataFrame(
    ...     {
    ...         "session": "s",
    ...         "actor": ["him", "her", "him"],
    ...         "code": ["sad", "sad", "glad"],
    ...         "onset_s": [0, 0, 4],
    ...         "offset_s": [4, 10, 10],
    ...     }
    ... )
    >>> grid(codes, actor=("him", "her")).durations_s.tolist()
    [[6.0], [4.0]]
    """
    seen = stream(events, windows, instrument, actor)
    if len(seen.actors) > 2:
        raise Refused(
            [Fault("option actor", f"{len(seen.actors)} people", f"two of: {', '.join(seen.actors)}")]
        )
    names = [_states(seen, number, instrument, states) for number in range(len(seen.actors))]
    names += [()] * (2 - len(names))
    bouts = [seen.states_of(number) for number in range(len(seen.actors))]
    edges = [edge for start, end, _ in bouts for edge in (start, end)]
    cuts = np.unique(np.concatenate((seen.observed.start, seen.observed.end, *edges)))
    left, lasted = cuts[:-1], np.diff(cuts)
    here = [_state_at(left, *bout, names[i], seen.codes) for i, bout in enumerate(bouts)]
    here += [np.full(len(left), -1, dtype=np.int64)] * (2 - len(here))
    coded = np.flatnonzero(seen.observed.going_on(left) & (here[0] >= 0) & (here[1] >= 0))
    shape = (len(names[0]), len(names[1]))
    cell = (here[0] * shape[1] + here[1])[coded]
    unbroken = np.concatenate(([False], (np.diff(coded) == 1))) if len(coded) else np.empty(0, dtype=bool)
    moved = np.concatenate(([True], np.diff(cell) != 0)) if len(coded) else np.empty(0, dtype=bool)
    size = shape[0] * shape[1]
    durations = np.bincount(cell, lasted[coded] / US, minlength=size).reshape(shape).astype(np.float64)
    visits = np.bincount(cell[moved | ~unbroken], minlength=size).reshape(shape)
    return Grid(
        tuple(seen.actors), names[0], names[1], durations, visits,
        int((moved & unbroken).sum()), seen.observed.total_s,
        (*seen.notes, "seconds in which one of the two had no coded state are left out",
         "dispersion depends on the number of cells"),
    )  # fmt: skip


def state_space(
    events: pd.DataFrame,
    windows: pd.DataFrame | None = None,
    instrument: Instrument | None = None,
    *,
    actor: Iterable[str] = (),
    states: Mapping[str, Iterable[str]] | None = None,
) -> dict[str, Any]:
    """Return the state-space grid as plain values; see `grid` and `dispersion` for the definitions.

    >>> state_space(pd.DataFrame({"session": [], "actor": [], "code": [], "onset_s": [], "offset_s": []}))[
    ...     "gate"
    ... ]
    'not enough data: states of two people are needed'
    """
    return grid(events, windows, instrument, actor=tuple(actor), states=states).as_json()


def _states(
    seen: Stream, actor: int, instrument: Instrument | None, states: Mapping[str, Iterable[str]] | None
) -> tuple[str, ...]:
    """Return the codes that make one side of the grid."""
    name = seen.actors[actor]
    if states is not None and name in states:
        return tuple(states[name])
    shelf = (
        [b.code for b in instrument.behaviours if b.who == name and b.form == "state" and b.kind != "missing"]
        if instrument
        else []
    )
    return tuple(shelf) or tuple(seen.codes[number] for number in np.unique(seen.code[seen.actor == actor]))


def _state_at(
    moment: Ints, start: Ints, end: Ints, code: Ints, names: tuple[str, ...], codes: list[str]
) -> Ints:
    """Return which of the named states was begun last of those going on just after each moment, or -1."""
    state, newest = np.full(len(moment), -1, dtype=np.int64), np.full(len(moment), -1, dtype=np.int64)
    for number, name in enumerate(names):
        mine = code == (codes.index(name) if name in codes else -1)
        bouts = joined(start[mine], end[mine], touching=False)
        at = np.searchsorted(bouts.start, moment, side="right") - 1
        begun = np.append(bouts.start, -1)[at]
        wins = (at >= 0) & (moment < np.append(bouts.end, -1)[at]) & (begun > newest)
        state[wins], newest[wins] = number, begun[wins]
    return state
