"""Three small drawings for print, from the same figures as the charts on the pages: sharp, and fine in grey.

Written out as SVG by hand: a few lines each, no browser, and always the same bytes for the same figures.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

import numpy as np

from caregiving.indices import Estimate
from caregiving.indices._survival import Curve
from caregiving.palette import DAY
from caregiving.trends.day_map import DayMap
from caregiving.trends.named import short_day, weekday_words
from caregiving.trends.weeks import Week
from caregiving.words import _

LEFT, RIGHT, TOP, BOTTOM = 34.0, 8.0, 8.0, 24.0
SMALL = 8.0
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
STEPS = (1, 2, 5, 10, 15, 20, 30, 50, 60, 100, 120, 200, 300, 600, 1200, 3600)
WEEK_LABELS = 6
LARGEST_DOT = 0.42  # of the side of a cell


@dataclass(frozen=True)
class Picture:
    """A picture in its two forms, told in words: `svg` for print, `figure` (of Plotly) for the screen."""

    title: str
    told: str
    svg: str
    figure: Any = None
    wide: bool = False


@dataclass
class _Sheet:
    """A drawing in the making, in points from the upper left corner."""

    width: float
    height: float
    marks: list[str] = field(default_factory=list)

    def box(self, x: float, y: float, width: float, height: float, fill: str, **more: object) -> None:
        self.mark("rect", x=x, y=y, width=max(width, 0.0), height=max(height, 0.0), fill=fill, **more)

    def line(self, x1: float, y1: float, x2: float, y2: float, stroke: str, width: float = 0.6) -> None:
        self.mark("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=stroke, stroke_width=width)

    def path(self, points: Sequence[tuple[float, float]], **more: object) -> None:
        self.mark("path", d="M" + " L".join(f"{x:.2f} {y:.2f}" for x, y in points), **more)

    def text(self, x: float, y: float, words: str, anchor: str = "middle", ink: str = "quiet") -> None:
        put = f'<text x="{x:.2f}" y="{y:.2f}" text-anchor="{anchor}" fill="{DAY[ink]}">{escape(words)}</text>'
        self.marks.append(put)

    def mark(self, name: str, **attributes: object) -> None:
        told = " ".join(f'{key.replace("_", "-")}="{_plain(value)}"' for key, value in attributes.items())
        self.marks.append(f"<{name} {told}/>")

    def hatched(self, x: float, y: float, width: float, height: float) -> None:
        """Fill a box with slanting lines: nobody watched there."""
        self.box(x, y, width, height, "url(#unwatched)")

    def __str__(self) -> str:
        """Return the whole drawing."""
        pattern = (
            '<defs><pattern id="unwatched" width="5" height="5" patternUnits="userSpaceOnUse">'
            f'<path d="M-1 6 L6 -1 M-1 1 L1 -1 M4 6 L6 4" stroke="{DAY["quiet"]}" stroke-width="0.3" '
            'stroke-opacity="0.45"/>'
            "</pattern></defs>"
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width:g}" height="{self.height:g}" '
            f'viewBox="0 0 {self.width:g} {self.height:g}" font-family="Noto Sans" font-size="{SMALL:g}">'
            f"{pattern}{''.join(self.marks)}</svg>"
        )


def waiting_curve(steps: Curve, window_s: float, width: float = 250, height: float = 150) -> str:
    """Return how many had an answer by when: one minus the curve of those still waiting, in its 95 % band.

    Parameters: `steps` the Kaplan-Meier curve; `window_s` the response window (s), the right-hand end.
    """
    sheet = _Sheet(width, height)
    right, floor = width - RIGHT - 10, height - BOTTOM

    def at(seconds: float, share: float) -> tuple[float, float]:
        return LEFT + (right - LEFT) * min(seconds, window_s) / window_s, floor - (floor - TOP) * share

    _share_axis(sheet, right, 1.0)
    _time_axis(sheet, window_s, [at(t, 0) for t in _round_steps(window_s)])
    low, high = steps.band()
    sure = ~np.isnan(low)
    if sure.any():
        times = [*steps.time[sure], window_s]
        upper = _stairs(times, [*(1 - low[sure]), 1 - low[sure][-1]], at)
        lower = _stairs(times, [*(1 - high[sure]), 1 - high[sure][-1]], at)
        sheet.path([*upper, *reversed(lower)], fill=DAY["caregiver"], fill_opacity=0.16)
    times = [0.0, *steps.time, window_s]
    share = [0.0, *(1 - steps.share), *(1 - steps.share[-1:])]
    line = _stairs([t for t in times if t <= window_s], share, at)
    sheet.path(line, fill="none", stroke=DAY["caregiver"], stroke_width=1.6)
    return str(sheet)


def week_trend(weeks: Sequence[Week], width: float = 250, height: float = 150) -> str:
    """Return shares week by week: a point in its 95 % interval; hollow where there was too little to tell.

    A week that nobody watched is hatched. It begins with the first watched week.
    """
    sheet = _Sheet(width, height)
    right, floor = width - RIGHT, height - BOTTOM
    shown = list(weeks)
    while len(shown) > 1 and shown[0].watched_s <= 0:
        shown.pop(0)
    step = (right - LEFT) / max(len(shown), 1)

    def high_at(share: float) -> float:
        return floor - (floor - TOP) * share

    _share_axis(sheet, right, 1.0)
    every = max(1, math.ceil(len(shown) / WEEK_LABELS))
    for number, week in enumerate(shown):
        x = LEFT + step * (number + 0.5)
        if (len(shown) - 1 - number) % every == 0:
            sheet.text(x, floor + 11, short_day(week.first_day))
        if week.watched_s <= 0:
            sheet.hatched(LEFT + step * number, TOP, step, floor - TOP)
        else:
            _week(sheet, x, high_at, min(step * 0.5, 12), week.estimate)
    sheet.text((LEFT + right) / 2, floor + 21, _("week beginning"))
    return str(sheet)


def _week(sheet: _Sheet, x: float, high_at: Any, width: float, one: Estimate) -> None:
    """Draw one watched week."""
    if one.gate is not None or math.isnan(one.value):
        sheet.mark(
            "circle", cx=x, cy=high_at(0.03), r=2.4, fill="none", stroke=DAY["quiet"], stroke_width=0.9
        )
        return
    if not (math.isnan(one.low) or math.isnan(one.high)):
        top, bottom = high_at(one.high), high_at(one.low)
        sheet.box(x - width / 2, top, width, bottom - top, DAY["caregiver"], fill_opacity=0.2)
    y = high_at(one.value)
    sheet.box(x - 2.6, y - 2.6, 5.2, 5.2, DAY["caregiver"])


def day_map(found: DayMap, width: float = 510) -> str:
    """Return hours across and days down: tone for watched time, hatched where nobody watched.

    A pale circle's area stands for all cues, a full one inside it for crying and fussing.
    """
    rows, left = found.rows, 66.0
    side = (width - left - RIGHT) / 24
    tall = min(side, 11.0)
    sheet = _Sheet(width, TOP + tall * len(rows) + 16)
    place = {row: number for number, row in enumerate(rows)}
    cells: list[Any] = list(found.cells.itertuples(index=False))
    longest = max((one.watched_min for one in cells), default=0.0) or 1.0
    most = max((one.cues for one in cells if one.watched_min > 0), default=0) or 1
    for one in cells:
        x, y = left + side * one.place, TOP + tall * place[one.row]
        if one.watched_min <= 0:
            sheet.hatched(x, y, side, tall)
            continue
        tone = 0.06 + 0.3 * one.watched_min / longest
        sheet.box(x, y, side - 0.6, tall - 0.6, DAY["caregiver"], fill_opacity=round(tone, 3))
        for number, opacity in ((one.cues, 0.4), (one.distress, 1.0)):
            if number > 0:
                radius = max(0.9, tall * LARGEST_DOT * math.sqrt(number / most))
                middle = {"cx": x + side / 2 - 0.3, "cy": y + tall / 2 - 0.3}
                sheet.mark("circle", **middle, r=radius, fill=DAY["baby"], fill_opacity=opacity)
    for row, number in place.items():
        name = short_day(row, weekday=True) if found.by == "day" else weekday_words()[int(row)]
        sheet.text(left - 4, TOP + tall * number + tall / 2 + 2.8, name, "end", "ink")
    for hour in range(0, 25, 3):
        x = left + side * hour
        clock = f"{(hour + found.day_start_h) % 24:02d}:00"
        sheet.text(x, sheet.height - 5, clock, "start" if hour == 0 else "end" if hour == 24 else "middle")
    return str(sheet)


def _share_axis(sheet: _Sheet, right: float, top: float) -> None:
    floor = sheet.height - BOTTOM
    for share in SHARES:
        y = floor - (floor - TOP) * share / top
        sheet.line(LEFT, y, right, y, DAY["line"] if share else DAY["quiet"])
        sheet.text(LEFT - 4, y + 2.8, _("{n} %").format(n=f"{share * 100:.0f}"), "end")


def _time_axis(sheet: _Sheet, window_s: float, places: Sequence[tuple[float, float]]) -> None:
    for seconds, (x, y) in zip(_round_steps(window_s), places, strict=True):
        sheet.line(x, y, x, y + 2.5, DAY["quiet"])
        sheet.text(x, y + 11, f"{seconds:g}")
    (first, floor), (last, _y) = places[0], places[-1]
    sheet.text((first + last) / 2, floor + 21, _("seconds after the cue"))


def _round_steps(top: float, most: int = 6) -> list[float]:
    """Return round numbers from 0 up to the top, at most so many steps.

    >>> _round_steps(180), _round_steps(15)
    ([0.0, 30.0, 60.0, 90.0, 120.0, 150.0, 180.0], [0.0, 5.0, 10.0, 15.0])
    """
    step = next((step for step in STEPS if top / step <= most), STEPS[-1])
    return [float(step * k) for k in range(int(top // step) + 1)]


def _stairs(times: Sequence[float], shares: Sequence[float], at: Any) -> list[tuple[float, float]]:
    """Return the corners of a line that steps at each time and then goes on level to the next."""
    points: list[tuple[float, float]] = []
    level: float | None = None
    for time, share in zip(times, shares, strict=False):
        if level is not None:
            points.append(at(time, level))
        points.append(at(time, share))
        level = share
    return points


def _plain(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else escape(str(value))
