"""What the family agreed to and until when, in words, on the page of somebody from outside."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date

from caregiving.people import Action, Consent, Viewer
from caregiving.screens._shell import Shell
from caregiving.words import _, language, n_

SOON_DAYS = 14  # so that there is a visit left in which to talk about it


def holds_until(viewer: Viewer, family: UUID, action: Action) -> datetime | None:
    """Return when the family's agreement to an action ends as things stand; None when it does not hold now.

    Consents that follow each other without a gap count as one.
    """
    if not viewer.may(action, family):
        return None
    mine, until = [one for one in viewer.consents if one.family == family], viewer.at
    while further := [_end(one) for one in mine if one.covers(action, family, until)]:
        until = max(further)
    return until


def _end(one: Consent) -> datetime:
    return one.valid_until if one.withdrawn_at is None else min(one.valid_until, one.withdrawn_at)


def first_end(viewer: Viewer, family: UUID) -> datetime | None:
    """Return when the first thing that the family agreed to ends; None when it agreed to nothing now."""
    ends = [holds_until(viewer, family, action) for action in Action]
    return min((one for one in ends if one is not None), default=None)


def agreed(shell: Shell) -> str:
    """Return what this family agreed to for a visit, what for and until when."""
    observing = holds_until(shell.viewer, shell.family, Action.OBSERVE)
    if observing is None:
        return _("{family} has not agreed to observed sessions.").format(family=shell.family_alias)
    rating = holds_until(shell.viewer, shell.family, Action.RATE)
    zone = shell.zone
    told = {"family": shell.family_alias, "day": date_of(observing, zone)}
    if rating is None:
        said = _("{family} agreed to observed sessions until {day}; ratings are not part of it.")
    elif date_of(rating, zone) == told["day"]:
        said = _("{family} agreed to observed sessions and ratings until {day}.")
    else:
        said = _("{family} agreed to observed sessions until {day}, and to ratings until {other}.")
        told["other"] = date_of(rating, zone)
    ends = min(one for one in (observing, rating) if one is not None)
    return " ".join(filter(None, (said.format(**told), _purpose(shell), ends_soon(ends, shell.now, zone))))


def ends_soon(until: datetime, now: datetime, zone: str) -> str:
    """Return that a consent is about to end; nothing while there is time."""
    left = days_left(until, now, zone)
    if left > SOON_DAYS:
        return ""
    return n_("It ends in {n} day.", "It ends in {n} days.", left) if left else _("It ends today.")


def days_left(until: datetime, now: datetime, zone: str) -> int:
    """Return how many days are left from today to the day on which something ends.

    >>> from datetime import UTC
    >>> days_left(
    ...     datetime(2026, 3, 9, 1, tzinfo=UTC), datetime(2026, 3, 1, 23, 30, tzinfo=UTC), "Europe/Berlin"
    ... )
    7
    """
    return (until.astimezone(ZoneInfo(zone)).date() - now.astimezone(ZoneInfo(zone)).date()).days


def date_of(at: datetime, zone: str) -> str:
    """Return a day with its year, as people write it."""
    return str(format_date(at.astimezone(ZoneInfo(zone)).date(), "d MMMM y", locale=language()))


def _purpose(shell: Shell) -> str:
    """Return what the family agreed to it for, in its own words."""
    given = [
        one.purpose
        for one in shell.viewer.consents
        if one.covers(Action.OBSERVE, shell.family, shell.viewer.at)
    ]
    return _("What for: {purpose}.").format(purpose=_("; ").join(dict.fromkeys(given)))
