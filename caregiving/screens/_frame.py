"""What stands around every page: the look, who is looking, whose day it is."""

from collections.abc import Iterable
from html import escape

import streamlit as st

from caregiving import palette
from caregiving.people import Role, Viewer
from caregiving.screens import _need_a_moment
from caregiving.screens._shell import Shell, everybody
from caregiving.settings import Mode, settings
from caregiving.store.door import at_hand
from caregiving.store.engine import Store, opened
from caregiving.store.people import Member, members
from caregiving.words import _, right_to_left

MOST_CHIPS = 6
RIGHT_TO_LEFT = """
[data-testid="stMain"] { direction: rtl; }
[data-testid="stMain"] :is(h1, h2, h3) { text-align: right; }
"""
LIST_STYLE = """
.cg-list { list-style: none !important; margin: 0 !important; padding: 0 !important; }
.cg-list li { list-style: none; display: grid; grid-template-columns: 5.2rem 1.6rem 1fr; gap: 8px;
  align-items: baseline; padding: 8px 0; border-bottom: 1px solid var(--line); margin: 0 !important; }
.cg-list time { color: var(--quiet); font-variant-numeric: tabular-nums; }
.cg-list i { width: 14px; height: 14px; display: inline-block; }
.cg-list i.baby { background: var(--baby); border-radius: 50%; }
.cg-list i.grown { background: var(--caregiver); border-radius: 3px; }
.cg-list i.hollow { background: transparent; border: 3px solid; }
.cg-list i.baby.hollow { border-color: var(--baby); }
.cg-list i.grown.hollow { border-color: var(--caregiver); }
.cg-list small { color: var(--quiet); font-size: .9rem; }
"""
BUTTON = """
:root { --button: var(--caregiver); --button-ink: var(--ground); }
@media (prefers-color-scheme: dark) {
  :root { --button: var(--caregiver-soft); --button-ink: var(--caregiver); }
}
"""
STYLE = """
[data-testid="stMainBlockContainer"] { padding-top: 4.5rem; padding-bottom: 4rem; max-width: 58rem; }
.cg-demo { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; color: var(--quiet);
  font-size: .9rem; }
.cg-demo a, .cg-demo b { display: inline-flex; align-items: center; min-height: 48px; padding: 0 16px;
  border-radius: 24px; border: 1px solid var(--line); color: var(--ink) !important; text-decoration: none;
  font-weight: 400; }
.cg-demo b { background: var(--caregiver-soft); border-color: var(--caregiver); font-weight: 700; }
.cg-quiet { color: var(--quiet); font-size: .95rem; max-width: 70ch; margin: 0; }
.cg-big { margin-top: 8px; display: flex; align-items: center; justify-content: center; gap: 12px;
  min-height: 72px;
  border-radius: 16px; background: var(--button); color: var(--button-ink) !important; font-size: 1.3rem;
  font-weight: 700; text-decoration: none !important; }
.cg-figures { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 16px; }
.cg-card { background: var(--card); border-radius: 16px; padding: 16px 24px; }
.cg-card .value { font-size: 2rem; font-weight: 700; font-variant-numeric: tabular-nums; line-height: 1.25; }
.cg-card .what { font-size: 1rem; } .cg-card .sure { color: var(--quiet); font-size: .95rem; }
[data-testid="stButtonGroup"] button, [data-testid="stPopoverButton"],
[data-testid="stMain"] [data-testid^="stBaseButton-secondary"],
[data-testid="stExpander"] summary { min-height: 48px; }
[data-testid="stMain"] :is(.cg-row, .cg-list, .cg-change, .cg-quiet, .cg-definition) a {
  color: var(--caregiver) !important; }
.cg-wide { overflow-x: auto; }
.cg-change p { max-width: 60ch; font-size: 1.1rem; margin: 0 0 8px; } .cg-change { margin: 0 0 16px; }
.cg-change summary { cursor: pointer; min-height: 48px; display: flex; align-items: center;
  color: var(--caregiver); }
.cg-table { border-collapse: collapse; width: 100%; font-size: .95rem; }
.cg-table th, .cg-table td { text-align: left; font-weight: 400; padding: 8px 16px 8px 0; vertical-align: top;
  border: 0; border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; }
.cg-table thead th { color: var(--quiet); } .cg-needs { color: var(--quiet); }
.cg-definition { max-width: 75ch; } .cg-definition p { margin: 0 0 8px; }
.cg-definition code, .cg-sources code { font-size: .9em; color: var(--quiet); background: none; padding: 0; }
.cg-sources li { margin: 0 0 12px; max-width: 75ch; }
.st-key-news { position: absolute; }
.cg-card.needs .value { font-size: 1.1rem; font-weight: 400; }
"""


