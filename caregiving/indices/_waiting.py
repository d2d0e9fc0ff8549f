"""Which cues wait, and how they are grouped: by class, and by single codes that have targets of their own."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from caregiving.instruments import Instrument, Timing

READ = ["cue_class", "cue_code", "answered", "followed_s", "already_engaged", "day", "session"]


@dataclass(frozen=True)
class Group:
    """Cues that are looked at together: a class such as distress, or one code of it, such as distress/cry.

    Of the columns of EPISODES only those of READ, and what was asked for besides.
    """

    name: str
    episodes: pd.DataFrame
    timing: Timing
    window_s: float


def groups(episodes: pd.DataFrame, instrument: Instrument, *also: str) -> Iterator[Group]:
    """Yield each class of the instrument, and each of its codes that has targets of its own.

    Parameters: `also` columns that are read beside READ.
    Cues for which the caregiver was already there are left out: they were not at risk of waiting.
    """
    waiting = episodes[[*READ, *also]][~episodes["already_engaged"]]
    for name, timing in instrument.classes.items():
        window_s = timing.response_window_s.value
        of_class = waiting[waiting["cue_class"] == name]
        yield Group(name, of_class, timing, window_s)
        for code, finer in timing.codes.items():
            yield Group(f"{name}/{code}", of_class[of_class["cue_code"] == code], finer, window_s)
