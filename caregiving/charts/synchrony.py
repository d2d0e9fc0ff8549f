"""Whether two records rise and fall together, and who goes first: correlation by the time between them."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from caregiving.charts._paper import Colours, faint, paper, span
from caregiving.coded.looks import Cast
from caregiving.words import _


def synchrony(result: dict[str, Any], cast: Cast, colours: Colours) -> go.Figure:
    """Return the cross-correlation at each lag, in the band that shifted time stays in 95 times of 100."""
    lags, r, band = result["lags_s"], result["r"], result["band"]
    figure = paper(colours, 330, left=8)
    reach = max(abs(value) for value in [*r, band]) * 1.35
    edge = max(lags) + 0.6
    figure.add_shape(
        type="rect", x0=-edge, x1=edge, y0=-band, y1=band, layer="below", line={"width": 0},
        fillcolor=faint(colours["unwatched"], 0.6),
    )  # fmt: skip
    figure.add_hline(y=0, line={"color": colours["line"], "width": 1})
    figure.add_scatter(
        x=[x for lag in lags for x in (lag, lag, None)],
        y=[y for value in r for y in (0, value, None)],
        mode="lines",
        hoverinfo="skip",
        line={"color": faint(colours["quiet"], 0.6), "width": 2},
    )
    figure.add_scatter(
        x=lags,
        y=r,
        mode="markers",
        marker={
            "size": [15 if lag == result["lag_s"] else 8 for lag in lags],
            "color": [_tone(lag, colours) for lag in lags],
            "symbol": [_symbol(lag) for lag in lags],
        },
        hovertext=[f"{_shift(lag, cast)}: r = {value:.2f}" for lag, value in zip(lags, r, strict=True)],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    figure.add_annotation(
        x=-edge, y=band, text=_("inside this band: no more than chance"), showarrow=False, xanchor="left",
        yanchor="bottom", font={"color": colours["quiet"], "size": 14},
    )  # fmt: skip
    figure.update_yaxes(
        range=[-reach, reach],
        nticks=5,
        title={"text": _("correlation"), "font": {"color": colours["quiet"], "size": 14}},
    )
    _axis(figure, edge, cast, colours)
    return figure


def _axis(figure: go.Figure, edge: float, cast: Cast, colours: Colours) -> None:
    """Write who goes first beneath the two halves."""
    ticks = [-10, -5, 0, 5, 10]
    figure.update_xaxes(
        range=[-edge, edge],
        tickvals=ticks,
        ticktext=[_("at once") if tick == 0 else f"{abs(tick)} s" for tick in ticks],
        title={
            "text": _("← {grown} first · {child} first →").format(
                grown=cast.names.get("caregiver", ""), child=cast.names.get("infant", "")
            ),
            "font": {"color": colours["ink"], "size": 14},
        },
    )


def _tone(lag: float, colours: Colours) -> str:
    return colours["accent"] if lag == 0 else colours["baby" if lag > 0 else "caregiver"]


def _symbol(lag: float) -> str:
    return "diamond" if lag == 0 else "circle" if lag > 0 else "square"


def _shift(lag: float, cast: Cast) -> str:
    """Return a lag in words."""
    if lag == 0:
        return _("at the same time")
    who = cast.names.get("infant" if lag > 0 else "caregiver", "")
    return _("{name} {time} ahead").format(name=who, time=span(abs(lag)))


def synchrony_table(result: dict[str, Any], cast: Cast) -> pd.DataFrame:
    """Return the correlation at each lag."""
    return pd.DataFrame(
        {
            _("Who is ahead"): [_shift(lag, cast) for lag in result["lags_s"]],
            _("Correlation"): result["r"],
            _("Beyond the band of chance"): [
                _("yes") if abs(value) > result["band"] else _("no") for value in result["r"]
            ],
        }
    )


def synchrony_told(result: dict[str, Any], cast: Cast) -> str:
    """Return the highest correlation in a sentence."""
    return _(
        "The correlation is furthest from 0 with {shift}: {r}. Chance alone stays within {band} of 0 in 95 "
        "of 100 cases."
    ).format(shift=_shift(result["lag_s"], cast), r=f"{result['peak_r']:.2f}", band=f"{result['band']:.2f}")
