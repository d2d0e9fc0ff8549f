"""Minutes of crying and fussing, a bar for each 24 hours that were logged in full; no norm is drawn."""

import math
from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from caregiving.charts._marks import hatch, note, round_times
from caregiving.charts._paper import Colours, paper
from caregiving.indices.cry_load import age_band
from caregiving.report import Report
from caregiving.trends.crying import CryDay, CryDays, cry_days
from caregiving.trends.named import short_day
from caregiving.words import _, n_

LABELS = 7
LABELLED = 8  # bars that still have room for their value


def cry_minutes(report: Report, colours: Colours) -> go.Figure | None:
    """Return the fully logged days from left to right; a day on which an end was not logged is hatched.

    None without a fully logged day.
    """
    days = cry_days(report).days
    if not days:
        return None
    figure = paper(colours, 280, left=60)
    top = max([day.minutes for day in days if not math.isnan(day.minutes)], default=0.0)
    top = max(top, 30.0) * 1.15
    known = [n for n, day in enumerate(days) if not math.isnan(day.minutes)]
    unknown = [n for n in range(len(days)) if n not in set(known)]
    hatch(figure, [(n - 0.4, n + 0.4, 0, top) for n in unknown], colours)
    _bars(figure, days, known, colours)
    _axes(figure, days, top, colours)
    if unknown:
        note(
            figure,
            _("hatched: the end of a cry was not logged, so the minutes are not known"),
            colours,
            below=84,
        )
    return figure


def _bars(figure: go.Figure, days: Sequence[CryDay], known: list[int], colours: Colours) -> None:
    figure.add_bar(
        x=known,
        y=[days[n].minutes for n in known],
        width=0.8 if len(days) > 3 else 0.35,
        marker={"color": colours["baby"], "line": {"width": 0}, "cornerradius": 4},
        text=[_lasted(days[n].minutes) if len(days) <= LABELLED else "" for n in known],
        textposition="outside",
        textangle=0,
        constraintext="none",
        textfont={"color": colours["ink"], "size": 14},
        hovertext=[_sentence(days[n], n) for n in known],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _axes(figure: go.Figure, days: Sequence[CryDay], top: float, colours: Colours) -> None:
    step = max(1, math.ceil(len(days) / LABELS))
    ticks = list(range(len(days) - 1, -1, -step))
    figure.update_xaxes(
        range=[-0.7, max(len(days), 1) - 0.3],
        tickvals=ticks,
        ticktext=[_name(days[n], n) for n in ticks],
        title={"text": _("24 hours from"), "font": {"color": colours["quiet"], "size": 14}},
    )
    values, _texts = round_times(top * 60)
    figure.update_yaxes(
        range=[0, top],
        tickvals=[value / 60 for value in values],
        ticktext=[_("none"), *(_lasted(value / 60) for value in values[1:])],
        showgrid=True,
        gridcolor=colours["line"],
    )


def _lasted(minutes: float) -> str:
    """Return minutes as people say them, without seconds.

    >>> _lasted(44.6), _lasted(120), _lasted(157)
    ('45 min', '2 h', '2 h 37 min')
    """
    hours, rest = divmod(round(minutes), 60)
    if not hours:
        return _("{m} min").format(m=rest)
    return _("{h} h {m} min").format(h=hours, m=rest) if rest else _("{h} h").format(h=hours)


def _name(day: CryDay, number: int) -> str:
    if day.began_at is None:
        return _("day {n}").format(n=number + 1)
    return f"{short_day(day.began_at.date().isoformat())}<br>{day.began_at:%H:%M}"


def _sentence(day: CryDay, number: int) -> str:
    return _("24 hours from {start}: {time} of crying and fussing").format(
        start=_name(day, number).replace("<br>", ", "), time=_lasted(day.minutes)
    )


def cry_minutes_table(report: Report) -> pd.DataFrame:
    """Return the fully logged days as a table; minutes that are not known are missing."""
    days = cry_days(report).days
    return pd.DataFrame(
        {
            _("24 hours from"): [_name(day, n).replace("<br>", ", ") for n, day in enumerate(days)],
            _("Crying and fussing, min"): [day.minutes for day in days],
        }
    )


def cry_minutes_told(report: Report, weeks_old: float | None = None) -> str:
    """Return the picture in words, or what is still needed for it.

    With the (corrected) age in weeks a sentence says what diary studies found at that age, for context only.
    """
    found = cry_days(report)
    if not found.days:
        return _(
            "This picture needs 24 hours watched on end, from one moment to the same moment a day later."
        )
    text = f"{_days(found)} {_mean(found)}".strip()
    return text if weeks_old is None else f"{text} {age_band(weeks_old)}"


def _days(found: CryDays) -> str:
    text = n_("{n} day was logged in full.", "{n} days were logged in full.", len(found.days))
    lost = sum(math.isnan(day.minutes) for day in found.days)
    if not lost:
        return text
    return (
        text
        + " "
        + n_(
            "On {n} of them the end of a cry was not logged.",
            "On {n} of them the end of a cry was not logged.",
            lost,
        )
    )


def _mean(found: CryDays) -> str:
    one = found.estimate.shown
    if math.isnan(one.value):
        return ""
    return _("On average {time} of crying and fussing in 24 hours, likely between {low} and {high}.").format(
        time=_lasted(one.value), low=_lasted(one.low), high=_lasted(one.high)
    )
