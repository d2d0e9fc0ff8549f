"""What one class of cues adds up to: which bins of watched time lie in a window, and where answers begin."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from caregiving.indices._seconds import Bins, Ints, marked
from caregiving.indices._watching import NEVER, US, Stretches, event_sessions, microseconds
from caregiving.instruments import ClassName, Instrument

FINE_S = 0.25


@dataclass(frozen=True)
class Placed:
    """Events in watched time, spans cut to it; times in microseconds from the stretch's start."""

    code: NDArray[np.object_]
    stretch: Ints
    onset: Ints
    offset: Ints


@dataclass(frozen=True)
class Tally:
    """What one class of cues adds up to."""

    name: ClassName
    bins: Bins
    bouts: int
    cues: Ints
    cue_stretch: Ints
    answers: int
    watched_s: float
    window_s: float
    bin_s: float


def place(events: pd.DataFrame, stretches: Stretches) -> Placed:
    """Cut every event to the stretches; one that began before a stretch gets a negative onset there."""
    session = event_sessions(events, stretches.names)
    onset, offset = microseconds(events["onset_s"]), microseconds(events["offset_s"])
    offset = np.where(offset == NEVER, onset, np.maximum(offset, onset))
    point = stretches.place(session, onset)
    span, other, _, until = stretches.pieces(session, onset, offset)
    late = other != point[span]
    rows = np.concatenate((np.flatnonzero(point >= 0), span[late]))
    stretch = np.concatenate((point[point >= 0], other[late]))
    begin = onset[rows] - stretches.start[stretch]
    end = np.minimum(offset[rows], stretches.end[stretch]) - stretches.start[stretch]
    end[len(rows) - int(late.sum()) :] = until[late]
    return Placed(events["code"].to_numpy(dtype=object)[rows], stretch, begin, end)


def tally(name: ClassName, placed: Placed, stretches: Stretches, instrument: Instrument, bouts: int) -> Tally:
    """Mark the bins of one class: inside or not, usable or not, an answer's onset or its going on."""
    return next(tallies({name: bouts}, placed, stretches, instrument))


def tallies(
    bouts: Mapping[ClassName, int], placed: Placed, stretches: Stretches, instrument: Instrument
) -> Iterator[Tally]:
    """Yield the tally of each class; the answers are marked once for all of them."""
    bin_s = FINE_S if instrument.resolution_s.value <= FINE_S else 1.0
    size = int(bin_s * US)
    n = (stretches.end - stretches.start) // size
    first = np.cumsum(n) - n
    answer = np.isin(placed.code, instrument.codes("response"))
    fresh = answer & (placed.onset >= 0)
    onset_bin = np.where(fresh, _bin(placed.onset, size), -1)
    starts = marked(first, n, placed.stretch[fresh], onset_bin[fresh], onset_bin[fresh] + 1)
    ongoing = marked(first, n, placed.stretch[answer], onset_bin[answer] + 1, placed.offset[answer] // size)
    seen_s = float(stretches.lasts_s.sum())
    for name, count in bouts.items():
        window_s = instrument.classes[name].response_window_s.value
        width = int(np.ceil(window_s / bin_s))
        cue = np.isin(placed.code, instrument.codes("cue", cue_class=name)) & (placed.onset >= 0)
        begin, reach = placed.onset[cue], placed.onset[cue]
        if instrument.latency_from == "offset":
            reach = placed.offset[cue]
            begin = reach if instrument.overlap == "exclude" else begin
        inside = marked(first, n, placed.stretch[cue], _bin(begin, size) + 1, _bin(reach, size) + 1 + width)
        bins = Bins(first, n, stretches.session, inside, width, starts, ongoing)
        answers, where = int(fresh.sum()), placed.stretch[cue]
        yield Tally(name, bins, count, placed.onset[cue], where, answers, seen_s, window_s, bin_s)


def _bin(time: Ints, size: int) -> Ints:
    """Return the bin of each moment: (k, k + 1] sizes after the start, the very start in the first bin."""
    return np.maximum(-(-time // size) - 1, 0)


def bursts(moments: Ints, stretch: Ints) -> str:
    """Say whether moments come in bursts, from the gaps between them inside each stretch.

    Burstiness (s - m) / (s + m) of the gaps (mean m, SD s): -1 regular, 0 at random, 1 extreme. The warning
    comes when s / m lies above 1 + 1.96 / sqrt(gaps), which moments strewn at random pass in about one of
    forty.
    """
    order = np.lexsort((moments, stretch))
    gap = np.diff(moments[order])[np.diff(stretch[order]) == 0].astype(np.float64)
    if len(gap) < 2 or not gap.mean():
        return "too few cues to say whether they come in bursts"
    spread = float(gap.std(ddof=1) / gap.mean())
    words = f"burstiness of the cues {(spread - 1) / (spread + 1):.2f}"
    if spread > 1 + 1.96 / np.sqrt(len(gap)):
        return f"{words}: they come in bursts, which can look like answering; trust p_shift, not z"
    return words
