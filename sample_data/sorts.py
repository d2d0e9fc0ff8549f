"""Sorts of cards by invented observers: legal, and with a known likeness to a criterion."""

from collections.abc import Sequence
from random import Random

OF_THE_CHILD, OF_THE_SORTER = 4.0, 1.2


def sorts(criterion: Sequence[float], sizes: Sequence[int], seed: str, sorters: int = 2) -> list[list[int]]:
    """Return the sorts of one child by several observers: the pile of each card, in the order of the cards.

    The child is the criterion with normal noise of the standard deviation `OF_THE_CHILD` on each card, the
    same for all who sort. Each sees it with noise of their own, `OF_THE_SORTER`, and lays the cards in that
    order into the piles.

    >>> sorts([1.0, 5.0, 9.0, 5.0], [2, 2], "a", sorters=1)[0].count(2)
    2
    """
    dice = Random(seed)
    child = [value + dice.gauss(0, OF_THE_CHILD) for value in criterion]
    return [_sort([value + dice.gauss(0, OF_THE_SORTER) for value in child], sizes) for _ in range(sorters)]


def _sort(values: Sequence[float], sizes: Sequence[int]) -> list[int]:
    piles = [number for number, size in enumerate(sizes, start=1) for _ in range(size)]
    laid = [0] * len(values)
    in_order = sorted(range(len(values)), key=lambda card: values[card])
    for card, pile in zip(in_order, piles, strict=True):
        laid[card] = pile
    return laid
