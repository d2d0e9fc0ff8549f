"""How pairs of observers agreed from month to month: a panel a pair, points in their intervals."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go
from babel.dates import format_date

from caregiving.agreement.kappa import EXPORT, SHOW
from caregiving.charts._marks import hatch, note
from caregiving.charts._paper import Colours, faint, paper
from caregiving.twice.drift import Course, Dot
from caregiving.twice.gates import Held, said
from caregiving.words import _, language, n_

PANEL_PX, HEAD_PX, FOOT_PX, TOP_PX = 170, 38, 112, 8
LOWEST, HIGHEST = -0.1, 1.28  # above 1 is room for the figures
BAR_MS: Final = 12 * 24 * 3_600_000  # how wide the bar of an interval is
LONGEST_LIST: Final = 40  # sessions in the table
LABELS: Final = 6  # months that fit with a word each

Text = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """The course of one pair, what the two are called together, and the children's aliases by id."""

    pair: str
    course: Course
    children: Mapping[str, str]


def pairs_by_month(lines: Sequence[Line], colours: Colours) -> go.Figure:
    """Return a panel for each pair, all on the same months.

    A diamond on a soft bar is the kappa of a month's sessions together and its 95 % limits, a ring that of
    one session. Two thin lines say what is needed to show figures and to export them. A month without a
    kappa is hatched: nothing was coded twice, or too little to tell. The thin line between months breaks
    there.
    """
    room = len(lines) * (PANEL_PX + HEAD_PX)
    figure = paper(colours, room + FOOT_PX + TOP_PX, left=44)
    names = months_of(lines)
    style = figure.layout.yaxis.to_plotly_json()
    lowest = _lowest(lines)
    texts: list[Text] = []
    for place, line in enumerate(lines):
        axis = "y" if place == 0 else f"y{place + 1}"
        top = 1 - (place * (PANEL_PX + HEAD_PX) + HEAD_PX) / room
        _panel(figure, axis, (max(0.0, top - PANEL_PX / room), top), lowest, style)
        _gaps(figure, line, axis, names, lowest, colours)
        _months(figure, line, axis, names, colours)
        _sessions(figure, line, axis, colours)
        texts += [_heading(line.pair, top), *_gates_told(axis, colours)]
        texts += _told_beside(line, axis, names, lowest, colours)
    # All at once: Plotly goes through all that is there with every single one that is added.
    figure.update_layout(annotations=texts, shapes=_gates(len(lines), colours))
    _axis_of_months(figure, names, len(lines))
    hatched = any(_bare(line, names) for line in lines)
    note(figure, legend(hatched=hatched), colours, below=38)
    figure.update_layout(margin={"l": 44, "r": 128, "t": TOP_PX, "b": FOOT_PX})
    return figure


def months_of(lines: Sequence[Line]) -> list[str]:
    """Return every month from the first to the last of any pair, such as 2026-05."""
    there = [dot.when for line in lines for dot in line.course.months]
    return [f"{one:%Y-%m}" for one in pd.date_range(f"{min(there)}-01", f"{max(there)}-01", freq="MS")]


def month_name(month: str) -> str:
    """Return a month as people write it.

    >>> month_name("2026-05")
    'May 2026'
    """
    return str(format_date(date.fromisoformat(f"{month}-01"), "LLLL y", locale=language()))


def which(one: Held | None) -> str:
    """Return in words which kappa is the weakest: whose codes, in time or by moments."""
    if one is None:
        return ""
    return {
        ("infant", "time"): _("the child, in time"),
        ("infant", "events"): _("the child, moment by moment"),
        ("caregiver", "time"): _("the grown-up, in time"),
        ("caregiver", "events"): _("the grown-up, moment by moment"),
    }[one.actor, one.how]


def legend(*, hatched: bool) -> str:
    """Return how the picture is read; the hatching only where there is some."""
    told = _("diamond: a month's sessions together, bar: its 95 % limits · ring: one session")
    return f"{told}<br>{_('hatched: nothing coded twice, or too little to tell')}" if hatched else told


def _bare(line: Line, names: Sequence[str]) -> list[str]:
    """Return the months in which a pair has no kappa."""
    told = {dot.when for dot in line.course.months if dot.told}
    return [name for name in names if name not in told]


def _lowest(lines: Sequence[Line]) -> float:
    """Return where the axis of kappa begins: at -0.1, or lower where a kappa or its limit is."""
    dots = [dot for line in lines for dot in (*line.course.months, *line.course.sessions) if dot.told]
    ends = [x for dot in dots for x in (dot.standing.value, dot.standing.low) if not math.isnan(x)]
    return min([LOWEST, *(end - 0.05 for end in ends)])


