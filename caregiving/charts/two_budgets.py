"""How the time of two sessions went, line by line: the earlier one filled, the later one outlined."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from caregiving.charts._marks import heading
from caregiving.charts._paper import Colours, faint, paper, span
from caregiving.charts.time_budget import MARKS
from caregiving.coded.looks import Cast
from caregiving.words import _, n_

Row = dict[str, Any]
Both = tuple[Row | None, Row | None]
LINE, THICK, APART = 54, 0.36, 0.2  # pixels a line; of a line: the thickness of a bar and half their distance


def both_rows(first: dict[str, Any], second: dict[str, Any], who: str) -> list[Both]:
    """Return what was seen of one person in either session, in one order: the longest first, then points."""
    rows: dict[tuple[str, str], list[Row | None]] = {}
    for place, result in enumerate((first, second)):
        for row in result["rows"]:
            if row["actor"] == who:
                rows.setdefault((row["code"], row["form"]), [None, None])[place] = row
    seen = [(one, other) for one, other in rows.values() if any(row and row["n"] for row in (one, other))]
    return sorted(seen, key=_order)


def _there(pair: Both) -> Row:
    """Return the line of the session in which it is known, of the earlier one when of both."""
    return pair[0] or pair[1] or {}


def _order(pair: Both) -> tuple[bool, float, int]:
    there = [row for row in pair if row]
    lasts = any(row["form"] == "state" for row in there)
    return not lasts, -sum(row["share"] or 0 for row in there), -sum(row["n"] for row in there)


def two_budgets(first: dict[str, Any], second: dict[str, Any], cast: Cast, colours: Colours) -> go.Figure:
    """Return both time budgets on one scale, the share of the time that could be seen in each session.

    Parameters: two results of `time_budget`, the earlier session first.
    """
    groups = [(who, both_rows(first, second, who)) for who in MARKS]
    groups = [(who, rows) for who, rows in groups if rows]
    n_lines = sum(len(rows) + 1 for _who, rows in groups)
    figure = paper(colours, LINE * n_lines + 16, left=8)
    shares = [row["share"] or 0 for _who, rows in groups for pair in rows for row in pair if row]
    longest = max(shares, default=0) or 1
    line, ticks, names = n_lines, [], []
    for who, rows in groups:
        line -= 1
        heading(figure, cast.names.get(who, who), line, colours)
        at = [line - 1 - place for place in range(len(rows))]
        line -= len(rows)
        ticks += at
        names += [cast.what(_there((one, other))["code"]) for one, other in rows]
        for place, up in enumerate((APART, -APART)):
            told = [(pair[place], y + up) for pair, y in zip(rows, at, strict=True)]
            _bars(figure, told, colours[MARKS[who][0]], cast, colours, filled=place == 0)
            _counts(figure, told, 0.015 * longest, who, cast, colours, filled=place == 0)
    figure.update_yaxes(
        range=[-0.6, n_lines - 0.3],
        tickvals=ticks,
        ticktext=names,
        tickfont={"color": colours["ink"], "size": 15},
    )
    figure.update_xaxes(range=[0, 1.5 * longest], visible=False)
    return figure


def _bars(
    figure: go.Figure,
    told: list[tuple[Row | None, float]],
    colour: str,
    cast: Cast,
    colours: Colours,
    *,
    filled: bool,
) -> None:
    """Draw what lasted in one session, with its length and its share."""
    lasted = [(row, y) for row, y in told if row and row["form"] == "state"]
    figure.add_bar(
        orientation="h",
        x=[row["share"] or 0 for row, _y in lasted],
        y=[y for _row, y in lasted],
        width=THICK,
        marker={
            "color": faint(colour, 0.55) if filled else "rgba(0,0,0,0)",
            "line": {"color": colour, "width": 1 if filled else 2},
        },
        text=[_length(row) for row, _y in lasted],
        textposition="outside",
        textfont={"color": colours["ink"], "size": 14},
        cliponaxis=False,
        hovertext=[f"{cast.both(row['actor'] + ':' + row['code'])}, {_length(row)}" for row, _y in lasted],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _counts(
    figure: go.Figure,
    told: list[tuple[Row | None, float]],
    x: float,
    who: str,
    cast: Cast,
    colours: Colours,
    *,
    filled: bool,
) -> None:
    """Draw what has no length in one session: a mark, filled or open, and how often it came."""
    points = [(row, y) for row, y in told if row and row["form"] == "point"]
    name, symbol = MARKS[who]
    figure.add_scatter(
        x=[x] * len(points),
        y=[y for _row, y in points],
        mode="markers+text",
        text=[f"  {_times(row['n'])}" for row, _y in points],
        textposition="middle right",
        textfont={"color": colours["ink"], "size": 14},
        marker={
            "symbol": symbol if filled else f"{symbol}-open",
            "size": 11,
            "color": colours[name],
            "line": {"width": 2, "color": colours[name]},
        },
        cliponaxis=False,
        hovertext=[
            f"{cast.both(row['actor'] + ':' + row['code'])}, {_times(row['n'])}" for row, _y in points
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _length(row: Row) -> str:
    if not row["n"] or row["share"] is None:
        return _("not seen")
    return f"{span(row['total_s'])} · {row['share']:.0%}"


def _times(n: int) -> str:
    return n_("{n} time", "{n} times", n) if n else _("not seen")


def two_budgets_table(
    first: dict[str, Any], second: dict[str, Any], cast: Cast, days: tuple[str, str]
) -> pd.DataFrame:
    """Return both budgets line by line; `days` names the two sessions."""
    rows = [(who, pair) for who in MARKS for pair in both_rows(first, second, who)]
    columns: dict[str, list[str]] = {
        _("Who"): [cast.names.get(who, who) for who, _pair in rows],
        _("What"): [cast.what(_there((one, other))["code"]) for _who, (one, other) in rows],
    }
    for place, day in enumerate(days):
        name = _("{day}, times").format(day=day)
        columns[name] = [str((pair[place] or {"n": 0})["n"]) for _who, pair in rows]
        name = _("{day}, how long").format(day=day)
        columns[name] = [_lasted(pair[place]) for _who, pair in rows]
    return pd.DataFrame(columns)


def _lasted(row: Row | None) -> str:
    return "–" if row is None or row["form"] == "point" else _length(row)


def two_budgets_told(first: dict[str, Any], second: dict[str, Any], cast: Cast, days: tuple[str, str]) -> str:
    """Return both budgets in sentences: for each of the two people what took the most time."""
    told = [_("How the time went on {first} and on {second}.").format(first=days[0], second=days[1])]
    for who in MARKS:
        lasted = [pair for pair in both_rows(first, second, who) if _there(pair)["form"] == "state"]
        listed = ", ".join(
            _("{what} {first} and {second}").format(
                what=cast.what(_there((one, other))["code"]), first=_share(one), second=_share(other)
            )
            for one, other in lasted[:3]
        )
        if listed:
            told.append(_("{name}: {list}.").format(name=cast.names.get(who, who), list=listed))
    return " ".join(told)


def _share(row: Row | None) -> str:
    return f"{(row['share'] or 0) if row else 0:.0%}"
