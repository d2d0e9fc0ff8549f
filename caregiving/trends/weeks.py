"""One figure, week by week: the real index on each week's own moments, so gates and limits are its own."""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from caregiving.indices import Estimate, Index, Material, UnknownIndex, all_indices
from caregiving.instruments import Instrument
from caregiving.report import Report

Ints = NDArray[np.int64]
WEEK_DAYS = 7
NOTHING = "nothing of this kind was seen in this week"
ONLY_WAITS = {"episodes", "instrument", "seed"}  # an index that reads no more looks at each class for itself


@dataclass(frozen=True)
class Week:
    """Seven of the family's days, what an index says of them, and how long somebody watched (s)."""

    first_day: str
    last_day: str
    estimate: Estimate
    watched_s: float


class UnknownMeasure(LookupError):
    """A figure that an index does not have."""

    def __init__(self, index: str, measure: str, cue_class: str, known: set[tuple[str, str]]) -> None:
        have = ", ".join(sorted(f"{name} of {group}" for name, group in known))
        super().__init__(f'{index} has no "{measure}" of "{cue_class}"; it has: {have}')


def by_week(
    report: Report, index: str, measure: str, cue_class: str, last_day: str, weeks: int = 12
) -> list[Week]:
    """Return one figure for each of so many weeks, the oldest first.

    A week is seven of the family's days; the last one ends on `last_day` (ISO 8601), which need not have been
    watched. The index sees only the episodes, windows and events of that week, so a week with too little in
    it comes back with the index's own sentence of what is lacking, and n.

    Parameters: `index` a name of the register, `measure` and `cue_class` as its estimates bear them.
    Moments without a date belong to no week.
    Raises: UnknownIndex; UnknownMeasure when the index gives no such figure in any of the weeks.
    """
    if index not in all_indices():
        raise UnknownIndex(index)
    week = _week_of(report.windows["day"], last_day, weeks)
    found = [
        {(one.measure, one.cue_class): one for one in all_indices()[index].estimates(part)}
        for part in _materials(report, all_indices()[index], cue_class, week, last_day, weeks)
    ]
    chosen = _chosen(found, index, measure, cue_class)
    lasted = (report.windows["end_s"] - report.windows["start_s"]).to_numpy(dtype=np.float64)
    seen_s = np.bincount(week[week >= 0], lasted[week >= 0], minlength=weeks)
    firsts = [_first_day(last_day, weeks - 1 - number) for number in range(weeks)]
    return [
        Week(first.isoformat(), (first + timedelta(days=WEEK_DAYS - 1)).isoformat(), one, float(seconds))
        for first, one, seconds in zip(firsts, chosen, seen_s, strict=True)
    ]


def _materials(
    report: Report, which: Index, cue_class: str, week: Ints, last_day: str, weeks: int
) -> Iterator[Material]:
    """Yield what the index reads of each week; frames that it does not read are left as they are."""
    reads = set(inspect.signature(which.function).parameters)
    episodes, instrument = report.episodes, report.instrument
    if reads <= ONLY_WAITS and cue_class.split("/")[0] in instrument.classes:
        episodes = episodes[episodes["cue_class"] == cue_class.split("/")[0]]
        instrument = _one_class(instrument, cue_class)
    whole = Material(instrument, report.events, report.windows, episodes)
    cues = _Weekly(episodes, _week_of(episodes["day"], last_day, weeks), weeks)
    windows = _Weekly(report.windows, week, weeks)
    events = None
    if "events" in reads:
        session_weeks = _session_weeks(report.events, report.windows["session"], week)
        events = _Weekly(report.events, session_weeks, weeks)
    for number in range(weeks):
        yield replace(
            whole,
            episodes=cues.of(number),
            windows=windows.of(number),
            events=events.of(number) if events else whole.events,
        )


def _chosen(
    found: list[dict[tuple[str, str], Estimate]], index: str, measure: str, cue_class: str
) -> list[Estimate]:
    """Return the figure that is asked for, week by week; blank where an index had nothing to say about it."""
    offered = {name: one for ones in found for name, one in ones.items()}
    if (measure, cue_class) not in offered:
        raise UnknownMeasure(index, measure, cue_class, set(offered))
    nothing = float("nan")
    blank = replace(offered[measure, cue_class], value=nothing, low=nothing, high=nothing, n=0, gate=NOTHING)
    return [ones.get((measure, cue_class), blank) for ones in found]


def _first_day(last_day: str, weeks_ago: int) -> date:
    return date.fromisoformat(last_day) - timedelta(days=WEEK_DAYS * (weeks_ago + 1) - 1)


class _Weekly:
    """A frame whose rows lie in order of their week, so that each week is a slice of it."""

    def __init__(self, frame: pd.DataFrame, week: Ints, weeks: int) -> None:
        order = np.argsort(week, kind="stable")
        order = order[week[order] >= 0]
        self.frame = frame.iloc[order]
        self.edges = np.searchsorted(week[order], np.arange(weeks + 1))

    def of(self, number: int) -> pd.DataFrame:
        """Return the rows of one week."""
        return self.frame.iloc[self.edges[number] : self.edges[number + 1]]


def _week_of(day: pd.Series, last_day: str, weeks: int) -> Ints:
    """Return the number of each day's week, 0 the oldest; -1 outside all of them or without a date."""
    place, names = pd.factorize(day)
    last = date.fromisoformat(last_day)
    ago = np.array([(last - date.fromisoformat(str(name))).days for name in names], dtype=np.int64)
    number = weeks - 1 - ago // WEEK_DAYS
    number = np.where((ago >= 0) & (number >= 0), number, -1)
    return np.append(number, -1)[place]


def _session_weeks(events: pd.DataFrame, session: pd.Series, week: Ints) -> Ints:
    """Return the week of each event: that of its session's first window in a week; -1 for one without."""
    dated = week >= 0
    first = pd.Series(week[dated], index=session[dated].astype("object")).groupby(level=0).min()
    own = events["session"].astype("category")
    lookup = first.reindex(own.cat.categories.astype("object")).fillna(-1).to_numpy(dtype=np.int64)
    return np.append(lookup, -1)[own.cat.codes.to_numpy()]


def _one_class(instrument: Instrument, cue_class: str) -> Instrument:
    """Return the instrument with only the class that is asked for, and only the code that is asked for."""
    name, _, code = cue_class.partition("/")
    classes = {known: timing for known, timing in instrument.classes.items() if known == name}
    kept = {
        known: timing.model_copy(update={"codes": {c: t for c, t in timing.codes.items() if c == code}})
        for known, timing in classes.items()
    }
    return instrument.model_copy(update={"classes": kept})
