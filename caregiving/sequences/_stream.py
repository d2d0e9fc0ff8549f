"""Events of all sessions on one line of observed time.

Session number s takes the room [s x length, (s + 1) x length) of the line. Observed are the stretches inside
a declared window (windows of a session that touch or overlap are one stretch) and outside every state in
which nothing could be seen.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from caregiving.faults import Fault, Refused
from caregiving.frames import need
from caregiving.instruments import Instrument
from caregiving.sequences._stretches import US, Bools, Ints, Stretches, joined, whole_us

NO_WINDOWS = "no windows were given: every session was taken as watched from 0 s to its last event"


@dataclass(frozen=True)
class Stream:
    """The events on the line. One entry an event, in order of time; ties in order of code, end and actor.

    `offset` equals `onset` for a point. `lasts` tells states from points; `home` is
    the observed stretch in which it began, or -1; `closed_here` marks a state that
    was never ended and is taken to end with its window. `watched` is all declared time, `observed` what is
    left of it without the time in which nothing could be seen; `n_homeless` events had no window at all.
    """

    onset: Ints
    offset: Ints
    actor: Ints
    code: Ints
    lasts: Bools
    closed_here: Bools
    home: Ints
    actors: list[str]
    codes: list[str]
    watched: Stretches
    observed: Stretches
    n_sessions: int
    length: int
    n_homeless: int
    notes: tuple[str, ...]

    @property
    def seen(self) -> Bools:
        """Tell which events were seen: at least a part of them lies in observed time."""
        found = self.home >= 0
        late = np.flatnonzero(~found & self.lasts)
        onset, offset = self.onset[late], self.offset[late]
        found[late] = self.observed.before(offset) > self.observed.before(onset)
        return found

    @property
    def n_outside(self) -> int:
        """Return how many events lie outside observed time, or in a session nobody declared."""
        return self.n_homeless + int((~self.seen).sum())

    def label(self, actor: int, code: int) -> str:
        """Return the code, with its actor in front when there are several actors."""
        name = self.codes[code]
        return name if len(self.actors) == 1 else f"{self.actors[actor]}:{name}"

    def states_of(self, actor: int) -> tuple[Ints, Ints, Ints]:
        """Return start, end and code of one actor's states.

        Of an actor with nothing but points, each point lasts until the next one, or until its stretch ends.
        """
        own = self.actor == actor
        lasting = own & self.lasts
        if lasting.any():
            return self.onset[lasting], self.offset[lasting], self.code[lasting]
        points = own & (self.home >= 0)
        start, home = self.onset[points], self.home[points]
        following = np.append(start[1:], np.iinfo(np.int64).max)[: len(start)]
        return start, np.minimum(following, self.observed.end[home]), self.code[points]


def stream(
    events: pd.DataFrame,
    windows: pd.DataFrame | None = None,
    instrument: Instrument | None = None,
    actors: Iterable[str] = (),
    unseen: Iterable[str] = (),
) -> Stream:
    """Place the events of the named actors (all when none is named) on the line of observed time.

    Not observable are the instrument's codes of kind `missing` and those named by `unseen`, whoever carries
    them. A missing offset means a point, or, for a code that the instrument calls a state, a state that was
    never ended.

    Raises
    ------
    MissingColumn
        When a needed column is absent.
    Refused
        When an actor is unknown, a state ends before it begins, or an event lacks its onset, actor or code.
    """
    need(events, "session", "actor", "code", "onset_s", "offset_s")
    notes = [] if windows is not None else [NO_WINDOWS]
    declared = whole_sessions(events) if windows is None else windows
    need(declared, "session", "start_s", "end_s")
    session, names = _sessions(events, declared)
    onset, offset, pointlike = _times(events)
    actor, all_actors = _numbered(events["actor"])
    code, codes = _numbered(events["code"])
    window_session, edges = (
        declared["session"].astype("category"),
        [whole_us(declared[c])[0] for c in ("start_s", "end_s")],
    )
    origin = min(0, *(int(part.min()) for part in (*edges, onset) if len(part))) if len(names) else 0
    span = max((int(part.max()) for part in (*edges, offset) if len(part)), default=0) - origin + 2
    shift = names.get_indexer(window_session.cat.categories)[window_session.cat.codes] * span - origin
    watched = joined(edges[0] + shift, edges[1] + shift)
    known = session >= 0
    onset, offset = onset + session * span - origin, offset + session * span - origin
    lasting = {b.code for b in instrument.behaviours if b.form == "state"} if instrument else set()
    closed = pointlike & np.array([name in lasting for name in codes], dtype=bool)[code]
    if closed.any():
        inside = watched.holding(onset)
        offset = np.where(closed & (inside >= 0), np.append(watched.end, 0)[inside], offset)
    hidden = {*unseen, *(instrument.codes("missing") if instrument else ())}
    gone = np.array([name in hidden for name in codes], dtype=bool)[code] & known
    observed = watched.without(joined(onset[gone], offset[gone])) if gone.any() else watched
    chosen = _chosen(all_actors, list(dict.fromkeys(actors)))
    mine = ~gone & (chosen >= 0)[actor]
    kept = np.flatnonzero(known & mine)
    code, actor = _rank(codes)[code[kept]], actor[kept]
    order = _in_order(onset[kept], code, offset[kept], _rank(all_actors)[actor])
    kept, code, actor = kept[order], code[order], chosen[actor[order]]
    wanted = list(dict.fromkeys(actors)) or sorted(all_actors)
    states, home = ~pointlike | closed, observed.holding(onset[kept])
    return Stream(
        onset[kept], offset[kept], actor, code, states[kept], closed[kept], home, wanted, sorted(codes),
        watched, observed, len(names), max(len(names), 1) * span, int((mine & ~known).sum()), tuple(notes),
    )  # fmt: skip


def whole_sessions(events: pd.DataFrame) -> pd.DataFrame:
    """Return one window a session, from 0 to its last event."""
    last = events[["onset_s", "offset_s"]].max(axis=1).groupby(events["session"], observed=True).max()
    return pd.DataFrame(
        {"session": last.index.astype("str"), "start_s": 0.0, "end_s": last.to_numpy(dtype="float64")}
    )


def _sessions(events: pd.DataFrame, windows: pd.DataFrame) -> tuple[Ints, pd.Index]:
    """Return every event's session number (-1 when that session has no window) and the sessions' names."""
    names = windows["session"].astype("category").cat.remove_unused_categories().cat.categories
    own = events["session"].astype("category")
    lookup = names.get_indexer(own.cat.categories)
    return np.append(lookup, -1)[own.cat.codes.to_numpy()].astype(np.int64), names


def _times(events: pd.DataFrame) -> tuple[Ints, Ints, Bools]:
    """Return onset, offset (the onset when there is none) and which events have no offset."""
    onset, timeless = whole_us(events["onset_s"])
    offset, pointlike = whole_us(events["offset_s"])
    nameless = (events["actor"].isna() | events["code"].isna()).to_numpy(dtype=bool)
    early = ~pointlike & (offset < onset)
    faults = [
        Fault(f"event {row + 1}", "no onset", "a number of seconds") for row in np.flatnonzero(timeless)
    ]
    faults += [Fault(f"event {row + 1}", "no actor or no code", "both") for row in np.flatnonzero(nameless)]
    for row in np.flatnonzero(early & ~timeless).tolist():
        found = f"an end at {offset[row] / US:g} s before its start at {onset[row] / US:g} s"
        faults.append(Fault(f"event {row + 1}", found, "an end after the start"))
    if faults:
        raise Refused(faults)
    return onset, np.where(pointlike, onset, offset), pointlike


def _numbered(names: pd.Series) -> tuple[Ints, list[str]]:
    """Return each name's number and the names in use."""
    category = names.astype("category").cat.remove_unused_categories()
    return category.cat.codes.to_numpy().astype(np.int64), [str(name) for name in category.cat.categories]


