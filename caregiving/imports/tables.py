"""Reading a CSV file so that every fault of it is told at once, by line."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from caregiving.faults import Fault, Refused

MOST_FAULTS = 50


def read_table(path: Path, needed: Iterable[str], allowed: Iterable[str] | None = None) -> pd.DataFrame:
    """Return the file as text columns; empty cells are missing.

    Raises
    ------
    Refused
        When there is no such file, it is not CSV in UTF-8, or its columns are not the ones needed.
    """
    wanted = list(needed)
    try:
        table = pd.read_csv(path, dtype="str", keep_default_na=False, na_values=[""], encoding="utf-8-sig")
    except FileNotFoundError as reason:
        raise Refused([Fault(str(path), "no file", "the path of a CSV file")]) from reason
    except pd.errors.EmptyDataError as reason:
        raise Refused(
            [Fault(path.name, "an empty file", f"a first line with {', '.join(wanted)}")]
        ) from reason
    except (pd.errors.ParserError, UnicodeDecodeError, IsADirectoryError) as reason:
        raise Refused(
            [Fault(path.name, f"text that is not CSV in UTF-8 ({reason})", "a CSV file in UTF-8")]
        ) from reason
    found = [str(name).strip() for name in table.columns]
    table.columns = pd.Index(found)
    missing = [name for name in wanted if name not in found]
    unknown = [name for name in found if allowed is not None and name not in {*wanted, *allowed}]
    if missing or unknown:
        needs = f"the columns {', '.join(wanted)}" + (
            f" and, if wanted, {', '.join(allowed)}" if allowed else ""
        )
        raise Refused([Fault(f"{path.name}, line 1", f"the columns {', '.join(found)}", needs)])
    return table


def seconds(
    table: pd.DataFrame, name: str, path: Path, *, required: bool = True
) -> tuple[pd.Series, list[Fault]]:
    """Return a column as seconds (NaN where empty) and a fault for every cell that is not a number >= 0."""
    text = table[name]
    values = pd.to_numeric(text.str.strip(), errors="coerce").astype("float64")
    wrong = (values.isna() & text.notna()) | (values < 0) | np.isinf(values)
    if required:
        wrong |= text.isna()
    needed = "a number of seconds from the start of the session, such as 12.5"
    faults = [
        Fault(line(path, row, name), _cell(text.iloc[row]), needed)
        for row in np.flatnonzero(wrong)[:MOST_FAULTS]
    ]
    return values, faults


def line(path: Path, row: int | np.integer, column: str) -> str:
    """Return the place of a cell: the header is line 1."""
    return f"{path.name}, line {row + 2}, {column}"


def told(faults: list[Fault]) -> Refused:
    """Return the refusal for these faults: the first fifty, and how many more there are."""
    more = len(faults) - MOST_FAULTS
    tail = (
        [Fault(faults[0].place.split(",")[0], f"{more} more faults like these", "the file mended")]
        if more > 0
        else []
    )
    return Refused([*faults[:MOST_FAULTS], *tail])


def _cell(value: str | float) -> str:
    return "an empty cell" if pd.isna(value) else f'"{value}"'
