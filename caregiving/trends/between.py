"""Two caregivers side by side: how long cues waited with each, as a difference with limits, never a rank."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal

import pandas as pd

from caregiving.indices._compare import compare
from caregiving.indices._holm import holm
from caregiving.indices._survival import curve
from caregiving.report import Report
from caregiving.trends import COMPARED

Basis = Literal["watched", "answered"]
NOT_KNOWN = float("nan")
ONLY_ANSWERED = "among cues that had an answer; who was there when nobody answered is not known"


@dataclass(frozen=True)
class Between:
    """How long one class of cues waited with two caregivers, named by their ids in alphabetical order.

    `basis`: `watched`, when the windows name who was with the child, and cues that nobody answered count as
    well; else `answered`, only cues that had an answer, by who gave it.
    `first_s`, `second_s` restricted mean waits; `difference_s` the first less the second; `low_s`, `high_s`
    its 95 % limits; seconds, NaN while `gate` says what is lacking. `p_adjusted` from days relabelled,
    adjusted by Holm for all comparisons of the list. `n_...` cues, `days_...` days of each.
    """

    first: str
    second: str
    cue_class: str
    basis: Basis
    first_s: float
    second_s: float
    difference_s: float
    low_s: float
    high_s: float
    p_adjusted: float
    n_first: int
    n_second: int
    days_first: int
    days_second: int
    gate: str | None
    method: str


def between_caregivers(report: Report) -> list[Between]:
    """Compare how long cues waited, for each pair of caregivers and each class of cues.

    An answer has a name, a missing answer has none. So the fair comparison, with cues that nobody answered
    counted in, is possible only where the windows say who was with the child: when at least two caregivers
    are named there, cues are sorted by whose window they came in, and cues of windows without a name are left
    out. Otherwise only the answers can be compared: how soon an answer came when one came, by who gave it.
    That leaves out how often none came, and says so in `basis` and `method`. (Giving unanswered cues to the
    only one who answered in a sitting would lose the sittings in which nobody did, and flatter whoever they
    belong to.) Either way hours, moods and kinds of cry differ between people, so a difference is no merit.

    Restricted mean waits to the class's horizon, their difference with its limits, log-rank p from days
    relabelled (`indices._compare`), Holm over all comparisons that could be made.
    Parameters: `report.episodes`, `report.windows`. Classes: distress, request, social.
    Returns: seconds >= 0; NaN while the gate (20 cues and 3 days each) is not met. An empty list with fewer
    than two caregivers. Raises: MissingColumn. Source: `r_survival`.
    """
    basis, rows = _sorted_by_person(report)
    people = sorted(rows["person"].dropna().unique())
    found, p_values = [], []
    for first, second in combinations(people, 2):
        for name, horizon_s in _horizons(report):
            of_class = rows[rows["cue_class"] == name]
            pair = [of_class[of_class["person"] == person] for person in (first, second)]
            one, p = _compared(pair, horizon_s)
            found.append(replace(one, first=first, second=second, cue_class=name, basis=basis))
            p_values.append(p)
    note = f"{ONLY_ANSWERED}; " if basis == "answered" else "cues by who was with the child; "
    adjusted = holm(p_values)
    return [
        replace(one, p_adjusted=float(p), method=note + one.method)
        for one, p in zip(found, adjusted, strict=True)
    ]


def _horizons(report: Report) -> Iterator[tuple[str, float]]:
    for name in COMPARED:
        timing = report.instrument.classes.get(name)
        if timing is not None and timing.rmst_horizon_s is not None:
            yield name, timing.rmst_horizon_s.value


def _sorted_by_person(report: Report) -> tuple[Basis, pd.DataFrame]:
    """Return the cues with the `person` each belongs to, and how that is known."""
    rows = report.episodes[~report.episodes["already_engaged"]]
    with_child = _with_whom(rows, report.windows)
    if with_child.nunique() >= 2:
        return "watched", rows.assign(person=with_child)
    answered = rows[rows["answered"]]
    return "answered", answered.assign(person=answered["responder"].astype("object"))


def _with_whom(rows: pd.DataFrame, windows: pd.DataFrame) -> pd.Series:
    """Return for each cue the caregiver whom its window names, if any."""
    if "caregiver" not in windows or windows["caregiver"].isna().all() or rows.empty:
        return pd.Series(None, index=rows.index, dtype="object")
    spans = pd.DataFrame(
        {
            "session": windows["session"].astype("str"),
            "start_s": windows["start_s"],
            "person": windows["caregiver"].astype("object"),
        }
    ).sort_values("start_s")
    cues = pd.DataFrame({"session": rows["session"].astype("str"), "at": rows["onset_s"], "row": rows.index})
    cues = cues.sort_values("at", kind="stable")
    placed = pd.merge_asof(cues, spans, left_on="at", right_on="start_s", by="session")
    return placed.set_index("row")["person"].reindex(rows.index)


def _compared(pair: list[pd.DataFrame], horizon_s: float) -> tuple[Between, float]:
    """Return one comparison, still without names and adjusted p, and the p to adjust."""
    found = compare(pair[0], pair[1], horizon_s)
    shown = found.gate is None
    means = [curve(rows["followed_s"], rows["answered"]).restricted_mean(horizon_s)[0] for rows in pair]
    one = Between(
        first="",
        second="",
        cue_class="",
        basis="answered",
        first_s=means[0] if shown else NOT_KNOWN,
        second_s=means[1] if shown else NOT_KNOWN,
        difference_s=found.difference_s if shown else NOT_KNOWN,
        low_s=found.low_s if shown else NOT_KNOWN,
        high_s=found.high_s if shown else NOT_KNOWN,
        p_adjusted=NOT_KNOWN,
        n_first=found.n_first,
        n_second=found.n_second,
        days_first=found.days_first,
        days_second=found.days_second,
        gate=found.gate,
        method=found.method,
    )
    return one, found.p_days if shown else NOT_KNOWN
