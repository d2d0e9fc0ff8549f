"""Ways of watching side by side: what was tapped in passing, beside what was tapped in declared windows."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from caregiving.declared import counts_nowhere, declared
from caregiving.episodes import pair
from caregiving.frames import EPISODES, EVENTS, WINDOW_LOG, WINDOWS, Contract, conform
from caregiving.indices import Estimate
from caregiving.indices._selective import banner
from caregiving.indices.logging_audit import logging_audit
from caregiving.report import Report
from caregiving.sessions import EXACT, lay_out
from caregiving.windows import COUNTED, Attestation, WindowMode

PASSING = "passing"  # sessions made here bear this name and a number


@dataclass(frozen=True)
class Ways:
    """What the audit of the log says once taps in passing are there to compare with.

    `differences` of the share of cues answered, other ways of watching less live windows, in points;
    `tipping` what the share would be if cues had been neither logged nor answered; `unconfirmed`,
    `first_days` shares of cues; `n_passing` how many cues were tapped in passing.
    """

    differences: tuple[Estimate, ...]
    tipping: tuple[Estimate, ...]
    unconfirmed: Estimate
    first_days: Estimate
    n_passing: int

    @property
    def apart(self) -> tuple[Estimate, ...]:
        """The differences of more than 15 points, where there is enough to say so."""
        return tuple(
            one for one in self.differences if one.gate is None and banner(one.value / 100, 0) is not None
        )


def ways(log: pd.DataFrame, windows: pd.DataFrame, report: Report, now_ms: int) -> Ways:
    """Return the audit of a log with the taps in passing in it.

    Taps in passing are those that lie in no declared window and in none that was ended as only partly logged,
    discarded, or not finished.
    Each is taken as watched for the longest response window of the instrument after it, or until a declared
    window begins: somebody who has just tapped a cue would tap its answer as well, so a cue tapped in passing
    counts as unanswered when no answer followed. That is an assumption, and the reason why such taps feed no
    index and are only compared.

    Parameters: `log`, `windows` of one child, all of it; `report` built from them.
    Source: `selective_logging`.
    """
    events, watched, episodes = _in_passing(log, windows, report, now_ms)
    frames = [
        _joined(report.episodes, episodes, EPISODES),
        _joined(report.events, events, EVENTS),
        _joined(report.windows, watched, WINDOWS),
    ]
    found = {one.measure: one for one in logging_audit(*frames)}
    return Ways(
        tuple(one for name, one in found.items() if name.endswith("_minus_live")),
        tuple(one for name, one in found.items() if name.startswith("tipping_")),
        found["unconfirmed"],
        found["first_days"],
        len(episodes),
    )


def _joined(one: pd.DataFrame, other: pd.DataFrame, contract: Contract) -> pd.DataFrame:
    """Return both frames in one; categories of one are not those of the other, so they are made anew."""
    if other.empty:
        return one
    names = [name for name, column in contract.items() if column.dtype == "category"]
    parts = [frame.astype(dict.fromkeys(names, "object")) for frame in (one, other)]
    return conform(pd.concat([part for part in parts if len(part)], ignore_index=True), contract)


def _in_passing(
    log: pd.DataFrame, windows: pd.DataFrame, report: Report, now_ms: int
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return events, windows and episodes of what was tapped in passing."""
    instrument = report.instrument
    partly = counts_nowhere(windows) | ~(windows["attestation"].isna() | windows["attestation"].isin(COUNTED))
    taps = log[
        log["time_quality"].isin(EXACT)
        & ~log["in_conflict"]
        & log["instrument"].str.startswith(f"{instrument.id}.v")
        & (
            pd.Index(report.events["id"].astype("object").unique()).get_indexer(log["id"].astype("object"))
            < 0
        )
        & ~log["window"].isin(windows.loc[partly, "id"])
        & log["offset_ms"].isna()
    ]
    longest_s = max(c.response_window_s.value for c in instrument.classes.values())
    spans = _spans(taps, windows, round(longest_s * 1000), now_ms)
    laid = lay_out(taps, spans, now_ms=now_ms, longest_wait_s=longest_s, day_start_h=report.day_start_h)
    watched = laid.windows.assign(mode=str(WindowMode.OPPORTUNISTIC))
    return laid.events, watched, pair(laid.events, laid.windows, instrument)


def _spans(taps: pd.DataFrame, windows: pd.DataFrame, longest_ms: int, now_ms: int) -> pd.DataFrame:
    """Return a WINDOW_LOG row for each tap: how long the one who tapped it is taken to have looked on.

    Overlapping ones are joined when the sessions are laid out. It is named live there only because nothing
    else is laid out; what comes back is marked as opportunistic.
    """
    onset = taps["onset_ms"].to_numpy(dtype=np.int64)
    starts = np.append(
        np.sort(declared(windows)["started_ms"].to_numpy(dtype=np.int64)), np.iinfo(np.int64).max
    )
    following = starts[np.searchsorted(starts, onset, side="right")]
    end = np.minimum(np.minimum(onset + longest_ms, following), np.maximum(now_ms, onset))
    rows = pd.DataFrame(
        {
            "id": [f"{PASSING} {number}" for number in range(len(taps))],
            "child": taps["child"].to_numpy(),
            "mode": str(WindowMode.LIVE),
            "context": None,
            "instrument": taps["instrument"].to_numpy(),
            "started_ms": pd.array(onset, dtype="Int64"),
            "ended_ms": pd.array(end, dtype="Int64"),
            "attestation": str(Attestation.ALL),
            "zone": taps["zone"].to_numpy(),
            "utc_offset_min": taps["utc_offset_min"].to_numpy(),
            "author": taps["author"].to_numpy(),
        }
    )
    return conform(rows, WINDOW_LOG)
