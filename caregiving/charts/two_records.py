"""Two observers' records of one session on one timeline, one above the line of each code and one below it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from caregiving.charts._marks import STEPS_S, hatch, note
from caregiving.charts._paper import Colours, faint, paper, span
from caregiving.charts.turns import clock
from caregiving.coded.looks import Cast
from caregiving.twice.steps import Kind
from caregiving.words import _, n_

ROW_PX, HALF, SHORTEST = 46, 0.34, 0.004  # what is shorter than this share of the picture is drawn this long
TONES = {"infant": ("baby", "circle"), "caregiver": ("caregiver", "square")}
SHAPES: Final[Mapping[Kind, str]] = {
    Kind.MISSED_BY_SECOND: "triangle-up",
    Kind.MISSED_BY_FIRST: "triangle-down",
    Kind.NAMED_DIFFERENTLY: "diamond",
    Kind.STATES_DIFFER: "line-ew",
}
Row = Mapping[Any, Any]
Spans = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Records:
    """What is drawn: EVENTS of both, the stretches both watched, what differs, and the observers' names."""

    first: pd.DataFrame
    second: pd.DataFrame
    spans: Spans
    steps: pd.DataFrame
    observers: tuple[str, str]


def two_records(
    it: Records, actor: str, cast: Cast, colours: Colours, zoom: tuple[float, float] | None = None
) -> go.Figure:
    """Return one person's codes as lines, each with what the first observer had above and the second below.

    What differs bears a mark whose shape says how: only the first (a triangle that points up), only the
    second (down), named differently (a diamond), lasting longer in one of them (a dash). `zoom`: the seconds
    that are in view; None for the whole session.
    """
    codes = codes_of(it, actor)
    figure = paper(colours, ROW_PX * max(1, len(codes)) + 120, left=8)
    left, right = zoom or (min(0.0, it.spans[0][0]), it.spans[-1][1])
    place = {code: len(codes) - 1 - n for n, code in enumerate(codes)}
    _ground(figure, it.spans, (left, right), len(codes), colours)
    for record, side, name in ((it.first, 1, it.observers[0]), (it.second, -1, it.observers[1])):
        mine = record[(record["actor"] == actor) & record["code"].isin(codes)]
        _record(figure, mine, side, place, (name, actor), cast, colours, right - left)
    _differences(figure, it, actor, place, cast, colours)
    if zoom is not None:
        figure.add_vline(x=(left + right) / 2, line={"color": colours["accent"], "width": 1, "dash": "dot"})
    figure.update_yaxes(
        range=[-0.6, len(codes) - 0.4],
        tickvals=list(place.values()),
        ticktext=[cast.what(code) for code in place],
        tickfont={"color": colours["ink"], "size": 15},
    )
    at = _ticks(left, right)
    figure.update_xaxes(range=[left, right], tickvals=at, ticktext=[clock(second) for second in at])
    note(figure, legend(it.observers), colours, below=40)
    figure.update_layout(margin={"b": 40 + 54})  # the note has two lines
    return figure


def codes_of(it: Records, actor: str) -> list[str]:
    """Return the codes that either observer used for one person, the earliest first."""
    both = pd.concat(
        [record.loc[record["actor"] == actor, ["code", "onset_s"]] for record in (it.first, it.second)]
    )
    first = both.astype({"code": "str"}).groupby("code")["onset_s"].min()
    return [str(code) for code in first.sort_values(kind="stable").index]


def legend(observers: tuple[str, str]) -> str:
    """Return how the picture is read."""
    return _(
        "above the line {first}, below it {second} · ▲ only {first} · ▼ only {second}<br>"
        "◆ named differently · – one of them let it last longer · hatched: not watched by both"
    ).format(first=observers[0], second=observers[1])


def _ground(figure: go.Figure, spans: Spans, view: tuple[float, float], rows: int, colours: Colours) -> None:
    """Draw the line of each code, and hatch what is not compared."""
    figure.update_layout(
        shapes=[
            {
                "type": "line",
                "x0": view[0],
                "x1": view[1],
                "y0": y,
                "y1": y,
                "line": {"color": colours["line"], "width": 1},
            }
            for y in range(rows)
        ]
    )
    edges = [view[0], *(edge for span_ in spans for edge in span_), view[1]]
    gaps = [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b > a]
    hatch(figure, [(a, b, -0.5, rows - 0.5) for a, b in gaps], colours)


