"""The months of pairs of observers, drawn: a month without a kappa is a gap, and nobody is ranked."""

import math
from dataclasses import replace

import pandas as pd
import pytest

from caregiving import palette
from caregiving.agreement.kappa import kappa
from caregiving.charts.pairs_by_month import Line, months_of, pairs_by_month, pairs_table, pairs_told
from caregiving.twice.drift import Course, Dot
from caregiving.twice.gates import Held, Standing

CHILDREN = {"juno": "Juno", "ilo": "Ilo"}
SEEN = Held("infant", "events", "", kappa([[20, 5], [10, 15]]))


def dot(
    when: str, value: float, *, told: bool = True, n: int = 1, children: tuple[str, ...] = ("juno",)
) -> Dot:
    """A month or a session whose limits are .05 to either side."""
    its = Standing(
        "engagement.v1", value, value - 0.05, value + 0.05, SEEN, n_pairs=n, n_twice=n, too_little=not told
    )
    return Dot(when, its, frozenset(children))


def line(pair: str, *months: Dot, sessions: tuple[Dot, ...] = ()) -> Line:
    return Line(pair, Course(("ines", "noor"), "engagement.v1", sessions, months), CHILDREN)


MAY, JULY = dot("2026-05", 0.78, n=3, children=("juno", "ilo")), dot("2026-07", 0.52)
JUNE = dot("2026-06", 0.30, told=False)


def points(figure):
    return [t for t in figure.data if t.type == "scatter"]


def marks(figure, axis: str):
    """The diamonds of a panel."""
    return next(t for t in points(figure) if t.yaxis == axis and t.mode == "lines+markers")


def test_a_month_without_a_kappa_is_a_gap_that_no_line_crosses_and_never_nought():
    figure = pairs_by_month([line("Ines and Noor", MAY, JUNE, JULY)], palette.DAY)
    months = marks(figure, "y")

    assert list(months.y) == [0.78, None, 0.52] and months.connectgaps is False
    assert [x[:7] for x in months.x] == ["2026-05", "2026-06", "2026-07"]


@pytest.mark.parametrize(("months", "word"), [((MAY, JUNE, JULY), "too little"), ((MAY, JULY), "none")])
def test_the_gap_is_hatched_and_says_whether_nothing_was_coded_or_too_little(months, word):
    figure = pairs_by_month([line("Ines and Noor", *months)], palette.DAY)
    (hatched,) = [t for t in points(figure) if t.fill == "toself"]
    since, until = (pd.to_datetime(edge, unit="ms") for edge in (min(hatched.x[:4]), max(hatched.x[:4])))

    assert (f"{since:%Y-%m-%d}", f"{until:%Y-%m-%d}") == ("2026-06-01", "2026-07-01")
    words = [one.text for one in figure.layout.annotations]
    assert word in words and len({"too little", "none"} & {*words}) == 1
    assert any("hatched: nothing coded twice" in text for text in words)
    whole = pairs_by_month([line("Ines and Noor", MAY)], palette.DAY)
    assert not any("hatched" in one.text for one in whole.layout.annotations)


def test_an_interval_is_a_bar_from_the_lower_to_the_upper_limit():
    figure = pairs_by_month([line("Ines and Noor", MAY, JUNE, JULY)], palette.DAY)
    (bar,) = [t for t in figure.data if t.type == "bar"]

    assert list(bar.base) == pytest.approx([0.73, 0.47])
    assert [low + high for low, high in zip(bar.base, bar.y, strict=True)] == pytest.approx([0.83, 0.57])


def test_both_gates_are_lines_that_say_in_words_what_they_are_for_in_each_panel():
    figure = pairs_by_month([line("Ines and Noor", MAY, JULY), line("Noor and Ulla", MAY)], palette.NIGHT)
    words = [one.text for one in figure.layout.annotations]

    assert [(shape.yref, shape.y0) for shape in figure.layout.shapes] == [
        ("y", 0.60), ("y", 0.75), ("y2", 0.60), ("y2", 0.75),
    ]  # fmt: skip
    assert words.count("needed to show") == words.count("needed to export") == 2
    assert list(figure.layout.yaxis.ticktext) == ["0", ".60", ".75", "1"]


def test_each_pair_has_a_panel_of_its_own_with_its_name_and_all_stand_on_the_same_months():
    first, second = line("Ines and Noor", MAY), line("Noor and Ulla", JULY)
    figure = pairs_by_month([first, second], palette.DAY)
    top, below = figure.layout.yaxis.domain, figure.layout.yaxis2.domain

    assert top[0] > below[1] and below[0] >= 0
    assert months_of([first, second]) == ["2026-05", "2026-06", "2026-07"]
    assert list(marks(figure, "y").x) == list(marks(figure, "y2").x)
    words = [one.text for one in figure.layout.annotations]
    assert {"<b>Ines and Noor</b>", "<b>Noor and Ulla</b>", "<b>.78</b>", "<b>.52</b>"} <= set(words)


