"""The tables as Parquet: typed columns that carry their unit and meaning."""

import io
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from caregiving.exports._sheets import Sheet, Sheets
from caregiving.exports._together import together

LABEL, MIME, SUFFIX = "Parquet", "application/zip", "zip"
ONE_MIME, ONE_SUFFIX = "application/vnd.apache.parquet", "parquet"
TEXT: Final = ("str", "category")


def write(sheets: Sheets) -> bytes:
    """Return all tables in one zip, with a README."""
    return together(sheets, ONE_SUFFIX, one)


def one(sheet: Sheet) -> bytes:
    """Return one table; every field has its meaning and unit in its metadata."""
    texts = {name: "str" for name, column in sheet.columns.items() if column.dtype in TEXT}
    table = pa.Table.from_pandas(sheet.frame[list(sheet.columns)].astype(texts), preserve_index=False)
    fields = [
        field.with_metadata(
            {"meaning": sheet.columns[field.name].meaning, "unit": sheet.columns[field.name].unit}
        )
        for field in table.schema
    ]
    out = io.BytesIO()
    pq.write_table(table.cast(pa.schema(fields)), out, compression="zstd")
    return out.getvalue()
