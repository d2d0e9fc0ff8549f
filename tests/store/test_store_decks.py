"""Texts that somebody is licensed for stay in their own house, and go with them."""

from typing import Any
from uuid import UUID

import pytest

from caregiving.instruments import load_form, load_sort
from caregiving.instruments.deck import CardText, Deck, deck_of
from caregiving.store import decks, tables
from caregiving.store.upgrade import MIGRATIONS

SORT = "attachment_qsort.v1"


def a_deck(words: str = "invented words", instrument: str = SORT) -> Deck:
    return Deck(instrument=instrument, texts={"1": CardText(text=f"{words} 1"), "2": CardText(text=words)})


def keep(home: Any, who: UUID, deck: Deck, at_ms: int = 1, name: str = "deck") -> None:
    decks.keep(home.store, home.viewer(who), deck, home.an_id(f"{name} {who} {deck.instrument}"), at_ms)


def read(home: Any, who: UUID, instrument: str = "attachment_qsort") -> dict[str, str]:
    return {item: card.text for item, card in decks.texts(home.store, home.viewer(who), instrument).items()}


def test_without_a_deck_there_are_no_texts(home: Any) -> None:
    assert read(home, home.ada) == {}


def test_a_deck_comes_back_as_it_was_brought(home: Any) -> None:
    deck = Deck(instrument=SORT, texts={"1": CardText(text="Wörter 💛\nin two lines", title="One")})
    keep(home, home.ada, deck)

    assert decks.texts(home.store, home.viewer(), SORT) == deck.texts


@pytest.mark.parametrize("instrument", ["attachment_qsort", SORT])
def test_a_deck_is_found_with_and_without_its_version(home: Any, instrument: str) -> None:
    keep(home, home.ada, a_deck())

    assert read(home, home.ada, instrument) == {"1": "invented words 1", "2": "invented words"}


@pytest.mark.parametrize("instrument", ["attachment", "attachment_qsort.v2", "attachment_qsort.v10", "a%"])
def test_another_name_finds_nothing(home: Any, instrument: str) -> None:
    keep(home, home.ada, a_deck())

    assert read(home, home.ada, instrument) == {}


def test_those_of_one_household_share_and_those_of_another_do_not(home: Any) -> None:
    keep(home, home.ada, a_deck())

    assert read(home, home.ravi) == read(home, home.ada)
    assert read(home, home.noor) == {}
    assert read(home, home.vera) == {}


def test_people_of_the_agency_share_and_families_do_not_see_theirs(home: Any) -> None:
    keep(home, home.sam, a_deck("the agency's"))

    assert read(home, home.vera) == {"1": "the agency's 1", "2": "the agency's"}
    assert read(home, home.ada) == read(home, home.noor) == {}


def test_a_new_deck_takes_the_place_of_ones_own_old_one(home: Any) -> None:
    keep(home, home.ada, a_deck("old"))
    keep(home, home.ada, a_deck("new"), at_ms=2, name="another id")

    assert read(home, home.ada)["2"] == "new"
    with home.store.reader.begin() as connection:
        assert len(connection.execute(tables.decks.select()).all()) == 1


def test_ones_own_deck_comes_before_that_of_others(home: Any) -> None:
    keep(home, home.ada, a_deck("Ada's"), at_ms=1)
    keep(home, home.ravi, a_deck("Ravi's"), at_ms=9)

    assert read(home, home.ada)["2"] == "Ada's"
    assert read(home, home.ravi)["2"] == "Ravi's"


def test_the_newest_version_counts_when_none_is_named(home: Any) -> None:
    for version, at_ms in ((2, 9), (10, 1), (9, 5)):
        keep(home, home.ada, a_deck(f"of {version}", f"attachment_qsort.v{version}"), at_ms)

    assert read(home, home.ada)["2"] == "of 10"
    assert read(home, home.ada, "attachment_qsort.v2")["2"] == "of 2"


