"""The PDF of the summary: tagged for screen readers, the same bytes each time, no name that stops it."""

import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from time import perf_counter

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caregiving.exports import _typst, summary_pdf
from caregiving.exports._fonts import Font, fonts, fonts_for
from caregiving.exports.summary_pdf import STAND_IN, from_right, render
from caregiving.summary import Subject, Summary
from tests.invented_summary import drawn, nothing_seen, summary, usual_seen

GENEROUS_S = 3.0
LONG = "Maximiliane-Theodora von und zu Hohenschwangau" * 3 + "ohneeinenEinzigenOrtZumTrennen" * 4


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(pdf))


def tags(pdf: bytes) -> Iterator[tuple[str, str, str]]:
    """Yield every element of the tag tree: what it is, its alternative, and the scope of a head's cell."""
    read = opened(pdf)
    left = [read.Root.StructTreeRoot.K]
    while left:
        one = left.pop(0)
        if isinstance(one, pikepdf.Array):
            left = [*one, *left]
        elif isinstance(one, pikepdf.Dictionary) and "/S" in one:
            scope = next((str(facts.Scope) for facts in one.get("/A", []) if "/Scope" in facts), "")
            yield str(one.S), str(one.get("/Alt", "")), scope
            left = [one.K, *left] if "/K" in one else left


def printed(pdf: bytes, tmp_path: Path, *options: str) -> str:
    """Return the words on the pages, as poppler reads them."""
    if shutil.which("pdftotext") is None:
        pytest.skip("poppler's pdftotext is not installed")
    path = tmp_path / "summary.pdf"
    path.write_bytes(pdf)
    read = subprocess.run(["pdftotext", *options, str(path), "-"], capture_output=True, check=True)
    return " ".join(read.stdout.decode().split())


@pytest.fixture(scope="module")
def usual() -> bytes:
    return render(summary(questions="Is it reflux?\nHow long?", notes="Sleeps little."), drawn())


def test_the_file_says_its_language_its_title_and_that_it_keeps_the_accessible_standard(usual):
    pdf = opened(usual)

    assert str(pdf.Root.Lang) == "en"
    assert bool(pdf.Root.MarkInfo.Marked) and bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    with pdf.open_metadata() as facts:
        assert facts["pdfuaid:part"] == "1"
        assert str(facts["dc:title"]).startswith("Juno: summary of logged moments")


def test_headings_tables_lists_and_figures_are_tagged_as_what_they_are(usual):
    counted = Counter(kind for kind, _alt, _scope in tags(usual))
    one = summary(questions="Is it reflux?\nHow long?", notes="Sleeps little.")
    tables = [table for part in one.parts for table in part.tables]

    assert counted["/H1"] == 1
    assert counted["/H2"] == len(one.parts) + 2 + 1 + 2  # what was typed; the figures; method and sources
    assert counted["/H3"] == counted["/Figure"] == 3
    assert counted["/Table"] == counted["/THead"] == counted["/TBody"] == len(tables)
    assert counted["/TH"] == sum(len(table.head) for table in tables)
    assert counted["/TR"] == sum(1 + len(table.rows) for table in tables)
    assert counted["/TD"] == sum(len(row) for table in tables for row in table.rows)
    assert counted["/LI"] == 2 + len(one.sources)


def test_every_cell_of_a_head_says_that_it_stands_for_its_column(usual):
    assert {scope for kind, _alt, scope in tags(usual) if kind == "/TH"} == {"/Column"}


def test_every_figure_has_its_alternative_in_words(usual):
    assert [alt for kind, alt, _scope in tags(usual) if kind == "/Figure"] == [one.told for one in drawn()]


def test_two_runs_give_the_same_bytes():
    assert render(summary(), drawn()) == render(summary(), drawn())


def test_a_summary_of_another_day_is_another_file():
    one = summary()

    assert render(one) != render(replace(one, made_on=one.made_on.replace(day=8)))


@pytest.mark.parametrize(("paper", "width", "height"), [("a4", 595.28, 841.89), ("us-letter", 612, 792)])
def test_the_facts_take_one_page_and_the_figures_a_second_on_either_paper(paper, width, height):
    pages = opened(render(summary(), drawn(), paper)).pages

    assert len(pages) == 2
    assert [float(x) for x in pages[0].mediabox[2:]] == pytest.approx([width, height], abs=0.1)


def test_a_family_without_any_log_has_a_page_that_says_so(tmp_path):
    made = render(summary(nothing_seen()))

    assert len(opened(made).pages) == 1
    assert "Nobody watched in these days, so there is nothing to count from." in printed(made, tmp_path)


def test_the_page_bears_the_figures_the_questions_and_what_it_is_not(usual, tmp_path):
    words = printed(usual, tmp_path)

    assert "Is it reflux?" in words and "Sleeps little." in words
    assert f"{100 * 14 / 21:.0f} %" in words and "21 cues" in words
    assert "This describes logged moments. It is not a diagnosis." in words
    assert "home_moments.v1" in words and "caregiving observer" in words


