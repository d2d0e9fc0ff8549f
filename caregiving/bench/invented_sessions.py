"""Coded sessions of two people as rows of starts and stops, the way BORIS keeps them, and as an EVENTS frame.

Each person does one thing at a time, a state with a start and a stop or a point, so that BORIS' strings of
states and our order of onsets say the same.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from caregiving.frames import WINDOWS, conform

Ints = NDArray[np.int64]
ACTORS = ("infant", "caregiver")
STATES, POINTS = 4, 4  # codes of each kind, for each of the two
CODES = tuple(f"{actor}_{kind}_{n}" for actor in ACTORS for kind in ("state", "point") for n in range(STATES))
IS_STATE = np.array(["_state_" in code for code in CODES])
LEAST_MS = 100  # between two rows of one person, so that a small shift keeps their order


@dataclass(frozen=True)
class CodedRows:
    """Rows in order of session and time: the session, actor and code by number, the time in ms."""

    session: Ints
    actor: Ints
    code: Ints
    at_ms: Ints

    def __len__(self) -> int:
        return len(self.session)


def coded_rows(n_rows: int, n_sessions: int, mean_row_s: float = 2.28, seed: int = 3) -> CodedRows:
    """Return sessions of two people with 16 codes. A state is two rows, a point one; a third are states.

    With 1,000 rows a session lasts 19 minutes.
    """
    rng = np.random.default_rng(seed)
    a_person = n_rows // n_sessions // 2
    n_states = a_person // 4
    parts = []
    for session in range(n_sessions):
        for actor in range(len(ACTORS)):
            lasts = rng.permutation(np.arange(a_person - n_states) < n_states)
            which = rng.integers(0, STATES, len(lasts)) + np.where(lasts, 0, STATES)
            code = np.repeat(which + actor * (STATES + POINTS), np.where(lasts, 2, 1))
            spread_ms = max(mean_row_s * 1000 - LEAST_MS, 1.0)
            at_ms = np.cumsum(LEAST_MS + rng.exponential(spread_ms, len(code)).astype(np.int64))
            parts.append(np.stack([np.full(len(code), session), np.full(len(code), actor), code, at_ms]))
    session_of, actor_of, code_of, at = np.concatenate(parts, axis=1).astype(np.int64)
    order = np.lexsort((actor_of, at, session_of))
    return CodedRows(session_of[order], actor_of[order], code_of[order], at[order])


def by_another_observer(rows: CodedRows, seed: int = 4) -> CodedRows:
    """Return the same rows a little earlier or later, with one point in ten taken for another."""
    rng = np.random.default_rng(seed)
    at = rows.at_ms + rng.integers(-LEAST_MS // 2 + 1, LEAST_MS // 2, len(rows))
    wrong = ~IS_STATE[rows.code] & (rng.random(len(rows)) < 0.1)
    half = rows.code // (STATES + POINTS) * (STATES + POINTS) + STATES
    code = np.where(wrong, half + rng.integers(0, POINTS, len(rows)), rows.code)
    order = np.lexsort((rows.actor, at, rows.session))
    return CodedRows(rows.session[order], rows.actor[order], code[order], at[order])


def as_events(rows: CodedRows) -> pd.DataFrame:
    """Pair starts with stops: within session, actor and code, every second row ends the one before.

    Returns the columns of EVENTS that are not optional.
    """
    key = (rows.session * len(ACTORS) + rows.actor) * len(CODES) + rows.code
    lasting = np.flatnonzero(IS_STATE[rows.code])
    lasting = lasting[np.argsort(key[lasting], kind="stable")]
    offset_s = np.full(len(rows), np.nan)
    offset_s[lasting[::2]] = rows.at_ms[lasting[1::2]] / 1000
    begins = np.ones(len(rows), dtype=bool)
    begins[lasting[1::2]] = False
    names = _names(rows)
    return pd.DataFrame(
        {
            "session": pd.Categorical.from_codes(rows.session[begins], categories=names),
            "actor": pd.Categorical.from_codes(rows.actor[begins], categories=pd.Index(ACTORS)),
            "code": pd.Categorical.from_codes(rows.code[begins], categories=pd.Index(CODES)),
            "onset_s": rows.at_ms[begins] / 1000,
            "offset_s": offset_s[begins],
        }
    )


def as_windows(rows: CodedRows) -> pd.DataFrame:
    """Return one window a session, from 0 to its last row."""
    names = _names(rows)
    last = np.zeros(len(names))
    np.maximum.at(last, rows.session, rows.at_ms / 1000)
    return conform(pd.DataFrame({"session": names, "start_s": 0.0, "end_s": last}), WINDOWS)


def _names(rows: CodedRows) -> pd.Index:
    return pd.Index([f"s{number:04d}" for number in range(int(rows.session.max(initial=-1)) + 1)])
