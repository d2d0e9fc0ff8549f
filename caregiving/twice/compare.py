"""Two codings of one session, compared: in time, by events, and difference by difference."""

from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from caregiving.agreement.alignment import TOLERANCE_S, Alignment, alignment_of
from caregiving.agreement.records import pair
from caregiving.agreement.time_units import TimeUnits, units_of
from caregiving.twice import Twice
from caregiving.twice.steps import Step, as_frame, steps_of
from caregiving.twice.together import Together, together

TOLERANCES_S: Final = (0.0, TOLERANCE_S)
ACTORS: Final = ("infant", "caregiver")


@dataclass(frozen=True)
class Compared:
    """One session coded twice, with all that its two records have alike and not.

    `in_time`: kappa in time units, each actor, tolerance and direction; "a" is the first record. `by_event`:
    aligned events by actor. `steps`: what differs, one row each, in order (see `steps.COLUMNS`), seconds from
    the start of the first one's watching. `n_short`: stretches in which a state lasted longer in one record,
    but by no more than the tolerance; they are not among the steps.
    """

    twice: Twice
    together: Together
    in_time: tuple[TimeUnits, ...]
    by_event: dict[str, Alignment]
    steps: pd.DataFrame
    n_short: int

    @property
    def actors(self) -> list[str]:
        """Those of the two of whom anything was coded, the child first."""
        return [actor for actor in ACTORS if actor in self.by_event]

    def unit_kappas(self, actor: str, tolerance_s: float = TOLERANCE_S) -> list[TimeUnits]:
        """Return both directions of an actor's agreement in time at a tolerance."""
        return [one for one in self.in_time if one.actor == actor and one.tolerance_s == tolerance_s]

    def counts(self, actor: str | None = None) -> dict[str, int]:
        """Return how many events each had, matched, named differently and missed; of all actors when None."""
        names = ("n_a", "n_b", "matched", "differing", "missed_by_a", "missed_by_b")
        found: list[dict[str, Any]] = [
            one.as_json() for name, one in self.by_event.items() if actor in (None, name)
        ]
        return {name: sum(one[name] for one in found) for name in names}


def compare(twice: Twice, log: pd.DataFrame, windows: pd.DataFrame) -> Compared:
    """Compare the two codings of a session.

    The figures are those of `agreement.compare_records` for these two records and the time that both watched:
    time-unit kappa in both directions at 0 and 2 s, and kappa of aligned events (at most 2 s apart) in which
    what one of them missed is a category of its own. The records are laid out and aligned only once, and the
    same alignment gives the list of what differs, so each miss that is counted can be looked at.

    Parameters: EVENT_LOG and WINDOW_LOG that hold both sessions. Raises: Refused when they are not two
    codings of one session (see `together`). Source: `bakeman_2009`, `quera_2007`.
    """
    both = together(twice.first, twice.second, log, windows)
    laid = pair(both.first, both.second, both.windows, both.instrument, room_s=TOLERANCE_S)
    by_event: dict[str, Alignment] = {}
    steps: list[Step] = []
    n_short = 0
    for number, actor in enumerate(laid.actors):
        by_event[actor] = found = alignment_of(laid, number, TOLERANCE_S)
        listed, short = steps_of(laid, number, found.paired, both.instrument, TOLERANCE_S)
        steps += listed
        n_short += short
    in_time = tuple(units_of(laid, TOLERANCES_S))
    return Compared(twice, both, in_time, by_event, as_frame(steps, laid.begins_s), n_short)
