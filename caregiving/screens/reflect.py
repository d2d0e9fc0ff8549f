"""Reflect: what parents write for themselves, one thing at a time, private unless they share it."""

from html import escape

import streamlit as st

from caregiving.people import Action, Role
from caregiving.reflections import Reflection
from caregiving.screens import _check_in, _reflect_again, _reflect_entry, _reflect_fields, _reflect_list
from caregiving.screens._choice import choose
from caregiving.screens._reflect_forms import Form, forms
from caregiving.screens._reflect_words import STYLE
from caregiving.screens._shell import Shell
from caregiving.store import reflections
from caregiving.words import _

TITLE, ICON, ORDER = "Reflect", ":material/edit_note:", 30
ROLES = {Role.PARENT}
ACTION = Action.REFLECT


def show(shell: Shell) -> None:
    st.html(f"<style>{STYLE}</style>")
    names = parts()
    heading = st.empty()
    part = choose(_("Part of this page"), "part", names, "week")
    heading.title(_headings()[part])
    texts = reflections.read(shell.store, shell.viewer, shell.family)
    if part == "week":
        _week(shell, texts)
        return
    _one_kind(shell, _chosen(part), texts)


def parts() -> dict[str, str]:
    """Return the names of the parts of the page, by the word that stands in the address."""
    return {
        "week": _("This week"),
        "journal": _("Journal"),
        "hard": _("Hard moments"),
        "good": _("Good things"),
        "goals": _("Goals"),
        "us": _("Between us"),
        "support": _("Support"),
    }


def _headings() -> dict[str, str]:
    return {
        "week": _("A few minutes for yourself"),
        "journal": _("Write down what stays with you"),
        "hard": _("Hard moments are part of it"),
        "good": _("Good things, kept"),
        "goals": _("One small step at a time"),
        "us": _("What you need from each other"),
        "support": _("Somebody to turn to"),
    }


def _week(shell: Shell, texts: list[Reflection]) -> None:
    _reflect_again.look_again(shell, texts)
    _check_in.show(shell)
    _reflect_again.noted_this_week(shell, texts)


def _chosen(part: str) -> Form:
    """Return the form of the kind that somebody chose, the first one of the part to begin with."""
    known = forms(part)
    first = next(iter(known))
    if len(known) == 1:
        return known[first]
    kinds = {kind: form.name for kind, form in known.items()}
    return known[choose(_("What it is about"), f"of_{part}", kinds, first)]


def _one_kind(shell: Shell, form: Form, texts: list[Reflection]) -> None:
    """Show the form and the list of one kind: what is read most stands first."""
    mine = [text for text in texts if text.kind == form.kind]
    _whose(form)
    if not (form.read_first and mine):
        _reflect_entry.add(shell, form)
        _figures(shell, form, mine)
        _reflect_list.show(shell, form, mine)
        return
    _figures(shell, form, mine)
    _reflect_list.show(shell, form, mine)
    begun = _reflect_fields.has_draft(shell, form)
    with st.expander(_("Add another"), expanded=begun):
        _reflect_entry.add(shell, form)


def _whose(form: Form) -> None:
    """Say who can read what is written here."""
    told = _("Only you can see what you write here.")
    if form.may_share:
        told = _("You choose for each one whether your household may read it. Nobody else can.")
    st.html(f'<p class="cg-quiet">{escape(told)}</p>')


def _figures(shell: Shell, form: Form, texts: list[Reflection]) -> None:
    if form.kind == "stress":
        _reflect_again.tension_so_far(shell, texts)
    if form.kind == "goal":
        _reflect_again.steps_so_far(shell, texts)
