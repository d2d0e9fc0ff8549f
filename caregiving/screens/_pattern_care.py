"""Pictures of Patterns about care: what follows which cue, comfort, two caregivers side by side."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from caregiving.behind import moments_behind
from caregiving.charts.caregivers import caregivers, caregivers_table, caregivers_told
from caregiving.charts.follows import follows, follows_table, follows_told
from caregiving.charts.settle_curve import settle_curve, settle_curve_table, settle_curve_told
from caregiving.periods import Period
from caregiving.report import Report
from caregiving.screens._choice import choose
from caregiving.screens._figure import answered_moments, block, how_we_know
from caregiving.screens._shell import Shell
from caregiving.screens._words import needs, said
from caregiving.trends.between import between_caregivers
from caregiving.trends.follows import what_follows
from caregiving.words import _


def follows_what(shell: Shell, report: Report, _period: Period) -> None:
    """Show what came after each cue."""
    found = what_follows(report)
    drawn = bool(len(found.counts))
    cues = {code: _(report.instrument.behaviour(code).label) for code in found.counts.index}
    chosen = ""
    if cues:
        options = {"": _("All cues"), **cues}
        chosen = choose(_("Whose moments?"), "cue", options, "")

    def open_them(_point: Mapping[str, Any] | None) -> pd.DataFrame:
        rows = report.episodes
        return moments_behind(report, rows[rows["cue_code"] == chosen] if chosen else rows)

    block(
        shell,
        "follows",
        _("What followed which cue"),
        follows(found, report.instrument, shell.colours) if drawn else None,
        follows_told(found, report.instrument),
        how_we_know(
            report,
            [],
            _(
                "which answer would have been the right one. What follows a cue is not always meant as an "
                "answer to it."
            ),
        ),
        follows_table(found, report.instrument) if drawn else None,
        open_them,
    )


def comfort(shell: Shell, report: Report, _period: Period) -> None:
    """Show how long hard moments took to settle."""
    share = report.find("comfort", "comfort_completion", "distress")
    time = report.find("comfort", "time_to_settle", "distress")
    ones = [one for one in (share, time) if one is not None]
    drawn = time is not None and time.gate is None and time.value == time.value
    title = _("Settling after hard moments")
    if drawn and time is not None:
        title = _("Half of the hard moments had settled after {time}").format(
            time=said(time.value, time.unit)
        )
    missing = needs(ones[0].gate) if ones and ones[0].gate else ""
    block(
        shell,
        "comfort",
        title,
        settle_curve(report, shell.colours) if drawn else None,
        missing or settle_curve_told(report),
        how_we_know(
            report,
            ones,
            _("whose doing it was. Hunger, tiredness and illness decide as well how long it takes."),
        ),
        settle_curve_table(report) if drawn else None,
        answered_moments(report, "distress"),
    )


def between(shell: Shell, report: Report, _period: Period) -> None:
    """Show how long cues waited with two caregivers, as a difference with its limits; never a rank."""
    found = between_caregivers(report)
    names = shell.caregivers()
    drawn = any(one.gate is None for one in found)
    methods = sorted({one.method for one in found})
    cannot = _(
        "that anybody does better. Different people are there at different hours, and children call for "
        "different people in different ways."
    )
    block(
        shell,
        "between",
        _("Two people, side by side"),
        caregivers(found, names, shell.colours) if drawn else None,
        caregivers_told(found, names),
        "  \n".join([*methods, how_we_know(report, [], cannot)]),
        caregivers_table(found, names) if drawn else None,
        answered_moments(report, "distress"),
    )
