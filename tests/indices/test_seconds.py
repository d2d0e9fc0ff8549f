"""Answers turned round in time: for several classes of cues at once, and every mark where it belongs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caregiving.indices._seconds import Bins, marked, shifted_cells, turned_tables

MARGIN, DRAWS = 5, 60


def strewn(seed: int, going_on: bool) -> list[Bins]:
    """Five classes of cues in the same six stretches, two of which are too short to be turned."""
    dice = np.random.default_rng(seed)
    n = np.array([40, 8, 25, 40, 3, 400])
    first, total = np.cumsum(n) - n, int(n.sum())
    starts = dice.random(total) < 0.2
    ongoing = (dice.random(total) < 0.3) & going_on & (np.arange(total) < 120)
    return [
        Bins(first, n, np.arange(6), dice.random(total) < 0.4, unknown, starts, ongoing)
        for unknown in (0, 2, 7, 30, 50)
    ]


def one_by_one(bins: Bins, offsets: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """Turn the answers of every stretch round with np.roll and count anew."""
    tables = np.zeros((DRAWS, 4))
    for stretches, turns in offsets:
        for stretch, turn in zip(stretches, turns, strict=True):
            part = slice(bins.first[stretch], bins.first[stretch] + bins.n[stretch])
            alone = np.array([0]), np.array([bins.n[stretch]]), np.array([0]), bins.inside[part], bins.unknown
            for draw, by in enumerate(turn):
                moved = (np.roll(bins.starts[part], by), np.roll(bins.ongoing[part], by))
                tables[draw] += Bins(*alone, *moved).cells[0]
    return tables


@pytest.mark.parametrize("going_on", [False, True])
@pytest.mark.parametrize("seed", [1, 2])
def test_all_classes_together_are_counted_as_if_each_turn_were_counted_alone(seed: int, going_on: bool):
    each = strewn(seed, going_on)
    dice = np.random.default_rng(seed)
    turns = {
        length: dice.integers(MARGIN, length - MARGIN + 1, size=(DRAWS, count)).T
        for length, count in ((25, 1), (40, 2), (400, 1))
    }
    offsets = [(np.flatnonzero(each[0].n == length), turn) for length, turn in turns.items()]

    found = turned_tables(each, MARGIN, DRAWS, seed)

    assert len(found) == 5
    for bins, tables in zip(each, found, strict=True):
        assert (tables == one_by_one(bins, offsets)).all()
        assert (shifted_cells(bins, MARGIN, DRAWS, seed)[1] == tables).all()


@given(spans=st.lists(st.tuples(st.integers(0, 2), st.integers(-3, 12), st.integers(-3, 15)), max_size=8))
def test_bins_are_marked_span_by_span_and_never_beyond_their_stretch(spans):
    n = np.array([5, 0, 9])
    first = np.cumsum(n) - n
    stretch, begin, until = (np.array([span[k] for span in spans], dtype=np.int64) for k in range(3))
    by_hand = np.zeros(14, dtype=bool)
    for s, b, u in spans:
        by_hand[first[s] + min(max(b, 0), n[s]) : first[s] + min(max(u, 0), n[s])] = True

    assert marked(first, n, stretch, begin, until).tolist() == by_hand.tolist()
