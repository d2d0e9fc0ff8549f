"""The summary as one file: the same facts, nothing typed is read as markup, and nothing is ever fetched."""

import json
import re
from pathlib import Path
from time import perf_counter

import pytest

from caregiving.exports._svg import Picture
from caregiving.exports.summary_html import facts, render
from caregiving.summary import Subject
from tests.invented_summary import nothing_seen, summary

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)> \u2028 & Söhne"
GENEROUS_S = 3.0


class Invented:
    """What a figure has to be able to do: write itself down as JSON."""

    def __init__(self, words: str = "Waits") -> None:
        self.words = words

    def to_json(self) -> str:
        return json.dumps(
            {"data": [{"type": "bar", "x": [1], "y": [2], "text": [self.words]}], "layout": {"height": 200}}
        )


def picture(words: str = "Waits") -> Picture:
    return Picture(words, f"{words}, told", "<svg/>", Invented(words))


def test_the_facts_are_those_of_the_summary():
    one = summary(questions="Is it reflux?")
    page = render(one).decode()

    assert "<li" in page and "Is it reflux?" in page
    assert f"<td>{100 * 14 / 21:.0f} %</td>" in page and '<td dir="ltr">21 cues</td>' in page
    assert one.foot in page
    assert all(citation.replace("&", "&amp;") in page for _key, citation in one.sources)


def test_a_withheld_figure_stretches_its_sentence_over_the_row():
    assert '<td colspan="3" dir="ltr">Not shown yet: 21 of 30 cues.</td>' in facts(summary())


def test_a_table_names_its_columns_and_its_rows_for_screen_readers():
    written = facts(summary())

    assert written.count('<th scope="col">') == sum(len(t.head) for p in summary().parts for t in p.tables)
    assert written.count('<th scope="row"') == sum(len(t.rows) for p in summary().parts for t in p.tables)


def test_what_was_typed_is_never_markup_and_never_ends_the_script():
    one = summary(questions=HOSTILE, notes=HOSTILE, child=Subject(HOSTILE))
    page = render(one, [picture(HOSTILE)]).decode()

    assert "<img" not in page and "<script>alert" not in page
    assert page.count("<script>") == page.count("</script>") == 2
    assert "Söhne" in page


def test_a_text_from_right_to_left_says_so_where_it_stands():
    written = facts(summary(questions="هل هذا ارتجاع؟\nHow long?"))

    assert '<li dir="rtl">هل هذا ارتجاع؟</li><li dir="ltr">How long?</li>' in written


def test_two_runs_give_the_same_bytes():
    assert render(summary(), [picture()]) == render(summary(), [picture()])


def test_without_pictures_the_page_has_no_script_at_all():
    assert b"<script" not in render(summary(nothing_seen()))


def test_a_picture_that_has_no_form_for_the_screen_is_left_out():
    assert b"<script" not in render(summary(), [Picture("Waits", "told", "<svg/>")])


def test_the_page_is_made_in_less_than_three_seconds(measured):
    render(summary(), [picture()])
    start = perf_counter()
    render(summary(), [picture()])
    took = perf_counter() - start

    measured(f"summary as a web page: {took:.2f} s (bar: {GENEROUS_S:g} s)")
    assert took < GENEROUS_S


@pytest.mark.browser
def test_opened_in_a_browser_from_a_disk_it_draws_and_asks_nothing_of_the_network(browser, tmp_path: Path):
    path = tmp_path / "summary.html"
    path.write_bytes(render(summary(notes=HOSTILE), [picture(), picture("Weeks")]))
    asked: list[str] = []
    trouble: list[str] = []
    page = browser.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda line: trouble.append(line.text))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.goto(path.as_uri())
    page.wait_for_selector("#drawn1 .main-svg")
    blocked = page.evaluate("fetch('https://example.org/').then(() => 'went out', () => 'held back')")
    page.close()

    assert [url for url in asked if not re.match(r"(file|data|blob):", url)] == []
    assert blocked == "held back"
    assert any("Content Security Policy" in line for line in trouble)
    assert [line for line in trouble if "example.org" not in line] == []
