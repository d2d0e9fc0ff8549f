"""Consistency of care: how much the share of answered cues differs from day to day beyond chance."""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from caregiving.frames import need
from caregiving.indices import Estimate, index
from caregiving.indices._beta_binomial import day_fit
from caregiving.indices._day_changes import DRAWS, day_changes, widened
from caregiving.indices._days import clusters, day_weights, share_limits
from caregiving.indices._gates import lacking
from caregiving.indices._survival import curve
from caregiving.instruments import CueClass, Instrument

Floats = NDArray[np.float64]
SOURCE = "beta_binomial_days"
DAYS, CUES_A_DAY = 7, 5
READ: Final = ["cue_class", "answered", "window_seen", "already_engaged", "followed_s", "day", "session"]
HEADLINE: Final = ("distress", "request", "social")  # turning away asks for a pause, not for an answer
SELF_REPORT = "consistency"


@index(label="Day-to-day consistency", unit="", source="beta_binomial_days", row="consistency")
def consistency(
    episodes: pd.DataFrame, instrument: Instrument, ratings: pd.DataFrame, seed: int = 0
) -> list[Estimate]:
    """How alike the days are in the share of answered cues, for all cues together and for each class.

    On day d, x_d of n_d cue bouts were answered within the response window of their class; n_d counts bouts
    whose window was watched to its end or that were answered. Days differ by the beta-binomial law (maximum
    likelihood):
    `mean_share` mu; `day_icc` rho = 1 / (alpha + beta + 1); `sd_true_pp` = 100 sqrt(rho mu (1 - mu)), the SD
    of days beyond chance; `c` = 1 - sqrt(rho), 1 = every day the same, 0 = all-or-nothing days;
    `p_no_difference` one-sided, rho = 0.
    `rmssd_pp` = 100 sqrt(max(0, MSSD - 2 p (1 - p) / n)), MSSD the mean squared change between days that
    follow each other, p and n the mean share and mean bouts of these days; `von_neumann` = MSSD / s^2, about
    2 when the order of days says nothing (chance leaves it at 2, so nothing is subtracted there). Both read
    days with 5 bouts or more.
    `latency_sd_ln`: the SD over days of the log restricted mean wait, its mean squared standard error
    subtracted.
    `self_report_mean`: the family's own weekly answers (0-4), shown beside and never added.

    Parameters: episodes (reads `cue_class, answered, window_seen, already_engaged, followed_s, day,
    session`), instrument, ratings (rows with `kind` self and an `instrument` that starts with consistency);
    seed.
    Returns: estimates for "all" (distress, request and social cues) and each class. rho, c, share, p in [0,
    1]; points and SD >= 0; NaN when undefined. n counts days, for the self-report answers.
    Limits: rho by profile likelihood (drop 1.92; c and sd_true_pp from it); the share by the ratio estimator
    over days; changes and latency by drawing pairs or days anew 999 times, stretched by t(D - 1) / 1.96.
    Gate: 7 days with 5 bouts or more each; changes also 6 pairs of successive days. Days without bouts are
    skipped.
    Raises: MissingColumn. Source: `beta_binomial_days`.

    >>> from caregiving.frames import EPISODES, empty
    >>> from caregiving.instruments import load
    >>> first = consistency(empty(EPISODES), load("home_moments"), pd.DataFrame())[0]
    >>> first.measure, first.value, first.n, first.gate
    ('day_icc', nan, 0, 'needs 7 more days with 5 cues (0 of 7)')
    """
    need(episodes, "cue_class", "answered", "window_seen", "already_engaged", "followed_s", "day", "session")
    # in order of days, so that the draws do not depend on the order of the rows
    waited = episodes[READ][~episodes["already_engaged"]].sort_values(["day", "session"], kind="stable")
    everyday = waited[waited["cue_class"].isin(HEADLINE)]
    estimates = [*_shares("all", everyday), *_changes("all", everyday, seed)]
    for name, timing in instrument.classes.items():
        rows = waited[waited["cue_class"] == name]
        estimates += [*_shares(name, rows), *_changes(name, rows, seed), _latency(name, rows, timing, seed)]
    return [*estimates, _self_report(ratings)]


def _counts(rows: pd.DataFrame) -> tuple[Floats, Floats, pd.Series]:
    """Return answered and eligible bouts of each day, and its date (missing for a session without)."""
    eligible = rows[rows["window_seen"] | rows["answered"]]
    day = clusters(eligible)
    n = np.bincount(day).astype(np.float64)
    x = np.bincount(day, weights=eligible["answered"].to_numpy(dtype=np.float64), minlength=len(n)).astype(
        np.float64
    )
    named = eligible["day"].astype("object").groupby(day).first() if len(n) else pd.Series(dtype="object")
    return x, n, pd.to_datetime(named, errors="coerce", format="ISO8601").reset_index(drop=True)


def _gate(n: Floats) -> str | None:
    return lacking((f"day with {CUES_A_DAY} cues", int((n >= CUES_A_DAY).sum()), DAYS))


