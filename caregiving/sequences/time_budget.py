"""Time budget: how often each code was seen, how long it went on, and over how much observed time."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from caregiving.instruments import Instrument
from caregiving.sequences._plain import plain
from caregiving.sequences._stream import Stream, stream
from caregiving.sequences._stretches import US, Bools, Floats, Ints, joined

COLUMNS = ("n", "rate_per_min", "total_s", "share", "mean_s", "sd_s", "n_clipped", "n_open")


@dataclass(frozen=True)
class Budget:
    """A time budget with its denominator. `rows`: one row for each actor, code and form (state or point)."""

    rows: pd.DataFrame
    watched_s: float
    unseen_s: float
    n_sessions: int
    n_outside: int
    gate: str | None
    notes: tuple[str, ...]

    @property
    def observed_s(self) -> float:
        """Return the denominator of every share and rate: watched time without what could not be seen."""
        return self.watched_s - self.unseen_s

    def as_json(self) -> dict[str, Any]:
        """Return the budget as plain values, the denominator first."""
        names = ("watched_s", "unseen_s", "observed_s", "n_sessions", "n_outside", "gate", "notes", "rows")
        return {name: plain(getattr(self, name)) for name in names}


def budget(
    events: pd.DataFrame,
    windows: pd.DataFrame | None = None,
    instrument: Instrument | None = None,
    *,
    actor: Iterable[str] = (),
    unseen: Iterable[str] = (),
) -> Budget:
    """Return count, rate, total, share, mean and spread of each actor's codes.

    With D the observed time (declared windows, less the time in which nothing could be seen):
    total_s = observed seconds of the bouts; share = total_s / D; rate_per_min = n / (D / 60);
    mean_s and sd_s (n - 1) over bouts. Bouts of one actor and code that overlap are one bout (their union);
    bouts that only touch stay two. A bout is cut to D, counts once even when something hid its middle, and
    counts in n_clipped when it was cut; n_open of them were never ended and were closed at the window's end.

    Parameters: `events`, `windows` frames in seconds; `actor` names to keep, all when empty; `unseen` more
    codes that mean "not observable". With an instrument, its codes that never came are listed with n = 0.
    Returns: n >= 0, total_s in s, share in [0, 1]; mean_s is NaN for n = 0, sd_s for n < 2; total_s and
    share of points are NaN. n_outside counts events outside observed time. With no observed time everything
    is NaN.
    Raises: MissingColumn; Refused for an unknown actor or an end before its start. Source: `time_budget`.

    A cry from 10 to 30 s in a window of 20 s to 60 s is 10 of 40 s:

    >>> cry = pd.DataFrame(
    ...     {"session": ["a"], "actor": "infant", "code": "cry", "onset_s": 10.0, "offset_s": 30.0}
    ... )
    >>> row = budget(cry, pd.DataFrame({"session": ["a"], "start_s": 20.0, "end_s": 60.0})).rows.iloc[0]
    >>> row["total_s"], row["share"], row["n_clipped"]
    (np.float64(10.0), np.float64(0.25), np.int64(1))
    """
    actor, unseen = tuple(actor), tuple(unseen)
    seen = stream(events, windows, instrument, actor, unseen)
    rows = _rows(seen, instrument, actor, unseen)
    watched_s, observed_s = seen.watched.total_s, seen.observed.total_s
    rows["rate_per_min"] = rows["n"] / (observed_s / 60) if observed_s > 0 else np.nan
    rows["share"] = rows["total_s"] / observed_s if observed_s > 0 else np.nan
    notes = (
        *seen.notes,
        "shares and rates are of observed_s",
        "overlapping bouts of one actor and code are one bout",
    )
    gate = None if observed_s > 0 else "not enough data: nothing was observed, so there is no denominator"
    return Budget(
        rows[["actor", "code", "form", *COLUMNS]],
        watched_s,
        watched_s - observed_s,
        seen.n_sessions,
        seen.n_outside,
        gate,
        notes,
    )


def time_budget(
    events: pd.DataFrame,
    windows: pd.DataFrame | None = None,
    instrument: Instrument | None = None,
    *,
    actor: Iterable[str] = (),
    unseen: Iterable[str] = (),
) -> dict[str, Any]:
    """Return the time budget as plain values; see `budget` for its definition.

    >>> talk = pd.DataFrame({"session": ["a"], "actor": "x", "code": "talk", "onset_s": 0.0, "offset_s": 6.0})
    >>> time_budget(talk, pd.DataFrame({"session": ["a"], "start_s": 0.0, "end_s": 60.0}))["rows"][0]["share"]
    0.1
    """
    return budget(events, windows, instrument, actor=actor, unseen=unseen).as_json()


def _rows(
    seen: Stream, instrument: Instrument | None, actor: tuple[str, ...], unseen: tuple[str, ...]
) -> pd.DataFrame:
    """Return a row for each actor, code and form, and for each code of the instrument that never came."""
    key = seen.actor * len(seen.codes) + seen.code
    states = _states(seen, key)
    here = ~seen.lasts & (seen.home >= 0)
    each = np.bincount(key[here], minlength=1)
    which, n = np.flatnonzero(each), each[each > 0]
    points = pd.DataFrame({"key": which, "form": "point", "n": n, "n_clipped": 0, "n_open": 0})
    rows = pd.concat([states, points], ignore_index=True)
    number = rows["key"].to_numpy(dtype=np.int64)
    rows["actor"] = np.array(seen.actors, dtype=object)[number // max(len(seen.codes), 1)]
    rows["code"] = np.array(seen.codes, dtype=object)[number % max(len(seen.codes), 1)]
    known = set(zip(rows["actor"], rows["code"], strict=True))
    never = [
        {
            "actor": b.who,
            "code": b.code,
            "form": b.form,
            "n": 0,
            "total_s": 0.0 if b.form == "state" else np.nan,
        }
        for b in (instrument.behaviours if instrument else ())
        if b.kind != "missing"
        and b.code not in unseen
        and (not actor or b.who in actor)
        and (b.who, b.code) not in known
    ]
    rows = (
        pd.concat([rows, pd.DataFrame(never)], ignore_index=True) if never and seen.observed.total_s else rows
    )
    rows = rows.reindex(columns=["actor", "code", "form", *COLUMNS])
    whole = {name: rows[name].fillna(0).astype("int64") for name in ("n", "n_clipped", "n_open")}
    seconds = {name: rows[name].astype("float64") for name in ("total_s", "mean_s", "sd_s")}
    return rows.assign(**whole, **seconds).sort_values(["actor", "code", "form"], ignore_index=True)


def _states(seen: Stream, key: Ints) -> pd.DataFrame:
    """Unite the states of each actor and code, cut them to observed time and sum them up."""
    shift = key[seen.lasts] * seen.length
    bouts = joined(seen.onset[seen.lasts] + shift, seen.offset[seen.lasts] + shift, touching=False)
    of = bouts.start // seen.length
    start, end = bouts.start - of * seen.length, bouts.end - of * seen.length
    lasted = seen.observed.before(end) - seen.observed.before(start)
    counted = (lasted > 0) | ((start == end) & (seen.observed.holding(start) >= 0))
    return _summed(
        of[counted], lasted[counted] / US, (lasted < end - start)[counted], key[seen.closed_here & seen.seen]
    )


def _summed(key: Ints, lasted_s: Floats, clipped: Bools, open_keys: Ints) -> pd.DataFrame:
    """Return count, sum, mean and spread (n - 1) of the bouts of each key."""
    each = np.bincount(key, minlength=1)
    which, n = np.flatnonzero(each), each[each > 0]
    place = np.searchsorted(which, key)
    total = np.bincount(place, lasted_s, minlength=len(which))
    mean = total / n
    squares = np.bincount(place, (lasted_s - mean[place]) ** 2, minlength=len(which))
    sd = np.sqrt(np.where(n > 1, squares / np.maximum(n - 1, 1), np.nan))
    cut = np.bincount(place, clipped, minlength=len(which))
    left_open = np.bincount(open_keys, minlength=int(which.max(initial=-1)) + 1)[which]
    columns = {
        "key": which,
        "form": "state",
        "n": n,
        "total_s": total,
        "mean_s": mean,
        "sd_s": sd,
        "n_clipped": cut,
    }
    return pd.DataFrame(columns | {"n_open": left_open})
