"""The ratings on record: when, by whom, with which training, and every answer as it was entered."""

from collections.abc import Sequence
from html import escape
from typing import Any

import streamlit as st

from caregiving.faults import Refused
from caregiving.instruments import ProcedureInstrument
from caregiving.ratings import Rating
from caregiving.screens import _questions, _ratings_form, _turns
from caregiving.screens._press import once
from caregiving.screens._questions import Asked
from caregiving.screens._ratings_visits import Desk
from caregiving.screens._shell import Shell
from caregiving.words import _, n_

OPEN_ONES = 4  # more are folded away


def show(desk: Desk) -> None:
    """Show the ratings about the chosen child, the newest first."""
    shell, found = desk.shell, desk.found
    for told in [_turns.told(key) for key in _said_of_gone(found)]:
        st.success(told)
    if not found:
        told = _("Nothing has been rated about {child} yet, or nothing that was shared with you.")
        st.html(f'<p class="cg-quiet">{escape(told.format(child=shell.child.alias))}</p>')
        return
    for one in found[:OPEN_ONES]:
        _record(desk, one)
    if rest := found[OPEN_ONES:]:
        in_change = any(_in_change(shell, one) for one in rest)
        with st.expander(n_("{n} earlier rating", "{n} earlier ratings", len(rest)), expanded=in_change):
            for one in rest:
                _record(desk, one)


def _record(desk: Desk, one: Rating) -> None:
    shell, form = desk.shell, desk.forms[one.instrument]
    with st.container(key=f"cgrated_{one.id}"):
        if _in_change(shell, one):
            _ratings_form.show(desk, form, one)
            return
        st.html(card(desk, one))
        if told := _turns.told(_ratings_form.said_at(one)):
            st.success(told)
        if one.author == shell.viewer.member:
            _own(shell, one, form)


def _in_change(shell: Shell, one: Rating) -> bool:
    """Tell whether the address asks to change this rating, and whether that is for its author to do."""
    return st.query_params.get("change") == str(one.id) and one.author == shell.viewer.member


def _said_of_gone(found: Sequence[Rating]) -> list[str]:
    """Return the keys of what is to be said of ratings that are no longer there."""
    there = {_ratings_form.said_at(one) for one in found}
    return [key for key in _turns.under("ratings_said_") if key not in there]


def _own(shell: Shell, one: Rating, form: Asked) -> None:
    """Offer to change a rating of one's own, and behind a second question to take it back."""
    with st.container(horizontal=True):
        press: dict[str, Any] = {"on_click": once(_ratings_form.change), "args": [one]}
        st.button(_("Change"), key=f"ratings_change_{one.id}", **press)
        with st.popover(_("Take back"), key=f"ratings_back_{one.id}"):
            st.write(_("It then counts nowhere any more. That it was there is kept in the records."))
            label = _("Yes, take it back")
            st.button(
                label, key=f"ratings_back_yes_{one.id}", on_click=once(_take_back), args=[shell, one, form]
            )


def card(desk: Desk, one: Rating) -> str:
    """Return a rating as HTML: what it is, who made it and how, and every answer in the words of the form."""
    form = desk.forms[one.instrument]
    facts = "".join(f"<li>{escape(line)}</li>" for line in _facts(desk, one, form))
    asked = form.as_form() if isinstance(form, ProcedureInstrument) else form
    rows = "".join(
        f'<tr><th scope="row">{escape(_(item.label))}</th>'
        f'<td dir="auto">{escape(item.said(one.answers[item.code]))}</td></tr>'
        for item in asked.items
        if item.code in one.answers
    )
    lacks = "".join(f'<p class="cg-quiet">{escape(line)}</p>' for line in form.needs.lacking(one.answers))
    title = _("{title}, {when}").format(title=_(form.title), when=desk.moment(one.at_ms))
    return (
        f'<div class="cg-card"><b>{escape(title)}</b><ul class="cg-facts">{facts}</ul>'
        f'<table class="cg-table"><tbody>{rows}</tbody></table>{lacks}</div>'
    )


def _facts(desk: Desk, one: Rating, form: Asked) -> list[str]:
    """Return who rated, with which training, how long was observed, of which visit, and who sees it."""
    told = [_("Rated by {rater}").format(rater=one.rater)]
    if form.needs.certified_when is not None:
        told.append(
            _("Trained and certified, as entered") if one.certified else _("No certified training entered")
        )
    if one.minutes is not None:
        told.append(_("{minutes} min observed").format(minutes=f"{one.minutes:g}"))
    if one.window is not None:
        named = desk.names.get(str(one.window))
        told.append(_("Visit: {visit}").format(visit=named) if named else _("Linked to a visit"))
    own = one.author == desk.shell.viewer.member
    told.append(_only_me(one) if own else _("Shared with you"))
    return told


def _only_me(one: Rating) -> str:
    if one.shared:
        return _("The parents, and professionals that the family agreed to, can see it")
    return _("Only you can see it")


def _take_back(shell: Shell, one: Rating, form: Asked) -> None:
    try:
        _questions.take_back(shell, one)
    except Refused:
        told = _("This was changed on another screen meanwhile. Look at it as it stands now.")
    else:
        _questions.forget(shell, form, about=one.id)
        told = _("Taken back. It counts nowhere any more.")
    if st.query_params.get("change") == str(one.id):
        st.query_params.pop("change", None)
    st.session_state[_ratings_form.said_at(one)] = told
