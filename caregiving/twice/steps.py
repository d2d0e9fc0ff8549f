"""What two observers had differently, one row each, in order of time."""

from enum import StrEnum
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from caregiving.agreement.records import US, Pair, Record
from caregiving.instruments import Instrument

Ints = NDArray[np.int64]
COLUMNS: Final = ["at_s", "until_s", "actor", "kind", "first", "second"]


class Kind(StrEnum):
    """How two records differ at a moment."""

    MISSED_BY_FIRST = "missed_by_first"
    MISSED_BY_SECOND = "missed_by_second"
    NAMED_DIFFERENTLY = "named_differently"
    STATES_DIFFER = "states_differ"


class Step(NamedTuple):
    """One difference: from when until when, of whom, how, and what the two observers had ("" for nothing).

    Times are in microseconds on the line of the two records.
    """

    since: int
    until: int
    actor: str
    kind: Kind
    first: str
    second: str


def steps_of(
    both: Pair, actor: int, paired: tuple[Ints, Ints], instrument: Instrument, tolerance_s: float
) -> tuple[list[Step], int]:
    """Return what differs for one actor, and how many differences of states were too short to be listed.

    Every event that only one of the two coded is a step, and every one that they named differently. A state
    that both have, but of which one lasts longer than `tolerance_s` beyond the other, is a step as well, once
    for the state that lasts longer; not where that is because a state began that excludes it, which is a step
    of its own.

    Parameters: `paired` as in `alignment.Alignment`, of this actor's events in `both`.
    """
    a, b = both.a.of(actor), both.b.of(actor)
    name = both.actors[actor]
    alone_a, alone_b = paired[0][paired[1] < 0], paired[1][paired[0] < 0]
    steps = _alone(both, a, b, alone_a, name, Kind.MISSED_BY_SECOND)
    steps += _alone(both, b, a, alone_b, name, Kind.MISSED_BY_FIRST)
    met = (paired[0] >= 0) & (paired[1] >= 0)
    i, j = paired[0][met], paired[1][met]
    other = a.code[i] != b.code[j]
    i, j = i[other], j[other]
    begins, ends = np.minimum(a.onset[i], b.onset[j]), np.maximum(a.offset[i], b.offset[j])
    for since, until, one, two in zip(
        begins.tolist(), ends.tolist(), a.code[i].tolist(), b.code[j].tolist(), strict=True
    ):
        steps.append(Step(since, until, name, Kind.NAMED_DIFFERENTLY, both.codes[one], both.codes[two]))
    listed = (np.append(alone_a, i), np.append(alone_b, j))
    longer, n_short = _longer(both, (a, b), listed, instrument, round(tolerance_s * US))
    steps += [Step(since, until, name, Kind.STATES_DIFFER, one, two) for since, until, one, two in longer]
    return steps, n_short


def _alone(both: Pair, mine: Record, theirs: Record, alone: Ints, actor: str, kind: Kind) -> list[Step]:
    """Return a step for each event that only one coded, with the states that only the other had just then."""
    moment = mine.onset[alone]
    lasting = mine.offset[alone] > moment
    meanwhile = np.full(len(alone), "", dtype=object)
    for code in np.unique(theirs.code[theirs.offset > theirs.onset]).tolist():
        only = lasting & _going_on(theirs, code, moment) & ~_going_on(mine, code, moment)
        meanwhile[only] += f"+{both.codes[code]}"
    steps: list[Step] = []
    for since, until, code, had in zip(
        moment.tolist(), mine.offset[alone].tolist(), mine.code[alone].tolist(), meanwhile, strict=True
    ):
        coded = (both.codes[code], had.removeprefix("+"))
        first, second = coded if kind is Kind.MISSED_BY_SECOND else coded[::-1]
        steps.append(Step(since, until, actor, kind, first, second))
    return steps


def _going_on(record: Record, code: int, moment: Ints) -> NDArray[np.bool_]:
    """Tell for each moment whether a state of this code is going on just after it."""
    mine = (record.code == code) & (record.offset > record.onset)
    begun = np.searchsorted(np.sort(record.onset[mine]), moment, side="right")
    found: NDArray[np.bool_] = begun > np.searchsorted(np.sort(record.offset[mine]), moment, side="right")
    return found


def _longer(
    both: Pair, records: tuple[Record, Record], told: tuple[Ints, Ints], instrument: Instrument, least: int
) -> tuple[list[tuple[int, int, str, str]], int]:
    """Return the stretches in which one has a state going on longer than the other, and how many are short.

    Left out is what has a step already (`told`: its rows in either record): a state that only one coded, and
    one that goes on only because a state that excludes it began in the other record and has a step.
    """
    found: list[tuple[int, int, str, str]] = []
    n_short = 0
    excluded = {one.code: set(one.excludes) for one in instrument.behaviours}
    listed = [record.rows(rows) for record, rows in zip(records, told, strict=True)]
    states = np.unique(np.concatenate([record.code[record.offset > record.onset] for record in records]))
    for code in states.tolist():
        name = both.codes[code]
        rivals = [place for place, one in enumerate(both.codes) if one in {name, *excluded.get(name, ())}]
        for side, since, until in _one_sided(both, records, code):
            own, other = listed[side], listed[1 - side]
            begun = other.onset[np.isin(other.code, rivals) & (other.offset > other.onset)]
            fresh = ~_going_on(own, code, since) & ~np.isin(since, begun)
            long = fresh & (until - since > least)
            n_short += int((fresh & ~long).sum())
            had = (name, "") if side == 0 else ("", name)
            found += [(a, b, *had) for a, b in zip(since[long].tolist(), until[long].tolist(), strict=True)]
    return found, n_short


def _one_sided(both: Pair, records: tuple[Record, Record], code: int) -> list[tuple[int, Ints, Ints]]:
    """Return the watched stretches in which only one record has this state: which record, from, until."""
    edges = [edge[record.code == code] for record in records for edge in (record.onset, record.offset)]
    cuts = np.unique(np.concatenate((both.start, both.end, *edges)))
    left, right = cuts[:-1], cuts[1:]
    home = both.holding(left)
    watched = (home >= 0) & (left < np.append(both.end, 0)[home])
    on = [_going_on(record, code, left) & watched for record in records]
    found = []
    for side in (0, 1):
        alone = np.concatenate(([False], on[side] & ~on[1 - side], [False]))
        first, last = np.flatnonzero(alone[1:] & ~alone[:-1]), np.flatnonzero(alone[:-1] & ~alone[1:])
        found.append((side, left[first], right[last - 1]))
    return found


def as_frame(steps: list[Step], begins_s: float) -> pd.DataFrame:
    """Return the steps in order of time, in seconds. `begins_s`: where the line of the records begins."""
    found = pd.DataFrame(sorted(steps), columns=COLUMNS)
    times = found[["at_s", "until_s"]].astype("float64") / US + begins_s
    return found.assign(at_s=times["at_s"], until_s=times["until_s"])