def _panel(
    figure: go.Figure, axis: str, domain: tuple[float, float], lowest: float, style: dict[str, object]
) -> None:
    values = [0, SHOW, EXPORT, 1]
    its = {
        "domain": domain,
        "range": [lowest, HIGHEST],
        "tickvals": values,
        "ticktext": ["0", said(SHOW), said(EXPORT), "1"],
    }
    figure.update_layout({axis.replace("y", "yaxis"): style | its})


def _gates(n_panels: int, colours: Colours) -> list[Text]:
    """Return what is needed to show and to export as thin lines in each panel."""
    line = {"color": colours["unwatched"], "width": 1.5}
    return [
        {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "yref": axis, "y0": value, "y1": value,
         "layer": "below", "line": line}
        for axis in ("y", *(f"y{place}" for place in range(2, n_panels + 1)))
        for value in (SHOW, EXPORT)
    ]  # fmt: skip


def _gates_told(axis: str, colours: Colours) -> list[Text]:
    """Return what the two lines are for, at their right end."""
    quiet = {"color": colours["quiet"], "size": 14}
    return [
        {"x": 1, "xref": "paper", "y": value, "yref": axis, "text": text, "showarrow": False,
         "xanchor": "left", "xshift": 6, "font": quiet}
        for value, text in ((SHOW, _("needed to show")), (EXPORT, _("needed to export")))
    ]  # fmt: skip


def _gaps(
    figure: go.Figure, line: Line, axis: str, names: Sequence[str], lowest: float, colours: Colours
) -> None:
    """Hatch the months without a kappa."""
    bare = _bare(line, names)
    drawn = len(figure.data)
    hatch(figure, [(*_edges(name), lowest, HIGHEST) for name in bare], colours)
    for trace in figure.data[drawn:]:
        trace.update(yaxis=axis)


def _edges(month: str) -> tuple[float, float]:
    """Return where a month begins and ends on the axis, in ms since 1970."""
    first = pd.Timestamp(f"{month}-01")
    return first.timestamp() * 1000, (first + pd.offsets.MonthBegin()).timestamp() * 1000


def _middle(month: str) -> str:
    return f"{month}-16"


def _sessions(figure: go.Figure, line: Line, axis: str, colours: Colours) -> None:
    dots = [dot for dot in line.course.sessions if dot.told]
    figure.add_scatter(
        x=[dot.when for dot in dots], y=[dot.standing.value for dot in dots], yaxis=axis, mode="markers",
        marker={"symbol": "circle-open", "size": 8, "color": colours["quiet"], "line": {"width": 1.5}},
        hovertext=[escape(f"{line.pair}, {_day_of(dot, line.children)}: {_kappa(dot)}") for dot in dots],
        hovertemplate="%{hovertext}<extra></extra>",
    )  # fmt: skip


