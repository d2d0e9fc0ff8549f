"""Both records of a session on one clock, cut to the time that both observers watched."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from caregiving.coded import CodedSession, frames_of
from caregiving.faults import Fault, Refused
from caregiving.frames import EVENTS, WINDOWS, conform
from caregiving.instruments import Instrument, load
from caregiving.twice.clocks import apart_s, on_servers_clock, skews
from caregiving.twice.spans import Spans, gaps, joined, length, shared
from caregiving.words import _


@dataclass(frozen=True)
class Together:
    """Two records of one session: EVENTS of each, and the WINDOWS both watched, under one session name.

    Seconds run from the start of the first one's watching. `recorded`: each was coded on a clock of its own,
    its watched time without the breaks. `n_outside`: events of either that lie where the other did not watch,
    or where both said that nothing could be observed. `unseen_s`: how long that was. `clocks_apart_s`: how
    far the two tablets' clocks were apart at most, which is taken out; NaN when recorded or not known.
    """

    session: str
    instrument: Instrument
    first: pd.DataFrame
    second: pd.DataFrame
    windows: pd.DataFrame
    recorded: bool
    n_outside: tuple[int, int]
    unseen_s: float
    clocks_apart_s: float

    @property
    def notes(self) -> tuple[str, ...]:
        """What somebody should know of the clocks before looking at the figures, in sentences."""
        if self.recorded:
            return ()
        if math.isnan(self.clocks_apart_s):
            told = _(
                "The clocks of the two tablets could not be compared, so some seconds between them may "
                "remain. That would make the agreement look smaller than it is."
            )
            return (told,)
        tenths = max(1, math.ceil(self.clocks_apart_s * 10))
        told = _("The clocks of the two tablets were up to {s} s apart; both records are put on one clock.")
        return (told.format(s=f"{tenths / 10:.1f}"),)

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

    From life, the clock is the server's: each part of a record is moved by what its tablet's clock was apart
    from it (`skew_ms`; where that is not known the tablet is taken as right, and `notes` says so). From a
    recording each record runs on its own watched time, breaks cut out, both from 0, and the shorter of the
    two is compared. Left out is what only one of them watched, and the time in which both said that nothing
    could be observed, since agreeing on that says nothing about what was seen. A state under way where the
    common time begins, begins there.

    Parameters: two CodedSessions of `log` (EVENT_LOG) and `windows` (WINDOW_LOG).
    Raises: Refused when they are not two observers' codings of one session, or have no time in common.
    """
    _require_one_session(first, second)
    instrument = load(first.instrument)
    recorded = first.from_recording or second.from_recording
    (a, log_a), (b, log_b) = (
        (one, log) if recorded else on_servers_clock(one, log, windows) for one in (first, second)
    )
    shift = 0.0 if recorded else (b.start_ms - a.start_ms) / 1000
    one, its = _on_clock(*frames_of(a, log_a, windows), instrument, recorded, 0.0)
    other, others = _on_clock(*frames_of(b, log_b, windows), instrument, recorded, shift)
    both = shared(its, others)
    unseen = shared(_unseen(one, instrument), _unseen(other, instrument))
    seen = shared(both, gaps(unseen))
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
        length(shared(both, unseen)),
        math.nan if recorded else apart_s(skews(first, windows), skews(second, windows)),
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
        # To the microsecond, so that one moment is the same number in both records.
        onset, until = ((times + shift).round(6) for times in (events["onset_s"], until))
        shifted = [(round(start + shift, 6), round(end + shift, 6)) for start, end in spans]
        return events.assign(onset_s=onset, offset_s=until), shifted
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
    rows = events[events["code"].isin(instrument.codes("missing"))]
    spans = zip(rows["onset_s"].tolist(), rows["offset_s"].tolist(), strict=True)
    return joined((start, end) for start, end in spans if end > start)


def _without_agreed(events: pd.DataFrame, unseen: Spans, instrument: Instrument) -> pd.DataFrame:
    """Leave out that nothing could be observed, where both said so: it is no moment that was missed.

    Where one of them said so for longer, that one has nothing for the rest, and what the other has counts.
    """
    starts, ends = (np.array([span[edge] for span in unseen]) for edge in (0, 1))
    begins, until = events["onset_s"].to_numpy(dtype=float), events["offset_s"].to_numpy(dtype=float)
    meets = np.searchsorted(starts, until, side="left") > np.searchsorted(ends, begins, side="right")
    return events[~(events["code"].isin(instrument.codes("missing")).to_numpy() & meets)]


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
