"""Several tables in one zip, with a README that says how to read them."""

import io
import zipfile
from collections.abc import Callable, Iterator
from typing import Final

from caregiving.exports._sheets import Sheet, Sheets

DATED: Final = (1980, 1, 1, 0, 0, 0)  # one date, so that the same records give the same bytes


def together(sheets: Sheets, suffix: str, write: Callable[[Sheet], bytes]) -> bytes:
    """Return a zip with one file a table and a README."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files_of(sheets, suffix, write):
            info = zipfile.ZipInfo(name, DATED)
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 3
            archive.writestr(info, content)
    return out.getvalue()


def files_of(sheets: Sheets, suffix: str, write: Callable[[Sheet], bytes]) -> Iterator[tuple[str, bytes]]:
    """Yield the name and content of every file."""
    yield "README.txt", readme(sheets).encode()
    for name, sheet in sheets.sheets.items():
        yield f"{name}.{suffix}", write(sheet)


def readme(sheets: Sheets) -> str:
    """Return what has to be known to read the tables: where they come from, and every column of each."""
    lines = [f"{heading}: {sentence}" for heading, sentence in sheets.about]
    for name, sheet in sheets.sheets.items():
        lines += ["", name.upper()]
        for column, meant in sheet.columns.items():
            unit = f" [{meant.unit}]" if meant.unit else ""
            lines.append(f"  {column}{unit}: {meant.meaning}")
    return "\n".join(lines) + "\n"
