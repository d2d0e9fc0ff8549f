"""Who was heard when: the voices of two people on a strip for each session."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from caregiving.charts._paper import Colours, paper, span
from caregiving.coded.looks import Cast
from caregiving.words import _, n_

SHORTEST_S = 0.6  # a sound that is shorter is drawn this long, so that it can be seen
ROWS = {"infant": (1.0, "baby"), "caregiver": (0.0, "caregiver")}


def clock(seconds: float) -> str:
    """Return a moment of a session.

    >>> clock(7.4), clock(605)
    ('0:07', '10:05')
    """
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def turns(
    voices: pd.DataFrame, windows: pd.DataFrame, days: dict[str, str], cast: Cast, colours: Colours
) -> go.Figure:
    """Return a strip a session: the child's sounds above, the caregiver's below.

    Parameters: `voices` EVENTS that count as utterances; WINDOWS; `days` a name for each session.
    """
    names = [str(name) for name in windows["session"].unique()]
    figure = paper(colours, 118 * len(names) + 60, left=8)
    ticks: list[float] = []
    for place, name in enumerate(reversed(names)):
        floor = 3.0 * place
        ticks += [floor + ROWS["infant"][0], floor + ROWS["caregiver"][0]]
        mine = voices[voices["session"].astype("str") == name]
        for who, (row, tone) in ROWS.items():
            _strip(figure, mine[mine["actor"] == who], floor + row, cast, colours[tone])
        if len(names) > 1:
            _heading(figure, days.get(name, name), floor + 1.75, colours)
    last = float(windows["end_s"].max()) if len(windows) else 60.0
    figure.update_yaxes(
        range=[-0.7, 3.0 * len(names) - 0.9],
        tickvals=ticks,
        ticktext=[cast.names.get("infant", ""), cast.names.get("caregiver", "")] * len(names),
        tickfont={"color": colours["ink"], "size": 15},
    )
    step = 60 if last <= 420 else 120 if last <= 900 else 300
    at = list(range(0, int(last) + 1, step))
    figure.update_xaxes(range=[0, 1.03 * last], tickvals=at, ticktext=[clock(second) for second in at])
    return figure


def _strip(figure: go.Figure, rows: pd.DataFrame, y: float, cast: Cast, colour: str) -> None:
    """Draw one person's utterances as short thick strokes."""
    onset = rows["onset_s"].to_numpy(dtype=float)
    ended = rows["offset_s"].fillna(rows["onset_s"]).to_numpy(dtype=float)
    figure.add_bar(
        orientation="h",
        base=onset,
        x=(ended - onset).clip(min=SHORTEST_S),
        y=[y] * len(rows),
        width=0.72,
        marker={"color": colour, "line": {"width": 0}},
        hovertext=[
            f"{clock(start)} {cast.what(code)}, {span(end - start)}"
            for start, end, code in zip(onset, ended, rows["code"].astype("str"), strict=True)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _heading(figure: go.Figure, text: str, y: float, colours: Colours) -> None:
    figure.add_annotation(
        x=0, y=y, text=text, showarrow=False, xanchor="left", font={"color": colours["quiet"], "size": 14}
    )


def turns_table(result: dict[str, Any]) -> pd.DataFrame:
    """Return turns, conversations and their rate with its limits."""
    hours = result["observed_s"] / 3600
    rows = [
        (_("turns"), result["n_turns"]),
        (_("conversations"), result["n_conversations"]),
        (_("sounds and sentences"), result["n_utterances"]),
        (_("minutes observed"), 60 * hours),
        (_("turns an hour"), result["per_hour"]),
        (_("likely at least"), result["low"]),
        (_("likely at most"), result["high"]),
    ]
    return pd.DataFrame(rows, columns=[_("What"), _("How many")], dtype=object)


def turns_told(result: dict[str, Any]) -> str:
    """Return the rate with its interval in a sentence."""
    counted = n_("{n} turn", "{n} turns", result["n_turns"])
    return _("{turns} in {time}: about {rate} an hour, likely between {low} and {high}.").format(
        turns=counted,
        time=span(result["observed_s"]),
        rate=round(result["per_hour"]),
        low=round(result["low"]),
        high=round(result["high"]),
    )
