"""The first days of logging, when watching itself may change what people do: the figures without them."""

from dataclasses import dataclass

import pandas as pd

from caregiving.indices import Estimate, Material, estimate
from caregiving.indices._selective import reactive_days
from caregiving.report import Report


@dataclass(frozen=True)
class Without:
    """One figure from all days, and the same figure without the first two."""

    cue_class: str
    seconds: float
    whole: Estimate
    without: Estimate


def first_days(report: Report) -> tuple[tuple[str, ...], tuple[Without, ...]]:
    """Return the first two days on which cues were logged, and what each class's share is without them.

    The share is that of `responsiveness` for the class's whole response window, computed twice by the same
    index, so gates and limits are its own.
    Parameters: a report of the whole log. Source: `selective_logging`.
    """
    early = tuple(reactive_days(report.episodes["day"]))
    later = report.episodes[~report.episodes["day"].isin(early)]
    whole, without = (_shares(rows, report) for rows in (report.episodes, later))
    rows = []
    for name, timing in report.instrument.classes.items():
        seconds = timing.response_window_s.value
        key = (f"within_{seconds:g}s", name)
        if key in whole and key in without:
            rows.append(Without(name, seconds, whole[key], without[key]))
    return early, tuple(rows)


def _shares(episodes: pd.DataFrame, report: Report) -> dict[tuple[str, str], Estimate]:
    material = Material(report.instrument, report.events, report.windows, episodes)
    return {(one.measure, one.cue_class): one for _index, one in estimate(material, ["responsiveness"])}
