"""The moments behind a figure: every number can be opened into the cues it rests on."""

from typing import Final

import pandas as pd

from caregiving.frames import EPISODES, Column, Contract, need
from caregiving.report import Report

MOMENTS: Final[Contract] = {
    "day": Column("str", "the family's day, by which Today finds it"),
    "clock": Column("str", "local time of the cue, HH:MM:SS"),
    "cue_code": Column("str", "what was seen"),
    "fate": Column("str", "answered, engaged, settled, none, or unseen"),
    "answer_code": Column("str", "the answer; missing without one"),
    "after_s": Column("float64", "cue to answer; missing without one", "s"),
    "responder": Column("str", "who answered; missing when unknown"),
}


def moments_behind(report: Report, episodes: pd.DataFrame) -> pd.DataFrame:
    """Return the cues of some episodes of a report as MOMENTS, the newest first.

    `fate`: `answered`; `engaged`, somebody was already there; `settled`, it passed before any answer; `none`,
    followed to the end without an answer; `unseen`, not watched long enough to know.

    Parameters: `episodes`, rows of `report.episodes` (or all of them).
    Raises: MissingColumn when a column of EPISODES is absent.
    """
    need(episodes, *(name for name, column in EPISODES.items() if not column.optional))
    began = _began(report.windows)
    local = episodes["session"].astype("str").map(began) + pd.to_timedelta(episodes["onset_s"], unit="s")
    answered = episodes["answered"].astype(bool)
    frame = pd.DataFrame(
        {
            "day": episodes["day"].astype("str"),
            "clock": local.dt.strftime("%H:%M:%S").fillna("").astype("str"),
            "cue_code": episodes["cue_code"].astype("str"),
            "fate": _fate(episodes),
            "answer_code": episodes["response_code"].astype("str").where(answered),
            "after_s": episodes["latency_s"].where(answered),
            "responder": episodes["responder"].astype("str").where(answered & episodes["responder"].notna()),
            "local": local,
        }
    )
    ordered = frame.sort_values(["day", "local"], ascending=False, kind="stable")
    return ordered[list(MOMENTS)].reset_index(drop=True)


def _began(windows: pd.DataFrame) -> pd.Series:
    """Return the local wall-clock start of every session, by its name; NaT where no date is known."""
    local = windows["started_at"].astype("object").map(lambda text: str(text)[:19], na_action="ignore")
    found = pd.to_datetime(local, errors="coerce") - pd.to_timedelta(windows["start_s"], unit="s")
    return pd.Series(found.to_numpy(), index=windows["session"].astype("str")).groupby(level=0).first()


def _fate(episodes: pd.DataFrame) -> pd.Series:
    fate = pd.Series("unseen", index=episodes.index, dtype="str")
    followed = episodes["window_seen"].astype(bool) | episodes["confirmed_none"].astype(bool)
    fate = fate.mask(followed, "none")
    fate = fate.mask(episodes["self_settled"].astype(bool), "settled")
    fate = fate.mask(episodes["answered"].astype(bool), "answered")
    return fate.mask(episodes["already_engaged"].astype(bool), "engaged")
