"""What a family can agree to, in words: the switches, what they open, what is missing, and the read-back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final
from uuid import UUID

from babel.dates import format_date

from caregiving.people import Action, Role
from caregiving.words import _, language

LONGEST_DAYS: Final = 2 * 365
GRANTS: Final[Mapping[str, frozenset[Action]]] = MappingProxyType(
    {
        "moments": frozenset({Action.SEE_TIMELINE, Action.SEE_PEOPLE}),
        "figures": frozenset({Action.SEE_PATTERNS, Action.SEE_QUALITY, Action.SEE_PEOPLE}),
        "observe": frozenset(
            {Action.OBSERVE, Action.RATE, Action.KEEP_DRAFT, Action.SEE_PEOPLE, Action.SEE_PATTERNS}
        ),
        "record": frozenset({Action.SEE_QUALITY}),
    }
)
FITTING: Final = MappingProxyType(
    {Role.HOME_VISITOR: ("moments", "figures", "observe"), Role.SUPERVISOR: ("record",)}
)


@dataclass(frozen=True)
class Asked:
    """What stands in the form: who, what they may do, what for, until when; and which consent it replaces."""

    who: UUID | None
    alias: str
    grants: tuple[str, ...]
    purpose: str
    until: date | None
    known: frozenset[str] = frozenset()
    replaces: UUID | None = None

    @property
    def scope(self) -> frozenset[Action]:
        """All that is agreed to."""
        return frozenset().union(*(GRANTS[name] for name in self.grants))


def switch_words() -> dict[str, tuple[str, str]]:
    """Return what each switch is called, and what it opens."""
    return {
        "moments": (
            _("See when and what was logged"),
            _("The day with every moment, and who belongs to your household."),
        ),
        "figures": (
            _("See the figures"),
            _(
                "Patterns and coded sessions with the moments behind each figure, how complete the record "
                "is, what you chose to share of your own answers, and who belongs to your household."
            ),
        ),
        "observe": (
            _("Come and observe: code a session and rate it"),
            _(
                "To code, they also see the figures and who belongs to your household. What they code and "
                "rate becomes part of your record, and stays there when you end this."
            ),
        ),
        "record": (
            _("See how complete the record is"),
            _("How many hours were watched and on which days; no moment and no figure."),
        ),
    }


def said_words() -> dict[str, str]:
    """Return what each switch allows, as a part of a sentence."""
    return {
        "moments": _("see when and what was logged"),
        "figures": _("see the figures"),
        "observe": _("observe and rate"),
        "record": _("see how complete the record is"),
    }


def read_back(asked: Asked) -> str:
    """Return what is agreed to in one sentence, and that it can be ended."""
    words = said_words()
    parts = [words[name] for name in asked.grants]
    listed = parts[0] if len(parts) == 1 else _(", ").join(parts[:-1]) + _(", and ") + parts[-1]
    told = _("{who} may {what}, for {purpose}, until {day}. You can end it here at any moment.")
    return told.format(who=asked.alias, what=listed, purpose=asked.purpose, day=_day(asked.until))


def missing(asked: Asked, today: date) -> list[str]:
    """Return what is still to be filled in, or does not fit, as sentences."""
    trouble = []
    if not asked.alias:
        trouble.append(_("Say who it is."))
    elif asked.who is None and asked.alias.casefold() in asked.known:
        trouble.append(
            _("There is a {who} in the list already: choose that name, or write one that differs.").format(
                who=asked.alias
            )
        )
    if not asked.grants:
        trouble.append(_("Choose at least one thing that they may do."))
    if not asked.purpose:
        trouble.append(_("Say in a few words what it is for."))
    if asked.until is None or not today < asked.until <= today + timedelta(days=LONGEST_DAYS):
        trouble.append(_("Choose a day from tomorrow on, at most two years from now."))
    return trouble


def _day(day: date | None) -> str:
    return "" if day is None else str(format_date(day, "d MMMM y", locale=language()))
