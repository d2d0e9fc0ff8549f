"""A second observer of the same session, with errors that are known: what a measure of agreement must find.

Nobody here is real. How often and by how much this observer errs stands in `README.md`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from random import Random
from types import MappingProxyType
from typing import Final

from sample_data.play import LENGTH_S, SHARED, Act

ACTORS = ("infant", "caregiver")
NEVER_MISSED = frozenset({"out_of_view"})
HEARD_AS: Final[Mapping[str, str]] = MappingProxyType({"vocalise": "nonspeech"})
SHORTEST_S = 0.2


@dataclass(frozen=True)
class Errors:
    """How a second observer differs from the first one.

    Every beginning and end is coded `late_s` later on average, normal with the standard deviation `spread_s`.
    A spell in one state of engagement gets another name with the chance `misnamed`, so does a sound of the
    child where the instrument has a second word for it. What lasts less than `short_s`, points among it, is
    missed with the chance `missed_short`, anything longer with the chance `missed`.
    """

    late_s: float = 0.2
    spread_s: float = 0.35
    misnamed: float = 0.08
    missed: float = 0.03
    missed_short: float = 0.2
    short_s: float = 1.0


def coded_again(acts: Iterable[Act], errors: Errors, dice: Random, *, sounds: bool = False) -> Iterator[Act]:
    """Yield what the second observer codes of the same session.

    Parameters: `sounds` the instrument has a word for other sounds, with which one can be mistaken.
    """
    seen = sorted(acts, key=lambda act: act.at_s)
    chained = {actor: [act for act in seen if act.code.startswith(f"{actor}_")] for actor in ACTORS}
    for actor, states in chained.items():
        yield from _states(actor, states, errors, dice)
    last: dict[str, float] = {}
    for act in seen:
        if any(act in states for states in chained.values()) or _overlooked(act, errors, dice):
            continue
        at = max(_moved(act.at_s, errors, dice), last.get(act.code, 0.0))
        until = None if act.until_s is None else max(_moved(act.until_s, errors, dice), at + SHORTEST_S)
        code = HEARD_AS.get(act.code, act.code) if sounds and dice.random() < errors.misnamed else act.code
        if until is not None and until > LENGTH_S:
            at, until = min(at, LENGTH_S - SHORTEST_S), LENGTH_S
        last[act.code] = until or at
        yield Act(at, act.actor, code, until)


def _states(actor: str, states: list[Act], errors: Errors, dice: Random) -> Iterator[Act]:
    """Yield states that follow each other without a gap: other edges, some other names, equal ones joined."""
    if not states:
        return
    edges = [0.0]
    for act in states[1:]:
        edges.append(max(_moved(act.at_s, errors, dice), edges[-1] + SHORTEST_S))
    names = [_named(actor, act.code, errors, dice) for act in states]
    since = 0.0
    for name, following, end in zip(names, [*names[1:], ""], [*edges[1:], LENGTH_S], strict=True):
        if following != name:
            yield Act(since, actor, name, end)
            since = end


def _named(actor: str, code: str, errors: Errors, dice: Random) -> str:
    others = [f"{actor}_{state}" for state in SHARED if f"{actor}_{state}" != code]
    return dice.choice(others) if dice.random() < errors.misnamed else code


def _overlooked(act: Act, errors: Errors, dice: Random) -> bool:
    lasted = 0.0 if act.until_s is None else act.until_s - act.at_s
    chance = errors.missed_short if lasted < errors.short_s else errors.missed
    return dice.random() < chance and act.code not in NEVER_MISSED


def _moved(at_s: float, errors: Errors, dice: Random) -> float:
    return min(max(at_s + dice.gauss(errors.late_s, errors.spread_s), 0.0), LENGTH_S)
