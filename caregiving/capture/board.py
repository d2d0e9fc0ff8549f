"""What the tap page needs to know to draw itself: children, caregivers, buttons, and what is being watched.

A parent gets the buttons of everyday moments and a window still open; a home visitor gets the visit that is
to be watched or goes on, with the buttons of its instrument.
"""

from typing import Any
from uuid import UUID

from caregiving.instruments import Instrument, ProcedureInstrument, load, load_procedure, shelf
from caregiving.people import Action, Viewer
from caregiving.settings import Mode
from caregiving.store import visits
from caregiving.store.engine import Store
from caregiving.store.events import load as load_events
from caregiving.store.people import caregivers, children, members
from caregiving.store.preferences import preference
from caregiving.store.visits import Watched
from caregiving.store.windows import open_window
from caregiving.visits import Part, Visit
from caregiving.words import ENGLISH, _, speaking

INSTRUMENT = "home_moments"


def board(store: Store, viewer: Viewer, mode: Mode, server_ms: int) -> dict[str, Any]:
    """Return the board of this viewer's family, or of their newest unfinished visit to another one.

    For somebody who may only look, and for a visitor without such a visit, it has nothing to tap.
    """
    with speaking(str(preference(store, viewer, "language", ENGLISH))):
        seen = _empty(viewer, mode, server_ms)
        waiting = visits.mine(store, viewer)
        if waiting:
            return seen | _visit(store, viewer, waiting[0])
        if viewer.own_family is not None and viewer.may(Action.LOG, viewer.own_family):
            return seen | _household(store, viewer, viewer.own_family)
    return seen


def _empty(viewer: Viewer, mode: Mode, server_ms: int) -> dict[str, Any]:
    instrument = load(INSTRUMENT)
    return {
        "server_ms": server_ms,
        "mode": str(mode),
        "family": None,
        "member": str(viewer.member),
        "member_alias": viewer.alias,
        "may_log": False,
        "sends_for": [str(viewer.member)],
        "observes": any(viewer.may(Action.OBSERVE, one.family) for one in viewer.consents),
        "children": [],
        "caregivers": [],
        "instrument": instrument.name,
        "title": instrument.title,
        "buttons": buttons(instrument),
        "open_window": None,
        "session": None,
    }


def _household(store: Store, viewer: Viewer, family: UUID) -> dict[str, Any]:
    here = [m for m in members(store) if m.own_family == family]
    me = next(m.caregiver for m in here if m.id == viewer.member)
    open_now = open_window(store, viewer, family, viewer.member)
    return {
        "family": str(family),
        "may_log": True,
        "sends_for": [str(m.id) for m in here],  # whose taps this sign-in may deliver; others wait for theirs
        "children": [
            {"id": str(c.id), "alias": c.alias, "colour": c.colour} for c in children(store, viewer, family)
        ],
        "caregivers": [
            {"id": str(c.id), "alias": c.alias, "is_me": c.id == me}
            for c in caregivers(store, viewer, family)
        ],
        "open_window": open_now
        and {
            "id": str(open_now.id),
            "child": str(open_now.child),
            "started_ms": open_now.started_ms,
            "zone": open_now.zone,
            "context": open_now.context,
        },
    }


def _visit(store: Store, viewer: Viewer, watched: Watched) -> dict[str, Any]:
    """Return what an observer needs to code a visit, or to run its procedure."""
    visit = watched.visit
    if visit.instrument in shelf("procedure"):
        procedure = load_procedure(visit.instrument)
        title, taps, course = procedure.title, [], _course(procedure)
    else:
        instrument = load(visit.instrument)
        taps = [button | {"label": _(button["label"])} for button in buttons(instrument)]
        title, course = instrument.title, None
    return {
        "family": str(visit.family),
        "may_log": True,
        "instrument": visit.instrument,
        "title": _(title),
        "buttons": taps,
        "session": {
            "sitting": str(visit.sitting),
            "minutes": visit.minutes,
            "delay_ms": visit.delay_ms,
            "context": visit.context,
            "caregiver": visit.caregiver and str(visit.caregiver),
            "from_recording": visit.from_recording,
            "codes_again": visit.codes_again and str(visit.codes_again),
            "procedure": course,
            "parts": [_part(part) for part in watched.parts],
            "open": _open_states(store, viewer, visit, watched.parts),
        },
    } | _observed(store, viewer, visit)


