"""Attachment: records that trained people entered. Nothing is computed from moments; no label is ours."""

import pandas as pd

from caregiving.indices import Estimate, index
from caregiving.indices._records import Record, rated, records

SORT, SITUATION = "attachment_qsort", "waters_ssp"
NAN = float("nan")
SORT_VALIDITY = (
    "observers' sorts correlate .31 with the Strange Situation and .39 with sensitivity in 139 studies "
    "(van IJzendoorn 2004), .25 and .32 in 245 studies (Cadman 2018); 95 of 100 random sorts lie within .21 "
    "of 0; it says nothing certain about one child"
)
SELF_VALIDITY = (
    "a parent's own description, not a security score: parents' sorts correlate .18 with the Strange "
    "Situation, and training does not help (Cadman 2018)"
)
SITUATION_VALIDITY = (
    "as coded from video; among 20,720 pairs 51.6 % were B, 14.7 % A, 10.2 % C and 23.5 % D (Madigan 2023), "
    "which says how often classes occur and not what one child is"
)


@index(label="Attachment record", unit="r", source=SORT, row="attachment")
def attachment(ratings: pd.DataFrame) -> list[Estimate]:
    """Attachment as recorded: correlations of an observer's Q-sort, scales and class of a Strange Situation.

    A sort's score is the Pearson correlation of its 90 piles with the criterion for security or dependency.
    Scales and class of the Strange Situation are shown as the certified coder gave them. Never computed from
    taps.

    Parameters: ratings, RATINGS rows whose instrument's name contains `qsort` (scales `security`,
    `dependency`, in [-1, 1]) or `strange_situation` (its scales, and `class_a`, `class_b`, `class_c`,
    `class_d` or `class_cannot_classify` with value 1); the newest day counts. Rows of kind `self` are a
    description by parents.
    Returns: `security` and `dependency` (r), `description_{scale}` (r) for parents' own sorts,
    `ssp_{scale}`. n counts raters; two sorters' limits are the two, one has none. NaN with the sentence when
    nothing was entered.
    Refuses to show: a record without a certified coder, a correlation outside [-1, 1].
    Raises: MissingColumn. Source: `attachment_qsort`, `van_ijzendoorn_2004`, `cadman_2018`, `waters_ssp`,
    `madigan_2023`.

    >>> [(one.measure, one.n, one.gate) for one in attachment(pd.DataFrame())][0]
    ('security', 0, 'no sort by a trained observer was entered')
    """
    sorts = rated(ratings, "qsort", "q_sort", "aqs")
    own = sorts["kind"].eq("self")
    situation = rated(ratings, "strange_situation", "ssp")
    return [
        *_sorts({one.scale.lower(): one for one in records(sorts[~own])}),
        *(_description(one) for one in records(sorts[own])),
        *_situation(situation[situation["kind"].ne("self")]),
    ]


def _sorts(found: dict[str, Record]) -> list[Estimate]:
    """Return both correlations of observers' sorts."""
    return [_sort(name, found.get(name)) for name in ("security", "dependency")]


def _sort(measure: str, one: Record | None) -> Estimate:
    if one is None:
        return Estimate(measure, NAN, 0, "r", SORT, gate="no sort by a trained observer was entered")
    sorters = "one sorter, so agreement is not known" if one.raters == 1 else f"mean of {one.raters} sorters"
    method = f"recorded correlation with the criterion, {one.words}; {sorters}; {SORT_VALIDITY}"
    return Estimate(measure, one.value, one.raters, "r", SORT, one.low, one.high, "all", method, _gate(one))


def _gate(one: Record) -> str | None:
    """Return why a sort's record may not be shown."""
    if not one.certified:
        return "needs a sort by a trained, certified observer"
    return (
        None if -1 <= one.value <= 1 else f"{one.value:g} is not a correlation; enter a number from -1 to 1"
    )


def _description(one: Record) -> Estimate:
    """Return a parent's own sort as what it is."""
    method = f"{SELF_VALIDITY}; {one.words}"
    gate = (
        None if -1 <= one.value <= 1 else f"{one.value:g} is not a correlation; enter a number from -1 to 1"
    )
    name = f"description_{one.scale.lower()}"
    return Estimate(name, one.value, one.raters, "r", "cadman_2018", one.low, one.high, "all", method, gate)


def _situation(rows: pd.DataFrame) -> list[Estimate]:
    """Return scales and class of the last Strange Situation, as they were coded."""
    gate = "no Strange Situation by a certified coder was entered"
    when = rows["day"].astype("object").fillna("") + " " + rows["session"].astype("object").fillna("")
    last = rows[when == when.max()] if len(rows) else rows
    found = [
        Estimate(
            f"ssp_{one.scale.lower()}", one.value, one.raters, "record", SITUATION, one.low, one.high,
            method=f"recorded, {one.words}; {SITUATION_VALIDITY}",
            gate=None if one.certified else "needs a certified coder",
        )
        for one in records(last)
    ]  # fmt: skip
    return found or [Estimate("ssp", NAN, 0, "record", SITUATION, gate=gate)]
