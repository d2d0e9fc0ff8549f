"""The pictures of coded sessions draw what the views found, and leave out what may not be shown."""

from typing import Any

import pytest

from caregiving import palette
from caregiving.charts.lag_table import comparable, lag_table, lag_table_table, lag_table_told, n_thin
from caregiving.charts.state_space import in_step, state_space, state_space_table, state_space_told
from caregiving.charts.synchrony import synchrony, synchrony_table, synchrony_told
from caregiving.charts.time_budget import time_budget, time_budget_table, time_budget_told
from caregiving.charts.transitions import cells, in_order, transitions, transitions_table, transitions_told
from caregiving.charts.turns import turns, turns_table, turns_told
from caregiving.coded.looks import Cast, look, path
from caregiving.instruments import load
from tests.timelines import story

DAY, NIGHT = palette.DAY, palette.NIGHT
ENGAGEMENT = load("engagement.v1")
CAST = Cast({"infant": "Juno", "caregiver": "Ada"}, {b.code: b.label for b in ENGAGEMENT.behaviours})


def seen(view: str, text: str, **chosen: Any) -> Any:
    return look(view, *story(text, ENGAGEMENT), ENGAGEMENT, **chosen)


def drawn(figure: Any, kind: str) -> list[Any]:
    return [trace for trace in figure.data if trace.type == kind]


# --- time budget ------------------------------------------------------------------------------------

MINUTE = "0-30s infant_playful, 30-40s infant_watching, 35s smile, 50s smile, 0-15s speech, 60s end"


def test_a_bar_is_as_long_as_the_time_and_the_longest_comes_first():
    bars = drawn(time_budget(seen("time_budget", MINUTE), CAST, DAY), "bar")

    assert list(bars[0].x) == [30.0, 10.0]
    assert bars[0].text == ("30 s · 50%", "10 s · 17%")
    assert list(bars[0].customdata) == ["infant:infant_playful", "infant:infant_watching"]
    assert bars[0].y[0] > bars[0].y[1]


def test_what_has_no_length_is_a_mark_with_its_count_and_what_never_came_is_in_the_table_only():
    result = seen("time_budget", MINUTE)
    figure, table = time_budget(result, CAST, DAY), time_budget_table(result, CAST)
    counts = [trace for trace in drawn(figure, "bar") if set(trace.x) == {0}]

    assert counts[0].text == ("2 times",)
    assert "Reach or point" not in figure.layout.yaxis.ticktext
    assert table[table["What"] == "Reach or point"]["Times"].tolist() == [0]
    assert table[table["What"] == "Plays along"]["Share of the time"].tolist() == [f"{30 / 60:.1%}"]


def test_child_and_caregiver_keep_their_colours_and_their_shapes():
    result = seen("time_budget", MINUTE + ", 20s wait")
    for colours in (DAY, NIGHT):
        marks = drawn(time_budget(result, CAST, colours), "scatter")

        assert [(m.marker.symbol, m.marker.color) for m in marks] == [
            ("circle", colours["baby"]),
            ("square", colours["caregiver"]),
        ]


def test_the_time_budget_is_told_in_a_sentence():
    told = time_budget_told(seen("time_budget", MINUTE), CAST)

    assert (
        told
        == "How 1 min went. Juno: Plays along 30 s, Watches the caregiver 10 s. Ada: Speech or song 15 s."
    )


# --- transitions and the lag table ------------------------------------------------------------------


def alternating(n: int, code: str = "watching") -> str:
    """The child goes n times from playing to another state and back; the last state has no successor."""
    parts = [
        f"{10 * i}-{10 * i + 5}s infant_playful, {10 * i + 5}-{10 * i + 10}s infant_{code}" for i in range(n)
    ]
    return ", ".join([*parts, f"{10 * n}s end"])


def both_tables(text: str, whose: str = "infant") -> tuple[Any, Any]:
    return seen("transitions", text, whose=whose), seen("lag", text, whose=whose)


def test_each_cell_holds_its_count_and_what_cannot_happen_has_no_cell():
    counted, lag = both_tables(alternating(8))
    figure = transitions(counted, lag, CAST, DAY)
    found = {
        tuple(pair): text
        for t in figure.data
        if t.text
        for pair, text in zip(t.customdata, t.text, strict=True)
    }

    assert found == {
        ("infant_playful", "infant_watching"): "8",
        ("infant_watching", "infant_playful"): "7",
    }


def test_rows_and_columns_stand_in_the_order_of_the_instrument_the_child_first():
    labels = ["caregiver:caregiver_elsewhere", "infant:infant_watching", "infant:infant_playful"]

    assert in_order(labels, CAST) == [labels[2], labels[1], labels[0]]


