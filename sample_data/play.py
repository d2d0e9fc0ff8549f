"""Coded play sessions of an invented pair with a known truth, as the tablet of the one who codes sends them.

Nobody here is real. Five sessions of ten minutes in two weeks: two of free play, three of engagement.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from math import exp
from random import Random
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

NAMESPACE = UUID("3b1c5d0e-5f0a-4a64-9d0e-7c0a5b9f2e44")
LENGTH_S = 600.0
SHARED = ("playful", "watching", "object")
SESSIONS = (
    (1, "free_play.v1"),
    (3, "engagement.v1"),
    (6, "engagement.v1"),
    (9, "free_play.v1"),
    (12, "engagement.v1"),
)


@dataclass(frozen=True)
class Pair:
    """What is true of an invented pair at play.

    Spells in step and spells apart take turns; both are log-normal with the same `spread` of the logarithm.
    A spell apart begins when one of the two moves to another state (the child with the chance `child_leads`)
    and ends when the other follows. `exchanges_per_min` conversations begin in each minute without one.
    """

    in_step_s: float = 4.0
    repair_s: float = 5.0
    spread: float = 0.45
    child_leads: float = 0.8
    exchanges_per_min: float = 6.0

    @property
    def matched(self) -> float:
        """Return the share of the time in step; equal spreads cancel out of the ratio of the means."""
        return self.in_step_s / (self.in_step_s + self.repair_s)

    @property
    def mean_repair_s(self) -> float:
        """Return the mean length of a spell apart: median x exp(spread^2 / 2)."""
        return self.repair_s * exp(self.spread**2 / 2)


@dataclass(frozen=True)
class Act:
    """Something seen in a session, in seconds from its start; `until_s` is None for a point."""

    at_s: float
    actor: str
    code: str
    until_s: float | None = None


@dataclass(frozen=True)
class Spell:
    """The two for a while in one state each."""

    start_s: float
    end_s: float
    child: str
    caregiver: str

    @property
    def matched(self) -> bool:
        """Whether both are in the same state."""
        return self.child == self.caregiver


def spells(pair: Pair, dice: Random, length_s: float = LENGTH_S) -> Iterator[Spell]:
    """Yield what the two do side by side, without a gap; now and then one goes where nobody can follow."""
    now, both = 0.0, dice.choice(SHARED)
    while now < length_s:
        until = now + dice.lognormvariate(0, pair.spread) * pair.in_step_s
        yield Spell(now, min(until, length_s), both, both)
        if until >= length_s:
            return
        now, until = until, until + dice.lognormvariate(0, pair.spread) * pair.repair_s
        child, caregiver, after = _apart(pair, both, dice)
        if child == "protest":  # the caregiver notices, then comforts
            middle = now + 0.35 * (until - now)
            yield Spell(now, min(middle, length_s), child, both)
            now, caregiver = middle, "comforting"
        if now < length_s:
            yield Spell(now, min(until, length_s), child, caregiver)
        now, both = until, after


def _apart(pair: Pair, both: str, dice: Random) -> tuple[str, str, str]:
    """Return the states of child and caregiver while apart, and the state in which they meet again."""
    child_moves, chance = dice.random() < pair.child_leads, dice.random()
    if child_moves and chance < 0.06:
        return "protest", both, "watching"
    if child_moves and chance < 0.16:
        return "withdrawn", both, both
    if not child_moves and chance < 0.25:
        return both, "elsewhere", both
    moved = dice.choice([state for state in SHARED if state != both])
    return (moved, both, moved) if child_moves else (both, moved, moved)


@dataclass(frozen=True)
class Exchange:
    """Utterances that answer each other within less than 5 s, by turns."""

    utterances: tuple[Act, ...]

    @property
    def turns(self) -> int:
        """Return its conversational turns: half of its utterances, rounded down."""
        return len(self.utterances) // 2


def exchanges(pair: Pair, dice: Random, length_s: float = LENGTH_S) -> Iterator[Exchange]:
    """Yield exchanges of voices with more than 5 s between them, each whole inside the session."""
    now = dice.expovariate(pair.exchanges_per_min / 60)
    while True:
        at, utterances, child = now, [], dice.random() < 0.6
        for _ in range(dice.choices((1, 2, 3, 4, 6), (3, 4, 3, 2, 1))[0]):
            actor, code, mean_s = ("infant", "vocalise", 0.9) if child else ("caregiver", "speech", 1.6)
            until = at + mean_s * dice.lognormvariate(0, 0.3)
            utterances.append(Act(at, actor, code, until))
            at, child = until + dice.uniform(0.2, 1.4), not child
        last = utterances[-1].until_s
        if last is None or last > length_s:
            return
        yield Exchange(tuple(utterances))
        now = last + 5.2 + dice.expovariate(pair.exchanges_per_min / 60)


def engagement_session(pair: Pair, dice: Random) -> list[Act]:
    """Return a session of engagement.v1: states of both without a gap, voices, touch and what is shown."""
    side_by_side = list(spells(pair, dice))
    acts = [*_states(side_by_side, "infant"), *_states(side_by_side, "caregiver")]
    acts += [act for exchange in exchanges(pair, dice) for act in exchange.utterances]
    acts += _on_and_off("caregiver", "touch", 5.0, 14.0, dice)
    for state in list(acts):
        acts += _beside(state, dice)
    return acts


def _states(side_by_side: list[Spell], actor: str) -> Iterator[Act]:
    """Yield one actor's states; neighbouring spells in the same state are one."""
    state, since, until = "", 0.0, 0.0
    for spell in side_by_side:
        word = spell.child if actor == "infant" else spell.caregiver
        if word != state:
            if state:
                yield Act(since, actor, f"{actor}_{state}", until)
            state, since = word, spell.start_s
        until = spell.end_s
    yield Act(since, actor, f"{actor}_{state}", until)


