"""The hours of the family's day: how long was watched as a tone, cues as dots, unwatched hours hatched."""

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from caregiving.charts._marks import hatch, note
from caregiving.charts._paper import Colours, faint, paper
from caregiving.trends.day_map import DayMap
from caregiving.trends.named import short_day, weekday_words
from caregiving.words import _, n_

LARGEST = 24  # px across: the dot of the hour with the most cues
SMALLEST = 5


def day_map(found: DayMap, colours: Colours) -> go.Figure | None:
    """Return hours across and days down.

    The stronger the tone, the longer that hour was watched. A pale circle's area stands for all cues, a full
    one's inside it for crying and fussing. Hours in which nobody watched are hatched. None
    without a watched hour.
    """
    rows = len(found.rows)
    if not rows:
        return None
    figure = paper(colours, 30 * rows + 110, left=90)
    place = {row: n for n, row in enumerate(found.rows)}
    cells = found.cells.assign(at=[place[row] for row in found.cells["row"]])
    watched = cells[cells["watched_min"] > 0]
    unknown = cells[cells["watched_min"] <= 0]
    boxes = [
        (p - 0.5, p + 0.5, n - 0.5, n + 0.5) for p, n in zip(unknown["place"], unknown["at"], strict=True)
    ]
    hatch(figure, boxes, colours)
    _tones(figure, watched, found, colours)
    most = float(watched["cues"].max()) if len(watched) else 0.0
    _dots(figure, watched, "cues", most, faint(colours["baby"], 0.4))
    _dots(figure, watched, "distress", most, colours["baby"])
    _axes(figure, found, colours)
    note(
        figure,
        _("pale circle: everything that was shown · full: crying and fussing<br>hatched: nobody watched"),
        colours,
        below=32,
    )
    figure.update_layout(margin={"b": 82})
    return figure


def _tones(figure: go.Figure, watched: pd.DataFrame, found: DayMap, colours: Colours) -> None:
    """Fill every watched hour, the fuller the longer it was watched."""
    minutes = np.full((len(found.rows), 24), np.nan)
    texts = np.full(minutes.shape, "", dtype=object)
    where = watched["at"].to_numpy(), watched["place"].to_numpy()
    minutes[where] = watched["watched_min"]
    texts[where] = _sentences(watched, found)
    figure.add_heatmap(
        x=list(range(24)),
        y=list(range(len(found.rows))),
        z=minutes,
        text=texts,
        zmin=0,
        zmax=max(float(watched["watched_min"].max()), 1.0) if len(watched) else 1.0,
        colorscale=[[0, faint(colours["caregiver"], 0.06)], [1, faint(colours["caregiver"], 0.34)]],
        showscale=False,
        xgap=1,
        ygap=1,
        hoverongaps=False,
        hovertemplate="%{text}<extra></extra>",
    )


def _dots(figure: go.Figure, watched: pd.DataFrame, column: str, most: float, colour: str) -> None:
    rows = watched[watched[column] > 0]
    size = [max(SMALLEST, LARGEST * (n / most) ** 0.5) for n in rows[column]]
    figure.add_scatter(
        x=rows["place"],
        y=rows["at"],
        mode="markers",
        marker={"size": size, "color": colour, "line": {"width": 0}, "opacity": 1},
        hoverinfo="skip",
    )


def _axes(figure: go.Figure, found: DayMap, colours: Colours) -> None:
    hours = list(range(0, 24, 3))
    figure.update_xaxes(
        range=[-0.5, 23.5],
        tickvals=[h - 0.5 for h in hours],
        ticktext=[f"{(h + found.day_start_h) % 24:02d}:00" for h in hours],
        showline=False,
        ticks="outside",
    )
    figure.update_yaxes(
        range=[len(found.rows) - 0.5, -0.5],
        tickvals=list(range(len(found.rows))),
        ticktext=_names(found),
        ticklabelstandoff=8,
        tickfont={"color": colours["ink"], "size": 14},
        showline=False,
    )


def _names(found: DayMap) -> list[str]:
    if found.by == "day":
        return [short_day(row, weekday=True) for row in found.rows]
    return [weekday_words()[int(row)] for row in found.rows]


def _hours(hour: int) -> str:
    return f"{hour:02d}:00–{(hour + 1) % 24:02d}:00"


def _sentences(watched: pd.DataFrame, found: DayMap) -> list[str]:
    """Return each watched hour as a sentence for the pointer."""
    names = dict(zip(found.rows, _names(found), strict=True))
    lines = []
    rows: list[Any] = list(watched.itertuples(index=False))
    for one in rows:
        text = _("{day}, {hours}: {minutes} min watched").format(
            day=names[one.row], hours=_hours(one.hour), minutes=f"{one.watched_min:.0f}"
        )
        if found.by == "weekday":
            text += ", " + n_("on {n} day", "on {n} days", one.days)
        text += "<br>" + n_("{n} cue", "{n} cues", one.cues)
        if one.distress:
            text += ", " + _("{n} of them crying or fussing").format(n=f"{one.distress:g}")
        if one.waited:
            text += "<br>" + _("{n} of {total} had an answer").format(
                n=f"{one.answered:g}", total=f"{one.waited:g}"
            )
        lines.append(text)
    return lines


def day_map_table(found: DayMap) -> pd.DataFrame:
    """Return the watched hours as a table; hours that nobody watched are not in it."""
    names = dict(zip(found.rows, _names(found), strict=True))
    rows = found.cells[found.cells["watched_min"] > 0]
    day = _("Day") if found.by == "day" else _("Day of the week")
    return pd.DataFrame(
        {
            day: [names[row] for row in rows["row"]],
            _("Hour"): [_hours(hour) for hour in rows["hour"]],
            _("Watched, min"): rows["watched_min"].round().astype(int).to_numpy(),
            _("Days watched"): rows["days"].to_numpy(),
            _("Cues"): rows["cues"].astype(int).to_numpy(),
            _("Crying and fussing"): rows["distress"].astype(int).to_numpy(),
            _("Had an answer"): rows["answered"].astype(int).to_numpy(),
        }
    )


def day_map_told(found: DayMap) -> str:
    """Return the picture in words: how much was watched, when most, and which hours were never watched."""
    if not len(found.cells) or found.cells["watched_min"].sum() <= 0:
        return _("No watched time with a date yet, so there is no hour to draw.")
    hours = found.cells.groupby("hour", sort=False)["watched_min"].sum()
    most = int(hours.index[int(hours.to_numpy().argmax())])
    never = int((hours <= 0).sum())
    total = found.cells["watched_min"].sum() / 60
    text = _("{total} hours watched; the hour watched most is {hours}.").format(
        total=f"{total:.0f}" if total >= 10 else f"{total:.1f}", hours=_hours(most)
    )
    if never:
        text += " " + n_(
            "{n} hour of the day was never watched, so nothing is known of it.",
            "{n} hours of the day were never watched, so nothing is known of them.",
            never,
        )
    return text
