"""Who may do what. This file holds the one table; every store function asks it first. Deny by default."""

from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class Role(StrEnum):
    """What somebody is to a family."""

    PARENT = "parent"
    HOME_VISITOR = "home_visitor"
    SUPERVISOR = "supervisor"


class Action(StrEnum):
    """What somebody wants to do with a family's records."""

    LOG = "log"
    CORRECT = "correct"
    SEE_TIMELINE = "see_timeline"
    SEE_PATTERNS = "see_patterns"
    SEE_PEOPLE = "see_people"
    KEEP_DRAFT = "keep_draft"
    GIVE_CONSENT = "give_consent"
    REFLECT = "reflect"
    RATE = "rate"
    OBSERVE = "observe"
    SEE_QUALITY = "see_quality"


class Reach(StrEnum):
    """How far a permission goes."""

    OWN = "own"
    CONSENTED = "consented"


MAY: Final = MappingProxyType(
    {
        (Role.PARENT, Action.LOG): Reach.OWN,
        (Role.PARENT, Action.CORRECT): Reach.OWN,
        (Role.PARENT, Action.SEE_TIMELINE): Reach.OWN,
        (Role.PARENT, Action.SEE_PATTERNS): Reach.OWN,
        (Role.PARENT, Action.SEE_PEOPLE): Reach.OWN,
        (Role.PARENT, Action.KEEP_DRAFT): Reach.OWN,
        (Role.PARENT, Action.GIVE_CONSENT): Reach.OWN,
        (Role.PARENT, Action.REFLECT): Reach.OWN,
        (Role.PARENT, Action.RATE): Reach.OWN,
        (Role.PARENT, Action.SEE_QUALITY): Reach.OWN,
        (Role.HOME_VISITOR, Action.SEE_TIMELINE): Reach.CONSENTED,
        (Role.HOME_VISITOR, Action.SEE_PATTERNS): Reach.CONSENTED,
        (Role.HOME_VISITOR, Action.SEE_PEOPLE): Reach.CONSENTED,
        (Role.HOME_VISITOR, Action.SEE_QUALITY): Reach.CONSENTED,
        (Role.HOME_VISITOR, Action.OBSERVE): Reach.CONSENTED,
        (Role.HOME_VISITOR, Action.RATE): Reach.CONSENTED,
        (Role.HOME_VISITOR, Action.KEEP_DRAFT): Reach.CONSENTED,
        (Role.SUPERVISOR, Action.SEE_QUALITY): Reach.CONSENTED,
    }
)


class Consent(BaseModel):
    """A family lets one person do certain things, for a purpose and for a time."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: UUID
    family: UUID
    member: UUID
    scope: frozenset[Action]
    purpose: str = Field(min_length=1, max_length=200)
    given_by: UUID
    valid_from: AwareDatetime
    valid_until: AwareDatetime
    withdrawn_at: AwareDatetime | None = None

    def covers(self, action: Action, family: UUID, at: datetime) -> bool:
        """Tell whether this consent allows that action on that family at that moment.

        It holds from its first instant up to, and without, its last; a withdrawal ends it at once.
        """
        ended = self.withdrawn_at is not None and at >= self.withdrawn_at
        return (
            self.family == family
            and action in self.scope
            and self.valid_from <= at < self.valid_until
            and not ended
        )


class Viewer(BaseModel):
    """Somebody at a screen or behind a request, at one moment."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    member: UUID
    alias: str
    role: Role
    own_family: UUID | None = None
    consents: tuple[Consent, ...] = ()
    at: AwareDatetime

    def may(self, action: Action, family: UUID) -> bool:
        """Tell whether the table, and the family's consent where it is needed, allow this."""
        reach = MAY.get((self.role, action))
        if reach is Reach.OWN:
            return self.own_family == family
        if reach is Reach.CONSENTED:
            return any(consent.covers(action, family, self.at) for consent in self.consents)
        return False


class NotAllowed(PermissionError):
    """Somebody asked for what is not theirs. The sentence names neither the family nor the child."""

    def __init__(self, viewer: Viewer, action: Action) -> None:
        what = str(action).replace("_", " ")
        super().__init__(
            f"{viewer.alias} ({viewer.role}) may not {what} here; the family has not agreed to it."
        )


def require(viewer: Viewer, action: Action, family: UUID) -> None:
    """Let the action pass, or raise.

    Raises
    ------
    NotAllowed
        When the table has no entry for the role, the family is another one, or no valid consent covers it.
    """
    if not viewer.may(action, family):
        raise NotAllowed(viewer, action)
