"""The pictures of the record's quality show what was counted, and say it in words and as a table too."""

import numpy as np
import pytest

from caregiving import palette
from caregiving.charts.heaping import heaping, heaping_table, heaping_told
from caregiving.charts.quality_hours import quality_hours, quality_hours_table, quality_hours_told
from caregiving.indices import Estimate
from caregiving.indices._days import wilson
from caregiving.quality import Hour
from caregiving.quality.heaping import Heaping


def hours(watched: dict[int, float], prompts: dict[int, tuple[int, int]] | None = None) -> tuple[Hour, ...]:
    """Return 24 hours from six on; `prompts` are (answered, sent)."""
    rows = []
    for hour in [*range(6, 24), *range(6)]:
        answered, sent = (prompts or {}).get(hour, (0, 0))
        low, high = wilson(answered, sent)
        share = answered / sent if sent else float("nan")
        rows.append(Hour(hour, watched.get(hour, 0.0), sent, answered, share, low, high))
    return tuple(rows)


def rounding(counts: list[int], unit: str = "second") -> Heaping:
    n = sum(counts)
    on = counts[0] if unit == "second" else sum(counts[::5])
    low, high = wilson(on, n)
    value = on / n if n else float("nan")
    share = Estimate("whole_minutes", value, n, "share", "selective_logging", low, high)
    return Heaping(unit, tuple(counts), share, 1 / 60 if unit == "second" else 12 / 60)


@pytest.mark.parametrize("colours", [palette.DAY, palette.NIGHT])
def test_watched_hours_are_bars_and_unwatched_ones_are_hatched(colours):
    figure = quality_hours(hours({7: 30.0, 20: 12.0}), colours)
    unwatched, watched = figure.data

    assert list(watched.x) == [1, 14] and list(watched.y) == [30, 12]  # six o'clock stands at 0
    assert len(unwatched.x) == 22 and unwatched.marker.pattern.shape == "/"
    assert "nobody has watched, so nothing is known" in unwatched.hovertext[0]


def test_prompts_stand_below_with_their_interval_and_only_where_any_were_sent():
    figure = quality_hours(hours({7: 30.0}, {7: (3, 4), 20: (0, 2)}), palette.DAY)
    points = [trace for trace in figure.data if trace.type == "scatter" and trace.mode == "markers"]
    bands = [trace for trace in figure.data if trace.type == "scatter" and trace.mode == "lines"]

    assert [(one.x[0], one.y[0]) for one in points] == [(1, 3 / 4), (14, 0)]
    assert tuple(bands[0].y) == pytest.approx(wilson(3, 4))
    assert "3 of 4 prompts answered" in points[0].hovertemplate
    assert figure.layout.yaxis2.visible and figure.layout.yaxis.domain[0] > figure.layout.yaxis2.domain[1]


def test_without_prompts_the_watched_hours_have_the_whole_picture():
    figure = quality_hours(hours({7: 30.0}), palette.DAY)

    assert tuple(figure.layout.yaxis.domain) == (0, 1) and not figure.layout.yaxis2.visible


def test_many_minutes_are_drawn_as_hours():
    figure = quality_hours(hours({7: 600.0, 20: 30.0}), palette.DAY)

    assert list(figure.data[1].y) == [600 / 60, 30 / 60]
    assert figure.layout.yaxis.title.text == "hours watched"
    assert "600 minutes watched" in figure.data[1].hovertext[0]


def test_the_hours_as_a_table_and_in_words():
    rows = hours({7: 30.0, 20: 12.0}, {7: (3, 4)})
    table = quality_hours_table(rows)

    assert table.iloc[1].tolist() == ["from 7:00 to 8:00", "30", 4, 3, "75% (30% to 95%)"]
    assert table["Share"].iloc[0] == "–"
    assert quality_hours_told(rows) == (
        "Most watched time lies from 7:00 to 8:00, 30 of 42 minutes. In 22 hours of the day nobody has ever "
        "watched. 3 of 4 prompts were answered."
    )
    assert "Nobody has watched yet" in quality_hours_told(hours({}))


@pytest.mark.parametrize("colours", [palette.DAY, palette.NIGHT])
def test_rounding_is_60_bars_and_the_line_of_chance(colours):
    counts = [20] + [2] * 59
    figure = heaping(rounding(counts), colours)
    bars, line = figure.data

    assert list(bars.y) == counts
    assert list(line.y) == [138 / 60, 138 / 60]
    assert bars.marker.color[0] == colours["accent"] and bars.marker.color[1] != colours["accent"]


def test_of_minutes_every_fifth_is_a_round_one():
    bars = heaping(rounding([5, 0, 0, 0, 0] * 12, "minute"), palette.DAY).data[0]

    assert [n for n, colour in enumerate(bars.marker.color) if colour == palette.DAY["accent"]] == list(
        range(0, 60, 5)
    )


def test_rounding_as_a_table_and_in_words():
    found = rounding([20] + [2] * 59)

    assert heaping_table(found)["Moments"].sum() == 138
    assert heaping_told(found).startswith("14 % of 138 tapped moments lie on the first second of a minute")
    assert heaping_told(found).endswith("by chance it would be 1.7 %.")
    assert heaping_told(rounding([1] * 60, "minute")).endswith("by chance it would be 20 %.")
    assert heaping_told(rounding([0] * 60)) == "No moment of this kind has been logged."


def test_nothing_watched_and_nothing_logged_can_be_drawn():
    assert len(quality_hours(hours({}), palette.DAY).data[0].x) == 24
    assert np.sum(heaping(rounding([0] * 60), palette.DAY).data[0].y) == 0
