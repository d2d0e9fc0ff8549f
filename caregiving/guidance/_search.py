"""Finding cards by words: every word has to be there, in any case and with any of a few endings."""

import re
import unicodedata
from functools import cache
from typing import Final

from caregiving.guidance._cards import Card, all_cards

WORD: Final = re.compile(r"\w+")
SHORTEST_BEGINNING: Final = 3  # "breath" finds "breathing"; two letters would find nearly everything
# What a word may end in, what stands there without it, and how many letters have to be left of it.
ENDINGS: Final = (("ies", "y", 2), ("es", "", 3), ("s", "", 2), ("ing", "", 4), ("ed", "", 4))
WEIGHTS: Final = (8, 4, 1)  # title, keywords, text; a mere beginning of a word counts half


def search(words: str) -> list[Card]:
    """Return the cards in which every word is found in title, keywords or text, the best first.

    Case, accents, the plural, -ing and -ed make no difference, and a beginning of three letters is enough. No
    words, and every card is returned.

    >>> [one.id for one in search("Journals")][0]
    'journal'
    >>> search("journal submarine")
    []
    """
    asked = _tokens(words)
    scores = {one: [_score(one, word) for word in asked] for one in all_cards()}
    found = [one for one, parts in scores.items() if all(parts)]
    return sorted(found, key=lambda one: (-sum(scores[one]), one.id))


def _tokens(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return WORD.findall(letters.replace("’", "'").replace("'s", ""))


def _forms(word: str) -> set[str]:
    """Return the word, and what it may be without its ending.

    >>> sorted(_forms("cries")), sorted(_forms("shaking")), sorted(_forms("yes"))
    (['cri', 'crie', 'cries', 'cry'], ['shak', 'shaking'], ['yes'])
    """
    forms = {word}
    for ending, single, left in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= left:
            forms.add(word.removesuffix(ending) + single)
    return {form for form in forms if len(form) >= SHORTEST_BEGINNING or form == word}


@cache
def _places(one: Card) -> tuple[frozenset[str], ...]:
    """Return the forms of the words of title, keywords and text."""
    texts = (one.title, " ".join(one.keywords), one.body)
    return tuple(frozenset(form for word in _tokens(text) for form in _forms(word)) for text in texts)


def _score(one: Card, word: str) -> float:
    """Return how well a word is found in a card; 0 when it is not."""
    forms = _forms(word)
    best = 0.0
    for weight, place in zip(WEIGHTS, _places(one), strict=True):
        if forms & place:
            best = max(best, weight)
        elif any(
            known.startswith(form) for form in forms for known in place if len(form) >= SHORTEST_BEGINNING
        ):
            best = max(best, weight / 2)
    return best
