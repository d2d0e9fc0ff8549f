"""The patterns that open a card, all in one place, each with its rule, in the order in which they count.

None of them holds a cut-off against other families. A pattern is something that somebody said (a check-in, a
button), a change against the family's own weeks, or a fact of the log that holds beyond chance: one interval
lies wholly beside another, or leaves out a value. A withheld figure opens nothing. What was said, and a
family's own change, are found elsewhere and handed in by name.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum, auto
from typing import Final

import pandas as pd

from caregiving.indices import Estimate
from caregiving.report import Report

COMPARED: Final = ("distress", "request", "social")  # turning away asks for a pause, not for an answer
NAMED_ANSWERS, DAYS = 20, 3  # as the gates of shares ask for


class Safety(StrEnum):
    """What comes before everything else. Handed in: nothing here waits for a figure of the log."""

    LOST_CONTROL = auto()
    """Somebody pressed the button that says it is getting too much."""
    UNSAFE_HOME = auto()
    """Somebody said that home does not feel safe."""
    HEALTH_WORRY = auto()
    """Somebody said that the baby seems ill."""
    PHQ2_3 = auto()
    """The two questions after the newest check-in reach 3 (`arroll_2010`)."""
    PHQ2_2 = auto()
    """The two questions after the newest check-in reach 2 (`arroll_2010`)."""
    CRYING_WORRY = auto()
    """Somebody said that the crying is very much, or the rule for excessive crying was met (`rome_iv`)."""


class Said(StrEnum):
    """What somebody said in a check-in. Handed in."""

    HIGH_STRESS = auto()
    """The newest check-in tells of much strain, by the words of its own scale."""
    LOW_SUPPORT = auto()
    """The newest check-in tells of little support, by the words of its own scale."""


class OwnWeeks(StrEnum):
    """A change against the family's own weeks before, beyond chance. Handed in."""

    WAITS_GREW = auto()
    """The one highlighted change of the week: answers took longer than in the two weeks before."""
    WAITS_SHRANK = auto()
    """The one highlighted change of the week: answers came sooner than in the two weeks before."""
    FEWER_ANSWERS = auto()
    """Fewer cues had an answer than in the weeks before."""
    MORE_CRYING = auto()
    """There was more crying than in the weeks before."""


def distress_often_unanswered(report: Report) -> bool:
    """More crying and fussing went without an answer inside its window than with one.

    The upper limit of the answered share lies below one half: which of the two is more, not a norm.
    """
    one = _answered(report, "distress")
    return one is not None and one.high < 0.5


def fewest_answers_distress(report: Report) -> bool:
    """Crying and fussing had an answer less often than each other kind of cue, intervals wholly apart."""
    return _fewest(report, "distress")


def fewest_answers_request(report: Report) -> bool:
    """Reaching and asking had an answer less often than each other kind of cue, intervals wholly apart."""
    return _fewest(report, "request")


def fewest_answers_social(report: Report) -> bool:
    """Smiles, looks and coos had an answer less often than each other kind of cue, intervals wholly apart."""
    return _fewest(report, "social")


def days_differ(report: Report) -> bool:
    """The days differ in their answered share beyond chance: the interval of that spread leaves out 0."""
    one = _shown(report, "consistency", "sd_true_pp", "all")
    return one is not None and one.low > 0


def settled_alone_most(report: Report) -> bool:
    """More crying ended by itself than with somebody there, the two intervals wholly apart."""
    alone = _shown(report, "comfort", "settled_alone", "distress")
    together = _shown(report, "comfort", "comfort_completion", "distress")
    return alone is not None and together is not None and alone.low > together.high


def one_person_answers(report: Report) -> bool:
    """Every answer that names somebody names the same person: at least 20 such answers on 3 days."""
    named = report.episodes[report.episodes["answered"] & report.episodes["responder"].notna()]
    enough = len(named) >= NAMED_ANSWERS and named["day"].nunique() >= DAYS
    return enough and named["responder"].nunique() == 1


def stimulation_after_turning_away(report: Report) -> bool:
    """Something lively followed a turning away inside its window, at least once (an intrusion was logged)."""
    one = _shown(report, "sensitivity", "intrusions", "disengage")
    return one is not None and one.value > 0


def night_not_watched(report: Report) -> bool:
    """Nobody watched between midnight and the hour at which the family's day begins, on 3 days or more."""
    windows = report.windows[report.windows["started_at"].notna()]
    if windows["day"].nunique() < DAYS or not report.day_start_h:
        return False
    local = pd.to_datetime(windows["started_at"].astype("str").str.slice(0, 19), format="ISO8601")
    begins_h = local.dt.hour + local.dt.minute / 60 + local.dt.second / 3600
    ends_h = begins_h + (windows["end_s"] - windows["start_s"]) / 3600
    return not bool(((begins_h < report.day_start_h) | (ends_h > 24)).any())


LOGGED: Final[Mapping[str, Callable[[Report], bool]]] = {
    rule.__name__: rule
    for rule in (
        distress_often_unanswered,
        fewest_answers_distress,
        fewest_answers_request,
        fewest_answers_social,
        days_differ,
        settled_alone_most,
        one_person_answers,
        stimulation_after_turning_away,
        night_not_watched,
    )
}
HANDED_IN: Final[tuple[str, ...]] = tuple(str(one) for kind in (Safety, Said, OwnWeeks) for one in kind)
PATTERNS: Final[tuple[str, ...]] = (*HANDED_IN, *LOGGED)


class UnknownPattern(LookupError):
    """A name was handed in that is no pattern, or one that only the report can open."""


def open_patterns(report: Report | None, opened: Iterable[str] = frozenset()) -> tuple[str, ...]:
    """Return the patterns that are open, the one that counts most first.

    Parameters: `report`, or None for somebody who may not see one; `opened` those handed in.

    >>> open_patterns(None, {"high_stress", "lost_control"})
    ('lost_control', 'high_stress')

    Raises
    ------
    UnknownPattern
        When a name is handed in that is none of Safety, Said and OwnWeeks.
    """
    handed = frozenset(opened)
    if unknown := sorted(handed - {*HANDED_IN}):
        raise UnknownPattern(f"{', '.join(unknown)} cannot be handed in; what can is {', '.join(HANDED_IN)}")
    said = [name for name in HANDED_IN if name in handed]
    return (*said, *(name for name, rule in LOGGED.items() if report is not None and rule(report)))


def _shown(report: Report, index: str, measure: str, cue_class: str) -> Estimate | None:
    """Return the estimate while its gate is met, else None."""
    one = report.find(index, measure, cue_class)
    return one if one is not None and one.gate is None else None


def _answered(report: Report, cue_class: str) -> Estimate | None:
    """Return the share answered by the longest target of a class, when it may be shown."""
    timing = report.instrument.classes.get(cue_class)  # type: ignore[call-overload]
    if timing is None or timing.within_s is None:
        return None
    return _shown(report, "responsiveness", f"within_{max(timing.within_s.value):g}s", cue_class)


def _fewest(report: Report, cue_class: str) -> bool:
    found = {name: one for name in COMPARED if (one := _answered(report, name)) is not None}
    mine = found.pop(cue_class, None)
    return mine is not None and bool(found) and all(mine.high < other.low for other in found.values())
