"""The way out that stands on every page of a parent: a moment to breathe, and whom to call."""

import re
from html import escape

import streamlit as st

from caregiving import safety
from caregiving.periods import Period
from caregiving.reflections.contents import Contact
from caregiving.screens._shell import Shell
from caregiving.store import reflections
from caregiving.trends.crying import cry_days
from caregiving.words import _

ASK_HERE = "/reflect?part=support"
NUMBER = re.compile(r"\+?[0-9][0-9 ()/.-]{2,}")
STYLE = """
[data-testid="stPopoverButton"] { min-height: 48px; }
.cg-calm { max-width: 60ch; font-size: 1.1rem; line-height: 1.5; } .cg-calm p { margin: 0 0 8px; }
.cg-calm ol { margin: 0 0 8px; padding-inline-start: 1.6rem; } .cg-calm li { margin: 0 0 6px; }
.cg-calm ul { list-style: none; margin: 0; padding: 0; }
.cg-calm ul li { margin: 0; padding: 4px 0; border-bottom: 1px solid var(--line); }
.cg-calm ul li:last-child { border: 0; }
.cg-calm a { color: var(--caregiver) !important; display: inline-flex; align-items: center;
  min-height: 48px; }
.cg-calm small { color: var(--quiet); font-size: .95rem; }
.cg-breath { height: 168px; display: flex; align-items: center; justify-content: center; gap: 24px; }
.cg-breath i { width: 72px; height: 72px; border-radius: 50%; background: var(--caregiver-soft);
  border: 2px solid var(--caregiver); animation: cg-breath 10s ease-in-out infinite; flex: none; }
.cg-breath span { color: var(--quiet); max-width: 22ch; }
@keyframes cg-breath { 0%, 100% { transform: scale(1); } 40% { transform: scale(2); } }
@media (prefers-reduced-motion: reduce) { .cg-breath i { animation: none; } }
"""


def show(shell: Shell) -> None:
    """Offer the way out. Its content is on the page already, so that it opens without the server."""
    if not shell.at_home:
        return
    with st.popover(_("I need a moment"), key="need_a_moment"):
        st.html(f"<style>{STYLE}</style>{_next_minutes(shell.child.alias)}")
        st.html(f'<div class="cg-calm">{calls(shell)}</div>')
        st.html(_more_help())


def _next_minutes(alias: str) -> str:
    listed = "".join(f"<li>{escape(step)}</li>" for step in safety.steps(alias))
    heavy = _("That sounds heavy. It is all right to put {alias} down safely and breathe.").format(
        alias=alias
    )
    breath = _("Let the circle lead: in while it grows, out while it sinks.")
    return (
        f'<div class="cg-calm"><p><b>{escape(heavy)}</b></p><ol>{listed}</ol>'
        f"<p><b>{escape(safety.never())}</b></p></div>"
        f'<div class="cg-breath"><i aria-hidden="true"></i><span>{escape(breath)}</span></div>'
        f'<div class="cg-calm"><p>{escape(safety.emergency(alias))}</p></div>'
    )


def calls(shell: Shell) -> str:
    """Return the household's own contacts as a list, or where to write them down."""
    found = [one.content for one in reflections.read(shell.store, shell.viewer, shell.family, "contact")]
    known = [one for one in found if isinstance(one, Contact)]
    if not known:
        none_yet = escape(_("Nobody to call is written down yet."))
        add = escape(_("Add somebody you could call"))
        return f'<p>{none_yet} <a href="{ASK_HERE}" target="_self">{add}</a></p>'
    listed = "".join(f"<li>{_contact(one)}</li>" for one in known)
    return f"<p><b>{escape(_('Whom you can call'))}</b></p><ul>{listed}</ul>"


def _contact(one: Contact) -> str:
    """Return one contact; what looks like a number can be called at a tap."""
    reach = escape(one.how_to_reach)
    if NUMBER.fullmatch(one.how_to_reach.strip()):
        digits = re.sub(r"[^0-9+]", "", one.how_to_reach)
        reach = f'<a href="tel:{digits}">{reach}</a>'
    small = f" <small>{escape(one.what_for)}</small>" if one.what_for else ""
    return f"<b>{escape(one.who)}</b>{small}<br>{reach}" if reach else f"<b>{escape(one.who)}</b>{small}"


def _more_help() -> str:
    links = (
        (safety.CRYING, _("Crying that does not stop")),
        (safety.HEALTH, _("I am worried about the baby's health")),
        (safety.UNSAFE, _("I do not feel safe at home")),
        (safety.TALK, _("I am not well myself")),
        (safety.OVERWHELMED, _("More on this")),
    )
    listed = "".join(f"<li>{link(card, words)}</li>" for card, words in links)
    return f'<div class="cg-calm"><p><b>{escape(_("More help"))}</b></p><ul>{listed}</ul></div>'


def link(card: str, words: str) -> str:
    """Return a link to a card of guidance."""
    return f'<a href="/guidance?card={card}" target="_self">{escape(words)}</a>'


def crying(shell: Shell) -> bool:
    """Show the words on much crying when the last week's log gives reason to; tell whether it did.

    Nothing depends on it: the same card is always one tap away in "I need a moment".
    """
    if not shell.at_home:
        return False
    report = shell.report("cry_load", period=Period.last_days(shell.today, safety.OF_DAYS + 1))
    rule = safety.crying_rule(cry_days(report).days, shell.now)
    if rule.opens:
        words = escape(safety.crying_words(rule, shell.child.alias))
        more = link(safety.CRYING, _("When the crying is very much"))
        st.html(f'<style>{STYLE}</style><div class="cg-card cg-calm"><p>{words}</p>{more}</div>')
    return rule.opens
