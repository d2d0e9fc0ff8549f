"""The summary as a PDF for print and for screen readers: A4 or Letter, tagged, the same bytes every time."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Final, Literal

from caregiving.exports._fonts import Font, fonts
from caregiving.exports._svg import Picture
from caregiving.exports._typst import MissingGlyph, tagged_pdf
from caregiving.summary import Part, Summary
from caregiving.words import _

LABEL, MIME, SUFFIX = "Summary for a consultation (PDF)", "application/pdf", "pdf"
Paper = Literal["a4", "us-letter"]
STAND_IN: Final = "\N{REPLACEMENT CHARACTER}"
UNSEEN: Final = {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}  # controls, halves of pairs, private and unassigned
FROM_RIGHT: Final = {"R", "AL"}
LONG_RUN: Final = re.compile(r"[^\s-]{29,}")  # longer than the narrowest column, without a place to break
BREAK_EVERY: Final = 14


def render(summary: Summary, pictures: Sequence[Picture] = (), paper: Paper = "a4") -> bytes:
    """Return the PDF. A character that no font at hand can draw becomes a sign that says so, never a failure.

    The instant in the file is midnight UTC of the summary's own day, so that two runs give the same bytes.
    """
    made_at = datetime(summary.made_on.year, summary.made_on.month, summary.made_on.day, tzinfo=UTC)
    seconds = int(made_at.timestamp())
    try:
        return tagged_pdf(_document(summary, pictures, paper, _Pen(fonts(), summary.from_right)), seconds)
    except MissingGlyph:  # letters that are there each, but have no glyph when they stand together
        return tagged_pdf(_document(summary, pictures, paper, _Pen(fonts()[:1], summary.from_right)), seconds)


def from_right(text: str, *, otherwise: bool = False) -> bool:
    """Tell whether a text runs from right to left: by its first strong character (Unicode UAX 9, rule P2).

    `otherwise` is the answer for a text without any, such as a number.

    >>> from_right("نور"), from_right("12. Juno"), from_right("(שלום) Juno")
    (True, False, True)
    """
    for one in text:
        kind = unicodedata.bidirectional(one)
        if kind in FROM_RIGHT:
            return True
        if kind == "L":
            return False
    return otherwise


@dataclass
class _Pen:
    """Writes down what can be drawn, and remembers whether something could not."""

    known: Sequence[Font]
    rtl: bool = False
    missed: set[str] = field(default_factory=set)

    def text(self, words: str) -> str:
        """Return the words with a stand-in for every character that cannot be drawn."""
        composed = unicodedata.normalize("NFC", words.replace("\t", " ").replace("\n", " "))
        return LONG_RUN.sub(_broken, "".join(self._drawn(one) for one in composed if _seen(one)))

    def ours(self, words: str) -> dict[str, Any]:
        """Return a sentence of the page: it runs as the page does, whatever name it begins with."""
        return {"text": self.text(words), "from_right": self.rtl}

    def own(self, words: str) -> dict[str, Any]:
        """Return words that run as they themselves do: what people typed, and the cells of tables."""
        return {"text": self.text(words), "from_right": from_right(words, otherwise=self.rtl)}

    def points(self, lines: Sequence[str]) -> list[dict[str, Any]]:
        """Return the lines of a list in stretches that run the same way, so that each bullet stands right."""
        grouped = groupby((self.own(line) for line in lines), key=lambda one: one["from_right"])
        return [{"from_right": way, "lines": list(ones)} for way, ones in grouped]

    def _drawn(self, one: str) -> str:
        if self.draws(one):
            return one
        self.missed.add(one)
        return STAND_IN

    def draws(self, one: str) -> bool:
        """Tell whether a character can be drawn, or leaves no mark anyway."""
        return _leaves_no_mark(one) or any(font.draws(one) for font in self.known)


def _broken(run: re.Match[str]) -> str:
    """Return a long run of letters with places at which a line may end."""
    text = run.group()
    return "\N{ZERO WIDTH SPACE}".join(text[at : at + BREAK_EVERY] for at in range(0, len(text), BREAK_EVERY))


def _seen(one: str) -> bool:
    """Tell whether a character belongs on paper at all; what chooses another look of an emoji does not."""
    return unicodedata.category(one) not in UNSEEN and not 0xFE00 <= ord(one) <= 0xFE0F


def _leaves_no_mark(one: str) -> bool:
    """Tell whether a character only steers its neighbours, as joiners and marks of direction do."""
    return unicodedata.category(one) == "Cf"


def _document(summary: Summary, pictures: Sequence[Picture], paper: Paper, pen: _Pen) -> dict[str, Any]:
    """Return everything that stands on the page, as the template reads it."""
    asked = [
        _typed(_("Questions for the consultation"), pen, points=summary.questions),
        _typed(_("Notes of the family"), pen, said=[pen.own(one) for one in summary.notes]),
    ]
    method = [pen.ours(one) for one in summary.method]
    cited = tuple(f"{key}: {citation}" for key, citation in summary.sources)
    after = [
        _typed(_("How the figures come about"), pen, said=method),
        _typed(_("Sources"), pen, points=cited),
    ]
    document = {
        "title": pen.text(f"{summary.title}. {summary.about}"),
        "heading": pen.ours(summary.title),
        "lead": pen.ours(summary.about),
        "made": [summary.made_on.year, summary.made_on.month, summary.made_on.day],
        "language": summary.language.replace("_", "-").split("-")[0],
        "from_right": summary.from_right,
        "paper": paper,
        "foot": pen.text(summary.foot),
        "parts": [*(part for part in asked if part), *(_part(part, pen) for part in summary.parts)],
        "pictures_title": pen.ours(_("Figures")),
        "pictures": [_picture(one, pen) for one in pictures],
        "after": [part for part in after if part],
    }
    return document | {"missed": pen.ours(_missed()) if pen.missed else None}


def _missed() -> str:
    told = _("Some characters cannot be printed with the fonts at hand; {sign} stands for each of them.")
    return told.format(sign=STAND_IN)


def _part(part: Part, pen: _Pen) -> dict[str, Any]:
    return {
        "title": pen.ours(part.title),
        "said": [pen.ours(one) for one in part.said],
        "points": [],
        "tables": [
            {
                "head": [pen.ours(cell) for cell in table.head],
                "rows": [[pen.own(cell) for cell in row] for row in table.rows],
            }
            for table in part.tables
        ],
    }


def _typed(
    title: str, pen: _Pen, *, points: Sequence[str] = (), said: Sequence[dict[str, Any]] = ()
) -> dict[str, Any] | None:
    """Return a part of lines or paragraphs, or None when there are none."""
    if not points and not said:
        return None
    return {"title": pen.ours(title), "said": list(said), "points": pen.points(points), "tables": []}


def _picture(one: Picture, pen: _Pen) -> dict[str, Any]:
    """Return a picture; its words were drawn by us, but in the language of the page."""
    svg = "".join(char if pen.draws(char) else STAND_IN for char in one.svg)
    return {"title": pen.ours(one.title), "told": pen.ours(one.told), "svg": svg, "wide": one.wide}
