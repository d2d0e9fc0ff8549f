"""What came after each cue: cues down, what came across, the number of times in each cell."""

import math

import pandas as pd
import plotly.graph_objects as go

from caregiving.charts._marks import hatch
from caregiving.charts._paper import Colours, faint, paper
from caregiving.instruments import Instrument
from caregiving.trends.follows import NO_ANSWER, PASSED, THERE, UNSEEN, Follows
from caregiving.words import _, n_

WIDEST = 9  # letters of a column's name before it is broken


def _instead() -> dict[str, str]:
    """Return what came when it was no answer, in words."""
    return {
        NO_ANSWER: _("No answer"),
        PASSED: _("Passed by itself"),
        THERE: _("Already there"),
        UNSEEN: _("Not watched to the end"),
    }


def _names(instrument: Instrument) -> dict[str, str]:
    labels = {b.code: _(b.label) for b in instrument.behaviours}
    return labels | _instead()


def _columns(follows: Follows) -> list[str]:
    """Return the columns worth a place: whatever came at least once, and always the missing answer."""
    names = [str(name) for name in follows.counts.columns]
    return [name for name in names if name == NO_ANSWER or follows.counts[name].sum() > 0]


def follows(found: Follows, instrument: Instrument, colours: Colours) -> go.Figure | None:
    """Return the matrix. The stronger the tone, the larger the share of that cue; numbers are times.

    Only answers have a tone; what came instead stands in a plain frame. Rows with too few cues are
    hatched and say how many more they need; None while every row has too few.
    """
    rows, columns = list(found.counts.index), _columns(found)
    if not (found.lacking == 0).any():
        return None
    names = _names(instrument)
    figure = paper(colours, 46 * len(rows) + 110, left=110)
    for n, cue in enumerate(rows):
        if found.lacking[cue] > 0:
            _withheld(figure, n, int(found.lacking[cue]), len(columns), colours)
        else:
            _row(figure, n, found, cue, columns, names, colours)
    figure.update_xaxes(
        range=[-0.5, len(columns) - 0.5],
        side="top",
        tickvals=list(range(len(columns))),
        ticktext=[_broken(names[name]) for name in columns],
        tickangle=0,
        ticks="",
        showline=False,
        tickfont={"color": colours["ink"], "size": 14},
    )
    figure.update_yaxes(
        range=[len(rows) - 0.5, -0.5],
        tickvals=list(range(len(rows))),
        ticktext=[f"{names[cue]} ({found.n[cue]})" for cue in rows],
        ticklabelstandoff=6,
        showline=False,
        tickfont={"color": colours["ink"], "size": 15},
    )
    return figure


def _row(
    figure: go.Figure,
    n: int,
    found: Follows,
    cue: str,
    columns: list[str],
    names: dict[str, str],
    colours: Colours,
) -> None:
    """Draw one cue's cells: tone by share, the number of times in it."""
    for at, name in enumerate(columns):
        share = found.share(cue, name)
        answer = name not in _instead()
        strength = 0.05 + (0.5 * share if share == share else 0.0)
        figure.add_shape(
            type="rect",
            x0=at - 0.47,
            x1=at + 0.47,
            y0=n - 0.45,
            y1=n + 0.45,
            fillcolor=faint(colours["caregiver"], strength) if answer else "rgba(0,0,0,0)",
            line={"width": 0 if answer else 1, "color": colours["line"]},
            layer="below",
        )
    counts = [found.times(cue, name) for name in columns]
    figure.add_scatter(
        x=list(range(len(columns))),
        y=[n] * len(columns),
        mode="text",
        text=[str(times) if times else "·" for times in counts],
        textfont={"color": [colours["ink"] if times else colours["quiet"] for times in counts], "size": 16},
        hovertext=[_sentence(found, cue, name, names) for name in columns],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _withheld(figure: go.Figure, n: int, lacking: int, columns: int, colours: Colours) -> None:
    """Hatch a row that has too few cues and say how many more it needs."""
    hatch(figure, [(-0.47, columns - 0.53, n - 0.45, n + 0.45)], colours)
    figure.add_annotation(
        x=(columns - 1) / 2,
        y=n,
        text=_lacking(lacking),
        showarrow=False,
        bgcolor=colours["ground"],
        font={"color": colours["quiet"], "size": 15},
    )


def _lacking(lacking: int) -> str:
    return n_(
        "{n} more of these and this row can be drawn", "{n} more of these and this row can be drawn", lacking
    )


def _sentence(found: Follows, cue: str, name: str, names: dict[str, str]) -> str:
    """Return a cell as a sentence for the pointer."""
    times = n_("{n} time", "{n} times", found.times(cue, name))
    if name == THERE:
        return _("{cue}, somebody was already there: {times}").format(cue=names[cue], times=times)
    text = _("{cue}, then {what}: {times} of {n}").format(
        cue=names[cue], what=names[name], times=times, n=found.n[cue]
    )
    share = found.share(cue, name)
    if math.isnan(share):
        return text
    return (
        text
        + "<br>"
        + _("about {share} in 100, with those counted in that were not watched to the end").format(
            share=f"{100 * share:.0f}"
        )
    )


def _broken(name: str) -> str:
    """Return a name in short lines.

    >>> _broken("Not watched to the end")
    'Not<br>watched<br>to the<br>end'
    """
    lines: list[str] = []
    for word in name.split():
        if lines and len(lines[-1]) + 1 + len(word) <= WIDEST:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return "<br>".join(lines)


def follows_table(found: Follows, instrument: Instrument) -> pd.DataFrame:
    """Return the matrix as a table: what was shown, how many waited, and how often each thing came.

    Rows with too few cues keep their number and nothing else.
    """
    names = _names(instrument)
    enough = found.lacking == 0
    table = pd.DataFrame(
        {_("Cue"): [names[cue] for cue in found.counts.index], _("Waited"): found.n.to_numpy()}
    )
    for name in _columns(found):
        counts = found.counts[name].astype("object").where(enough)
        table[names[name]] = counts.to_numpy()
    return table


def follows_told(found: Follows, instrument: Instrument) -> str:
    """Return the picture in words: what came most often after the cue that was logged most."""
    drawn = found.n[found.lacking == 0]
    if drawn.empty:
        return _("Five cues of one kind, and the first row of this picture can be drawn.")
    names = _names(instrument)
    cue = str(drawn.idxmax())
    came = [name for name in _columns(found) if name not in (THERE, UNSEEN)]
    most = max(came, key=lambda name: found.times(cue, name))
    times = n_("{n} time", "{n} times", found.times(cue, most))
    text = _("“{cue}” was logged most, {n} times; what came most often was “{what}” ({times}).").format(
        cue=names[cue], n=int(drawn[cue]), what=names[most], times=times
    )
    few = int((found.lacking > 0).sum())
    if few:
        text += " " + n_(
            "{n} other cue was logged too seldom for a row.",
            "{n} other cues were logged too seldom for a row.",
            few,
        )
    return text
