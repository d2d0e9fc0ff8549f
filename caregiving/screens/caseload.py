"""Caseload: every family that lets this visitor in, what its log holds, and what waits. Never a ranking."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from time import perf_counter

import streamlit as st

from caregiving.people import Action, Role
from caregiving.screens._caseload_due import Due, On, about, due
from caregiving.screens._caseload_facts import Facts, facts
from caregiving.screens._caseload_words import STYLE, case, heading
from caregiving.screens._choice import choose
from caregiving.screens._shell import Shell, everybody
from caregiving.store import drafts, visits
from caregiving.store.drafts import Draft
from caregiving.words import _

TITLE, ICON, ORDER = "Caseload", ":material/groups:", 4
OF_ONE_CHILD = False
ROLES = {Role.HOME_VISITOR}
ACTION = None
PATIENCE_S = 0.5  # what takes longer says how far it is


@dataclass(frozen=True)
class Case:
    """One child of one family, what is known of it, and what waits."""

    shell: Shell
    known: Facts
    waiting: tuple[Due, ...]


def show(shell: Shell) -> None:
    top, on = st.container(), On(shell.today, shell.zone)
    cases = _cases(shell, on)
    waiting = [one for one in cases if one.waiting]
    with top:
        st.title(heading(len(cases), len(waiting), cases[0].shell.child.alias if cases else ""))
    shown = cases
    if 0 < len(waiting) < len(cases):
        which = {"all": _("All"), "waiting": _("Only where something waits")}
        shown = waiting if choose(_("Which of them"), "which", which, "all") == "waiting" else cases
    body = "".join(case(one.shell, one.known, one.waiting, on.today) for one in shown)
    st.html(f"<style>{STYLE}</style>{body}")
    if cases:
        told = _(
            "In alphabetical order of the families. These are facts about the logs, nothing is compared."
        )
        st.html(f'<p class="cg-quiet">{escape(told)}</p>')


def _cases(shell: Shell, on: On) -> list[Case]:
    """Return every child whom this person may look at, families in alphabetical order."""
    everyone = sorted(everybody(shell.store, shell.viewer), key=lambda one: (one[1].casefold(), str(one[0])))
    shells = [
        replace(shell, family=family, family_alias=alias, child=child) for family, alias, child in everyone
    ]
    known, mine = _known(shells, on.today), visits.mine(shell.store, shell.viewer)
    return [
        Case(one, its, tuple(due(one, its, mine, _begun(one, shells, known), on)))
        for one, its in zip(shells, known, strict=True)
    ]


def _known(shells: Sequence[Shell], today: str) -> list[Facts]:
    """Return what is known of each child; says how far it is when that takes a while, as after a restart."""
    began, place, found = perf_counter(), st.empty(), []
    for number, one in enumerate(shells):
        if perf_counter() - began > PATIENCE_S:
            told = _("Counting all moments… {n} of {total}").format(n=number, total=len(shells))
            place.progress(number / len(shells), text=told)
        found.append(facts(one, today))
    place.empty()
    return found


def _begun(shell: Shell, shells: Sequence[Shell], known: Sequence[Facts]) -> list[Draft]:
    """Return the half-filled forms about one child; those about nobody stand with the first of a family."""
    if not shell.may(Action.KEEP_DRAFT):
        return []
    family = [(one, its) for one, its in zip(shells, known, strict=True) if one.family == shell.family]
    whose = {one.child.id: one.child.id for one, _its in family}
    for _one, its in family:
        whose |= its.seen.sittings if its.seen else {}
    kept = drafts.drafts_of(shell.store, shell.viewer, shell.family)
    return about(kept, shell.child.id, whose, rest=family[0][0].child.id == shell.child.id)
