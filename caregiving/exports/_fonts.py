"""The typefaces there are for print, and which characters they can draw.

PDF/UA refuses a page on which a single character has no glyph, so every text is looked through before. The
fonts come as installed packages; those that are not installed are simply not there. What a font covers is
read from its own table (`cmap`, formats 4 and 12, OpenType specification 1.9).
"""

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

PACKAGES: Final = (
    ("fontpkg_noto_sans", "Noto Sans"),
    ("fontpkg_noto_sans_arabic", "Noto Sans Arabic"),
    ("fontpkg_noto_sans_hebrew", "Noto Sans Hebrew"),
    ("fontpkg_noto_sans_devanagari", "Noto Sans Devanagari"),
    ("fontpkg_noto_sans_thai", "Noto Sans Thai"),
    ("manimgx_fonts_cjk", "Noto Sans CJK SC"),
)
SUFFIXES: Final = {".ttf", ".otf", ".ttc"}
LARGEST: Final = 0x10FFFF
Codes = NDArray[np.bool_]


@dataclass(frozen=True)
class Font:
    """A typeface: the name of its family, its upright files, and the folder they lie in."""

    family: str
    folder: Path
    files: tuple[Path, ...]

    def draws(self, character: str) -> bool:
        """Tell whether there is a glyph for this character."""
        return bool(_covered(self.files)[ord(character)])


@cache
def fonts() -> tuple[Font, ...]:
    """Return the typefaces that are installed, the one for Latin letters first."""
    found = (_installed(package, family) for package, family in PACKAGES)
    return tuple(font for font in found if font is not None)


def fonts_for(text: str, known: Iterable[Font]) -> list[Font]:
    """Return the typefaces that a text needs, in their order; the first is always among them.

    A large font that nothing is written in is then not even opened.

    >>> [font.family for font in fonts_for("Juno", fonts())]
    ['Noto Sans']
    """
    needed: list[Font] = []
    left = set(text)
    for font in known:
        own = {one for one in left if font.draws(one)}
        if own or not needed:
            needed.append(font)
        left -= own
    return needed


def _installed(package: str, family: str) -> Font | None:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    top = Path(next(iter(spec.submodule_search_locations)))
    files = [path for path in sorted(top.rglob("*")) if path.suffix in SUFFIXES]
    upright = tuple(path for path in files if "Italic" not in path.name)
    return Font(family, upright[0].parent, upright) if upright else None


@cache
def _covered(files: tuple[Path, ...]) -> Codes:
    """Return for every code point whether one of the files has a glyph for it."""
    covered = np.zeros(LARGEST + 1, dtype=np.bool_)
    for path in files:
        with path.open("rb") as file:
            for low, high in _ranges(_cmap(file)):
                covered[low : high + 1] = True
    return covered


def _cmap(file: BinaryIO) -> bytes:
    """Return the table of characters of a font file; of a collection that of its first font."""
    start = 0
    if file.read(4) == b"ttcf":
        file.seek(12)
        (start,) = struct.unpack(">L", file.read(4))
    file.seek(start + 4)
    (number,) = struct.unpack(">H", file.read(2))
    file.seek(start + 12)
    directory = file.read(16 * number)
    for place in range(0, len(directory), 16):
        tag, _sum, offset, length = struct.unpack(">4sLLL", directory[place : place + 16])
        if tag == b"cmap":
            file.seek(offset)
            return file.read(length)
    return b""


def _ranges(cmap: bytes) -> list[tuple[int, int]]:
    """Return first and last code point of every stretch that the table maps to glyphs."""
    if not cmap:
        return []
    (number,) = struct.unpack(">H", cmap[2:4])
    tables = [struct.unpack(">HHL", cmap[4 + 8 * k : 12 + 8 * k]) for k in range(number)]
    stretches: list[tuple[int, int]] = []
    for _platform, _encoding, offset in tables:
        (form,) = struct.unpack(">H", cmap[offset : offset + 2])
        if form == 12:
            stretches += _of_format_12(cmap[offset:])
        elif form == 4:
            stretches += _of_format_4(cmap[offset:])
    return stretches


def _of_format_12(table: bytes) -> list[tuple[int, int]]:
    (groups,) = struct.unpack(">L", table[12:16])
    read = np.frombuffer(table, dtype=">u4", count=3 * groups, offset=16).reshape(-1, 3)
    return [(int(low), int(high)) for low, high, glyph in read if glyph or high > low]


def _of_format_4(table: bytes) -> list[tuple[int, int]]:
    """Return the stretches of format 4; a character that is mapped to glyph 0 is not among them."""
    (twice,) = struct.unpack(">H", table[6:8])
    count = twice // 2
    ends = np.frombuffer(table, ">u2", count, 14)
    starts = np.frombuffer(table, ">u2", count, 16 + twice)
    deltas = np.frombuffer(table, ">u2", count, 16 + 2 * twice)
    jumps = np.frombuffer(table, ">u2", count, 16 + 3 * twice)
    found = []
    for k in range(count):
        low, high, delta, jump = int(starts[k]), int(ends[k]), int(deltas[k]), int(jumps[k])
        for code in range(low, high + 1):
            glyph = (code + delta) & 0xFFFF
            if jump:
                at = 16 + 3 * twice + 2 * k + jump + 2 * (code - low)
                glyph = int.from_bytes(table[at : at + 2], "big")
            if glyph and code != 0xFFFF:
                found.append((code, code))
    return found