def _beside(state: Act, dice: Random) -> Iterator[Act]:
    """Yield what comes with a state: a cry, a smile, a reach, turning away and a pause after it, a toy."""
    lasted = (state.until_s or state.at_s) - state.at_s
    if state.code == "infant_protest":
        yield Act(state.at_s + 0.2, "infant", "cry", state.at_s + max(0.8 * lasted, 0.4))
        yield Act(state.at_s + lasted, "infant", "settled")
    elif state.code == "infant_withdrawn":
        yield Act(state.at_s, "infant", "turn_away")
        if dice.random() < 0.6 and lasted > 2:
            yield Act(state.at_s + 1.0, "caregiver", "wait")
    elif state.code == "infant_playful" and dice.random() < 0.5:
        yield Act(state.at_s + 0.3, "infant", "smile")
    elif state.code == "infant_object" and dice.random() < 0.3:
        yield Act(state.at_s + 0.2, "infant", "reach")
    elif state.code == "caregiver_object" and lasted > 1.5:
        yield Act(state.at_s + 0.5, "caregiver", "show", state.at_s + lasted)


def _on_and_off(actor: str, code: str, on_s: float, off_s: float, dice: Random) -> Iterator[Act]:
    """Yield a state that comes and goes."""
    now = dice.expovariate(1 / off_s)
    while now < LENGTH_S - 2:
        until = min(now + on_s * dice.lognormvariate(0, 0.4), LENGTH_S)
        yield Act(now, actor, code, until)
        now = until + 0.5 + dice.expovariate(1 / off_s)


def free_play_session(pair: Pair, dice: Random) -> list[Act]:
    """Return a session of free_play.v1: voices, looks, smiles, touch and toys, and half a minute unseen."""
    acts = [act for exchange in exchanges(pair, dice) for act in exchange.utterances]
    acts += _on_and_off("infant", "gaze", 3.0, 9.0, dice)
    acts += _on_and_off("caregiver", "touch", 5.0, 20.0, dice)
    acts += _on_and_off("caregiver", "show", 5.0, 25.0, dice)
    for look in [act for act in acts if act.code == "gaze" and dice.random() < 0.4]:
        acts.append(Act(look.at_s + 0.6, "infant", "smile"))
        if dice.random() < 0.7:
            acts.append(Act(look.at_s + 0.6 + dice.uniform(0.4, 2.0), "caregiver", "smile_back"))
    unseen = dice.uniform(200, 400)
    return [
        Act(unseen, "infant", "out_of_view", unseen + 30),
        *(act for act in acts if not unseen - 8 < act.at_s < unseen + 30),
    ]


@dataclass(frozen=True)
class Session:
    """One session of play: when it began, with which instrument it is coded, and all there was to see."""

    place: int
    day: int
    began: datetime
    instrument: str
    acts: tuple[Act, ...]


