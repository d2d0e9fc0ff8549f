"""What every kind of record has in common: what fits as answers, which scores they give, who may see them."""

from typing import Protocol

from caregiving.instruments.items import Answers


class Form(Protocol):
    """An instrument whose answers are kept as a record: a rating, a sort or a procedure."""

    @property
    def name(self) -> str:
        """The id with its version."""

    @property
    def title(self) -> str:
        """What it is called on a page."""

    @property
    def sharing(self) -> str:
        """`never` stays with its author; `ask` until its author shares it."""

    @property
    def rated_as(self) -> tuple[str, ...]:
        """Whom a record of it can describe: `self`, `observer` or both."""

    def trouble(self, answers: Answers) -> list[str]:
        """Return a sentence for everything that keeps these answers from being stored."""

    def score(self, answers: Answers) -> dict[str, float]:
        """Return every score; NaN for one that could not be made."""
