"""The few things that are counted in what parents wrote. No score, and no row of days to break."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from scipy.stats import rankdata

from caregiving.reflections import AnyContent, Reflection
from caregiving.reflections.contents import Goal, Stress
from caregiving.words import n_

PAIRS_NEEDED: Final = 10  # fewer pairs, and no test is made of them


@dataclass(frozen=True)
class Steps:
    """How many steps there are, and how many are done."""

    done: int
    n: int


@dataclass(frozen=True)
class StressChange:
    """How tension differed between before and after.

    median: points, after minus before, -10 to 10; NaN without a pair. n: pairs with both numbers.
    p: two-sided, 0 to 1; NaN while pairs are missing. needs: what is missing for it, as a sentence, or None.
    """

    median: float
    n: int
    p: float
    needs: str | None


def counts(texts: Iterable[Reflection]) -> dict[str, int]:
    """Return how many texts there are of each kind; a kind without any is absent.

    >>> counts([])
    {}
    """
    return dict(Counter(text.kind for text in texts))


def steps_done(goals: Iterable[Goal]) -> Steps:
    """Count the steps of these goals that are done, whenever that was: there is no row of days to break.

    >>> steps = [{"text": "ask Noor", "done_on": date(2026, 3, 1)}, {"text": "nap on Sunday"}]
    >>> steps_done([Goal.model_validate({"title": "Rest", "steps": steps})])
    Steps(done=1, n=2)
    """
    steps = [step for goal in goals for step in goal.steps]
    return Steps(done=sum(step.done_on is not None for step in steps), n=len(steps))


def stress_change(noted: Iterable[Stress]) -> StressChange:
    """Median of after minus before, with the Wilcoxon signed-rank test from ten pairs on.

    Parameters: moments of tension; one without its second number is no pair and is left out.
    Returns: StressChange. The median is in points of the scale, -10 to 10; NaN when n is 0.
    It does not tell what helped: most hard moments also pass by themselves.

    >>> change = stress_change([Stress(before=8, after=5), Stress(before=7, after=6), Stress(before=6)])
    >>> change.median, change.n, change.needs
    (-2.0, 2, '8 more moments with both numbers, and a change can be told from chance.')
    """
    fell = [one.after - one.before for one in noted if one.after is not None]
    median = float(np.median(fell)) if fell else float("nan")
    missing = PAIRS_NEEDED - len(fell)
    if missing > 0:
        needs = n_(
            "{n} more moment with both numbers, and a change can be told from chance.",
            "{n} more moments with both numbers, and a change can be told from chance.",
            missing,
        )
        return StressChange(median, len(fell), float("nan"), needs)
    return StressChange(median, len(fell), signed_rank_p(fell), None)


def signed_rank_p(differences: Sequence[float]) -> float:
    """How often chance alone would lean as far to one side: the p of Wilcoxon's signed-rank test.

    Parameters: differences of pairs. Those that are zero are dropped; tied ones share their mean rank.
    Returns: two-sided p, above 0 up to 1, exact for any number of pairs and ties: the chance of every sum of
    ranks is counted out. (scipy.stats.wilcoxon counts it out up to 13 pairs when some are tied, in half a
    second, and approximates beyond.) 1 when no pair differs.
    Source: Wilcoxon, 1945.

    Five pairs that all fall: one of 2**5 ways has no rise, one has no fall.

    >>> signed_rank_p([-1, -2, -3, -4, -5, 0]) == 2 / 2**5
    True
    """
    differ = np.array([one for one in differences if one], dtype=float)
    ranks = np.rint(2 * rankdata(np.abs(differ))).astype(int)  # twice the rank is whole, also when tied
    chance = np.ones(1)
    for rank in ranks:
        longer = np.zeros(len(chance) + rank)
        longer[: len(chance)] += chance / 2
        longer[rank:] += chance / 2
        chance = longer
    rises = int(ranks[differ > 0].sum())
    smaller = min(rises, len(chance) - 1 - rises)
    return min(1.0, 2 * float(chance[: smaller + 1].sum()))


def revisit_on(text: Reflection) -> date | None:
    """Return the day on which somebody wanted to look at this text again, if any."""
    return getattr(text.content, "revisit_on", None)


def due(texts: Sequence[Reflection], today: date) -> list[Reflection]:
    """Return the texts whose day for another look has come, the one that waits longest first.

    A goal whose steps are all done waits for nobody.

    >>> due([], date(2026, 3, 1))
    []
    """
    waiting = [(day, text) for text in texts if (day := revisit_on(text)) is not None and day <= today]
    return [text for _, text in sorted(waiting, key=lambda one: one[0]) if not _reached(text.content)]


def _reached(content: AnyContent) -> bool:
    return isinstance(content, Goal) and all(step.done_on for step in content.steps)
