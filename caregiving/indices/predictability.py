"""Predictability of the caregiver's signals: how hard it is for the baby to foresee what comes next."""

import math

import numpy as np
import pandas as pd

from caregiving.frames import need
from caregiving.indices import Estimate, index
from caregiving.indices._entropy import Floats, Ints, entropy_rate, stationary, stationary_draws, transitions
from caregiving.indices._gates import lacking
from caregiving.indices._modalities import STATES, missing_share, sensory_codes, sensory_states
from caregiving.indices._watching import Stretches, watched
from caregiving.instruments import Instrument

DRAWS, NEEDED, MOST_MISSING = 999, 60, 0.10
BLOCK = 2_000_000  # numbers held at once while resampling
LONGEST_CHAIN = 100_000  # beyond this, limits from the last digits are not worth minutes of resampling
MOST_BITS = math.log2(len(STATES) - 1)


@index(label="Signal predictability", unit="bits", source="davis_2017", row="consistency")
def predictability(
    events: pd.DataFrame, windows: pd.DataFrame, instrument: Instrument, seed: int = 0
) -> list[Estimate]:
    """Entropy rate of the caregiver's sensory signals, in bits for each change: low = easy to foresee.

    Spans of the caregiver's voice (A), touch (T) and of what is shown while the baby looks (V) are crossed
    into eight states (none, V, T, A, TA, VA, VT, VTA). Only the order of changes counts, not how long a state
    lasts. With n_ij changes from i to j and P_ij = n_ij / n_i: H = -sum_i pi_i sum_j P_ij log2 P_ij.
    `entropy_rate` takes pi from visits to states; `entropy_rate_eigen` from the long run of P;
    `entropy_rate_miller_madow` adds (m_i - 1) / (2 n_i ln 2) to each row, since the plain figure is too low
    in short sessions. `transitions` counts the changes.

    Parameters: EVENTS frame, reads `session, code, onset_s, offset_s`; WINDOWS frame; instrument, whose
    behaviours tell the modality; a point counts as 1 s; where looking is not coded, V is what the caregiver
    shows. seed.
    Returns: four estimates. Bits in [0, log2 7 = 2.807]; NaN when nothing was seen. n counts changes.
    Limits: stationary bootstrap of the changes (999 draws, mean block the cube root of n), centred on the
    estimate, since resampling lowers H once more; none for the eigenvector. Those of `entropy_rate` share its
    bias; those of `entropy_rate_miller_madow` covered the truth in 91 of 100 chains of 60 changes, 95 of 120.
    Refused: logs of taps (instruments for parents); sessions of which 10 % or more could not be seen. No
    change is counted across a stretch that could not be seen, and nothing is imputed. Gate: 60 changes. The
    agreement of two coders (kappa of .60 or more) is needed as well, but is not known here.
    Raises: MissingColumn, UnknownBehaviour. Source: `davis_2017`, `ccber`, `entropy_rate_code`.

    >>> from caregiving.frames import EVENTS, WINDOWS, empty
    >>> from caregiving.instruments import load
    >>> predictability(empty(EVENTS), empty(WINDOWS), load("free_play"))[0].gate
    'needs 60 more transitions (0 of 60)'
    """
    need(events, "session", "code", "onset_s", "offset_s")
    for code in events["code"].dropna().unique():
        instrument.behaviour(code)
    refused = _refused(instrument)
    whole = watched(events, windows)
    seen = watched(events, windows, instrument)
    missing = missing_share(events, whole, seen)
    usable = missing < MOST_MISSING - 1e-9
    if not refused and (missing >= MOST_MISSING - 1e-9).any() and not usable.any():
        unseen = f"{np.nanmin(missing):.0%} or more of the session could not be seen"
        refused = f"refused: {unseen}, and less than 10 % may be missing"
    if refused or not usable.any():
        return _estimates(np.zeros((8, 8)), np.zeros(8), np.empty((0, 2), np.int64), refused, "", seed)
    counted = _only(seen, usable)
    state, stretch, _ = sensory_states(events, counted, instrument)
    fresh = np.append(True, stretch[1:] != stretch[:-1])
    dropped = int(np.nansum(missing >= MOST_MISSING - 1e-9))
    note = f"; {dropped} sessions left out, 10 % or more not seen" if dropped else ""
    return _estimates(*transitions(state, fresh, len(STATES)), None, note, seed)


