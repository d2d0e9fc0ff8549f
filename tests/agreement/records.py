"""Code strings and little tables as two observers' records: states("AAB") is A for 2 s, then B for 1 s."""

from itertools import groupby

import pandas as pd

COLUMNS = ["session", "actor", "code", "onset_s", "offset_s"]


def states(text: str, actor: str = "x") -> pd.DataFrame:
    """Return states of one actor, a letter each second; "." is a second without any."""
    rows, at = [], 0
    for letter, run in groupby(text):
        length = len(list(run))
        if letter != ".":
            rows.append(("s", actor, letter, float(at), float(at + length)))
        at += length
    return pd.DataFrame(rows, columns=COLUMNS)


def points(*rows: tuple[str, float], actor: str = "x") -> pd.DataFrame:
    """Return points of one actor from (code, onset)."""
    filled = [("s", actor, code, float(onset), float("nan")) for code, onset in rows]
    return pd.DataFrame(filled, columns=COLUMNS)


def letters(text: str) -> pd.DataFrame:
    """Return a point each second, a letter each; "." is none."""
    return points(*((letter, at) for at, letter in enumerate(text) if letter != "."))


def watched(*edges: float) -> pd.DataFrame:
    """Return windows of the session from pairs of edges."""
    return pd.DataFrame({"session": "s", "start_s": edges[::2], "end_s": edges[1::2]})
