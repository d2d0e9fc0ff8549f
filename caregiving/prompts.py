"""Random prompts: a few moments a day at which a family that asked for it is invited to watch for a while.

What parents log of their own accord depends on how it went; a moment that chance chose does not. The times
follow from the child, the day and the plan alone, so that a tablet without a connection and the server name
the same ones. Nobody is prompted who did not ask for it.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

PER_DAY: Final = (3, 4, 5, 6)  # a few, as selective_logging in sources.yaml asks
MIN_APART: Final = 45
ANSWER_WITHIN_MIN: Final = 15
MINUTE_MS, DAY_MIN = 60_000, 24 * 60
PREFERENCE, BETWEEN = "prompts_per_day", "prompts_between"  # names in the store


@dataclass(frozen=True)
class Plan:
    """How often a family wants to be prompted, and between which local times of its day.

    `per_day` 0 (no prompts) or 3 to 6; `from_min`, `until_min` minutes after the midnight with which the
    named day begins. An end after midnight is more than 1440: the night belongs to the evening before.

    >>> Plan(4, from_min=7 * 60, until_min=25 * 60).per_day
    4
    >>> Plan(2)
    Traceback (most recent call last):
        ...
    ValueError: 2 prompts a day; choose 0 for none, or 3 to 6
    """

    per_day: int = 0
    from_min: int = 8 * 60
    until_min: int = 21 * 60

    def __post_init__(self) -> None:
        """Refuse a number that is not offered, and hours that leave no room for it."""
        if self.per_day not in (0, *PER_DAY):
            raise ValueError(
                f"{self.per_day} prompts a day; choose 0 for none, or {PER_DAY[0]} to {PER_DAY[-1]}"
            )
        if not 0 <= self.from_min < 2 * DAY_MIN or self.until_min - self.from_min > DAY_MIN - MIN_APART:
            raise ValueError("these hours are longer than a day; leave some of it for sleep")
        if self._room() < 1:
            needed = (self.per_day - 1) * MIN_APART + 1
            raise ValueError(
                f"these hours are too few for {self.per_day} prompts; choose {needed} minutes or more"
            )

    def _room(self) -> int:
        """Return the minutes that are left to chance once the prompts stand at their least distance."""
        return self.until_min - self.from_min - max(self.per_day - 1, 0) * MIN_APART

    def spread(self, numbers: Sequence[int]) -> list[int]:
        """Return the minutes that these 32-bit random numbers, one a prompt, stand for."""
        drawn = sorted((number * self._room()) >> 32 for number in numbers)
        return [self.from_min + minute + place * MIN_APART for place, minute in enumerate(drawn)]


def prompts_of(child: UUID, day: str, plan: Plan) -> list[int]:
    """Return the prompts of one of the family's days, in minutes after the local midnight that begins it.

    Every set of times between the plan's hours with at least 45 minutes between neighbours is equally likely:
    n whole numbers are drawn from the minutes that remain, sorted, and the i-th is moved on by 45 i. The i-th
    number is a hash (FNV-1a, then the finish of MurmurHash3, 32 bits) of "<child>/<day>/<i>".
    Source: `selective_logging` (random prompts, 3 to 6 a day).

    >>> prompts_of(UUID(int=7), "2026-10-01", Plan(3))
    [506, 557, 894]
    >>> prompts_of(UUID(int=7), "2026-10-01", Plan())
    []
    """
    return plan.spread([_number(f"{child}/{day}/{place}") for place in range(plan.per_day)])


def instants(child: UUID, day: str, plan: Plan, zone: str) -> list[int]:
    """Return the prompts of one of the family's days as ms since 1970, UTC.

    A time that the clocks skip comes an hour later by the clock, one that comes twice comes the first time.
    """
    midnight = datetime.combine(date.fromisoformat(day), datetime.min.time())
    walls = [midnight + timedelta(minutes=minute) for minute in prompts_of(child, day, plan)]
    return [round(wall.replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000) for wall in walls]


def sent(child: UUID, plan: Plan, zone: str, since_ms: int, until_ms: int) -> list[int]:
    """Return every prompt of a plan from `since_ms` on and before `until_ms`, in order; ms since 1970, UTC.

    >>> one_day = sent(UUID(int=7), Plan(3), "UTC", 1_790_812_800_000, 1_790_899_200_000)
    >>> [(at // MINUTE_MS) % DAY_MIN for at in one_day]
    [506, 557, 894]
    """
    if not plan.per_day or until_ms <= since_ms:
        return []
    first = datetime.fromtimestamp(since_ms / 1000, ZoneInfo(zone)).date() - timedelta(days=2)
    last = datetime.fromtimestamp(until_ms / 1000, ZoneInfo(zone)).date()
    days = [(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)]
    found = [at for day in days for at in instants(child, day, plan, zone)]
    return sorted(at for at in found if since_ms <= at < until_ms)


def answered(prompts_ms: Iterable[int], starts_ms: Iterable[int]) -> list[bool]:
    """Tell of each prompt whether it was answered.

    A prompt is answered when somebody began to watch at it or within the 15 minutes after it. The 15 minutes
    are a decision of this product, not of a study: long enough to lay a baby down, short enough that the
    moment is still the one that chance chose. A start answers only the latest prompt before it.

    Parameters: `prompts_ms` in order; `starts_ms` of the windows of mode "prompt", in any order.

    >>> minute = 60_000
    >>> answered([0, 50 * minute, 120 * minute], [14 * minute, 66 * minute, 120 * minute])
    [True, False, True]
    """
    prompts = list(prompts_ms)
    done = [False] * len(prompts)
    for start in starts_ms:
        place = bisect_right(prompts, start) - 1
        if place >= 0 and start - prompts[place] < ANSWER_WITHIN_MIN * MINUTE_MS:
            done[place] = True
    return done


def due(child: UUID, plan: Plan, zone: str, now_ms: int, starts_ms: Iterable[int] = ()) -> int | None:
    """Return the prompt that waits for an answer now, or None: the one of the last 15 minutes, unanswered.

    Parameters: `starts_ms` of the windows of mode "prompt" that were begun today.
    """
    waiting = sent(child, plan, zone, now_ms - ANSWER_WITHIN_MIN * MINUTE_MS + 1, now_ms + 1)
    done = answered(waiting, starts_ms)
    return next((at for at, so in zip(waiting, done, strict=True) if not so), None)


def _number(text: str) -> int:
    """Return a 32-bit number that looks random; simple enough to be written again on a tablet."""
    number = 0x811C9DC5
    for byte in text.encode():
        number = ((number ^ byte) * 0x01000193) & 0xFFFFFFFF
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35), (16, 1)):
        number = ((number ^ (number >> shift)) * factor) & 0xFFFFFFFF
    return number
