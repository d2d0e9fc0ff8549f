"""Figures in words a tired parent reads at once. They say what was logged, never what anybody is."""

import re

from caregiving.charts import span
from caregiving.indices import Estimate

CLASSES = {
    "distress": "Crying and fussing",
    "request": "Reaching and looking for milk",
    "social": "Smiles, looks and coos",
    "disengage": "Turning away",
    "distress/cry": "Crying",
    "distress/fuss": "Fussing",
}


def watched(seconds: float) -> str:
    """Return watched time in words.

    >>> watched(600), watched(67_430)
    ('10 min', '18 h 44 min')
    """
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def count(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its word.

    >>> count(1, "cue"), count(0, "cue"), count(2, "day")
    ('1 cue', 'no cues', '2 days')
    """
    return f"{number if number else 'no'} {one if number == 1 else many or one + 's'}"


def likely(one: Estimate, say: object = span) -> str:
    """Return the interval of an estimate in words."""
    low, high = one.low, one.high
    tell = say if callable(say) else str
    if low != low and high != high:
        return "how sure this is cannot be told yet"
    if high != high:
        return f"likely more than {tell(low)}"
    return f"likely between {tell(low)} and {tell(high)}"


def about(share: float) -> str:
    """Return a share as people say it.

    >>> about(0.5), about(0.77), about(1.0)
    ('about half', 'about 8 in 10', 'all')
    """
    if share >= 0.975:
        return "all" if share == 1 else "nearly all"
    if share < 0.025:
        return "hardly any"
    if 0.45 <= share <= 0.55:
        return "about half"
    return f"about {max(1, min(9, round(share * 10)))} in 10"


def needs(gate: str) -> str:
    """Return a gate's sentence as an invitation.

    >>> needs("needs 1 more cue (19 of 20)")
    '1 more cue and this picture can be drawn (19 of 20 so far).'
    """
    plain = gate.removeprefix("needs ")
    parts = re.split(r", | and ", plain)
    more = [re.sub(r" \(.*\)", "", part) for part in parts]
    have = [f"{got} of {full}" for got, full in re.findall(r"\(([\d.]+) of ([\d.]+)\)", plain)]
    if not have or gate == plain:
        return gate[:1].upper() + gate[1:] + "."
    listed = more[0] if len(more) == 1 else f"{', '.join(more[:-1])} and {more[-1]}"
    return f"{listed} and this picture can be drawn ({', '.join(have)} so far)."