def _months(figure: go.Figure, line: Line, axis: str, names: Sequence[str], colours: Colours) -> None:
    """Draw the months; one without a kappa is left open, and no line leads over it."""
    dots = {dot.when: dot for dot in line.course.months if dot.told}
    there = [dots.get(name) for name in names]
    sure = [dot for dot in dots.values() if not math.isnan(dot.standing.low)]
    figure.add_bar(
        x=[_middle(dot.when) for dot in sure], base=[dot.standing.low for dot in sure],
        y=[dot.standing.high - dot.standing.low for dot in sure], yaxis=axis, width=BAR_MS, hoverinfo="skip",
        marker={"color": faint(colours["accent"], 0.3), "line": {"width": 0}, "cornerradius": 3},
    )  # fmt: skip
    figure.add_scatter(
        x=[_middle(name) for name in names],
        y=[dot.standing.value if dot else None for dot in there],
        yaxis=axis,
        mode="lines+markers",
        connectgaps=False,
        line={"color": faint(colours["accent"], 0.45), "width": 1.5},
        marker={"symbol": "diamond", "size": 12, "color": colours["accent"]},
        hovertext=[escape(f"{line.pair}, {month_told(dot)}") if dot else "" for dot in there],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _told_beside(line: Line, axis: str, names: Sequence[str], lowest: float, colours: Colours) -> list[Text]:
    """Return each month's kappa, or why there is none; of many months the first and the last kappa only."""
    dots = {dot.when: dot for dot in line.course.months}
    bare = _bare(line, names)
    known = [name for name in names if name not in bare]
    if len(names) > LABELS:
        bare, known = [], known[:1] + known[1:][-1:]
    ink, quiet = ({"color": colours[tone], "size": size} for tone, size in (("ink", 15), ("quiet", 14)))
    return [
        {"x": _middle(name), "y": _top(line, dots[name]), "yref": axis, "showarrow": False, "font": ink,
         "text": f"<b>{said(dots[name].standing.value)}</b>", "yanchor": "bottom", "yshift": 5}
        for name in known
    ] + [
        {"x": _middle(name), "y": (lowest + SHOW) / 2, "yref": axis, "showarrow": False, "font": quiet,
         "text": _("too little") if name in dots else _("none"), "bgcolor": colours["ground"]}
        for name in bare
    ]  # fmt: skip


def _top(line: Line, dot: Dot) -> float:
    """Return the highest thing that is drawn of a month, above which its kappa is written."""
    rings = [one.standing.value for one in line.course.sessions if one.told and one.when[:7] == dot.when]
    return max(one for one in (dot.standing.value, dot.standing.high, *rings) if not math.isnan(one))


def _heading(text: str, top: float) -> Text:
    return {
        "x": 0, "xref": "paper", "y": top, "yref": "paper", "text": f"<b>{escape(text)}</b>",
        "showarrow": False, "xanchor": "left", "yanchor": "bottom", "yshift": 6,
    }  # fmt: skip


def _axis_of_months(figure: go.Figure, names: Sequence[str], n_panels: int) -> None:
    shown = names[:: max(1, math.ceil(len(names) / LABELS))]
    figure.update_xaxes(
        type="date",
        anchor="y" if n_panels == 1 else f"y{n_panels}",
        range=[_edges(names[0])[0], _edges(names[-1])[1]],
        tickvals=[_middle(name) for name in shown],
        ticktext=[
            str(format_date(date.fromisoformat(f"{name}-01"), "LLL y", locale=language())) for name in shown
        ],
    )


def month_told(dot: Dot) -> str:
    """Return a month's kappa with its limits, which one it is and what it rests on; or why there is none."""
    told = _("{month}: {kappa}, {sessions} with {children}")
    return told.format(
        month=month_name(dot.when),
        kappa=_kappa(dot),
        sessions=n_("{n} session", "{n} sessions", dot.standing.n_twice),
        children=n_("{n} child", "{n} children", len(dot.children)),
    )


def _day_of(dot: Dot, children: Mapping[str, str]) -> str:
    """Return the day of one session and with whom it was."""
    day = str(format_date(date.fromisoformat(dot.when), "d MMMM y", locale=language()))
    return ", ".join([day, *(children[child] for child in dot.children if child in children)])


def _kappa(dot: Dot) -> str:
    one = dot.standing
    if not dot.told:
        return _("too little to tell")
    return _("kappa {kappa}, 95 % {low} to {high} ({which})").format(
        kappa=said(one.value), low=said(one.low), high=said(one.high), which=which(one.weakest)
    )


def pairs_told(lines: Sequence[Line]) -> str:
    """Return the courses in words, pair by pair and month by month."""
    return " ".join(
        f"{line.pair}. " + ". ".join(month_told(dot) for dot in line.course.months) + "." for line in lines
    )


def pairs_table(lines: Sequence[Line]) -> pd.DataFrame:
    """Return the months of each pair, also those without a kappa, then the sessions, the newest first."""
    rows = []
    for line in lines:
        dots = {dot.when: dot for dot in line.course.months}
        rows += [[line.pair, month_name(name), *_cells(dots.get(name))] for name in months_of(lines)]
    every = [(line, dot) for line in lines for dot in line.course.sessions]
    every.sort(key=lambda one: one[1].when, reverse=True)
    rows += [[one.pair, _day_of(dot, one.children), *_cells(dot)] for one, dot in every[:LONGEST_LIST]]
    earlier = len(every) - LONGEST_LIST
    if earlier > 0:
        told = n_("and {n} earlier session", "and {n} earlier sessions", earlier)
        rows.append(["", told, "", "", "", "", ""])
    columns = [
        _("Observers"),
        _("When"),
        _("Kappa"),
        "95 %",
        _("Which kappa is the weakest"),
        _("Sessions coded twice"),
        _("Children"),
    ]
    return pd.DataFrame(rows, columns=columns)


def _cells(dot: Dot | None) -> list[str]:
    """Return kappa, limits, which one it is, and what it rests on; "–" is no kappa, not nought."""
    if dot is None:
        return ["–", "–", _("nothing was coded twice"), "0", "0"]
    counts = [str(dot.standing.n_twice), str(len(dot.children))]
    if not dot.told:
        return ["–", "–", _("too little to tell"), *counts]
    one = dot.standing
    return [said(one.value), f"{said(one.low)} – {said(one.high)}", which(one.weakest), *counts]
