"""One declared stretch of watching: without it a rate has no denominator.

Start and end are two records, both append-only, so that a window survives a lost connection between them.
The watching of an observed visit comes in parts: each pause, and each episode of a procedure, ends one window
and the next one begins. They carry the id of their sitting.
"""

from enum import StrEnum
from typing import Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from caregiving.events import Instant, Sent, Zone


class WindowMode(StrEnum):
    """How the watching was declared. Opportunistic taps never feed an index."""

    LIVE = "live"
    PROMPT = "prompt"
    SESSION = "session"
    OPPORTUNISTIC = "opportunistic"


EXPOSED: frozenset[str] = frozenset({WindowMode.LIVE, WindowMode.PROMPT, WindowMode.SESSION})


class Attestation(StrEnum):
    """What the watcher says at the end: were all cues logged? Only `all` and `most` count.

    `paused`: to be said at the end of the sitting. `discarded`: the observer does not want it to be used.
    """

    ALL = "all"
    MOST = "most"
    SOME = "some"
    PAUSED = "paused"
    DISCARDED = "discarded"


COUNTED: frozenset[str] = frozenset({Attestation.ALL, Attestation.MOST})


class WindowStart(Sent):
    """Somebody begins to watch."""

    type: Literal["window_start"] = "window_start"
    child: UUID
    mode: WindowMode = WindowMode.LIVE
    context: Literal["feeding", "play", "bath", "bedtime", "night"] | None = None
    instrument: str = Field(pattern=r"^[a-z][a-z0-9_]*\.v[0-9]+$")
    started_ms: Instant
    zone: Zone
    utc_offset_min: int = Field(ge=-18 * 60, le=18 * 60)
    sitting: UUID | None = Field(default=None, description="the visit that this is a part of")
    episode: int | None = Field(default=None, ge=1, le=99, description="which episode of a procedure")

    @model_validator(mode="after")
    def _a_sitting_is_observed(self) -> Self:
        """Refuse a part of a visit that is not an observed session, and an episode of nothing."""
        if self.sitting is not None and self.mode is not WindowMode.SESSION:
            raise ValueError(f'a part of a visit has mode "session", not "{self.mode}"')
        if self.episode is not None and self.sitting is None:
            raise ValueError("an episode belongs to a visit; give its id in sitting")
        return self


class WindowEnd(Sent):
    """Somebody stops watching, and says how complete the log is. A later one replaces an earlier one."""

    type: Literal["window_end"] = "window_end"
    window: UUID
    ended_ms: Instant
    elapsed_ms: int | None = None
    attestation: Attestation
