"""Two people's states side by side: a grid of caregiver x infant states, and the time in each cell."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from caregiving.indices._moments import Ints, Watching
from caregiving.instruments import Behaviour, Instrument

ACTORS = {"infant": ("infant_", "baby_", "child_"), "caregiver": ("caregiver_", "parent_", "adult_")}
UNCODED = -1


def dispersion(duration_s: ArrayLike) -> float:
    """Return 1 - (n sum (d_i / D)^2 - 1) / (n - 1): 0 in one cell only, 1 when even over all n cells.

    Parameters: `duration_s` time in each of the n cells of the grid, empty ones included; D is their sum.
    Returns: [0, 1]; NaN with fewer than two cells or no time at all. Source: `state_space_grid`.

    Nine cells, of which three were visited: 1 - (9 x .42 - 1) / 8.

    >>> round(dispersion([0.1, 0.4, 0.5, 0, 0, 0, 0, 0, 0]), 4)
    0.6525
    """
    spent = np.asarray(duration_s, dtype=np.float64).ravel()
    n, total = len(spent), float(spent.sum())
    if n < 2 or total <= 0:
        return float("nan")
    return min(1.0, max(0.0, 1 - (n * float(np.sum((spent / total) ** 2)) - 1) / (n - 1)))


def engagement(instrument: Instrument) -> dict[str, list[str]]:
    """Return the engagement states of infant and caregiver: states whose code begins with the actor's name.

    `infant_play` and `caregiver_play` are the same engagement, play. Holding and other states that only make
    a caregiver be there already are none. Empty lists when the instrument codes none.
    """
    return {who: [b.code for b in instrument.behaviours if _is_engagement(b, who)] for who in ACTORS}


def _is_engagement(behaviour: Behaviour, who: str) -> bool:
    is_state = behaviour.kind == "state" and behaviour.who == who and not behaviour.engages
    return is_state and behaviour.code.startswith(ACTORS[who])


def word(code: str) -> str:
    """Return an engagement state without its actor.

    >>> word("infant_play")
    'play'
    """
    return code.split("_", 1)[1]


def joint_states(events: pd.DataFrame, watch: Watching, codes: dict[str, list[str]]) -> pd.DataFrame:
    """Return the watched time cut wherever a state of either person changes.

    Parameters: EVENTS (`session, code, onset_s, offset_s`); `codes` of `infant` and `caregiver`, one state
    of each at a time: a new one ends the one before, and one without an end lasts until then or the end of
    watching.
    Returns: one row a piece: `start, end` (moments), `infant`, `caregiver` (place in `codes`, -1 uncoded).
    """
    lines = {who: _line(events, watch, names) for who, names in codes.items()}
    edges = np.unique(
        np.concatenate([watch.start, watch.end, *(part for line in lines.values() for part in line[:2])])
    )
    inside = np.searchsorted(watch.start, edges, side="right") > np.searchsorted(
        watch.end, edges, side="right"
    )
    start, end = edges[inside], np.append(edges[1:], 0)[inside]
    states = {who: _state_at(line, start) for who, line in lines.items()}
    return pd.DataFrame({"start": start, "end": end, **states})


def _line(events: pd.DataFrame, watch: Watching, codes: list[str]) -> tuple[Ints, Ints, Ints]:
    """Return onset, end and number of each state of one person, in order; no two overlap."""
    rows = events[["session", "code", "onset_s", "offset_s"]][events["code"].isin(codes)]
    onset, end = watch.at(rows["session"], rows["onset_s"]), watch.at(rows["session"], rows["offset_s"])
    number = pd.Index(codes).get_indexer(pd.Index(rows["code"].astype("object"))).astype(np.int64)
    end = np.where(end < 0, (onset // watch.room + 1) * watch.room - 1, end)
    kept = np.flatnonzero(onset >= 0)
    kept = kept[np.lexsort((number[kept], onset[kept]))]
    onset, end, number = onset[kept], end[kept], number[kept]
    return onset, np.minimum(end, np.append(onset[1:], np.iinfo(np.int64).max)), number


def _state_at(line: tuple[Ints, Ints, Ints], moment: Ints) -> Ints:
    """Return the number of the state in which each moment lies, or -1."""
    onset, end, number = line
    place = np.searchsorted(onset, moment, side="right") - 1
    within = (place >= 0) & (moment < np.append(end, 0)[place])
    return np.where(within, np.append(number, UNCODED)[place], UNCODED)
