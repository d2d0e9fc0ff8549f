"""The invented households that anybody can look around in: nothing logged yet, weeks, a year, or several."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from sample_data.cast import ALDER, BROOK, COVE, MEADOW, Cast
from sample_data.make import STEADY, SWINGING, Sitting, Truth, sittings
from sample_data.year import year


@dataclass(frozen=True)
class Recipe:
    """What is true of a household, for how many days it logged, and how those days went.

    `play`: it is visited, and sessions of play are coded. `left_open`: a visit is paused and unfinished.
    `agreed_for_days`: how long its consents last.
    """

    truth: Truth
    days: int
    lived: Callable[[Truth, int, int], Iterator[Sitting]] = sittings
    play: bool = False
    cast: Cast = MEADOW
    left_open: bool = False
    agreed_for_days: int = 90


RECIPES: Final[dict[str, Recipe]] = {
    "empty": Recipe(STEADY, 0),
    "day": Recipe(STEADY, 1),
    "weeks": Recipe(STEADY, 14, play=True),
    "year": Recipe(STEADY, 365, year, play=True),
    "swinging": Recipe(SWINGING, 14, play=True),
}
USUAL: Final = "weeks"
SEVERAL: Final[dict[str, tuple[Recipe, ...]]] = {
    "caseload": (
        Recipe(STEADY, 14, play=True, cast=ALDER),
        Recipe(STEADY, 3, cast=BROOK, left_open=True),
        Recipe(STEADY, 0, cast=COVE, agreed_for_days=9),
    )
}
