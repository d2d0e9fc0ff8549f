"""Two caregivers side by side: the difference of their waits with its interval, around 'no difference'."""

import math
from collections.abc import Mapping, Sequence
from html import escape

import pandas as pd
import plotly.graph_objects as go

from caregiving.charts._marks import round_times
from caregiving.charts._paper import Colours, faint, paper, span
from caregiving.trends.between import Between
from caregiving.trends.named import class_words
from caregiving.words import _

SHORTEST = 2.0  # s: the axis reaches at least so far to both sides, so that a blink does not look large


def caregivers(between: Sequence[Between], names: Mapping[str, str], colours: Colours) -> go.Figure | None:
    """Return one line a comparison that could be made: a point where the difference lies, in its interval.

    The middle is no difference; on either side the axis says whose answers came sooner. Comparisons that are
    still lacking something have a line without a point. None while none could be made.
    """
    names = {who: escape(alias) for who, alias in names.items()}  # typed by people, and read as markup here
    if all(one.gate is not None for one in between):
        return None
    figure = paper(colours, 58 * len(between) + 90, left=8)
    reach = _reach(between)
    figure.add_vline(x=0, line={"color": colours["line"], "width": 2}, layer="below")
    for n, one in enumerate(between):
        _line(figure, n, one, names, colours, reach)
    values, texts = round_times(reach, most=3)
    figure.update_xaxes(
        range=[-reach * 1.05, reach * 1.05],
        tickvals=[-value for value in values[:0:-1]] + values,
        ticktext=[*texts[:0:-1], _("no difference"), *texts[1:]],
    )
    figure.update_yaxes(
        range=[len(between) - 0.4, -0.9],
        tickvals=list(range(len(between))),
        ticktext=[_label(one, between, names) for one in between],
        showline=False,
        tickfont={"color": colours["ink"], "size": 15},
    )
    _sides(figure, between, names, colours)
    return figure


def _reach(between: Sequence[Between]) -> float:
    ends = [abs(x) for one in between for x in (one.low_s, one.high_s, one.difference_s) if not math.isnan(x)]
    return max([*ends, SHORTEST]) * 1.08


def _label(one: Between, between: Sequence[Between], names: Mapping[str, str]) -> str:
    words = class_words().get(one.cue_class, one.cue_class)
    if len({(each.first, each.second) for each in between}) == 1:
        return words
    return f"{_pair(one, names)}<br>{words}"


def _pair(one: Between, names: Mapping[str, str]) -> str:
    return _("{first} and {second}").format(
        first=names.get(one.first, one.first), second=names.get(one.second, one.second)
    )


def _line(
    figure: go.Figure, n: int, one: Between, names: Mapping[str, str], colours: Colours, reach: float
) -> None:
    figure.add_scatter(
        x=[-reach, reach],
        y=[n, n],
        mode="lines",
        line={"color": colours["line"], "width": 1},
        hoverinfo="skip",
    )
    if one.gate is not None:
        figure.add_annotation(
            x=0,
            y=n,
            text=_("not enough yet"),
            showarrow=False,
            bgcolor=colours["ground"],
            font={"color": colours["quiet"], "size": 14},
        )
        return
    figure.add_scatter(
        x=[one.low_s, one.high_s],
        y=[n, n],
        mode="lines",
        line={"color": faint(colours["caregiver"], 0.35), "width": 12},
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=[one.difference_s],
        y=[n],
        mode="markers",
        marker={"size": 14, "symbol": "square", "color": colours["caregiver"]},
        text=[_sentence(one, names)],
        hovertemplate="%{text}<extra></extra>",
    )


def _sides(figure: go.Figure, between: Sequence[Between], names: Mapping[str, str], colours: Colours) -> None:
    """Write over the two halves what lying there means; with several pairs only in general."""
    pairs = {(one.first, one.second) for one in between}
    if len(pairs) != 1:
        left, right = _("← sooner with the first"), _("sooner with the second →")
    else:
        first, second = next(iter(pairs))
        left = _("← sooner with {name}").format(name=names.get(first, first))
        right = _("sooner with {name} →").format(name=names.get(second, second))
    for x, anchor, text in ((0, "left", left), (1, "right", right)):
        figure.add_annotation(
            x=x,
            y=1,
            xref="x domain",
            yref="paper",
            xanchor=anchor,
            yanchor="top",
            text=text,
            showarrow=False,
            font={"color": colours["quiet"], "size": 14},
        )


def _basis(one: Between) -> str:
    if one.basis == "answered":
        return _("among cues that had an answer; who was there when nobody answered is not known")
    return _("all cues that waited, by who was with the child")


def _sentence(one: Between, names: Mapping[str, str]) -> str:
    """Return a comparison as a sentence for the pointer."""
    first, second = names.get(one.first, one.first), names.get(one.second, one.second)
    return _("{first} {first_wait}, {second} {second_wait}<br>likely between {low} and {high}").format(
        first=first,
        second=second,
        first_wait=span(one.first_s),
        second_wait=span(one.second_s),
        low=_sooner(one.low_s, first, second),
        high=_sooner(one.high_s, first, second),
    )


def _sooner(difference_s: float, first: str, second: str) -> str:
    """Return a difference in words: who had the shorter wait, and by how much."""
    name = first if difference_s < 0 else second
    return _("{time} sooner with {name}").format(time=span(abs(difference_s)), name=name)


def _signed(seconds: float) -> str:
    return span(seconds) if seconds >= 0 else f"−{span(-seconds)}"


def caregivers_table(between: Sequence[Between], names: Mapping[str, str]) -> pd.DataFrame:
    """Return the comparisons as a table; what is withheld is missing."""

    def said(value: float, signed: bool = False) -> str | None:
        if math.isnan(value):
            return None
        return _signed(value) if signed else span(value)

    return pd.DataFrame(
        {
            _("Between"): [_pair(one, names) for one in between],
            _("Cues"): [class_words().get(one.cue_class, one.cue_class) for one in between],
            _("Wait with the first"): [said(one.first_s) for one in between],
            _("Wait with the second"): [said(one.second_s) for one in between],
            _("Difference"): [said(one.difference_s, True) for one in between],
            _("Likely from"): [said(one.low_s, True) for one in between],
            _("Likely to"): [said(one.high_s, True) for one in between],
            _("Cues of each"): [f"{one.n_first}, {one.n_second}" for one in between],
            _("Days of each"): [f"{one.days_first}, {one.days_second}" for one in between],
        }
    )


def caregivers_told(between: Sequence[Between], names: Mapping[str, str]) -> str:
    """Return the picture in words: the first comparison that could be made, and on what it rests."""
    made = [one for one in between if one.gate is None]
    if not between:
        return _("This picture needs answers of two people.")
    if not made:
        return _("Twenty cues on three days with each of two people, and this picture can be drawn.")
    one = made[0]
    words = class_words().get(one.cue_class, one.cue_class)
    waits = _sentence(one, names).replace("<br>", "; ")
    return f"{words}: {waits} ({_basis(one)})."