def _refused(instrument: Instrument) -> str | None:
    """Say why this instrument cannot tell the entropy rate, or None."""
    if instrument.audience != "observers":
        return "taps cannot show this: it needs a session that an observer coded second by second"
    if not any(codes for name, codes in sensory_codes(instrument).items() if name != "looking"):
        return f"{instrument.name} does not say which of its codes are voice, touch or sight"
    return None


def _only(seen: Stretches, usable: np.ndarray) -> Stretches:
    """Return the stretches of usable sessions."""
    kept = usable[seen.session]
    return Stretches(
        seen.session[kept], seen.start[kept], seen.end[kept], seen.window[kept], seen.names, seen.room
    )


def _estimates(
    counts: Floats, visits: Floats, changes: Ints, refused: str | None, note: str, seed: int
) -> list[Estimate]:
    n = len(changes)
    gate = refused or lacking(("transition", n, NEEDED))
    nan, able = float("nan"), 1 < n <= LONGEST_CHAIN
    plain = float(entropy_rate(counts, visits)) if n else nan
    corrected = float(entropy_rate(counts, visits, miller_madow=True)) if n else nan
    eigen = float(entropy_rate(counts, stationary(counts))) if n else nan
    limits = _drawn(changes, seed) if able else np.full((2, 2), np.nan)
    how = f"limits from {DRAWS} draws of blocks of changes" if able else "no limits"
    visited, too_low = "weights from visits", "too low in short sessions, as are its limits"
    held = gate or (None if eigen == eigen else "some state was never left, so the chain has no long run")
    none = np.full(2, np.nan)
    rows = [
        ("entropy_rate", plain, limits[0], f"plug-in, {visited}, {too_low}; {how}", gate),
        ("entropy_rate_eigen", eigen, none, "plug-in, weights from the eigenvector; no limits", held),
        ("entropy_rate_miller_madow", corrected, limits[1], f"Miller-Madow by row, {visited}; {how}", gate),
    ]
    count = Estimate(
        "transitions",
        float(n) if n else nan,
        n,
        "changes",
        "davis_2017",
        method=f"counted{note}",
        gate=None if n else gate,
    )
    return [*(_rate(measure, x, around, n, by + note, why) for measure, x, around, by, why in rows), count]


def _rate(measure: str, value: float, around: Floats, n: int, method: str, gate: str | None) -> Estimate:
    """Return one rate with its limits, kept inside what eight states can reach."""
    low, high = (float(side) for side in np.clip(value + around, 0.0, MOST_BITS))
    return Estimate(measure, value, n, "bits", "davis_2017", low, high, method=method, gate=gate)


def _drawn(changes: Ints, seed: int) -> Floats:
    """Return how far the 95 % quantiles of both rates lie from the mean of their draws, (2 rates, 2)."""
    n, rng = len(changes), np.random.default_rng(seed)
    pair = changes @ np.array([len(STATES), 1])
    size, rates = len(STATES) ** 2, []
    step = max(1, BLOCK // n)
    for begin in range(0, DRAWS, step):
        draws = min(step, DRAWS - begin)
        rows = stationary_draws(n, draws, max(1.0, n ** (1 / 3)), rng)
        flat = np.bincount((pair[rows] + np.arange(draws)[:, None] * size).ravel(), minlength=draws * size)
        counts = flat.reshape(draws, len(STATES), len(STATES)).astype(np.float64)
        left = counts.sum(axis=2)
        rates.append(
            np.stack([entropy_rate(counts, left, miller_madow=corrected) for corrected in (False, True)])
        )
    drawn = np.concatenate(rates, axis=1)
    return np.asarray(np.quantile(drawn, [0.025, 0.975], axis=1).T - drawn.mean(axis=1)[:, None])
