"""How somebody likes the program: small values under a name. Each reaches only their own, in any role.

There is no family in question, so nothing has to be allowed: the viewer is the key.
"""

import json
from typing import Final

from pydantic import JsonValue
from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from caregiving.faults import Fault, Refused
from caregiving.people import Viewer
from caregiving.store.engine import Store
from caregiving.store.tables import preferences

LONGEST_NAME: Final = 60
LARGEST: Final = 4_000


def preference(store: Store, viewer: Viewer, name: str, default: JsonValue = None) -> JsonValue:
    """Return what the viewer chose under this name, or the default when they chose nothing."""
    asked = select(preferences.c.value).where(
        preferences.c.member == viewer.member, preferences.c.name == name
    )
    with store.reader.begin() as connection:
        row = connection.execute(asked).first()
    return default if row is None else row.value


def prefer(store: Store, viewer: Viewer, name: str, value: JsonValue, at_ms: int) -> None:
    """Keep what the viewer chooses under this name; of two choices the later moment wins.

    Raises
    ------
    Refused
        When the name is empty or too long, or the value is no JSON or too large.
    """
    _require_small(name, value)
    new = insert(preferences).values(member=viewer.member, name=name, value=value, saved_ms=at_ms)
    later = {"value": new.excluded.value, "saved_ms": new.excluded.saved_ms}
    with store.writer.begin() as connection:
        connection.execute(
            new.on_conflict_do_update(
                index_elements=["member", "name"],
                set_=later,
                where=preferences.c.saved_ms <= new.excluded.saved_ms,
            )
        )


def _require_small(name: str, value: JsonValue) -> None:
    if not 0 < len(name) <= LONGEST_NAME:
        raise Refused([Fault("preference, name", f"{len(name)} characters", f"1 to {LONGEST_NAME}")])
    try:
        size = len(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError) as reason:
        raise Refused([Fault(f"preference {name}", f"no JSON ({reason})", "numbers, texts, lists")]) from None
    if size > LARGEST:
        raise Refused([Fault(f"preference {name}", f"{size} characters", f"at most {LARGEST}")])
