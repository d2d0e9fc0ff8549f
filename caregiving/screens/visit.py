"""Visit: an observer prepares it, goes on with it or ends it, and writes down what is left to say."""

from html import escape

import streamlit as st

from caregiving.people import Action, Role, require
from caregiving.screens import _turns, _visit_after, _visit_change, _visit_form, _visit_open
from caregiving.screens._shell import Shell
from caregiving.screens._visit_consent import agreed
from caregiving.store import visits
from caregiving.store.visits import Watched
from caregiving.words import _

TITLE, ICON, ORDER = "Visit", ":material/visibility:", 6
ROLES = {Role.HOME_VISITOR}
ACTION = Action.OBSERVE


def show(shell: Shell) -> None:
    require(shell.viewer, ACTION, shell.family)
    mine = visits.mine(shell.store, shell.viewer)
    open_one = mine[0] if mine else None
    st.title(_heading(shell, open_one))
    st.html(f'<p class="cg-quiet">{escape(agreed(shell))}</p>')
    if done := _turns.told("visit_done"):
        st.success(done)
    here = open_one is not None and _is_here(shell, open_one)
    trouble = _turns.told("visit_trouble", [])
    if not here:  # else it stands in the form itself
        trouble = [*trouble, *_turns.told(_visit_change.TROUBLE, [])]
    for sentence in trouble:
        st.warning(sentence)
    known = visits.read(shell.store, shell.viewer, shell.family, shell.child.id)
    asked = st.query_params.get("visit")
    after = _visit_after.finished(shell, known, asked)
    first = open_one is None and after is not None and (bool(asked) or _visit_after.is_fresh(shell, after))
    if after is not None and first:
        _visit_after.show(shell, after, known, first=first)
    if open_one is None:
        st.subheader(_("Prepare a visit"))
        _visit_form.show(shell, known)
    elif _is_here(shell, open_one):
        _visit_open.show(shell, open_one)
    else:
        _visit_open.elsewhere(shell, open_one)
    if after is not None and not first:
        _visit_after.show(shell, after, known, first=first)
    _visit_after.listed(shell, known)


def _heading(shell: Shell, open_one: Watched | None) -> str:
    child = shell.child.alias
    if open_one is None or not _is_here(shell, open_one):
        return _("Visit to {child}").format(child=child)
    if open_one.parts:
        return _("Your visit to {child} is not finished").format(child=child)
    return _("Your visit to {child} is prepared").format(child=child)


def _is_here(shell: Shell, one: Watched) -> bool:
    return (one.visit.family, one.visit.child) == (shell.family, shell.child.id)
