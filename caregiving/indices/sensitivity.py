"""Sensitivity: how answers fitted their cues, counted moment by moment, with the trained rating beside it."""

from math import ceil

import numpy as np
import pandas as pd

from caregiving.frames import need
from caregiving.indices import Estimate, index
from caregiving.indices._days import clusters, share_limits
from caregiving.indices._gates import lacking
from caregiving.indices._moments import Watching, watching
from caregiving.indices._pauses import intrusions, respected, stimulating
from caregiving.indices._profile import profile, profile_score
from caregiving.indices._rates import rate
from caregiving.indices._records import rated, records
from caregiving.instruments import Instrument

SOURCE = "event_sensitivity"
BOUTS, DAYS, MINUTES = 10, 3, 10
RATED_MINUTES = 20
COMPONENTS = {
    "noticed": ("cue", "any answer inside the response window"),
    "interpreted": ("answer whose need is named", "the answer named the need that ended the cue"),
    "appropriate": ("answer with a rating", "best rating of the answers for this cue"),
    "prompt": ("answer", "1 up to w1 seconds, falling to 0 at w2"),
    "effective": (
        "answer with its effect logged",
        "settled within 5 min, or engaged within 10 s, of the answer",
    ),
}


@index(label="Sensitivity profile", unit="share", source=SOURCE, row="sensitivity")
def sensitivity(
    episodes: pd.DataFrame,
    events: pd.DataFrame,
    windows: pd.DataFrame,
    instrument: Instrument,
    ratings: pd.DataFrame,
) -> list[Estimate]:
    """Event-based profile of sensitivity: five components of each answer, for distress and for other cues.

    For a bout i: N_i noticed, I_i interpreted, A_i appropriate, T_i prompt, E_i effective, each in [0, 1];
    s_i = N_i x mean of the known ones of I, A, T, E (at least two); EBSP = 100 x (mean s of distress + mean
    s of social and request cues) / 2. Not known is never 0: every component says of how many bouts it is
    known. This is not Ainsworth's scale; a trained observer's rating from 1 to 9 is shown beside it, never
    mixed in.

    Parameters: episodes, one row a cue bout whose response window was watched to its end (`window_seen`),
    without those for which the caregiver was already there; events, windows; instrument (appropriateness
    table, w1 and w2); ratings.
    Returns: for `distress` and `non_distress` the five components and `score` (shares in [0, 1]); `ebsp` (0
    to 100); `pause_respected` (share) and `intrusions` (in 10 min) after cues of disengagement, which are in
    neither stratum; `rating` records. n counts bouts of which the figure is known, for a rate minutes of
    watching. NaN and a sentence otherwise.
    Limits: ratio estimator over days on the logit with t(D - 1), for EBSP from each bout's effect on it (in
    simulations this covers the truth better than days drawn anew); a rate: exact Poisson; a record: none.
    Gate: 10 bouts and 3 days, for EBSP in each stratum. Raises: MissingColumn. Source: `event_sensitivity`.

    >>> from caregiving.indices import Material
    >>> from caregiving.instruments import load
    >>> m = Material(load("home_moments"))
    >>> figures = sensitivity(m.episodes, m.events, m.windows, m.instrument, m.ratings)
    >>> figures[0].measure, figures[0].gate
    ('noticed', 'needs 10 more cues (0 of 10) and 3 more days (0 of 3)')
    """
    need(episodes, "session", "day", "cue_code", "cue_class", "onset_s", "offset_s", "answered", "latency_s")
    need(episodes, "response_code", "window_seen", "already_engaged")
    watch = watching(events, windows, instrument)
    eligible = episodes[episodes["window_seen"] & ~episodes["already_engaged"]].reset_index(drop=True)
    away = eligible["cue_class"].eq("disengage")
    bouts = profile(eligible[~away].reset_index(drop=True), events, watch, instrument)
    return [
        *(
            one
            for name in ("distress", "non_distress")
            for one in _stratum(bouts[bouts["stratum"] == name], name)
        ),
        _ebsp(bouts),
        _pauses(eligible[away].reset_index(drop=True), events, watch, instrument),
        intrusion_rate(events, watch, instrument),
        *_ratings(ratings),
    ]


def _stratum(bouts: pd.DataFrame, name: str) -> list[Estimate]:
    """Return the mean of each component and of the score over the bouts of which it is known."""
    found = []
    for measure, (what, meaning) in {
        **COMPONENTS,
        "score": ("cue with a score", "noticed x mean of the rest"),
    }.items():
        known = bouts[bouts[measure].notna()]
        of = len(bouts) if measure in ("noticed", "score") else int(bouts["noticed"].sum())
        method = (
            f"mean over {len(known)} of {of} {'cues' if measure in ('noticed', 'score') else 'answered cues'}"
        )
        found.append(_mean(known, measure, name, what, f"{meaning}: {method}"))
    return found


