"""The hours of the family's day: how long somebody watched in each, and how many prompts had an answer."""

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from caregiving.charts._paper import Colours, faint, paper
from caregiving.quality import Hour
from caregiving.words import _, n_

LOWER, UPPER = (0.0, 0.36), (0.54, 1.0)
LARGEST_MIN = 300


def quality_hours(hours: Sequence[Hour], colours: Colours) -> go.Figure:
    """Return bars of watched minutes by hour, hatched where nobody watched; below them the prompts, if any.

    Parameters: `hours` as `Quality.hours`, all 24 in the order of the family's day.
    """
    prompted = any(one.sent for one in hours)
    unit = _("hours watched") if _in_hours(hours) else _("minutes watched")
    figure = paper(colours, 400 if prompted else 240)
    place = list(range(len(hours)))
    _watched(figure, hours, colours)
    if prompted:
        _prompts(figure, hours, colours)
    ticks = [n for n in place if n % 3 == 0]
    figure.update_xaxes(range=[-0.6, 23.6], tickvals=ticks, ticktext=[_clock(hours[n].hour) for n in ticks])
    figure.update_layout(
        bargap=0.15,
        yaxis={
            "domain": UPPER if prompted else (0, 1),
            "title": {"text": unit, "font": {"size": 14, "color": colours["quiet"]}},
            "rangemode": "tozero",
            "nticks": 4,
        },
        yaxis2={
            "domain": LOWER,
            "anchor": "x",
            "range": [-0.06, 1.06],
            "tickvals": [0, 0.5, 1],
            "ticktext": [_("none"), _("half"), _("all")],
            "title": {"text": _("prompts answered"), "font": {"size": 14, "color": colours["quiet"]}},
            "showgrid": False,
            "zeroline": False,
            "linecolor": colours["line"],
            "fixedrange": True,
            "automargin": True,
            "tickfont": {"color": colours["quiet"], "size": 14},
            "visible": prompted,
        },
    )
    return figure


def _watched(figure: go.Figure, hours: Sequence[Hour], colours: Colours) -> None:
    scale = 60 if _in_hours(hours) else 1
    most = (max(one.watched_min for one in hours) or 1.0) / scale
    nobody = [place for place, one in enumerate(hours) if one.watched_min == 0]
    seen = [place for place, one in enumerate(hours) if one.watched_min > 0]
    figure.add_bar(
        x=nobody,
        y=[most] * len(nobody),
        marker={
            "color": faint(colours["unwatched"], 0.25),
            "pattern": {"shape": "/", "fgcolor": colours["unwatched"], "size": 7, "solidity": 0.2},
            "line": {"width": 0},
        },
        hovertext=[
            _("{hour}: nobody has watched, so nothing is known").format(hour=_span(hours[place].hour))
            for place in nobody
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    figure.add_bar(
        x=seen,
        y=[hours[place].watched_min / scale for place in seen],
        marker={"color": colours["caregiver"]},
        hovertext=[
            _("{hour}: {n} minutes watched").format(
                hour=_span(hours[place].hour), n=round(hours[place].watched_min)
            )
            for place in seen
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _prompts(figure: go.Figure, hours: Sequence[Hour], colours: Colours) -> None:
    for place, one in enumerate(hours):
        if one.sent == 0:
            continue
        figure.add_scatter(
            x=[place, place],
            y=[one.low, one.high],
            yaxis="y2",
            mode="lines",
            line={"color": faint(colours["accent"], 0.35), "width": 12},
            hoverinfo="skip",
        )
        told = _("{hour}: {answered} of {sent} prompts answered").format(
            hour=_span(one.hour), answered=one.answered, sent=one.sent
        )
        figure.add_scatter(
            x=[place],
            y=[one.share],
            yaxis="y2",
            mode="markers",
            marker={"color": colours["accent"], "size": 11, "symbol": "diamond"},
            hovertemplate=f"{told}<extra></extra>",
        )


def quality_hours_table(hours: Sequence[Hour]) -> pd.DataFrame:
    """Return the hours with minutes watched and prompts, with names in words."""
    return pd.DataFrame(
        {
            _("Hour"): [_span(one.hour) for one in hours],
            _("Minutes watched"): [f"{one.watched_min:.0f}" for one in hours],
            _("Prompts sent"): [one.sent for one in hours],
            _("Answered"): [one.answered for one in hours],
            _("Share"): [_share(one) for one in hours],
        }
    )


def quality_hours_told(hours: Sequence[Hour]) -> str:
    """Return the figure in a few sentences."""
    total = sum(one.watched_min for one in hours)
    if not total:
        return _("Nobody has watched yet, so no hour of the day can be looked at.")
    top = max(hours, key=lambda one: one.watched_min)
    told = _("Most watched time lies {hour}, {n} of {total} minutes.").format(
        hour=_span(top.hour), n=round(top.watched_min), total=round(total)
    )
    none = sum(one.watched_min == 0 for one in hours)
    if none:
        told += " " + n_(
            "In {n} hour of the day nobody has ever watched.",
            "In {n} hours of the day nobody has ever watched.",
            none,
        )
    sent = sum(one.sent for one in hours)
    if sent:
        told += " " + _("{answered} of {sent} prompts were answered.").format(
            answered=sum(one.answered for one in hours), sent=sent
        )
    return told


def _in_hours(hours: Sequence[Hour]) -> bool:
    """Tell whether minutes would be too many to read at a glance."""
    return max(one.watched_min for one in hours) > LARGEST_MIN


def _share(one: Hour) -> str:
    """Return the share of prompts answered with its limits, or a dash where none was sent."""
    if not one.sent:
        return "–"
    return _("{share} ({low} to {high})").format(
        share=f"{one.share:.0%}", low=f"{one.low:.0%}", high=f"{one.high:.0%}"
    )


def _clock(hour: int) -> str:
    return f"{hour}:00"


def _span(hour: int) -> str:
    return _("from {start} to {end}").format(start=_clock(hour), end=_clock((hour + 1) % 24))