def test_only_ones_own_deck_can_be_forgotten(home: Any) -> None:
    keep(home, home.ada, a_deck())

    assert not decks.forget(home.store, home.viewer(home.ravi), SORT)
    assert read(home, home.ravi) != {}
    assert decks.forget(home.store, home.viewer(home.ada), SORT)
    assert read(home, home.ada) == {}
    assert not decks.forget(home.store, home.viewer(home.ada), SORT)


def test_what_somebody_brought_goes_with_them(home: Any) -> None:
    keep(home, home.sam, a_deck())
    with home.store.writer.begin() as connection:
        connection.execute(tables.members.delete().where(tables.members.c.id == home.sam))
        assert connection.execute(tables.decks.select()).all() == []


def test_texts_are_in_no_file_of_the_program() -> None:
    root = MIGRATIONS.parents[2]
    shipped = [
        path for folder in ("observation_schemas", "sample_data") for path in (root / folder).iterdir()
    ]

    assert not [path.name for path in shipped if "deck" in path.name or "cards" in path.name]


# --- reading a deck ---------------------------------------------------------------------------------------


def rows(**changes: str) -> list[dict[str, str]]:
    """Return the lines of a whole invented deck; `changes` are given as c<card>=text."""
    return [{"item": f"{card}", "text": changes.get(f"c{card}", f"Invented {card}")} for card in range(1, 91)]


def refusal(instrument: str, lines: list[dict[str, Any]]) -> list[str]:
    with pytest.raises(ValueError) as refused:
        deck_of(load_form(instrument), lines, "mine.csv")
    return str(refused.value).splitlines()


def test_a_whole_deck_is_taken_with_its_titles_and_with_numbers_that_were_padded() -> None:
    lines = [{"item": f"{int(r['item']):02d}", "text": r["text"], "title": f"T{r['item']}"} for r in rows()]
    deck = deck_of(load_sort("attachment_qsort"), lines, "mine.csv")

    assert (len(deck.texts), deck.texts["7"].text, deck.texts["90"].title) == (90, "Invented 7", "T90")


def test_a_sort_needs_the_text_of_every_card_and_knows_no_others() -> None:
    lines = [*rows()[:89], {"item": "91", "text": "One too many"}]

    assert refusal("attachment_qsort", lines) == [
        'mine.csv, line 91, item: found "91"; needed a card from 1 to 90.',
        "mine.csv: found no card 90; needed the text of every card.",
    ]


def test_every_fault_of_a_deck_is_told_at_once_and_no_text_is_repeated() -> None:
    lines = rows(c3="  ", c4="secret " * 400)
    lines[1]["item"] = "1"
    told = refusal("attachment_qsort", lines)

    assert told == [
        'mine.csv, line 3, item: found "1" a second time; needed each item once.',
        "mine.csv, line 4, text: found 0 characters; needed 1 to 2000.",
        "mine.csv, line 5, text: found 2799 characters; needed 1 to 2000.",
        "mine.csv: found no card 2; needed the text of every card.",
    ]


def test_of_a_rating_some_questions_are_enough_and_unknown_ones_are_refused() -> None:
    form = load_form("emotional_availability")
    deck = deck_of(form, [{"item": "given_structuring", "text": "Invented"}], "mine.csv")

    assert list(deck.texts) == ["given_structuring"]
    assert (
        "needed one of: version_used, certificate"
        in refusal("emotional_availability", [{"item": "zone", "text": "x"}])[0]
    )


def test_a_file_without_texts_is_refused() -> None:
    assert "found no text at all" in refusal("phq2", [])[0]


@pytest.mark.parametrize("empty", [None, float("nan"), ""])
def test_an_empty_cell_is_told_as_one(empty: Any) -> None:
    assert refusal("phq2", [{"item": empty, "text": "x"}])[0].startswith(
        "mine.csv, line 2, item: found an empty cell"
    )
