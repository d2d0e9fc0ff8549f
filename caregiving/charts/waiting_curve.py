"""How many cues had their answer by when: one minus the Kaplan-Meier curve, with its band."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from caregiving.charts._paper import Colours, faint, paper, span
from caregiving.indices._survival import Curve
from caregiving.instruments import ClassName
from caregiving.report import Report
from caregiving.words import _

NAMED = (5, 10, 15, 30, 60, 120, 180)  # seconds whose shares are told in words


def waiting_curve(report: Report, cue_class: ClassName, colours: Colours) -> go.Figure:
    """Return the answered share over time for one class of cues, as steps in a soft 95 % band."""
    steps = report.curve(cue_class)
    window = report.instrument.classes[cue_class].response_window_s.value
    figure = paper(colours, 300, left=56)
    time = np.concatenate(([0.0], steps.time, [window]))
    share = 1 - np.concatenate(([1.0], steps.share, steps.share[-1:]))
    _band(figure, steps, window, faint(colours["caregiver"], 0.18))
    figure.add_scatter(
        x=time,
        y=share,
        mode="lines",
        line={"color": colours["caregiver"], "width": 3, "shape": "hv"},
        text=[_hovered(float(s), float(t)) for t, s in zip(time, share, strict=True)],
        hovertemplate="%{text}<extra></extra>",
    )
    figure.update_yaxes(
        range=[0, 1.02],
        tickvals=[0, 0.25, 0.5, 0.75, 1],
        ticktext=[_("none"), _("a quarter"), _("half"), _("three<br>quarters"), _("all")],
        showgrid=True,
        gridcolor=colours["line"],
    )
    ticks = [0, 30, 60, 120, 180] if window > 60 else [0, 5, 10, 15]
    ticks = [t for t in ticks if t <= window]
    figure.update_xaxes(
        range=[0, window * 1.02], tickvals=ticks, ticktext=[_("at once"), *[span(t) for t in ticks[1:]]]
    )
    return figure


def waiting_curve_table(report: Report, cue_class: ClassName) -> pd.DataFrame:
    """Return the answered share with its limits at a few round times, and how many were followed so long."""
    steps = report.curve(cue_class)
    window = report.instrument.classes[cue_class].response_window_s.value
    rows = []
    for time in [t for t in NAMED if t <= window]:
        low, high = steps.waiting_limits(time)
        share = 1 - steps.waiting(time)
        limits = _("{low} to {high}").format(low=f"{1 - high:.0%}", high=f"{1 - low:.0%}")
        rows.append(
            {
                _("Within"): span(time),
                _("Had an answer"): f"{share:.0%}",
                _("95 % limits"): "–" if low != low else limits,
            }
        )
    return pd.DataFrame(rows)


def waiting_curve_told(report: Report, cue_class: ClassName) -> str:
    """Return the curve in two sentences."""
    steps = report.curve(cue_class)
    window = report.instrument.classes[cue_class].response_window_s.value
    early = window / 6 if window > 60 else window / 3
    told = [_hovered(1 - steps.waiting(time), time) + "." for time in (early, window)]
    return (
        _("A rising curve of the share that had an answer, from at once to {time}.").format(time=span(window))
        + " "
        + " ".join(told)
    )


def _hovered(share: float, seconds: float) -> str:
    return _("{share} of these cues had an answer within {time}").format(
        share=f"{share:.0%}", time=span(seconds)
    )


def _band(figure: go.Figure, steps: Curve, window: float, colour: str) -> None:
    """Draw how sure the curve is, as a soft area up to the end of the window."""
    low, high = steps.band()
    kept = ~np.isnan(low)
    time = np.concatenate((steps.time[kept], [window])) if kept.any() else np.array([])
    upper, lower = (1 - np.append(side[kept], side[kept][-1:]) for side in (low, high))
    edge = {"width": 0, "shape": "hv"}
    figure.add_scatter(x=time, y=upper, mode="lines", line=edge, hoverinfo="skip")
    figure.add_scatter(
        x=time, y=lower, mode="lines", line=edge, fill="tonexty", fillcolor=colour, hoverinfo="skip"
    )
