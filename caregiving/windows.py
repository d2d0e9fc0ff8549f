"""One declared stretch of watching: without it a rate has no denominator.

Start and end are two records, both append-only, so that a window survives a lost connection between them.
"""

from enum import StrEnum
from typing import Literal
from uuid import UUID

from pydantic import Field

from caregiving.events import Instant, Sent, Zone


class WindowMode(StrEnum):
    """How the watching was declared. Opportunistic taps never feed an index."""

    LIVE = "live"
    PROMPT = "prompt"
    SESSION = "session"
    OPPORTUNISTIC = "opportunistic"


EXPOSED: frozenset[str] = frozenset({WindowMode.LIVE, WindowMode.PROMPT, WindowMode.SESSION})


class Attestation(StrEnum):
    """What the watcher says at the end: were all cues logged? Only `all` and `most` count."""

    ALL = "all"
    MOST = "most"
    SOME = "some"


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


class WindowEnd(Sent):
    """Somebody stops watching, and says how complete the log is. A later one replaces an earlier one."""

    type: Literal["window_end"] = "window_end"
    window: UUID
    ended_ms: Instant
    elapsed_ms: int | None = None
    attestation: Attestation
