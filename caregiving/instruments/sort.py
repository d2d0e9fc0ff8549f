"""Instruments of kind `sort`: cards laid into piles, and how a sort compares with a criterion.

Only card numbers, piles and criterion values. The texts of the cards belong to their authors; whoever uses
them loads a licensed copy. A person's sort is forced: every card once, every pile full. A criterion is an
average of experts' sorts, so that rule does not apply to it.
"""

import math
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Literal, Self

from pydantic import Field, model_validator

from caregiving.faults import Fault, Refused
from caregiving.instruments._blocks import Block, Code, Sourced
from caregiving.instruments._crossing import Cross, refuse
from caregiving.instruments.items import Answers
from caregiving.words import _, n_

CARD: Final = "card_"
TWO_SIDED_95: Final = statistics.NormalDist().inv_cdf(0.975)


class CriterionFile(Block):
    """A file beside this one that holds the criterion values, and the SHA-256 of its bytes as released."""

    file: str = Field(pattern=r"^[a-z0-9_.]+\.yaml$")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class SortInstrument(Sourced):
    """Cards that somebody lays into piles. `piles` holds how many cards belong in pile 1, 2 and so on.

    about: whom a sort can describe: `observer` somebody who was observed by a trained sorter, `self` a
    parent's own description of the family, which is kept apart from the first.
    """

    id: Code
    version: int = Field(ge=1)
    title: str = Field(min_length=1)
    kind: Literal["sort"]
    licence: str
    attribution: str = ""
    audience: Literal["parents", "observers"]
    about: tuple[Literal["observer", "self"], ...] = Field(min_length=1)
    sharing: Literal["ask", "never"]
    description: str = ""
    cards: int = Field(ge=3)
    piles: tuple[int, ...] = Field(min_length=2)
    criteria_from: CriterionFile | None = None
    criteria: dict[Code, tuple[float, ...]] = Field(default_factory=dict)
    digest: str = Field(default="", exclude=True)

    @model_validator(mode="after")
    def _numbers_agree(self) -> Self:
        """Refuse piles and criteria that do not fit the cards."""
        refuse(crossed(self.model_dump(mode="json")))
        return self

    @property
    def name(self) -> str:
        """The id with its version, such as attachment_qsort.v1."""
        return f"{self.id}.v{self.version}"

    @property
    def rated_as(self) -> tuple[str, ...]:
        """Whom a record of it can describe."""
        return self.about

    def faults(
        self, item: Iterable[object], pile: Iterable[object], place: str = "the sort", *, row: str = "row 1"
    ) -> list[Fault]:
        """Return all that is wrong with a sort: each card exactly once, every pile with just its cards.

        Parameters: `item` card numbers and `pile` their piles, same length, any order; `place` names the
        file, `row` what its first pair is called, such as "line 2".

        >>> from caregiving.instruments import load_sort
        >>> for fault in load_sort("attachment_qsort").faults(range(1, 90), [1 + k % 9 for k in range(89)]):
        ...     print(fault)
        the sort: found no card 90; needed each card from 1 to 90 once.
        the sort: found 9 cards in pile 9; needed 10 cards in pile 9.
        """
        written, laid = list(item), list(pile)
        if len(written) != len(laid):
            return [Fault(place, f"{len(written)} cards and {len(laid)} piles", "one pile for each card")]
        word, first = row.split()
        rows = [f"{place}, {word} {number + int(first)}" for number in range(len(written))]
        cards = [_among(one, self.cards) for one in written]
        piles = [_among(one, len(self.piles)) for one in laid]
        once, to_pile = f"each card from 1 to {self.cards} once", f"a pile from 1 to {len(self.piles)}"
        found = [
            Fault(f"{at}, item", _shown(one), once)
            for at, one, card in zip(rows, written, cards, strict=True)
            if card is None
        ]
        found += [
            Fault(f"{at}, pile", _shown(one), to_pile)
            for at, one, number in zip(rows, laid, piles, strict=True)
            if number is None
        ]
        times, sizes = Counter(cards), Counter(piles)
        every = range(1, self.cards + 1)
        found += [Fault(place, f"card {card} {times[card]} times", once) for card in every if times[card] > 1]
        found += [Fault(place, f"no card {card}", once) for card in every if not times[card]]
        return found + [
            Fault(place, _in_pile(sizes[number], number), _in_pile(size, number))
            for number, size in enumerate(self.piles, start=1)
            if sizes[number] != size
        ]

    def laid_out(
        self, item: Iterable[object], pile: Iterable[object], place: str = "the sort", *, row: str = "row 1"
    ) -> tuple[int, ...]:
        """Return the piles in the order of their cards.

        Raises
        ------
        Refused
            When the sort is not legal; the message lists every fault at once.
        """
        written, laid = list(item), list(pile)
        wrong = self.faults(written, laid, place, row=row)
        if wrong:
            raise Refused(wrong)
        pairs = zip(written, laid, strict=True)
        by_card = {_among(card, self.cards): _among(number, len(self.piles)) for card, number in pairs}
        return tuple(by_card[card] or 0 for card in range(1, self.cards + 1))

    def correlations(self, piles: Sequence[float]) -> dict[str, float]:
        """Return a sort's Pearson correlation with each criterion, each in [-1, 1], without unit.

        Parameters: `piles` of the cards in order, as `laid_out` returns them, or the mean of two sorts. A
        sort of one pile only has no correlation and gives NaN. Source: `attachment_qsort` in sources.yaml.

        A sort by the criterion itself correlates perfectly with it:

        >>> from caregiving.instruments import load_sort
        >>> qsort = load_sort("attachment_qsort")
        >>> round(qsort.correlations(qsort.criteria["security"])["security"], 6)
        1.0
        """
        return {name: correlation(piles, values) for name, values in self.criteria.items()}

    def best(self) -> dict[str, float]:
        """Return the highest correlation that any legal sort can reach, for each criterion.

        It is that of the cards laid in the order of their criterion values: by the rearrangement inequality
        no other order has a larger sum of products, and mean and spread of a legal sort never change. Values
        in [-1, 1], no unit. Source: computed from `attachment_qsort`.

        >>> from caregiving.instruments import load_sort
        >>> {name: round(r, 3) for name, r in load_sort("attachment_qsort").best().items()}
        {'security': 0.993, 'dependency': 0.961}
        """
        forced = [number for number, size in enumerate(self.piles, start=1) for _card in range(size)]
        return {name: correlation(forced, sorted(values)) for name, values in self.criteria.items()}

    def random_band(self) -> float:
        """Return how far from 0 the correlations of 95 of 100 random legal sorts lie, in (0, 1], no unit.

        Over all orders of the cards a correlation has mean 0 and variance exactly 1 / (cards - 1), whatever
        the criterion; 95 of 100 lie within 1.96 of its square roots. Source: computed; 20,000 random sorts of
        the attachment Q-sort gave a standard deviation of .106 and the same band of .21.

        >>> from caregiving.instruments import load_sort
        >>> qsort = load_sort("attachment_qsort")
        >>> round(1 / math.sqrt(qsort.cards - 1), 3), round(qsort.random_band(), 2)
        (0.106, 0.21)
        """
        return TWO_SIDED_95 / math.sqrt(self.cards - 1)

    def answers(self, piles: Sequence[int]) -> dict[str, int]:
        """Return a sort as the answers of a record: the pile of `card_1`, `card_2` and so on."""
        return {f"{CARD}{card}": number for card, number in enumerate(piles, start=1)}

    def trouble(self, answers: Answers) -> list[str]:
        """Return a sentence for everything that keeps these answers from being stored as a sort.

        >>> from caregiving.instruments import load_sort
        >>> load_sort("attachment_qsort").trouble({"card_1": 9, "card_2": 10})[:2]
        ['Card 2 lies in pile 10, and there are 9.', '89 cards are not laid yet.']
        """
        known = {f"{CARD}{card}": card for card in range(1, self.cards + 1)}
        found = [_("There is no card “{code}”.").format(code=code) for code in answers if code not in known]
        sizes: Counter[int | None] = Counter()
        for code, card in known.items():
            number = _among(answers.get(code), len(self.piles))
            sizes[number] += 1
            if number is None and answers.get(code) is not None:
                said = _("Card {card} lies in pile {pile}, and there are {total}.")
                found.append(said.format(card=card, pile=answers[code], total=len(self.piles)))
        if sizes[None]:
            found.append(n_("{n} card is not laid yet.", "{n} cards are not laid yet.", sizes[None]))
            return found
        said = _("Pile {pile} has {n} cards, and {needed} belong there.")
        return found + [
            said.format(pile=number, n=sizes[number], needed=size)
            for number, size in enumerate(self.piles, start=1)
            if sizes[number] != size
        ]

    def score(self, answers: Answers) -> dict[str, float]:
        """Return the correlation with each criterion; NaN as long as the sort is not complete and legal."""
        if self.trouble(answers):
            return dict.fromkeys(self.criteria, math.nan)
        piles = [_among(answers[f"{CARD}{card}"], len(self.piles)) for card in range(1, self.cards + 1)]
        return self.correlations([float(number or 0) for number in piles])


