"""What came after what, as a matrix of counts: the darker a cell, the more often."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pandas as pd
import plotly.graph_objects as go

from caregiving.charts._paper import Colours, faint, paper
from caregiving.coded.looks import Cast
from caregiving.words import _, n_


class Cell(NamedTuple):
    """One pair of codes: how often it came, what chance alone would give, and how far the two lie apart.

    `expected` and `residual` are None where the pair cannot happen or is too rare to compare.
    """

    given: str
    target: str
    n: int
    expected: float | None
    residual: float | None


def cells(counted: dict[str, Any], lag: dict[str, Any]) -> Iterator[Cell]:
    """Yield every pair that can happen; `counted` from transitions, `lag` from the lag table of the same."""
    for i, given in enumerate(counted["labels"]):
        for j, target in enumerate(counted["labels"]):
            if lag["allowed"][i][j]:
                compared = not lag["thin"][i][j]
                expected = lag["expected"][i][j] if compared else None
                residual = lag["residuals"][i][j] if compared else None
                yield Cell(given, target, counted["counts"][i][j], expected, residual)


def transitions(counted: dict[str, Any], lag: dict[str, Any], cast: Cast, colours: Colours) -> go.Figure:
    """Return the matrix: rows are what was seen first, columns what came next."""
    labels = in_order(counted["labels"], cast)
    wide = len(labels) > 6
    figure = paper(colours, 54 * len(labels) + (250 if wide else 90), left=8)
    shown = list(cells(counted, lag))
    most = max((cell.n for cell in shown), default=0) or 1
    places = {label: place for place, label in enumerate(labels)}
    for who, tone in (("infant", "baby"), ("caregiver", "caregiver")):
        mine = [cell for cell in shown if _actor(cell.target, counted, cast) == who]
        figure.add_scatter(
            x=[places[cell.target] for cell in mine],
            y=[places[cell.given] for cell in mine],
            mode="markers+text",
            marker={
                "symbol": "square",
                "size": 34 if wide else 46,
                "color": [faint(colours[tone], 0.06 + 0.5 * cell.n / most) for cell in mine],
                "line": {"width": 0},
            },
            text=[str(cell.n) if cell.n else "" for cell in mine],
            textfont={"color": colours["ink"], "size": 15},
            customdata=[[cell.given, cell.target] for cell in mine],
            hovertext=[told_cell(cell, cast) for cell in mine],
            hovertemplate="%{hovertext}<extra></extra>",
            unselected={"marker": {"opacity": 0.6}, "textfont": {"color": colours["ink"]}},
        )
    _axes(figure, labels, cast, colours, wide=wide)
    return figure


def in_order(labels: list[str], cast: Cast) -> list[str]:
    """Return labels by person, the child first, and then in the order of the instrument."""
    codes, people = list(cast.labels), list(cast.names)

    def place(label: str) -> tuple[int, int, str]:
        who, code = cast.who(label), label.rpartition(":")[2]
        return (
            people.index(who) if who in people else 0,
            codes.index(code) if code in codes else len(codes),
            label,
        )

    return sorted(labels, key=place)


def _actor(label: str, counted: dict[str, Any], cast: Cast) -> str:
    """Return whose code it is; with one actor only, codes stand without him."""
    return cast.who(label) or ("caregiver" if counted.get("whose") == "caregiver" else "infant")


def _axes(figure: go.Figure, labels: list[str], cast: Cast, colours: Colours, *, wide: bool) -> None:
    """Write the codes along both sides, in the order of the child first."""
    ink = {"color": colours["ink"], "size": 14}
    span_of = [-0.6, len(labels) - 0.4]
    places = list(range(len(labels)))
    figure.update_yaxes(
        range=span_of[::-1],
        tickvals=places,
        ticktext=[cast.both(label) for label in labels],
        tickfont=ink,
    )
    figure.update_xaxes(
        range=span_of,
        side="top",
        tickvals=places,
        ticktext=[cast.both(label) if wide else broken(cast.both(label)) for label in labels],
        tickfont=ink,
        tickangle=-90 if wide else 0,
        ticks="",
    )
    figure.add_annotation(
        xref="paper",
        yref="paper",
        x=0,
        y=1,
        text=_("first ↓ · then →"),
        showarrow=False,
        xanchor="right",
        yanchor="bottom",
        xshift=-8,
        yshift=4,
        font={"color": colours["quiet"], "size": 14},
    )


def broken(text: str) -> str:
    """Return a label on several short lines.

    >>> broken("Attends to something else")
    'Attends to<br>something<br>else'
    """
    lines = [""]
    for part in text.split(" "):
        longer = f"{lines[-1]} {part}".strip()
        lines = [*lines[:-1], longer] if len(longer) <= 11 else [*lines, part]
    return "<br>".join(line for line in lines if line)


def told_cell(cell: Cell, cast: Cast) -> str:
    """Return a pair as a sentence."""
    told = _("{given}, then {target}: {times}").format(
        given=cast.both(cell.given), target=cast.both(cell.target), times=n_("{n} time", "{n} times", cell.n)
    )
    if cell.expected is None:
        return told + ", " + _("too rare to be compared with chance")
    return told + ", " + _("about {n} by chance").format(n=f"{cell.expected:.1f}")


def transitions_table(counted: dict[str, Any], lag: dict[str, Any], cast: Cast) -> pd.DataFrame:
    """Return the pairs that came, the most frequent first; too rare ones without a comparison."""
    seen = sorted((cell for cell in cells(counted, lag) if cell.n), key=lambda cell: -cell.n)
    totals = {label: sum(row) for label, row in zip(counted["labels"], counted["counts"], strict=True)}
    return pd.DataFrame(
        {
            _("First"): [cast.both(cell.given) for cell in seen],
            _("And then"): [cast.both(cell.target) for cell in seen],
            _("Times"): [cell.n for cell in seen],
            _("Of all that came after it"): [f"{cell.n / totals[cell.given]:.0%}" for cell in seen],
            _("By chance"): [cell.expected for cell in seen],
            _("Adjusted residual"): [cell.residual for cell in seen],
        }
    )


def transitions_told(counted: dict[str, Any], lag: dict[str, Any], cast: Cast) -> str:
    """Return the most frequent pairs in a sentence."""
    seen = sorted((cell for cell in cells(counted, lag) if cell.n), key=lambda cell: -cell.n)[:3]
    n = n_("{n} change was counted.", "{n} changes were counted.", counted["n"])
    return n + " " + "; ".join(told_cell(cell, cast) for cell in seen) + "."
