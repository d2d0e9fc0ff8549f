"""Engagement and repair: what a coded session shows of two people, and the trained ratings beside it."""

from math import ceil

import numpy as np
import pandas as pd

from caregiving.frames import need
from caregiving.indices import Estimate, index
from caregiving.indices._days import clusters, share_limits
from caregiving.indices._gates import lacking
from caregiving.indices._grid import UNCODED, dispersion, engagement, joint_states, word
from caregiving.indices._moments import Watching, day_of, marks, watching
from caregiving.indices._rates import rate
from caregiving.indices._records import rated, records
from caregiving.indices._survival import curve
from caregiving.indices.sensitivity import intrusion_rate
from caregiving.instruments import Instrument

SOURCE = "availability_counts"
ANSWER_S = 5.0
MINUTES = 10
GRID_MINUTES = 3
MISMATCHES = 10
BIDS = 20
NAN = float("nan")


@index(label="Engagement and repair", unit="share", source=SOURCE, row="availability")
def availability(
    events: pd.DataFrame, windows: pd.DataFrame, instrument: Instrument, ratings: pd.DataFrame
) -> list[Estimate]:
    """What a session coded for both people shows: matching and repair, the child's answers, bids, intrusions.

    matched = time in which both are in the same state of engagement / time in which both are coded;
    repair_latency = Kaplan-Meier median of the time a mismatch lasts until both match again (s), a mismatch
    that is open when coding or watching ends being followed until then; dispersion = spread over the grid of
    states; child_response = share of the caregiver's bids (answers by voice or sight) with a social or
    request cue within 5 s after them; child_initiations = social and request cues without a bid in the 5 s
    before, in 10 min; intrusions = stimulating answers inside the window after a cue of disengagement, in 10
    min. Mismatch is normal; repair matters. They are never added up.

    Parameters: events, windows (uncodable time is taken out); instrument; ratings of emotional availability.
    Returns: one estimate each, shares in [0, 1], seconds and rates >= 0, and a `record` for each rated
    scale. n counts sessions (matched, dispersion), mismatches, bids, or minutes of watching (rates). What
    the instrument does not code is NaN with the sentence that says so.
    Limits: shares, ratio estimator over days on the logit; latency, log-log; rates, exact Poisson;
    dispersion and records none. Gate: 10 min of watching, 3 coded min for the grid, 20 bids, 10 mismatches.
    The agreement of two observers (kappa of at least .60) is asked for by whoever shows it. Raises:
    MissingColumn.
    Source: `availability_counts`, `state_space_grid`, `exact_poisson`, `emotional_availability`.

    >>> from caregiving.indices import Material
    >>> from caregiving.instruments import load
    >>> m = Material(load("home_moments"))
    >>> availability(m.events, m.windows, m.instrument, m.ratings)[0].gate
    'home_moments.v1 does not code the engagement of both people, so matching is not known'
    """
    need(events, "session", "code", "onset_s", "offset_s")
    watch = watching(events, windows, instrument)
    return [
        *_together(events, windows, watch, instrument),
        _child_response(events, windows, watch, instrument),
        _initiations(events, watch, instrument),
        intrusion_rate(events, watch, instrument),
        *_records(ratings),
    ]


def _together(
    events: pd.DataFrame, windows: pd.DataFrame, watch: Watching, instrument: Instrument
) -> list[Estimate]:
    """Return matched share, repair latency and dispersion."""
    codes = engagement(instrument)
    if not set(map(word, codes["infant"])) & set(map(word, codes["caregiver"])):
        gate = f"{instrument.name} does not code the engagement of both people, so matching is not known"
        units = {"matched": "share", "repair_latency": "s", "dispersion": "0-1"}
        return [Estimate(measure, NAN, 0, unit, SOURCE, gate=gate) for measure, unit in units.items()]
    pieces = joint_states(events, watch, codes)
    coded = pieces[(pieces["infant"] != UNCODED) & (pieces["caregiver"] != UNCODED)]
    coded = coded.assign(seconds=(coded["end"] - coded["start"]) / 1e6, same=_same(coded, codes))
    return [_matched(coded, windows, watch), _repair(coded), _dispersion(coded, codes, watch)]


def _same(coded: pd.DataFrame, codes: dict[str, list[str]]) -> np.ndarray:
    """Tell for each piece whether both are in the same state of engagement."""
    infant, caregiver = (np.array([word(code) for code in codes[who]], dtype=object) for who in codes)
    return np.asarray(infant[coded["infant"]] == caregiver[coded["caregiver"]], dtype=bool)


def _grid_gate(coded: pd.DataFrame) -> str | None:
    return lacking(("minute with both coded", coded["seconds"].sum() / 60, GRID_MINUTES))


