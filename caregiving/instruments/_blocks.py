"""What the parts of every kind of instrument share: frozen blocks, and numbers that name their source."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from caregiving.sources import all_sources

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class Block(BaseModel):
    """A part of an instrument: frozen, and unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Sourced(Block):
    """Anything with numbers in it names its source."""

    source: str
    note: str = ""

    @model_validator(mode="after")
    def _source_is_known(self) -> Self:
        """Refuse a source that is not in sources.yaml."""
        if self.source not in all_sources():
            known = ", ".join(sorted(all_sources()))
            raise PydanticCustomError(
                "source", "a source key of sources.yaml, one of: {known}", {"known": known}
            )
        return self


class Number(Sourced):
    """One number with its source."""

    value: float = Field(ge=0)


class Steps(Sourced):
    """Several rising numbers with one source."""

    value: tuple[float, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _rising(self) -> Self:
        """Refuse steps that do not rise from above 0."""
        if any(b <= a for a, b in zip((0.0, *self.value), self.value, strict=False)):
            raise PydanticCustomError("rising", "numbers that rise, the first above 0", {})
        return self
