"""One suggestion at a time: the card that fits today."""

from collections.abc import Iterable, Mapping
from datetime import date

from caregiving.guidance._cards import Card, all_cards
from caregiving.guidance._patterns import Safety, open_patterns
from caregiving.report import Report

TRIED, NOT_FOR_US = "tried", "not_for_us"


def choose(
    report: Report | None,
    marks: Mapping[str, str],
    opened: Iterable[str] = frozenset(),
    age_weeks: float | None = None,
    *,
    day: str,
) -> Card | None:
    """Return the one card to suggest, or None when nothing is left.

    First the safety cards of what somebody said, whatever their marks. Then the cards of the open patterns in
    the order of PATTERNS, then those that nothing has to open, and only then, in the same order, those that
    were tried. Where several cards stand equal they take turns by the day. What is "not for us" never comes.

    Parameters: `report` of a recent period, or None; `marks` a card's id to "tried" or "not_for_us";
    `opened` the patterns handed in; `age_weeks` of the child, corrected; `day` the family's day (ISO 8601).
    Raises: UnknownPattern. The same arguments always give the same card.

    >>> choose(None, {}, {"lost_control"}, day="2026-03-02").id
    'overwhelmed'
    """
    patterns = open_patterns(report, opened)
    cards = [one for one in all_cards() if one.fits(age_weeks)]
    wanted = [one for one in cards if marks.get(one.id) != NOT_FOR_US]
    fresh = [one for one in wanted if marks.get(one.id) != TRIED]
    tried = [one for one in wanted if marks.get(one.id) == TRIED]
    urgent = [one for one in all_cards() if one.safety]
    turns = [
        *(_opened(urgent, pattern) for pattern in patterns if pattern in {*Safety}),
        *(_opened(fresh, pattern) for pattern in patterns),
        [one for one in fresh if not one.opens],
        *(_opened(tried, pattern) for pattern in patterns),
        [one for one in tried if not one.opens],
    ]
    equal = next((group for group in turns if group), [])
    return equal[date.fromisoformat(day).toordinal() % len(equal)] if equal else None


def opened_by(one: Card, report: Report | None, opened: Iterable[str] = frozenset()) -> str | None:
    """Return the pattern that opens this card now, the one that counts most; None when none does."""
    return next((pattern for pattern in open_patterns(report, opened) if pattern in one.opens), None)


def _opened(cards: Iterable[Card], pattern: str) -> list[Card]:
    return [one for one in cards if pattern in one.opens]
