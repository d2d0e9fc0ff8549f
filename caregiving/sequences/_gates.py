"""What is still needed before a figure of a coded session may be shown, as a sentence."""


def lacking(*needs: tuple[str, float, float]) -> str | None:
    """Return what is lacking as a sentence, or None when every need is met.

    Each need is (what, found, needed), in the singular; a plural adds an s to the first word.

    >>> lacking(("minute watched", 2.5, 3), ("turn", 1, 2))
    'not enough data: needs 0.5 more minutes watched (2.5 of 3) and 1 more turn (1 of 2)'
    >>> lacking(("minute watched", 3, 3)) is None
    True
    """
    missing = [_more(what, found, needed) for what, found, needed in needs if not found >= needed]
    if not missing:
        return None
    *most, last = missing
    listed = f"{', '.join(most)} and {last}" if most else last
    return f"not enough data: needs {listed}"


def _more(what: str, found: float, needed: float) -> str:
    found = found if found == found else 0.0
    more = needed - found
    first, *rest = what.split(" ")
    noun = " ".join([first if more == 1 else f"{first}s", *rest])
    return f"{more:.3g} more {noun} ({found:.3g} of {needed:.3g})"