def _mean(known: pd.DataFrame, measure: str, name: str, what: str, method: str) -> Estimate:
    """Return the mean of a column of shares with limits over days."""
    n, day = len(known), clusters(known)
    gate = lacking((what, n, BOUTS), ("day", int(day.max(initial=-1)) + 1, DAYS))
    if n == 0:
        return Estimate(measure, float("nan"), 0, "share", SOURCE, cue_class=name, method=method, gate=gate)
    value = float(known[measure].mean())
    low, high, how = share_limits(value, (known[measure].to_numpy() - value) / n, day, n)
    return Estimate(measure, value, n, "share", SOURCE, low, high, name, f"{method}; {how}", gate)


def _ebsp(bouts: pd.DataFrame) -> Estimate:
    """Return the profile's one number, from the scores of both strata."""
    known = bouts[bouts["score"].notna()]
    distress = known["stratum"].eq("distress").to_numpy(dtype=bool)
    day = clusters(known)
    (n_first, d_first), (n_other, d_other) = (
        (int(of.sum()), len(np.unique(day[of]))) for of in (distress, ~distress)
    )
    gate = lacking(
        ("cue of distress with a score", n_first, BOUTS),
        ("cue apart from distress with a score", n_other, BOUTS),
        ("day with distress", d_first, DAYS),
        ("day with other cues", d_other, DAYS),
    )
    method = "100 x half the sum of the two strata's mean scores"
    if not n_first or not n_other:
        return Estimate("ebsp", float("nan"), 0, "0-100", SOURCE, method=method, gate=gate)
    mean_first, mean_other, value = profile_score(known["score"], distress)
    score = known["score"].to_numpy()
    effect = np.where(distress, (score - mean_first) / n_first, (score - mean_other) / n_other) / 2
    low, high, how = share_limits(value / 100, effect, day, len(known))
    return Estimate(
        "ebsp", value, len(known), "0-100", SOURCE, 100 * low, 100 * high, "all", f"{method}; {how}", gate
    )


def _pauses(rows: pd.DataFrame, events: pd.DataFrame, watch: Watching, instrument: Instrument) -> Estimate:
    """Return the share of disengagement cues after which the pause was respected."""
    if not stimulating(instrument):
        return Estimate(
            "pause_respected",
            float("nan"),
            0,
            "share",
            SOURCE,
            cue_class="disengage",
            gate=_unrated(instrument),
        )
    known = rows.assign(kept=respected(rows, events, watch, instrument).astype(float))
    method = "answered by waiting, or nothing stimulating inside the response window"
    return _mean(
        known.rename(columns={"kept": "pause_respected"}), "pause_respected", "disengage", "cue", method
    )


def intrusion_rate(events: pd.DataFrame, watch: Watching, instrument: Instrument) -> Estimate:
    """Return stimulating answers after cues of disengagement in 10 minutes. n counts minutes of watching."""
    count = intrusions(events, watch, instrument)
    if count is None:
        unrated = _unrated(instrument)
        return Estimate(
            "intrusions", float("nan"), 0, "/10 min", "exact_poisson", cue_class="disengage", gate=unrated
        )
    value, low, high = rate(count, watch.seconds)
    minutes = watch.seconds / 60
    method = f"{count} in {minutes:.4g} min of watching, exact Poisson limits"
    gate = lacking(("minute of watching", minutes, MINUTES))
    return Estimate(
        "intrusions", value, ceil(minutes), "/10 min", "exact_poisson", low, high, "disengage", method, gate
    )


def _unrated(instrument: Instrument) -> str:
    return f"{instrument.name} codes no cues of disengagement, or has no table that rates the answers to them"


def _ratings(ratings: pd.DataFrame) -> list[Estimate]:
    """Return the trained observers' ratings from 1 to 9 as they were entered."""
    rows = rated(ratings, "sensitivity", "ainsworth")
    found = [
        Estimate(
            "rating", one.value, one.raters, "1-9", "ainsworth_1969", cue_class=one.scale,
            method=f"a trained observer's global rating, {one.words}; not computed from moments",
            gate=_record_gate(one.certified, one.minutes),
        )
        for one in records(rows[rows["kind"].eq("observer")])
    ]  # fmt: skip
    none = "no rating by a trained observer was entered"
    return found or [Estimate("rating", float("nan"), 0, "1-9", "ainsworth_1969", gate=none)]


def _record_gate(certified: bool, minutes: float) -> str | None:
    """Return what a rating lacks: a trained rater, or a long enough observation."""
    if not certified:
        return "needs a trained, certified rater"
    return None if minutes >= RATED_MINUTES else f"needs an observation of {RATED_MINUTES} min"
