"""Guidance: cards with something small to try, and the one that fits today.

A card is one file of `cards/`. It is opened by a pattern (see `_patterns.py`) or comes round by the day; it
never grades, and no card promises anything. `README.md` tells which piece of guidance each card serves.
"""

from caregiving.guidance._cards import Card, UnknownCard, all_cards, card
from caregiving.guidance._choice import choose, opened_by
from caregiving.guidance._patterns import PATTERNS, UnknownPattern, open_patterns
from caregiving.guidance._reasons import because
from caregiving.guidance._search import search

# What `choose` reads of a report; one that was built with fewer of them opens fewer patterns.
READS = ("responsiveness", "sensitivity", "comfort", "consistency")

__all__ = [
    "PATTERNS",
    "READS",
    "Card",
    "UnknownCard",
    "UnknownPattern",
    "all_cards",
    "because",
    "card",
    "choose",
    "open_patterns",
    "opened_by",
    "search",
]
