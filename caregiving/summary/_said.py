"""Figures, days and ages as a paediatrician reads them: short, with units, in the language of the page."""

import math
import re
from datetime import date

from babel.dates import format_date

from caregiving.indices import Estimate
from caregiving.periods import Period
from caregiving.report import Report
from caregiving.summary._tray import Subject
from caregiving.words import _, language, n_

MONTHS_FROM_WEEKS = 26
WEEKS_A_MONTH = 365.25 / 12 / 7
MORE = re.compile(r"(?P<more>[\d.]+) more (?P<what>[^(]+) \((?P<found>[\d.]+) of (?P<needed>[\d.]+)\)")


def class_words() -> dict[str, str]:
    """Return the classes of cues by what belongs to them."""
    return {
        "distress": _("Crying, fussing"),
        "request": _("Reaching, rooting"),
        "social": _("Smiles, looks, coos"),
        "disengage": _("Turning away"),
    }


def row(label: str, one: Estimate, counted: str) -> tuple[str, ...]:
    """Return a figure as a row: value, 95 % interval, what it rests on; or what is lacking, in its place."""
    if one.gate is not None:
        return (label, withheld(one.gate))
    if math.isnan(one.value):
        return (label, _("not reached in the time that was watched"), counted)
    return (label, figure(one.value, one.unit), interval(one), counted)


def withheld(gate: str) -> str:
    """Return the sentence that stands in the place of a figure: what there is of what is needed.

    >>> withheld("needs 1 more cue (19 of 20) and 2 more days with 5 cues (5 of 7)")
    'Not shown yet: 19 of 20 cues, 5 of 7 days with 5 cues.'
    >>> withheld("no sort by a trained observer was entered")
    'Not shown: no sort by a trained observer was entered.'
    """
    parts = [found.groupdict() for found in MORE.finditer(gate)]
    if not parts:
        return _("Not shown: {why}.").format(why=_(gate))
    have = [
        _("{found} of {needed}").format(found=one["found"], needed=_needed(one["what"], float(one["needed"])))
        for one in parts
    ]
    return _("Not shown yet: {list}.").format(list=_(", ").join(have))


def _needed(what: str, number: float) -> str:
    """Return how much is needed with its noun; one that is not known here stays as the index wrote it."""
    first, *rest = what.strip().split(" ")
    kinds = {
        "cue": lambda: cues(number),
        "answer": lambda: n_("{n} answer", "{n} answers", number),
        "day": lambda: days(number),
        "day with 5 cues": lambda: n_("{n} day with 5 cues", "{n} days with 5 cues", number),
        "day logged in full": lambda: n_("{n} day logged in full", "{n} days logged in full", number),
        "minute": lambda: n_("{n} minute", "{n} minutes", number),
    }
    noun = " ".join([first.removesuffix("s"), *rest])
    return kinds[noun]() if noun in kinds else f"{number:g} {what.strip()}"


def figure(value: float, unit: str) -> str:
    """Return a figure with its unit.

    >>> figure(0.745, "share"), figure(8.4, "s"), figure(95.2, "s"), figure(95.2, "min/24 h")
    ('74 %', '8.4 s', '95 s', '95 min')
    >>> figure(4.4, "pp"), figure(0.71, "")
    ('4 points', '0.71')
    """
    if unit == "share":
        return _("{n} %").format(n=f"{value * 100:.0f}")
    if unit == "s":
        return _("{n} s").format(n=f"{value:.1f}".removesuffix(".0") if value < 10 else f"{value:.0f}")
    if unit in ("min", "min/24 h"):
        return _("{n} min").format(n=f"{value:.2g}" if value < 10 else f"{value:.0f}")
    if unit in ("pp", "points"):
        return n_("{n} point", "{n} points", round(value))
    return f"{value:.2g}"


def interval(one: Estimate) -> str:
    """Return the 95 % interval in words; a limit that is not known is said to be so.

    >>> interval(Estimate("median", 9.0, 40, "s", "x", low=7.0))
    'from 7 s, upper limit not reached'
    """
    if math.isnan(one.low) and math.isnan(one.high):
        return _("cannot be given")
    if math.isnan(one.high):
        return _("from {low}, upper limit not reached").format(low=figure(one.low, one.unit))
    if math.isnan(one.low):
        return _("up to {high}").format(high=figure(one.high, one.unit))
    low, high = figure(one.low, one.unit), figure(one.high, one.unit)
    return _("{low} to {high}").format(low=low, high=high)


def cues(number: float) -> str:
    """Return a number of cues."""
    return n_("{n} cue", "{n} cues", number)


def days(number: float) -> str:
    """Return a number of days."""
    return n_("{n} day", "{n} days", number)


def lasted(seconds: float) -> str:
    """Return watched time.

    >>> lasted(600), lasted(67_430)
    ('10 min', '18 h 44 min')
    """
    hours, minutes = divmod(round(seconds / 60), 60)
    return _("{h} h {min} min").format(h=hours, min=minutes) if hours else _("{min} min").format(min=minutes)


def day_words(day: date) -> str:
    """Return a day as people write it.

    >>> day_words(date(2026, 11, 22))
    '22 Nov 2026'
    """
    return str(format_date(day, "d MMM y", locale=language()))


def period_words(period: Period, report: Report) -> str:
    """Return which days it is about; an open side ends with the first or last watched day."""
    known = report.days
    first = period.first or (known[0] if known else None)
    last = period.last or (known[-1] if known else None)
    if first is None or last is None:
        return _("Everything logged so far.")
    told = _("{first} to {last}.")
    return told.format(first=day_words(date.fromisoformat(first)), last=day_words(date.fromisoformat(last)))


def age(child: Subject, on: date) -> str:
    """Return the age, and beside it the age from the due date for one born before that.

    >>> age(Subject("Juno", date(2026, 8, 3), date(2026, 8, 31)), date(2026, 9, 14))
    '6 weeks old, 2 weeks from the due date.'
    """
    if child.born_on is None:
        return ""
    old = _("{age} old").format(age=_aged((on - child.born_on).days / 7))
    if child.due_on is None or child.due_on <= child.born_on or on < child.due_on:
        return f"{old}."
    from_due = _("{age} from the due date").format(age=_aged((on - child.due_on).days / 7))
    return _("{age}, {corrected}.").format(age=old, corrected=from_due)


def _aged(weeks: float) -> str:
    if weeks < MONTHS_FROM_WEEKS:
        return n_("{n} week", "{n} weeks", int(max(weeks, 0)))
    return n_("{n} month", "{n} months", int(weeks / WEEKS_A_MONTH))


def lines_of(typed: str) -> tuple[str, ...]:
    r"""Return what somebody typed, line by line, without empty lines and without marks of a list.

    >>> lines_of("- Is it reflux?\n\n  * How long? ")
    ('Is it reflux?', 'How long?')
    """
    bare = (re.sub(r"^[-*•–]\s+", "", line.strip()).strip() for line in typed.splitlines())
    return tuple(line for line in bare if line)
