"""The five households that anybody can look around in, from nothing logged yet to a whole year."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from sample_data.make import STEADY, SWINGING, Sitting, Truth, sittings
from sample_data.year import year


@dataclass(frozen=True)
class Recipe:
    """What is true of a household, for how many days it logged, and how those days went."""

    truth: Truth
    days: int
    lived: Callable[[Truth, int, int], Iterator[Sitting]] = sittings
    play: bool = False


RECIPES: Final[dict[str, Recipe]] = {
    "empty": Recipe(STEADY, 0),
    "day": Recipe(STEADY, 1),
    "weeks": Recipe(STEADY, 14, play=True),
    "year": Recipe(STEADY, 365, year, play=True),
    "swinging": Recipe(SWINGING, 14, play=True),
}
USUAL: Final = "weeks"
