"""Two records on one timeline: what is drawn, and what it says in words."""

import pytest

from caregiving import palette
from caregiving.charts.two_records import (
    SHAPES,
    Records,
    codes_of,
    difference,
    two_records,
    two_records_table,
    two_records_told,
)
from caregiving.coded.looks import Cast
from caregiving.twice.steps import Kind
from tests.twice.test_compare import compared

CAST = Cast(
    {"infant": "Juno", "caregiver": "Ada"}, {"smile": "Smile", "reach": "Reach", "vocalise": "Vocalise"}
)


@pytest.fixture
def records() -> Records:
    one = compared(
        [(10, None, "smile"), (20, None, "reach"), (40, 50, "vocalise"), (70, None, "smile")],
        [(10.5, None, "smile"), (40, 46, "vocalise"), (71, None, "reach"), (90, None, "smile")],
    )
    return Records(one.together.first, one.together.second, one.together.spans, one.steps, ("Noor", "Ines"))


def test_every_difference_bears_a_mark_and_the_kinds_differ_in_shape(records):
    figure = two_records(records, "infant", CAST, palette.DAY)
    points = [trace for trace in figure.data if trace.type == "scatter" and trace.mode == "markers"]
    marks = {one.marker.symbol: len(one.x) for one in points if one.marker.symbol in SHAPES.values()}

    # Reach at 20 s is Noor's alone, smile at 90 s is Ines's; at 70 s they named it differently, which is
    # marked on both lines; the sound lasts 4 s longer for Noor.
    assert marks == {"triangle-up": 1, "triangle-down": 1, "diamond": 2, "line-ew": 1}
    assert len(set(SHAPES.values())) == len(Kind)


def test_the_first_record_stands_above_the_line_of_a_code_and_the_second_below(records):
    figure = two_records(records, "infant", CAST, palette.DAY)
    place = dict(zip(figure.layout.yaxis.ticktext, figure.layout.yaxis.tickvals, strict=True))
    bars = [trace for trace in figure.data if trace.type == "bar"]

    assert [trace.base[0] for trace in bars] == [40, 40]
    assert bars[0].y[0] > place["Vocalise"] > bars[1].y[0]
    assert "Noor, 0:40: Vocalise, 10 s" in bars[0].hovertext
    assert bars[0].marker.color != bars[1].marker.color


def test_a_step_brings_ten_seconds_to_either_side_into_view(records):
    figure = two_records(records, "infant", CAST, palette.NIGHT, zoom=(10, 30))

    assert tuple(figure.layout.xaxis.range) == (10, 30)
    assert figure.layout.xaxis.ticktext == ("0:10", "0:15", "0:20", "0:25", "0:30")


def test_what_was_not_watched_by_both_is_hatched(records):
    broken = Records(records.first, records.second, [(0, 100), (200, 600)], records.steps, records.observers)
    drawn = two_records(broken, "infant", CAST, palette.DAY).data
    hatched = [one for one in drawn if one.type == "scatter" and one.fillpattern.shape]

    assert {x for x in hatched[0].x if x is not None} == {100, 200}


def test_a_difference_is_told_in_words(records):
    said = [difference(row, CAST, records.observers) for row in records.steps.to_dict("records")]

    assert said == [
        "only Noor has “Reach”",
        "“Vocalise” lasts 4 s longer for Noor",
        "Noor: “Smile”, Ines: “Reach”",
        "only Ines has “Smile”",
    ]
    assert two_records_table(records, CAST)["In the session"].tolist() == ["0:20", "0:46", "1:10", "1:30"]
    assert two_records_told(records, "infant", CAST) == (
        "Juno: Noor coded 4 moments, Ines coded 4 moments; 4 differences are marked."
    )


def test_somebody_of_whom_nothing_was_coded_has_no_line(records):
    assert codes_of(records, "caregiver") == []
    assert codes_of(records, "infant") == ["smile", "reach", "vocalise"]
