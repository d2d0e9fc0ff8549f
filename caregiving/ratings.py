"""One filled-in rating: what was answered, the scores it gave, who rated, and who else may see it."""

import math
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictFloat, StrictInt, StringConstraints, model_validator

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Said = Annotated[str, StringConstraints(strict=True, max_length=2000)] | StrictInt | StrictFloat
DAY_START_H: Final = 6


class Rating(BaseModel):
    """Somebody's answers to one instrument, at one moment. A correction is a new one that supersedes the old.

    kind: `self` describes the one who rates, `observer` whom they observed.
    answers: only what was answered; a question left open on purpose holds the code of that.
    scores: only those that could be made.
    shared: others who may see the family's patterns may see it; else it is its author's alone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
    id: UUID
    family: UUID
    child: UUID | None = None
    author: UUID
    rater: str = Field(min_length=1, max_length=80)
    kind: Literal["observer", "self"]
    instrument: str = Field(pattern=r"^[a-z][a-z0-9_]*\.v[1-9][0-9]*$", max_length=60)
    window: UUID | None = None
    certified: bool = False
    minutes: float | None = Field(default=None, gt=0)
    answers: dict[Code, Said]
    scores: dict[Code, float]
    shared: bool = False
    at_ms: int = Field(ge=0)
    utc_offset_min: int = Field(ge=-24 * 60, le=24 * 60)
    written_ms: int = Field(ge=0)
    supersedes: UUID | None = None
    void: bool = False

    @model_validator(mode="after")
    def _void_ends_something(self) -> Self:
        """Refuse a void that names no rating to end."""
        if self.void and self.supersedes is None:
            raise ValueError("a void names no rating to take back; give its id in supersedes")
        return self

    def day(self, day_start_h: int = DAY_START_H) -> str:
        """Return the family's day on which it was rated; that begins at `day_start_h`, not at midnight.

        >>> from uuid import UUID
        >>> nobody, three_at_night_in_berlin = UUID(int=0), 1_790_733_600_000
        >>> Rating(
        ...     id=nobody,
        ...     family=nobody,
        ...     author=nobody,
        ...     rater="Ada",
        ...     kind="self",
        ...     instrument="phq2.v1",
        ...     answers={},
        ...     scores={},
        ...     at_ms=three_at_night_in_berlin,
        ...     utc_offset_min=120,
        ...     written_ms=0,
        ... ).day()
        '2026-09-29'
        """
        local = datetime.fromtimestamp(self.at_ms / 1000, UTC) + timedelta(minutes=self.utc_offset_min)
        return (local - timedelta(hours=day_start_h)).date().isoformat()


def counted(scores: dict[str, float]) -> dict[str, float]:
    """Return the scores that could be made; one that could not is left out, never kept as 0.

    >>> counted({"support_felt": 1.0, "stress": float("nan")})
    {'support_felt': 1.0}
    """
    return {name: value for name, value in scores.items() if not math.isnan(value)}