def _shares(name: str, rows: pd.DataFrame) -> list[Estimate]:
    """Return what the beta-binomial law says of the days."""
    x, n, _ = _counts(rows)
    fit, days, gate = day_fit(x, n), len(n), _gate(n)
    share = fit.mu
    low, high, how = float("nan"), float("nan"), ""
    if days and fit.rho != fit.rho:
        gate = gate or "every cue went the same way on every day, so how much days differ cannot be told"
        share = float(x.sum() / n.sum())
    if days:
        residual = (x - x.sum() / n.sum() * n) / n.sum()
        low, high, how = share_limits(share, residual, np.arange(days), int(n.sum()))
    spread_low, spread_high = (float(np.sqrt(rho * fit.mu * (1 - fit.mu))) for rho in (fit.low, fit.high))
    law = "beta-binomial law of days, maximum likelihood"
    profile, of_share = f"{law}; limits by profile likelihood", f"{law}; {how}" if how else law
    nan, c = float("nan"), (1 - fit.high**0.5, 1 - fit.low**0.5)
    figures = [
        ("day_icc", fit.rho, "", fit.low, fit.high, profile, gate),
        ("sd_true_pp", 100 * fit.sd_true, "pp", 100 * spread_low, 100 * spread_high, profile, gate),
        ("c", fit.consistency, "", *c, profile, gate),
        ("mean_share", share, "share", low, high, of_share, _gate(n)),
        ("p_no_difference", fit.p, "", nan, nan, f"{law}; likelihood ratio", gate),
    ]
    return [
        Estimate(which, x, days, unit, SOURCE, lo, hi, name, by, held)
        for which, x, unit, lo, hi, by, held in figures
    ]


def _changes(name: str, rows: pd.DataFrame, seed: int) -> list[Estimate]:
    """Return how much days that follow each other differ; pairs across a missing day are dropped."""
    x, n, date = _counts(rows)
    full = (n >= CUES_A_DAY) & date.notna().to_numpy()
    found = day_changes(x[full], n[full], date.to_numpy()[full], seed)
    days = int(full.sum())
    gate = lacking(
        (f"day with {CUES_A_DAY} cues", days, DAYS), ("pair of successive days", found.pairs, DAYS - 1)
    )
    if gate is None and found.von_neumann != found.von_neumann:
        gate = "every day had the same share, so there is no order of days to look for"
    how = f"{found.pairs} pairs of successive days; limits from {DRAWS} draws of pairs"
    noise, order = f"binomial noise subtracted; {how}", f"2 = no order; {how}"
    values, limits = (found.rmssd_pp, found.von_neumann), (found.rmssd_limits, found.von_neumann_limits)
    return [
        Estimate("rmssd_pp", values[0], days, "pp", SOURCE, *limits[0], name, noise, gate),
        Estimate("von_neumann", values[1], days, "", SOURCE, *limits[1], name, order, gate),
    ]


def _latency(name: str, rows: pd.DataFrame, timing: CueClass, seed: int) -> Estimate:
    """Return the SD over days of the log restricted mean wait, beyond what the days' errors explain."""
    day = clusters(rows)
    n = np.bincount(day).astype(np.float64)
    horizon = timing.rmst_horizon_s
    log_mean, error2 = np.full(len(n), np.nan), np.full(len(n), np.nan)
    wait, answered = rows["followed_s"].to_numpy(), rows["answered"].to_numpy(dtype=bool)
    order, begin = np.argsort(day, kind="stable"), np.cumsum(n).astype(np.int64)
    for d in np.flatnonzero(n >= CUES_A_DAY) if horizon else ():
        own = order[begin[d] - int(n[d]) : begin[d]]
        mean, error = curve(wait[own], answered[own]).restricted_mean(horizon.value if horizon else 0.0)
        if mean > 0:
            log_mean[d], error2[d] = np.log(mean), (error / mean) ** 2
    known = np.isfinite(log_mean)
    days = int(known.sum())
    gate = lacking((f"day with {CUES_A_DAY} cues", days, DAYS))
    value, low, high = float("nan"), float("nan"), float("nan")
    if horizon is None:
        gate = f"the instrument names no horizon for {name} cues"
    elif days > 1:
        weights = np.vstack((np.ones(days), day_weights(days, DRAWS, seed)))
        mean_, square = weights @ log_mean[known] / days, weights @ log_mean[known] ** 2 / days
        spread = (square - mean_**2) * days / (days - 1) - weights @ error2[known] / days
        drawn = np.sqrt(np.maximum(spread, 0.0))
        value, (low, high) = float(drawn[0]), widened(float(drawn[0]), drawn[1:], days)
    method = f"SD over days of ln restricted mean beyond their errors; limits from {DRAWS} draws of days"
    return Estimate("latency_sd_ln", value, days, "ln s", SOURCE, low, high, name, method, gate)


def _self_report(ratings: pd.DataFrame) -> Estimate:
    """Return the mean of the family's own answers, when there are any."""
    answers = np.empty(0)
    if {"kind", "instrument", "value"} <= set(ratings.columns):
        own = (ratings["kind"] == "self") & ratings["instrument"].astype("str").str.startswith(SELF_REPORT)
        answers = ratings.loc[own, "value"].dropna().to_numpy(dtype=np.float64)
    value = float(answers.mean()) if len(answers) else float("nan")
    gate = None if len(answers) else "no self-report on consistency was filled in"
    method = (
        "mean of the family's own weekly answers, 0-4; shown beside the observed figure, never added to it"
    )
    return Estimate(
        "self_report_mean", value, len(answers), "0-4", "self_report_consistency", method=method, gate=gate
    )
