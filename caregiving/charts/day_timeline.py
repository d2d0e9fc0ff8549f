"""One day at a glance: what the baby showed above, what the grown-ups did below, unwatched time hatched."""

import plotly.graph_objects as go

from caregiving.charts._paper import Colours, faint, paper, span
from caregiving.day import DAY_MIN, Day

BABY, GROWN_UP = 1.0, 0.0


def day_timeline(day: Day, colours: Colours) -> go.Figure:
    """Return the timeline of a day: circles are the baby's cues, squares the answers, lines join the two."""
    figure = paper(colours, 230, left=70)
    first, last = _extent(day)
    size = 13 if len(day.moments) <= 30 else 9
    _unwatched(figure, day, colours, first, last)
    cues = day.moments[day.moments["actor"] == "infant"]
    answers = day.moments[(day.moments["actor"] == "caregiver") & (day.moments["kind"] != "state")]
    for cue in cues[cues["answered_after_s"].notna()].itertuples():
        to = float(cue.minute) + float(cue.answered_after_s) / 60
        figure.add_shape(
            type="line",
            x0=cue.minute,
            x1=to,
            y0=BABY,
            y1=GROWN_UP,
            line={"color": faint(colours["quiet"], 0.5), "width": 1},
            layer="below",
        )
    for rows, y, colour, symbol in (
        (cues, BABY, colours["baby"], "circle"),
        (answers, GROWN_UP, colours["caregiver"], "square"),
    ):
        solid = ~rows["kind"].isin(["none", "outcome"]) & ~rows["remembered"]
        figure.add_scatter(
            x=rows["minute"],
            y=[y] * len(rows),
            mode="markers",
            marker={
                "symbol": [symbol if full else f"{symbol}-open" for full in solid],
                "size": size,
                "color": colour,
                "line": {"width": 2, "color": colour},
                "opacity": 0.8,
            },
            text=[_told(row) for row in rows.itertuples()],
            hovertemplate="%{text}<extra></extra>",
        )
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
    parts = [day.moments["minute"], day.watched["from_minute"], day.watched["to_minute"]]
    low = min((float(p.min()) for p in parts if len(p)), default=0.0)
    high = max((float(p.max()) for p in parts if len(p)), default=float(DAY_MIN))
    return max(0.0, low - 30), min(float(DAY_MIN), high + 30)


def _unwatched(figure: go.Figure, day: Day, colours: Colours, first: float, last: float) -> None:
    """Hatch the time in which nobody watched, so that silence is not mistaken for calm."""
    edges, at = [], first
    for window in day.watched.sort_values("from_minute").itertuples():
        edges.append((at, float(window.from_minute)))
        at = max(at, float(window.to_minute))
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


def _told(row: object) -> str:
    """Return the moment as a sentence for the pointer."""
    text = f"{row.clock[:5]} {row.label}"  # type: ignore[attr-defined]
    if row.answered_after_s == row.answered_after_s:  # type: ignore[attr-defined]
        text += f": {row.answer} after {span(row.answered_after_s)}"  # type: ignore[attr-defined]
    if isinstance(row.who, str):  # type: ignore[attr-defined]
        text += f" ({row.who})"  # type: ignore[attr-defined]
    return text + (", remembered" if row.remembered else "")  # type: ignore[attr-defined]


def _clock(minute: float, day_start_h: int) -> str:
    return f"{(int(minute) // 60 + day_start_h) % 24:02d}:{int(minute) % 60:02d}"
