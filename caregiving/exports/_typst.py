"""The only place that calls typst: a document of plain values in, a tagged PDF (PDF/UA-1) out.

What people typed goes in as values, never as text of the template, so that nothing in it is read as markup.
"""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst

from caregiving.exports._fonts import Font, fonts, fonts_for

TEMPLATE: Final = Path(__file__).with_name("summary.typ")
STANDARD: Final = "ua-1"


def tagged_pdf(document: dict[str, Any], made_at_s: int) -> bytes:
    """Return the PDF of a document; the same document and instant give the same bytes.

    Parameters: `document` as `summary.typ` reads it; `made_at_s` the instant that stands in the file, in
    seconds since 1970, UTC.

    Raises
    ------
    MissingGlyph
        When a character has no glyph in the fonts at hand, which PDF/UA forbids.
    """
    text = json.dumps(document, ensure_ascii=False, sort_keys=True)
    needed = fonts_for(text, fonts())
    given = {"document": text, "fonts": json.dumps([font.family for font in needed])}
    try:
        made = typst.compile(
            TEMPLATE.read_bytes(),
            font_paths=_loaded(tuple(needed)),
            ignore_system_fonts=True,
            sys_inputs=given,
            pdf_standards=[STANDARD],
            timestamp=made_at_s,
            format="pdf",
        )
    except typst.TypstError as reason:
        if "could not be displayed" in str(reason):
            raise MissingGlyph(str(reason).splitlines()[0]) from reason
        raise
    if not isinstance(made, bytes):
        raise TypeError(f"one PDF was expected, {type(made).__name__} came")
    return made


class MissingGlyph(LookupError):
    """A character cannot be drawn with the fonts at hand."""


@cache
def _loaded(needed: tuple[Font, ...]) -> typst.Fonts:
    """Return the fonts ready for use, and no others: a page looks alike on every machine."""
    folders: Sequence[str] = [str(font.folder) for font in needed]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(folders))
