"""The form in which a family agrees to somebody looking in: who, what they may do, what for, until when."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from html import escape
from typing import Any, Final
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import streamlit as st

from caregiving.faults import Refused
from caregiving.people import Consent, Role
from caregiving.screens import _turns
from caregiving.screens._now import now_ms
from caregiving.screens._press import once
from caregiving.screens._share_consent_words import (
    FITTING,
    GRANTS,
    LONGEST_DAYS,
    Asked,
    missing,
    read_back,
    switch_words,
)
from caregiving.screens._shell import Shell
from caregiving.settings import Mode, settings
from caregiving.store import audit, drafts
from caregiving.store.consents import UnknownConsent
from caregiving.store.consents_read import Given
from caregiving.store.people import Member, let_in, visitors
from caregiving.words import _

FORM: Final = "consent"
WHAT: Final = "consent"  # under this word it is kept that somebody was let in
SAID: Final = "share_said"
NEW: Final = "new"
USUAL_DAYS = 12 * 7
LONGEST_NAME, LONGEST_PURPOSE = 80, 200
LAST_SECOND: Final = time(23, 59, 59)
STYLE: Final = """
.st-key-cgconsent_form [data-testid="stCheckbox"] label { min-height: 48px; align-items: center; }
"""
FIELDS: Final = ("who", "name", *GRANTS, "purpose", "until")


def show(shell: Shell, given: list[Given]) -> None:
    """Show the button that opens the form; once it was opened, the form, until it is sent or left."""
    trouble = _turns.told("consent_trouble", [])
    kept = drafts.draft(shell.store, shell.viewer, FORM, family=shell.family)
    if kept is None:
        st.button(_("Let somebody look in"), key="consent_open", on_click=once(begin), args=[shell])
        return
    changed = next((one for one in given if str(one.consent.id) == kept.content.get("replaces")), None)
    _refill(shell, kept.content)
    with st.container(key="cgconsent_form"):
        st.html(f"<style>{STYLE}</style>")
        _fields(shell, changed)
        asked = _asked(shell, changed)
        lacking = missing(asked, _today(shell))
        if lacking:
            _quiet(_("Once it is filled in, the whole of it is read back to you here before you agree."))
        else:
            st.html(f'<div class="cg-card">{escape(read_back(asked))}</div>')
            _notes(asked, given)
        for sentence in trouble:
            st.warning(sentence)
        with st.container(horizontal=True, gap="medium"):
            label = _("I agree to this instead") if changed else _("I agree to this")
            st.button(label, key="consent_give", on_click=once(_give), args=[shell, changed, shell.zone])
            st.button(_("Leave it"), key="consent_leave", on_click=once(_leave), args=[shell])


def begin(shell: Shell, one: Given | None = None, zone: str = "UTC") -> None:
    """Open the form: empty, nothing ticked beforehand, or filled in with a consent that is to be changed."""
    content: dict[str, Any] = {}
    if one is not None:
        scope, until = one.consent.scope, one.consent.valid_until.astimezone(ZoneInfo(zone)).date()
        content = {name: True for name in FITTING.get(one.role, ()) if GRANTS[name] <= scope}
        content |= {
            "replaces": str(one.consent.id),
            "who": str(one.consent.member),
            "purpose": one.consent.purpose,
            "until": until.isoformat(),
        }
    _forget()
    drafts.save_draft(shell.store, shell.viewer, FORM, content, now_ms(), family=shell.family)


def _fields(shell: Shell, changed: Given | None) -> None:
    keep: dict[str, Any] = {"on_change": _keep, "args": [shell]}
    if changed is not None:
        st.subheader(_("What {who} may do").format(who=changed.alias))
        _quiet(_("When you agree, the earlier consent ends at that moment and this one takes its place."))
    else:
        st.subheader(_("Who may look in, and what for?"))
        _who(shell, keep)
    for name in FITTING.get(changed.role if changed else Role.HOME_VISITOR, ()):
        label, opens = switch_words()[name]
        st.toggle(label, key=_key(name), **keep)
        _quiet(opens)
    st.text_input(
        _("What is it for?"),
        key=_key("purpose"),
        max_chars=LONGEST_PURPOSE,
        placeholder=_("for example: home visits in spring"),
        **keep,
    )
    today = _today(shell)
    st.date_input(
        _("Until when, that day included?"),
        min_value=today + timedelta(days=1),
        max_value=today + timedelta(days=LONGEST_DAYS),
        key=_key("until"),
        **keep,
    )


def _who(shell: Shell, keep: dict[str, Any]) -> None:
    """Ask for one of those whom the family knows, or a name."""
    names = {str(one.id): one.alias for one in _known(shell)}
    if names:
        options = {**names, NEW: _("Somebody new")}
        st.pills(_("Who?"), list(options), format_func=lambda one: options[one], key=_key("who"), **keep)
    if not names or st.session_state.get(_key("who")) == NEW:
        st.text_input(_("What are they called?"), key=_key("name"), max_chars=LONGEST_NAME, **keep)


def _notes(asked: Asked, given: list[Given]) -> None:
    """Say what else holds, what the app does not do yet, and where somebody new is found."""
    if asked.replaces is None and any(one.consent.member == asked.who for one in given):
        told = _("{who} has a consent above already. Both would hold; to replace it, press Change there.")
        _quiet(told.format(who=asked.alias))
    if settings().mode is Mode.HOME:
        _quiet(
            _(
                "Visitors have no sign-in of their own yet. When they come, hand this tablet over to them at "
                "the top of the page: it then shows them what you agreed to and nothing else, and your "
                "passphrase brings you back."
            )
        )
    elif asked.who is None:
        _quiet(_("In this demo {who} then stands above, under “Look as”.").format(who=asked.alias))


def _known(shell: Shell) -> tuple[Member, ...]:
    everybody = settings().mode is Mode.DEMO
    return visitors(shell.store, shell.viewer, shell.family, everybody=everybody)


def _asked(shell: Shell, changed: Given | None) -> Asked:
    """Return what stands in the form now."""
    filled = {name: st.session_state.get(_key(name)) for name in FIELDS}
    role = changed.role if changed else Role.HOME_VISITOR
    names = {str(one.id): one.alias for one in _known(shell)}
    chosen = str(filled["who"] or "")
    who, alias = None, ""
    if changed is not None:
        who, alias = changed.consent.member, changed.alias
    elif chosen in names:
        who, alias = UUID(chosen), names[chosen]
    elif chosen == NEW or not names:
        alias = " ".join(str(filled["name"] or "").split())
    until = filled["until"]
    return Asked(
        who,
        alias,
        tuple(name for name in FITTING.get(role, ()) if filled[name]),
        " ".join(str(filled["purpose"] or "").split()),
        until if isinstance(until, date) else None,
        frozenset(name.casefold() for name in names.values()),
        changed.consent.id if changed else None,
    )


def _give(shell: Shell, changed: Given | None, zone: str) -> None:
    """Agree to what stands in the form; or say what is missing, and store nothing."""
    kept = drafts.draft(shell.store, shell.viewer, FORM, family=shell.family)
    if kept is None:  # a second press on a page that was not drawn again yet
        return
    asked, at = _asked(shell, changed), datetime.now(UTC)
    trouble = missing(asked, at.astimezone(ZoneInfo(zone)).date())
    if not trouble:
        try:
            _store(shell, asked, at, zone)
        except Refused as reason:
            trouble = [str(fault) for fault in reason.faults]
        except UnknownConsent:
            trouble = [_("The consent that this was to replace is not there any more. Begin again.")]
    if trouble:
        st.session_state["consent_trouble"] = trouble
        return
    _leave(shell)
    st.session_state[SAID] = _("Agreed. {sentence}").format(sentence=read_back(asked))


def _store(shell: Shell, asked: Asked, at: datetime, zone: str) -> None:
    """Let them in, and keep a note of it: the person, the consent and the end of one it replaces as one."""
    store, viewer, family = shell.store, shell.viewer, shell.family
    if asked.until is None:
        return
    until = datetime.combine(asked.until, LAST_SECOND, ZoneInfo(zone))
    member = asked.who or uuid4()
    newcomer = None if asked.who else Member(id=member, alias=asked.alias, role=Role.HOME_VISITOR)
    consent = Consent(
        id=uuid4(),
        family=family,
        member=member,
        scope=asked.scope,
        purpose=asked.purpose,
        given_by=viewer.member,
        valid_from=at,
        valid_until=until,
    )
    let_in(store, viewer, consent, newcomer=newcomer, replaces=asked.replaces)
    detail: dict[str, Any] = {
        "consent": str(consent.id),
        "to": str(member),
        "scope": sorted(consent.scope),
        "until": asked.until.isoformat(),
        "replaces": None if asked.replaces is None else str(asked.replaces),
    }
    audit.note(store, viewer, family, uuid4(), WHAT, detail, now_ms())


def _leave(shell: Shell) -> None:
    """Put the form away, with what was typed."""
    drafts.drop_draft(shell.store, shell.viewer, FORM, family=shell.family)
    _forget()


def _forget() -> None:
    for name in FIELDS:
        st.session_state.pop(_key(name), None)


def _refill(shell: Shell, content: Mapping[str, Any]) -> None:
    """Put back what was filled in before, also by another page or before the server went away."""
    today = _today(shell)
    first, last = today + timedelta(days=1), today + timedelta(days=LONGEST_DAYS)
    options = {NEW, *(str(one.id) for one in _known(shell))}
    start: dict[str, Any] = {name: bool(content.get(name)) for name in GRANTS}
    start["who"] = content.get("who") if content.get("who") in options else None
    start |= {name: str(content.get(name) or "") for name in ("name", "purpose")}
    start["until"] = min(max(_date(content.get("until")) or today + timedelta(days=USUAL_DAYS), first), last)
    for name, value in start.items():
        st.session_state.setdefault(_key(name), value)
    standing = st.session_state[_key("until")]
    if isinstance(standing, date):  # a page that stays open overnight
        st.session_state[_key("until")] = min(max(standing, first), last)


def _keep(shell: Shell) -> None:
    """Keep the half-filled form in the database; a field that is not on the page now keeps what it held."""
    kept = drafts.draft(shell.store, shell.viewer, FORM, family=shell.family)
    filled = {name: st.session_state[_key(name)] for name in FIELDS if _key(name) in st.session_state}
    dated = {name: value.isoformat() if isinstance(value, date) else value for name, value in filled.items()}
    content = (kept.content if kept else {}) | dated
    drafts.save_draft(shell.store, shell.viewer, FORM, content, now_ms(), family=shell.family)


def _date(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def _today(shell: Shell) -> date:
    return shell.now.astimezone(ZoneInfo(shell.zone)).date()


def _quiet(text: str) -> None:
    st.html(f'<p class="cg-quiet">{escape(text)}</p>')


def _key(field: str) -> str:
    return f"consent_{field}"