def test_a_kappa_below_nought_is_still_in_the_picture():
    low = dot("2026-06", -0.4)
    figure = pairs_by_month([line("Ines and Noor", MAY, low)], palette.DAY)

    assert figure.layout.yaxis.range[0] < -0.45
    assert (
        figure.layout.yaxis.range
        == pairs_by_month([line("a", MAY), line("b", low)], palette.DAY).layout.yaxis.range
    ), "panels have one scale"


def test_single_sessions_are_rings_that_say_day_and_child_and_those_with_too_little_are_left_out():
    sessions = (dot("2026-05-03", 0.80), dot("2026-05-09", 0.2, told=False), dot("2026-07-01", 0.52))
    figure = pairs_by_month([line("Ines and Noor", MAY, JULY, sessions=sessions)], palette.DAY)
    (rings,) = [t for t in points(figure) if t.mode == "markers"]

    assert list(rings.y) == [0.80, 0.52]
    assert rings.hovertext[0] == (
        "Ines and Noor, 3 May 2026, Juno: kappa .80, 95 % .75 to .85 (the child, moment by moment)"
    )


def test_many_months_bear_their_figures_at_both_ends_only():
    months = [dot(f"2026-{number:02d}", 0.6 + number / 100) for number in range(1, 10)]
    figure = pairs_by_month([line("Ines and Noor", *months)], palette.DAY)
    bold = [one.text for one in figure.layout.annotations if one.text.startswith("<b>.")]

    assert bold == ["<b>.61</b>", "<b>.69</b>"]
    assert len(figure.layout.xaxis.tickvals) <= 6


def test_what_people_typed_is_no_markup_in_the_picture():
    figure = pairs_by_month([line("<i>Ines</i> and Noor", MAY)], palette.DAY)

    assert not [one.text for one in figure.layout.annotations if "<i>" in one.text]
    assert not [text for t in figure.data for text in (t.hovertext or ()) if "<i>" in text]


def test_the_table_has_every_month_and_every_session_and_a_dash_where_there_is_no_kappa():
    sessions = (dot("2026-05-03", 0.80),)
    table = pairs_table([line("Ines and Noor", MAY, JULY, sessions=sessions)])

    assert table["When"].tolist() == ["May 2026", "June 2026", "July 2026", "3 May 2026, Juno"]
    assert table["Kappa"].tolist() == [".78", "–", ".52", ".80"]
    assert table["95 %"].tolist() == [".73 – .83", "–", ".47 – .57", ".75 – .85"]
    assert table["Sessions coded twice"].tolist() == ["3", "0", "1", "1"]
    assert table["Children"].tolist() == ["2", "0", "1", "1"]
    assert table["Which kappa is the weakest"].tolist()[:2] == [
        "the child, moment by moment", "nothing was coded twice",
    ]  # fmt: skip
    (little,) = pairs_table([line("Ines and Noor", JUNE)])["Kappa"]
    assert little == "–"


def test_a_long_table_has_the_months_of_all_pairs_first_and_then_the_newest_sessions():
    sessions = tuple(dot(f"2026-05-{day:02d}", 0.7) for day in range(1, 26))
    table = pairs_table([line(pair, MAY, sessions=sessions) for pair in ("a", "b")])

    assert table["When"].tolist()[:4] == ["May 2026", "May 2026", "25 May 2026, Juno", "25 May 2026, Juno"]
    assert len(table) == 2 + 40 + 1 and table["When"].iloc[-1] == "and 10 earlier sessions"


def test_the_picture_is_told_month_by_month():
    told = pairs_told([line("Ines and Noor", MAY, JUNE)])

    assert told == (
        "Ines and Noor. May 2026: kappa .78, 95 % .73 to .83 (the child, moment by moment), 3 sessions with "
        "2 children. June 2026: too little to tell, 1 session with 1 child."
    )


def test_a_kappa_without_limits_has_a_point_and_no_bar():
    bare = replace(MAY, standing=replace(MAY.standing, low=math.nan, high=math.nan))
    figure = pairs_by_month([line("Ines and Noor", bare, JULY)], palette.DAY)
    (bar,) = [t for t in figure.data if t.type == "bar"]

    assert list(marks(figure, "y").y) == [0.78, None, 0.52] and len(bar.x) == 1
