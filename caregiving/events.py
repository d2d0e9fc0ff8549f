"""One observed behaviour, as it travels from the tap to the row.

Nothing is ever changed in place. A correction is a new Event that supersedes the old one; taking a moment
back is a new Event with `void` set. Ids are made where the record is born, so storing twice is harmless.
"""

from enum import StrEnum
from typing import Annotated, Literal, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

YEAR_1970_TO_2200_MS = 7_258_118_400_000
Instant = Annotated[int, Field(ge=0, lt=YEAR_1970_TO_2200_MS, description="UTC, ms since 1970")]


def _known_zone(name: str) -> str:
    """Refuse a time zone that nobody knows, and a bare offset: neither says when the clocks change."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as reason:
        raise ValueError(f'"{name}" is not a time zone; write one such as "Europe/Berlin"') from reason
    return name


Zone = Annotated[str, Field(min_length=1, max_length=64), AfterValidator(_known_zone)]


class TimeQuality(StrEnum):
    """How the time of an event is known: only the first two are exact enough for latencies."""

    TAPPED = "tapped"
    ADJUSTED = "adjusted"
    RECALLED = "recalled"
    IMPORTED_SECOND = "imported_second"
    IMPORTED_MINUTE = "imported_minute"


class Sent(BaseModel):
    """What every record that comes from a device says about its birth."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: UUID
    family: UUID
    author: UUID = Field(description="the member who tapped")
    device: UUID
    ordinal: int = Field(ge=0, description="strictly rising on one device: keeps the order of taps")
    wall_ms: Instant = Field(description="what the device's clock showed")
    skew_ms: int | None = Field(default=None, description="server clock minus device clock, when known")


class Event(Sent):
    """One behaviour seen at one moment (or from onset to offset, for a state)."""

    type: Literal["event"] = "event"
    child: UUID
    window: UUID | None = None
    instrument: str = Field(pattern=r"^[a-z][a-z0-9_]*\.v[0-9]+$")
    actor: Literal["infant", "caregiver"]
    code: str = Field(min_length=1, max_length=40)
    onset_ms: Instant
    offset_ms: Instant | None = None
    zone: Zone
    utc_offset_min: int = Field(ge=-18 * 60, le=18 * 60)
    elapsed_ms: int | None = None
    time_quality: TimeQuality
    latency_low_s: float | None = Field(default=None, ge=0, description="a recalled answer came after this")
    latency_high_s: float | None = Field(default=None, ge=0, description="and at the latest after this")
    caregiver: UUID | None = None
    modifiers: dict[str, str] = Field(default_factory=dict)
    supersedes: UUID | None = None
    void: bool = False
    reason: str | None = Field(default=None, max_length=500)

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        """Refuse an end before its start, a void of nothing, and a bracket that is upside down."""
        if self.offset_ms is not None and self.offset_ms < self.onset_ms:
            seconds = (self.onset_ms - self.offset_ms) / 1000
            raise ValueError(f"the end lies {seconds:g} s before the start; check both times")
        if self.void and self.supersedes is None:
            raise ValueError("a void names no event to take back; give its id in supersedes")
        if self.supersedes == self.id:
            raise ValueError("an event cannot supersede itself; give the new one a fresh id")
        low, high = self.latency_low_s, self.latency_high_s
        if low is not None and high is not None and high < low:
            raise ValueError(
                f"the latest answer time {high:g} s lies before the earliest {low:g} s; swap them"
            )
        return self
