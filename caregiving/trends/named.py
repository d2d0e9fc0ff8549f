"""Words that several pictures share: the classes of cues, days and weekdays, in the language of the page."""

from datetime import date

from babel.dates import format_date, get_day_names

from caregiving.words import _, language


def class_words() -> dict[str, str]:
    """Return what each class of cues, and each code with targets of its own, is called on a page."""
    return {
        "distress": _("Crying and fussing"),
        "request": _("Reaching and looking for milk"),
        "social": _("Smiles, looks and coos"),
        "disengage": _("Turning away"),
        "distress/cry": _("Crying"),
        "distress/fuss": _("Fussing"),
    }


def short_day(day: str, *, weekday: bool = False) -> str:
    """Return a day as people write it, without its year.

    >>> short_day("2026-03-02"), short_day("2026-03-02", weekday=True)
    ('2 Mar', 'Mon 2 Mar')
    """
    pattern = "EEE d MMM" if weekday else "d MMM"
    return format_date(date.fromisoformat(day), pattern, locale=language())


def weekday_words() -> list[str]:
    """Return the days of the week, Monday first.

    >>> weekday_words()[0]
    'Monday'
    """
    names = get_day_names("wide", "stand-alone", language())
    return [names[number] for number in range(7)]
