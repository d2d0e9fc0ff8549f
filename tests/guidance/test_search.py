"""Cards are found by words, as a tired person types them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caregiving.guidance import all_cards, card, search


def ids(words: str) -> list[str]:
    return [one.id for one in search(words)]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("breathe", "slow-breath"),
        ("NIGHT", "nights"),
        ("journals", "journal"),
        ("boundaries", "own-limits"),
        ("promise", "keeping-promises"),
        ("fever", "worried-about-health"),
        ("shaking", "overwhelmed"),
        ("violence", "not-safe-at-home"),
        ("depressed", "reach-out-soon"),
        ("partner listening", "active-listening"),
        ("goals small steps", "goals-in-steps"),
    ],
)
def test_the_card_that_is_meant_comes_first(words, first):
    assert ids(words)[0] == first


def test_every_word_has_to_be_there():
    assert set(ids("night partner")) == set(ids("night")) & set(ids("partner"))
    assert ids("night submarine") == []


def test_case_accents_and_the_plural_make_no_difference():
    assert ids("Babies") == ids("baby") == ids("BÁBY")


def test_a_word_in_the_title_counts_more_than_one_in_the_text():
    found = search("smiles")

    assert found[0] == card("smiles-and-coos")
    assert len(found) > 1


def test_no_words_find_every_card():
    assert sorted(ids("  ")) == sorted(one.id for one in all_cards())


def test_signs_alone_are_no_words():
    assert len(ids("?!")) == len(all_cards())


@given(st.sampled_from(all_cards()))
def test_a_card_is_found_by_its_own_title(one):
    assert one.id in ids(one.title)


@given(st.text(max_size=40))
def test_whatever_is_typed_gives_cards_and_no_error(words):
    assert {one.id for one in search(words)} <= {one.id for one in all_cards()}