def three_states() -> str:
    """100 states, three in a fixed round with swaps, so that chance expects many of each pair."""
    order = ["playful", "watching", "object", "playful", "object"] * 20
    return ", ".join([*(f"{i}-{i + 1}s infant_{name}" for i, name in enumerate(order)), "100s end"])


def test_a_pair_too_rare_to_compare_has_neither_expected_count_nor_residual():
    rare, frequent = (
        list(cells(*both_tables(alternating(3, "object")))),
        list(cells(*both_tables(three_states()))),
    )

    assert {(cell.expected, cell.residual) for cell in rare} == {(None, None)}
    assert all(
        cell.expected is not None and cell.expected >= 5 for cell in frequent if cell.residual is not None
    )
    assert any(cell.residual is not None for cell in frequent)
    assert transitions_table(*both_tables(alternating(3, "object")), CAST)["By chance"].isna().all()


def test_the_pointer_and_the_sentence_say_when_a_pair_is_too_rare():
    counted, lag = both_tables(alternating(3, "object"))
    told = transitions_told(counted, lag, CAST)

    assert told.startswith("5 changes were counted. Plays along, then Busy with a thing: 3 times, too rare")
    assert all(
        "too rare" in text for trace in transitions(counted, lag, CAST, DAY).data for text in trace.hovertext
    )


def test_the_share_in_the_table_is_of_all_that_came_after():
    # playing is left 40 times: 20 to watching, 20 to a thing
    table = transitions_table(*both_tables(three_states()), CAST)
    row = table[(table["First"] == "Plays along") & (table["And then"] == "Watches the caregiver")].iloc[0]

    assert (row["Times"], row["Of all that came after it"]) == (20, f"{20 / 40:.0%}")


def test_the_lag_table_draws_only_what_can_be_compared_and_says_how_many_were_too_rare():
    lag = seen("lag", three_states(), whose="infant")
    figure = lag_table(lag, CAST, NIGHT)
    hollow, filled = (t for t in figure.data if t.mode == "markers")

    assert list(filled.x) == [cell.n for cell in comparable(lag)]
    assert list(hollow.x) == [cell.expected for cell in comparable(lag)]
    assert len(lag_table_table(lag, CAST)) == len(comparable(lag)) > 0
    assert n_thin(lag) + len(comparable(lag)) == 3 * 2
    assert "too rare to be compared" in lag_table_told(lag, CAST)


def test_the_lag_table_names_its_marks_and_puts_the_furthest_from_chance_on_top():
    lag = seen("lag", three_states(), whose="infant")
    distance = [abs(cell.residual or 0) for cell in comparable(lag)]
    words = {a.text for a in lag_table(lag, CAST, DAY).layout.annotations}

    assert distance == sorted(distance, reverse=True)
    assert words == {"counted", "by chance"}


# --- the grid ---------------------------------------------------------------------------------------

GRID = "0-180s infant_playful, 180-225s infant_watching, 0-225s caregiver_playful, 225s end"


def grid_of(text: str) -> tuple[Any, Any]:
    events, windows = story(text, ENGAGEMENT)
    return look("state_space", events, windows, ENGAGEMENT), path(events, windows, ENGAGEMENT)


def test_the_area_of_a_bubble_is_the_time():
    result, way = grid_of(GRID)
    bubbles = [t for t in state_space(result, way, CAST, DAY).data if t.mode == "markers"]
    size = {tuple(pair): s for t in bubbles for pair, s in zip(t.customdata, t.marker.size, strict=True)}
    long, short = (size[pair, "caregiver_playful"] for pair in ("infant_playful", "infant_watching"))

    assert (long / short) ** 2 == pytest.approx(180 / 45)


def test_the_child_stands_across_and_the_caregiver_upwards_with_every_state_of_the_instrument():
    figure = state_space(*grid_of(GRID), CAST, NIGHT)

    assert len(figure.layout.xaxis.ticktext) == len(figure.layout.yaxis.ticktext) == 5
    assert figure.layout.xaxis.title.text == "Juno" and figure.layout.yaxis.title.text == "Ada"


def test_the_way_through_the_grid_is_broken_where_nobody_coded():
    text = "0-10s infant_playful, 20-30s infant_playful, 0-30s caregiver_playful, 200s end"
    line = next(t for t in state_space(*grid_of(text), CAST, DAY).data if t.mode == "lines")

    assert [x != x for x in line.x] == [False, True, False]


