"""Remembered response latency: how long cues waited for their answer when somebody only remembers roughly."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from caregiving.frames import need
from caregiving.indices import Estimate, index
from caregiving.indices._gates import lacking
from caregiving.indices._recalled import by, median_bracket, turnbull
from caregiving.instruments import Instrument, Timing

Floats = NDArray[np.float64]
SOURCE = "turnbull_npmle"


@index(label="Remembered response latency", unit="s", source=SOURCE, row="responsiveness")
def recalled_latency(recalled: pd.DataFrame, instrument: Instrument) -> list[Estimate]:
    """Where the median wait lies and the share answered in time, from waits remembered as brackets.

    Turnbull's maximum-likelihood estimate puts mass only where brackets meet, so the median is known up to
    one interval:
    `median_after` < median <= `median_by`. `within_{w}s` is the share that surely lies at or before w; its
    low and high are the least and most share that the brackets allow, not 95 % limits.

    Parameters: recalled, the remembered moments, with the columns `code, latency_low_s, latency_high_s` (s;
    high missing = not answered by then); instrument. Rows of cues are told by class; rows of answers, whose
    cue is not known, only count under "all".
    Returns: for "all" and each class two figures in s, >= 0, and a share for each target of the class, in [0,
    1]. NaN when nothing was remembered. n counts remembered waits. Never mixed with tapped latencies.
    Gate: 20 remembered waits for shares, 30 for the median, as for tapped ones.
    Raises: MissingColumn when `code` is absent; without the two latency columns nothing was remembered.
    Source: `turnbull_npmle`.

    >>> from caregiving.frames import EVENTS, empty
    >>> from caregiving.instruments import load
    >>> recalled_latency(empty(EVENTS), load("home_moments"))[0].gate
    'no remembered waiting times were logged'
    """
    need(recalled, "code")
    rows = recalled.iloc[:0].assign(latency_low_s=0.0, latency_high_s=0.0)
    if {"latency_low_s", "latency_high_s"} <= set(recalled.columns):
        given = recalled["latency_low_s"].notna() | recalled["latency_high_s"].notna()
        rows = recalled[given]
    estimates = _of("all", rows, None)
    for name, timing in instrument.classes.items():
        estimates += _of(name, rows[rows["code"].isin(instrument.codes("cue", cue_class=name))], timing)
    return estimates


def _of(name: str, rows: pd.DataFrame, timing: Timing | None) -> list[Estimate]:
    """Return the estimates of one group of remembered waits."""
    low = rows["latency_low_s"].to_numpy(dtype=np.float64, na_value=np.nan)
    high = rows["latency_high_s"].to_numpy(dtype=np.float64, na_value=np.nan)
    intervals, mass = turnbull(np.where(np.isnan(low), 0.0, low), high)
    n, nothing = len(rows), None if len(rows) else "no remembered waiting times were logged"
    after, until = median_bracket(intervals, mass)
    gate = nothing or lacking(("wait remembered", n, 30))
    end_gate = gate
    if gate is None and not np.isfinite(until):
        end_gate = f"fewer than half were surely answered; the median lies beyond {after:g} s"
    until = until if np.isfinite(until) else float("nan")
    method = "Turnbull's estimate from brackets; the median lies between the two"
    estimates = [
        Estimate("median_after", after, n, "s", SOURCE, cue_class=name, method=method, gate=gate),
        Estimate("median_by", until, n, "s", SOURCE, cue_class=name, method=method, gate=end_gate),
    ]
    for target in timing.within_s.value if timing and timing.within_s else ():
        least, most = by(intervals, mass, target) if n else (float("nan"), float("nan"))
        held = nothing or lacking(("wait remembered", n, 20))
        how = "Turnbull's estimate; low and high are what the brackets allow, not 95 % limits"
        estimates.append(
            Estimate(f"within_{target:g}s", least, n, "share", SOURCE, least, most, name, how, held)
        )
    return estimates
