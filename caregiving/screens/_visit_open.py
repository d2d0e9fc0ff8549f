"""A visit that is not finished: how far it has come, and the ways on: go on, change, end, discard it."""

from html import escape

import streamlit as st

from caregiving.people import Action
from caregiving.screens import _visit_change
from caregiving.screens import _visit_words as words
from caregiving.screens._now import now_ms
from caregiving.screens._press import once
from caregiving.screens._shell import Shell
from caregiving.screens._visit_form import course
from caregiving.screens._visit_writes import end, take_back
from caregiving.store.events import Looking, load
from caregiving.store.visits import Watched
from caregiving.visits import LONGEST_DELAY_MS, Progress
from caregiving.windows import Attestation
from caregiving.words import _

LAST, NOW = "last", "now"


def show(shell: Shell, one: Watched) -> None:
    """Show one's own unfinished visit to the child that is looked at, and what can be done with it."""
    st.subheader(words.title_of(one.visit.instrument))
    _said(plan_told(shell, one))
    if one.parts:
        _said(come_so_far(shell, one))
    if words.is_procedure(one.visit.instrument):
        course(one.visit.instrument)
    word = _("Go on with the coding") if one.parts else _("Open the coding page")
    st.html(f'<a class="cg-big" href="/tap" target="_self">{escape(word)}</a>')
    with st.container(horizontal=True):
        _visit_change.button(shell, one)
        if one.parts:
            with st.popover(_("End it here"), key="visit_end"):
                _end_form(shell, one)
        with st.popover(_("Discard it"), key="visit_discard"):
            _discard_form(shell, one)
    _visit_change.show(shell, one)
    if one.parts:
        _said(_("Taps that the tablet has not sent yet are kept on it and arrive when it is back online."))


def elsewhere(shell: Shell, one: Watched) -> None:
    """Lead to one's own unfinished visit to another child: only one is under way at a time."""
    st.subheader(_("A visit of yours to another child is not finished"))
    _said(
        _("{title}, {when}: {how}. End or discard that one before you prepare the next.").format(
            title=words.title_of(one.visit.instrument),
            when=words.day_and_clock(shell, words.began_ms(one)),
            how=words.ended_told(one),
        )
    )
    where = f"/visit?family={one.visit.family}&amp;child={one.visit.child}"
    st.html(f'<a class="cg-big" href="{where}" target="_self">{escape(_("Look at that visit"))}</a>')


def plan_told(shell: Shell, one: Watched) -> str:
    """Return what is planned, and since when: with what, how long, with whom, and what is taken off."""
    visit = one.visit
    people = shell.caregivers() if shell.may(Action.SEE_PEOPLE) else {}
    told = [
        _("Plan of {when}: {instrument}").format(
            when=words.day_and_clock(shell, visit.at_ms), instrument=visit.instrument
        )
    ]
    if visit.minutes:
        told.append(_("{n} min").format(n=visit.minutes))
    if visit.context:
        told.append(words.context_words()[visit.context])
    if str(visit.caregiver) in people:
        told.append(_("with {who}").format(who=people[str(visit.caregiver)]))
    if visit.delay_ms:
        told.append(_("{n} s taken off every moment").format(n=f"{visit.delay_ms / 1000:g}"))
    if visit.codes_again:
        told.append(
            _("codes a session of another observer again, from its recording")
            if visit.from_recording
            else _("codes a session of another observer again, live")
        )
    return _(", ").join(told) + "."


def come_so_far(shell: Shell, one: Watched) -> str:
    """Return how far a visit has come: how long was watched, in how many parts, the last moment, how many."""
    told = [
        _("Watched {time} {parts}").format(
            time=words.length(one.parts), parts=words.parts_told(len(one.parts))
        )
    ]
    last = _last_ms(one)
    if last is not None:
        told.append(_("last moment {clock}").format(clock=words.clock(shell, last)))
    number = _moments(shell, one)
    if number is not None:
        told.append(words.moments_told(number))
    told.append(_("the last part is still open") if one.progress is Progress.OPEN else _("paused"))
    return _(", ").join(told) + "."


