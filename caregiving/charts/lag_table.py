"""What came after what more or less often than chance would have it: counted and expected on one line."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from caregiving.charts._paper import Colours, faint, paper
from caregiving.charts.transitions import Cell, cells, told_cell
from caregiving.coded.looks import Cast
from caregiving.words import _, n_

MOST_LINES = 12


def comparable(lag: dict[str, Any]) -> list[Cell]:
    """Return the pairs that are frequent enough to be compared, those furthest from chance first."""
    found = [cell for cell in cells(lag, lag) if cell.residual is not None]
    return sorted(found, key=lambda cell: -abs(cell.residual or 0))


def n_thin(lag: dict[str, Any]) -> int:
    """Return how many pairs that can happen are too rare: chance expects fewer than 5 of them."""
    return sum(sum(row) for row in lag["thin"])


def lag_table(lag: dict[str, Any], cast: Cast, colours: Colours) -> go.Figure:
    """Return one line a pair: hollow is what chance would give, filled what was counted."""
    shown = comparable(lag)[:MOST_LINES]
    figure = paper(colours, 46 * len(shown) + 76, left=8)
    at = list(range(len(shown) - 1, -1, -1))
    figure.add_scatter(
        x=[x for cell in shown for x in (cell.expected, cell.n, None)],
        y=[y for row in at for y in (row, row, None)],
        mode="lines",
        line={"color": faint(colours["quiet"], 0.5), "width": 2},
        hoverinfo="skip",
    )
    hollow = {"symbol": "circle-open", "size": 13, "color": colours["quiet"], "line": {"width": 2}}
    filled = {"symbol": "diamond", "size": 14, "color": colours["accent"]}
    for values, marker in (([cell.expected for cell in shown], hollow), ([cell.n for cell in shown], filled)):
        figure.add_scatter(
            x=values,
            y=at,
            mode="markers",
            marker=marker,
            customdata=[[cell.given, cell.target] for cell in shown],
            hovertext=[told_cell(cell, cast) for cell in shown],
            hovertemplate="%{hovertext}<extra></extra>",
            unselected={"marker": {"opacity": 0.6}},
        )
    if shown:
        _named(figure, shown[0], at[0], colours)
    figure.update_yaxes(
        range=[-0.6, len(shown) - 0.2],
        tickvals=at,
        ticktext=[_pair(cell, cast) for cell in shown],
        tickfont={"color": colours["ink"], "size": 14},
    )
    figure.update_xaxes(
        rangemode="tozero", title={"text": _("times"), "font": {"color": colours["quiet"], "size": 14}}
    )
    return figure


def _pair(cell: Cell, cast: Cast) -> str:
    return f"{cast.both(cell.given)}<br>→ {cast.both(cell.target)}"


def _named(figure: go.Figure, cell: Cell, y: float, colours: Colours) -> None:
    """Name the two marks beside the first line, in place of a legend."""
    more = cell.n > (cell.expected or 0)
    for x, text, anchor in (
        (cell.n, _("counted"), "left" if more else "right"),
        (cell.expected, _("by chance"), "right" if more else "left"),
    ):
        figure.add_annotation(
            x=x,
            y=y,
            text=text,
            showarrow=False,
            xanchor=anchor,
            xshift=12 if anchor == "left" else -12,
            font={"color": colours["quiet"], "size": 14},
        )


def lag_table_table(lag: dict[str, Any], cast: Cast) -> pd.DataFrame:
    """Return the comparable pairs with counts, residuals and Yule's Q."""
    place = {label: number for number, label in enumerate(lag["labels"])}
    shown = comparable(lag)
    return pd.DataFrame(
        {
            _("First"): [cast.both(cell.given) for cell in shown],
            _("And then"): [cast.both(cell.target) for cell in shown],
            _("Times"): [cell.n for cell in shown],
            _("By chance"): [cell.expected for cell in shown],
            _("Adjusted residual"): [cell.residual for cell in shown],
            _("Yule's Q"): [lag["yule_q"][place[cell.given]][place[cell.target]] for cell in shown],
        }
    )


def lag_table_told(lag: dict[str, Any], cast: Cast) -> str:
    """Return the pairs that stand out most, and how many were too rare to compare."""
    told = "; ".join(told_cell(cell, cast) for cell in comparable(lag)[:3])
    rare = n_("{n} pair was too rare to be compared.", "{n} pairs were too rare to be compared.", n_thin(lag))
    return f"{told}. {rare}"
