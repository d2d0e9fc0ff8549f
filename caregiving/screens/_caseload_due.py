"""What waits with one child: a visit, a form, a second coding, a consent that ends, a log that went quiet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from caregiving.instruments import UnknownInstrument, load_form
from caregiving.people import Action
from caregiving.screens import _visit_words as words
from caregiving.screens._caseload_facts import Facts
from caregiving.screens._shell import Shell
from caregiving.screens._visit_after import RECORD
from caregiving.screens._visit_consent import SOON_DAYS, date_of, days_left, first_end
from caregiving.screens._visit_form import FORM as PLAN
from caregiving.store.drafts import Draft
from caregiving.store.visits import Watched
from caregiving.trends.named import short_day
from caregiving.words import _, n_

QUIET_DAYS = 7  # a week without anything logged leaves a hole in every weekly figure


@dataclass(frozen=True)
class On:
    """When and where the one who looks is: the name of the day, and the time zone."""

    today: str
    zone: str


@dataclass(frozen=True)
class Due:
    """One thing that waits, in words, and the page where it is done; without one when it needs a talk."""

    told: str
    page: str = ""


def due(shell: Shell, known: Facts, mine: Sequence[Watched], begun: Sequence[Draft], on: On) -> list[Due]:
    """Return what waits with a child: what somebody began first, then what ends, then what is missing.

    `mine`: the unfinished visits of the one who looks. `begun`: their half-filled forms about this child.
    """
    return [
        *_visits(shell, mine),
        *_forms(begun),
        *_consent(shell, on.zone),
        *_quiet(known, on.today),
        *_second_codings(shell, known),
    ]


def _visits(shell: Shell, mine: Sequence[Watched]) -> list[Due]:
    told = _("Your visit is not finished: {title}, {when}, {how}.")
    return [
        Due(
            told.format(
                title=words.title_of(one.visit.instrument),
                when=words.day_and_clock(shell, words.began_ms(one)),
                how=words.ended_told(one),
            ),
            "/visit",
        )
        for one in mine
        if (one.visit.family, one.visit.child) == (shell.family, shell.child.id)
    ]


def _forms(begun: Sequence[Draft]) -> list[Due]:
    """Return the forms that were begun and not sent, those of one page together."""
    by_page: dict[str, list[str]] = {}
    for one in begun:
        by_page.setdefault(_page(one.form), []).append(form_name(one.form))
    told = _("Begun and not sent: {forms}.")
    return [
        Due(told.format(forms=_(", ").join(dict.fromkeys(names))), page) for page, names in by_page.items()
    ]


def _page(form: str) -> str:
    """Return the page on which a half-filled form is gone on with."""
    if form == PLAN or form.startswith(f"rating_{RECORD}."):
        return "/visit"
    return "/sort" if form.startswith("sort_") else "/ratings"


def form_name(form: str) -> str:
    """Return what a half-filled form is called.

    >>> form_name("rating_sensitivity_rating.v1"), form_name("something_else")
    ('Sensitivity rating, 1 to 9', 'a form')
    """
    if form == PLAN:
        return _("the plan of a visit")
    try:
        return _(load_form(form.removeprefix("rating_").removeprefix("sort_")).title)
    except UnknownInstrument:
        return _("a form")


def _consent(shell: Shell, zone: str) -> list[Due]:
    until = first_end(shell.viewer, shell.family)
    if until is None or (left := days_left(until, shell.now, zone)) > SOON_DAYS:
        return []
    day = date_of(until, zone)
    if not left:
        return [Due(_("What the family agreed to ends today."))]
    told = n_(
        "What the family agreed to ends on {day}, in {n} day.",
        "What the family agreed to ends on {day}, in {n} days.",
        left,
        day=day,
    )
    return [Due(told)]


def _quiet(known: Facts, today: str) -> list[Due]:
    if known.held is None:
        return []
    if known.held.last_day is None:
        return [Due(_("Nothing has been logged yet."))]
    days = (date.fromisoformat(today) - date.fromisoformat(known.held.last_day)).days
    if days < QUIET_DAYS:
        return []
    told = n_(
        "Nothing was logged for {n} day, since {day}.",
        "Nothing was logged for {n} days, since {day}.",
        days,
        day=short_day(known.held.last_day, weekday=True),
    )
    return [Due(told)]


def _second_codings(shell: Shell, known: Facts) -> list[Due]:
    """Return the sessions of other observers that the one who looks can code a second time."""
    if known.seen is None or not known.seen.once_others or not shell.may(Action.OBSERVE):
        return []
    told = n_(
        "{n} session of another observer waits for a second coding, which can be yours.",
        "{n} sessions of other observers wait for a second coding, which can be yours.",
        known.seen.once_others,
    )
    return [Due(told, "/visit")]


def about(begun: Sequence[Draft], child: UUID, whose: Mapping[UUID, UUID], *, rest: bool) -> list[Draft]:
    """Return the half-filled forms about a child; with `rest` also those about nobody in particular.

    `whose`: the child that each child and each visit of the family stands for. A form in which nothing is
    filled in is left out.
    """
    found = []
    for one in begun:
        owner = None if one.about is None else whose.get(one.about)
        filled = any(value is not None for value in one.content.values())
        if filled and (owner == child or (owner is None and rest)):
            found.append(one)
    return found
