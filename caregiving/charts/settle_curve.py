"""How much of the crying had settled by when: one minus the Kaplan-Meier curve, with its band."""

import math

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from caregiving.charts._marks import round_times
from caregiving.charts._paper import Colours, faint, paper, span
from caregiving.indices.comfort import BOUTS
from caregiving.report import Report
from caregiving.trends.settling import Settled, settled
from caregiving.words import _, n_

LONGEST_MIN = 60.0
KNOWN = 5  # bouts still followed: where fewer are left the curve says little and ends


def settle_curve(report: Report, colours: Colours) -> go.Figure | None:
    """Return the share of crying and fussing that had settled, from the first sound on, in a soft 95 % band.

    The curve ends where fewer than five bouts were still followed, or after an hour. None below ten bouts,
    the index's own minimum, and where no end of crying was logged.
    """
    found = settled(report)
    if not _enough(found):
        return None
    figure = paper(colours, 300, left=60)
    end = _end(found)
    time, share, low, high = _steps(found, end)
    colour = faint(colours["baby"], 0.2)
    edge = {"width": 0, "shape": "hv"}
    figure.add_scatter(x=time, y=high, mode="lines", line=edge, hoverinfo="skip")
    figure.add_scatter(
        x=time, y=low, mode="lines", line=edge, fill="tonexty", fillcolor=colour, hoverinfo="skip"
    )
    figure.add_scatter(
        x=time,
        y=share,
        mode="lines",
        line={"color": colours["baby"], "width": 3, "shape": "hv"},
        text=[_at(t, s) for t, s in zip(time, share, strict=True)],
        hovertemplate="%{text}<extra></extra>",
    )
    _half(figure, found, colours)
    values, texts = round_times(end * 60)
    figure.update_xaxes(
        range=[0, end * 1.02], tickvals=[v / 60 for v in values], ticktext=[_("at once"), *texts[1:]]
    )
    figure.update_yaxes(
        range=[0, 1.04],
        tickvals=[0, 0.25, 0.5, 0.75, 1],
        ticktext=[_("none"), "¼", _("half"), "¾", _("all")],
        showgrid=True,
        gridcolor=colours["line"],
    )
    return figure


def _enough(found: Settled) -> bool:
    return found.n >= BOUTS and found.settled > 0


def _end(found: Settled) -> float:
    """Return up to how many minutes the curve is drawn."""
    followed = found.steps.time[found.steps.at_risk >= KNOWN]
    return min(LONGEST_MIN, max(float(followed.max(initial=0.0)) * 1.1, 1.0))


def _steps(found: Settled, end: float) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return times (min) and the settled share with its limits, from 0 to the end."""
    kept = (found.steps.time <= end) & (found.steps.at_risk >= KNOWN)
    low, high = (1 - limit[kept] for limit in found.steps.band()[::-1])
    share = 1 - found.steps.share[kept]
    sides = (share, np.where(np.isnan(low), share, low), np.where(np.isnan(high), share, high))
    drawn = [np.concatenate(([0.0], side, side[-1:] if len(side) else [0.0])) for side in sides]
    return np.concatenate(([0.0], found.steps.time[kept], [end])), drawn[0], drawn[1], drawn[2]


def _half(figure: go.Figure, found: Settled, colours: Colours) -> None:
    """Mark when half had settled, once that can be told."""
    one = found.estimate.shown
    if math.isnan(one.value):
        return
    figure.add_scatter(
        x=[one.value],
        y=[0.5],
        mode="markers",
        marker={"size": 13, "color": colours["baby"], "line": {"color": colours["ground"], "width": 2}},
        text=[_half_told(found)],
        hovertemplate="%{text}<extra></extra>",
    )
    figure.add_annotation(
        x=one.value,
        y=0.5,
        text=_("half by {time}").format(time=span(one.value * 60)),
        showarrow=False,
        xanchor="left",
        xshift=14,
        yshift=-14,
        bgcolor=faint(colours["ground"], 0.75),
        font={"color": colours["ink"], "size": 15},
    )


def _at(minutes: float, share: float) -> str:
    return _("{share} had settled within {time}").format(
        share=f"{share:.0%}".replace("%", " %"), time=span(minutes * 60)
    )


def _half_told(found: Settled) -> str:
    one = found.estimate.shown
    text = _("Half of the crying and fussing had settled within {time}").format(time=span(one.value * 60))
    if math.isnan(one.low) or math.isnan(one.high):
        return text
    return text + _(" (likely between {low} and {high})").format(
        low=span(one.low * 60), high=span(one.high * 60)
    )


def settle_curve_table(report: Report) -> pd.DataFrame:
    """Return the settled share at round times as a table; times beyond what was followed are not in it."""
    found = settled(report)
    if not _enough(found):
        return pd.DataFrame({_("Settled within"): [], _("Share, %"): [], _("Likely from, %"): []})
    end = _end(found)
    times = [minutes for minutes in (1, 2, 3, 5, 10, 15, 20, 30, 45, 60) if minutes <= end]
    limits = [found.steps.waiting_limits(t) for t in times]
    return pd.DataFrame(
        {
            _("Settled within"): [span(60 * t) for t in times],
            _("Share, %"): [100 * (1 - found.steps.waiting(t)) for t in times],
            _("Likely from, %"): [100 * (1 - high) for _low, high in limits],
            _("Likely to, %"): [100 * (1 - low) for low, _high in limits],
            _("Still followed"): [_followed(found, t) for t in times],
        }
    )


def _followed(found: Settled, minutes: float) -> int:
    """Return how many bouts were still followed when something last settled by then."""
    step = int(np.searchsorted(found.steps.time, minutes, side="right"))
    return int(found.steps.at_risk[step - 1]) if step else found.n


def settle_curve_told(report: Report) -> str:
    """Return the picture in words, or what is still needed for it."""
    found = settled(report)
    if not found.n:
        return _("No crying or fussing was logged in watched time.")
    if not found.settled:
        return _("Tap “Settled” when the crying is over, and this picture can be drawn.")
    if not _enough(found):
        return n_(
            "{n} more stretch of crying and fussing, and this picture can be drawn.",
            "{n} more stretches of crying and fussing, and this picture can be drawn.",
            BOUTS - found.n,
        )
    bouts = n_("{n} stretch of crying and fussing", "{n} stretches of crying and fussing", found.n)
    seen = _("{bouts}, {settled} of them seen to settle.").format(bouts=bouts, settled=found.settled)
    if math.isnan(found.estimate.shown.value):
        return seen
    return f"{seen} {_half_told(found)}."
