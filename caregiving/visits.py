"""A visit: what an observer plans to watch and how, and how far the watching has come.

The plan is one record; each change is a newer version of it under the same `sitting`. The watching itself is
windows that carry the sitting's id, so how far it has come is read from them and kept nowhere else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from caregiving.events import Instant
from caregiving.windows import Attestation

LONGEST_DELAY_MS = 5000
Context = Literal["feeding", "play", "bath", "bedtime", "night"]


class Visit(BaseModel):
    """What is to be watched, by whom, with which instrument. A change is a newer version, a void ends it.

    minutes: how long it is meant to last. delay_ms: how long this observer takes from seeing to tapping; it
    is taken off every moment. caregiver: who is observed with the child, when it is one. codes_again: the
    sitting of another observer that this one codes a second time, from life or from a recording.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: UUID
    sitting: UUID
    family: UUID
    child: UUID
    author: UUID
    instrument: str = Field(pattern=r"^[a-z][a-z0-9_]*\.v[1-9][0-9]*$", max_length=60)
    minutes: Annotated[int, Field(ge=1, le=240)] | None = None
    delay_ms: int = Field(default=0, ge=0, le=LONGEST_DELAY_MS)
    context: Context | None = None
    caregiver: UUID | None = None
    codes_again: UUID | None = None
    from_recording: bool = False
    at_ms: Instant
    utc_offset_min: int = Field(ge=-18 * 60, le=18 * 60)
    void: bool = False


class Progress(StrEnum):
    """How far a visit has come."""

    PLANNED = "planned"
    OPEN = "open"
    PAUSED = "paused"
    FINISHED = "finished"
    DISCARDED = "discarded"


UNFINISHED: frozenset[Progress] = frozenset({Progress.PLANNED, Progress.OPEN, Progress.PAUSED})


@dataclass(frozen=True)
class Part:
    """One stretch of the watching of a visit, from start to end or pause; `ended_ms` None while it goes on.

    last_ms: the last moment coded in it, if any.
    """

    window: UUID
    started_ms: int
    ended_ms: int | None = None
    attestation: Attestation | None = None
    episode: int | None = None
    last_ms: int | None = None


def progress(parts: Sequence[Part]) -> Progress:
    """Return how far a visit has come, from the parts of its watching in order.

    >>> one = UUID(int=1)
    >>> str(progress([Part(one, 0, 60_000, Attestation.PAUSED)])), str(progress([]))
    ('paused', 'planned')
    """
    if not parts:
        return Progress.PLANNED
    if any(part.ended_ms is None for part in parts):
        return Progress.OPEN
    if all(part.attestation is Attestation.DISCARDED for part in parts):
        return Progress.DISCARDED
    return Progress.PAUSED if parts[-1].attestation is Attestation.PAUSED else Progress.FINISHED


def watched_ms(parts: Sequence[Part], now_ms: int) -> int:
    """Return how long was watched so far; a part that goes on counts up to now.

    >>> watched_ms([Part(UUID(int=1), 0, 60_000), Part(UUID(int=2), 90_000)], now_ms=100_000)
    70000
    """
    return sum(
        max(0, (now_ms if part.ended_ms is None else part.ended_ms) - part.started_ms) for part in parts
    )
