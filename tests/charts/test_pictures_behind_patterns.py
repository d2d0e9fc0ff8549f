"""The pictures behind Patterns: what is withheld never slips out, what was not watched is hatched."""

import json
import math

import pytest

from caregiving import palette
from caregiving.charts.caregivers import caregivers, caregivers_table, caregivers_told
from caregiving.charts.cry_minutes import cry_minutes, cry_minutes_table, cry_minutes_told
from caregiving.charts.day_map import day_map, day_map_table, day_map_told
from caregiving.charts.follows import follows, follows_table, follows_told
from caregiving.charts.settle_curve import settle_curve, settle_curve_table, settle_curve_told
from caregiving.charts.week_trend import week_trend, week_trend_table, week_trend_told
from caregiving.indices import Estimate
from caregiving.trends.between import between_caregivers
from caregiving.trends.day_map import day_map as hours_of
from caregiving.trends.follows import what_follows
from caregiving.trends.weeks import Week, by_week
from sample_data.make import STEADY
from tests.trends.invented import LAST, family, told

NAMES = {"ada": "Ada", "ravi": "Ravi"}
EVENING = "2026-03-02T18:00:00+01:00"
DAY_S = 86_400


def nothing():
    """A report of ten watched minutes in which nothing was shown."""
    return told((EVENING, "0s start, 600s end"))


def week(number: int, value: float, n: int = 40, watched_s: float = 3600.0, gate: str | None = None) -> Week:
    one = Estimate("rmst", value, n, "s", "kaplan_meier_1958", value - 5, value + 5, "distress", "", gate)
    first = 1 + 7 * number
    return Week(f"2026-01-{first:02d}", f"2026-01-{first + 6:02d}", one, watched_s)


def spoken(figure) -> str:
    """Everything that a figure says or draws, as one text."""
    return figure.to_json()


def points(figure, size: int):
    return [t for t in figure.data if t.type == "scatter" and t.mode == "markers" and t.marker.size == size]


def hatched_in(figure):
    return [t for t in figure.data if t.type == "scatter" and t.fillpattern.shape == "/"]


def every_picture(report, colours):
    """All the pictures of one report."""
    weeks = by_week(report, "latency", "rmst", "distress", str(LAST), 4)
    return [
        week_trend(weeks, colours, False),
        day_map(hours_of(report), colours),
        follows(what_follows(report), report.instrument, colours),
        caregivers(between_caregivers(report), NAMES, colours),
        settle_curve(report, colours),
    ]


@pytest.mark.parametrize("colours", [palette.DAY, palette.NIGHT], ids=["day", "night"])
def test_a_month_has_every_picture_and_none_has_letters_too_small_to_read(colours):
    for figure in every_picture(family(STEADY, 28), colours):
        sizes = [int(size) for size in _sizes(json.loads(spoken(figure)))]

        assert sizes and min(sizes) >= 14