def _last_ms(one: Watched) -> int | None:
    return max((part.last_ms for part in one.parts if part.last_ms is not None), default=None)


def _moments(shell: Shell, one: Watched) -> int | None:
    """Return how many moments of a visit hold; None when this person may not read the log."""
    looks: tuple[Looking, ...] = (Action.SEE_PATTERNS, Action.SEE_TIMELINE)
    looking = next((action for action in looks if shell.may(action)), None)
    if looking is None:
        return None
    start_ms = one.parts[0].started_ms - LONGEST_DELAY_MS
    log = load(shell.store, shell.viewer, shell.family, one.visit.child, start_ms, action=looking)
    return int(log["window"].isin([str(part.window) for part in one.parts]).sum())


def _end_form(shell: Shell, one: Watched) -> None:
    """Ask how complete the coding is and, of a part that still runs, until when was watched."""
    said = words.said_words()
    st.pills(
        _("How many of the moments did you code?"), list(said), format_func=said.__getitem__,
        key="visit_said",
    )  # fmt: skip
    choices = _until(shell, one)
    if choices:
        st.pills(
            _("The last part still runs. Until when did you watch?"), list(choices),
            format_func=choices.__getitem__, key="visit_until",
        )  # fmt: skip
    st.button(_("End the visit"), key="visit_end_yes", on_click=once(_end), args=[shell, one])


def _until(shell: Shell, one: Watched) -> dict[str, str]:
    """Return until when an open part can be said to have been watched; nothing when none is open."""
    still = next((part for part in one.parts if part.ended_ms is None), None)
    if still is None:
        return {}
    last = (
        _("when it began: leave this part out")
        if still.last_ms is None
        else _("the last moment, {clock}").format(clock=words.clock(shell, still.last_ms))
    )
    return {LAST: last, NOW: _("now, {clock}").format(clock=words.clock(shell, shell.now_ms))}


def _discard_form(shell: Shell, one: Watched) -> None:
    sure = (
        _("Nothing of this visit will be used. That it was begun stays on record.")
        if one.parts
        else _("The plan is taken back. Nothing was watched yet.")
    )
    st.html(f"<p>{escape(sure)}</p>")
    st.button(_("Yes, discard it"), key="visit_discard_yes", on_click=once(_discard), args=[shell, one])


def _end(shell: Shell, one: Watched) -> None:
    """End the visit as answered, or say what is still to be answered."""
    said, until = st.session_state.get("visit_said"), st.session_state.get("visit_until")
    if said is None:
        st.session_state["visit_trouble"] = [_("Choose how many of the moments you coded.")]
        return
    if one.progress is Progress.OPEN and until is None:
        st.session_state["visit_trouble"] = [_("Choose until when you watched.")]
        return
    still = next((part for part in one.parts if part.ended_ms is None), None)
    until_ms = now_ms()
    if still is not None and until == LAST:
        until_ms = still.started_ms if still.last_ms is None else still.last_ms
    trouble = end(shell, one, Attestation(said), until_ms)
    _done(shell, one, trouble, _("The visit is ended."))


def _discard(shell: Shell, one: Watched) -> None:
    """Take a plan back, or mark every part of a visit as not to be used."""
    trouble = end(shell, one, Attestation.DISCARDED) if one.parts else take_back(shell, one)
    _done(shell, one, trouble, _("Discarded."))


def _done(shell: Shell, one: Watched, trouble: list[str], done: str) -> None:
    if not trouble:  # a change of its plan that was begun is of no use any more
        _visit_change.leave(shell, one)
    st.session_state["visit_trouble"] = trouble
    st.session_state["visit_done"] = None if trouble else done


def _said(text: str) -> None:
    st.html(f'<p class="cg-quiet">{escape(text)}</p>')
