"""The grid of two people's states: how long they were in each pair of them, and their way through it."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from caregiving.charts._paper import Colours, faint, paper, span
from caregiving.charts.transitions import broken
from caregiving.charts.turns import clock
from caregiving.coded.looks import Cast
from caregiving.words import _, n_

LARGEST, ROOMY, ABOVE, LONGEST_WAY = 62.0, 38.0, 0.32, 400
Shape = dict[str, Any]
Visited = tuple[str, str, float, int]


def state_space(result: dict[str, Any], way: pd.DataFrame, cast: Cast, colours: Colours) -> go.Figure:
    """Return the grid: the child's states across, the caregiver's upwards, bubbles by time, the way faint.

    `result` of the view with the infant's states as rows; `way` as coded.looks.path returns it.
    """
    across, upwards = result["row_states"], result["column_states"]
    figure = paper(colours, 88 * len(upwards) + 110, left=8)
    figure.update_layout(shapes=[*_tinted(across, upwards, colours), *_lines(across, upwards, colours)])
    _way(figure, way, across, upwards, colours)
    visited = _visited(result)
    most = max((seconds for *_cell, seconds, _n in visited), default=1.0)
    sized = [(cell, max(6.0, LARGEST * (cell[2] / most) ** 0.5)) for cell in visited]
    _bubbles(figure, sized, result, cast, colours)
    _axes(figure, across, upwards, cast, colours)
    return figure


def _bubbles(
    figure: go.Figure,
    sized: list[tuple[Visited, float]],
    result: dict[str, Any],
    cast: Cast,
    colours: Colours,
) -> None:
    """Draw cells as bubbles of these sizes, with the time inside, or above where there is no room."""
    cells = [cell for cell, _size in sized]
    x = [result["row_states"].index(cell[0]) for cell in cells]
    y = [result["column_states"].index(cell[1]) for cell in cells]
    figure.add_scatter(
        x=x,
        y=y,
        mode="markers",
        marker={
            "size": [size for _cell, size in sized],
            "color": faint(colours["accent"], 0.35),
            "line": {"color": colours["accent"], "width": 1.5},
        },
        customdata=[[cell[0], cell[1]] for cell in cells],
        hovertext=[_told(cell, cast) for cell in cells],
        hovertemplate="%{hovertext}<extra></extra>",
        unselected={"marker": {"opacity": 0.6}},
    )
    figure.add_scatter(
        x=x,
        y=[row + (0 if size >= ROOMY else ABOVE) for row, (_cell, size) in zip(y, sized, strict=True)],
        mode="text",
        text=[_short(cell[2]) for cell in cells],
        textfont={"color": colours["ink"], "size": 14},
        unselected={"textfont": {"color": colours["ink"]}},
        hoverinfo="skip",
    )


def _short(seconds: float) -> str:
    """Return a length that fits into a bubble.

    >>> _short(44.6), _short(94.9)
    ('45 s', '1:35')
    """
    return clock(round(seconds)) if seconds >= 59.5 else f"{seconds:.0f} s"


def _visited(result: dict[str, Any]) -> list[Visited]:
    """Return the cells that were visited: the two states, seconds, visits; the longest first."""
    found = [
        (infant, caregiver, result["durations_s"][i][j], result["visits"][i][j])
        for i, infant in enumerate(result["row_states"])
        for j, caregiver in enumerate(result["column_states"])
        if result["visits"][i][j]
    ]
    return sorted(found, key=lambda cell: -cell[2])


def _lines(across: list[str], upwards: list[str], colours: Colours) -> Iterator[Shape]:
    """Yield the lines between the cells."""
    right, top = len(across) - 0.5, len(upwards) - 0.5
    line = {"type": "line", "line": {"color": colours["line"], "width": 1}, "layer": "below"}
    for place in range(len(across) + 1):
        yield line | {"x0": place - 0.5, "x1": place - 0.5, "y0": -0.5, "y1": top}
    for place in range(len(upwards) + 1):
        yield line | {"x0": -0.5, "x1": right, "y0": place - 0.5, "y1": place - 0.5}


def in_step(infant: str, caregiver: str) -> bool:
    """Tell whether two states bear the same word.

    >>> in_step("infant_playful", "caregiver_playful"), in_step("infant_protest", "caregiver_comforting")
    (True, False)
    """
    return infant.partition("_")[2] == caregiver.partition("_")[2]


def _tinted(across: list[str], upwards: list[str], colours: Colours) -> Iterator[Shape]:
    """Yield a tint for each cell in which both are in the same state."""
    tint = {"type": "rect", "fillcolor": colours["accent-soft"], "line": {"width": 0}, "layer": "below"}
    for x, infant in enumerate(across):
        for y, caregiver in enumerate(upwards):
            if in_step(infant, caregiver):
                yield tint | {"x0": x - 0.5, "x1": x + 0.5, "y0": y - 0.5, "y1": y + 0.5}


def _way(
    figure: go.Figure, way: pd.DataFrame, across: list[str], upwards: list[str], colours: Colours
) -> None:
    """Draw the way from visit to visit, a little scattered inside the cells so that lines do not hide."""
    shown = way.head(LONGEST_WAY)
    scatter = np.random.default_rng(0).uniform(-0.3, 0.3, size=(len(shown), 2))
    x = np.array([across.index(code) for code in shown["infant"]], dtype=float) + scatter[:, 0]
    y = np.array([upwards.index(code) for code in shown["caregiver"]], dtype=float) + scatter[:, 1]
    apart = (shown["start_s"] != shown["end_s"].shift()) | (shown["session"] != shown["session"].shift())
    breaks = np.flatnonzero(apart.to_numpy(dtype=bool))
    breaks = breaks[breaks > 0]
    figure.add_scatter(
        x=np.insert(x, breaks, np.nan),
        y=np.insert(y, breaks, np.nan),
        mode="lines",
        line={"color": faint(colours["quiet"], 0.22), "width": 1},
        hoverinfo="skip",
    )


def _axes(figure: go.Figure, across: list[str], upwards: list[str], cast: Cast, colours: Colours) -> None:
    for update, codes, who in (
        (figure.update_xaxes, across, "infant"),
        (figure.update_yaxes, upwards, "caregiver"),
    ):
        texts = [broken(cast.what(code)) for code in codes]
        update(
            range=[-0.5, len(codes) - 0.5],
            tickvals=list(range(len(codes))),
            ticktext=texts,
            ticks="",
            tickangle=0,
            tickfont={"color": colours["ink"], "size": 14},
            title={
                "text": cast.names.get(who, who),
                "font": {"color": colours["baby" if who == "infant" else "caregiver"], "size": 15},
            },
        )


def _told(cell: Visited, cast: Cast) -> str:
    """Return one cell as a sentence."""
    infant, caregiver, seconds, visits = cell
    return _("{child}; {grown}: {time} in {visits}").format(
        child=cast.both(f"infant:{infant}"),
        grown=cast.both(f"caregiver:{caregiver}"),
        time=span(seconds),
        visits=n_("{n} stretch", "{n} stretches", visits),
    )


def state_space_table(result: dict[str, Any], cast: Cast) -> pd.DataFrame:
    """Return the visited cells, the longest first."""
    visited, coded = _visited(result), result["coded_s"] or float("nan")
    return pd.DataFrame(
        {
            cast.names.get("infant", "infant"): [cast.what(infant) for infant, *_rest in visited],
            cast.names.get("caregiver", "caregiver"): [cast.what(cell[1]) for cell in visited],
            _("In all, s"): [seconds for *_cell, seconds, _n in visited],
            _("Share of the time"): [f"{seconds / coded:.1%}" for *_cell, seconds, _n in visited],
            _("Stretches"): [n for *_cell, n in visited],
        }
    )


def state_space_told(result: dict[str, Any], cast: Cast) -> str:
    """Return where the two were longest, in a sentence."""
    told = "; ".join(_told(cell, cast) for cell in _visited(result)[:3])
    return _("Of {time} in which both were coded, the longest: {list}.").format(
        time=span(result["coded_s"]), list=told
    )