def sessions(first_day: date, zone: str, seed: int) -> Iterator[Session]:
    """Yield the five sessions in order: the first on the day after `first_day`, the last on the twelfth."""
    for place, (day, instrument) in enumerate(SESSIONS):
        dice = Random(f"{seed} {place}")
        play = engagement_session if instrument.startswith("engagement") else free_play_session
        began = datetime.combine(first_day + timedelta(days=day), time(10, 30), ZoneInfo(zone))
        yield Session(place, day, began, instrument, tuple(play(Pair(), dice)))


class Tablet:
    """A tablet on which sessions are coded: it numbers its taps and stamps each with the place and the time.

    `author` is the member who codes, `caregiver` the one who plays; `name` makes the ids.
    """

    def __init__(
        self, family: UUID, child: UUID, author: UUID, caregiver: UUID, zone: str, name: str
    ) -> None:
        self.family, self.child, self.author, self.caregiver = family, child, author, caregiver
        self.zone, self.name = zone, name
        self.number = count()

    def part(
        self,
        session: Session,
        acts: Iterable[Act],
        span_s: tuple[float, float] = (0.0, LENGTH_S),
        said: str = "all",
        **more: object,
    ) -> Iterator[dict[str, object]]:
        """Yield one stretch of the watching of a session: its start, what was coded in it, and its end.

        Parameters: `span_s` from when to when, from the session's start; `said` at the end of the stretch;
        `more` of what the start says, such as the visit that it is a part of.
        """
        start_ms, (from_s, to_s) = _ms(session.began), span_s
        opened_ms = start_ms + round(from_s * 1000)
        ahead = session.began.replace(tzinfo=None) - session.began.astimezone(UTC).replace(tzinfo=None)
        where = {
            "child": str(self.child),
            "instrument": session.instrument,
            "zone": self.zone,
            "utc_offset_min": int(ahead.total_seconds() // 60),
        }
        opening = {"type": "window_start", "mode": "session", "context": "play", "started_ms": opened_ms}
        begun = self._born(opened_ms) | where | opening | more
        yield begun
        inside = [act for act in acts if from_s <= act.at_s <= to_s]
        for act in sorted(inside, key=lambda act: (act.until_s or act.at_s, act.at_s)):
            known_ms = start_ms + round((act.until_s or act.at_s) * 1000)
            yield self._born(known_ms) | where | self._event(act, begun["id"], start_ms, opened_ms)
        yield self.ended(begun, start_ms + round(to_s * 1000), said)

    def ended(self, begun: dict[str, object], ended_ms: int, said: str) -> dict[str, object]:
        """Return the end of a stretch that began so."""
        lasted = ended_ms - int(str(begun["started_ms"]))
        closing = {"type": "window_end", "window": begun["id"], "ended_ms": ended_ms}
        return self._born(ended_ms) | closing | {"elapsed_ms": lasted, "attestation": said}

    def _event(self, act: Act, window: object, start_ms: int, opened_ms: int) -> dict[str, object]:
        """Return what an event says beside its birth and its place."""
        onset = start_ms + round(act.at_s * 1000)
        return {
            "type": "event",
            "window": window,
            "actor": act.actor,
            "code": act.code,
            "onset_ms": onset,
            "offset_ms": None if act.until_s is None else start_ms + round(act.until_s * 1000),
            "elapsed_ms": onset - opened_ms,
            "time_quality": "tapped",
            "caregiver": str(self.caregiver) if act.actor == "caregiver" else None,
        }

    def _born(self, wall_ms: int) -> dict[str, object]:
        ordinal = next(self.number)
        return {
            "id": str(uuid5(NAMESPACE, f"{self.name}/{ordinal}")),
            "family": str(self.family),
            "author": str(self.author),
            "device": str(uuid5(NAMESPACE, f"{self.name}/tablet")),
            "ordinal": ordinal,
            "wall_ms": wall_ms,
            "skew_ms": 0,
        }


def items(
    family: UUID, child: UUID, author: UUID, caregiver: UUID, first_day: date, zone: str, name: str, seed: int
) -> list[dict[str, object]]:
    """Return the five sessions as one member of the household would have coded them, without any visit.

    Parameters: those of `Tablet` and of `sessions`. For visits by an observer see `sample_data.visits`.
    """
    tablet = Tablet(family, child, author, caregiver, zone, name)
    return [item for one in sessions(first_day, zone, seed) for item in tablet.part(one, one.acts)]


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
