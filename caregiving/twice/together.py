"""Both records of a session on one clock, cut to the time that both observers watched."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from caregiving.coded import CodedSession, frames_of
from caregiving.faults import Fault, Refused
from caregiving.frames import EVENTS, WINDOWS, conform
from caregiving.instruments import Instrument, load

Spans = list[tuple[float, float]]


@dataclass(frozen=True)
class Together:
    """Two records of one session: EVENTS of each, and the WINDOWS both watched, under one session name.

    Seconds run from the start of the first one's watching. `recorded`: each was coded on a clock of its own,
    its watched time without the breaks. `n_outside`: events of either that lie where the other did not watch,
    or where both said that nothing could be observed. `unseen_s`: how long that was.
    """

    session: str
    instrument: Instrument
    first: pd.DataFrame
    second: pd.DataFrame
    windows: pd.DataFrame
    recorded: bool
    n_outside: tuple[int, int]
    unseen_s: float

    @property
    def watched_s(self) -> float:
        """How long both watched and at least one could see, in seconds."""
        return float((self.windows["end_s"] - self.windows["start_s"]).sum())

    @property
    def spans(self) -> Spans:
        """The stretches that both watched, in order."""
        return list(zip(self.windows["start_s"].tolist(), self.windows["end_s"].tolist(), strict=True))


def together(first: CodedSession, second: CodedSession, log: pd.DataFrame, windows: pd.DataFrame) -> Together:
    """Lay two codings of one session on one clock.

    From life, the clock is UTC as the two tablets had it: what the tablets' clocks were apart is not in the
    log and stays in. From a recording each record runs on its own watched time, breaks cut out, both from 0,
    and the shorter of the two is compared. Left out is what only one of them watched, and the time in which
    both said that nothing could be observed, since agreeing on that says nothing about what was seen. A state
    under way where the common time begins, begins there.

    Parameters: two CodedSessions of `log` (EVENT_LOG) and `windows` (WINDOW_LOG).
    Raises: Refused when they are not two observers' codings of one session, or have no time in common.
    """
    _require_one_session(first, second)
    instrument = load(first.instrument)
    recorded = first.from_recording or second.from_recording
    shift = 0.0 if recorded else (second.start_ms - first.start_ms) / 1000
    one, its = _on_clock(*frames_of(first, log, windows), instrument, recorded, 0.0)
    other, others = _on_clock(*frames_of(second, log, windows), instrument, recorded, shift)
    both = shared(its, others)
    unseen = shared(_unseen(one, instrument), _unseen(other, instrument))
    seen = shared(both, _gaps(unseen))
    if not seen:
        raise Refused([Fault("the two records", "no time that both watched", "two codings of one session")])
    kept = [_without_agreed(events, unseen, instrument) for events in (one, other)]
    cut = [_inside(events, seen).assign(session=first.id) for events in kept]
    watched = pd.DataFrame(seen, columns=["start_s", "end_s"]).assign(
        session=first.id, child=first.child, mode="session", started_at=first.began, day=first.day
    )
    return Together(
        first.id,
        instrument,
        conform(cut[0], EVENTS),
        conform(cut[1], EVENTS),
        conform(watched, WINDOWS),
        recorded,
        (len(kept[0]) - len(cut[0]), len(kept[1]) - len(cut[1])),
        _length(shared(both, unseen)),
    )


def _require_one_session(first: CodedSession, second: CodedSession) -> None:
    """Refuse two records that are not of one session, with every reason."""
    faults = []
    if first.child != second.child:
        faults.append(Fault("the two records", "two children", "one child"))
    if first.instrument != second.instrument:
        found = f"{first.instrument} and {second.instrument}"
        faults.append(Fault("the two records", found, "one instrument in one version"))
    if first.coder == second.coder:
        faults.append(Fault("the two records", "one observer", "two observers"))
    if second.again != first.id and not faults:
        found = f"sessions of {first.began} and {second.began} that are not one"
        faults.append(Fault("the two records", found, "a session and its second coding"))
    if faults:
        raise Refused(faults)


def _on_clock(
    events: pd.DataFrame, windows: pd.DataFrame, instrument: Instrument, recorded: bool, shift: float
) -> tuple[pd.DataFrame, Spans]:
    """Return events and watched stretches on the common clock; a state that nobody ended lasts to the end."""
    spans = list(zip(windows["start_s"].tolist(), windows["end_s"].tolist(), strict=True))
    lasting = events["code"].isin(instrument.codes(form="state"))
    until = events["offset_s"].mask(lasting & events["offset_s"].isna(), max(end for _start, end in spans))
    if not recorded:
        moved = events.assign(onset_s=events["onset_s"] + shift, offset_s=until + shift)
        return moved, [(start + shift, end + shift) for start, end in spans]
    edges = np.array(spans).ravel()
    lengths = np.array([end - start for start, end in spans])
    reached = np.repeat(np.cumsum(lengths), 2)
    reached[::2] -= lengths
    cut = events.assign(
        onset_s=np.interp(events["onset_s"], edges, reached),
        offset_s=pd.Series(np.interp(until.fillna(0.0), edges, reached), index=until.index).mask(
            until.isna()
        ),
    )
    return cut, [(0.0, float(lengths.sum()))]


def _unseen(events: pd.DataFrame, instrument: Instrument) -> Spans:
    """Return the stretches in which an observer said that nothing could be observed, joined."""
    rows = events[events["code"].isin(instrument.codes("missing"))].sort_values("onset_s")
    found: Spans = []
    for start, end in zip(rows["onset_s"].tolist(), rows["offset_s"].tolist(), strict=True):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif end > start:
            found.append((start, end))
    return found


def _without_agreed(events: pd.DataFrame, unseen: Spans, instrument: Instrument) -> pd.DataFrame:
    """Leave out that nothing could be observed, where both said so: it is no moment that was missed.

    Where one of them said so for longer, that one has nothing for the rest, and what the other has counts.
    """
    starts, ends = (np.array([span[edge] for span in unseen]) for edge in (0, 1))
    begins, until = events["onset_s"].to_numpy(dtype=float), events["offset_s"].to_numpy(dtype=float)
    meets = np.searchsorted(starts, until, side="left") > np.searchsorted(ends, begins, side="right")
    return events[~(events["code"].isin(instrument.codes("missing")).to_numpy() & meets)]


def shared(one: Spans, other: Spans) -> Spans:
    """Return the time that lies in both of two lists of stretches, each in order and without overlaps.

    >>> shared([(0, 10), (20, 30)], [(5, 25)])
    [(5, 10), (20, 25)]
    """
    found, i, j = [], 0, 0
    while i < len(one) and j < len(other):
        start, end = max(one[i][0], other[j][0]), min(one[i][1], other[j][1])
        if start < end:
            found.append((start, end))
        i, j = (i + 1, j) if one[i][1] < other[j][1] else (i, j + 1)
    return found


def _gaps(spans: Spans) -> Spans:
    """Return all time outside the stretches."""
    ends = [-np.inf, *(end for _start, end in spans)]
    starts = [*(start for start, _end in spans), np.inf]
    return list(zip(ends, starts, strict=True))


def _length(spans: Spans) -> float:
    return float(sum(end - start for start, end in spans))


def _inside(events: pd.DataFrame, spans: Spans) -> pd.DataFrame:
    """Return the events that fall into the stretches; a state that reaches into one begins there."""
    starts, ends = (np.array(edge) for edge in zip(*spans, strict=True))
    onset = events["onset_s"].to_numpy(dtype=float)
    until = events["offset_s"].to_numpy(dtype=float)
    point = np.isnan(until) | (until <= onset)
    # A point may lie on either edge of a stretch; a state needs some time inside.
    place = np.where(
        point, np.searchsorted(ends, onset, side="left"), np.searchsorted(ends, onset, side="right")
    )
    there = place < len(spans)
    begins = np.append(starts, np.inf)[place]
    kept = there & np.where(point, begins <= onset, until > begins)
    return events.assign(onset_s=np.where(point, onset, np.maximum(onset, begins)))[kept]