def role_word(role: Role) -> str:
    """Return what a role is called."""
    return {
        Role.PARENT: _("parent"),
        Role.HOME_VISITOR: _("home visitor"),
        Role.SUPERVISOR: _("supervisor"),
    }[role]


def style() -> None:
    """Give the page its colours and the few forms that Streamlit does not have; at night no bright areas.

    Day and night are told apart by the browser, so that words stay readable at the very moment of dusk.
    """
    direction = RIGHT_TO_LEFT if right_to_left() else ""
    st.html(f"<style>{palette.css()} {BUTTON} {STYLE} {LIST_STYLE} {direction}</style>")


def head(shell: Shell, *, of_one_child: bool = True) -> None:
    """Show, in the demo, through whose eyes one looks; and whose family it is, to somebody from outside."""
    style()
    if settings().mode is Mode.DEMO:
        _switch(shell.viewer, _people(shell.store))
    else:
        _household(shell)
    _need_a_moment.show(shell)
    if not of_one_child:
        return
    _children(shell)
    if shell.viewer.role is not Role.PARENT:
        told = _("{family}, as they agreed to share it with you.").format(family=shell.family_alias)
        st.html(f'<p class="cg-quiet">{escape(told)}</p>')


def _children(shell: Shell) -> None:
    """Let somebody who may look at several children choose one; without a choice nothing is shown.

    A long list is no help on every page: whoever has one goes by the Caseload page.
    """
    known = everybody(shell.store, shell.viewer)
    if not 2 <= len(known) <= MOST_CHIPS:
        return
    several = len({family for family, _alias, _child in known}) > 1
    chips = []
    for family, alias, child in known:
        name = escape(f"{child.alias} · {alias}" if several else child.alias)
        here = child.id == shell.child.id
        chips.append(
            f'<b aria-current="true">{name}</b>'
            if here
            else f'<a href="?family={family}&amp;child={child.id}" target="_self">{name}</a>'
        )
    st.html(f'<nav class="cg-demo" aria-label="{_("Which child")}">{"".join(chips)}</nav>')


def _people(store: Store) -> list[Member]:
    """Return the invented people, the parents first."""
    return sorted(members(store), key=lambda m: (m.role is not Role.PARENT, m.alias))


def _switch(viewer: Viewer, people: Iterable[Member]) -> None:
    chips = "".join(
        f'<b aria-current="true">{escape(p.alias)}, {role_word(p.role)}</b>'
        if p.id == viewer.member
        else f'<a href="/be/{p.id}" target="_self">{escape(p.alias)}, {role_word(p.role)}</a>'
        for p in people
    )
    lead = _("Invented family. Look as")
    st.html(f'<nav class="cg-demo" aria-label="{_("Look as")}">{lead} {chips}</nav>')


def foot() -> None:
    """Say on every page what the figures are and are not."""
    st.html(
        f'<p class="cg-quiet" style="margin-top:32px">'
        f"{_('This describes logged moments. It is not a diagnosis and not a grade.')}</p>"
    )


def _household(shell: Shell) -> None:
    """Let the people of one household hand the tablet over to each other and to visitors, and sign out."""
    here = at_hand(shell.store, shell.viewer)
    chips = "".join(
        f'<b aria-current="true">{_called(p)}</b>'
        if p.id == shell.viewer.member
        else f'<a href="/be/{p.id}" target="_self">{_called(p)}</a>'
        for p in here
    )
    if not here:  # a visitor: the way back into the household is its passphrase
        chips = f'<b aria-current="true">{escape(shell.viewer.alias)}, {role_word(shell.viewer.role)}</b>'
    last = _("Sign out") if here else _("Give the tablet back")
    out = f'<a href="/leave" target="_self">{last}</a>'
    st.html(f'<nav class="cg-demo" aria-label="{_("Who is here")}">{chips}{out}</nav>')


def _called(one: Member) -> str:
    """Return how somebody is named on the chip that hands over to them."""
    named = escape(one.alias)
    return named if one.role is Role.PARENT else f"{named}, {role_word(one.role)}"


def nobody(mode: Mode) -> None:
    """Tell somebody who has not signed in where the door is."""
    style()
    st.title(_("Welcome back"))
    if mode is Mode.HOME:
        st.html(f'<a class="cg-big" href="/enter" target="_self">{_("Sign in")}</a>')
    st.html(f'<p class="cg-quiet">{_("Nothing can be seen here before somebody has signed in.")}</p>')


def nothing_to_see(viewer: Viewer, *, demo: bool) -> None:
    """Tell somebody who may see no family why that is."""
    style()
    if demo:
        _switch(viewer, _people(opened(settings().database)))
    st.header(_("No family has shared its log with you"))
    st.html(
        '<p class="cg-quiet">'
        + _("A family agrees to that itself, for a purpose and for a time. When it does, it appears here.")
        + "</p>"
    )
