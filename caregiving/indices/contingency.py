"""Contingency: whether answers come in the seconds after a cue more often than at other times."""

import numpy as np
import pandas as pd
from scipy.special import chdtri

from caregiving.frames import need
from caregiving.indices import Estimate, index
from caregiving.indices._cue_windows import Tally, bursts, place, tallies
from caregiving.indices._days import day_weights
from caregiving.indices._gates import lacking
from caregiving.indices._seconds import Floats, Ints, turned_tables
from caregiving.indices._two_by_two import TwoByTwo, odds, residual, yule_q, yule_y
from caregiving.indices._watching import watched
from caregiving.instruments import Instrument

SHIFTS = 999
DRAWS = 999
SHIFT_MARGIN_S = 60
SESSIONS_FOR_BOOTSTRAP = 5


@index(label="Contingency", unit="", source="bakeman_quera_2011", row="responsiveness")
def contingency(
    episodes: pd.DataFrame, events: pd.DataFrame, windows: pd.DataFrame, instrument: Instrument, seed: int = 0
) -> list[Estimate]:
    """Whether answers begin inside the windows after cues more often than outside, for each class of cues.

    Watched time is cut into bins of 1 s (0.25 s when the instrument resolves that). A bin is inside when it
    lies in (c, c + W] after any cue c of the class, W its response window (counted until W after the cue's
    offset where the instrument counts from there); windows that overlap count once. a, b: bins inside with
    and without the onset of an answer; c, d: outside. Left out: bins in which an answer is going on,
    unwatched and unobservable time, and the first W seconds of each stretch of watching, since what came
    before is unknown. Half a bin is added to all four when one is empty. `ln_or` = ln(ad / bc), with `yule_q`
    = (OR - 1) / (OR + 1), `yule_y` = (sqrt OR - 1) / (sqrt OR + 1), `phi`, `rr` = [a / (a + b)] / [c / (c +
    d)], `ocv` = a / (a + b) - c / (c + d), `z` the adjusted residual, which describes and does not test.
    `p_shift` = (1 + #{|z*| >= |z|}) / 1000 from 999 random turns (60 s to T - 60 s) of the answers of every
    stretch against its cues; `excess_pp` = 100 (a / (a + b) - its mean under these turns), in percentage
    points per bin.
    `base_rate_cue`, `base_rate_response`: onsets per watched minute.

    Parameters: episodes (reads `cue_class`), EVENTS and WINDOWS frames, instrument; seed of the random draws.
    Returns: eleven estimates a class. ln_or any real number, q, y, phi, ocv in [-1, 1], rr and rates >= 0, p
    in (0, 1]. n counts cue bouts, for base rates onsets.
    Limits: ln_or, q, y by drawing sessions anew 999 times (5 sessions or more), else Wald; excess_pp by the
    quantiles of the turns; base rates exact Poisson; none for the others.
    Gate: 20 watched minutes, 10 bouts, 10 onsets of answers, 5 expected in every cell; p and excess_pp also a
    stretch longer than 2 minutes. Never compare odds ratios of pairs whose base rates differ much.
    Raises: MissingColumn, UnknownBehaviour. Source: `bakeman_quera_2011`, `lloyd_yoder_2016`, `ocv_code`,
    `exact_poisson`.

    >>> from caregiving.frames import EPISODES, EVENTS, WINDOWS, empty
    >>> from caregiving.instruments import load
    >>> nothing = contingency(empty(EPISODES), empty(EVENTS), empty(WINDOWS), load("home_moments"))
    >>> (
    ...     nothing[0].measure,
    ...     nothing[0].value,
    ...     nothing[0].n,
    ...     nothing[0].gate.startswith("not enough data: needs 20 more"),
    ... )
    ('ln_or', nan, 0, True)
    """
    need(episodes, "cue_class")
    need(events, "session", "code", "onset_s", "offset_s")
    for code in events["code"].dropna().unique():
        instrument.behaviour(code)
    stretches = watched(events, windows, instrument)
    placed = place(events, stretches)
    bouts = {name: int((episodes["cue_class"] == name).sum()) for name in instrument.classes}
    found = list(tallies(bouts, placed, stretches, instrument))
    if not found:
        return []
    margin = int(SHIFT_MARGIN_S / found[0].bin_s)
    turned = turned_tables([one.bins for one in found], margin, SHIFTS, seed)
    return [one for tally, tables in zip(found, turned, strict=True) for one in _of(tally, tables, seed)]


