"""The indices: one file each, found by themselves. Here are their contract and their register.

An index is a function that names in its arguments what it reads of the Material (`episodes`, `events`,
`windows`, `instrument`, `seed`, `ratings`) and returns a list of Estimates. Fed nothing it returns NaN, n = 0
and the sentence of its gate; it never raises for lack of data and never answers 0 instead.
"""

import importlib
import inspect
import math
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cache

import pandas as pd

from caregiving.frames import EPISODES, ESTIMATES, EVENT_LOG, EVENTS, RATINGS, WINDOWS, empty
from caregiving.instruments import Instrument


@dataclass(frozen=True)
class Estimate:
    """One figure with all that keeps it honest. Never shown without its interval, n, method and source.

    `value`, `low`, `high` are in `unit`; low and high are 95 % limits, NaN where none can be given. `n`
    counts what `method` says. `gate` is None when the minimum of data is met, else a sentence with what is
    lacking.

    >>> Estimate("median", 12.0, 40, unit="s", source="kaplan_meier_1958").shown.value
    12.0
    >>> Estimate(
    ...     "median", 12.0, 9, unit="s", source="kaplan_meier_1958", gate="needs 21 more cues"
    ... ).shown.value
    nan
    """

    measure: str
    value: float
    n: int
    unit: str
    source: str
    low: float = math.nan
    high: float = math.nan
    cue_class: str = "all"
    method: str = ""
    gate: str | None = None

    @property
    def shown(self) -> "Estimate":
        """The estimate as it may be shown: without its figures while its gate is not met."""
        return self if self.gate is None else replace(self, value=math.nan, low=math.nan, high=math.nan)


@dataclass(frozen=True)
class Material:
    """What the indices read. Frames follow the contracts in frames.py."""

    instrument: Instrument
    events: pd.DataFrame = field(default_factory=lambda: empty(EVENTS))
    windows: pd.DataFrame = field(default_factory=lambda: empty(WINDOWS))
    episodes: pd.DataFrame = field(default_factory=lambda: empty(EPISODES))
    ratings: pd.DataFrame = field(default_factory=lambda: empty(RATINGS))
    recalled: pd.DataFrame = field(default_factory=lambda: empty(EVENT_LOG))
    seed: int = 0


IndexFunction = Callable[..., list[Estimate]]


@dataclass(frozen=True)
class Index:
    """An index in the register: what it is called, what it is about, where its definition stands."""

    name: str
    label: str
    unit: str
    source: str
    row: str
    function: IndexFunction

    def estimates(self, material: Material) -> list[Estimate]:
        """Run the index on what it reads of the material."""
        wanted = inspect.signature(self.function).parameters
        return self.function(**{name: getattr(material, name) for name in wanted})


_register: dict[str, Index] = {}


def index(label: str, unit: str, source: str, row: str) -> Callable[[IndexFunction], IndexFunction]:
    """Enter a function in the register and return it unchanged, so that its doctest is still found.

    `row` names the row of the dashboard that it serves: sensitivity, responsiveness, attachment,
    availability, consistency, or context.
    """

    def enter(function: IndexFunction) -> IndexFunction:
        name = function.__name__
        _register[name] = Index(name, label, unit, source, row, function)
        return function

    return enter


@cache
def all_indices() -> dict[str, Index]:
    """Return every index by its name: each file of this folder that holds one is found, without a list."""
    for module in pkgutil.iter_modules(__path__):
        if not module.name.startswith("_"):
            importlib.import_module(f"{__name__}.{module.name}")
    return dict(sorted(_register.items()))


class UnknownIndex(LookupError):
    """An index that is not in the register."""

    def __init__(self, name: str) -> None:
        super().__init__(f'there is no index "{name}"; the known ones are: {", ".join(all_indices())}')


def estimate(material: Material, names: Iterable[str] | None = None) -> list[tuple[Index, Estimate]]:
    """Run the named indices (all when None) and return their estimates, each with its index.

    Raises
    ------
    UnknownIndex
        When a name is not in the register; the message lists the known ones.
    """
    known = all_indices()
    wanted = list(known) if names is None else list(names)
    for name in wanted:
        if name not in known:
            raise UnknownIndex(name)
    return [(known[name], one) for name in wanted for one in known[name].estimates(material)]


def as_frame(results: Iterable[tuple[Index, Estimate]], *, ungated: bool = False) -> pd.DataFrame:
    """Return estimates as an ESTIMATES frame; withheld values are missing unless `ungated`."""
    rows = [
        {
            "index": which.name,
            **{name: getattr(one if ungated else one.shown, name) for name in ESTIMATES if name != "index"},
        }
        for which, one in results
    ]
    return pd.DataFrame(rows, columns=list(ESTIMATES)).astype(
        {name: c.dtype for name, c in ESTIMATES.items()}
    )
