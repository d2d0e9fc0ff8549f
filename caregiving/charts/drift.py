"""How two observers agreed from session to session and month to month: points in their intervals."""

import math

import pandas as pd
import plotly.graph_objects as go
from babel.dates import format_date

from caregiving.agreement.kappa import EXPORT, SHOW
from caregiving.charts._marks import note
from caregiving.charts._paper import Colours, faint, paper
from caregiving.twice.drift import Course, Dot
from caregiving.twice.gates import said
from caregiving.words import _, language, n_

LOWEST, HIGHEST, LABELS = -0.1, 1.08, 6


def drift(course: Course, colours: Colours) -> go.Figure:
    """Return one pair of observers: small points for sessions, large ones in their interval for months.

    Two thin lines say what kappa is needed for showing and for exporting. A session with too little to tell
    has no point; the months are drawn in the middle of their days.
    """
    figure = paper(colours, 240, left=50)
    months = [dot for dot in course.months if dot.told]
    sessions = [dot for dot in course.sessions if dot.told]
    at = [f"{dot.when}-15" for dot in months]
    values = [dot.standing.value for dot in months]
    lines = [(SHOW, _("showing figures")), (EXPORT, _("exporting them"))]
    for value, _text in lines:
        figure.add_hline(y=value, line={"color": colours["line"], "width": 1.5})
    figure.add_scatter(
        x=[dot.when for dot in sessions],
        y=[dot.standing.value for dot in sessions],
        mode="markers",
        marker={"symbol": "circle-open", "size": 8, "color": colours["quiet"], "line": {"width": 1.5}},
        hovertext=[_sentence(dot) for dot in sessions],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    figure.add_scatter(
        x=at,
        y=values,
        mode="markers",
        marker={"symbol": "diamond", "size": 13, "color": colours["accent"]},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [dot.standing.high - dot.standing.value for dot in months],
            "arrayminus": [dot.standing.value - dot.standing.low for dot in months],
            "color": faint(colours["accent"], 0.5),
            "thickness": 6,
            "width": 0,
        },
        hovertext=[_sentence(dot) for dot in months],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    _values(figure, at, values, colours)
    _axes(figure, course, lines, colours)
    return figure


def _values(figure: go.Figure, at: list[str], values: list[float], colours: Colours) -> None:
    """Write each month's kappa beside its point, on the ground, so that no line runs through it."""
    for day, value in zip(at, values, strict=True):
        figure.add_annotation(
            x=day,
            y=value,
            text=f"<b>{said(value)}</b>",
            showarrow=False,
            xanchor="left",
            xshift=12,
            bgcolor=colours["ground"],
            font={"color": colours["ink"], "size": 15},
        )


def _axes(figure: go.Figure, course: Course, lines: list[tuple[float, str]], colours: Colours) -> None:
    """Draw the axes from half a month before the first to half a month after the last."""
    names = pd.date_range(f"{course.months[0].when}-01", f"{course.months[-1].when}-01", freq="MS")
    first, last = names[0] - pd.Timedelta(days=4), names[-1] + pd.Timedelta(days=40)
    shown = names[:: max(1, math.ceil(len(names) / LABELS))]
    figure.update_xaxes(
        range=[f"{first:%Y-%m-%d}", f"{last:%Y-%m-%d}"],
        tickvals=[f"{one:%Y-%m}-15" for one in shown],
        ticktext=[str(format_date(one.date(), "MMM yyyy", locale=language())) for one in shown],
    )
    figure.update_yaxes(
        range=[LOWEST, HIGHEST],
        tickvals=[0, *(value for value, _text in lines), 1],
        ticktext=["0", *(said(value) for value, _text in lines), "1"],
    )
    for value, text in lines:
        figure.add_annotation(
            x=1,
            xref="paper",
            y=value,
            text=text,
            showarrow=False,
            xanchor="left",
            xshift=6,
            font={"color": colours["quiet"], "size": 14},
        )
    figure.update_layout(margin={"r": 130})
    note(
        figure, _("rings: single sessions · diamonds: a month's sessions together, with 95 % limits"), colours
    )


def _sentence(dot: Dot) -> str:
    one = dot.standing
    return _("{when}: kappa {kappa}, 95 % {low} to {high}, {times}").format(
        when=dot.when,
        kappa=said(one.value),
        low=said(one.low),
        high=said(one.high),
        times=n_("{n} session coded twice", "{n} sessions coded twice", one.n_pairs),
    )


def drift_table(course: Course) -> pd.DataFrame:
    """Return the months and their sessions with kappa, limits and what they rest on."""
    dots = [*course.months, *course.sessions]
    known = [dot.standing if dot.told else None for dot in dots]
    return pd.DataFrame(
        {
            _("When"): [dot.when for dot in dots],
            _("Kappa"): [said(one.value) if one else None for one in known],
            _("95 % from"): [said(one.low) if one else None for one in known],
            _("95 % to"): [said(one.high) if one else None for one in known],
            _("Sessions coded twice"): [dot.standing.n_pairs for dot in dots],
        }
    )


def drift_told(course: Course) -> str:
    """Return the course in words, month by month."""
    told = [_sentence(dot) for dot in course.months if dot.told]
    return ". ".join(told) + "." if told else _("No month holds enough yet to tell how well they agreed.")