def test_a_part_that_is_not_ticked_is_not_printed(tmp_path):
    words = printed(render(summary(parts=["watched"])), tmp_path)

    assert "Who watched" in words
    assert "Answers to cues" not in words and "Comfort" not in words


def test_typed_signs_of_the_template_stay_what_was_typed(tmp_path):
    typed = '#read("/etc/passwd") *bold* <b>$x$</b> = heading @key `code` \\ //gone'
    words = printed(render(summary(notes=typed)), tmp_path)

    assert typed in words


# --- names and letters ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("نور", True),
        ("שלום Ada", True),
        ("Ada نور", False),
        ("12:30 نور", True),
        ("12:30", False),
        ("", False),
    ],
)
def test_the_first_strong_letter_decides_where_a_text_begins(text, right):
    assert from_right(text) is right


def test_an_arabic_name_and_note_are_printed_in_their_own_letters(tmp_path):
    made = render(summary(child=Subject("نور الهدى"), questions="هل هذا ارتجاع؟"))

    assert STAND_IN not in printed(made, tmp_path)
    families = {str(font) for font in fonts_in(made)}
    assert any("NotoSansArabic" in name for name in families), families


def fonts_in(pdf: bytes) -> set[str]:
    return {
        str(font.BaseFont)
        for page in opened(pdf).pages
        for font in page.resources.get("/Font", pikepdf.Dictionary()).values()
    }


def test_a_chinese_name_is_printed_when_its_font_is_there(tmp_path):
    if not any(font.draws("王") for font in fonts()):
        pytest.skip("no font with Chinese characters is installed")
    words = printed(render(summary(child=Subject("王小明"))), tmp_path)

    assert "王小明: summary of logged moments" in words


def test_a_name_without_a_font_is_printed_with_a_sign_and_a_note(tmp_path, monkeypatch):
    without: list[Font] = [font for font in fonts() if not font.draws("王")]
    monkeypatch.setattr(summary_pdf, "fonts", lambda: tuple(without))
    monkeypatch.setattr(_typst, "fonts", lambda: tuple(without))
    words = printed(render(summary(child=Subject("王小明"))), tmp_path)

    assert f"{STAND_IN * 3}: summary of logged moments" in words
    assert "Some characters cannot be printed with the fonts at hand" in words


def test_without_a_missing_character_there_is_no_note_about_one(usual, tmp_path):
    assert "cannot be printed" not in printed(usual, tmp_path)


def test_letters_that_have_no_glyph_after_all_do_not_stop_the_page(tmp_path, monkeypatch):
    latin = fonts()[0]

    class Boastful(Font):
        def draws(self, character: str) -> bool:
            return True

    boast = Boastful(latin.family, latin.folder, latin.files)
    known = iter([(boast,), (latin,)])  # the first look is wrong, the second one is the careful one
    monkeypatch.setattr(summary_pdf, "fonts", lambda: next(known))
    monkeypatch.setattr(_typst, "fonts", lambda: (latin,))
    words = printed(render(summary(child=Subject("Juno ก"))), tmp_path)

    assert f"Juno {STAND_IN}: summary" in words


def test_a_very_long_name_stays_on_the_page(tmp_path):
    made = render(summary(child=Subject(LONG[:80]), questions=LONG, notes=LONG))
    boxes = printed(made, tmp_path, "-bbox")
    right = [float(part.split('"')[1]) for part in boxes.split("xMax=")[1:] for part in [f'"{part[1:]}']]

    assert len(opened(made).pages) <= 2
    assert right and max(right) <= 595.28 - 16 / 25.4 * 72 + 1


@settings(max_examples=25)
@given(st.text(max_size=60))
def test_no_text_whatever_makes_the_page_fail(text):
    short = summary(parts=[], questions=text, notes=text, child=Subject(text or "Juno"))

    assert render(short).startswith(b"%PDF")


def test_only_fonts_that_a_text_needs_are_opened():
    assert [font.family for font in fonts_for("Juno, 3 Mär", fonts())] == ["Noto Sans"]
    assert [font.family for font in fonts_for("نور", fonts())][:2] == ["Noto Sans", "Noto Sans Arabic"]


def test_a_page_is_made_in_less_than_three_seconds(measured):
    one, pictures = summary(usual_seen()), drawn()
    render(one, pictures)
    start = perf_counter()
    render(one, pictures)
    took = perf_counter() - start

    measured(f"summary as PDF, two pages: {took:.2f} s (bar: {GENEROUS_S:g} s)")
    assert took < GENEROUS_S


def test_the_summary_of_an_empty_tick_list_still_has_its_foot(tmp_path):
    one: Summary = summary(parts=[])

    assert one.foot in printed(render(one), tmp_path)
