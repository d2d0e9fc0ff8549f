"""What a summary is made from, read through the shell: reports, windows, ratings, and the pictures."""

from collections.abc import Iterator
from typing import Final

from caregiving import palette
from caregiving.charts.day_map import day_map, day_map_told
from caregiving.charts.waiting_curve import waiting_curve, waiting_curve_told
from caregiving.charts.week_trend import week_trend, week_trend_told
from caregiving.declared import counts_nowhere
from caregiving.exports import _svg
from caregiving.exports._svg import Picture
from caregiving.instruments import load, shelf
from caregiving.people import Action
from caregiving.periods import Period
from caregiving.report import Report
from caregiving.screens._shell import INSTRUMENT, Shell
from caregiving.screens._words import count_of
from caregiving.sessions import family_day
from caregiving.store import ratings
from caregiving.store.people import members
from caregiving.summary import INDICES, Seen
from caregiving.trends.changes import FIRST_DAYS
from caregiving.trends.day_map import day_map as mapped
from caregiving.trends.weeks import by_week
from caregiving.twice.figures import coded_report
from caregiving.words import _

WEEKS: Final = 12
TREND: Final = ("responsiveness", "within_180s", "distress")


def gathered(shell: Shell, period: Period) -> Seen:
    """Return the records of the shell's child in these days."""
    windows = shell.windows(Action.SEE_PATTERNS)
    days = family_day(windows["started_ms"], windows["utc_offset_min"])
    counted = days[~counts_nowhere(windows)]
    inside = windows[days.map(period.__contains__).astype(bool)]
    at_home = inside[inside["instrument"].str.startswith(f"{INSTRUMENT}.v")]
    observed = ratings.frame(shell.store, shell.viewer, shell.family, shell.child.id)
    own = ratings.read(shell.store, shell.viewer, shell.family, shell.child.id)
    authors = set(at_home["author"])
    return Seen(
        report=shell.report(*INDICES, period=period),
        windows=at_home,
        coded=tuple(_coded(shell, period)),
        watchers={str(m.id): m.alias for m in members(shell.store) if str(m.id) in authors},
        observed=observed[observed["day"].map(period.__contains__).astype(bool)],
        shared=tuple(one for one in own if one.shared and one.kind == "self" and one.day() in period),
        first_days=tuple(sorted(counted.unique())[:FIRST_DAYS]),
    )


def _coded(shell: Shell, period: Period) -> Iterator[Report]:
    """Yield a report of the sessions that were coded with each other instrument, without any figures.

    One that was coded twice is one session.
    """
    log, windows = shell.log(Action.SEE_PATTERNS, period=period), shell.windows(Action.SEE_PATTERNS)
    for name in dict.fromkeys(name.split(".v")[0] for name in shelf("coding")):
        if name != INSTRUMENT:
            report = coded_report(log, windows, load(name), {}, names=[], period=period)
            if len(report.windows):
                yield report


def wide_report(shell: Shell, period: Period) -> tuple[Report, str]:
    """Return the report of the twelve weeks that end with the period, and their last day."""
    last = period.last or shell.today
    return shell.report(period=Period.last_days(last, 7 * WEEKS)), last


def pictures(report: Report, wide: Report, last_day: str, zone: str) -> list[Picture]:
    """Return the pictures that can be drawn: the waits, the weeks, and the hours of the day."""
    return [one for one in (_curve(report), _weeks(wide, last_day), _hours(report, zone)) if one is not None]


def _curve(report: Report) -> Picture | None:
    rows = report.episodes[report.episodes["cue_class"].eq("distress")]
    if not rows["answered"].any() or report.curve("distress").time.size == 0:
        return None
    window = report.instrument.classes["distress"].response_window_s.value
    return Picture(
        _("Crying and fussing: when answers came"),
        waiting_curve_told(report, "distress"),
        _svg.waiting_curve(report.curve("distress"), window),
        waiting_curve(report, "distress", palette.DAY),
    )


def _weeks(report: Report, last_day: str) -> Picture | None:
    if not len(report.windows):
        return None
    found = by_week(report, *TREND, last_day, WEEKS)
    drawn = week_trend(found, palette.DAY, percent=True, counted=count_of)
    if drawn is None:
        return None
    return Picture(
        _("Crying and fussing: answered within 3 min, by week"),
        week_trend_told(found, percent=True, counted=count_of),
        _svg.week_trend(found),
        drawn,
    )


def _hours(report: Report, zone: str) -> Picture | None:
    found = mapped(report, zone)
    drawn = day_map(found, palette.DAY) if found.watched_min > found.undated_min else None
    if drawn is None:
        return None
    read = _("Tone: watched time. Pale circle: all cues; full: crying and fussing. Hatched: nobody watched.")
    return Picture(
        _("When somebody watched, and what came"),
        f"{day_map_told(found)} {read}",
        _svg.day_map(found),
        drawn,
        wide=True,
    )
