"""The card sort on the page of ratings: begin or go on, what is on record, and the texts of the cards."""

from datetime import UTC, datetime
from html import escape
from typing import Any, Final
from uuid import uuid4
from zoneinfo import ZoneInfo

import streamlit as st
from babel.dates import format_date

from caregiving.instruments import SortInstrument, load_sort
from caregiving.people import Action
from caregiving.ratings import Rating
from caregiving.screens import _turns
from caregiving.screens._now import now_ms
from caregiving.screens._press import once
from caregiving.screens._shell import Shell
from caregiving.screens._sorts_deck import deck_form
from caregiving.screens._sorts_figures import day_of, figures
from caregiving.store import drafts, ratings
from caregiving.words import _, language

__all__ = ["deck_form", "show"]
INSTRUMENT: Final = "attachment_qsort"
WEEK_DAYS: Final = 6


def show(shell: Shell) -> None:
    """Show the way to the cards, and the sorts on record: with figures only to those who look in."""
    form = load_sort(INSTRUMENT)
    st.header(_("Card sort: Attachment Q-sort"))
    if shell.may(Action.RATE):
        _way_in(shell, form)
    done = [
        one
        for one in ratings.read(shell.store, shell.viewer, shell.family, shell.child.id, INSTRUMENT)
        if one.child == shell.child.id
    ]
    if shell.at_home:
        _only_that_they_are_there(done)
    else:
        figures(form, shell.child.alias, done)
    _take_back(shell, done)
    if not shell.at_home:
        with st.expander(_("The texts of the cards")):
            deck_form(shell)


def _way_in(shell: Shell, form: SortInstrument) -> None:
    """Lead to the cards: to begin, or to go on with what was begun."""
    begun = _begun(shell, form)
    word = _("Go on sorting") if begun else _("Sort the cards about {child}").format(child=shell.child.alias)
    if begun:
        _quiet(told_of(begun, form, shell))
    else:
        _quiet(
            _("{n} cards. Every move is kept, so a sort can be done in several sittings on a tablet.").format(
                n=form.cards
            )
        )
    st.html(f'<a class="cg-big" href="/sort?child={shell.child.id}" target="_self">{escape(word)}</a>')
    if begun:
        with st.popover(_("Discard this sort"), key="sort_discard"):
            st.write(_("The cards laid so far go back into the box. This cannot be undone."))
            st.button(
                _("Yes, discard it"), key="sort_discard_yes", on_click=once(_discard), args=[shell, form]
            )
    if told := _turns.told("sort_told"):
        st.success(told)


def told_of(begun: dict[str, Any], form: SortInstrument, shell: Shell) -> str:
    """Say how far an unfinished sort has come, and when it was begun."""
    piles = begun.get("piles") or {}
    thirds = begun.get("thirds") or {}
    laid, parted = (sum(1 for where in cards.values() if where) for cards in (piles, thirds))
    day = _begun_on(begun.get("began_ms"), shell)
    if parted < form.cards:
        return _("{n} of {total} cards are in the first three piles. Begun {day}.").format(
            n=parted, total=form.cards, day=day
        )
    return _("{n} of {total} cards are laid. Begun {day}.").format(n=laid, total=form.cards, day=day)


def _begun_on(began_ms: object, shell: Shell) -> str:
    """Return the day on which a sort was begun: the name of the day in the last week, then its date."""
    if not isinstance(began_ms, int):
        return _("before today")
    zone = ZoneInfo(shell.zone)
    day = datetime.fromtimestamp(began_ms / 1000, UTC).astimezone(zone).date()
    ago = (shell.now.astimezone(zone).date() - day).days
    if ago <= 0:
        return _("today")
    return str(format_date(day, "EEEE" if ago <= WEEK_DAYS else "d MMMM y", locale=language()))


def _begun(shell: Shell, form: SortInstrument) -> dict[str, Any] | None:
    """Return the viewer's own unfinished sort about this child, if there is one."""
    if not shell.may(Action.KEEP_DRAFT):
        return None
    kept = drafts.draft(
        shell.store, shell.viewer, f"sort_{form.name}", family=shell.family, about=shell.child.id
    )
    return None if kept is None else kept.content


def _discard(shell: Shell, form: SortInstrument) -> None:
    """Throw the unfinished sort away, after the second question; a tablet that holds it is told when."""
    at_ms = now_ms()
    drafts.drop_draft(
        shell.store, shell.viewer, f"sort_{form.name}", family=shell.family, about=shell.child.id, at_ms=at_ms
    )
    st.session_state["sort_told"] = _("The sort was discarded. A new one can be begun.")


def _only_that_they_are_there(done: list[Rating]) -> None:
    """Tell parents that a sort is on record, without a figure."""
    for one in done:
        _quiet(_("On record: a sort of the cards by {who}, {day}.").format(who=one.rater, day=day_of(one)))


def _take_back(shell: Shell, done: list[Rating]) -> None:
    """Offer to take back one's own sorts, behind a second question."""
    for one in done:
        if one.author != shell.viewer.member:
            continue
        label = _("Take back the sort by {who}, {day}").format(who=one.rater, day=day_of(one))
        with st.popover(label, key=f"sort_back_{one.id}"):
            st.write(_("It then counts nowhere any more. That it was there is kept in the records."))
            st.button(
                _("Yes, take it back"), key=f"sort_back_yes_{one.id}", on_click=once(_void), args=[shell, one]
            )


def _void(shell: Shell, one: Rating) -> None:
    """End a sort that its author no longer stands by."""
    at_ms = now_ms()
    end = {"id": uuid4(), "supersedes": one.id, "void": True, "at_ms": at_ms, "written_ms": at_ms}
    ratings.rate(shell.store, shell.viewer, one.model_copy(update=end))
    st.session_state["sort_told"] = _("The sort was taken back.")


def _quiet(text: str) -> None:
    st.html(f'<p class="cg-quiet">{escape(text)}</p>')
