"""Neutral codes in place of names and ids: child-1, caregiver-2, event-17."""

from collections.abc import Iterable, Mapping

import pandas as pd


def numbered(word: str, ids: Iterable[str]) -> dict[str, str]:
    """Return a code for each id, by its place: who was added first keeps the first code in every export.

    >>> numbered("child", ["a", "b"])
    {'a': 'child-1', 'b': 'child-2'}
    """
    return {one: f"{word}-{place}" for place, one in enumerate(dict.fromkeys(ids), start=1)}


def told_apart(names: Mapping[str, str]) -> dict[str, str]:
    """Return names of which no two are the same: the second Juno becomes "Juno (2)".

    >>> told_apart({"a": "Juno", "b": "Juno", "c": "Kit"})
    {'a': 'Juno', 'b': 'Juno (2)', 'c': 'Kit'}
    """
    found: dict[str, str] = {}
    for one, name in names.items():
        number, fresh = 1, name
        while fresh in found.values():
            number += 1
            fresh = f"{name} ({number})"
        found[one] = fresh
    return found


def replaced(column: pd.Series, names: Mapping[str, str]) -> pd.Series:
    """Return a column of ids with their names or codes; an id without one is missing.

    >>> replaced(pd.Series(["b", None], dtype="str"), {"b": "child-2"}).isna().tolist()
    [False, True]
    """
    return column.astype("object").map(dict(names)).astype("str")
