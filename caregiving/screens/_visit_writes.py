"""What the Visit page writes down: a plan, a change of it, the end of a visit. For callbacks only.

Each looks first whether the family's consent still holds and whether the visit still stands as it was shown:
the tablet may have gone on meanwhile. What does not fit is answered in sentences, and nothing is written.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from caregiving.faults import Refused
from caregiving.people import NotAllowed
from caregiving.screens import _visit_words as words
from caregiving.screens._shell import Shell
from caregiving.store import visits
from caregiving.store.people import viewer_of
from caregiving.store.visits import Watched
from caregiving.visits import Part, Visit
from caregiving.windows import Attestation
from caregiving.words import _

PLANNED = ("minutes", "context", "caregiver", "delay_ms")


def begin(shell: Shell, chosen: dict[str, Any]) -> list[str]:
    """Plan a visit of one's own to this child; return the sentences of what stands against it."""

    def write(here: Shell) -> list[str]:
        try:
            visits.plan(here.store, here.viewer, Visit(**_born(here), sitting=uuid4(), **chosen), alone=True)
        except visits.Busy:
            return [_("Another visit of yours is not finished yet. End or discard that one first.")]
        return []

    return _guarded(shell, write)


def planned_fields(instrument: str, *, own: bool) -> tuple[str, ...]:
    """Return what a plan says beside its instrument, as the names of its fields.

    Who codes a session again (not one of their `own`) takes over how that one was planned, but for the delay.
    A procedure has episodes instead of a length, and nothing in it is tapped.
    """
    taken_over = () if own else ("minutes", "context", "caregiver")
    needless = ("minutes", "delay_ms") if words.is_procedure(instrument) else ()
    return tuple(name for name in PLANNED if name not in (*taken_over, *needless))


def open_to_change(seen: Watched) -> tuple[str, ...]:
    """Return what of a plan may still change.

    The tablet takes the delay off at every tap and the plan says how much it was, so once the watching has
    begun it stays: another one would be untrue of the moments so far.
    """
    fields = planned_fields(seen.visit.instrument, own=seen.visit.codes_again is None)
    return tuple(name for name in fields if name != "delay_ms" or not seen.parts)


def change(shell: Shell, seen: Watched, chosen: dict[str, Any]) -> list[str]:
    """Change the plan of one's own visit; what is not chosen stays as it is.

    What was watched already is not touched: each part carries its occasion, each moment its caregiver.
    """
    differs = {name: value for name, value in chosen.items() if getattr(seen.visit, name) != value}

    def write(here: Shell) -> list[str]:
        if not differs.keys() <= {*open_to_change(seen)}:
            return [_("That part of the plan can no longer be changed, so nothing was.")]
        newer = Visit.model_validate(seen.visit.model_dump() | _born(here) | differs)
        visits.plan(here.store, here.viewer, newer)
        return []

    return _guarded(shell, write, seen) if differs else []


def take_back(shell: Shell, seen: Watched) -> list[str]:
    """Take back a plan that nobody has begun with."""

    def write(here: Shell) -> list[str]:
        void = _born(here) | {"void": True}
        visits.plan(here.store, here.viewer, seen.visit.model_copy(update=void))
        return []

    return _guarded(shell, write, seen)


def end(shell: Shell, seen: Watched, said: Attestation, open_until_ms: int | None = None) -> list[str]:
    """End every part of a visit with what the observer says of it.

    A part that was still open ends at `open_until_ms`, but not before it began; others keep their end.
    """

    def write(here: Shell) -> list[str]:
        return here.record(*(_end(here, part, said, open_until_ms) for part in seen.parts))

    return _guarded(shell, write, seen)


def _guarded(shell: Shell, write: Callable[[Shell], list[str]], seen: Watched | None = None) -> list[str]:
    """Write with the consent as it is now, when the visit is still as it was shown."""
    now = datetime.now(UTC)
    here = replace(shell, viewer=viewer_of(shell.store, shell.viewer.member, now), now=now)
    try:
        if seen is not None and not _still(here, seen):
            return [_("This visit has gone on since the page was drawn. Look at how it stands now.")]
        return write(here)
    except NotAllowed:
        return [_("The family's consent to observed sessions has ended, so nothing was written.")]
    except Refused as reason:
        return [str(fault) for fault in reason.faults]


def _still(shell: Shell, seen: Watched) -> bool:
    """Tell whether a visit has the same plan and parts as were shown, begun and ended alike."""
    now = [one for one in visits.mine(shell.store, shell.viewer) if one.visit.sitting == seen.visit.sitting]
    return bool(now) and now[0].visit == seen.visit and _shape(now[0]) == _shape(seen)


def _shape(one: Watched) -> list[tuple[UUID, int | None]]:
    return [(part.window, part.ended_ms) for part in one.parts]


def _born(shell: Shell) -> dict[str, Any]:
    offset = shell.now.astimezone(ZoneInfo(shell.zone)).utcoffset()
    return {
        "id": uuid4(),
        "family": shell.family,
        "child": shell.child.id,
        "author": shell.viewer.member,
        "at_ms": shell.now_ms,
        "utc_offset_min": int(offset.total_seconds() // 60) if offset is not None else 0,
    }


def _end(shell: Shell, part: Part, said: Attestation, open_until_ms: int | None) -> dict[str, Any]:
    """Return the end of one part as a record."""
    until = shell.now_ms if open_until_ms is None else open_until_ms
    ended_ms = max(part.started_ms, until) if part.ended_ms is None else part.ended_ms
    who = {name: value for name, value in shell.born().items() if name not in ("child", "instrument")}
    return who | {
        "type": "window_end",
        "window": str(part.window),
        "ended_ms": ended_ms,
        "attestation": str(said),
    }
