"""What was coded twice in all families that somebody may see, as courses of pairs of observers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from time import perf_counter

import streamlit as st

from caregiving.people import Action
from caregiving.screens._agreement_words import Names
from caregiving.screens._coded_twice import coded_twice
from caregiving.screens._shell import Key, Shell, everybody
from caregiving.store.whole_family import authors
from caregiving.twice import Twice
from caregiving.twice.compare import Compared
from caregiving.twice.drift import Course, drift, shared, tallied
from caregiving.words import _

KEPT, KEPT_COURSES = 512, 32
PATIENCE_S = 0.5  # what takes longer says how far it is
Found = tuple[Compared, ...]


@dataclass(frozen=True)
class Everywhere:
    """The courses over all families, what observers and children are called, and what they rest on."""

    courses: tuple[Course, ...] = ()
    names: Names = field(default_factory=lambda: Names({}))
    children: Mapping[str, str] = field(default_factory=dict)
    n_families: int = 0
    n_sessions: int = 0

    def in_common(self, instrument: str | None = None) -> dict[str, list[Course]]:
        """Return by observer the courses of those who are in several pairs, of one instrument or of any.

        Pairs with somebody without a name are left out: two of them may be the same two people.
        """
        named = [one for one in self.courses if all(name in self.names.known for name in one.observers)]
        return shared(one for one in named if instrument in (None, one.instrument))


def everywhere(shell: Shell) -> Everywhere:
    """Return the courses over every family whose figures this person may see now.

    A family that ended its consent is not read. Where a family does not let somebody see its people, its
    observers have no name and are not taken for those of another family.
    """
    shells = [
        replace(shell, family=family, family_alias=alias, child=child)
        for family, alias, child in everybody(shell.store, shell.viewer)
        if shell.viewer.may(Action.SEE_PATTERNS, family)
    ]
    keys = tuple((one.key, one.may(Action.SEE_PEOPLE)) for one in shells)
    found = _gathered(shells, keys)
    there = {key: one for one, (key, _named), its in zip(shells, keys, found, strict=True) if its}
    return Everywhere(
        courses=_courses(found, keys),
        names=_names(shell, there),
        children={str(one.child.id): one.child.alias for one in shells},
        n_families=len({one.family for one in there.values()}),
        n_sessions=len({one.twice.first.id for its in found for one in its}),
    )


def _names(shell: Shell, shells: Mapping[Key, Shell]) -> Names:
    """Return the aliases of observers, from the families that let this person see who is there."""
    known: dict[str, str] = {}
    for key, one in shells.items():
        if one.may(Action.SEE_PEOPLE):
            known |= _authors(one, key)
    return Names({**known, str(shell.viewer.member): shell.viewer.alias})


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _authors(_shell: Shell, key: Key) -> dict[str, str]:
    """Return who logged or observed for a family; with everything that is stored the key is another one."""
    return authors(_shell.store, _shell.viewer, _shell.family)


def _gathered(shells: Sequence[Shell], keys: Sequence[tuple[Key, bool]]) -> list[Found]:
    """Return what was compared of each child; says how far it is when that takes a while."""
    began, place, found = perf_counter(), st.empty(), []
    for number, (one, (key, named)) in enumerate(zip(shells, keys, strict=True)):
        if perf_counter() - began > PATIENCE_S:
            told = _("Comparing what was coded twice… {n} of {total}").format(n=number, total=len(shells))
            place.progress(number / len(shells), text=told)
        its = _tallied(one, key)
        found.append(its if named else tuple(_unnamed(each, one) for each in its))
    place.empty()
    return found


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _tallied(_shell: Shell, key: Key) -> Found:
    """Return the tallies of what was coded twice of one child. The key names tenant, child and reader."""
    return tuple(tallied(one) for one in coded_twice(_shell).compared)


@st.cache_resource(max_entries=KEPT_COURSES, show_spinner=False)
def _courses(_found: Sequence[Found], keys: tuple[tuple[Key, bool], ...]) -> tuple[Course, ...]:
    """Return the courses of all together, counted once for each state of all logs."""
    return tuple(drift(one for its in _found for one in its))


def _unnamed(one: Compared, shell: Shell) -> Compared:
    """Return a comparison whose observers, but for the one who looks, are told apart in this family only."""

    def coder(name: str) -> str:
        return name if name == str(shell.viewer.member) else f"{shell.family} {name}"

    first, second = (
        replace(session, coder=coder(session.coder)) for session in (one.twice.first, one.twice.second)
    )
    return replace(one, twice=Twice(first, second))