def _record(
    figure: go.Figure,
    rows: pd.DataFrame,
    side: int,
    place: Mapping[str, int],
    who: tuple[str, str],
    cast: Cast,
    colours: Colours,
    width_s: float,
) -> None:
    """Draw one observer's record: bars for what lasted, marks for points; the second one's are hollow."""
    tone, symbol = TONES[who[1]]
    code = rows["code"].astype("str")
    onset = rows["onset_s"].to_numpy(dtype=float)
    lasted = rows["offset_s"].to_numpy(dtype=float) - onset
    told = [
        _("{name}, {clock}: {what}").format(name=who[0], clock=clock(at), what=cast.what(one))
        + (f", {span(length)}" if length > 0 else "")
        for at, one, length in zip(onset, code, lasted, strict=True)
    ]
    y = [place[one] for one in code]
    filled = faint(colours[tone], 0.6) if side > 0 else faint(colours[tone], 0.12)
    line = {"color": colours[tone], "width": 1.5}
    long = lasted > 0
    said = {"hovertemplate": "%{hovertext}<extra></extra>"}
    figure.add_bar(
        orientation="h",
        base=onset[long],
        x=lasted[long].clip(min=SHORTEST * width_s),
        y=[row + side * HALF / 2 for row, yes in zip(y, long, strict=True) if yes],
        width=HALF * 0.8,
        marker={"color": filled, "line": line},
        hovertext=[text for text, yes in zip(told, long, strict=True) if yes],
        **said,
    )
    figure.add_scatter(
        x=onset[~long],
        y=[row + side * HALF / 2 for row, yes in zip(y, long, strict=True) if not yes],
        mode="markers",
        marker={"symbol": symbol, "size": 11, "color": filled, "line": line},
        hovertext=[text for text, yes in zip(told, long, strict=True) if not yes],
        **said,
    )


def _differences(
    figure: go.Figure, it: Records, actor: str, place: Mapping[str, int], cast: Cast, colours: Colours
) -> None:
    """Mark what differs, on the line of the code that it is about."""
    steps = it.steps[it.steps["actor"] == actor].to_dict("records")
    for kind, shape in SHAPES.items():
        marks = [(row, line) for row in steps if row["kind"] == kind for line in _lines(row, place)]
        figure.add_scatter(
            x=[row["at_s"] for row, _line in marks],
            y=[line for _row, line in marks],
            mode="markers",
            marker={
                "symbol": shape,
                "size": 12,
                "color": colours["accent"],
                "line": {"color": colours["accent"], "width": 3 if shape.startswith("line") else 1},
            },
            hovertext=[f"{clock(row['at_s'])} {difference(row, cast, it.observers)}" for row, _line in marks],
            hovertemplate="%{hovertext}<extra></extra>",
        )


def _lines(row: Row, place: Mapping[str, int]) -> list[int]:
    """Return the lines of a step: that of the code only one had, or of both codes."""
    had = {
        Kind.MISSED_BY_SECOND: [row["first"]],
        Kind.MISSED_BY_FIRST: [row["second"]],
    }.get(row["kind"], [row["first"], row["second"]])
    return [place[code] for code in had if code in place]


def difference(row: Row, cast: Cast, observers: tuple[str, str]) -> str:
    """Return in words how two records differ at a step."""
    names = {"first": observers[0], "second": observers[1]}
    what = {side: " + ".join(cast.what(code) for code in row[side].split("+") if code) for side in names}
    if row["kind"] == Kind.NAMED_DIFFERENTLY:
        return _("{first}: “{what}”, {second}: “{other}”").format(
            **names, what=what["first"], other=what["second"]
        )
    if row["kind"] == Kind.STATES_DIFFER:
        side = "first" if row["first"] else "second"
        return _("“{what}” lasts {time} longer for {name}").format(
            what=what[side], time=span(row["until_s"] - row["at_s"]), name=names[side]
        )
    side, other = ("first", "second") if row["kind"] == Kind.MISSED_BY_SECOND else ("second", "first")
    only = _("only {name} has “{what}”").format(name=names[side], what=what[side])
    if not what[other]:
        return only
    meanwhile = _("{name} has “{what}” there").format(name=names[other], what=what[other])
    return f"{only}; {meanwhile}"


def _ticks(left: float, right: float, most: int = 8) -> list[float]:
    """Return round seconds in view.

    >>> _ticks(90, 110)
    [90, 95, 100, 105, 110]
    """
    step = next((one for one in STEPS_S if (right - left) / one < most), STEPS_S[-1])
    return [step * k for k in range(ceil(left / step), floor(right / step) + 1)]


def two_records_table(it: Records, cast: Cast) -> pd.DataFrame:
    """Return every difference as a row: when, who, how."""
    rows = it.steps.to_dict("records")
    return pd.DataFrame(
        {
            _("In the session"): [clock(row["at_s"]) for row in rows],
            _("Who"): [cast.names.get(row["actor"], row["actor"]) for row in rows],
            _("What differs"): [difference(row, cast, it.observers) for row in rows],
        }
    )


def two_records_told(it: Records, actor: str, cast: Cast) -> str:
    """Return the picture in sentences: how much either coded, and how much of it differs."""
    n = [int((record["actor"] == actor).sum()) for record in (it.first, it.second)]
    steps = it.steps[it.steps["actor"] == actor]
    return _("{name}: {first} coded {n_first}, {second} coded {n_second}; {differences}.").format(
        name=cast.names.get(actor, actor),
        first=it.observers[0],
        second=it.observers[1],
        n_first=n_("{n} moment", "{n} moments", n[0]),
        n_second=n_("{n} moment", "{n} moments", n[1]),
        differences=n_("{n} difference is marked", "{n} differences are marked", len(steps)),
    )
