"""The form in which a visit is prepared: with what, how long, who is there, and whose session it codes again.

What is chosen is kept in the database at every change, so that it outlives a closed page.
"""

from collections.abc import Sequence
from html import escape
from typing import Any
from uuid import UUID

import streamlit as st

from caregiving.charts import span
from caregiving.people import Action
from caregiving.screens import _fresh
from caregiving.screens import _visit_words as words
from caregiving.screens._now import now_ms
from caregiving.screens._press import once
from caregiving.screens._shell import Shell
from caregiving.screens._visit_fields import DELAY, USUAL_MIN, ask, choices, said
from caregiving.screens._visit_writes import PLANNED, begin, planned_fields
from caregiving.store import drafts
from caregiving.store.preferences import prefer, preference
from caregiving.store.visits import Watched
from caregiving.visits import Progress
from caregiving.windows import COUNTED
from caregiving.words import _

FORM = "visit_plan"
NEW = "new"
FIELDS = ("again", "instrument", *PLANNED)


def show(shell: Shell, known: Sequence[Watched]) -> None:
    """Show the form, filled in as far as somebody came, and the buttons that begin and that clear it."""
    again, tools, options = to_code_again(shell, known), words.tools(), choices(shell)
    _refill(shell, options | {"again": [NEW, *again], "instrument": [*tools]})
    first = _again(shell, again)
    name = first.visit.instrument if first else _instrument(shell, tools)
    _description(name)
    ask(
        shell, planned_fields(name, own=first is None), options, lambda one: _key(shell, one),
        lambda one: {"on_change": _prefer_delay if one == "delay_ms" else _keep, "args": [shell]},
    )  # fmt: skip
    st.button(_("Begin"), key="visit_begin", on_click=once(_begin), args=[shell, again], width="stretch")
    said(_("The way to the coding page comes next. Nothing is watched before you start it there."))
    if _differs(shell) or _kept(shell):
        st.button(_("Start over"), key="visit_over", on_click=once(_clear), args=[shell])


def to_code_again(shell: Shell, known: Sequence[Watched]) -> dict[str, Watched]:
    """Return the sessions of other observers with this child that the one who looks has not coded yet.

    Finished ones are coded from a recording, those that are under way or planned beside the other observer.
    What was discarded or only partly coded, and what codes another session, is left out.
    """
    mine = {one.visit.codes_again for one in known if _is_mine(shell, one)}
    return {
        str(one.visit.sitting): one
        for one in known
        if one.visit.author != shell.viewer.member
        and one.visit.child == shell.child.id
        and one.visit.codes_again is None
        and one.visit.sitting not in mine
        and not words.is_procedure(one.visit.instrument)
        and (one.unfinished or _wholly_coded(one))
    }


def _is_mine(shell: Shell, one: Watched) -> bool:
    return one.visit.author == shell.viewer.member and one.progress is not Progress.DISCARDED


def _wholly_coded(one: Watched) -> bool:
    return one.progress is Progress.FINISHED and all(part.attestation in COUNTED for part in one.parts)


def _again(shell: Shell, again: dict[str, Watched]) -> Watched | None:
    """Let somebody choose a session to code a second time; None for one of their own."""
    if not again:
        return None
    names = {NEW: _("No, a session of its own")} | {key: _session(shell, one) for key, one in again.items()}
    chosen = st.selectbox(
        _("Code a session again?"),
        list(names),
        format_func=names.__getitem__,
        key=_key(shell, "again"),
        filter_mode=None,
        on_change=_keep,
        args=[shell],
    )
    first = again.get(chosen)
    if first is not None:
        said(
            _("You code it beside the other observer, live, without looking at each other's screen.")
            if first.unfinished
            else _("It is finished, so you code it from its recording. Have the recording ready.")
        )
    return first


def _session(shell: Shell, one: Watched) -> str:
    """Return one session as a line to choose."""
    return _("{when}: {title} ({how}), {who}").format(
        when=words.day_and_clock(shell, words.began_ms(one)),
        title=words.title_of(one.visit.instrument),
        how=words.ended_told(one) if one.unfinished else words.length(one.parts),
        who=words.observer(shell, one.visit.author),
    )


def _instrument(shell: Shell, tools: dict[str, words.Tool]) -> str:
    chosen: str = st.selectbox(
        _("What do you want to observe?"),
        list(tools),
        format_func=words.title_of,
        key=_key(shell, "instrument"),
        filter_mode=None,
        on_change=_keep,
        args=[shell],
    )
    return chosen


