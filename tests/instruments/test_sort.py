"""A sort is legal or every fault of it is told; its score is a correlation and nothing more."""

import hashlib
import math
import random
import statistics
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caregiving.faults import Refused
from caregiving.instruments import correlation, load_sort, mean_sort, read
from caregiving.instruments.sort import SortInstrument

T13 = "446462761841854918326865274137589552287756326971289296112695743952879197838359163433153447"
PILES = tuple(int(pile) for pile in T13)
CARDS = range(1, 91)

SMALL = """\
id: small
version: 1
title: Six cards
kind: sort
licence: CC0-1.0
audience: observers
about: [observer]
sharing: ask
source: event_grammar
cards: 6
piles: [1, 2, 2, 1]
criteria:
  calm: [1, 2, 2, 3, 3, 4]
  warm: [4, 3, 3, 2, 2, 1.5]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "small.v1.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def small(tmp_path: Path) -> SortInstrument:
    found = read(written(tmp_path, SMALL))
    assert isinstance(found, SortInstrument)
    return found


def test_the_criterion_values_are_the_printed_ones():
    security, dependency = (load_sort("attachment_qsort").criteria[n] for n in ("security", "dependency"))

    assert (len(security), len(dependency)) == (90, 90)
    assert (sum(security), sum(x * x for x in security)) == pytest.approx((451.5, 2758.23))
    assert (sum(dependency), sum(x * x for x in dependency)) == pytest.approx((449.8, 2495.96))
    assert correlation(security, dependency) == pytest.approx(-0.0195, abs=5e-5)


def test_t13_the_demonstration_sort_scores_as_printed():
    found = load_sort("attachment_qsort").correlations(PILES)

    assert {name: round(r, 3) for name, r in found.items()} == {"security": -0.060, "dependency": -0.019}


@given(st.permutations(range(90)))
def test_the_order_in_which_cards_are_listed_does_not_matter(order):
    laid = load_sort("attachment_qsort").laid_out([CARDS[k] for k in order], [PILES[k] for k in order])

    assert laid == PILES


@given(st.permutations(PILES))
def test_no_legal_sort_is_better_than_the_best_one(piles):
    qsort = load_sort("attachment_qsort")
    best = qsort.best()

    assert qsort.faults(CARDS, piles) == []
    assert all(r <= best[name] + 1e-12 for name, r in qsort.correlations(piles).items())


def test_random_sorts_spread_as_the_band_says():
    qsort, drawn = load_sort("attachment_qsort"), random.Random(7)
    found = []
    for _draw in range(4000):
        piles = list(PILES)
        drawn.shuffle(piles)
        found.append(qsort.correlations(piles)["security"])
    outside = sum(abs(r) > qsort.random_band() for r in found) / len(found)

    assert statistics.stdev(found) == pytest.approx(1 / math.sqrt(89), rel=0.05)
    assert outside == pytest.approx(0.05, abs=0.012)


def test_every_fault_of_a_sort_is_told_at_once():
    cards, piles = list(CARDS), list(PILES)
    cards[0], piles[1], piles[2] = 2, 11, 9
    qsort = load_sort("attachment_qsort")

    assert [str(fault) for fault in qsort.faults(cards, piles, "sort.csv", row="line 2")] == [
        'sort.csv, line 3, pile: found "11"; needed a pile from 1 to 9.',
        "sort.csv: found card 2 2 times; needed each card from 1 to 90 once.",
        "sort.csv: found no card 1; needed each card from 1 to 90 once.",
        "sort.csv: found 9 cards in pile 4; needed 10 cards in pile 4.",
        "sort.csv: found 9 cards in pile 6; needed 10 cards in pile 6.",
        "sort.csv: found 11 cards in pile 9; needed 10 cards in pile 9.",
    ]
    with pytest.raises(Refused) as refusal:
        qsort.laid_out(cards, piles, "sort.csv")
    assert len(refusal.value.faults) == 6


@pytest.mark.parametrize(
    ("card", "told"),
    [
        ("one", 'row 1, item: found "one"'),
        (float("nan"), "row 1, item: found an empty cell"),
        (None, "row 1, item: found an empty cell"),
        ("1.5", 'row 1, item: found "1.5"'),
        ("inf", 'row 1, item: found "inf"'),
        (0, 'row 1, item: found "0"'),
        (91, 'row 1, item: found "91"'),
    ],
)
def test_what_is_no_card_is_a_fault_and_no_crash(card, told):
    assert told in str(load_sort("attachment_qsort").faults([card, *CARDS[1:]], PILES)[0])


def test_cards_and_piles_of_different_number_are_a_fault():
    assert "89 piles" in str(load_sort("attachment_qsort").faults(CARDS, PILES[:-1])[0])


def test_piles_may_be_of_different_size(small):
    assert small.faults(range(1, 7), [1, 2, 2, 3, 3, 4]) == []
    assert [str(fault) for fault in small.faults(range(1, 7), [1, 1, 2, 3, 3, 4])] == [
        "the sort: found 2 cards in pile 1; needed 1 card in pile 1.",
        "the sort: found 1 card in pile 2; needed 2 cards in pile 2.",
    ]


def test_the_best_sort_follows_the_criterion_and_scores_1_when_the_criterion_is_itself_legal(small):
    assert small.correlations([1, 2, 2, 3, 3, 4])["calm"] == pytest.approx(small.best()["calm"])
    assert small.best()["calm"] == pytest.approx(1)
    assert small.best()["warm"] < 1


def test_two_sorters_agree_with_themselves_and_their_mean_is_scored_like_a_sort():
    qsort = load_sort("attachment_qsort")

    assert correlation(PILES, PILES) == pytest.approx(1)
    assert correlation(PILES, [10 - pile for pile in PILES]) == pytest.approx(-1)
    assert qsort.correlations(mean_sort(PILES, PILES)) == pytest.approx(qsort.correlations(PILES))
    assert set(mean_sort(PILES, [10 - pile for pile in PILES])) == {5.0}


def test_a_mean_without_any_spread_has_no_correlation():
    flat = mean_sort(PILES, [10 - pile for pile in PILES])

    assert all(math.isnan(r) for r in load_sort("attachment_qsort").correlations(flat).values())


# --- a sort as the answers of a record --------------------------------------------------------------------


def test_a_legal_sort_can_be_kept_as_a_record_and_gives_its_scores():
    qsort = load_sort("attachment_qsort")
    answers = qsort.answers(PILES)

    assert answers["card_1"] == PILES[0] and len(answers) == 90
    assert qsort.trouble(answers) == []
    assert qsort.score(answers) == qsort.correlations(PILES)


def test_half_a_sort_has_no_score(small):
    answers = small.answers([1, 2, 2, 3, 3, 4])
    del answers["card_6"]

    assert small.trouble(answers) == ["1 card is not laid yet."]
    assert all(math.isnan(r) for r in small.score(answers).values())


def test_what_does_not_fit_a_sort_is_told_in_sentences(small):
    assert small.trouble({"card_7": 1} | small.answers([1, 2, 2, 3, 3, 3])) == [
        "There is no card “card_7”.",
        "Pile 3 has 3 cards, and 2 belong there.",
        "Pile 4 has 0 cards, and 1 belong there.",
    ]


# --- the file ---------------------------------------------------------------------------------------------

FAULTS = [
    ("piles: [1, 2, 2, 1]", "piles: [1, 2, 2, 2]", "line 11, piles: found 7 cards in 4 piles; needed piles"),
    ("[1, 2, 2, 3, 3, 4]", "[1, 2, 2, 3, 3]", "line 13, criteria.calm: found 5 values; needed 6, one for"),
    ("[1, 2, 2, 3, 3, 4]", "[1, 2, 2, 3, 3, 5]", "found values from 1 to 5; needed values between 1 and 4"),
    ("[1, 2, 2, 3, 3, 4]", "[2, 2, 2, 2, 2, 2]", "needed values between 1 and 4 that differ"),
    ("[1, 2, 2, 3, 3, 4]", "[1, 2, 2, 3, 3, x]", 'line 13, criteria.calm[5]: found "x"'),
    ("about: [observer]", "about: [nobody]", 'line 7, about[0]: found "nobody"'),
    ("cards: 6", "cards: six", 'line 10, cards: found "six"'),
    ("source: event_grammar", "source: hearsay", 'found "hearsay"; needed a source key'),
    (SMALL[SMALL.index("criteria:") :], "", "criteria: found nothing; needed the values of each criterion"),
]


@pytest.mark.parametrize(("was", "now", "sentence"), FAULTS, ids=[now[:30] for _was, now, _s in FAULTS])
def test_a_faulty_sort_is_refused_with_place_and_need(tmp_path, was, now, sentence):
    assert was in SMALL
    with pytest.raises(Refused) as refused:
        read(written(tmp_path, SMALL.replace(was, now)))

    assert sentence in str(refused.value), str(refused.value)


def test_criterion_values_in_a_file_of_their_own_cannot_change_unnoticed(tmp_path):
    values = tmp_path / "small.criteria.yaml"
    values.write_text("criteria: {calm: [1, 2, 2, 3, 3, 4]}\n", encoding="utf-8")
    text = SMALL[: SMALL.index("criteria:")] + "criteria_from:\n  file: small.criteria.yaml\n  sha256: "
    digest = "1c8f8ffb3b2ae2e51d14a7e52dd8bd5f1ac2f37c4ec7a3e12dbfe6c4d4a3dd01"
    with pytest.raises(Refused, match=r"line 13, criteria_from\.file: found .* with other bytes"):
        read(written(tmp_path, text + digest + "\n"))
    digest = hashlib.sha256(values.read_bytes()).hexdigest()
    assert read(written(tmp_path, text + digest + "\n")).criteria == {"calm": (1, 2, 2, 3, 3, 4)}
    values.unlink()
    with pytest.raises(Refused, match="which cannot be read") as refused:
        read(written(tmp_path, text + digest + "\n"))
    assert len(refused.value.faults) == 1


def test_a_sort_that_comes_with_the_program_has_numbers_only():
    qsort = load_sort("attachment_qsort")

    assert "text" not in SortInstrument.model_fields and "items" not in SortInstrument.model_fields
    assert qsort.piles == (10,) * 9 and qsort.rated_as == ("observer", "self")
