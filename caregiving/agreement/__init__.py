"""Agreement of observers, one file a measure; here are the two questions that are usually asked.

What one observer missed is a category of its own in every table and is never dropped: leaving out the rows
that only one of them coded can turn a poor agreement into a perfect one.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from caregiving.agreement.alignment import TOLERANCE_S, alignment_of
from caregiving.agreement.alpha import LEVELS, alpha
from caregiving.agreement.icc import icc
from caregiving.agreement.records import NO_WINDOWS, pair
from caregiving.agreement.time_units import units_of
from caregiving.faults import Fault, Refused
from caregiving.frames import need
from caregiving.instruments import Instrument


def compare_records(
    a: pd.DataFrame,
    b: pd.DataFrame,
    windows: pd.DataFrame | None = None,
    instrument: Instrument | None = None,
    *,
    actor: Iterable[str] = (),
    unit_s: float = 1.0,
    tolerance_s: Iterable[float] = (0.0, 2.0),
    pair_within_s: float = TOLERANCE_S,
) -> dict[str, Any]:
    """Return the agreement of two records for each actor, in time and by events, as plain values.

    `time_units`: kappa in time units, for each tolerance and both directions; `events`: kappa of aligned
    events with the counts matched, differing and missed on each side. Definitions, inputs, gates and
    refusals are those of `time_units.time_units` and `alignment.event_alignment`. Source: `bakeman_2009`,
    `quera_2007`.

    >>> one = pd.DataFrame(
    ...     {"session": "s", "actor": "x", "code": ["cry", "talk"], "onset_s": [1, 5], "offset_s": None}
    ... )
    >>> found = compare_records(one, one.iloc[:1])
    >>> found["events"][0]["matched"], found["events"][0]["missed_by_b"]
    (1, 1)
    """
    tolerances = tuple(tolerance_s)
    both = pair(a, b, windows, instrument, actor, room_s=max((*tolerances, pair_within_s)))
    in_time = units_of(both, tolerances, unit_s)
    by_event = {name: alignment_of(both, number, pair_within_s) for number, name in enumerate(both.actors)}
    alone = sorted(set(a["session"].astype("str")) ^ set(b["session"].astype("str")))
    notes = ["each actor is judged alone", "what only one observer coded counts as disagreement"]
    notes += ["standard errors take tallies as independent, so they are too small"]
    notes += (
        [f"only one record has events of: {', '.join(alone)}; all of them count as missed"] if alone else []
    )
    return {
        "actors": list(by_event),
        "unit_s": unit_s,
        "pair_within_s": pair_within_s,
        "time_units": [found.as_json() for found in in_time],
        "events": [{"actor": name, **found.as_json()} for name, found in by_event.items()],
        "gate": None if by_event else "not enough data: neither record has an event",
        "notes": [*([NO_WINDOWS] if windows is None else []), *notes],
    }


def compare_ratings(ratings: pd.DataFrame, *, seed: int = 0) -> dict[str, Any]:
    """Return the six intraclass correlations and Krippendorff's alpha at four levels, as plain values.

    Parameters: `ratings` with columns target, rater, score; one row a rating. The correlations take only
    targets that everybody rated; alpha takes all that were rated twice. See `icc.icc` and `alpha.alpha` for
    the definitions.
    Raises: MissingColumn; Refused when one rater rated a target twice. Source: `shrout_fleiss_1979`,
    `irr_package`.

    >>> rows = pd.DataFrame({"target": [1, 2, 3] * 2, "rater": list("aaabbb"), "score": [1, 2, 3, 1, 2, 3]})
    >>> found = compare_ratings(rows)
    >>> found["icc"][1]["value"], found["n_targets"], found["n_complete"]
    (1.0, 3, 3)
    """
    need(ratings, "target", "rater", "score")
    twice = ratings[ratings.duplicated(["target", "rater"])]
    if len(twice):
        found = [f"target {row.target}, rater {row.rater}" for row in twice.head(20).itertuples()]
        raise Refused(
            Fault(place, "a second rating", "one rating of each target by each rater") for place in found
        )
    table = ratings.pivot(index="target", columns="rater", values="score").to_numpy(
        dtype="float64", na_value=np.nan
    )
    return {
        "n_targets": table.shape[0],
        "n_raters": table.shape[1],
        "n_complete": int((~np.isnan(table)).all(axis=1).sum()) if table.size else 0,
        "icc": [one.as_json() for one in icc(table)],
        "alpha": [alpha(table.T, level, seed=seed).as_json() for level in LEVELS],
        "seed": seed,
    }
