"""One day at a glance: what the baby showed above, what the grown-ups did below, unwatched time hatched."""

import plotly.graph_objects as go

from caregiving.charts._paper import Colours, faint, paper, span
from caregiving.day import DAY_MIN, Day, Moment

BABY, GROWN_UP = 1.0, 0.0


def day_timeline(day: Day, colours: Colours) -> go.Figure:
    """Return the timeline of a day: circles are the baby's cues, squares the answers, lines join the two."""
    figure = paper(colours, 230, left=70)
    first, last = _extent(day)
    size = 13 if len(day.moments) <= 30 else 9
    _unwatched(figure, day, colours, first, last)
    cues = [m for m in day.moments if m.actor == "infant"]
    answers = [m for m in day.moments if m.actor == "caregiver" and m.kind != "state"]
    _join(figure, cues, faint(colours["quiet"], 0.5))
    _mark(figure, cues, BABY, colours["baby"], "circle", size)
    _mark(figure, answers, GROWN_UP, colours["caregiver"], "square", size)
    figure.update_yaxes(
        range=[-0.6, 1.6],
        tickvals=[GROWN_UP, BABY],
        ticktext=["Answers", "Baby"],
        tickfont={"color": colours["ink"], "size": 15},
    )
    step = 60 if last - first <= 8 * 60 else 180
    ticks = list(range(int(first // step * step), int(last) + step, step))
    figure.update_xaxes(
        range=[first, last], tickvals=ticks, ticktext=[_clock(m, day.day_start_h) for m in ticks]
    )
    return figure


def _extent(day: Day) -> tuple[float, float]:
    """Return the stretch of the day worth showing: what was watched or logged, with an hour around it."""
    edges = [m.minute for m in day.moments]
    edges += [*day.watched["from_minute"], *day.watched["to_minute"]]
    low, high = min(edges, default=0.0), max(edges, default=float(DAY_MIN))
    return max(0.0, low - 30), min(float(DAY_MIN), high + 30)


def _join(figure: go.Figure, cues: list[Moment], colour: str) -> None:
    """Draw a line from each cue that had an answer to the moment of that answer."""
    for cue in cues:
        if cue.had_answer:
            figure.add_shape(
                type="line",
                x0=cue.minute,
                x1=cue.minute + cue.answered_after_s / 60,
                y0=BABY,
                y1=GROWN_UP,
                line={"color": colour, "width": 1},
                layer="below",
            )


def _mark(figure: go.Figure, rows: list[Moment], y: float, colour: str, symbol: str, size: int) -> None:
    """Mark the moments on one line; hollow where nothing was asked or given, or it is only remembered."""
    hollow = [m.kind in ("none", "outcome") or m.remembered for m in rows]
    figure.add_scatter(
        x=[m.minute for m in rows],
        y=[y] * len(rows),
        mode="markers",
        marker={
            "symbol": [f"{symbol}-open" if empty else symbol for empty in hollow],
            "size": size,
            "color": colour,
            "line": {"width": 2, "color": colour},
            "opacity": 0.8,
        },
        text=[_told(m) for m in rows],
        hovertemplate="%{text}<extra></extra>",
    )


def _unwatched(figure: go.Figure, day: Day, colours: Colours, first: float, last: float) -> None:
    """Hatch the time in which nobody watched, so that silence is not mistaken for calm."""
    edges, at = [], first
    windows = day.watched.sort_values("from_minute")
    for start, stop in zip(windows["from_minute"], windows["to_minute"], strict=True):
        edges.append((at, float(start)))
        at = max(at, float(stop))
    for begin, end in [*edges, (at, last)]:
        if end > begin:
            figure.add_scatter(
                x=[begin, end, end, begin, begin],
                y=[-0.6, -0.6, 1.6, 1.6, -0.6],
                mode="lines",
                line={"width": 0},
                fill="toself",
                fillpattern={
                    "shape": "/",
                    "size": 7,
                    "solidity": 0.12,
                    "fgcolor": colours["quiet"],
                    "bgcolor": faint(colours["unwatched"], 0.25),
                },
                hoverinfo="skip",
            )


def _told(moment: Moment) -> str:
    """Return the moment as a sentence for the pointer."""
    text = f"{moment.clock[:5]} {moment.label}"
    if moment.had_answer:
        text += f": {moment.answer} after {span(moment.answered_after_s)}"
    if moment.who is not None:
        text += f" ({moment.who})"
    return text + (", remembered" if moment.remembered else "")


def _clock(minute: float, day_start_h: int) -> str:
    return f"{(int(minute) // 60 + day_start_h) % 24:02d}:{int(minute) % 60:02d}"
