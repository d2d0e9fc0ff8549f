"""Each view of coded sessions as figure, text alternative, table, and the moments behind it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from caregiving.charts import span
from caregiving.charts.lag_table import lag_table, lag_table_table, lag_table_told
from caregiving.charts.state_space import state_space, state_space_table, state_space_told
from caregiving.charts.synchrony import synchrony, synchrony_table, synchrony_told
from caregiving.charts.time_budget import time_budget, time_budget_table, time_budget_told
from caregiving.charts.transitions import transitions, transitions_table, transitions_told
from caregiving.charts.turns import clock, turns, turns_table, turns_told
from caregiving.coded.looks import Cast, look, pairs_in_order, path, series
from caregiving.instruments import Instrument
from caregiving.words import _, n_

LONGEST = 80
Point = Mapping[str, Any] | None
Colours = Mapping[str, str]


@dataclass(frozen=True)
class Material:
    """What a view is drawn from: the frames of the chosen sessions, and who and what in words.

    `days` names each session; `whose` and `of` are what was chosen beside the view.
    """

    events: pd.DataFrame
    windows: pd.DataFrame
    instrument: Instrument
    cast: Cast
    days: dict[str, str]
    whose: str
    of: str | None


@dataclass(frozen=True)
class Picture:
    """A figure with its text alternative, its table, and what opens the moments behind it."""

    figure: Any
    told: str
    table: Callable[[], pd.DataFrame]
    moments: Callable[[Point], pd.DataFrame]


def picture(view: str, result: dict[str, Any], it: Material, colours: Colours) -> Picture:
    """Return the picture of a view that may be drawn."""
    drawn = {
        "time_budget": _time_budget,
        "transitions": _transitions,
        "lag": _lag,
        "state_space": _state_space,
        "synchrony": _synchrony,
        "turns": _turns,
    }
    return drawn[view](result, it, colours)


def _time_budget(result: dict[str, Any], it: Material, colours: Colours) -> Picture:
    def opened(point: Point) -> pd.DataFrame:
        label = _custom(point)
        rows = it.events
        if label:
            who, _sep, code = label[0].partition(":")
            rows = rows[(rows["actor"] == who) & (rows["code"] == code)]
        return events_in_words(rows, it)

    return Picture(
        time_budget(result, it.cast, colours),
        time_budget_told(result, it.cast),
        lambda: time_budget_table(result, it.cast),
        opened,
    )


def _transitions(result: dict[str, Any], it: Material, colours: Colours) -> Picture:
    lag = look("lag", it.events, it.windows, it.instrument, whose=it.whose)
    return Picture(
        transitions(result, lag, it.cast, colours),
        transitions_told(result, lag, it.cast),
        lambda: transitions_table(result, lag, it.cast),
        lambda point: _pairs(point, it),
    )


def _lag(result: dict[str, Any], it: Material, colours: Colours) -> Picture:
    return Picture(
        lag_table(result, it.cast, colours),
        lag_table_told(result, it.cast),
        lambda: lag_table_table(result, it.cast),
        lambda point: _pairs(point, it),
    )


def _state_space(result: dict[str, Any], it: Material, colours: Colours) -> Picture:
    way = path(it.events, it.windows, it.instrument)

    def opened(point: Point) -> pd.DataFrame:
        cell = _custom(point)
        rows = way[(way["infant"] == cell[0]) & (way["caregiver"] == cell[1])] if cell else way
        columns = {
            it.cast.names["infant"]: [it.cast.what(code) for code in rows["infant"]],
            it.cast.names["caregiver"]: [it.cast.what(code) for code in rows["caregiver"]],
            _("For how long"): [span(s) for s in rows["end_s"] - rows["start_s"]],
        }
        return _listed(_when(rows["session"], rows["start_s"], it) | columns)

    return Picture(
        state_space(result, way, it.cast, colours),
        state_space_told(result, it.cast),
        lambda: state_space_table(result, it.cast),
        opened,
    )


def _synchrony(result: dict[str, Any], it: Material, colours: Colours) -> Picture:
    side_by_side = series(it.instrument)
    child, grown = side_by_side.get(it.of or "", next(iter(side_by_side.values())))
    rows = it.events[it.events["code"].isin([*child, *grown])]
    return Picture(
        synchrony(result, it.cast, colours),
        synchrony_told(result, it.cast),
        lambda: synchrony_table(result, it.cast),
        lambda _point: events_in_words(rows, it),
    )


def _turns(result: dict[str, Any], it: Material, colours: Colours) -> Picture:
    voices = it.events[it.events["code"].isin(result["codes"])]
    return Picture(
        turns(voices, it.windows, it.days, it.cast, colours),
        turns_told(result),
        lambda: turns_table(result),
        lambda _point: events_in_words(voices, it),
    )


def _custom(point: Point) -> list[str]:
    """Return what a clicked point carries, as a list of labels."""
    found = (point or {}).get("customdata")
    return [found] if isinstance(found, str) else [str(part) for part in found or []]


def _pairs(point: Point, it: Material) -> pd.DataFrame:
    """List the changes from one code to another; all of them when no point was chosen."""
    rows, cell = pairs_in_order(it.events, it.windows, it.instrument, it.whose), _custom(point)
    if cell:
        rows = rows[(rows["given"] == cell[0]) & (rows["target"] == cell[1])]
    columns = {
        _("First"): [it.cast.both(label) for label in rows["given"]],
        _("And then"): [it.cast.both(label) for label in rows["target"]],
        _("After"): [span(s) for s in rows["target_s"] - rows["given_s"]],
    }
    return _listed(_when(rows["session"], rows["given_s"], it) | columns)


def events_in_words(rows: pd.DataFrame, it: Material) -> pd.DataFrame:
    """List events: when in the session, who, what, for how long."""
    rows = rows.sort_values(["session", "onset_s"], kind="stable")
    lasted = rows["offset_s"] - rows["onset_s"]
    columns = {
        _("Who"): [it.cast.names.get(str(who), str(who)) for who in rows["actor"]],
        _("What"): [it.cast.what(str(code)) for code in rows["code"]],
        _("For how long"): ["" if s != s else span(s) for s in lasted],
    }
    return _listed(_when(rows["session"], rows["onset_s"], it) | columns)


def _when(session: pd.Series, seconds: pd.Series, it: Material) -> dict[str, list[str]]:
    """Return the columns that say when; which session only where there are several."""
    at = {_("In the session"): [clock(s) for s in seconds]}
    if len(it.days) == 1:
        return at
    return {_("Session"): [it.days.get(str(name), str(name)) for name in session], **at}


def _listed(columns: dict[str, list[str]]) -> pd.DataFrame:
    """Return the list, cut short with a last line that says how many more there are."""
    rows = pd.DataFrame(columns)
    more = len(rows) - LONGEST
    if more <= 0:
        return rows
    rest = [n_("and {n} more", "and {n} more", more), *[""] * (len(columns) - 1)]
    return pd.concat([rows.head(LONGEST), pd.DataFrame([rest], columns=list(columns))], ignore_index=True)
