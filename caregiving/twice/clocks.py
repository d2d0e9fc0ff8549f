"""The clocks of two tablets: a record of a session as the server's clock had it."""

from dataclasses import replace
from math import nan

import pandas as pd

from caregiving.coded import CodedSession, Stretch
from caregiving.twice.spans import joined


def skews(session: CodedSession, windows: pd.DataFrame) -> pd.Series:
    """Return the server's clock minus the tablet's for each part of a session, in order: ms by window.

    It was measured before the part began, and holds for all of it: within a part the tablet counts time
    with a clock that nobody can set. Missing where the tablet had never seen the server's clock.

    >>> from caregiving.coded import CodedSession
    >>> one = CodedSession("s", "juno", "", "", "", 1.0, "noor", None, 0, 0, True, True, ("a", "b"))
    >>> skews(one, pd.DataFrame({"id": ["b", "a", "c"], "skew_ms": [-3000, None, 40]})).tolist()
    [<NA>, -3000]
    """
    known = windows.set_index("id").get("skew_ms", pd.Series(dtype="Int64"))
    return known.reindex(list(session.windows)).astype("Int64")


def apart_s(one: pd.Series, other: pd.Series) -> float:
    """Return how far two tablets' clocks were apart at most, in seconds; NaN when a skew is not known.

    Parameters: the `skews` of either session, in ms.

    >>> apart_s(pd.Series([-3000, -2900]), pd.Series([100]))
    3.1
    >>> apart_s(pd.Series([-3000, None], dtype="Int64"), pd.Series([100]))
    nan
    """
    if one.isna().any() or other.isna().any():
        return nan
    return float(max(one.max() - other.min(), other.max() - one.min())) / 1000


def on_servers_clock(
    session: CodedSession, log: pd.DataFrame, windows: pd.DataFrame
) -> tuple[CodedSession, pd.DataFrame]:
    """Return a session and the events coded in it, with every instant moved by the skew of its part.

    A skew that is not known counts as 0: a tablet usually has its time from the network. What was watched
    without a break stays without one.

    Parameters: EVENT_LOG and WINDOW_LOG that hold the session.
    """
    by_part = skews(session, windows).fillna(0)
    rows = log[log["window"].isin(session.windows)]
    by_row = rows["window"].map(by_part).astype("Int64")
    moved = rows.assign(onset_ms=rows["onset_ms"] + by_row, offset_ms=rows["offset_ms"] + by_row)
    return replace(session, stretches=_moved(session, by_part, windows)), moved


def _moved(session: CodedSession, by_part: pd.Series, windows: pd.DataFrame) -> tuple[Stretch, ...]:
    """Return the stretches, their start moved with their first part, their end with the last one."""
    begun = windows.set_index("id")["started_ms"].reindex(by_part.index)
    found = []
    for one in session.stretches:
        its = by_part[(begun >= one.start_ms) & (begun <= one.end_ms)]
        start, end = one.start_ms + int(its.iloc[0]), one.end_ms + int(its.iloc[-1])
        found.append((start, max(start, end)))
    return tuple(Stretch(int(start), int(end)) for start, end in joined(found))
