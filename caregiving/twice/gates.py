"""What the agreement of two observers allows: whether figures of an instrument may be shown, and exported."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from caregiving.agreement.kappa import EXPORT, SHOW, Kappa, kappa
from caregiving.coded import CodedSession
from caregiving.instruments import Instrument
from caregiving.twice.compare import Compared
from caregiving.words import _, n_, right_to_left

Floats = NDArray[np.float64]
How = Literal["time", "events"]
DIRECTIONS: Final = ("a to b", "b to a")
LEFT_TO_RIGHT: Final = "\u200e"
NOTHING_SEEN: Final = ("none", "missing")  # kinds of codes that stand for no behaviour


@dataclass(frozen=True)
class Held:
    """One kappa that figures rest on: whose codes, in seconds or by events, and in which direction."""

    actor: str
    how: How
    direction: str
    kappa: Kappa


@dataclass(frozen=True)
class Standing:
    """How far two observers agreed with an instrument, and what that allows.

    `value`, `low`, `high`: the weakest kappa that its figures rest on, with 95 % limits; NaN without any.
    `weakest`: whose and which one that is. `n_pairs` double codings went in, of `n_twice` of the `n_sessions`
    sessions of this instrument. `observers`: who took part. `too_little`: not yet enough to tell.
    """

    instrument: str
    value: float = math.nan
    low: float = math.nan
    high: float = math.nan
    weakest: Held | None = None
    n_pairs: int = 0
    n_twice: int = 0
    n_sessions: int = 0
    observers: frozenset[str] = field(default_factory=frozenset)
    too_little: bool = True

    @property
    def share(self) -> float:
        """The share of the sessions that were coded twice, 0 to 1; NaN without a session."""
        return self.n_twice / self.n_sessions if self.n_sessions else math.nan

    @property
    def show(self) -> bool:
        """Whether figures may be shown: kappa .60 or more."""
        return not self.too_little and self.value >= SHOW

    @property
    def export(self) -> bool:
        """Whether figures may leave the house: kappa .75 or more."""
        return not self.too_little and self.value >= EXPORT

    @property
    def sentence(self) -> str:
        """What is there, as part of a sentence: fit for a gate, or for the method of a figure."""
        if not self.n_pairs:
            return _("no session was coded by two observers yet")
        times = n_("{n} session", "{n} sessions", self.n_twice)
        if self.too_little:
            told = _(
                "two observers were compared in {times}, which is too little to tell how well they agree"
            )
            return told.format(times=times)
        agreed = _("two observers agreed with kappa {kappa} in {times}")
        told = agreed.format(kappa=said(self.value), times=times)
        if self.show:
            return told
        return _("{told}; {needed} is needed").format(told=told, needed=said(SHOW))


def said(value: float) -> str:
    """Return a kappa as it is written: two digits, more where rounding would lift it over a gate.

    Among letters that run from right to left a mark keeps the point before the digits.

    >>> said(0.7727), said(0.598), said(0.59999), said(-0.05), said(1.0)
    ('.77', '.598', '.599', '−.05', '1.00')
    """
    if math.isnan(value):
        return "–"
    text = f"{value:.2f}"
    if any(value < gate <= float(text) for gate in (SHOW, EXPORT)):
        text = f"{math.floor(value * 1000) / 1000:.3f}"
    text = text.replace("-", "−")
    short = text.replace("0.", ".", 1) if abs(value) < 0.995 else text
    return f"{LEFT_TO_RIGHT}{short}" if right_to_left() else short


def gates(compared: Iterable[Compared], sessions: Iterable[CodedSession]) -> dict[str, Standing]:
    """Return for each instrument among the sessions how far two observers agreed, and what that allows.

    Figures rest on everything that was coded, so the weakest of these kappas decides:

    - for each of the two people of whom the instrument codes states: time-unit kappa at 2 s tolerance, in
      both directions, since the directions differ (Bakeman, Quera and Gnisci 2009);
    - for each of whom it codes points: kappa of aligned events, with what one of them missed as a category
      of its own, since points take hardly any time and missing them hardly moves a kappa in time units.

    Of an instrument that codes both, as they do, both are asked: one time-based and one event-based kappa.
    Over several double codings the tallies are added up and kappa is taken of the sum; the kappas are not
    averaged. Too little: fewer than 50 events, or less than 300 s, in any of them. From .60 on figures are
    shown, from .75 on exported. The limits take tallies as independent, so they are too narrow. A session
    counts once in `n_twice`, however many coded it. `compared` should hold only what is `ready`.

    Example: 100 s in which both had A 40 s, both B 40 s, and 20 s in which they differed (10 s each way) make
    p_o = .80, p_e = .50, kappa = .60: shown, not exported. But 100 s are too little; three such sessions
    (300 s, the same shares) are enough. Source: `bakeman_2009`, `quera_2007`, `fleiss_cohen_everitt_1969`;
    the gates are the product's own.

    Returns: Standing by instrument and version. Kappa in [-1, 1], no unit.
    """
    done = list(compared)
    first = [one for one in sessions if one.again is None]
    names = sorted({one.instrument for one in first} | {one.twice.first.instrument for one in done})
    found = {}
    for name in names:
        mine = [one for one in done if one.twice.first.instrument == name]
        found[name] = standing(name, mine, sum(one.instrument == name for one in first))
    return found


def standing(instrument: str, compared: Sequence[Compared], n_sessions: int) -> Standing:
    """Return the standing of one instrument from its double codings."""
    if not compared:
        return Standing(instrument, n_sessions=n_sessions)
    every = list(held(compared))
    known = [one for one in every if not math.isnan(one.kappa.value)]
    weakest = min(known, key=lambda one: one.kappa.value, default=None)
    return Standing(
        instrument,
        value=weakest.kappa.value if weakest else math.nan,
        low=weakest.kappa.low if weakest else math.nan,
        high=weakest.kappa.high if weakest else math.nan,
        weakest=weakest,
        n_pairs=len(compared),
        n_twice=len({one.twice.first.id for one in compared}),
        n_sessions=n_sessions,
        observers=frozenset(name for one in compared for name in one.twice.observers),
        too_little=not known or any(one.kappa.gate is not None for one in every),
    )


def held(compared: Sequence[Compared]) -> Iterator[Held]:
    """Yield every kappa that figures of double codings with one instrument rest on, tallies added up."""
    instrument = compared[0].together.instrument
    for actor in ("infant", "caregiver"):
        forms = _forms(instrument, actor)
        mine = [one for one in compared if actor in one.by_event]
        if not mine:
            continue
        if "state" in forms:
            for direction in DIRECTIONS:
                yield Held(actor, "time", direction, _in_time(mine, actor, direction))
        if "point" in forms:
            tables = [(one.by_event[actor].labels, one.by_event[actor].table) for one in mine]
            yield Held(actor, "events", "", kappa(pooled(tables)))


def _forms(instrument: Instrument, actor: str) -> set[str]:
    return {b.form for b in instrument.behaviours if b.who == actor and b.kind not in NOTHING_SEEN}


def _in_time(compared: Sequence[Compared], actor: str, direction: str) -> Kappa:
    units = [unit for one in compared for unit in one.unit_kappas(actor) if unit.direction == direction]
    table = pooled((unit.labels, unit.table) for unit in units)
    return kappa(table, watched_s=float(sum(unit.table.sum() * unit.unit_s for unit in units)))


def pooled(tables: Iterable[tuple[Sequence[str], NDArray[np.int64] | Floats]]) -> Floats:
    """Return the sum of square tables of tallies, each with its own labels.

    >>> pooled([(["a", "b"], np.array([[3, 1], [0, 2]])), (["b"], np.array([[5]]))]).tolist()
    [[3.0, 1.0], [0.0, 7.0]]
    """
    every = list(tables)
    names = sorted({label for labels, _table in every for label in labels})
    total = np.zeros((len(names), len(names)))
    for labels, table in every:
        place = [names.index(label) for label in labels]
        total[np.ix_(place, place)] += table
    return total