def test_only_the_same_word_is_in_step():
    tinted = [s for s in state_space(*grid_of(GRID), CAST, DAY).layout.shapes if s.type == "rect"]

    assert len(tinted) == 3  # playful, watching, object
    assert not in_step("infant_withdrawn", "caregiver_elsewhere")


def test_the_table_of_the_grid_and_its_sentence_say_where_the_two_were_longest():
    result, _way = grid_of(GRID)
    table = state_space_table(result, CAST)

    assert table["Juno"].tolist() == ["Plays along", "Watches the caregiver"]
    assert table["Share of the time"].tolist() == [f"{180 / 225:.1%}", f"{45 / 225:.1%}"]
    assert "Juno: Plays along; Ada: Plays with the child: 3 min in 1 stretch" in state_space_told(
        result, CAST
    )


# --- synchrony --------------------------------------------------------------------------------------


def following(lag_s: int) -> dict[str, Any]:
    """For ten minutes the caregiver does what the child does, some seconds later."""
    starts = [7, 31, 48, 80, 101, 140, 163, 200, 222, 260, 291, 310, 347, 371, 400, 433, 460, 490, 521, 550]
    child = [f"{at}-{at + 6}s infant_playful" for at in starts]
    grown = [f"{at + lag_s}-{at + lag_s + 6}s caregiver_playful" for at in starts]
    result: dict[str, Any] = seen("synchrony", ", ".join([*child, *grown, "600s end"]), of="playful")
    return result


def test_the_peak_lies_on_the_side_of_the_one_who_was_first_and_is_drawn_larger():
    result = following(4)
    marks = next(t for t in synchrony(result, CAST, DAY).data if t.mode == "markers")
    sizes = dict(zip(marks.x, marks.marker.size, strict=True))

    assert result["lag_s"] == 4.0 and result["leader"] == "infant"
    assert sizes[4.0] == max(sizes.values()) > sizes[0.0]
    assert "Juno 4 s ahead: r = " in marks.hovertext[list(marks.x).index(4.0)]


def test_the_band_of_chance_is_the_one_that_was_found():
    result = following(4)
    band = next(s for s in synchrony(result, CAST, NIGHT).layout.shapes if s.type == "rect")

    assert (band.y0, band.y1) == (-result["band"], result["band"])


def test_the_table_of_synchrony_has_a_line_for_each_lag():
    result = following(-3)
    table = synchrony_table(result, CAST)

    assert len(table) == 21
    assert table[table["Who is ahead"] == "Ada 3 s ahead"]["Beyond the band of chance"].tolist() == ["yes"]
    assert "Ada 3 s ahead" in synchrony_told(result, CAST)


# --- turns ------------------------------------------------------------------------------------------


def test_a_stroke_is_as_long_as_the_sound_and_stands_on_its_own_line():
    events, windows = story("1-2s vocalise, 3-5.5s speech, 9-10s vocalise, 600s end", ENGAGEMENT)
    child, grown = drawn(turns(events, windows, {}, CAST, DAY), "bar")

    assert (list(child.base), list(child.x)) == ([1.0, 9.0], [1.0, 1.0])
    assert (list(grown.base), list(grown.x)) == ([3.0], [2.5])
    assert set(child.y) != set(grown.y)
    assert child.hovertext[1] == "0:09 Vocalise, 1 s"


def test_the_rate_of_turns_stands_beside_its_limits():
    # One turn every 20 s for 30 minutes: 90 turns, 180 an hour.
    pieces = [f"{20 * i}-{20 * i + 1}s vocalise, {20 * i + 2}-{20 * i + 3}s speech" for i in range(90)]
    result = seen("turns", ", ".join([*pieces, "1800s end"]))

    assert result["gate"] is None
    assert turns_told(result).startswith("90 turns in 30 min: about 180 an hour, likely between ")
    assert turns_table(result)["How many"].tolist()[:2] == [90, 90]
    assert result["low"] < 180 < result["high"]


def test_nothing_to_draw_is_an_empty_picture_and_no_fault():
    events, windows = story("60s end", ENGAGEMENT)

    assert drawn(time_budget(look("time_budget", events, windows, ENGAGEMENT), CAST, DAY), "bar") == []
    assert drawn(turns(events, windows, {}, CAST, DAY), "bar")[0].x is not None


def test_a_bar_can_be_clicked():
    # Plotly.js throws on a click when a bar has a text colour for the unselected ones only.
    for bar in drawn(time_budget(seen("time_budget", MINUTE), CAST, DAY), "bar"):
        assert (bar.unselected.textfont.color is None) == (bar.selected.textfont.color is None)
    assert drawn(time_budget(seen("time_budget", MINUTE), CAST, DAY), "bar")[0].selected.textfont.color
