"""From what a clock on the wall showed to an instant, also on the nights when the clocks change."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


class NoSuchTime(ValueError):
    """A wall-clock time that was skipped when the clocks went forward."""

    def __init__(self, wall: datetime, zone: str) -> None:
        super().__init__(
            f"On {wall:%Y-%m-%d} the clocks in {zone} were put forward and never showed {wall:%H:%M}; "
            "choose the hour after."
        )


def came_twice(day: date, clock: time, zone: str) -> bool:
    """Tell whether that time came twice, because the clocks were put back.

    >>> came_twice(date(2026, 10, 25), time(2, 30), "Europe/Berlin")
    True
    """
    wall = datetime.combine(day, clock, ZoneInfo(zone))
    return wall.utcoffset() != wall.replace(fold=1).utcoffset() and _exists(wall)


def instant(day: date, clock: time, zone: str, *, second_time: bool = False) -> tuple[int, int]:
    """Return the instant in ms since 1970 (UTC) and the offset from UTC in minutes.

    `second_time` chooses the later of two, when the clocks were put back and that time came twice.

    Raises
    ------
    NoSuchTime
        When the clocks jumped over that time.

    >>> instant(date(2026, 10, 25), time(2, 30), "Europe/Berlin")
    (1792888200000, 120)
    >>> instant(date(2026, 10, 25), time(2, 30), "Europe/Berlin", second_time=True)
    (1792891800000, 60)
    """
    wall = datetime.combine(day, clock, ZoneInfo(zone)).replace(fold=int(second_time))
    if not _exists(wall):
        raise NoSuchTime(wall, zone)
    offset = wall.replace(tzinfo=None) - wall.astimezone(UTC).replace(tzinfo=None)
    return round(wall.timestamp() * 1000), round(offset.total_seconds() / 60)


def _exists(wall: datetime) -> bool:
    """Tell whether the wall clock ever showed this: there and back again gives the same."""
    return wall.astimezone(UTC).astimezone(wall.tzinfo).replace(tzinfo=None) == wall.replace(tzinfo=None)
