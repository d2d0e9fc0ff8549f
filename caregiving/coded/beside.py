"""What can be counted in one coded session, so that two sessions can stand beside each other.

Nothing is tested between two sessions: the project's comparison (see `indices/_compare.py`) asks for 20 cues
and 3 days on each side, and one session is one day. So each side stands with its own counts and limits.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from caregiving.coded.looks import BOTH, states_of_two
from caregiving.indices import Estimate
from caregiving.instruments import Instrument
from caregiving.report import Report, analyse
from caregiving.sequences import show

WAITING = ("responsiveness", "latency")
TOGETHER = ("matched", "repair_latency")


@dataclass(frozen=True)
class Cues:
    """The cues of one class in one session, one a bout.

    n: all of them. engaged: those at which somebody was already there. Of the others, `known` were followed
    to their end (answered, passed by themselves, or watched for all of `within_s`), and `answered` of these
    had an answer within `within_s` seconds. Those not watched to the end are in n only.

    >>> Cues(n=5, engaged=1, known=3, answered=2, within_s=5.0).unseen
    1
    """

    n: int
    engaged: int
    known: int
    answered: int
    within_s: float

    @property
    def unseen(self) -> int:
        """Those that could not be watched to the end of their time."""
        return self.n - self.engaged - self.known


@dataclass(frozen=True)
class Side:
    """One session of two: its watched time, its cues by class, its figures, and how its time went.

    figures: estimates by (measure, class of cues), each with its own gate and limits.
    """

    watched_s: float
    observed_s: float
    cues: Mapping[str, Cues]
    figures: Mapping[tuple[str, str], Estimate]
    budget: dict[str, Any]


def side(events: pd.DataFrame, windows: pd.DataFrame, instrument: Instrument) -> Side:
    """Return what can be counted in one session.

    Parameters: EVENTS and WINDOWS frames of the session, a window a stretch (see `frames_of`); its
    instrument. Nothing runs across a break between stretches. Raises: MissingColumn, UnknownBehaviour.

    A smile answered after 2 s, one not answered, and one 3 s before the watching ends:

    >>> from caregiving.frames import EVENTS, WINDOWS, conform
    >>> from caregiving.instruments import load
    >>> acts = [("infant", "smile", 10.0), ("caregiver", "smile_back", 12.0)]
    >>> acts += [("infant", "smile", 30.0), ("infant", "smile", 57.0)]
    >>> events = pd.DataFrame(acts, columns=["actor", "code", "onset_s"]).assign(session="s", offset_s=None)
    >>> watched = pd.DataFrame({"session": ["s"], "start_s": [0.0], "end_s": [60.0], "day": ["2026-03-01"]})
    >>> found = side(conform(events, EVENTS), conform(watched, WINDOWS), load("free_play.v1"))
    >>> found.cues["social"]
    Cues(n=3, engaged=0, known=2, answered=1, within_s=5.0)
    """
    names = [*WAITING, *(["availability"] if states_of_two(instrument) else [])]
    report = analyse(events, windows, instrument, names=names)
    budget = show("time_budget", events, windows, instrument, actor=BOTH)
    figures = {
        (one.measure, one.cue_class): one
        for index, one in report.results
        if index.name in WAITING or one.measure in TOGETHER
    }
    return Side(budget["watched_s"], budget["observed_s"], _cues(report), figures, budget)


def _cues(report: Report) -> dict[str, Cues]:
    """Return the cues of each class that the instrument knows, in its order."""
    found: dict[str, Cues] = {}
    for name, timing in report.instrument.classes.items():
        rows = report.episodes[report.episodes["cue_class"].eq(name)]
        within_s = max(timing.within_s.value) if timing.within_s else timing.response_window_s.value
        waiting = rows[~rows["already_engaged"].astype(bool)]
        answered = waiting["answered"].astype(bool) & waiting["latency_s"].le(within_s).fillna(False)
        known = answered | waiting["answered"] | waiting["self_settled"] | waiting["followed_s"].ge(within_s)
        found[name] = Cues(
            n=len(rows),
            engaged=len(rows) - len(waiting),
            known=int(known.astype(bool).sum()),
            answered=int(answered.astype(bool).sum()),
            within_s=float(within_s),
        )
    return found


def behind(one: Estimate, gate: str | None) -> Estimate:
    """Return an estimate behind a further gate, such as that of two observers; its own gate comes first.

    >>> behind(Estimate("matched", 0.4, 1, "share", "x"), "needs a second observer").shown.value
    nan
    """
    return one if one.gate or gate is None else replace(one, gate=gate)