def _rank(names: list[str]) -> Ints:
    """Return the place of each name in alphabetical order."""
    return np.argsort(np.argsort(np.array(names, dtype=object))) if names else np.empty(0, dtype=np.int64)


def _chosen(known: list[str], wanted: list[str]) -> Ints:
    """Return for each known actor its place among the wanted ones, or -1."""
    strangers = sorted(set(wanted) - {*known, "infant", "caregiver"})
    if strangers:
        raise Refused(
            [
                Fault(
                    "actor",
                    f'"{strangers[0]}"',
                    f"one of the actors in the events: {', '.join(sorted(known))}",
                )
            ]
        )
    order = wanted or sorted(known)
    return np.array([order.index(name) if name in order else -1 for name in known], dtype=np.int64)


def _in_order(onset: Ints, code: Ints, offset: Ints, actor: Ints) -> Ints:
    """Return the order by onset, code, end and actor: the order of rows must not matter."""
    rising = not (onset[1:] < onset[:-1]).any()
    order = np.arange(len(onset)) if rising else np.argsort(onset, kind="stable")
    equal = onset[order][1:] == onset[order][:-1]
    tied = np.flatnonzero(
        np.append(equal, False) | np.append(False, equal)
    )  # a group of ties stays in its places
    among = order[tied]
    order[tied] = among[np.lexsort((actor[among], offset[among], code[among], onset[among]))]
    return order
