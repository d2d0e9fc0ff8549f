"""What a family agreed to, as the family itself reads it: to whom, what for, until when, ended or not."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from caregiving.people import Consent, Role, Viewer, require
from caregiving.store.consents import DECIDE, _consent
from caregiving.store.engine import Store
from caregiving.store.tables import consents, members


@dataclass(frozen=True)
class Given:
    """A consent, and who it lets in."""

    consent: Consent
    alias: str
    role: Role

    def holds(self, at: datetime) -> bool:
        """Tell whether it lets anybody in at that moment, or will do so later."""
        ended = self.consent.withdrawn_at
        return at < self.consent.valid_until and (ended is None or at < ended)


def consents_of(store: Store, viewer: Viewer, family: UUID) -> list[Given]:
    """Return everything a family agreed to, ended ones too, the newest first.

    Raises
    ------
    NotAllowed
        When the viewer may not decide for this family: only the family itself reads this.
    """
    require(viewer, DECIDE, family)
    asked = (
        select(consents, members.c.alias, members.c.role)
        .join(members, members.c.id == consents.c.member)
        .where(consents.c.family == family)
        .order_by(consents.c.valid_from_ms.desc(), consents.c.id)
    )
    with store.reader.begin() as connection:
        return [Given(_consent(row), row.alias, Role(row.role)) for row in connection.execute(asked)]
