"""Attachment is a record: legal sorts are scored exactly, everything else is shown as it was entered."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caregiving.faults import Refused
from caregiving.indices import Estimate
from caregiving.indices._qsort import checked, criteria, faults, scores, two_sorters
from caregiving.indices.attachment import attachment

DEMO = "446462761841854918326865274137589552287756326971289296112695743952879197838359163433153447"
PILES = [int(pile) for pile in DEMO]
CARDS = list(range(1, 91))


def ratings(*rows: dict[str, object]) -> pd.DataFrame:
    """Return ratings of an invented child; what a row does not say is ordinary."""
    usual = {
        "session": "visit", "child": "child", "day": "2026-10-05", "instrument": "attachment_qsort.v1",
        "scale": "security", "value": 0.4, "rater": "Ada", "certified": True, "minutes": 120.0,
        "kind": "observer",
    }  # fmt: skip
    return pd.DataFrame([usual | row for row in rows])


def by_name(estimates: list[Estimate]) -> dict[str, Estimate]:
    return {one.measure: one for one in estimates}


def test_the_criterion_values_are_the_printed_ones():
    security, dependency = criteria()["security"], criteria()["dependency"]

    assert (len(security), len(dependency)) == (90, 90)
    assert (security.sum(), np.sum(security**2)) == pytest.approx((451.5, 2758.23))
    assert (dependency.sum(), np.sum(dependency**2)) == pytest.approx((449.8, 2495.96))
    assert np.corrcoef(security, dependency)[0, 1] == pytest.approx(-0.0195, abs=5e-5)


def test_t13_the_demonstration_sort():
    found = scores(checked(CARDS, PILES))

    assert round(found["security"], 3) == -0.060
    assert round(found["dependency"], 3) == -0.019


@given(st.permutations(range(90)))
def test_the_order_in_which_cards_are_listed_does_not_matter(order: list[int]):
    shuffled = checked([CARDS[i] for i in order], [PILES[i] for i in order])

    assert shuffled.tolist() == PILES


def test_a_criterion_is_no_forced_sort_and_the_best_sorts_fall_just_short_of_it():
    for name, best in {"security": 0.993, "dependency": 0.961}.items():
        forced = np.empty(90)
        forced[np.argsort(criteria()[name], kind="stable")] = np.repeat(np.arange(1, 10), 10)

        assert round(scores(forced)[name], 3) == best


def test_every_fault_of_a_sort_is_told_at_once():
    cards, piles = list(CARDS), list(PILES)
    cards[0], piles[1], piles[2] = 2, 11, 9

    told = [str(fault) for fault in faults(cards, piles, "sort.csv")]

    assert told == [
        'sort.csv, row 2, pile: found "11"; needed a pile from 1 to 9.',
        "sort.csv: found card 2 2 times; needed each card from 1 to 90 once.",
        "sort.csv: found no card 1; needed each card from 1 to 90 once.",
        "sort.csv: found 9 cards in pile 4; needed 10 cards in each pile.",
        "sort.csv: found 9 cards in pile 6; needed 10 cards in each pile.",
        "sort.csv: found 11 cards in pile 9; needed 10 cards in each pile.",
    ]
    with pytest.raises(Refused) as refusal:
        checked(cards, piles, "sort.csv")
    assert len(refusal.value.faults) == 6


def test_words_instead_of_numbers_are_a_fault_and_no_crash():
    assert 'row 1, item: found "one"' in str(faults(["one", *CARDS[1:]], PILES)[0])


def test_a_sort_and_a_pile_of_different_length_are_a_fault():
    assert "89 piles" in str(faults(CARDS, PILES[:-1])[0])


def test_two_sorters_agree_with_themselves_and_their_mean_is_scored_like_a_sort():
    agreement, mean = two_sorters(PILES, PILES)

    assert agreement == pytest.approx(1)
    assert scores(mean) == scores(PILES)


def test_without_ratings_nothing_is_known_and_nothing_is_raised():
    found = by_name(attachment(pd.DataFrame()))

    assert set(found) == {"security", "dependency", "ssp"}
    assert all(np.isnan(one.value) and one.n == 0 and one.gate for one in found.values())


def test_two_sorters_are_shown_as_their_mean_between_the_two():
    found = by_name(attachment(ratings({"value": 0.3}, {"value": 0.5, "rater": "Ben"})))["security"]

    assert (found.value, found.low, found.high, found.n) == ((0.3 + 0.5) / 2, 0.3, 0.5, 2)
    assert found.gate is None
    assert "139 studies" in found.method


def test_one_sorter_is_flagged():
    assert "one sorter" in by_name(attachment(ratings({})))["security"].method


def test_the_newest_day_counts():
    found = by_name(attachment(ratings({"value": 0.1}, {"value": 0.6, "day": "2026-11-02"})))["security"]

    assert found.value == 0.6


def test_a_sort_by_somebody_without_a_certificate_is_not_shown():
    found = by_name(attachment(ratings({"certified": False})))["security"]

    assert np.isnan(found.shown.value)
    assert found.gate == "needs a sort by a trained, certified observer"


def test_a_correlation_beyond_one_is_not_shown():
    assert "not a correlation" in str(by_name(attachment(ratings({"value": 4.0})))["security"].gate)


def test_a_parents_own_sort_is_a_description_and_never_a_security_score():
    found = by_name(attachment(ratings({"kind": "self", "certified": False})))

    assert np.isnan(found["security"].value)
    assert found["description_security"].value == 0.4
    assert "not a security score" in found["description_security"].method


def test_a_strange_situation_is_shown_as_the_coder_gave_it():
    rows = ratings(
        {"instrument": "strange_situation.v1", "scale": "avoidance_5", "value": 3},
        {"instrument": "strange_situation.v1", "scale": "class_b", "value": 1},
    )

    found = by_name(attachment(rows))

    assert (found["ssp_avoidance_5"].value, found["ssp_class_b"].value) == (3, 1)
    assert "51.6 %" in found["ssp_class_b"].method


def test_a_class_of_an_earlier_situation_does_not_stand_beside_a_later_one():
    rows = ratings(
        {"instrument": "strange_situation.v1", "scale": "class_d", "value": 1},
        {"instrument": "strange_situation.v1", "scale": "class_b", "value": 1, "day": "2026-11-02"},
    )

    assert [one for one in by_name(attachment(rows)) if one.startswith("ssp")] == ["ssp_class_b"]