def _of(tally: Tally, turned: Floats, seed: int) -> list[Estimate]:
    """Return all estimates of one class."""
    cells = tally.bins.cells
    table = TwoByTwo(*cells.sum(axis=0).tolist())
    needs = lacking(
        ("minute", tally.watched_s / 60, 20),
        ("cue", tally.bouts, 10),
        ("answer", tally.answers, 10),
        ("count expected in the smallest cell", table.least_expected, 5),
    )
    gate = None if needs is None else f"not enough data: {needs}"
    low, high, how = _limits(table, cells, tally.bins.session, seed)
    bins = f"bins of {tally.bin_s:g} s, windows of {tally.window_s:g} s joined"
    method = f"{bins}; {bursts(tally.cues, tally.cue_stretch)}"
    nan, key, n = float("nan"), "bakeman_quera_2011", tally.bouts
    rows = [
        ("ln_or", table.ln_or, low, high, f"{method}; {how}"),
        ("yule_q", table.q, yule_q(low), yule_q(high), f"{method}; {how}"),
        ("yule_y", table.y, yule_y(low), yule_y(high), f"{method}; {how}"),
        ("phi", table.phi, nan, nan, method),
        ("rr", table.ratio, nan, nan, method),
        ("ocv", table.ocv, nan, nan, method),
        ("z", table.z, nan, nan, f"{method}; describes, p_shift tests"),
    ]
    none_outside = None if table.c else "no answer came outside the windows, so there is no ratio of the two"
    estimates = [
        Estimate(
            which, x, n, "", key, lo, hi, tally.name, by, gate or (none_outside if which == "rr" else None)
        )
        for which, x, lo, hi, by in rows
    ]
    return [*estimates, *_turned(tally, turned, method, gate), *_base_rates(tally)]


def _limits(table: TwoByTwo, cells: Floats, session: Ints, seed: int) -> tuple[float, float, str]:
    """Return limits of ln OR: sessions drawn anew when there are five or more, else Wald's."""
    blocks = np.zeros((int(session.max(initial=-1)) + 1, 4))
    np.add.at(blocks, session, cells)
    blocks = blocks[blocks.sum(axis=1) > 0]
    if len(blocks) < SESSIONS_FOR_BOOTSTRAP:
        return *table.ln_or_limits, "Wald limits, which treat seconds as independent"
    # in nine parts, so that many sessions need not be held nine times over
    drawn = np.concatenate(
        [day_weights(len(blocks), 111, seed + part) @ blocks for part in range(DRAWS // 111)]
    )
    low, high = np.quantile(odds(drawn)[0], [0.025, 0.975])
    return float(low), float(high), f"limits from {DRAWS} draws of {len(blocks)} sessions"


def _turned(tally: Tally, turned: Floats, method: str, gate: str | None) -> list[Estimate]:
    """Return the p-value and the excess in percentage points, from answers turned round in time."""
    able = tally.bins.n >= 2 * int(SHIFT_MARGIN_S / tally.bin_s) + 1
    observed = tally.bins.cells[able].sum(axis=0)
    z, drawn = residual(observed), residual(turned)
    p = excess = low = high = float("nan")
    if observed.sum() and np.isfinite(z):
        p = float((1 + np.sum(np.abs(np.nan_to_num(drawn)) >= abs(z) - 1e-9)) / (SHIFTS + 1))
        share = observed[0] / (observed[0] + observed[1])
        with np.errstate(invalid="ignore"):
            by_chance = turned[:, 0] / (turned[:, 0] + turned[:, 1])
        excess = float(100 * (share - np.nanmean(by_chance)))
        low, high = (float(100 * (share - q)) for q in np.nanquantile(by_chance, [0.975, 0.025]))
    elif gate is None:
        gate = "not enough data: needs a stretch longer than 2 minutes with cues and answers in it"
    how = f"{method}; {SHIFTS} turns of the answers by {SHIFT_MARGIN_S} s to T - {SHIFT_MARGIN_S} s"
    each = f"{how}; per bin of {tally.bin_s:g} s"
    key, n, name = "bakeman_quera_2011", tally.bouts, tally.name
    return [
        Estimate("excess_pp", excess, n, "pp", key, low, high, name, each, gate),
        Estimate("p_shift", p, n, "", key, cue_class=name, method=how, gate=gate),
    ]


def _base_rates(tally: Tally) -> list[Estimate]:
    """Return cues and answers per watched minute, with exact Poisson (Garwood) limits."""
    minutes = tally.watched_s / 60
    gate = lacking(("minute", minutes, 20))
    estimates = []
    for which, count in (("base_rate_cue", len(tally.cues)), ("base_rate_response", tally.answers)):
        value = low = high = float("nan")
        if minutes:
            value = count / minutes
            low = float(chdtri(2 * count, 0.975)) / (2 * minutes) if count else 0.0
            high = float(chdtri(2 * count + 2, 0.025)) / (2 * minutes)
        method = (
            f"{count} onsets in {minutes:.3g} watched minutes; exact Poisson limits, onsets as independent"
        )
        estimates.append(
            Estimate(which, value, count, "/min", "exact_poisson", low, high, tally.name, method, gate)
        )
    return estimates
