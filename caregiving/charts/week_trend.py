"""One figure week by week: each a point in its interval; weeks that cannot be told are hollow or hatched."""

import math
from collections.abc import Callable, Sequence

import pandas as pd
import plotly.graph_objects as go

from caregiving.charts._marks import hatch, note, round_numbers, round_times
from caregiving.charts._paper import Colours, faint, paper, span
from caregiving.indices import Estimate
from caregiving.trends.named import short_day
from caregiving.trends.weeks import Week
from caregiving.words import _, n_

LABELS = 6
CROWDED = 8
Counted = Callable[[Estimate], str]


def cues_of(one: Estimate) -> str:
    """Return what most figures rest on, in words."""
    return n_("{n} cue", "{n} cues", one.n)


def week_trend(
    weeks: Sequence[Week], colours: Colours, percent: bool, counted: Counted = cues_of
) -> go.Figure | None:
    """Return the weeks from left to right: a point a week in a soft bar, its 95 % interval.

    Earlier weeks are faint, the newest one that can be told is full and bears its value. A week that was
    watched too little has a small hollow mark, one that nobody watched is hatched; the picture begins with
    the first watched week. The place of a point (x) is that of its week in `weeks`.
    `percent`: the figure is a share of 0 to 1. `counted` says in words what an estimate rests on. None while
    no week can be told.
    """
    shown = [week.estimate.shown for week in weeks]
    told_of = [n for n, one in enumerate(shown) if not math.isnan(one.value)]
    if not told_of:
        return None
    figure = paper(colours, 300, left=60)
    first = min(n for n, week in enumerate(weeks) if week.watched_s > 0)
    *known, last = told_of
    drawn = len(weeks) - first
    top = _top(shown, percent)
    unwatched = [n for n in range(first, len(weeks)) if weeks[n].watched_s <= 0]
    hatch(figure, [(n - 0.5, n + 0.5, 0, top) for n in unwatched], colours)
    _intervals(figure, shown, min(0.8, 0.1 * drawn), colours)
    told = [_sentence(week, percent, counted) for week in weeks]
    _points(figure, known, [shown[n].value for n in known], told, faint(colours["caregiver"], 0.6), 9)
    _points(figure, [last], [shown[last].value], told, colours["caregiver"], 15)
    _label(figure, last, shown[last], percent, colours, drawn)
    few = [n for n in range(first, len(weeks)) if n not in {*known, last, *unwatched}]
    _hollow(figure, few, top, told, colours)
    _axes(figure, weeks, first, top, percent, colours)
    if unwatched or few:
        note(figure, _("hollow: too little to tell · hatched: nobody watched"), colours, below=56)
    return figure


def _top(shown: list[Estimate], percent: bool) -> float:
    """Return the upper end of the axis."""
    if percent:
        return 1.14
    ends = [x for one in shown for x in (one.value, one.high) if not math.isnan(x)]
    return max(ends, default=1.0) * 1.2 or 1.0


def _intervals(figure: go.Figure, shown: list[Estimate], width: float, colours: Colours) -> None:
    sure = [n for n, one in enumerate(shown) if not (math.isnan(one.low) or math.isnan(one.high))]
    figure.add_bar(
        x=sure,
        base=[shown[n].low for n in sure],
        y=[shown[n].high - shown[n].low for n in sure],
        width=width,
        marker={"color": faint(colours["caregiver"], 0.22), "line": {"width": 0}, "cornerradius": 4},
        hoverinfo="skip",
    )


def _points(
    figure: go.Figure, at: list[int], values: list[float], told: list[str], colour: str, size: int
) -> None:
    figure.add_scatter(
        x=at,
        y=values,
        mode="markers",
        marker={"symbol": "square", "size": size, "color": colour},
        text=[told[n] for n in at],
        customdata=at,
        hovertemplate="%{text}<extra></extra>",
    )


def _hollow(figure: go.Figure, at: list[int], top: float, told: list[str], colours: Colours) -> None:
    figure.add_scatter(
        x=at,
        y=[top * 0.03] * len(at),
        mode="markers",
        marker={"symbol": "circle-open", "size": 9, "color": colours["quiet"], "line": {"width": 2}},
        text=[told[n] for n in at],
        customdata=at,
        hovertemplate="%{text}<extra></extra>",
    )


