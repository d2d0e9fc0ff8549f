"""What is still needed before a figure may be shown, as a sentence."""

from collections.abc import Iterable

PLURALS = {
    "day": "days",
    "cue": "cues",
    "answer": "answers",
    "transition": "transitions",
    "minute": "minutes",
}


def lacking(*needs: tuple[str, float, float]) -> str | None:
    """Return what is lacking as a sentence, or None when every need is met.

    Each need is (what, found, needed), in the singular. A plural adds an s to the first word.

    >>> lacking(("cue", 19, 20), ("day with 5 cues", 5, 7))
    'needs 1 more cue (19 of 20) and 2 more days with 5 cues (5 of 7)'
    >>> lacking(("cue", 20, 20)) is None
    True
    """
    missing = [_more(what, found, needed) for what, found, needed in needs if found < needed]
    return f"needs {_listed(missing)}" if missing else None


def _more(what: str, found: float, needed: float) -> str:
    more = needed - found
    first, *rest = what.split(" ")
    noun = " ".join([first if more == 1 else f"{first}s", *rest])
    return f"{more:.3g} more {noun} ({found:.3g} of {needed:.3g})"


def _listed(parts: Iterable[str]) -> str:
    *most, last = list(parts)
    return f"{', '.join(most)} and {last}" if most else last
