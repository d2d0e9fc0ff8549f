"""Who may see what, what for and until when; each consent can be changed or ended at once."""

from datetime import UTC, datetime
from html import escape
from typing import Final
from uuid import uuid4
from zoneinfo import ZoneInfo

import streamlit as st
from babel.dates import format_date

from caregiving.people import Action
from caregiving.screens import _share_consent_form as form
from caregiving.screens import _turns
from caregiving.screens._frame import role_word
from caregiving.screens._press import once
from caregiving.screens._share_consent_words import FITTING
from caregiving.screens._shell import Shell
from caregiving.store import audit
from caregiving.store.consents import withdraw_consent
from caregiving.store.consents_read import Given, consents_of
from caregiving.words import _, language, n_

ENDED: Final = "consent_ended"  # under these words it is kept that somebody was shut out again


def show(shell: Shell) -> None:
    """Show every consent that holds, how many have ended, and the way to give one."""
    st.header(_("Who may look in"))
    given = consents_of(shell.store, shell.viewer, shell.family)
    holding = [one for one in given if one.holds(shell.now)]
    if not holding:
        told = _("Nobody outside your household may see anything. It stays so until you agree to it.")
        st.html(f'<p class="cg-quiet">{escape(told)}</p>')
    for one in holding:
        _one(shell, one)
    ended = len(given) - len(holding)
    if ended:
        past = n_("{n} earlier consent has ended.", "{n} earlier consents have ended.", ended)
        st.html(f'<p class="cg-quiet">{escape(past)}</p>')
    if done := _turns.told(form.SAID):  # below the cards, where the buttons are
        st.success(done)
    form.show(shell, holding)


def action_words() -> dict[Action, str]:
    """Return what each thing is called that a family can agree to, as it follows "may"."""
    return {
        Action.SEE_TIMELINE: _("see the timeline with every moment"),
        Action.SEE_PATTERNS: _("see the patterns, the figures and the moments behind them"),
        Action.SEE_PEOPLE: _("see who belongs to the household"),
        Action.SEE_QUALITY: _("see how complete the record is"),
        Action.OBSERVE: _("observe a visit and code it"),
        Action.RATE: _("rate what was observed"),
        Action.KEEP_DRAFT: _("keep half-filled forms about it"),
    }


def _one(shell: Shell, one: Given) -> None:
    """Show one consent, and the ways to change and to end it."""
    with st.container(key=f"cgconsent_{one.consent.id}"):
        st.html(_card(shell, one))
        with st.container(horizontal=True, gap="medium"):
            if one.role in FITTING:
                st.button(
                    _("Change"),
                    key=f"share_change_{one.consent.id}",
                    on_click=once(form.begin),
                    args=[shell, one, shell.zone],
                )
            with st.popover(_("End it now"), key=f"share_end_{one.consent.id}"):
                sure = _("{who} will see nothing of yours from that moment on.")
                if Action.OBSERVE in one.consent.scope:
                    sure = _(
                        "{who} will see nothing of yours from that moment on. What they coded and rated "
                        "stays in your record."
                    )
                st.html(f"<p>{escape(sure.format(who=one.alias))}</p>")
                st.button(
                    _("Yes, end it"),
                    key=f"share_yes_{one.consent.id}",
                    on_click=once(_end),
                    args=[shell, one],
                )


def _card(shell: Shell, one: Given) -> str:
    """Return one consent: who, what, what for, until when."""
    consent, words = one.consent, action_words()
    allowed = [word for action, word in words.items() if action in consent.scope]
    allowed += [str(action).replace("_", " ") for action in sorted(consent.scope - set(words))]
    lines = (
        (_("may"), _(", ").join(allowed)),
        (_("for"), consent.purpose),
        (_("from"), _day(shell, consent.valid_from)),
        (_("until"), _day(shell, consent.valid_until)),
    )
    rows = "".join(
        f'<tr><th scope="row" style="width:7rem">{escape(k)}</th><td>{escape(v)}</td></tr>' for k, v in lines
    )
    who = _("{who}, {role}").format(who=one.alias, role=role_word(one.role))
    return f'<div class="cg-card"><b>{escape(who)}</b><table class="cg-table">{rows}</table></div>'


def _day(shell: Shell, at: datetime) -> str:
    return str(format_date(at.astimezone(ZoneInfo(shell.zone)).date(), "d MMMM y", locale=language()))


def _end(shell: Shell, one: Given) -> None:
    """End a consent at this moment, and keep that it was ended here."""
    at = datetime.now(UTC)
    withdraw_consent(shell.store, shell.viewer, shell.family, one.consent.id, at)
    detail = {"consent": str(one.consent.id), "to": str(one.consent.member)}
    at_ms = int(at.timestamp() * 1000)
    audit.note(shell.store, shell.viewer, shell.family, uuid4(), ENDED, detail, at_ms)
    st.session_state[form.SAID] = _("Ended. {who} sees nothing of yours any more.").format(who=one.alias)
