"""A sort of 90 cards into 9 piles, and how it compares with the criterion sorts.

Only card numbers and piles: the texts of the cards belong to their authors. A person's sort is forced (10
cards a pile); a criterion is an average over experts, and that rule does not apply to it.
"""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from numpy.typing import ArrayLike, NDArray

from caregiving.faults import Fault, Refused
from caregiving.settings import settings

Floats = NDArray[np.float64]
CARDS, PILES, A_PILE = 90, 9, 10


@cache
def criteria(folder: Path | None = None) -> dict[str, Floats]:
    """Return the criterion values of the cards 1 to 90 for each criterion. Source: `attachment_qsort`.

    >>> {name: float(values.sum().round(1)) for name, values in criteria().items()}
    {'security': 451.5, 'dependency': 449.8}
    """
    path = (folder or settings().schemas) / "attachment_qsort.criteria.yaml"
    written = yaml.safe_load(path.read_text(encoding="utf-8"))["criteria"]
    return {name: np.asarray(values, dtype=np.float64) for name, values in written.items()}


def faults(item: ArrayLike, pile: ArrayLike, place: str = "the sort") -> list[Fault]:
    """Return all that is wrong with a sort: each card 1 to 90 once, piles 1 to 9, 10 cards in each pile.

    Parameters: `item` card numbers and `pile` their piles, same length, any order; `place` names the file.

    >>> for fault in faults(range(1, 90), [1 + card % 9 for card in range(89)]):
    ...     print(fault)
    the sort: found no card 90; needed each card from 1 to 90 once.
    the sort: found 9 cards in pile 9; needed 10 cards in each pile.
    """
    cards = pd.to_numeric(pd.Series(np.asarray(item).ravel(), dtype="object"), errors="coerce")
    piles = pd.to_numeric(pd.Series(np.asarray(pile).ravel(), dtype="object"), errors="coerce")
    if len(cards) != len(piles):
        return [Fault(place, f"{len(cards)} cards and {len(piles)} piles", "one pile for each card")]
    known = cards.isin(range(1, CARDS + 1))
    right = piles.isin(range(1, PILES + 1))
    times = cards[known].value_counts()
    once, ten = f"each card from 1 to {CARDS} once", f"{A_PILE} cards in each pile"
    found = [Fault(f"{place}, row {row + 1}, item", f'"{item_}"', once) for row, item_ in _odd(item, known)]
    found += [
        Fault(f"{place}, row {row + 1}, pile", f'"{pile_}"', f"a pile from 1 to {PILES}")
        for row, pile_ in _odd(pile, right)
    ]
    found += [
        Fault(place, f"card {int(card)} {times[card]} times", once) for card in sorted(times.index[times > 1])
    ]
    found += [
        Fault(place, f"no card {card}", once) for card in range(1, CARDS + 1) if card not in times.index
    ]
    counts = piles[right].value_counts().reindex(range(1, PILES + 1), fill_value=0)
    found += [
        Fault(place, f"{counts[p]} cards in pile {p}", ten) for p in counts.index if counts[p] != A_PILE
    ]
    return found


def _odd(values: ArrayLike, right: "pd.Series[bool]") -> list[tuple[int, object]]:
    """Return row and value of whatever is not right."""
    return [(int(row), np.asarray(values).ravel()[row]) for row in np.flatnonzero(~right.to_numpy())]


def checked(item: ArrayLike, pile: ArrayLike, place: str = "the sort") -> Floats:
    """Return the piles in order of their cards, shape (90,).

    Raises
    ------
    Refused
        When the sort is not legal; the message lists every fault at once.
    """
    wrong = faults(item, pile, place)
    if wrong:
        raise Refused(wrong)
    order = np.argsort(np.asarray(item, dtype=np.float64).ravel(), kind="stable")
    return np.asarray(pile, dtype=np.float64).ravel()[order]


def scores(piles: ArrayLike) -> dict[str, float]:
    """Return a sort's Pearson correlation with each criterion, each in [-1, 1] (numpy's `corrcoef`).

    Parameters: `piles` of the cards 1 to 90 in order, as `checked` returns them. A sort of one pile only has
    no correlation and gives NaN. Source: `attachment_qsort` in sources.yaml.

    A sort by the criterion itself correlates perfectly with it:

    >>> round(scores(criteria()["security"])["security"], 6)
    1.0
    """
    return {
        name: _correlation(np.asarray(piles, dtype=np.float64), values) for name, values in criteria().items()
    }


def two_sorters(first: ArrayLike, second: ArrayLike) -> tuple[float, Floats]:
    """Return how two sorts of one child agree (their correlation) and their mean, shape (90,).

    Parameters: piles of the cards 1 to 90 in order, one array a sorter. The mean is scored like a sort.

    >>> agreement, mean = two_sorters([1, 2, 3], [1, 3, 2])
    >>> agreement, mean.tolist()
    (0.5, [1.0, 2.5, 2.5])
    """
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    return _correlation(a, b), (a + b) / 2


def _correlation(a: Floats, b: Floats) -> float:
    return float("nan") if np.ptp(a) == 0 or np.ptp(b) == 0 else float(np.corrcoef(a, b)[0, 1])