def _matched(coded: pd.DataFrame, windows: pd.DataFrame, watch: Watching) -> Estimate:
    """Return the share of coded time in the same state, with limits over days."""
    total = float(coded["seconds"].sum())
    sessions = pd.Series(watch.sessions.take(np.unique(coded["start"] // watch.room)), dtype="object")
    gate = _grid_gate(coded)
    if total == 0:
        return Estimate("matched", NAN, 0, "share", SOURCE, gate=gate)
    value = float(coded.loc[coded["same"], "seconds"].sum()) / total
    residual = (coded["same"] - value) * coded["seconds"] / total
    by_session = np.bincount(np.unique(coded["start"] // watch.room, return_inverse=True)[1], residual)
    day = clusters(day_of(windows, sessions))
    inside = 0 < value < 1
    low, high, how = (
        share_limits(value, by_session, day, 0) if inside else (NAN, NAN, "no interval at 0 or 1")
    )
    method = f"of {total / 60:.4g} min in which both were coded; {how}"
    return Estimate("matched", value, len(sessions), "share", SOURCE, low, high, "all", method, gate)


def _repair(coded: pd.DataFrame) -> Estimate:
    """Return the median length of a mismatch until both match again."""
    coded = coded.sort_values("start")
    start, end, same = (coded[name].to_numpy() for name in ("start", "end", "same"))
    fresh = np.ones(len(coded), dtype=bool)
    fresh[1:] = (same[1:] != same[:-1]) | (start[1:] != end[:-1])
    first = np.flatnonzero(fresh)
    last = np.append(first[1:], len(coded)) - 1 if len(first) else first
    repaired = np.zeros(len(first), dtype=bool)
    repaired[:-1] = start[first[1:]] == end[last[:-1]]  # what follows without a break is a match
    apart = ~same[first].astype(bool)
    wait, repaired = (end[last] - start[first])[apart] / 1e6, repaired[apart]
    steps = curve(wait, repaired)
    value = steps.median()
    low, high = steps.median_limits() if value == value else (NAN, NAN)
    gate = (
        lacking(("spell apart", len(wait), MISMATCHES))
        if len(wait)
        else "no mismatch of coded states was seen"
    )
    if gate is None and value != value:
        gate = "fewer than half of the mismatches were seen to be repaired, so there is no median"
    method = f"Kaplan-Meier median of {len(wait)} mismatches, {int(repaired.sum())} repaired; log-log limits"
    return Estimate("repair_latency", value, len(wait), "s", SOURCE, low, high, "all", method, gate)


def _dispersion(coded: pd.DataFrame, codes: dict[str, list[str]], watch: Watching) -> Estimate:
    """Return how evenly time is spread over the grid."""
    width = len(codes["caregiver"])
    cells = len(codes["infant"]) * width
    cell = coded["infant"].to_numpy() * width + coded["caregiver"].to_numpy()
    value = dispersion(np.bincount(cell, coded["seconds"], minlength=cells))
    n = len(np.unique(coded["start"] // watch.room))
    method = f"over the {cells} cells of the grid; depends on how many states are coded; no interval"
    source = "state_space_grid"
    return Estimate("dispersion", value, n, "0-1", source, method=method, gate=_grid_gate(coded))


def _bids(instrument: Instrument) -> list[str]:
    """Return the caregiver's acts that address the child by voice or sight."""
    return instrument.codes("response", modality="voice") + instrument.codes("response", modality="visual")


def _engaged(instrument: Instrument) -> list[str]:
    return instrument.codes("cue", cue_class="social") + instrument.codes("cue", cue_class="request")


def _child_response(
    events: pd.DataFrame, windows: pd.DataFrame, watch: Watching, instrument: Instrument
) -> Estimate:
    """Return the share of bids that the child answered within 5 s, among bids watched for 5 s."""
    measure, codes = "child_response", _bids(instrument)
    if instrument.audience != "observers" or not codes:
        uncoded = (
            f"{instrument.name} codes answers of the caregiver, not every bid, so the child's are not known"
        )
        return Estimate(measure, NAN, 0, "share", SOURCE, gate=uncoded)
    acts = events[events["code"].isin(codes)]
    moment = watch.at(acts["session"], acts["onset_s"])
    followed = watch.left_s(moment) >= ANSWER_S
    acts, moment = acts[followed], moment[followed]
    n = len(acts)
    gate = lacking(("bid", n, BIDS), ("minute of watching", watch.seconds / 60, MINUTES))
    if n == 0:
        return Estimate(measure, NAN, 0, "share", SOURCE, gate=gate)
    answered = watch.until(marks(watch, events, _engaged(instrument)), moment, after=True) <= ANSWER_S
    value = float(answered.mean())
    low, high, how = share_limits(
        value, (answered - value) / n, clusters(day_of(windows, acts["session"])), n
    )
    method = f"social or request cue within {ANSWER_S:g} s after a bid by voice or sight; {how}"
    return Estimate(measure, value, n, "share", SOURCE, low, high, "all", method, gate)


def _initiations(events: pd.DataFrame, watch: Watching, instrument: Instrument) -> Estimate:
    """Return social and request cues without a bid in the 5 s before, in 10 minutes."""
    cues = marks(watch, events, _engaged(instrument))
    count = int(np.count_nonzero(~(watch.since(marks(watch, events, _bids(instrument)), cues) <= ANSWER_S)))
    value, low, high = rate(count, watch.seconds)
    gate = lacking(("minute of watching", watch.seconds / 60, MINUTES))
    method = f"{count} in {watch.seconds / 60:.4g} min of watching, exact Poisson limits"
    return Estimate(
        "child_initiations",
        value,
        ceil(watch.seconds / 60),
        "/10 min",
        "exact_poisson",
        low,
        high,
        "all",
        method,
        gate,
    )


def _records(ratings: pd.DataFrame) -> list[Estimate]:
    """Return the scales of emotional availability as a trained coder entered them."""
    rows = rated(ratings, "availability", "eas")
    source = "emotional_availability"
    found = [
        Estimate(
            "record", one.value, one.raters, "rating", source, cue_class=one.scale,
            method=f"a trained coder's rating, {one.words}; not computed from moments",
            gate=None if one.certified else "needs a certified coder",
        )
        for one in records(rows[rows["kind"].eq("observer")])
    ]  # fmt: skip
    none = "no rating of emotional availability by a certified coder was entered"
    return found or [Estimate("record", NAN, 0, "rating", source, gate=none)]