def _label(figure: go.Figure, at: int, one: Estimate, percent: bool, colours: Colours, weeks: int) -> None:
    """Write the newest value over its interval; with many weeks at its right, clear of the others."""
    above = {"y": max(one.value, one.high) if one.high == one.high else one.value, "yshift": 14}
    beside = {"y": one.value, "xanchor": "left", "xshift": 14}
    figure.add_annotation(
        x=at,
        **(beside if weeks > CROWDED else above),
        text=f"<b>{_said(one.value, one.unit, percent)}</b>",
        showarrow=False,
        font={"color": colours["ink"], "size": 17},
    )


def _axes(
    figure: go.Figure, weeks: Sequence[Week], first: int, top: float, percent: bool, colours: Colours
) -> None:
    drawn = len(weeks) - first
    ticks = list(range(len(weeks) - 1, first - 1, -max(1, math.ceil(drawn / LABELS))))
    figure.update_xaxes(
        range=[first - 0.6, len(weeks) - 0.4],
        ticklabeloverflow="allow",
        tickvals=ticks,
        ticktext=[short_day(weeks[n].first_day) for n in ticks],
        title={"text": _("week beginning"), "font": {"color": colours["quiet"], "size": 14}},
    )
    figure.update_layout(margin={"r": 100 if drawn > CROWDED else 26})
    values, texts = _ticks(weeks, top, percent)
    figure.update_yaxes(
        range=[0, top], tickvals=values, ticktext=texts, showgrid=True, gridcolor=colours["line"]
    )


def _ticks(weeks: Sequence[Week], top: float, percent: bool) -> tuple[list[float], list[str]]:
    if percent:
        return [0, 0.25, 0.5, 0.75, 1], [_("none"), "¼", _("half"), "¾", _("all")]
    unit = weeks[0].estimate.unit if weeks else ""
    if unit in ("s", "min"):
        seconds = 60 if unit == "min" else 1
        values, texts = round_times(top * seconds)
        return [value / seconds for value in values], texts
    numbers = round_numbers(top)
    return numbers, [f"{value:g}" for value in numbers]


def _said(value: float, unit: str, percent: bool) -> str:
    if percent:
        return f"{value:.0%}".replace("%", " %")
    if unit in ("s", "min"):
        return span(value * (60 if unit == "min" else 1))
    return f"{value:.2g}"


def _between(one: Estimate, percent: bool) -> str:
    if math.isnan(one.low) or math.isnan(one.high):
        return _("how sure this is cannot be told yet")
    low, high = (_said(limit, one.unit, percent) for limit in (one.low, one.high))
    return _("likely between {low} and {high}").format(low=low, high=high)


def _sentence(week: Week, percent: bool, counted: Counted) -> str:
    """Return a week as a sentence for the pointer."""
    first, last = short_day(week.first_day), short_day(week.last_day)
    one = week.estimate.shown
    if week.watched_s <= 0:
        return _("{first} to {last}: nobody watched").format(first=first, last=last)
    if math.isnan(one.value):
        return _("{first} to {last}: too little to tell, {counted}").format(
            first=first, last=last, counted=counted(one)
        )
    return _("{first} to {last}: {value}, {likely}, from {counted}").format(
        first=first,
        last=last,
        value=_said(one.value, one.unit, percent),
        likely=_between(one, percent),
        counted=counted(one),
    )


def week_trend_table(weeks: Sequence[Week], percent: bool) -> pd.DataFrame:
    """Return the weeks as a table; figures that cannot be told are missing."""
    shown = [week.estimate.shown for week in weeks]

    def said(value: float, unit: str) -> str | None:
        return None if math.isnan(value) else _said(value, unit, percent)

    return pd.DataFrame(
        {
            _("From"): [short_day(week.first_day) for week in weeks],
            _("To"): [short_day(week.last_day) for week in weeks],
            _("Figure"): [said(one.value, one.unit) for one in shown],
            _("Likely from"): [said(one.low, one.unit) for one in shown],
            _("Likely to"): [said(one.high, one.unit) for one in shown],
            _("Counted (n)"): [one.n for one in shown],
            _("Watched, hours"): [round(week.watched_s / 3600, 1) for week in weeks],
        }
    )


def week_trend_told(weeks: Sequence[Week], percent: bool, counted: Counted = cues_of) -> str:
    """Return the picture in words: the newest week that can be told, and how many can."""
    known = [week for week in weeks if not math.isnan(week.estimate.shown.value)]
    if not known:
        return _("No week holds enough yet for this picture.")
    text = f"{_sentence(known[-1], percent, counted)}."
    if len(known) == len(weeks):
        return text
    return f"{text} " + n_(
        "It can be told for {n} week of the {total} asked about.",
        "It can be told for {n} weeks of the {total} asked about.",
        len(known),
        total=len(weeks),
    )
