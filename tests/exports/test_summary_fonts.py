"""Which characters a font can draw is read from the font itself."""

import struct
from pathlib import Path

import pytest

from caregiving.exports import _fonts
from caregiving.exports._fonts import Font, fonts


def table_4(start: int, end: int, delta: int) -> bytes:
    """A character table of format 4: one stretch of code points, and the closing one."""
    ends, starts = struct.pack(">HH", end, 0xFFFF), struct.pack(">HH", start, 0xFFFF)
    deltas, jumps = struct.pack(">HH", delta & 0xFFFF, 1), struct.pack(">HH", 0, 0)
    body = struct.pack(">HHHH", 4, 0, 0, 0) + ends + b"\0\0" + starts + deltas + jumps
    return struct.pack(">HHH", 4, 6 + len(body), 0) + body


def table_12(*stretches: tuple[int, int, int]) -> bytes:
    groups = b"".join(struct.pack(">LLL", *one) for one in stretches)
    return struct.pack(">HHLLL", 12, 0, 16 + len(groups), 0, len(stretches)) + groups


def written(path: Path, *tables: bytes, collection: bool = False) -> Font:
    """A font file with nothing in it but its table of characters."""
    offset = 4 + 8 * len(tables)
    records, bodies = b"", b""
    for table in tables:
        records += struct.pack(">HHL", 3, 1, offset + len(bodies))
        bodies += table
    cmap = struct.pack(">HH", 0, len(tables)) + records + bodies
    lead = struct.pack(">4sLLL", b"ttcf", 0x10000, 1, 16) if collection else b""
    at = len(lead) + 12 + 16
    directory = struct.pack(">LHHHH", 0x10000, 1, 0, 0, 0) + struct.pack(">4sLLL", b"cmap", 0, at, len(cmap))
    path.write_bytes(lead + directory + cmap)
    return Font("Invented", path.parent, (path,))


@pytest.mark.parametrize("collection", [False, True])
def test_a_stretch_of_format_4_is_drawn_and_its_neighbours_are_not(tmp_path, collection):
    font = written(tmp_path / f"{collection}.ttf", table_4(ord("b"), ord("d"), 5), collection=collection)

    assert [font.draws(one) for one in "abcde"] == [False, True, True, True, False]


def test_a_character_that_is_mapped_to_the_empty_glyph_is_not_drawn(tmp_path):
    font = written(tmp_path / "empty.ttf", table_4(ord("b"), ord("d"), -ord("c")))

    assert [font.draws(one) for one in "bcd"] == [True, False, True]


def test_format_12_reaches_beyond_the_first_plane(tmp_path):
    font = written(tmp_path / "wide.ttf", table_12((0x1F600, 0x1F601, 7)))

    assert [font.draws(chr(code)) for code in (0x1F5FF, 0x1F600, 0x1F601, 0x1F602)] == [
        False,
        True,
        True,
        False,
    ]


def test_the_fonts_that_come_with_the_program_draw_the_letters_of_its_languages():
    latin = fonts()[0]

    assert all(latin.draws(one) for one in "AzÄéßłőŞπЖ–“”·−\N{REPLACEMENT CHARACTER}")
    assert any(font.draws("ن") for font in fonts())


def test_a_font_that_is_not_installed_is_simply_not_there(monkeypatch):
    monkeypatch.setattr(_fonts, "PACKAGES", (("fontpkg_noto_sans", "Noto Sans"), ("no_such_font", "None")))
    fonts.cache_clear()
    try:
        assert [font.family for font in fonts()] == ["Noto Sans"]
    finally:
        fonts.cache_clear()
