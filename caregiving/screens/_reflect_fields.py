"""The fields of one form, and the draft that is kept of them while somebody types."""

from collections.abc import Mapping
from datetime import datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from caregiving.periods import Period
from caregiving.reflections import Reflection
from caregiving.screens._now import now_ms
from caregiving.screens._reflect_content import blank, fields, from_draft, to_draft
from caregiving.screens._reflect_forms import Ask, Form
from caregiving.screens._shell import Shell
from caregiving.store import drafts
from caregiving.words import _

LEVELS = list(range(11))
MOMENTS_OFFERED = 20


def key(slot: str, name: str) -> str:
    """Return the key of a widget: of which form it is, and of which field."""
    return f"reflect_{slot}_{name}"


def new_slot(form: Form) -> str:
    """Return the slot of the form for a new text; a text that is changed has its id for a slot."""
    return f"new_{form.kind}"


def questions(shell: Shell, form: Form, slot: str, old: Reflection | None) -> None:
    """Show every question of the form; whatever is answered is kept as a draft at once."""
    _refill(shell, form, slot, old)
    _ask_each(shell, form, slot, [ask for ask in form.asks if not ask.apart])
    if apart := [ask for ask in form.asks if ask.apart]:
        used = old is not None and any(st.session_state.get(key(slot, ask.name)) for ask in apart)
        with st.expander(_("More, if you like"), expanded=used):
            _ask_each(shell, form, slot, apart)
    if form.kind == "boundary":
        _preview(slot)
    if form.may_share:
        told = _("While this is off, only you can read it.")
        on = _("Let the others in my household read it")
        st.toggle(on, key=key(slot, "shared"), help=told, on_change=keep_draft, args=[shell, form, slot])


def filled(form: Form, slot: str) -> dict[str, Any]:
    """Return what the fields hold, with the share toggle."""
    held = {ask.name: st.session_state.get(key(slot, ask.name)) for ask in form.asks}
    return held | {"shared": bool(form.may_share and st.session_state.get(key(slot, "shared")))}


def fill(form: Form, slot: str, values: Mapping[str, Any]) -> None:
    """Put values into the fields. For callbacks only."""
    for name, value in (empty(form) | dict(values)).items():
        st.session_state[key(slot, name)] = value


def empty(form: Form) -> dict[str, Any]:
    """Return the fields of a form that nobody has touched, with the share toggle."""
    return blank(form) | {"shared": form.shared_first}


def has_draft(shell: Shell, form: Form) -> bool:
    """Tell whether a new text of this kind was begun and not kept."""
    kept = drafts.draft(shell.store, shell.viewer, draft_name(new_slot(form)))
    return kept is not None and empty(form) | from_draft(form, kept.content) != empty(form)


def draft_name(slot: str) -> str:
    """Return the name under which the draft of a form is kept."""
    return f"reflect_{slot}"


def keep_draft(shell: Shell, form: Form, slot: str) -> None:
    """Keep the half-filled form in the database."""
    drafts.save_draft(shell.store, shell.viewer, draft_name(slot), to_draft(filled(form, slot)), now_ms())


def _refill(shell: Shell, form: Form, slot: str, old: Reflection | None) -> None:
    """Put back what was typed before the page was left or the server went away."""
    names = [ask.name for ask in form.asks] + (["shared"] if form.may_share else [])
    if all(key(slot, name) in st.session_state for name in names):
        return
    start = empty(form)
    if old is not None:
        start |= fields(form, old.content) | {"shared": old.shared}
    kept = drafts.draft(shell.store, shell.viewer, draft_name(slot))
    if kept is not None:
        start |= from_draft(form, kept.content)
    for name in names:
        st.session_state.setdefault(key(slot, name), start[name])


def _ask_each(shell: Shell, form: Form, slot: str, asks: list[Ask]) -> None:
    """Show these questions one below the other; one that stands beside another shares its row."""
    right = None
    for ask, following in zip(asks, [*asks[1:], None], strict=True):
        if ask.beside and right is not None:
            with right:
                _ask(shell, form, slot, ask)
            continue
        place = st.container()
        if following is not None and following.beside:
            place, right = st.columns([2, 1])
        with place:
            _ask(shell, form, slot, ask)


def _ask(shell: Shell, form: Form, slot: str, ask: Ask) -> None:
    keep: dict[str, Any] = {
        "on_change": keep_draft,
        "args": [shell, form, slot],
        "key": key(slot, ask.name),
    }
    match ask.how:
        case "words":
            tall = 168 if ask.longest > 2_000 else 98
            st.text_area(ask.label, placeholder=ask.hint, max_chars=ask.longest, height=tall, **keep)
        case "line":
            st.text_input(ask.label, placeholder=ask.hint, max_chars=ask.longest, **keep)
        case "level":
            st.pills(ask.label, LEVELS, **keep)
        case "choice":
            st.pills(ask.label, list(ask.choices), format_func=lambda one: ask.choices[one], **keep)
        case "feeling":
            _ask_feeling(ask, keep)
        case "day":
            st.date_input(ask.label, value=None, format="YYYY-MM-DD", **keep)
        case "moment":
            _ask_moment(shell, ask, keep)


def _ask_feeling(ask: Ask, keep: dict[str, Any]) -> None:
    said = st.session_state.get(keep["key"])
    known = [*ask.choices, *([said] if said and said not in ask.choices else [])]
    hint = _("Choose a word, or write your own")
    st.selectbox(ask.label, known, index=None, placeholder=hint, accept_new_options=True, **keep)


def _ask_moment(shell: Shell, ask: Ask, keep: dict[str, Any]) -> None:
    log = shell.log(period=Period.last_days(shell.today, 2)).tail(MOMENTS_OFFERED).iloc[::-1]
    known = {b.code: b.label for b in shell.instrument.behaviours}
    zone = ZoneInfo(shell.zone)
    clocks = [f"{datetime.fromtimestamp(ms / 1000, zone):%H:%M}" for ms in log["onset_ms"].tolist()]
    labels = [_(known.get(code, code)) for code in log["code"]]
    names = {one: f"{clock} {label}" for one, clock, label in zip(log["id"], clocks, labels, strict=True)}
    chosen = st.session_state.get(keep["key"])
    if chosen and chosen not in names:
        names[chosen] = _("the moment chosen before")
    st.selectbox(
        ask.label,
        list(names),
        index=None,
        format_func=lambda one: names[one],
        placeholder=_("About no one moment") if names else _("Nothing was logged these days"),
        **keep,
    )


def _preview(slot: str) -> None:
    """Show the sentence as it would be said."""
    said = {name: st.session_state.get(key(slot, name)) or "…" for name in ("when", "i_feel", "i_need")}
    sentence = _("When {when}, I feel {i_feel}, and I need {i_need}").format(**said)
    st.html(f'<p class="cg-said" dir="auto">{escape(sentence)}</p>')
