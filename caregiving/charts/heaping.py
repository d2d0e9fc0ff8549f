"""Where logged times fall within the minute or the hour: even by chance, heaped when times are rounded."""

import pandas as pd
import plotly.graph_objects as go

from caregiving.charts._paper import Colours, faint, paper
from caregiving.quality.heaping import EVERY, PARTS, Heaping
from caregiving.words import _


def heaping(found: Heaping, colours: Colours) -> go.Figure:
    """Return 60 bars, those that rounding would fill in a colour of their own, and the line of chance."""
    figure = paper(colours, 230)
    by_chance = found.share.n / PARTS
    round_ones = [_is_round(found, place) for place in range(PARTS)]
    figure.add_bar(
        x=list(range(PARTS)),
        y=list(found.counts),
        marker={"color": [colours["accent"] if so else faint(colours["quiet"], 0.55) for so in round_ones]},
        hovertext=[_hover(found, place) for place in range(PARTS)],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    figure.add_scatter(
        x=[-0.5, PARTS - 0.5],
        y=[by_chance, by_chance],
        mode="lines",
        line={"color": colours["ink"], "width": 1.5, "dash": "dot"},
        hoverinfo="skip",
    )
    figure.add_annotation(
        x=PARTS,
        y=by_chance,
        text=_("by<br>chance"),
        showarrow=False,
        xanchor="left",
        yanchor="middle",
        align="left",
        font={"color": colours["ink"], "size": 14},
    )
    what = _("second of the minute") if found.unit == "second" else _("minute of the hour")
    figure.update_layout(bargap=0.25)
    figure.update_xaxes(
        range=[-0.8, PARTS + 5.5],
        tickvals=list(range(0, PARTS, 10)),
        title={"text": what, "font": {"size": 14, "color": colours["quiet"]}},
    )
    figure.update_yaxes(
        rangemode="tozero",
        nticks=4,
        title={"text": _("moments"), "font": {"size": 14, "color": colours["quiet"]}},
    )
    return figure


def heaping_table(found: Heaping) -> pd.DataFrame:
    """Return how many moments fall on each second or minute, with names in words."""
    what = _("Second of the minute") if found.unit == "second" else _("Minute of the hour")
    return pd.DataFrame({what: range(PARTS), _("Moments"): list(found.counts)})


def heaping_told(found: Heaping) -> str:
    """Return the figure in a sentence: the share that is round, and what chance would give."""
    if not found.share.n:
        return _("No moment of this kind has been logged.")
    texts = {
        "second": _(
            "{share} of {n} tapped moments lie on the first second of a minute (likely between {low} and "
            "{high}); by chance it would be {chance}."
        ),
        "minute": _(
            "{share} of {n} remembered moments lie on the whole five minutes (likely between {low} and "
            "{high}); by chance it would be {chance}."
        ),
    }
    share = found.share
    return texts[found.unit].format(
        share=percent(share.value),
        n=share.n,
        low=percent(share.low),
        high=percent(share.high),
        chance=percent(found.chance),
    )


def _is_round(found: Heaping, place: int) -> bool:
    return place == 0 if found.unit == "second" else place % EVERY == 0


def _hover(found: Heaping, place: int) -> str:
    number = found.counts[place]
    if found.unit == "second":
        return _("second {place}: {n} moments").format(place=place, n=number)
    return _("minute {place}: {n} moments").format(place=place, n=number)


def percent(share: float) -> str:
    """Return a share in per cent, with a decimal where whole per cents would hide it.

    >>> percent(1 / 60), percent(0.2)
    ('1.7 %', '20 %')
    """
    return f"{share * 100:.1f} %" if share < 0.0995 else f"{share * 100:.0f} %"
