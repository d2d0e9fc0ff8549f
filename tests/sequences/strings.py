"""Code strings and little tables as input: letters("ABAB") is four events, one a second."""

import pandas as pd

COLUMNS = ["session", "actor", "code", "onset_s", "offset_s"]


def letters(text: str, actor: str = "x", session: str = "s", every_s: float = 1.0) -> pd.DataFrame:
    """Return points of one actor, a letter each, `every_s` seconds apart."""
    rows = [(session, actor, letter, place * every_s, float("nan")) for place, letter in enumerate(text)]
    return pd.DataFrame(rows, columns=COLUMNS)


def table(*rows: tuple, session: str = "s") -> pd.DataFrame:
    """Return events from rows of (actor, code, onset) or (actor, code, onset, offset)."""
    filled = [(session, *row, *([float("nan")] * (4 - len(row)))) for row in rows]
    return pd.DataFrame(filled, columns=COLUMNS).astype({"onset_s": float, "offset_s": float})


def watched(*edges: float, session: str = "s") -> pd.DataFrame:
    """Return windows from pairs of edges: watched(0, 60, 90, 120) is two of them."""
    return pd.DataFrame({"session": session, "start_s": edges[::2], "end_s": edges[1::2]}).astype(
        {"start_s": float, "end_s": float}
    )
