"""Columns ready for the kernel or for many curves: plain arrays, so that ten millions are soon made."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
US = 1_000_000
EVENTS_A_FAMILY = 1_000
CUES = 0.55  # this share of the events are cues, the others answers
GAP_S = 40.0  # the mean time from one event to the next
WINDOWS_S = (15, 180)  # the response windows, half of the cues each
GROUP = 500  # waits in a group


@dataclass(frozen=True)
class Columns:
    """What an attribution rule reads, on the line of watched time in microseconds; and whose each is."""

    onset: Ints
    first: Ints
    last: Ints
    answers: Ints
    family_of_cue: NDArray[np.int32]
    family_of_answer: NDArray[np.int32]


def columns(n_events: int, seed: int = 1) -> Columns:
    """Return cues and answers of so many events, in order of time, families one after another."""
    rng = np.random.default_rng(seed)
    family = (np.arange(n_events) // EVENTS_A_FAMILY).astype(np.int32)
    gaps = rng.exponential(GAP_S * US, n_events).astype(np.int64) + 1
    position = np.cumsum(gaps) + family.astype(np.int64) * (max(WINDOWS_S) + 1) * US
    is_cue = rng.random(n_events) < CUES
    onset = position[is_cue]
    window = np.where(rng.random(len(onset)) < 0.5, *WINDOWS_S) * US
    return Columns(onset, onset.copy(), onset + window, position[~is_cue], family[is_cue], family[~is_cue])


@dataclass(frozen=True)
class Waits:
    """Waits of many groups: the group's number, seconds, and whether it ended in an answer."""

    group: Ints
    wait_s: Floats
    answered: NDArray[np.bool_]


def waits(n_groups: int, seed: int = 2) -> Waits:
    """Return log-normal waits (median 20 s), followed for 60 s at most; a tenth of the others were lost."""
    rng = np.random.default_rng(seed)
    n = n_groups * GROUP
    wait_s: Floats = np.minimum(rng.lognormal(3.0, 1.0, n), 60.0).round(6)
    return Waits(np.repeat(np.arange(n_groups), GROUP), wait_s, (wait_s < 60) & (rng.random(n) < 0.9))
