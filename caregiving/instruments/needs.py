"""What a record has to have before it is shown: somebody trained who made it, and a long enough observation.

Whatever it lacks, it is kept as it was entered; it is only not shown as a figure.
"""

from pydantic import Field

from caregiving.instruments._blocks import Block, Code, Number
from caregiving.instruments.expressions import Answer, holds, parse
from caregiving.instruments.items import Answers, Expression
from caregiving.words import _, n_


class Minutes(Block):
    """The question that says how long was observed, and how long it has to be."""

    item: Code
    at_least: Number | None = None


class Needs(Block):
    """What a record has to have. `certified_when` tells from the answers whether its rater is trained."""

    certified_when: Expression | None = Field(
        default=None, description="answers that say so; nothing is asked for"
    )
    minutes: Minutes | None = None

    def certified(self, answers: Answers) -> bool:
        """Tell whether the answers say that the rater is trained and certified."""
        return self.certified_when is not None and holds(parse(self.certified_when), answers)

    def observed_min(self, answers: Answers) -> float | None:
        """Return how many minutes were observed, or None when nobody said so."""
        said: Answer = answers.get(self.minutes.item) if self.minutes else None
        return float(said) if isinstance(said, int | float) and said > 0 else None

    def lacking(self, answers: Answers) -> list[str]:
        """Return a sentence for everything that keeps these answers from being shown as a figure."""
        found = []
        if self.certified_when is not None and not self.certified(answers):
            found.append(_("Kept, and not shown as a figure: it takes a trained, certified rater."))
        least = self.minutes.at_least if self.minutes else None
        seen = self.observed_min(answers) or 0
        if least is not None and seen < least.value:
            found.append(
                n_(
                    "Kept, and not shown as a figure: {n} more minute of observing would be needed.",
                    "Kept, and not shown as a figure: {n} more minutes of observing would be needed.",
                    least.value - seen,
                )
            )
        return found