def _observed(store: Store, viewer: Viewer, visit: Visit) -> dict[str, Any]:
    """Return who is watched; without the family's consent to see its people, nobody's name."""
    if not viewer.may(Action.SEE_PEOPLE, visit.family):
        return {"children": [{"id": str(visit.child), "alias": _("The child"), "colour": ""}]}
    return {
        "children": [
            {"id": str(c.id), "alias": c.alias, "colour": c.colour}
            for c in children(store, viewer, visit.family)
            if c.id == visit.child
        ],
        "caregivers": [
            {"id": str(c.id), "alias": c.alias, "is_me": False}
            for c in caregivers(store, viewer, visit.family)
        ],
    }


def _part(part: Part) -> dict[str, Any]:
    return {
        "window": str(part.window),
        "started_ms": part.started_ms,
        "ended_ms": part.ended_ms,
        "attestation": part.attestation and str(part.attestation),
        "episode": part.episode,
        "last_ms": part.last_ms,
    }


def _course(procedure: ProcedureInstrument) -> dict[str, Any]:
    """Return the episodes of a procedure, and when one is cut short or goes on for longer."""
    return {
        "episodes": [
            {"number": one.number, "label": _(one.label), "duration_s": one.duration_s.value}
            for one in procedure.episodes
        ],
        "timing": [_(one.label) for one in procedure.timing],
    }


def _open_states(
    store: Store, viewer: Viewer, visit: Visit, parts: tuple[Part, ...]
) -> list[dict[str, object]]:
    """Return the states still on in the part that goes on, as they would be sent: to be ended elsewhere.

    A tablet that did not tap them itself needs them whole, since a correction repeats what it corrects.
    """
    part = parts[-1] if parts else None
    if part is None or part.ended_ms is not None or not viewer.may(Action.SEE_TIMELINE, visit.family):
        return []
    log = load_events(store, viewer, visit.family, visit.child, start_ms=part.started_ms)
    states = load(visit.instrument).codes(form="state") if not log.empty else []
    still = (log["window"] == str(part.window)) & log["offset_ms"].isna() & log["code"].isin(states)
    return [
        {
            "type": "event",
            "id": row["id"],
            "family": str(visit.family),
            "child": row["child"],
            "window": row["window"],
            "instrument": row["instrument"],
            "actor": row["actor"],
            "code": row["code"],
            "onset_ms": int(row["onset_ms"]),
            "offset_ms": None,
            "zone": row["zone"],
            "utc_offset_min": int(row["utc_offset_min"]),
            "elapsed_ms": int(row["onset_ms"]) - part.started_ms,
            "time_quality": row["time_quality"],
            "caregiver": row["caregiver"] if isinstance(row["caregiver"], str) else None,
            "author": row["author"],
            "supersedes": None,
            "void": False,
            "reason": None,
            "modifiers": {},
        }
        for row in log[still].to_dict("records")
    ]


def buttons(instrument: Instrument) -> list[dict[str, Any]]:
    """Return the buttons of an instrument, as the tap page reads them."""
    return [
        {
            "code": b.code,
            "actor": b.who,
            "kind": b.kind,
            "cue_class": b.cue_class,
            "form": b.form,
            "label": b.label,
            "icon": b.icon,
            "prominence": b.prominence,
            "hint": b.hint,
            "excludes": list(b.excludes),
        }
        for b in instrument.behaviours
    ]