def correlation(first: Sequence[float], second: Sequence[float]) -> float:
    """Return Pearson's r of two equally long lists, in [-1, 1], no unit; NaN when one of them never changes.

    For two sorters of one child it tells how far they agree.

    >>> correlation([1, 2, 3], [1, 3, 2])
    0.5
    """
    if min(first) == max(first) or min(second) == max(second):
        return math.nan
    return statistics.correlation(first, second)


def mean_sort(first: Sequence[float], second: Sequence[float]) -> tuple[float, ...]:
    """Return the mean of two sorts of one child, card by card. It is scored like a sort, and is none itself.

    >>> mean_sort([1, 2, 3], [1, 3, 2])
    (1.0, 2.5, 2.5)
    """
    return tuple((a + b) / 2 for a, b in zip(first, second, strict=True))


def crossed(content: Mapping[str, Any]) -> list[Cross]:
    """Return the path, what was found and what is needed of numbers that do not agree."""
    cards, piles = content.get("cards"), content.get("piles")
    if not isinstance(cards, int) or not isinstance(piles, list | tuple):
        return []  # the fields' own rules tell it
    found: list[Cross] = []
    sizes = [size for size in piles if isinstance(size, int)]
    if len(sizes) == len(piles) and (sum(sizes) != cards or min(sizes, default=0) < 1):
        needed = f"piles of at least one card that hold {cards} together"
        found.append((("piles",), f"{sum(sizes)} cards in {len(sizes)} piles", needed))
    criteria = content.get("criteria")
    if not criteria and not content.get("criteria_from"):
        found.append((("criteria",), "nothing", "the values of each criterion, or criteria_from a file"))
    for name, values in criteria.items() if isinstance(criteria, dict) else ():
        path = ("criteria", str(name))
        numbers = [one for one in values if isinstance(one, int | float)] if isinstance(values, list) else []
        if len(numbers) != cards:
            found.append((path, f"{len(numbers)} values", f"{cards}, one for each card in order"))
        elif min(numbers) < 1 or max(numbers) > len(piles) or min(numbers) == max(numbers):
            what = f"values from {min(numbers):g} to {max(numbers):g}"
            found.append((path, what, f"values between 1 and {len(piles)} that differ"))
    return found


def _among(value: object, most: int) -> int | None:
    """Return a whole number from 1 to `most`, however it was written, or None."""
    try:
        number = float(str(value))
    except ValueError:
        return None
    return int(number) if number.is_integer() and 1 <= number <= most else None


def _in_pile(number: int, pile: int) -> str:
    return f"{number} {'card' if number == 1 else 'cards'} in pile {pile}"


def _shown(value: object) -> str:
    return "an empty cell" if value is None or value != value else f'"{value}"'
