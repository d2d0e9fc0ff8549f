"""Who may see what, what for and until when; each consent can be ended at once."""

from datetime import UTC, datetime
from html import escape
from zoneinfo import ZoneInfo

import streamlit as st
from babel.dates import format_date

from caregiving.people import Action
from caregiving.screens._frame import role_word
from caregiving.screens._shell import Shell
from caregiving.store.consents import withdraw_consent
from caregiving.store.consents_read import Given, consents_of
from caregiving.words import _, language, n_


def show(shell: Shell) -> None:
    """Show every consent that holds, and how many have ended."""
    st.header(_("Who may look in"))
    if done := st.session_state.pop("share_ended", None):
        st.success(done)
    given = consents_of(shell.store, shell.viewer, shell.family)
    holding = [one for one in given if one.holds(shell.now)]
    if not holding:
        told = _("Nobody outside your household may see anything. It stays so until you agree to it.")
        st.html(f'<p class="cg-quiet">{escape(told)}</p>')
    for one in holding:
        with st.container(key=f"cgconsent_{one.consent.id}"):
            st.html(_card(shell, one))
            with st.popover(_("End it now"), key=f"share_end_{one.consent.id}"):
                sure = _("{who} will see nothing of yours from that moment on.")
                st.html(f"<p>{escape(sure.format(who=one.alias))}</p>")
                st.button(
                    _("Yes, end it"), key=f"share_yes_{one.consent.id}", on_click=_end, args=[shell, one]
                )
    ended = len(given) - len(holding)
    if ended:
        past = n_("{n} earlier consent has ended.", "{n} earlier consents have ended.", ended)
        st.html(f'<p class="cg-quiet">{escape(past)}</p>')


def action_words() -> dict[Action, str]:
    """Return what each thing is called that a family can agree to."""
    return {
        Action.SEE_TIMELINE: _("the timeline with every moment"),
        Action.SEE_PATTERNS: _("the patterns and figures"),
        Action.SEE_PEOPLE: _("who belongs to the household"),
        Action.SEE_QUALITY: _("how the record is kept"),
    }


def _card(shell: Shell, one: Given) -> str:
    """Return one consent: who, what, what for, until when."""
    consent, words = one.consent, action_words()
    seen = [words.get(action, str(action).replace("_", " ")) for action in Action if action in consent.scope]
    lines = (
        (_("may see"), _(", ").join(seen)),
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
    """End a consent at this moment."""
    withdraw_consent(shell.store, shell.viewer, shell.family, one.consent.id, datetime.now(UTC))
    st.session_state["share_ended"] = _("Ended. {who} sees nothing of yours any more.").format(who=one.alias)
