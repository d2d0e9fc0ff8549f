"""How long crying and fussing lasted: the curve behind the time to settle of comfort completion."""

from dataclasses import dataclass

import numpy as np

from caregiving.indices import Estimate, Material, all_indices
from caregiving.indices._moments import watching
from caregiving.indices._settling import settling
from caregiving.indices._survival import Curve, curve
from caregiving.report import Report


@dataclass(frozen=True)
class Settled:
    """Bouts of crying and fussing from their onset to settling.

    `steps` the Kaplan-Meier curve of bouts not yet settled, times in minutes; `n` bouts, of which `settled`
    were seen to settle; `estimate` the median time to settle (min) with its limits and gate.
    """

    steps: Curve
    n: int
    settled: int
    estimate: Estimate


def settled(report: Report) -> Settled:
    """Return how bouts of distress settled, by the definitions of the index `comfort`.

    A bout that had not settled by the next bout, or by the end of watching, was followed until then and
    counts as still unsettled there. Where no end of crying was ever written down, `settled` is 0 and the
    estimate's gate says so. Source: `comfort_completion`, `kaplan_meier_1958`.
    """
    watch = watching(report.events, report.windows, report.instrument)
    rows = report.episodes[report.episodes["cue_class"].eq("distress")]
    rows = rows[watch.seen(watch.at(rows["session"], rows["onset_s"]))].reset_index(drop=True)
    went = settling(rows, report.events, watch, report.instrument)
    ended = ~np.isnan(went.settled_s)
    one = report.find("comfort", "time_to_settle", "distress") or _estimate(report)
    return Settled(curve(went.followed_s / 60, ended), len(rows), int(ended.sum()), one)


def _estimate(report: Report) -> Estimate:
    material = Material(report.instrument, report.events, report.windows, report.episodes)
    ones = all_indices()["comfort"].estimates(material)
    return next(one for one in ones if one.measure == "time_to_settle")
