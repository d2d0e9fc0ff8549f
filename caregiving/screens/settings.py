"""Settings: the language of the pages, and how often a short look is asked for."""

from html import escape

import streamlit as st
from babel.core import Locale

from caregiving import words
from caregiving.people import Role
from caregiving.prompts import BETWEEN, PER_DAY, PREFERENCE, Plan
from caregiving.screens import _fresh, _turns
from caregiving.screens._shell import Shell
from caregiving.store.preferences import prefer, preference
from caregiving.store.upkeep import plan_of
from caregiving.words import _, n_

TITLE, ICON, ORDER = "Settings", ":material/settings:", 95
ROLES = {Role.PARENT, Role.HOME_VISITOR, Role.SUPERVISOR}
ACTION = None
HOURS = "settings_hours"


def show(shell: Shell) -> None:
    st.title(_("How you like it"))
    _language(shell)
    if shell.at_home:
        _prompts(shell)
        if trouble := _turns.told("settings_trouble"):
            st.warning(trouble)
        told = _('Who to call, for the card "I need a moment", is kept under Reflect, in the part Support.')
        st.html(f'<p class="cg-quiet">{escape(told)}</p>')


def _language(shell: Shell) -> None:
    st.subheader(_("Language"))
    known = words.languages()
    st.session_state.setdefault("settings_language", words.language())
    st.pills(
        _("Language"),
        list(known),
        format_func=_named,
        key="settings_language",
        required=True,
        label_visibility="collapsed",
        on_change=_keep,
        args=[shell, "language", "settings_language"],
    )


def _named(language: str) -> str:
    """Return a language's name in that language."""
    name = Locale.parse(language).get_display_name(language) or language
    return name[:1].upper() + name[1:]


def _prompts(shell: Shell) -> None:
    """Ask how often a short look may be asked for: it makes the figures surer, and none is fine as well."""
    st.subheader(_("A short look, now and then"))
    told = _(
        "A few times a day, at a time that nobody can foresee, Today asks for a look of a minute: what is "
        "happening right now? Such looks show the day as it is, also its quiet parts. None is fine as well."
    )
    st.html(f'<p class="cg-quiet">{escape(told)}</p>')
    number = preference(shell.store, shell.viewer, PREFERENCE, 0)
    st.session_state.setdefault("settings_prompts", number)
    st.pills(
        _("Looks a day"),
        [0, *PER_DAY],
        format_func=lambda n: _("none") if n == 0 else n_("{n} a day", "{n} a day", n),
        key="settings_prompts",
        required=True,
        label_visibility="collapsed",
        on_change=_keep_number,
        args=[shell],
    )
    if number:
        _hours(shell)


def _hours(shell: Shell) -> None:
    """Ask between which hours a look may be asked for."""
    plan = plan_of(_between(shell))
    hours = {minute: _clock(minute) for minute in range(0, 27 * 60, 60)}
    st.select_slider(
        _("Between these hours"),
        list(hours),
        value=(plan.from_min, plan.until_min),
        format_func=lambda minute: hours[minute],
        key=_fresh.start(HOURS),
        on_change=_keep_hours,
        args=[shell],
    )


def _between(shell: Shell) -> dict[str, object]:
    """Return the hours that were chosen, if any, as the preference that they are."""
    kept = preference(shell.store, shell.viewer, BETWEEN)
    return {} if kept is None else {BETWEEN: kept}


def _clock(minute: int) -> str:
    return f"{minute // 60 % 24:02d}:00"


def _keep_number(shell: Shell) -> None:
    """Keep how many looks are asked for; or say that the hours have no room for them, and keep the number."""
    _turns.next_turn()
    number = int(st.session_state["settings_prompts"])
    try:
        plan_of(_between(shell) | {PREFERENCE: number})
    except ValueError:
        hours = plan_of(_between(shell))
        st.session_state["settings_prompts"] = preference(shell.store, shell.viewer, PREFERENCE, 0)
        st.session_state["settings_trouble"] = _(
            "Between {first} and {last} there is no room for so many looks. Choose fewer looks or more hours."
        ).format(first=_clock(hours.from_min), last=_clock(hours.until_min))
        return
    prefer(shell.store, shell.viewer, PREFERENCE, number, shell.now_ms)


def _keep_hours(shell: Shell) -> None:
    if _fresh.start(HOURS) not in st.session_state:  # moved on a page that was not drawn again yet
        return
    _turns.next_turn()
    first, last = st.session_state[_fresh.start(HOURS)]
    number = int(st.session_state["settings_prompts"])
    try:
        Plan(number, first, last)
    except ValueError:
        _fresh.empty(HOURS)  # the hours that are kept stand there again
        st.session_state["settings_trouble"] = _("These hours do not leave enough room; choose more of them.")
        return
    prefer(shell.store, shell.viewer, BETWEEN, [first, last], shell.now_ms)


def _keep(shell: Shell, name: str, key: str) -> None:
    prefer(shell.store, shell.viewer, name, st.session_state[key], shell.now_ms)
