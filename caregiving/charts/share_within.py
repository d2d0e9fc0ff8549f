"""Shares with their intervals on a quiet scale: a point is what was seen, the bar how sure that is."""

import pandas as pd
import plotly.graph_objects as go

from caregiving.charts._paper import Colours, faint, paper
from caregiving.indices import Estimate
from caregiving.words import _, n_


def share_within(rows: list[tuple[str, Estimate]], colours: Colours) -> go.Figure:
    """Return one line a share: name on the left, point with its 95 % interval, n on the right."""
    figure = paper(colours, 56 * len(rows) + 50, left=8)
    names = [row[0] for row in rows]
    for name, one in rows:
        _line(figure, name, one, colours)
    figure.update_yaxes(
        categoryorder="array",
        categoryarray=names[::-1],
        tickfont={"color": colours["ink"], "size": 15},
        range=[-0.5, len(rows) - 0.3],
    )
    figure.update_xaxes(
        range=[-0.02, 1.02],
        tickvals=[0, 0.25, 0.5, 0.75, 1],
        ticktext=[_("none"), "¼", _("half"), "¾", _("all")],
    )
    return figure


def _line(figure: go.Figure, name: str, one: Estimate, colours: Colours) -> None:
    """Draw one share: a quiet scale, the interval on it, the point on that."""
    shown = one.shown
    told = _hovered(name, shown)
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
        hovertemplate=f"{told}<extra></extra>",
    )


def share_within_table(rows: list[tuple[str, Estimate]]) -> pd.DataFrame:
    """Return the shares as a table in words."""
    return pd.DataFrame(
        [
            {
                _("Cues"): name.replace("<br>", " "),
                _("Answered"): f"{one.shown.value:.0%}",
                _("95 % limits"): _("{low} to {high}").format(
                    low=f"{one.shown.low:.0%}", high=f"{one.shown.high:.0%}"
                ),
                _("From"): n_("{n} cue", "{n} cues", one.n),
            }
            for name, one in rows
        ]
    )


def share_within_told(rows: list[tuple[str, Estimate]]) -> str:
    """Return the shares as one sentence each."""
    return " ".join(_hovered(name.replace("<br>", " "), one.shown) + "." for name, one in rows)


def _hovered(name: str, one: Estimate) -> str:
    told = _("{name}: {share}, likely between {low} and {high}, from {cues}")
    return told.format(
        name=name,
        share=f"{one.value:.0%}",
        low=f"{one.low:.0%}",
        high=f"{one.high:.0%}",
        cues=n_("{n} cue", "{n} cues", one.n),
    )
