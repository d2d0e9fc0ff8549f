"""The one tray that charts, pages and exports are handed: period, instrument, frames and estimates."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from caregiving.episodes import pair
from caregiving.indices import Estimate, Index, Material, as_frame, estimate
from caregiving.indices._survival import Curve, curve
from caregiving.instruments import Instrument
from caregiving.periods import EVERYTHING, Period
from caregiving.sessions import DAY_START_H, Aside, lay_out


@dataclass(frozen=True)
class Report:
    """What was seen in a period and what it amounts to. Built once, read by everybody, changed by nobody."""

    instrument: Instrument
    events: pd.DataFrame
    windows: pd.DataFrame
    episodes: pd.DataFrame
    results: tuple[tuple[Index, Estimate], ...]
    aside: Aside = field(default_factory=Aside)
    day_start_h: int = DAY_START_H
    period: Period = EVERYTHING

    @property
    def exposure_s(self) -> float:
        """Watched time in seconds."""
        return float((self.windows["end_s"] - self.windows["start_s"]).sum())

    @property
    def days(self) -> list[str]:
        """The family's days on which somebody watched, in order."""
        return sorted(self.windows["day"].dropna().unique())

    def find(self, index: str, measure: str, cue_class: str) -> Estimate | None:
        """Return one estimate, or None when the report has none of that name."""
        return next(
            (e for i, e in self.results if (i.name, e.measure, e.cue_class) == (index, measure, cue_class)),
            None,
        )

    def curve(self, cue_class: str) -> Curve:
        """Return the Kaplan-Meier curve of one class of cues, those already attended to left out."""
        rows = self.episodes[(self.episodes["cue_class"] == cue_class) & ~self.episodes["already_engaged"]]
        return curve(rows["followed_s"], rows["answered"])

    def estimates(self, *, ungated: bool = False) -> pd.DataFrame:
        """Return the estimates as an ESTIMATES frame."""
        return as_frame(self.results, ungated=ungated)


def analyse(
    events: pd.DataFrame,
    windows: pd.DataFrame,
    instrument: Instrument,
    *,
    names: list[str] | None = None,
    seed: int = 0,
    aside: Aside | None = None,
    recalled: pd.DataFrame | None = None,
    ratings: pd.DataFrame | None = None,
    day_start_h: int = DAY_START_H,
    period: Period = EVERYTHING,
) -> Report:
    """Return the report of coded events: episodes, and the named indices (all when None).

    Nothing is cut here: `period` says which days the events, windows and ratings are of.

    Raises
    ------
    MissingColumn, UnknownBehaviour, UnknownIndex
        When a column is absent, a code is not in the instrument, or an index is not in the register.
    """
    episodes = pair(events, windows, instrument)
    beside = {"recalled": recalled, "ratings": ratings}
    given = {name: frame for name, frame in beside.items() if frame is not None}
    material = Material(instrument, events, windows, episodes, seed=seed, **given)
    results = tuple(estimate(material, names))
    return Report(instrument, events, windows, episodes, results, aside or Aside(), day_start_h, period)


def build_report(
    log: pd.DataFrame,
    windows: pd.DataFrame,
    instrument: Instrument,
    *,
    now_ms: int,
    names: list[str] | None = None,
    day_start_h: int = DAY_START_H,
    seed: int = 0,
    period: Period | None = None,
    ratings: pd.DataFrame | None = None,
) -> Report:
    """Return the report of a tapped log: lay it out as sessions, then analyse those.

    Only rows logged with this instrument (any version of it) are read. With a period only the sessions that
    began on its days count, with what lies in them: the same sessions as in the report of everything; and so
    of `ratings`, a RATINGS frame of what the reader may see.
    """
    days = EVERYTHING if period is None else period
    prefix = f"{instrument.id}.v"
    longest = max(c.response_window_s.value for c in instrument.classes.values())
    sessions = lay_out(
        _of_instrument(log, prefix),
        _of_instrument(windows, prefix),
        now_ms=now_ms,
        longest_wait_s=longest,
        day_start_h=day_start_h,
        period=days,
    )
    return analyse(
        sessions.events,
        sessions.windows,
        instrument,
        names=names,
        seed=seed,
        aside=sessions.aside,
        recalled=sessions.recalled,
        ratings=None if ratings is None else ratings[ratings["day"].map(days.__contains__).astype(bool)],
        day_start_h=day_start_h,
        period=days,
    )


def _of_instrument(log: pd.DataFrame, prefix: str) -> pd.DataFrame:
    """Return the rows logged with an instrument; the frame itself, without a copy, when all of them are."""
    number, names = pd.factorize(log["instrument"])
    fitting = np.array([str(name).startswith(prefix) for name in names] + [False])[number]
    return log if fitting.all() else log[fitting]
