"""Shares with their intervals on a quiet scale: a point is what was seen, the bar how sure that is."""

import plotly.graph_objects as go

from caregiving.charts._paper import Colours, faint, paper
from caregiving.indices import Estimate


def share_within(rows: list[tuple[str, Estimate]], colours: Colours) -> go.Figure:
    """Return one line a share: name on the left, point with its 95 % interval, n on the right."""
    figure = paper(colours, 56 * len(rows) + 50, left=8)
    names = [name for name, _ in rows]
    for name, one in rows:
        shown = one.shown
        told = f"{name}: {shown.value:.0%}, likely between {shown.low:.0%} and {shown.high:.0%}"
        figure.add_scatter(
            x=[0, 1],
            y=[name, name],
            mode="lines",
            line={"color": colours["line"], "width": 2},
            hoverinfo="skip",
        )
        figure.add_scatter(
            x=[shown.low, shown.high],
            y=[name, name],
            mode="lines",
            line={"color": faint(colours["caregiver"], 0.35), "width": 12},
            hoverinfo="skip",
        )
        figure.add_scatter(
            x=[shown.value],
            y=[name],
            mode="markers+text",
            marker={"size": 15, "color": colours["caregiver"], "symbol": "square"},
            text=[f"{shown.value:.0%}" if shown.value == shown.value else ""],
            textposition="top center",
            textfont={"color": colours["ink"], "size": 15},
            hovertemplate=f"{told}, from {one.n} cues<extra></extra>",
        )
    figure.update_yaxes(
        categoryorder="array",
        categoryarray=names[::-1],
        tickfont={"color": colours["ink"], "size": 15},
        range=[-0.5, len(rows) - 0.3],
    )
    figure.update_xaxes(
        range=[-0.02, 1.02], tickvals=[0, 0.25, 0.5, 0.75, 1], ticktext=["none", "¼", "half", "¾", "all"]
    )
    return figure
