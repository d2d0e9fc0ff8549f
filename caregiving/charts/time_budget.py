"""How the time of a session went: a bar for each kind of moment that lasted, a count for the others."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from caregiving.charts._marks import heading
from caregiving.charts._paper import Colours, faint, paper, span
from caregiving.coded.looks import Cast
from caregiving.words import _, n_

Row = dict[str, Any]
MARKS = {"infant": ("baby", "circle"), "caregiver": ("caregiver", "square")}


def time_budget(result: dict[str, Any], cast: Cast, colours: Colours) -> go.Figure:
    """Return the time budget as bars, the child above, the caregiver below; the longest first."""
    groups = [(who, seen_rows(result, who)) for who in MARKS]
    groups = [(who, rows) for who, rows in groups if rows]
    n_lines = sum(len(rows) + 1 for _who, rows in groups)
    figure = paper(colours, 34 * n_lines + 24, left=8)
    longest = max((row["total_s"] or 0 for _who, rows in groups for row in rows), default=0) or 1
    line, ticks, names = n_lines, [], []
    for who, rows in groups:
        line -= 1
        heading(figure, cast.names.get(who, who), line, colours)
        at = [line - 1 - place for place in range(len(rows))]
        line -= len(rows)
        ticks += at
        names += [cast.what(row["code"]) for row in rows]
        _bars(figure, rows, at, cast, colours)
        _counts(figure, rows, at, 0.015 * longest, cast, colours)
    figure.update_yaxes(
        range=[-0.6, n_lines - 0.3],
        tickvals=ticks,
        ticktext=names,
        tickfont={"color": colours["ink"], "size": 15},
    )
    figure.update_xaxes(range=[0, 1.45 * longest], visible=False)
    return figure


def seen_rows(result: dict[str, Any], who: str) -> list[Row]:
    """Return what was seen of one person: what lasted, the longest first, then points, the most first."""
    rows = [row for row in result["rows"] if row["actor"] == who and row["n"] > 0]
    return sorted(rows, key=lambda row: (row["total_s"] is None, -(row["total_s"] or 0), -row["n"]))


def _bars(figure: go.Figure, rows: list[Row], at: list[int], cast: Cast, colours: Colours) -> None:
    """Draw what lasted, each bar with its length and share."""
    lasted = [(row, y) for row, y in zip(rows, at, strict=True) if row["total_s"] is not None]
    if not lasted:
        return
    colour = colours[MARKS[lasted[0][0]["actor"]][0]]
    figure.add_bar(
        orientation="h",
        x=[row["total_s"] for row, _y in lasted],
        y=[y for _row, y in lasted],
        width=0.62,
        marker={"color": faint(colour, 0.55), "line": {"color": colour, "width": 1}},
        text=[f"{span(row['total_s'])} · {row['share']:.0%}" for row, _y in lasted],
        textposition="outside",
        textfont={"color": colours["ink"], "size": 14},
        cliponaxis=False,
        customdata=[f"{row['actor']}:{row['code']}" for row, _y in lasted],
        hovertext=[_told(row, cast) for row, _y in lasted],
        hovertemplate="%{hovertext}<extra></extra>",
        selected={"textfont": {"color": colours["ink"]}},  # Plotly stumbles over a bar that lacks it
        unselected={"marker": {"opacity": 0.5}, "textfont": {"color": colours["ink"]}},
    )


def _counts(
    figure: go.Figure, rows: list[Row], at: list[int], x: float, cast: Cast, colours: Colours
) -> None:
    """Draw what has no length: a mark at `x` and how often it came."""
    points = [(row, y) for row, y in zip(rows, at, strict=True) if row["total_s"] is None]
    if not points:
        return
    name, symbol = MARKS[points[0][0]["actor"]]
    said = {
        "customdata": [f"{row['actor']}:{row['code']}" for row, _y in points],
        "hovertext": [_told(row, cast) for row, _y in points],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "cliponaxis": False,
    }
    lines = [y for _row, y in points]
    figure.add_bar(
        orientation="h",
        base=1.5 * x,
        x=[0] * len(points),
        y=lines,
        text=[_times(row["n"]) for row, _y in points],
        textposition="outside",
        textfont={"color": colours["ink"], "size": 14},
        selected={"textfont": {"color": colours["ink"]}},
        unselected={"textfont": {"color": colours["ink"]}},
        **said,
    )
    figure.add_scatter(
        x=[x] * len(points),
        y=lines,
        mode="markers",
        marker={"symbol": symbol, "size": 11, "color": colours[name]},
        unselected={"marker": {"opacity": 0.5}},
        **said,
    )


def _times(n: int) -> str:
    return n_("{n} time", "{n} times", n)


def _told(row: Row, cast: Cast) -> str:
    """Return one line of the budget as a sentence for the pointer."""
    what = cast.both(f"{row['actor']}:{row['code']}")
    if row["total_s"] is None:
        return f"{what}, {_times(row['n'])}"
    return _("{what}, {times}, {total} in all, {mean} each time on average").format(
        what=what, times=_times(row["n"]), total=span(row["total_s"]), mean=span(row["mean_s"])
    )


def time_budget_table(result: dict[str, Any], cast: Cast) -> pd.DataFrame:
    """Return the whole budget, what never came included."""
    columns = {
        _("Who"): [cast.names.get(row["actor"], row["actor"]) for row in result["rows"]],
        _("What"): [cast.what(row["code"]) for row in result["rows"]],
        _("Times"): [row["n"] for row in result["rows"]],
        _("A minute"): [row["rate_per_min"] for row in result["rows"]],
        _("In all, s"): [row["total_s"] for row in result["rows"]],
        _("Share of the time"): [
            None if row["share"] is None else f"{row['share']:.1%}" for row in result["rows"]
        ],
        _("Each, s"): [row["mean_s"] for row in result["rows"]],
        _("Spread, s"): [row["sd_s"] for row in result["rows"]],
    }
    return pd.DataFrame(columns)


def time_budget_told(result: dict[str, Any], cast: Cast) -> str:
    """Return the budget in sentences: what lasted longest for each of the two."""
    told = []
    for who in MARKS:
        rows = [row for row in seen_rows(result, who) if row["total_s"]][:3]
        listed = ", ".join(f"{cast.what(row['code'])} {span(row['total_s'])}" for row in rows)
        if listed:
            told.append(_("{name}: {list}.").format(name=cast.names.get(who, who), list=listed))
    return _("How {time} went.").format(time=span(result["observed_s"])) + " " + " ".join(told)
