"""The tables as CSV in UTF-8: one file a table, and what has to be known to read them."""

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any, Final

import pandas as pd
from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype, is_numeric_dtype

from caregiving.exports._sheets import Sheet, Sheets
from caregiving.exports._together import together
from caregiving.imports._archive_tables import guarded

LABEL, MIME, SUFFIX = "CSV", "application/zip", "zip"
ONE_MIME, ONE_SUFFIX = "text/csv", "csv"
DIGITS_OF_MS: Final = len("2026-03-01T09:00:00.000")


def write(sheets: Sheets) -> bytes:
    """Return all tables in one zip, with a README."""
    return together(sheets, ONE_SUFFIX, one)


def one(sheet: Sheet) -> bytes:
    r"""Return one table. A text that could be taken for a formula gets an apostrophe, a number never.

    >>> from caregiving.frames import Column
    >>> frame = pd.DataFrame({"said": pd.Series(["=1+1"], dtype="str"), "value": [-1.5]})
    >>> one(Sheet(frame, {"said": Column("str", "words"), "value": Column("float64", "number")}))
    b"said,value\r\n'=1+1,-1.5\r\n"
    """
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow(sheet.columns)
    rows.writerows(zip(*(_cells(sheet.frame[name]) for name in sheet.columns), strict=True))
    return out.getvalue().encode()


def _cells(column: pd.Series) -> Iterator[str]:
    """Yield the cells of a column; a missing value is an empty one."""
    write_one = _writer(column)
    for value, missing in zip(column.astype("object"), column.isna(), strict=True):
        yield "" if missing else write_one(value)


def _writer(column: pd.Series) -> Callable[[Any], str]:
    if is_bool_dtype(column.dtype):
        return lambda value: "true" if value else "false"
    if is_numeric_dtype(column.dtype):
        return str
    if is_datetime64_any_dtype(column.dtype):
        ending = "Z" if getattr(column.dtype, "tz", None) else ""
        return lambda value: value.isoformat(timespec="milliseconds")[:DIGITS_OF_MS] + ending
    return lambda value: guarded(str(value))
