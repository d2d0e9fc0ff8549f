"""Texts are looked up in the language that is wanted; English is always there."""

import pytest

from caregiving import words
from caregiving.words import _, language, languages, n_, right_to_left, speaking


def test_english_is_the_first_language_and_needs_no_catalogue():
    assert languages()[0] == "en"
    with speaking("en"):
        assert _("Anything at all") == "Anything at all"
        assert not right_to_left()


def test_a_language_without_a_catalogue_falls_back_to_english():
    with speaking("tlh"):
        assert language() == "en"


def test_the_block_ends_where_it_ends():
    with speaking("en"):
        pass
    assert language() == "en"


@pytest.mark.parametrize(("n", "said"), [(0, "0 cues"), (1, "1 cue"), (1.5, "1.5 cues"), (2, "2 cues")])
def test_a_number_takes_its_own_form(n, said):
    assert n_("{n} cue", "{n} cues", n) == said


def test_whoever_is_asked_decides_when_no_block_does(monkeypatch):
    monkeypatch.setattr(words, "_ask", [lambda: "tlh"])
    assert language() == "en"


def test_a_catalogue_is_read_from_its_po_file(monkeypatch, tmp_path):
    folder = tmp_path / "he"
    folder.mkdir()
    (folder / "caregiving.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
        'msgid "Today"\nmsgstr "היום"\n\n'
        'msgid "{n} cue"\nmsgid_plural "{n} cues"\nmsgstr[0] "אות {n}"\nmsgstr[1] "{n} אותות"\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(words, "CATALOGUES", tmp_path)
    words.languages.cache_clear()
    words._catalogue.cache_clear()
    try:
        with speaking("he"):
            assert _("Today") == "היום"
            assert n_("{n} cue", "{n} cues", 2) == "2 אותות"
            assert _("Not in it") == "Not in it"
            assert right_to_left()
    finally:
        words.languages.cache_clear()
        words._catalogue.cache_clear()
