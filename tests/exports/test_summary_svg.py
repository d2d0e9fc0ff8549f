"""The drawings for print: what is drawn lies where the figures say, and unwatched time is never empty."""

import re
import xml.etree.ElementTree as xml

import pytest

from caregiving.exports._svg import BOTTOM, LEFT, TOP, day_map, waiting_curve, week_trend
from caregiving.indices._survival import curve
from caregiving.trends.day_map import day_map as mapped
from caregiving.trends.weeks import by_week
from tests.invented_summary import DAYS, report_of, seven_cries, usual_report

SVG = "{http://www.w3.org/2000/svg}"
FLOOR, RIGHT_END = 150 - BOTTOM, 250 - 18


def read(drawing: str) -> xml.Element:
    return xml.fromstring(drawing)  # noqa: S314  (written by ourselves)


def corners(path: str) -> list[tuple[float, float]]:
    numbers = [float(number) for number in re.findall(r"-?[\d.]+", path)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def test_the_curve_rises_to_the_share_that_was_answered_when_it_was():
    line = [
        one
        for one in read(waiting_curve(curve([10, 90, 180, 180], [True, True, False, False]), 180.0)).iter(
            f"{SVG}path"
        )
    ][-1]
    points = corners(line.attrib["d"])

    def x(seconds: float) -> float:
        return LEFT + (RIGHT_END - LEFT) * seconds / 180

    def y(share: float) -> float:
        return FLOOR - (FLOOR - TOP) * share

    wanted = [
        (x(0), y(0)),
        (x(10), y(0)),
        (x(10), y(0.25)),
        (x(90), y(0.25)),
        (x(90), y(0.5)),
        (x(180), y(0.5)),
    ]
    assert [point for k, point in enumerate(points) if k == 0 or point != points[k - 1]] == [
        pytest.approx(point, abs=0.01) for point in wanted
    ]


def test_a_week_that_can_be_told_is_a_square_one_with_too_little_a_circle_one_unwatched_hatched():
    weeks = by_week(usual_report(), "responsiveness", "within_180s", "distress", "2026-03-14", 2)
    drawing = week_trend(weeks)

    assert weeks[0].estimate.gate is None and weeks[1].watched_s == 0
    assert drawing.count("url(#unwatched)") == 1
    assert drawing.count("<circle") == 0

    few = by_week(
        report_of({DAYS[0]: seven_cries(3)}), "responsiveness", "within_180s", "distress", "2026-03-07", 1
    )
    assert week_trend(few).count("<circle") == 1


def test_every_hour_is_watched_or_hatched_and_never_just_white():
    found = mapped(usual_report())
    drawing = day_map(found)
    watched = int((found.cells["watched_min"] > 0).sum())

    assert watched == 3  # 35 minutes from nine o'clock on each of three days
    assert drawing.count("url(#unwatched)") == 24 * len(found.rows) - watched
    assert drawing.count('fill-opacity="0.36"') == watched


def test_words_in_a_drawing_cannot_break_it():
    assert read(
        week_trend(by_week(usual_report(), "responsiveness", "within_180s", "distress", "2026-03-07", 3))
    )
    assert read(day_map(mapped(usual_report())))
