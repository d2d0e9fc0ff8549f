"""The form for a moment that nobody tapped: what, when, and how long the answer took, as one remembers it."""

from collections.abc import Callable
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from caregiving.localtime import NoSuchTime, came_twice, instant
from caregiving.screens import _fresh, _turns
from caregiving.screens._press import once
from caregiving.screens._shell import Shell
from caregiving.store import drafts
from caregiving.words import _

FORM = "remember"
FIELDS = ("what", "day", "clock", "second_time", "answer", "bracket", "who")
NO_ANSWER = "No answer"
WHOSE = "remember_child"


def form(shell: Shell, today: str) -> None:
    if st.session_state.setdefault(WHOSE, shell.child.id) != shell.child.id:  # what was meant for a sibling
        _fresh.empty(FORM)
        st.session_state[WHOSE] = shell.child.id
    _refill(shell)
    instrument = shell.instrument
    cues = {b.code: b.label for b in instrument.behaviours if b.kind == "cue"}
    keep: dict[str, Any] = {"on_change": _keep, "args": [shell]}
    st.pills(_("What did you see?"), list(cues), format_func=lambda c: _(cues[c]), key=_key("what"), **keep)
    left, right = st.columns(2)
    local = shell.now.astimezone(ZoneInfo(shell.zone))
    day = left.date_input(_("Day"), max_value=local.date(), key=_key("day"), **keep)
    clock = right.time_input(_("Time"), step=60, key=_key("clock"), **keep)
    if isinstance(day, date) and isinstance(clock, time) and came_twice(day, clock, shell.zone):
        st.toggle(
            _("The clocks were put back that night: I mean the second time"), key=_key("second_time"), **keep
        )
    brackets = [b.label for b in instrument.recall.brackets] if instrument.recall else []
    st.pills(
        _("When did somebody answer?"), [*brackets, NO_ANSWER], format_func=_, key=_key("bracket"), **keep
    )
    if st.session_state.get(_key("bracket")) not in (None, NO_ANSWER):
        answers = {b.code: b.label for b in instrument.behaviours if b.kind == "response"}
        st.pills(_("How?"), list(answers), format_func=lambda c: _(answers[c]), key=_key("answer"), **keep)
        people = shell.caregivers()
        st.pills(_("Who?"), list(people), format_func=lambda i: people[i], key=_key("who"), **keep)
    st.button(
        _("Add this moment"),
        key="remember_add",
        on_click=once(_add),
        args=[shell, shell.zone],
        width="stretch",
    )
    _tell()


def _tell() -> None:
    """Say what came of the last press, and what remembered moments are used for."""
    for sentence in _turns.told("remember_trouble", []):
        st.warning(sentence)
    if done := _turns.told("remember_done"):
        st.success(done)
    st.caption(
        _(
            "Remembered moments stand on the timeline. The timing figures use tapped moments only, since "
            "memory is no clock. What you fill in here is kept until you add it."
        )
    )


def _key(field: str) -> str:
    return f"{_fresh.start(FORM)}_{field}"


def _refill(shell: Shell) -> None:
    """Put back what was filled in before the page was left or the server went away."""
    if _key("what") in st.session_state:
        return
    local = shell.now.astimezone(ZoneInfo(shell.zone))
    start: dict[str, Any] = dict.fromkeys(FIELDS)
    start |= {"second_time": False, "day": local.date(), "clock": time(local.hour, local.minute)}
    kept = drafts.draft(shell.store, shell.viewer, FORM, about=shell.child.id)
    readers: dict[str, Callable[[str], Any]] = {"day": date.fromisoformat, "clock": time.fromisoformat}
    for field, value in (kept.content if kept else {}).items():
        if field in FIELDS and value is not None:
            read = readers.get(field)
            start[field] = read(value) if read else value
    for field, value in start.items():
        st.session_state[_key(field)] = value


def _filled() -> dict[str, Any]:
    return {field: st.session_state.get(_key(field)) for field in FIELDS}


def _keep(shell: Shell) -> None:
    """Keep the half-filled form in the database."""
    content = {f: v.isoformat() if isinstance(v, date | time) else v for f, v in _filled().items()}
    drafts.save_draft(shell.store, shell.viewer, FORM, content, shell.now_ms, about=shell.child.id)


def _add(shell: Shell, zone: str) -> None:
    """Store the cue and its answer, and empty the form; or say what is missing and keep everything."""
    if _key("what") not in st.session_state:  # a second press on a page that was not drawn again yet
        return
    given = _filled()
    trouble = _missing(given)
    items: list[dict[str, Any]] = []
    if not trouble:
        try:
            items = _items(shell, given, zone)
        except NoSuchTime as reason:
            trouble = [str(reason)]
    if items and items[0]["onset_ms"] > shell.now_ms + 120_000:
        trouble = [_("That time is still to come. Choose one that has passed.")]
    trouble = trouble or shell.record(*items)
    if trouble:
        st.session_state["remember_trouble"] = trouble
        return
    drafts.drop_draft(shell.store, shell.viewer, FORM, about=shell.child.id)
    _fresh.empty(FORM)
    label = _(shell.instrument.behaviour(given["what"]).label)
    st.session_state["remember_done"] = _("Added: {what}, {day}, {clock}.").format(
        what=label, day=f"{given['day'].day} {given['day']:%B}", clock=f"{given['clock']:%H:%M}"
    )


def _missing(given: dict[str, Any]) -> list[str]:
    trouble = []
    if not given["what"]:
        trouble.append(_("Choose what you saw."))
    if not given["bracket"]:
        trouble.append(_("Choose when somebody answered, or that nobody did."))
    elif given["bracket"] != NO_ANSWER and not given["answer"]:
        trouble.append(_("Choose how somebody answered."))
    return trouble


def _items(shell: Shell, given: dict[str, Any], zone: str) -> list[dict[str, Any]]:
    """Return the cue and the answer as records; the cue carries the bracket in which its answer came."""
    at_ms, offset = instant(given["day"], given["clock"], zone, second_time=bool(given["second_time"]))
    place = {"onset_ms": at_ms, "zone": zone, "utc_offset_min": offset, "time_quality": "recalled"}
    brackets = {b.label: b for b in shell.instrument.recall.brackets} if shell.instrument.recall else {}
    cue = shell.born() | place | {"actor": "infant", "code": given["what"]}
    answer = shell.born() | place | {"actor": "caregiver", "modifiers": {"answers": cue["id"]}}
    if given["bracket"] == NO_ANSWER:  # longer than the longest bracket begins, for all one knows
        latest = max((b.low_s for b in brackets.values()), default=None)
        return [cue | {"latency_low_s": latest}, answer | {"code": "none"}]
    chosen = brackets[given["bracket"]]
    came_ms = at_ms + round(chosen.low_s * 1000)
    came = {"onset_ms": came_ms, "code": given["answer"], "caregiver": given["who"]}
    return [cue | {"latency_low_s": chosen.low_s, "latency_high_s": chosen.high_s}, answer | came]
