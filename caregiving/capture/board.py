"""What the tap page needs to know to draw itself: children, caregivers, buttons, and a window still open."""

from typing import Any
from uuid import UUID

from caregiving.instruments import Instrument, load
from caregiving.people import Action, Viewer
from caregiving.settings import Mode
from caregiving.store.engine import Store
from caregiving.store.people import caregivers, children, members
from caregiving.store.windows import open_window

INSTRUMENT = "home_moments"


def board(store: Store, viewer: Viewer, mode: Mode, server_ms: int) -> dict[str, Any]:
    """Return the board of this viewer's family; for somebody who may only look, without anything to tap."""
    instrument = load(INSTRUMENT)
    family = viewer.own_family
    may_log = family is not None and viewer.may(Action.LOG, family)
    seen: dict[str, Any] = {
        "server_ms": server_ms,
        "mode": str(mode),
        "family": None,
        "member": str(viewer.member),
        "member_alias": viewer.alias,
        "may_log": may_log,
        "children": [],
        "caregivers": [],
        "instrument": instrument.name,
        "title": instrument.title,
        "buttons": buttons(instrument),
        "open_window": None,
    }
    if family is None or not may_log:
        return seen
    return seen | {"family": str(family)} | _household(store, viewer, family)


def _household(store: Store, viewer: Viewer, family: UUID) -> dict[str, Any]:
    me = next(m.caregiver for m in members(store) if m.id == viewer.member)
    open_now = open_window(store, viewer, family, viewer.member)
    return {
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
        }
        for b in instrument.behaviours
    ]
