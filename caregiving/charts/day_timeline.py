"""One day at a glance: the baby above, the grown-ups below, states as bars, unwatched time hatched."""

import math

import pandas as pd
import plotly.graph_objects as go

from caregiving.charts._paper import Colours, faint, paper, span
from caregiving.day import DAY_MIN, Day, Moment
from caregiving.words import _, n_

BABY, GROWN_UP = 1.0, 0.0
STATE_OF = {"infant": 1.55, "caregiver": -0.55}  # bars lie outside the line of their person
BOTTOM, TOP = -0.95, 1.95


def day_timeline(day: Day, colours: Colours) -> go.Figure:
    """Return the timeline of a day: circles are the baby's cues, squares the answers, lines join the two.

    Bars are what went on for a while: sleep above, being held or fed below. A click on a mark selects the
    moment; its id is the mark's customdata.
    """
    figure = paper(colours, 260, left=70)
    first, last = _extent(day)
    size = 13 if len(day.moments) <= 30 else 9
    _unwatched(figure, day, colours, first, last)
    points = [m for m in day.moments if m.kind != "state"]
    cues = [m for m in points if m.actor == "infant"]
    answers = [m for m in points if m.actor == "caregiver"]
    _states(figure, [m for m in day.moments if m.kind == "state"], colours, (first, last))
    _join(figure, cues, faint(colours["quiet"], 0.5))
    _mark(figure, cues, BABY, colours["baby"], "circle", size)
    _mark(figure, answers, GROWN_UP, colours["caregiver"], "square", size)
    figure.update_yaxes(
        range=[BOTTOM, TOP],
        tickvals=[GROWN_UP, BABY],
        ticktext=[_("Answers"), _("Baby")],
        tickfont={"color": colours["ink"], "size": 15},
    )
    step = 60 if last - first <= 8 * 60 else 180
    ticks = list(range(int(first // step * step), int(last) + step, step))
    figure.update_xaxes(
        range=[first, last], tickvals=ticks, ticktext=[_clock(m, day.day_start_h) for m in ticks]
    )
    return figure


def day_timeline_table(day: Day) -> pd.DataFrame:
    """Return the moments of a day as a table in words."""
    return pd.DataFrame(
        [
            {
                _("Time"): m.clock,
                _("What"): _(m.label),
                _("Answer"): "" if m.answer is None else _(m.answer),
                _("After"): span(m.answered_after_s) if m.had_answer else "",
                _("Who"): m.who or "",
            }
            for m in day.moments
        ]
    )


def day_timeline_told(day: Day) -> str:
    """Return the timeline as sentences, for somebody who cannot see it."""
    cues = [m for m in day.moments if m.kind == "cue"]
    stretches = n_("{n} watched stretch", "{n} watched stretches", len(day.watched))
    told = _("Timeline of the day: {cues} and {answers} in {stretches}.").format(
        cues=n_("{n} cue", "{n} cues", len(cues)),
        answers=n_("{n} answer", "{n} answers", sum(m.had_answer for m in cues)),
        stretches=stretches,
    )
    return told + " " + _("The same moments stand in the list below.")


def _states(figure: go.Figure, rows: list[Moment], colours: Colours, shown: tuple[float, float]) -> None:
    """Draw what went on for a while as bars, named once each; one still going on is drawn to the edge."""
    named: set[str] = set()
    first, last = shown
    for m in rows:
        tone = colours["baby" if m.actor == "infant" else "caregiver"]
        until = last if math.isnan(m.until_minute) else min(m.until_minute, last)
        words = _("{state}, {clock}").format(state=_(m.label), clock=m.clock[:5])
        figure.add_scatter(
            x=[m.minute, max(until, m.minute + 1)],
            y=[STATE_OF[m.actor]] * 2,
            mode="lines",
            line={"color": faint(tone, 0.55), "width": 12},
            text=[words] * 2,
            hovertemplate="%{text}<extra></extra>",
        )
        if m.code not in named:
            named.add(m.code)
            figure.add_annotation(
                x=m.minute,
                y=STATE_OF[m.actor],
                text=_(m.label),
                showarrow=False,
                xanchor="right" if m.minute > first + 0.85 * (last - first) else "left",
                yanchor="bottom" if m.actor == "infant" else "top",
                yshift=7 if m.actor == "infant" else -7,
                font={"size": 14, "color": colours["quiet"]},
            )


def _extent(day: Day) -> tuple[float, float]:
    """Return the stretch of the day worth showing: what was watched or logged, with an hour around it."""
    edges = [m.minute for m in day.moments]
    edges += [m.until_minute for m in day.moments if m.kind == "state" and m.until_minute == m.until_minute]
    edges += [*day.watched["from_minute"], *day.watched["to_minute"]]
    low, high = min(edges, default=0.0), max(edges, default=float(DAY_MIN))
    return max(0.0, low - 30), min(float(DAY_MIN), high + 30)


def _join(figure: go.Figure, cues: list[Moment], colour: str) -> None:
    """Draw a line from each cue that had an answer to the moment of that answer."""
    joined = [cue for cue in cues if cue.had_answer]
    figure.add_scatter(
        x=[at for cue in joined for at in (cue.minute, cue.minute + cue.answered_after_s / 60, None)],
        y=[at for _cue in joined for at in (BABY, GROWN_UP, None)],
        mode="lines",
        line={"color": colour, "width": 1},
        hoverinfo="skip",
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
        customdata=[m.id for m in rows],
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
                y=[BOTTOM, BOTTOM, TOP, TOP, BOTTOM],
                mode="lines",
                line={"width": 0},
                fill="toself",
                fillpattern={
                    "shape": "/",
                    "size": 7,
                    "solidity": 0.12,
                    "fgcolor": faint(colours["quiet"], 0.55),
                    "bgcolor": faint(colours["unwatched"], 0.25),
                },
                hoverinfo="skip",
            )


def _told(moment: Moment) -> str:
    """Return the moment as a sentence for the pointer."""
    text = f"{moment.clock[:5]} {_(moment.label)}"
    if moment.had_answer:
        after = span(moment.answered_after_s)
        text += ": " + _("{answer} after {time}").format(answer=_(str(moment.answer)), time=after)
    if moment.who is not None:
        text += f" ({moment.who})"
    return text + (", " + _("remembered") if moment.remembered else "")


def _clock(minute: float, day_start_h: int) -> str:
    return f"{(int(minute) // 60 + day_start_h) % 24:02d}:{int(minute) % 60:02d}"
