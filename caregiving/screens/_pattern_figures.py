"""The pictures of Patterns, one at a time: each with its finding, its text, its table and its moments."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from caregiving.behind import moments_behind
from caregiving.charts import span
from caregiving.charts.share_within import share_within, share_within_table, share_within_told
from caregiving.charts.waiting_curve import waiting_curve, waiting_curve_table, waiting_curve_told
from caregiving.indices import Estimate
from caregiving.instruments import ClassName
from caregiving.periods import Period
from caregiving.report import Report
from caregiving.screens import _pattern_care, _pattern_times
from caregiving.screens._choice import choose
from caregiving.screens._figure import answered_moments, block, how_we_know
from caregiving.screens._shell import Shell
from caregiving.screens._words import class_name, needs
from caregiving.words import _

Show = Callable[[Shell, Report, Period], None]
CLASSES: tuple[ClassName, ...] = ("distress", "request", "social", "disengage")


@dataclass(frozen=True)
class Section:
    """One picture: what its button says, and what shows it."""

    label: str
    show: Show


def sections() -> dict[str, Section]:
    """Return the pictures there are, in order."""
    return {
        "waits": Section(_("When answers came"), waits),
        "shares": Section(_("How surely"), shares),
        "weeks": Section(_("Week by week"), _pattern_times.weeks),
        "day": Section(_("Hours of the day"), _pattern_times.hours),
        "follows": Section(_("What follows what"), _pattern_care.follows_what),
        "comfort": Section(_("Comfort"), _pattern_care.comfort),
        "crying": Section(_("Crying in 24 hours"), _pattern_times.crying),
        "between": Section(_("Between caregivers"), _pattern_care.between),
        "routines": Section(_("Routines"), _pattern_times.routines),
    }


def waits(shell: Shell, report: Report, _period: Period) -> None:
    """Show how many cues of one class had their answer by when."""
    options = {str(name): class_name(name) for name in CLASSES}
    chosen = choose(_("Which cues?"), "cues", options, "distress")
    cue_class = next(name for name in CLASSES if name == chosen)
    rows = report.episodes[report.episodes["cue_class"] == cue_class]
    rmst, median = (report.find("latency", name, cue_class) for name in ("rmst", "median"))
    ones = [one for one in (rmst, median) if one is not None]
    missing = rmst.gate if rmst is not None else None
    drawn = missing is None and bool(len(rows)) and bool(rows["answered"].any())
    empty = _("No cue of this kind had an answer yet.") if missing is None else needs(missing)
    block(
        shell,
        f"waits_{cue_class}",
        _wait_title(cue_class, median),
        waiting_curve(report, cue_class, shell.colours) if drawn else None,
        waiting_curve_told(report, cue_class) if drawn else empty,
        how_we_know(
            report,
            ones,
            _(
                "why an answer took the time it took, or what anybody felt. A short wait is not better than "
                "a slightly longer one, and nobody answers at once every time."
            ),
        ),
        (lambda: waiting_curve_table(report, cue_class)) if drawn else None,
        answered_moments(report, cue_class),
    )


def _wait_title(cue_class: str, median: Estimate | None) -> str:
    what = class_name(cue_class)
    if median is None or median.gate is not None or median.value != median.value:
        return what
    return _("{what}: half had an answer within {time}").format(what=what, time=span(median.value))


def shares(shell: Shell, report: Report, _period: Period) -> None:
    """Show the answered share of every class on one quiet scale."""
    rows = []
    for which, one in report.results:
        plain = which.name == "responsiveness" and "/" not in one.cue_class
        if plain and one.gate is None and one.value == one.value:
            seconds = float(one.measure.removeprefix("within_").removesuffix("s"))
            within = _("within {time}").format(time=span(seconds))
            rows.append((f"{class_name(one.cue_class)}<br>{within}", one))
    if not rows:
        first = report.find("responsiveness", "within_180s", "distress")
        told = needs(first.gate) if first is not None and first.gate else _("Nothing was logged yet.")
        block(shell, "shares", _("How surely an answer came"), None, told, how_we_know(report, [], ""))
        return
    classes = [one.cue_class for _name, one in rows]
    block(
        shell,
        "shares",
        _("How surely an answer came"),
        share_within(rows, shell.colours),
        share_within_told(rows),
        how_we_know(
            report,
            [rows[0][1]],
            _("why some cues had no answer. Missing some is part of every day; coming back matters more."),
        ),
        share_within_table(rows),
        _of_clicked(report, classes),
    )


def _of_clicked(report: Report, classes: list[str]) -> Callable[[Mapping[str, Any] | None], pd.DataFrame]:
    """Return what opens the cues of the class whose point was clicked, or of all of them."""

    def open_them(point: Mapping[str, Any] | None) -> pd.DataFrame:
        rows = report.episodes
        named = [name for name in classes if point and str(point.get("y", "")).startswith(class_name(name))]
        return moments_behind(report, rows[rows["cue_class"].isin(named or classes)])

    return open_them
