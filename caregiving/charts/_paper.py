"""What every figure shares: the palette as Plotly wants it, quiet axes, no chart junk."""

from collections.abc import Mapping

import plotly.graph_objects as go

from caregiving.words import _

Colours = Mapping[str, str]
FONT = "Atkinson Hyperlegible, Noto Sans, sans-serif"


def paper(colours: Colours, height: int, *, left: int = 8) -> go.Figure:
    """Return an empty figure on the page's own ground."""
    figure = go.Figure()
    figure.update_layout(
        height=height,
        margin={"l": left, "r": 12, "t": 12, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 15, "color": colours["ink"]},
        hoverlabel={
            "bgcolor": colours["card"],
            "bordercolor": colours["line"],
            "font": {"color": colours["ink"], "size": 15},
        },
        showlegend=False,
        dragmode=False,
    )
    axis = {
        "showgrid": False,
        "zeroline": False,
        "linecolor": colours["line"],
        "fixedrange": True,
        "automargin": True,
    }
    figure.update_xaxes(
        **axis, ticks="outside", tickcolor=colours["line"], tickfont={"color": colours["quiet"], "size": 14}
    )
    figure.update_yaxes(**axis, tickfont={"color": colours["quiet"], "size": 14})
    return figure


def faint(colour: str, share: float) -> str:
    """Return a colour, mostly see-through."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share})"


def span(seconds: float) -> str:
    """Return a time a person would say.

    >>> span(4.26), span(5), span(22), span(95), span(180)
    ('4.3 s', '5 s', '22 s', '1 min 35 s', '3 min')
    """
    if seconds < 59.5:
        short = f"{seconds:.1f}".removesuffix(".0") if seconds < 10 else f"{seconds:.0f}"
        return _("{n} s").format(n=short)
    minutes, rest = divmod(round(seconds), 60)
    if rest:
        return _("{min} min {s} s").format(min=minutes, s=rest)
    return _("{min} min").format(min=minutes)
