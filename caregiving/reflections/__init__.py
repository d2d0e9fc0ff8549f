"""What parents write for themselves: one record a text.

Nothing is ever changed in place. A correction is a new Reflection that supersedes the old one; taking a text
away is a new Reflection with `void` set. Private unless `shared`, which lets the own household read it.
"""

from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, field_validator, model_validator
from pydantic_core.core_schema import ValidationInfo

from caregiving.events import Instant
from caregiving.reflections.contents import CONTENTS, AnyContent, Content, Kind

__all__ = ["CONTENTS", "AnyContent", "Content", "Kind", "Reflection"]


class Reflection(BaseModel):
    """One text of one person, in one version."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: UUID
    family: UUID
    author: UUID  # the member who wrote it
    kind: Kind
    content: AnyContent
    shared: bool = False  # the others of the household may read it
    at_ms: Instant  # when it was first written; corrections keep it
    written_ms: Instant  # when this version was written
    supersedes: UUID | None = None
    void: bool = False

    @field_validator("content", mode="before")
    @classmethod
    def _of_its_kind(cls, value: Any, info: ValidationInfo) -> Any:
        """Read the content as its kind wants it, so that a fault is told of that kind alone."""
        wanted = CONTENTS.get(info.data.get("kind", ""))
        if wanted is None:  # the kind is at fault, and that is told already
            return value
        if isinstance(value, Content) and not isinstance(value, wanted):
            raise ValueError(f"a {type(value).__name__} is no content of this kind; give a {wanted.__name__}")
        return wanted.model_validate(value)

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        """Refuse a void of nothing, and a text that supersedes itself."""
        if self.void and self.supersedes is None:
            raise ValueError("a void names no text to take away; give its id in supersedes")
        if self.supersedes == self.id:
            raise ValueError("a text cannot supersede itself; give the new one a fresh id")
        return self
