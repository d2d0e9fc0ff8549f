"""Conversational turns: how often two people's voices alternate, per hour of observed time."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import chdtri

from caregiving.faults import Fault, Refused
from caregiving.instruments import Instrument
from caregiving.sequences._gates import lacking
from caregiving.sequences._plain import plain
from caregiving.sequences._stream import Stream, stream
from caregiving.sequences._stretches import US, Bools, Ints

MINUTES = 30.0


def poisson_limits(n: int, exposure: float) -> tuple[float, float]:
    """Return the exact 95 % limits of a rate: chi2(.025, 2n) / (2T) and chi2(.975, 2n + 2) / (2T).

    Parameters: `n` events >= 0 in `exposure` T > 0; the limits are per unit of T, the lower is 0 when n is
    0, and both are NaN without exposure. Source: `exact_poisson`; the quantiles are scipy's.

    >>> [round(limit, 3) for limit in poisson_limits(20, 1)]
    [12.217, 30.888]
    """
    if not exposure > 0:
        return float("nan"), float("nan")
    low = float(chdtri(2 * n, 0.975)) if n else 0.0
    return low / (2 * exposure), float(chdtri(2 * n + 2, 0.025)) / (2 * exposure)


def count_turns(onset: Ints, offset: Ints, speaker: Ints, session: Ints, gap: int) -> tuple[int, int]:
    """Return how many turns and how many conversations there are, by alternate pairs.

    Utterances, in order of onset, belong to one conversation while each begins less than `gap` after all
    before it have ended (it may overlap them) and speaker 2, anyone else, does not come between. Successive
    utterances of one speaker are one; a conversation of m alternating ones has floor(m / 2) turns: CA 1, CAC
    1, CACA 2. A conversation has at least one turn.

    Parameters: equally long arrays of integers, times and gap in one unit; `speaker` 0, 1, or 2 for others.
    Source: `lena_turn`.

    >>> second = np.array([0, 2, 4, 6])
    >>> count_turns(second, second + 1, np.array([0, 1, 0, 1]), np.zeros(4, dtype=int), 5)
    (2, 1)
    """
    if not len(onset):
        return 0, 0
    reach = _running_end(offset, session)
    fresh = np.concatenate(([True], (session[1:] != session[:-1]) | (onset[1:] - reach[:-1] >= gap)))
    others = speaker == 2
    broken = np.concatenate(([False], others[:-1]))
    block = np.cumsum(fresh | others | broken)
    own_run = np.concatenate(([True], (speaker[1:] != speaker[:-1]) | (block[1:] != block[:-1]))) & ~others
    runs = np.bincount(block[own_run])
    return int((runs // 2).sum()), int((runs >= 2).sum())


def turns(
    events: pd.DataFrame,
    windows: pd.DataFrame | None = None,
    instrument: Instrument | None = None,
    *,
    actor: Iterable[str] = (),
    codes: Iterable[str] = (),
    exclude: Iterable[str] = (),
    gap_s: float = 5.0,
) -> dict[str, Any]:
    """Return conversational turns per hour, by alternate-pair counting (see `count_turns`).

    Excluded codes (cries) are as if nobody had uttered them: they neither make a turn nor break one; a third
    person breaks one. Only utterances that begin in observed time count, and none across a break in it.

    Parameters: `actor` the two people (the only two in the events when empty); `codes` what counts as an
    utterance (the instrument's codes of modality voice, or all codes of a person who has none); `exclude`
    codes to leave out (with an instrument also distress and whatever is no cue but absorbs answers); `gap_s`
    > 0, turns begin before it is over.
    Returns: n_turns, n_conversations >= 0; per_hour with exact 95 % limits, NaN without observed time.
    Gate: 30 minutes observed. Not comparable with day-long audio norms.
    Raises: MissingColumn; Refused when not exactly two people are meant. Source: `lena_turn`,
    `exact_poisson`.

    >>> talk = pd.DataFrame(
    ...     {
    ...         "session": "s",
    ...         "actor": ["c", "a", "c"],
    ...         "code": "talk",
    ...         "onset_s": [0, 2, 9],
    ...         "offset_s": [1, 3, 10],
    ...     }
    ... )
    >>> turns(talk)["n_turns"]
    1
    """
    seen = stream(events, windows, instrument)
    pair = list(dict.fromkeys(actor)) or seen.actors
    if len(pair) > 2 or len(set(pair) - {*seen.actors, "infant", "caregiver"}):
        raise Refused([Fault("option actor", ", ".join(pair), f"two of: {', '.join(seen.actors)}")])
    uttered = _utterances(seen, instrument, frozenset(codes), frozenset(exclude))
    home = seen.home
    kept = uttered & (home >= 0)
    who = np.array([pair.index(name) if name in pair else 2 for name in seen.actors], dtype=np.int64)
    until = np.where(seen.closed_here, seen.onset, seen.offset)  # nobody logged when that utterance ended
    n, conversations = count_turns(
        seen.onset[kept], until[kept], who[seen.actor[kept]], home[kept], round(gap_s * US)
    )
    hours = seen.observed.total_s / 3600
    low, high = poisson_limits(n, hours)
    gate = lacking(("minute observed", hours * 60, MINUTES))
    if len(pair) < 2:
        gate = gate or "not enough data: utterances of two people are needed"
    used = sorted({seen.codes[number] for number in np.unique(seen.code[kept])})
    result = {
        "actors": pair,
        "codes": used,
        "gap_s": gap_s,
        "n_turns": n,
        "n_conversations": conversations,
        "n_utterances": int(kept.sum()),
        "per_hour": n / hours if hours else float("nan"),
        "low": low,
        "high": high,
        "observed_s": seen.observed.total_s,
        "n_outside": seen.n_outside,
        "gate": gate,
        "notes": [*seen.notes, "not comparable with norms for day-long audio"],
    }
    return plain(result)  # type: ignore[no-any-return]


def _utterances(
    seen: Stream, instrument: Instrument | None, codes: frozenset[str], exclude: frozenset[str]
) -> Bools:
    """Tell which events count as utterances."""
    wanted: set[tuple[str, str]] = {(name, code) for name in seen.actors for code in (codes or seen.codes)}
    out = set(exclude)
    if instrument is not None and not codes:
        for name in seen.actors:
            voice = {b.code for b in instrument.behaviours if b.who == name and b.modality == "voice"}
            wanted = {pair for pair in wanted if pair[0] != name or not voice or pair[1] in voice}
        out |= {
            b.code
            for b in instrument.behaviours
            if b.cue_class == "distress" or b.absorbs or b.kind in ("none", "outcome")
        }
    table = np.array(
        [[(name, code) in wanted and code not in out for code in seen.codes] for name in seen.actors],
        dtype=bool,
    )
    return table.reshape(len(seen.actors), len(seen.codes))[seen.actor, seen.code]


def _running_end(offset: Ints, session: Ints) -> Ints:
    """Return the latest end so far in each session; they lie in order, so one lifted maximum will do."""
    lift = session * (int(offset.max() - offset.min()) + 1)
    return np.maximum.accumulate(offset + lift) - lift
