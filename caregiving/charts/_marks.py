"""Pieces that several figures share: hatching for what is not known, ticks on round times, a note beneath."""

from collections.abc import Sequence

import plotly.graph_objects as go

from caregiving.charts._paper import Colours, faint, span

Box = tuple[float, float, float, float]
STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 10800, 14400, 21600)


def hatch(figure: go.Figure, boxes: Sequence[Box], colours: Colours) -> None:
    """Hatch boxes (left, right, bottom, top): nobody watched there, so silence is not mistaken for calm."""
    if not boxes:
        return
    x: list[float | None] = []
    y: list[float | None] = []
    for left, right, bottom, top in boxes:
        x += [left, right, right, left, left, None]
        y += [bottom, bottom, top, top, bottom, None]
    figure.add_scatter(
        x=x,
        y=y,
        mode="lines",
        line={"width": 0},
        fill="toself",
        fillcolor="rgba(0,0,0,0)",
        fillpattern={
            "shape": "/",
            "size": 7,
            "solidity": 0.12,
            "fgcolor": colours["quiet"],
            "bgcolor": faint(colours["unwatched"], 0.25),
        },
        hoverinfo="skip",
    )


def round_times(top_s: float, most: int = 5) -> tuple[list[float], list[str]]:
    """Return round times from 0 up to the top, at most so many, and how they are written.

    >>> round_times(70)
    ([0.0, 15.0, 30.0, 45.0, 60.0], ['0 s', '15 s', '30 s', '45 s', '1 min'])
    """
    step = next((step for step in STEPS_S if top_s / step < most), STEPS_S[-1])
    values = [float(step * k) for k in range(int(top_s // step) + 1)]
    return values, [span(value) for value in values]


def round_numbers(top: float, most: int = 5) -> list[float]:
    """Return round numbers from 0 up to the top, at most so many.

    >>> round_numbers(0.9), round_numbers(37)
    ([0.0, 0.2, 0.4, 0.6, 0.8], [0.0, 10.0, 20.0, 30.0])
    """
    if not top > 0:
        return [0.0]
    size = 10.0 ** len(str(int(top)))
    steps = [size / 10**k * part for k in range(4, -1, -1) for part in (1, 2, 5)]
    step = next(one for one in steps if top / one < most)
    return [round(step * k, 10) for k in range(int(top / step) + 1)]


def note(figure: go.Figure, text: str, colours: Colours, *, below: int = 44) -> None:
    """Write a quiet line beneath the axis: how the marks are to be read."""
    figure.add_annotation(
        text=text,
        xref="paper",
        yref="paper",
        x=0,
        y=0,
        yshift=-below,
        xanchor="left",
        yanchor="top",
        showarrow=False,
        align="left",
        font={"color": colours["quiet"], "size": 14},
    )
    figure.update_layout(margin={"b": below + 34})


def heading(figure: go.Figure, text: str, line: int, colours: Colours) -> None:
    """Write above the lines of one person whose they are."""
    figure.add_annotation(
        x=0,
        y=line,
        text=f"<b>{text}</b>",
        showarrow=False,
        xanchor="left",
        xshift=2,
        font={"color": colours["quiet"], "size": 15},
    )
