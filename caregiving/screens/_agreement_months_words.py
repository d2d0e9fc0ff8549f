"""What the months of pairs of observers say, in words: what was less or more, and what nobody can tell."""

from collections.abc import Sequence

from caregiving.charts.pairs_by_month import month_name, which
from caregiving.instruments import load
from caregiving.screens._agreement_families import Everywhere
from caregiving.screens._agreement_how import how
from caregiving.screens._agreement_words import Names
from caregiving.twice.drift import Change, Course
from caregiving.twice.gates import said
from caregiving.words import _, n_


def pair(course: Course, names: Names) -> str:
    """Return what two observers are called together, in alphabetical order."""
    one, other = sorted(course.observers, key=lambda name: (names.known.get(name, "").casefold(), name))
    return names.both((one, other))


def in_order(courses: Sequence[Course], names: Names) -> list[Course]:
    """Return courses in alphabetical order of the pairs, whatever their kappas are."""
    return sorted(courses, key=lambda one: (pair(one, names).casefold(), one.observers))


def titles(courses: Sequence[Course]) -> dict[str, str]:
    """Return what the instruments are called, by title; the version only where there are two of one."""
    loaded = {name: load(name) for name in {one.instrument for one in courses}}
    said_by = {name: _(one.title) for name, one in loaded.items()}
    twice = {title for title in said_by.values() if list(said_by.values()).count(title) > 1}
    full = {
        name: _("{title}, version {n}").format(title=title, n=loaded[name].version)
        if title in twice
        else title
        for name, title in said_by.items()
    }
    return dict(sorted(full.items(), key=lambda one: (one[1].casefold(), one[0])))


def rests_on(found: Everywhere) -> str:
    """Return over how many families and sessions the months go."""
    told = _(
        "{sessions} coded twice, in {families} that you may see. Below are the pairs of observers, over all "
        "of them."
    )
    return told.format(
        sessions=n_("{n} session", "{n} sessions", found.n_sessions),
        families=n_("{n} family", "{n} families", found.n_families),
    )


def course_told(course: Course) -> str:
    """Return what the months of a pair say, or how many more are needed."""
    if course.lacking:
        return n_(
            "{n} more month with enough coded twice, and this picture can be drawn.",
            "{n} more months with enough coded twice, and this picture can be drawn.",
            course.lacking,
        )
    last, *first = course.changes
    told = [_against_the_last(last), *(_against_the_first(one) for one in first)]
    other = next((one for one in course.changes if not one.alike), None)
    return " ".join([*told, *([_another_kappa(other)] if other else [])])


def _against_the_last(change: Change) -> str:
    clear = {
        "less": _("in {month} they agreed less than in {before} ({kappa}, was {earlier})."),
        "more": _("in {month} they agreed more than in {before} ({kappa}, was {earlier})."),
    }
    chance = {
        "limits meet": _("The limits overlap, so this may be chance."),
        "sessions differ": _("Single sessions differ by as much, so this may be chance."),
        "single sessions": _("With one session a month it cannot be told from chance."),
    }
    told = _("in {month} kappa was {kappa}, in {before} {earlier}.")
    text = clear.get(change.way) or f"{told} {chance[change.way]}"
    return text.format(**_values(change))


def _against_the_first(change: Change) -> str:
    text = {
        "less": _("Held against the first month, {before} ({earlier}), it is less."),
        "more": _("Held against the first month, {before} ({earlier}), it is more."),
    }.get(change.way, _("Held against the first month, {before} ({earlier}), it may be chance."))
    return text.format(**_values(change))


def _another_kappa(change: Change) -> str:
    text = _("The weakest kappa is not the same one: {one} in {before}, {other} in {month}.")
    one, other = which(change.before.standing.weakest), which(change.after.standing.weakest)
    return text.format(one=one, other=other, **_values(change))


def _values(change: Change) -> dict[str, str]:
    return {
        "month": month_name(change.after.when),
        "before": month_name(change.before.when),
        "kappa": said(change.after.standing.value),
        "earlier": said(change.before.standing.value),
    }


def whose_change(instrument: str, observer: str, found: Everywhere) -> str:
    """Return what can be told of whose coding changed: with two observers nothing, with more a hint.

    Parameters: `observer` whose pairs are shown, or another word for all pairs.
    """
    several = found.in_common(instrument)
    name = found.names.known.get(observer)
    if name is not None and observer in several:
        told = _(
            "These are the pairs with {name}. What they have in common may come from {name}, what only one "
            "of them has from the other observer."
        ).format(name=name)
    elif several:
        told = _(
            "A change in all pairs of one observer and in no other pair may come from this observer. In a "
            "pair that shares nobody with another one it cannot be told which of the two changed."
        )
    else:
        told = _("With two observers it cannot be told which of the two changed.")
    return told + " " + _("Other children and other moments move kappa as well.")


def how_months() -> str:
    """Return how the months are counted and what they cannot say, as Markdown."""
    told = _(
        "**Month by month:** the tallies of all sessions that two observers coded in a month are added up, "
        "over all families that let you see their figures, and kappa is taken of the sum. Of the kappas that "
        "figures rest on, the weakest is drawn. The month is that of the family's own day; a session that "
        "was coded again from a recording counts in the month in which it took place. “Less” and “more” are "
        "said only where the 95 % limits of two months do not meet, and the months are further apart than "
        "single sessions of one month are (t-test with their scatter in all months)."
    )
    cannot = _(
        "What the months cannot say: why. The pairs did not code the same sessions in each month, so other "
        "children, or codes that came more rarely, move kappa too. To tell whether an observer codes as "
        "before, code the same recording again."
    )
    return f"{told}\n\n{cannot}\n\n{how()}"
