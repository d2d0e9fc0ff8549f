"""Ratings that trained people entered: shown as they are beside what was counted, never mixed with it."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from caregiving.frames import RATINGS, conform, empty


@dataclass(frozen=True)
class Record:
    """One scale on the last day it was rated: the mean of `raters` raters, from the lowest to the highest."""

    scale: str
    value: float
    raters: int
    low: float
    high: float
    minutes: float
    certified: bool
    words: str


def rated(ratings: pd.DataFrame, *instruments: str) -> pd.DataFrame:
    """Return the ratings whose instrument's id has one of these words in it, as a RATINGS frame.

    Words of an id stand between underscores: `sensitivity_rating.v1` has sensitivity and rating.

    A frame without columns holds no ratings.

    >>> len(rated(pd.DataFrame(), "sensitivity"))
    0
    """
    if ratings.empty:
        return empty(RATINGS)
    rows = conform(ratings, RATINGS)
    name = "_" + rows["instrument"].fillna("").str.lower().str.split(".").str[0] + "_"
    return rows[
        name.map(lambda text: any(f"_{word}_" in text for word in instruments)).astype(bool)
        & rows["value"].notna()
    ]


def records(rows: pd.DataFrame) -> Iterator[Record]:
    """Yield each scale's newest record in order of name: the mean over raters of its last day and session.

    A rater who rated a scale twice that day counts once, with the mean. `low` and `high` are the lowest and
    the highest rater, NaN for one rater; `certified` only when every rater is; `words` say who, when, how
    long.
    """
    for scale, of_scale in rows.groupby(rows["scale"].astype("object"), sort=True):
        when = (
            of_scale["day"].astype("object").fillna("")
            + " "
            + of_scale["session"].astype("object").fillna("")
        )
        last = of_scale[when == when.max()]
        by_rater = last.groupby(last["rater"].astype("object").fillna("somebody"))["value"].mean()
        minutes = float(last["minutes"].min())
        certified = bool(last["certified"].all())
        named = ", ".join(str(rater) for rater in by_rater.index)
        day = last["day"].iloc[0]
        on = f" on {day}" if isinstance(day, str) and day else ""
        watched = f", {minutes:g} min observed" if minutes == minutes else ""
        words = f"entered by {named}{on}{watched}, {'certified' if certified else 'not certified'}"
        low, high = (
            (float(by_rater.min()), float(by_rater.max())) if len(by_rater) > 1 else (math.nan, math.nan)
        )
        yield Record(str(scale), float(by_rater.mean()), len(by_rater), low, high, minutes, certified, words)
