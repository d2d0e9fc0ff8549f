"""Visits to an invented household: what an observer planned, and what her tablet sent.

Nobody here is real. Noor codes the five sessions of play from life, one of them with a break. Ines codes two
of them again, from a recording, a day later.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Final
from uuid import UUID, uuid5

from caregiving.visits import Visit
from sample_data.play import LENGTH_S, NAMESPACE, Act, Session, Tablet, sessions
from sample_data.second_look import Errors, coded_again

WITH_A_BREAK, AGAIN = 2, (3, 4)  # places of sessions
BREAK_FROM_S, AWAY_S, QUIET_S = 240.0, 90.0, 5.0
STOPPED_S = 250.0
PREPARED: Final = timedelta(minutes=5)
DESK: Final = timedelta(days=1, hours=3)  # after the session
VOICES = ("vocalise", "speech", "cry")


@dataclass(frozen=True)
class Called:
    """One visit: its plan, and everything that was sent from it, in order."""

    plan: Visit
    items: tuple[dict[str, object], ...]


@dataclass(frozen=True)
class Visited:
    """Who is visited: a child, with the caregiver who plays; `name` makes the ids of what is sent."""

    family: UUID
    child: UUID
    caregiver: UUID
    zone: str
    name: str
    first_day: date

    def sitting(self, place: int, who: str) -> UUID:
        """Return the id of the visit by somebody to a session."""
        return uuid5(NAMESPACE, f"{self.name}/{who}/visit {place}")

    def plan(self, session: Session, author: UUID, who: str, **more: object) -> Visit:
        """Return the plan of a visit, made a few minutes before it began."""
        ahead = session.began.replace(tzinfo=None) - session.began.astimezone(UTC).replace(tzinfo=None)
        usual = {
            "id": uuid5(NAMESPACE, f"{self.name}/{who}/plan {session.place}"),
            "sitting": self.sitting(session.place, who),
            "family": self.family,
            "child": self.child,
            "author": author,
            "instrument": session.instrument,
            "minutes": 10,
            "context": "play",
            "caregiver": self.caregiver,
            "at_ms": int((session.began - PREPARED).timestamp() * 1000),
            "utc_offset_min": int(ahead.total_seconds() // 60),
        }
        return Visit.model_validate(usual | more)

    def tablet(self, author: UUID, who: str) -> Tablet:
        """Return the tablet of an observer."""
        return Tablet(self.family, self.child, author, self.caregiver, self.zone, f"{self.name}/{who}")


def visits(home: Visited, noor: UUID, ines: UUID, seed: int, days: int) -> Iterator[Called]:
    """Yield the visits of the days that were logged, in the order in which they were planned."""
    first, second = home.tablet(noor, "noor"), home.tablet(ines, "ines")
    called: list[Called] = []
    for session in sessions(home.first_day, home.zone, seed):
        if session.day >= days:
            continue
        called.append(_from_life(home, session, first, noor))
        if session.place in AGAIN and session.day + 1 < days:
            called.append(_from_a_recording(home, session, second, ines, seed))
    yield from sorted(called, key=lambda one: one.plan.at_ms)


def _from_life(home: Visited, session: Session, tablet: Tablet, noor: UUID) -> Called:
    """Return a visit by Noor; in one of them the child's nappy has to be changed in between."""
    plan, at_s = home.plan(session, noor, "noor"), quiet_moment(session.acts)
    if session.place != WITH_A_BREAK:
        return Called(plan, tuple(tablet.part(session, session.acts, sitting=str(plan.sitting))))
    acts = interrupted(session.acts, at_s, AWAY_S)
    spans = ((0.0, at_s), (at_s + AWAY_S, LENGTH_S + AWAY_S))
    sent = [[*tablet.part(session, acts, span, "paused", sitting=str(plan.sitting))] for span in spans]
    last = [tablet.ended(part[0], int(str(part[-1]["ended_ms"])), "all") for part in sent]
    return Called(plan, (*sent[0], *sent[1], *last))


def _from_a_recording(home: Visited, session: Session, tablet: Tablet, ines: UUID, seed: int) -> Called:
    """Return how Ines codes the same session again at her desk: her clock shows the next day."""
    later = replace(session, began=session.began + DESK)
    dice, sounds = Random(f"{seed} {session.place} again"), session.instrument.startswith("free_play")
    acts = coded_again(session.acts, Errors(), dice, sounds=sounds)
    first = home.sitting(session.place, "noor")
    plan = home.plan(later, ines, "ines", codes_again=first, from_recording=True)
    return Called(plan, tuple(tablet.part(later, acts, sitting=str(plan.sitting))))


def unfinished(home: Visited, noor: UUID, began: datetime, seed: int) -> Called:
    """Return a visit that was paused after a few minutes and waits to be gone on with, or ended."""
    play = next(one for one in sessions(home.first_day, home.zone, seed) if "free_play" in one.instrument)
    session = replace(play, began=began)
    plan = home.plan(session, noor, "noor")
    acts = interrupted(session.acts, STOPPED_S, AWAY_S)
    tablet = home.tablet(noor, "noor")
    part = tablet.part(session, acts, (0.0, STOPPED_S), "paused", sitting=str(plan.sitting))
    return Called(plan, tuple(part))


def quiet_moment(acts: Iterable[Act], after_s: float = BREAK_FROM_S) -> float:
    """Return a moment in the middle of the first silence of more than five seconds after so many seconds."""
    until = after_s
    for voice in sorted((act for act in acts if act.code in VOICES), key=lambda act: act.at_s):
        if voice.at_s > until + QUIET_S:
            return (until + voice.at_s) / 2
        until = max(until, voice.until_s or voice.at_s)
    return until


def interrupted(acts: Iterable[Act], at_s: float, away_s: float) -> list[Act]:
    """Return what there was to see when the two were away for a while in the middle of it.

    What goes on at the break ends there, and begins again when it is over.

    >>> acts = interrupted([Act(1, "infant", "gaze", 5), Act(4, "infant", "smile")], at_s=3, away_s=60)
    >>> [(act.code, act.at_s, act.until_s) for act in acts]
    [('gaze', 1, 3), ('gaze', 63, 65), ('smile', 64, None)]
    """
    found = []
    for act in acts:
        until = None if act.until_s is None else act.until_s + away_s
        if act.at_s >= at_s:
            found.append(replace(act, at_s=act.at_s + away_s, until_s=until))
        elif act.until_s is None or act.until_s <= at_s:
            found.append(act)
        else:
            found += [replace(act, until_s=at_s), replace(act, at_s=at_s + away_s, until_s=until)]
    return found
