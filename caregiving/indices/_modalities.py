"""What reaches the baby's senses: voice, touch and sight, crossed into eight states by an exact sweep."""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from caregiving.indices._watching import NEVER, US, Ints, Stretches, event_sessions, microseconds
from caregiving.instruments import Behaviour, Instrument

POINT_LASTS_S = 1.0
STATES: Final = ("none", "V", "T", "A", "TA", "VA", "VT", "VTA")
# the number of the state for voice + 2 touch + 4 sight
NUMBER: Final = np.array([0, 3, 2, 4, 1, 5, 6, 7])

Bools = NDArray[np.bool_]
Parts = tuple[Ints, Ints, Ints]


def sensory_codes(instrument: Instrument) -> dict[str, list[str]]:
    """Return the codes of each modality: the caregiver's voice, touch and sight, and the baby's looking."""

    def of(who: str, modality: str) -> list[str]:
        return instrument.codes("response", "state", "other", "cue", who=who, modality=modality)

    return {
        "voice": of("caregiver", "voice"),
        "touch": of("caregiver", "touch"),
        "sight": of("caregiver", "visual"),
        "looking": of("infant", "visual"),
    }


def sensory_states(
    events: pd.DataFrame, stretches: Stretches, instrument: Instrument
) -> tuple[Ints, Ints, Ints]:
    """Return the visits of all stretches in order of time: state, stretch, and duration (microseconds).

    Voice and touch are the union of their spans; sight is the caregiver's visual spans while the baby looks,
    when the instrument codes looking, else the caregiver's alone. A point lasts 1 s; a state of kind `state`
    without an end lasts until the watching ends. Neighbouring visits of one stretch differ. Spans are cut at
    the stretch's ends.
    """
    codes = sensory_codes(instrument)
    spans = {
        name: _spans(events[events["code"].isin(listed)], stretches, instrument)
        for name, listed in codes.items()
    }
    room = int(stretches.lasts_s.max() * US) + 2
    every = np.arange(len(stretches.start))
    lasts = stretches.end - stretches.start
    edges = [every * room, every * room + lasts]
    lines = {name: (np.sort(s * room + b), np.sort(s * room + u)) for name, (s, b, u) in spans.items()}
    edge = np.unique(np.concatenate([*edges, *(side for line in lines.values() for side in line)]))
    left = edge[:-1]
    stretch = left // room
    seen = left % room < lasts[stretch]
    left, lasted, stretch = left[seen], np.diff(edge)[seen], stretch[seen]
    on = {
        name: np.searchsorted(a, left, "right") > np.searchsorted(b, left, "right")
        for name, (a, b) in lines.items()
    }
    sight = on["sight"] & on["looking"] if codes["looking"] else on["sight"]
    state = NUMBER[on["voice"] + 2 * on["touch"] + 4 * sight]
    fresh = np.append(True, (state[1:] != state[:-1]) | (stretch[1:] != stretch[:-1]))
    total = np.add.reduceat(lasted, np.flatnonzero(fresh))
    return state[fresh], stretch[fresh], total


def _spans(rows: pd.DataFrame, stretches: Stretches, instrument: Instrument) -> Parts:
    """Return stretch, begin and until of the spans of some codes; points are given their length."""
    behaviours: list[Behaviour] = [instrument.behaviour(str(code)) for code in rows["code"].unique()]
    goes_on = [b.code for b in behaviours if b.kind == "state"]
    onset, offset = microseconds(rows["onset_s"]), microseconds(rows["offset_s"])
    open_end = np.where(rows["code"].isin(goes_on), stretches.room - 1, onset + int(POINT_LASTS_S * US))
    point = (offset == NEVER) | (offset <= onset)
    until = np.where(point, open_end, offset)
    _, stretch, begin, stop = stretches.pieces(event_sessions(rows, stretches.names), onset, until)
    return stretch, begin, stop


def missing_share(events: pd.DataFrame, whole: Stretches, seen: Stretches) -> NDArray[np.float64]:
    """Return each session's share of declared time in which nothing could be seen; NaN without any."""
    sessions = len(whole.names)
    declared = np.bincount(whole.session, weights=whole.lasts_s, minlength=sessions)
    observed = np.bincount(seen.session, weights=seen.lasts_s, minlength=sessions)
    with np.errstate(invalid="ignore"):
        return np.asarray(1 - observed / np.where(declared > 0, declared, np.nan))
