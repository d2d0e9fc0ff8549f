"""Views of coded sessions with the options that fit their instrument, and the moments behind each of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from caregiving.indices._grid import UNCODED, engagement, joint_states, word
from caregiving.indices._moments import watching
from caregiving.instruments import Instrument
from caregiving.sequences import show

VIEWS: Final = ("time_budget", "transitions", "lag", "state_space", "synchrony", "turns")
BOTH: Final = ("infant", "caregiver")
VOICES: Final = "voices"
NO_STATES: Final = "no_states"  # the gate where an instrument does not code what a view needs


@dataclass(frozen=True)
class Cast:
    """Who and what in words: `names` of infant and caregiver, `labels` of the codes."""

    names: Mapping[str, str]
    labels: Mapping[str, str]

    def who(self, label: str) -> str:
        """Return the actor of a label such as "infant:cry", or "" when it names none."""
        return label.partition(":")[0] if ":" in label else ""

    def what(self, label: str) -> str:
        """Return what a code, or a label such as "infant:cry", is called."""
        code = label.rpartition(":")[2]
        return self.labels.get(code, code)

    def both(self, label: str) -> str:
        """Return name and code in words.

        >>> Cast({"infant": "Juno"}, {"cry": "Cry"}).both("infant:cry")
        'Juno: Cry'
        """
        who = self.who(label)
        return f"{self.names.get(who, who)}: {self.what(label)}" if who else self.what(label)


def codes_in_order(instrument: Instrument) -> list[str]:
    """Return the codes whose order is looked at: states of engagement if coded, else cues and answers."""
    states = engagement(instrument)
    if states_of_two(instrument):
        return [*states["infant"], *states["caregiver"]]
    return instrument.codes("cue", "response")


def states_of_two(instrument: Instrument) -> bool:
    """Tell whether an instrument codes states of engagement of both people."""
    return all(engagement(instrument).values())


def series(instrument: Instrument) -> dict[str, tuple[list[str], list[str]]]:
    """Return what of the two can be laid side by side in time, by name: the child's codes, the caregiver's.

    The states of engagement that both can be in, and their voices (crying left out).

    >>> from caregiving.instruments import load
    >>> series(load("free_play.v1"))
    {'voices': (['vocalise'], ['speech'])}
    """
    states = engagement(instrument)
    theirs = {word(code): code for code in states["caregiver"]}
    found = {word(code): ([code], [theirs[word(code)]]) for code in states["infant"] if word(code) in theirs}
    child = instrument.codes("cue", who="infant", modality="voice", form="state")
    child = [code for code in child if instrument.behaviour(code).cue_class != "distress"]
    grown = instrument.codes("response", who="caregiver", modality="voice", form="state")
    return found | ({VOICES: (child, grown)} if child and grown else {})


def look(
    view: str,
    events: pd.DataFrame,
    windows: pd.DataFrame,
    instrument: Instrument,
    *,
    whose: str = "both",
    of: str | None = None,
) -> dict[str, Any]:
    """Return a view of coded sessions (see sequences) with the options that fit their instrument.

    Parameters: `view` one of VIEWS; `whose` infant, caregiver or both, for what follows what; `of` a name of
    `series`, for synchrony (the first when None). A view that the instrument does not serve has only a
    `gate`. Raises: UnknownView, MissingColumn.
    """
    if view in ("transitions", "lag"):
        people = BOTH if whose == "both" else (whose,)
        shown = _only(events, codes_in_order(instrument), instrument)
        repeats = not states_of_two(instrument)
        found = show(view, shown, windows, instrument, actor=people, repeats=repeats)
        return found | {"whose": whose}
    if view == "state_space":
        states = engagement(instrument)
        if not states_of_two(instrument):
            return {"gate": NO_STATES}
        return show(view, events, windows, instrument, actor=BOTH, states=states)
    if view == "synchrony":
        side_by_side = series(instrument)
        if not side_by_side:
            return {"gate": NO_STATES}
        given, target = side_by_side.get(of or "", next(iter(side_by_side.values())))
        return show(view, events, windows, instrument, actor=BOTH, given=given, target=target)
    return show(view, events, windows, instrument, actor=BOTH)


def _only(events: pd.DataFrame, codes: list[str], instrument: Instrument) -> pd.DataFrame:
    """Return the events with these codes, and those that say that nothing could be seen."""
    return events[events["code"].isin([*codes, *instrument.codes("missing")])]


def pairs_in_order(
    events: pd.DataFrame, windows: pd.DataFrame, instrument: Instrument, whose: str = "both"
) -> pd.DataFrame:
    """Return the pairs that the transitions count, one row each: `session, given, target, given_s, target_s`.

    `given` and `target` are labels as the view writes them: "actor:code", or the code alone of one actor.
    """
    watch = watching(events, windows, instrument)
    rows = events[events["code"].isin(codes_in_order(instrument))]
    rows = rows if whose == "both" else rows[rows["actor"] == whose]
    moment = watch.at(rows["session"], rows["onset_s"])
    rows = rows.assign(moment=moment, stretch=np.searchsorted(watch.start, moment, side="right"))
    rows = rows[watch.seen(moment)].astype({"session": "str", "actor": "str", "code": "str"})
    rows = rows.sort_values(["moment", "code", "offset_s", "actor"], kind="stable")
    name = rows["code"] if whose != "both" else rows["actor"] + ":" + rows["code"]
    rows = rows.assign(name=name)
    if states_of_two(instrument):
        rows = rows[(rows["name"] != rows["name"].shift()) | (rows["stretch"] != rows["stretch"].shift())]
    following = rows.shift(-1)
    unbroken = (rows["stretch"] == following["stretch"]).to_numpy(dtype=bool)
    return pd.DataFrame(
        {
            "session": rows["session"],
            "given": rows["name"],
            "target": following["name"],
            "given_s": rows["onset_s"],
            "target_s": following["onset_s"],
        }
    )[unbroken].reset_index(drop=True)


def path(events: pd.DataFrame, windows: pd.DataFrame, instrument: Instrument) -> pd.DataFrame:
    """Return the way through the grid, one row a visit: `session, start_s, end_s, infant, caregiver` (codes).

    Seconds in which one of the two had no coded state are left out.
    """
    states = engagement(instrument)
    watch = watching(events, windows, instrument)
    pieces = joint_states(events, watch, states)
    pieces = pieces[(pieces["infant"] != UNCODED) & (pieces["caregiver"] != UNCODED)]
    start, end = pieces["start"].to_numpy(), pieces["end"].to_numpy()
    cell = pieces["infant"].to_numpy() * len(states["caregiver"]) + pieces["caregiver"].to_numpy()
    fresh = np.ones(len(pieces), dtype=bool)
    fresh[1:] = (cell[1:] != cell[:-1]) | (start[1:] != end[:-1])
    first = np.flatnonzero(fresh)
    last = np.append(first[1:], len(pieces)) - 1 if len(first) else first
    session = watch.sessions.take(start[first] // watch.room)
    return pd.DataFrame(
        {
            "session": pd.Series(session, dtype="str"),
            "start_s": (start[first] % watch.room) / 1e6,
            "end_s": (end[last] % watch.room) / 1e6,
            "infant": [states["infant"][place] for place in pieces["infant"].to_numpy()[first]],
            "caregiver": [states["caregiver"][place] for place in pieces["caregiver"].to_numpy()[first]],
        }
    )
