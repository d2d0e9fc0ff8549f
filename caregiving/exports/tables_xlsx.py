"""The tables as one workbook: typed cells, units in the header, and a sheet that explains."""

import io
import math
from datetime import datetime
from typing import Any, Final

import pandas as pd
import xlsxwriter
from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype, is_numeric_dtype
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from caregiving.exports._sheets import Sheet, Sheets

LABEL, SUFFIX = "Spreadsheet", "xlsx"
MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BIG: Final = 50_000  # rows; from here on they are written out one after another and not held
MOST_ROWS: Final = 1_048_575  # of one sheet, below its header
DATED: Final = datetime.fromisoformat("1980-01-01")  # so that the same records give the same bytes
TIME_FORMAT: Final = "yyyy-mm-dd hh:mm:ss.000"
NARROWEST, WIDEST, LOOKED_AT = 8, 44, 200
README_WIDTHS: Final = (26, 24, 12, 90)


def write(sheets: Sheets) -> bytes:
    """Return the workbook: estimates, episodes, events, windows, visits and README.

    Texts are written as texts, so that none of them can become a formula or a link.
    """
    out = io.BytesIO()
    rows = sum(len(sheet.frame) for sheet in sheets.sheets.values())
    options = {
        "constant_memory": rows > BIG,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "in_memory": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": DATED})
        header = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        for name, sheet in sheets.sheets.items():
            _write_sheet(book, book.add_worksheet(name), sheet, header)
        _write_readme(book, book.add_worksheet("README"), sheets, header)
    return out.getvalue()


def _write_sheet(book: xlsxwriter.Workbook, page: Worksheet, sheet: Sheet, header: Format) -> None:
    """Write a table, row by row, since a big one keeps no row that it has left."""
    formats = {True: book.add_format({"num_format": TIME_FORMAT}), False: None}
    frame = sheet.frame.iloc[:MOST_ROWS]
    columns = []
    for place, (name, meant) in enumerate(sheet.columns.items()):
        values = frame[name]
        kind = _kind(values)
        title = f"{name} ({meant.unit})" if meant.unit else name
        page.set_column(place, place, _width(title, values, kind))
        columns.append((kind, formats[kind == "time"], _plain(values, kind)))
    page.freeze_panes(1, 1)
    for place, (name, meant) in enumerate(sheet.columns.items()):
        page.write_string(0, place, f"{name} ({meant.unit})" if meant.unit else name, header)
    for row, cells in enumerate(zip(*(values for _, _, values in columns), strict=True), start=1):
        for place, ((kind, form, _), value) in enumerate(zip(columns, cells, strict=True)):
            if value is not None:
                _write_cell(page, row, place, value, kind, form)
    page.autofilter(0, 0, max(len(frame), 1), len(sheet.columns) - 1)
    if len(sheet.frame) > MOST_ROWS:
        page.set_header(f"&LOnly the first {MOST_ROWS} of {len(sheet.frame)} rows")


def _kind(values: pd.Series) -> str:
    if is_bool_dtype(values.dtype):
        return "truth"
    if is_numeric_dtype(values.dtype):
        return "number"
    return "time" if is_datetime64_any_dtype(values.dtype) else "text"


def _plain(values: pd.Series, kind: str) -> list[Any]:
    """Return plain values, None for missing ones; a time without its zone, which no spreadsheet knows."""
    if kind == "time":
        naive = values.dt.tz_localize(None) if getattr(values.dtype, "tz", None) else values
        return [None if value is pd.NaT else value for value in naive.dt.to_pydatetime().tolist()]
    missing = values.isna()
    return [None if gone else value for value, gone in zip(values.astype("object"), missing, strict=True)]


def _write_cell(page: Worksheet, row: int, place: int, value: Any, kind: str, form: Format | None) -> None:
    if kind == "text" or (kind == "number" and not math.isfinite(value)):
        page.write_string(row, place, str(value))
    elif kind == "number":
        page.write_number(row, place, float(value))
    elif kind == "truth":
        page.write_boolean(row, place, bool(value))
    else:
        page.write_datetime(row, place, value, form)


def _width(title: str, values: pd.Series, kind: str) -> int:
    """Return how wide a column is, by its header and its first cells."""
    longest = (
        len(TIME_FORMAT) if kind == "time" else max((len(str(v)) for v in values.iloc[:LOOKED_AT]), default=0)
    )
    return min(max(NARROWEST, len(title) // 2 + 2, longest + 1), WIDEST)


def _write_readme(book: xlsxwriter.Workbook, page: Worksheet, sheets: Sheets, header: Format) -> None:
    """Write what has to be known to read the tables."""
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for place, width in enumerate(README_WIDTHS):
        page.set_column(place, place, width, wrapped)
    row = 0
    for heading, sentence in sheets.about:
        page.write_string(row, 0, heading, header)
        page.write_string(row, 3, sentence, wrapped)
        row += 1
    row += 1
    for place, title in enumerate(("sheet", "column", "unit", "meaning")):
        page.write_string(row, place, title, header)
    for name, sheet in sheets.sheets.items():
        for column, meant in sheet.columns.items():
            row += 1
            for place, said in enumerate((name, column, meant.unit, meant.meaning)):
                page.write_string(row, place, said, wrapped)
