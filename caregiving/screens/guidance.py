"""Guidance: one small thing to try, why it is shown, and all the cards to look through."""

from html import escape
from urllib.parse import urlencode

import streamlit as st

from caregiving import guidance, safety
from caregiving.guidance import Card
from caregiving.people import Action, Role
from caregiving.periods import Period
from caregiving.report import Report
from caregiving.screens import _change, _check_in, _need_a_moment, _turns
from caregiving.screens._guidance_library import library, origin
from caregiving.screens._guidance_marks import Marks, buttons, mark, marks_of
from caregiving.screens._shell import Shell
from caregiving.trends.crying import cry_days
from caregiving.words import _

TITLE, ICON, ORDER = "Guidance", ":material/lightbulb_2:", 40
ROLES = {Role.PARENT, Role.HOME_VISITOR}
ACTION = None
LATELY_DAYS = 28
READABLE_PX = 640  # about 70 letters a line
KEPT = ("child", "family", "row")  # what a link on this page keeps of its address


def show(shell: Shell) -> None:
    marks = marks_of(shell)
    asked = st.query_params.get("card")
    opened = next((one for one in guidance.all_cards() if one.id == asked), None)
    if opened is None:
        _suggestion(shell, marks)
    else:
        st.title(opened.title)
        _card(shell, opened, marks)
    if told := _turns.told("guidance_done"):
        st.html(f'<p class="cg-quiet" role="status">{escape(told)}</p>')
    _always_here(opened)
    library(shell, marks)


def _suggestion(shell: Shell, marks: Marks) -> None:
    """Show the one card that fits today, and why."""
    report, said = _lately(shell), _opened(shell)
    one = guidance.choose(
        report, {card: mark(text) for card, text in marks.items()}, said, shell.age_weeks, day=shell.today
    )
    if one is None:
        st.title(_("All ideas have had their turn"))
        told = _("You have put every card aside. They stay here, and each can be suggested again.")
        st.html(f'<p class="cg-quiet">{escape(told)}</p>')
        return
    st.title(one.title if one.safety else _("A small thing to try"))
    why = guidance.because(guidance.opened_by(one, report, said), shell.child.alias)
    st.html(f'<p class="cg-quiet">{escape(why)}</p>')
    if not one.safety:
        st.header(one.title)
    _card(shell, one, marks)


def _lately(shell: Shell) -> Report | None:
    """Return the report of the last weeks; None for somebody who may not see patterns."""
    if not shell.may(Action.SEE_PATTERNS):
        return None
    return shell.report(*guidance.READS, period=Period.last_days(shell.today, LATELY_DAYS))


def _opened(shell: Shell) -> frozenset[str]:
    """Return the patterns that are not in the report: what was said, the change of the week, much crying."""
    found = _check_in.opened(shell)
    if not shell.may(Action.SEE_PATTERNS):
        return found
    week = shell.report("cry_load", period=Period.last_days(shell.today, safety.OF_DAYS + 1))
    if safety.crying_rule(cry_days(week).days, shell.now).opens:
        found |= {safety.CRYING_WORRY}
    return found | _change.opened(shell)


def _card(shell: Shell, one: Card, marks: Marks) -> None:
    """Show a card at the top of the page; with one about safety, whom the household can call."""
    with st.container(width=READABLE_PX):
        st.markdown(one.body)
    if one.safety and shell.at_home:
        st.html(
            f'<style>{_need_a_moment.STYLE}</style><div class="cg-calm">{_need_a_moment.calls(shell)}</div>'
        )
    origin(one)
    buttons(shell, one, marks)


def _always_here(opened: Card | None) -> None:
    """Show the way back from a card that was asked for, and to every safety card, whatever the log holds."""
    if opened is not None:
        st.html(f'<nav class="cg-demo">{_link(_address(), _("To the idea of today"))}</nav>')
    cards = sorted(
        (one for one in guidance.all_cards() if one.safety and one != opened),
        key=lambda one: min(map(guidance.PATTERNS.index, one.opens), default=0),
    )
    links = "".join(_link(_address(one.id), one.title) for one in cards)
    st.subheader(_("For hard moments, always here"))
    st.html(f'<nav class="cg-demo" aria-label="{escape(_("For hard moments"))}">{links}</nav>')


def _link(address: str, words: str) -> str:
    return f'<a href="{escape(address)}" target="_self">{escape(words)}</a>'


def _address(name: str | None = None) -> str:
    """Return the address of a card on this page, or of the page without one."""
    kept = {part: value for part in KEPT if (value := st.query_params.get(part))}
    return "/guidance?" + urlencode(kept | ({"card": name} if name else {}))
