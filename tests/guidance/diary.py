"""A diary of a few days, told as stories, one a day, and the report of it."""

import pandas as pd

from caregiving.guidance import READS
from caregiving.instruments import load
from caregiving.report import Report, analyse
from tests.timelines import story


def diary(*days: str, caregiver: str | None = None, begins: str | None = None) -> Report:
    """Return the report of stories, one a day from 2026-03-02 on.

    `caregiver` gave every answer; `begins` is the local time at which each day's watching began.
    """
    events, windows = [], []
    for number, text in enumerate(days):
        day = f"2026-03-{2 + number:02d}"
        seen, watched = story(text, session=f"s{number}", day=day)
        if begins is not None:
            watched = watched.assign(started_at=f"{day}T{begins}:00+01:00")
        events.append(seen.assign(session=seen["session"].astype("str")))
        windows.append(watched.assign(session=watched["session"].astype("str")))
    seen = pd.concat(events, ignore_index=True)
    if caregiver is not None:
        seen = seen.assign(caregiver=seen["actor"].map({"caregiver": caregiver}).astype("str"))
    watched = pd.concat(windows, ignore_index=True)
    for frame in (seen, watched):
        frame["session"] = frame["session"].astype("category")
    return analyse(seen, watched, load("home_moments"), names=list(READS))


def cues(code: str, number: int, *, answered: int, by: str = "pick_up", every_s: int = 200) -> str:
    """Return a story of cues far enough apart to stand alone, the first ones answered after 5 s."""
    told = [f"{every_s * n}s {code}" for n in range(1, number + 1)]
    told += [f"{every_s * n + 5}s {by}" for n in range(1, answered + 1)]
    return ", ".join(["0s start", *told, f"{every_s * (number + 1)}s end"])