def _description(name: str) -> None:
    """Show what an instrument is for, and the course of a procedure before it begins."""
    one = words.tool(name)
    if one.description:
        said(_(one.description))
    if words.is_procedure(name):
        course(name)


def course(name: str) -> None:
    """Show the episodes of a procedure, how long each lasts, and when that may change."""
    one = words.tool(name)
    episodes = "".join(
        f'<li style="grid-template-columns:1fr auto"><span>{escape(_(each.label))}</span>'
        f"<time>{escape(span(each.duration_s.value))}</time></li>"
        for each in getattr(one, "episodes", ())
    )
    st.html(f'<ul class="cg-list" style="max-width:32rem">{episodes}</ul>')
    for rule in getattr(one, "timing", ()):
        said(_(rule.label))


def _name(shell: Shell, field: str) -> str:
    return f"visit_{field}_{shell.child.id}"


def _key(shell: Shell, field: str) -> str:
    return _fresh.start(_name(shell, field))


def _kept(shell: Shell) -> dict[str, Any]:
    """Return what was chosen and not sent, if anything."""
    if not shell.may(Action.KEEP_DRAFT):
        return {}
    kept = drafts.draft(shell.store, shell.viewer, FORM, family=shell.family, about=shell.child.id)
    return kept.content if kept else {}


def _refill(shell: Shell, fitting: dict[str, list[Any]]) -> None:
    """Put back what was chosen before the page was closed; what is no longer there is left open.

    A change of a visit's plan that was begun and left (it names its sitting) says nothing about the next one.
    """
    kept = _kept(shell)
    given = {"minutes": USUAL_MIN, "delay_ms": preference(shell.store, shell.viewer, DELAY, 0)}
    if "sitting" not in kept:
        given |= {key: value for key, value in kept.items() if value is not None}
    for field in FIELDS:
        if given.get(field) in fitting[field]:
            st.session_state.setdefault(_key(shell, field), given[field])


def _differs(shell: Shell) -> bool:
    """Tell whether anything is chosen other than usual; the delay always is the observer's last choice."""
    usual = {"again": NEW, "instrument": next(iter(words.tools())), "minutes": USUAL_MIN}
    filled = _filled(shell)
    return any(filled[field] not in (None, usual.get(field)) for field in FIELDS if field != "delay_ms")


def _filled(shell: Shell) -> dict[str, Any]:
    return {field: st.session_state.get(_key(shell, field)) for field in FIELDS}


def _keep(shell: Shell) -> None:
    """Keep the half-filled form, where the family agreed to that; with nothing in it there is none."""
    if not shell.may(Action.KEEP_DRAFT):
        return
    family, child = shell.family, shell.child.id
    if _differs(shell):
        at_ms = now_ms()
        drafts.save_draft(shell.store, shell.viewer, FORM, _filled(shell), at_ms, family=family, about=child)
    else:
        drafts.drop_draft(shell.store, shell.viewer, FORM, family=family, about=child)


def _prefer_delay(shell: Shell) -> None:
    chosen = st.session_state.get(_key(shell, "delay_ms"))
    if chosen is not None:
        prefer(shell.store, shell.viewer, DELAY, chosen, now_ms())
    _keep(shell)


def _begin(shell: Shell, again: dict[str, Watched]) -> None:
    """Plan the visit and empty the form; or say what stands against it and keep everything."""
    given = _filled(shell)
    first = again.get(given["again"] or NEW)
    name = first.visit.instrument if first else given["instrument"]
    if name is None:  # a second press on a page that was not drawn again yet
        return
    if first is None:
        whose = UUID(given["caregiver"]) if given["caregiver"] else None
        chosen = {"minutes": given["minutes"], "context": given["context"], "caregiver": whose}
    else:
        chosen = {what: getattr(first.visit, what) for what in ("minutes", "context", "caregiver")}
        chosen |= {"codes_again": first.visit.sitting, "from_recording": not first.unfinished}
    chosen |= {"instrument": name, "delay_ms": given["delay_ms"] or 0}
    if words.is_procedure(name):  # its episodes say how long it lasts, and nothing in it is tapped
        chosen |= {"minutes": None, "delay_ms": 0}
    trouble = begin(shell, chosen)
    st.session_state["visit_trouble"] = trouble
    if trouble:
        return
    _clear(shell)


def _clear(shell: Shell) -> None:
    """Empty the form, on the page and where it was kept."""
    if shell.may(Action.KEEP_DRAFT):
        drafts.drop_draft(shell.store, shell.viewer, FORM, family=shell.family, about=shell.child.id)
    for field in FIELDS:
        _fresh.empty(_name(shell, field))
