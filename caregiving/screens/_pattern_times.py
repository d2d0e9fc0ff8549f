"""Pictures of Patterns along time: week by week, hour by hour, crying in full days, routines."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from caregiving.behind import moments_behind
from caregiving.charts.cry_minutes import cry_minutes, cry_minutes_table, cry_minutes_told
from caregiving.charts.day_map import day_map, day_map_table, day_map_told
from caregiving.charts.week_trend import week_trend, week_trend_table, week_trend_told
from caregiving.periods import Period
from caregiving.report import Report
from caregiving.screens._choice import choose
from caregiving.screens._figure import block, how_we_know
from caregiving.screens._shell import Shell
from caregiving.screens._words import count_of, needs
from caregiving.trends.day_map import day_map as mapped
from caregiving.trends.weeks import by_week
from caregiving.words import _

WEEKS = 12
Key = tuple[str, str, str]
MEASURES: dict[str, Key] = {
    "answered": ("responsiveness", "within_180s", "distress"),
    "wait": ("latency", "rmst", "distress"),
    "reaching": ("responsiveness", "within_15s", "request"),
    "smiles": ("responsiveness", "within_15s", "social"),
    "noticed": ("sensitivity", "noticed", "distress"),
    "settled": ("comfort", "comfort_completion", "distress"),
}


def weeks(shell: Shell, _report: Report, _period: Period) -> None:
    """Show one figure over the last twelve weeks, beside the family's own earlier weeks."""
    options = {
        "answered": _("Crying: answered within 3 min"),
        "wait": _("Crying: average wait"),
        "reaching": _("Reaching: answered within 15 s"),
        "smiles": _("Smiles and coos: answered within 15 s"),
        "noticed": _("Crying: noticed in time"),
        "settled": _("Crying: settled with contact"),
    }
    chosen = choose(_("Which figure?"), "measure", options, "answered")
    index, measure, cue_class = MEASURES[chosen]
    report = shell.report(period=Period.last_days(shell.today, 7 * WEEKS))
    found = by_week(report, index, measure, cue_class, shell.today, WEEKS)
    percent = found[-1].estimate.unit == "share"
    known = [week for week in found if week.estimate.gate is None]
    told = week_trend_told(found, percent, count_of)
    nearest = found[-1].estimate.gate
    block(
        shell,
        f"weeks_{chosen}",
        options[chosen],
        week_trend(found, shell.colours, percent, count_of) if known else None,
        told if known or nearest is None else needs(nearest),
        how_we_know(
            report,
            [week.estimate for week in known[-1:]],
            _("why a week was as it was: visitors, illness and sleep move it as well."),
        ),
        week_trend_table(found, percent),
        _of_week(report, cue_class, [(week.first_day, week.last_day) for week in found]),
    )


def _of_week(report: Report, cue_class: str, edges: list[tuple[str, str]]) -> Any:
    """Return what opens the cues of the week whose point was clicked, or of the newest one."""

    def open_them(point: Mapping[str, Any] | None) -> pd.DataFrame:
        place = len(edges) - 1
        if point and isinstance(point.get("x"), int | float):
            place = min(max(round(float(point["x"])), 0), place)
        first, last = edges[place]
        rows = report.episodes
        inside = rows["day"].between(first, last) & (rows["cue_class"] == cue_class)
        return moments_behind(report, rows[inside])

    return open_them


def hours(shell: Shell, report: Report, _period: Period) -> None:
    """Show when was watched and what was seen, by hour; hours without watching stay unknown."""
    found = mapped(report, shell.zone)
    drawn = found.watched_min > found.undated_min

    def open_them(_point: Mapping[str, Any] | None) -> pd.DataFrame:
        return moments_behind(report, report.episodes)

    block(
        shell,
        "hours",
        _("When somebody watched, and what came"),
        day_map(found, shell.colours) if drawn else None,
        day_map_told(found),
        how_we_know(
            report,
            [],
            _(
                "what happened in the hatched hours. Nobody watched then, so a quiet picture is not a quiet "
                "day."
            ),
        ),
        day_map_table(found) if drawn else None,
        open_them,
    )


def crying(shell: Shell, _report: Report, period: Period) -> None:
    """Show minutes of crying and fussing on days logged in full, with what studies saw as a sentence."""
    report = shell.report("cry_load", period=period)
    one = report.find("cry_load", "cry_fuss", "distress")
    drawn = one is not None and one.n > 0
    told = cry_minutes_told(report, shell.age_weeks)
    missing = needs(one.gate) if one is not None and one.gate else ""
    block(
        shell,
        "crying",
        _("Crying and fussing in 24 hours"),
        cry_minutes(report, shell.colours) if drawn else None,
        told if drawn else missing,
        how_we_know(
            report,
            [one] if one is not None else [],
            _(
                "why a baby cries, or whether it is too much. Babies differ widely, and so do their weeks. "
                "When the crying worries you, that is reason enough to ask."
            ),
        ),
        cry_minutes_table(report) if drawn else None,
    )


def routines(shell: Shell, _report: Report, period: Period) -> None:
    """Say how regular sleep, feeding and being held are, from days that were logged round the clock."""
    report = shell.report("routines", period=period)
    ones = [one for _which, one in report.results]
    rows = []
    for one in ones:
        state = _(shell.instrument.behaviour(one.cue_class).label) if one.cue_class != "all" else ""
        rows.append(
            {
                _("State"): state,
                _("Figure"): routine_words().get(one.measure, one.measure),
                _("Value"): needs(one.gate) if one.gate else f"{one.value:.2f}",
                _("Days"): one.n,
            }
        )
    met = [one for one in ones if one.gate is None]
    first = ones[0].gate if ones else None
    told = (
        _("Sleep, feeding and holding, hour by hour: how alike the days are.")
        if met
        else needs(first or _("Nothing was logged yet."))
    )
    block(
        shell,
        "routines",
        _("How alike the days are in sleep, feeding and being held"),
        None,
        told,
        how_we_know(
            report,
            met[:1],
            _("whether a routine is a good one. Small babies have few, and that is how it should be."),
        ),
        pd.DataFrame(rows) if met else None,
    )


def routine_words() -> dict[str, str]:
    """Return what the figures of routines are called."""
    return {
        "interdaily_stability": _("same hours from day to day, 0 to 1"),
        "intradaily_variability": _("how broken up a day is, about 0 smooth to 2 restless"),
        "regularity": _("same state 24 hours apart, −100 to 100"),
    }