def _sizes(node, inside: str = ""):
    """Yield every size of letters in a figure."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "size" and "font" in inside:
                yield value
            yield from _sizes(value, key)
    elif isinstance(node, list):
        for value in node:
            yield from _sizes(value, inside)


def test_where_there_is_nothing_there_is_no_picture_but_a_sentence_of_what_is_needed():
    report = nothing()
    found, between = what_follows(report), between_caregivers(report)
    weeks = by_week(report, "latency", "rmst", "distress", "2026-03-08", 2)

    assert week_trend(weeks, palette.DAY, False) is None
    assert follows(found, report.instrument, palette.DAY) is None
    assert caregivers(between, NAMES, palette.DAY) is None
    assert settle_curve(report, palette.DAY) is None
    assert cry_minutes(report, palette.DAY) is None
    assert [
        week_trend_told(weeks, False),
        follows_told(found, report.instrument),
        caregivers_told(between, NAMES),
        settle_curve_told(report),
        cry_minutes_told(report),
    ] == [
        "No week holds enough yet for this picture.",
        "Five cues of one kind, and the first row of this picture can be drawn.",
        "This picture needs answers of two people.",
        "No crying or fussing was logged in watched time.",
        "This picture needs 24 hours watched on end, from one moment to the same moment a day later.",
    ]
    tables = [follows_table(found, report.instrument), caregivers_table(between, NAMES)]
    tables += [settle_curve_table(report), cry_minutes_table(report)]
    assert [len(table) for table in tables] == [0, 0, 0, 0]


def test_a_day_map_without_dates_is_no_picture():
    report = nothing()
    undated = type(report)(
        report.instrument, report.events, report.windows.assign(started_at=None), report.episodes, ()
    )

    assert day_map(hours_of(undated), palette.DAY) is None
    assert day_map_told(hours_of(undated)) == "No watched time with a date yet, so there is no hour to draw."
    assert len(day_map_table(hours_of(undated))) == 0


def test_the_newest_week_is_full_and_bears_its_value_and_earlier_ones_are_faint():
    figure = week_trend([week(0, 30.0), week(1, 42.0)], palette.DAY, False)

    (newest,), (earlier,) = points(figure, 15), points(figure, 9)[:1]
    assert (list(newest.x), list(newest.y)) == ([1], [42.0])
    assert (list(earlier.x), list(earlier.y)) == ([0], [30.0])
    assert any(note.text == "<b>42 s</b>" for note in figure.layout.annotations)


def test_a_week_s_interval_is_drawn_from_its_lower_to_its_upper_limit():
    (bars,) = [t for t in week_trend([week(0, 30.0)], palette.DAY, False).data if t.type == "bar"]

    assert (list(bars.base), list(bars.y)) == ([30 - 5], [2 * 5])


def test_the_figure_of_a_withheld_week_is_nowhere_in_the_picture_nor_in_the_table():
    weeks = [week(0, 77.7, n=4, gate="needs 16 more cues (4 of 20)"), week(1, 42.0)]

    figure = week_trend(weeks, palette.DAY, False)

    assert "77.7" not in spoken(figure) and "78 s" not in spoken(figure)
    assert "1 Jan to 7 Jan: too little to tell, 4 cues" in spoken(figure)
    assert week_trend_table(weeks, False)["Figure"].dropna().tolist() == ["42 s"]


def test_a_week_that_nobody_watched_is_hatched_and_has_no_mark():
    gap = week(1, math.nan, n=0, watched_s=0.0, gate="needs 20 more cues (0 of 20)")

    figure = week_trend([week(0, 30.0), gap, week(2, 42.0)], palette.DAY, False)

    (hatched,) = hatched_in(figure)
    assert [x for x in hatched.x if x is not None] == [0.5, 1.5, 1.5, 0.5, 0.5]
    assert not any(1 in (t.x or ()) for t in figure.data if t.type == "scatter" and t.mode == "markers")


def test_weeks_before_the_first_watched_one_are_left_away():
    before = week(0, math.nan, n=0, watched_s=0.0, gate="needs 20 more cues (0 of 20)")

    figure = week_trend([before, week(1, 30.0)], palette.DAY, False)

    assert list(figure.layout.xaxis.ticktext) == ["8 Jan"]
    assert [list(t.x) for t in points(figure, 15)] == [[1]]  # a point's place is still that of its week


def test_a_trend_is_told_in_a_sentence_with_its_interval_and_what_it_rests_on():
    assert week_trend_told([week(0, 30.0)], False) == (
        "1 Jan to 7 Jan: 30 s, likely between 25 s and 35 s, from 40 cues."
    )
    assert week_trend_told([week(0, 30.0, gate="needs 1 more day (2 of 3)"), week(1, 30.0)], False).endswith(
        "It can be told for 1 week of the 2 asked about."
    )


def test_the_day_map_hatches_every_hour_that_nobody_watched_and_dots_only_watched_ones():
    found = hours_of(told((EVENING, "0s start, 60s cry, 100s smile, 600s end")))

    figure = day_map(found, palette.DAY)

    (hatched,) = hatched_in(figure)
    assert sum(x is None for x in hatched.x) == 24 - 1
    dots = [t for t in figure.data if t.type == "scatter" and t.mode == "markers"]
    assert [(list(t.x), list(t.y)) for t in dots] == [([12], [0]), ([12], [0])]
    assert dots[1].marker.size[0] ** 2 == pytest.approx(
        dots[0].marker.size[0] ** 2 / 2
    )  # one cry of two cues


def test_the_day_map_tells_an_hour_in_a_sentence_and_how_much_is_not_known():
    found = hours_of(told((EVENING, "0s start, 60s cry, 70s talk, 100s smile, 600s end")))

    assert (
        "Mon 2 Mar, 18:00\\u201319:00: 10 min watched\\u003cbr\\u003e2 cues, 1 of them crying or fussing"
        "\\u003cbr\\u003e1 of 2 had an answer"
    ) in spoken(day_map(found, palette.DAY))
    assert day_map_told(found) == (
        "0.2 hours watched; the hour watched most is 18:00–19:00. "
        "23 hours of the day were never watched, so nothing is known of them."
    )
    assert day_map_table(found).iloc[0].tolist() == ["Mon 2 Mar", "18:00–19:00", 10, 1, 2, 1, 1]


def test_the_matrix_writes_how_often_each_thing_came_and_keeps_back_rows_with_too_few():
    cries = ", ".join(f"{400 * n}s cry, {400 * n + 10}s pick_up" for n in range(6))
    report = told((EVENING, f"0s start, {cries}, 2500s smile, 2505s talk, 3000s end"))
    found = what_follows(report)

    figure = follows(found, report.instrument, palette.DAY)

    texts = [list(t.text) for t in figure.data if t.mode == "text"]
    assert texts == [["6", "·", "·"]]  # picked up six times; the columns for talking and no answer are empty
    assert any(a.text == "4 more of these and this row can be drawn" for a in figure.layout.annotations)
    assert follows_table(found, report.instrument).iloc[1].isna().sum() == 3
    assert follows_told(found, report.instrument) == (
        "“Cries” was logged most, 6 times; what came most often was “Pick up” (6 times). "
        "1 other cue was logged too seldom for a row."
    )


def test_two_caregivers_are_told_with_limits_on_both_sides_and_what_they_rest_on():
    found = between_caregivers(family(STEADY, 28))

    sentence = caregivers_told(found, NAMES)

    assert sentence.startswith("Crying and fussing: Ada ")
    assert "sooner with Ada and" in sentence and "sooner with Ravi" in sentence
    assert sentence.endswith(
        "(among cues that had an answer; who was there when nobody answered is not known)."
    )


def test_an_alias_that_looks_like_markup_is_shown_as_it_was_typed():
    figure = caregivers(between_caregivers(family(STEADY, 28)), {"ada": "<b>A</b>", "ravi": "R"}, palette.DAY)

    assert "&lt;b&gt;A&lt;/b&gt;" in json.loads(spoken(figure))["layout"]["annotations"][0]["text"]


def test_a_comparison_that_lacks_something_has_no_point():
    found = between_caregivers(family(STEADY, 14))
    lacking = [n for n, one in enumerate(found) if one.gate is not None]

    figure = caregivers(found, NAMES, palette.DAY)

    assert lacking == [1]
    assert sorted(t.y[0] for t in figure.data if t.type == "scatter" and t.mode == "markers") == [0, 2]
    assert caregivers_table(found, NAMES)["Difference"].isna().tolist() == [False, True, False]


def test_the_settling_curve_rises_to_what_the_index_tells():
    report = family(STEADY, 28)

    figure = settle_curve(report, palette.DAY)

    (dot,) = [t for t in figure.data if t.type == "scatter" and t.mode == "markers"]
    (curve,) = [t for t in figure.data if t.line.width == 3]
    reached = max(y for x, y in zip(curve.x, curve.y, strict=True) if x <= dot.x[0])
    assert reached == pytest.approx(0.5, abs=0.01)
    assert list(curve.y) == sorted(curve.y)
    assert "Half of the crying and fussing had settled within" in settle_curve_told(report)


def test_nine_stretches_of_crying_are_too_few_for_the_settling_curve():
    cries = ", ".join(f"{600 * n}s cry, {600 * n + 90}s settled" for n in range(9))
    report = told((EVENING, f"0s start, {cries}, 6000s end"))

    assert settle_curve(report, palette.DAY) is None
    assert settle_curve_told(report) == "1 more stretch of crying and fussing, and this picture can be drawn."


def test_the_age_band_is_a_sentence_and_never_a_line():
    report = told((EVENING, f"0s start, 3600-7200s cry, {DAY_S + 60}s cry, {2 * DAY_S}s end"))

    figure = cry_minutes(report, palette.DAY)

    assert "Wolke 2017" in cry_minutes_told(report, weeks_old=11)
    assert "Wolke" not in cry_minutes_told(report)
    assert len(figure.layout.shapes) == 0
    assert not [t for t in figure.data if t.type == "scatter" and t.fillpattern.shape != "/"]


def test_a_day_with_a_cry_whose_end_is_not_known_is_hatched_and_has_no_bar():
    report = told((EVENING, f"0s start, 3600-7200s cry, {DAY_S + 60}s cry, {2 * DAY_S}s end"))

    figure = cry_minutes(report, palette.DAY)

    (bars,) = [t for t in figure.data if t.type == "bar"]
    assert (list(bars.x), list(bars.y), list(bars.text)) == ([0], [60.0], ["1 h"])
    assert [t.x[0] for t in hatched_in(figure)] == [1 - 0.4]
    assert cry_minutes_table(report)["Crying and fussing, min"].isna().tolist() == [False, True]
    assert cry_minutes_told(report) == (
        "2 days were logged in full. On 1 of them the end of a cry was not logged."
    )
