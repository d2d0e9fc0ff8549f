"""What is said when it is too much: the next minutes, crying that does not stop, and two questions on mood.

None of it waits for a number: the ways to help stand on every page, and a rule can only add to them. Nothing
here is a diagnosis, and no low figure says that all is well.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from caregiving.words import _

# The ids of the cards of guidance that help at once.
OVERWHELMED: Final = "overwhelmed"
CRYING: Final = "crying-a-lot"
UNSAFE: Final = "not-safe-at-home"
HEALTH: Final = "worried-about-health"
TALK: Final = "talking-to-someone"
REACH_OUT: Final = "reach-out-soon"

CRYING_WORRY: Final = "crying_worry"
CRYING_SOURCES: Final = ("rome_iv", "wolke_2017", "icon_nhs")
MOOD_SOURCES: Final = ("phq_permission", "arroll_2010", "phq2_perinatal_2020")
LONG_DAY_MIN, LONG_DAYS, OF_DAYS = 180, 3, 7  # Rome IV for research, `rome_iv`


class LoggedDay(Protocol):
    """24 fully logged hours: when they began, and minutes of crying and fussing (NaN when not known)."""

    @property
    def began_at(self) -> datetime | None:
        """The start of the 24 hours; None when no date is known."""

    @property
    def minutes(self) -> float:
        """Minutes of crying and fussing in them."""


@dataclass(frozen=True)
class CryingRule:
    """Days of the last 7 that were logged in full, and those among them with 3 hours of crying or more."""

    logged: int
    long: int

    @property
    def opens(self) -> bool:
        """Whether the log by itself is a reason to show the card; it can be opened without it at any time."""
        return self.long >= LONG_DAYS


def crying_rule(days: Iterable[LoggedDay], now: datetime) -> CryingRule:
    """Hold the fully logged days of the last 7 against the rule for excessive crying.

    Parameters: days, as `trends.crying.cry_days(report).days` gives them by the index `cry_load`; `now`, an
    aware time. Only days that began in the 7 times 24 hours before it count; days without a date, or with a
    cry whose end nobody logged, count neither way.
    Returns: CryingRule; it opens at 3 days with 180 min or more, the first part of Rome IV for research (3
    hours or more on at least 3 of 7 days). Wessel's rule (more than 3 hours, more than 3 days a week, more
    than 3 weeks) is stricter, so whatever meets it opens this one too. The rest of both rules (age, weeks, no
    illness) is for a professional to look at and keeps nothing closed here.
    Source: `rome_iv`.

    >>> from datetime import UTC
    >>> from types import SimpleNamespace
    >>> start = datetime(2026, 3, 1, tzinfo=UTC)
    >>> minutes = (200.0, 180.0, 179.0, 240.0)
    >>> days = [SimpleNamespace(began_at=start + timedelta(days=i), minutes=m) for i, m in enumerate(minutes)]
    >>> rule = crying_rule(days, start + timedelta(days=5))
    >>> rule, rule.opens
    (CryingRule(logged=4, long=3), True)
    """
    first = now - timedelta(days=OF_DAYS)
    known = [
        day.minutes
        for day in days
        if day.began_at is not None and first <= day.began_at <= now and day.minutes == day.minutes
    ]
    return CryingRule(len(known), sum(minutes >= LONG_DAY_MIN for minutes in known))


def crying_words(rule: CryingRule, alias: str) -> str:
    """Return what is said about much crying, first of all to the one who holds the baby."""
    seen = _(
        "{alias} cried or fussed for hours on several days of the last week. That is hard on everybody. "
    ).format(alias=alias)
    ask = _(
        "It is reason enough to talk with your paediatrician, midwife or health visitor, who also look "
        "whether {alias} is ill or in pain. Nobody has to reach any line before asking."
    ).format(alias=alias)
    return (seen if rule.opens else "") + ask


def steps(alias: str) -> list[str]:
    """Return what helps through the next minutes, one after the other. Source: `icon_nhs`."""
    return [
        _("Put {alias} down in the cot, on the back.").format(alias=alias),
        _("Leave the room. {alias} may cry for these minutes.").format(alias=alias),
        _("Breathe slowly."),
        _("Call somebody."),
        _("Go back within a few minutes and look in."),
    ]


def never() -> str:
    """Return the one sentence that always stands below the steps. Source: `icon_nhs`."""
    return _("Never shake a baby, not even for a moment.")


def emergency(alias: str) -> str:
    """Return what to do when somebody could come to harm."""
    return _(
        "If you think that you might hurt {alias} or yourself, call your local emergency number now."
    ).format(alias=alias)


def card_for(opened: Collection[str]) -> str | None:
    """Return the card that answers to the two questions ask for, if any.

    3 or more: please contact somebody; 2: consider talking to somebody. Source: `arroll_2010`.

    >>> card_for({"phq2_2", "phq2_3"}), card_for({"phq2_2"}), card_for(set())
    ('reach-out-soon', 'talking-to-someone', None)
    """
    if "phq2_3" in opened:
        return REACH_OUT
    return TALK if "phq2_2" in opened else None


def mood_words(opened: Collection[str]) -> list[str]:
    """Return what is said after the two questions: no figure, no name for anything, never an all-clear."""
    card = card_for(opened)
    if card == REACH_OUT:
        return [
            _("That sounds heavy, and it has gone on for a while."),
            _(
                "Please contact somebody in the next days who can look at it with you: your doctor, midwife, "
                "health visitor or a counselling service. Somebody near you can make the call."
            ),
        ]
    if card == TALK:
        return [
            _("That sounds heavy."),
            _(
                "Consider talking to someone about how you are: your doctor, midwife, health visitor, or "
                "somebody you trust."
            ),
        ]
    return [_("Thank you for answering. It stays with you.")]


def no_all_clear() -> str:
    """Return the sentence that stands below every result of the two questions. Source: `arroll_2010`."""
    return _(
        "A low answer does not mean that all is well. If you feel that something is not right, that is "
        "reason enough to talk to someone."
    )
