"""What follows which cue: for every code of a cue, how often each answer came, or what came instead."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from caregiving.indices._competing import ANSWERED, CENSORED, SETTLED, incidence
from caregiving.report import Report

NO_ANSWER: Final = "no_answer"
PASSED: Final = "passed"
THERE: Final = "already_there"
UNSEEN: Final = "not_watched_to_the_end"
FEWEST = 5


@dataclass(frozen=True)
class Follows:
    """What came after each cue. Rows are codes of cues, columns what came.

    `counts`: every cue stands in exactly one column. Columns: the codes of answers, then `no_answer`
    (followed to the end, or somebody tapped that none came), `passed` (by itself, before any answer),
    `already_there` (somebody was with the child) and `not_watched_to_the_end` (what came is not known).
    `shares`: of the cues that waited, by the end of the response window; the answers, `passed` and
    `no_answer` add up to 1 in a row. NaN for rows that are withheld. Columns as in `counts` without the last
    two, since those cues did not wait or were not followed.
    `n`: cues that waited, row by row. `lacking`: how many more a withheld row needs, 0 for the others.
    """

    counts: pd.DataFrame
    shares: pd.DataFrame
    n: pd.Series
    lacking: pd.Series

    def times(self, cue: str, what: str) -> int:
        """Return how often that came after the cue."""
        return int(self.counts[what].to_dict()[cue])

    def share(self, cue: str, what: str) -> float:
        """Return the share of the cues that waited; NaN where there is none."""
        return float(self.shares[what].to_dict()[cue]) if what in self.shares else float("nan")


def what_follows(report: Report) -> Follows:
    """Return what came after every code of a cue that was seen.

    Shares are Aalen-Johansen incidences by the end of the class's response window: I_k = sum S(t_j-) d_kj /
    n_j for each answer k, and what is left over is `no_answer`. A plain count of those with a known end would
    favour answers, because a cue close to the end of the watching is only known when it was answered in time.
    A row with fewer than 5 cues that waited is withheld. Each answer is the first one credited to its cue.

    Parameters: `report.episodes`, one row a cue bout, named by its first cue.
    Returns: counts >= 0; shares in [0, 1]. Empty frames when no cue was seen.
    Source: `aalen_johansen`, `event_grammar`.
    """
    instrument = report.instrument
    seen = set(report.episodes["cue_code"].dropna().unique())
    cues = [b.code for b in instrument.behaviours if b.kind == "cue" and b.code in seen]
    answers = [b.code for b in instrument.behaviours if b.kind == "response"]
    columns = [*answers, NO_ANSWER, PASSED, THERE, UNSEEN]
    code = report.episodes["cue_code"].astype("object")
    what = _came(report.episodes)
    counts = pd.crosstab(code, what).reindex(index=cues, columns=columns, fill_value=0)
    counts = counts.rename_axis(index=None, columns=None).astype("int64")
    waiting = ~report.episodes["already_engaged"].to_numpy(dtype=bool)
    rows = []
    for cue in cues:
        of_cue = waiting & (code == cue).to_numpy(dtype=bool)
        rows.append(_shares(report.episodes[of_cue], what[of_cue], answers, _window_s(report, cue)))
    shares = pd.DataFrame(rows, index=cues, columns=[*answers, NO_ANSWER, PASSED], dtype="float64")
    n = counts.drop(columns=THERE).sum(axis=1)
    return Follows(counts, shares, n, (FEWEST - n).clip(lower=0))


def _window_s(report: Report, cue: str) -> float:
    """Return how long a cue of this code waits for its answer."""
    classes, name = report.instrument.classes, report.instrument.behaviour(cue).cue_class
    return next(timing.response_window_s.value for known, timing in classes.items() if known == name)


def _came(episodes: pd.DataFrame) -> pd.Series:
    """Return what came after each cue: the code of an answer, or the column of what came instead."""
    followed = episodes["window_seen"].astype(bool) | episodes["confirmed_none"].astype(bool)
    what = pd.Series(UNSEEN, index=episodes.index, dtype="object").mask(followed, NO_ANSWER)
    what = what.mask(episodes["self_settled"].astype(bool), PASSED)
    what = what.mask(episodes["answered"].astype(bool), episodes["response_code"].astype("object"))
    return what.mask(episodes["already_engaged"].astype(bool), THERE)


def _shares(rows: pd.DataFrame, what: pd.Series, answers: list[str], window_s: float) -> dict[str, float]:
    """Return the shares of one cue by the end of its response window; nothing while there are too few."""
    if len(rows) < FEWEST:
        return {}
    wait = rows["followed_s"].to_numpy(dtype=np.float64)
    shares = {
        name: incidence(wait, _ends(what, name), ANSWERED, window_s).share for name in [*answers, PASSED]
    }
    ended = what.isin([*answers, PASSED]).to_numpy(dtype=bool)
    if wait.max() < window_s and wait[~ended].max(initial=-1.0) >= wait[ended].max(initial=-1.0):
        return {}  # some still waited when the last one was lost from view: how they ended is not known
    return shares | {NO_ANSWER: max(0.0, 1.0 - sum(shares.values()))}


def _ends(what: pd.Series, name: str) -> NDArray[np.int64]:
    """Return how each wait ended, seen from one way of ending: in it, in another one, or broken off."""
    other = ~what.isin([NO_ANSWER, UNSEEN])
    return np.where(what == name, ANSWERED, np.where(other, SETTLED, CENSORED)).astype(np.int64)
