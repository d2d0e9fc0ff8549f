"""The form that corrects a moment or takes it back: the old version stays in the history, with the reason."""

from datetime import time
from typing import Any

import pandas as pd
import streamlit as st

from caregiving.day import Moment
from caregiving.localtime import NoSuchTime, instant
from caregiving.screens import _turns
from caregiving.screens._press import once
from caregiving.screens._shell import Shell
from caregiving.words import _

EDITING = "editing"


def form(shell: Shell, moment: Moment, log: pd.DataFrame) -> None:
    """Show the form for one moment, where its line stands."""
    found = log[log["id"] == moment.id]
    if found.empty:
        return
    row = found.iloc[0]
    clock = time.fromisoformat(moment.clock)
    with st.container(border=True):
        st.markdown(f"**{_('Edit')}: {_(moment.label)}, {moment.clock}**")
        _fields(shell, moment, clock)
        save, back, close = st.columns(3)
        arguments: list[Any] = [shell, row.to_dict()]
        wide: dict[str, Any] = {"width": "stretch"}
        save.button(_("Save"), key="correct_save", on_click=once(_save), args=[*arguments, clock], **wide)
        back.button(_("Take it back"), key="correct_void", on_click=once(_void), args=arguments, **wide)
        close.button(_("Leave as it is"), key="correct_leave", on_click=once(_close), **wide)
        if bool(row["in_conflict"]):
            st.warning(
                _(
                    "Two people corrected this moment. Both versions are kept and neither counts in the "
                    "figures; take back the one that is wrong."
                )
            )


def outcome() -> None:
    """Say what became of the last correction."""
    for sentence in _turns.told("correct_trouble", []):
        st.warning(sentence)
    if done := _turns.told("correct_done"):
        st.success(done)


def _close() -> None:
    st.session_state.pop(EDITING, None)


def _fields(shell: Shell, moment: Moment, clock: time) -> None:
    """Ask what it was (of what the same person can show), when, and why it is corrected."""
    names = {b.code: b.label for b in shell.instrument.behaviours if b.who == moment.actor}
    left, right = st.columns(2)
    left.selectbox(
        _("What it was"),
        list(names),
        index=list(names).index(moment.code),
        format_func=lambda code: _(names[code]),
        key=f"correct_code_{moment.id}",
    )
    right.time_input(_("When it was"), value=clock, step=1, key=f"correct_clock_{moment.id}")
    st.text_input(_("Why (kept with the correction)"), key=f"correct_reason_{moment.id}", max_chars=200)


def _next_version(shell: Shell, row: dict[str, Any]) -> dict[str, Any]:
    """Return a new record that says the same as the row and supersedes it."""
    return shell.born() | {
        "supersedes": row["id"],
        "child": row["child"],
        "window": _or_none(row["window"]),
        "instrument": row["instrument"],
        "actor": row["actor"],
        "code": row["code"],
        "onset_ms": int(row["onset_ms"]),
        "offset_ms": None if pd.isna(row["offset_ms"]) else int(row["offset_ms"]),
        "zone": row["zone"],
        "utc_offset_min": int(row["utc_offset_min"]),
        "time_quality": row["time_quality"],
        "latency_low_s": _or_none(row["latency_low_s"]),
        "latency_high_s": _or_none(row["latency_high_s"]),
        "caregiver": _or_none(row["caregiver"]),
    }


def _or_none(value: Any) -> Any:
    return None if pd.isna(value) else value


def _save(shell: Shell, row: dict[str, Any], clock: time) -> None:
    """Store the corrected version."""
    code = st.session_state[f"correct_code_{row['id']}"]
    wanted: time = st.session_state[f"correct_clock_{row['id']}"]
    item = _next_version(shell, row) | {
        "code": code,
        "reason": st.session_state[f"correct_reason_{row['id']}"] or _("corrected"),
    }
    if wanted != clock:
        local = pd.Timestamp(item["onset_ms"], unit="ms", tz=row["zone"])
        try:
            moved, offset = instant(local.date(), wanted, row["zone"], second_time=bool(local.fold))
        except NoSuchTime as reason:
            st.session_state["correct_trouble"] = [str(reason)]
            return
        lasted = None if item["offset_ms"] is None else item["offset_ms"] - item["onset_ms"]
        exact = item["time_quality"] in ("tapped", "adjusted")
        item |= {
            "onset_ms": moved,
            "offset_ms": None if lasted is None else moved + lasted,
            "utc_offset_min": offset,
            "time_quality": "adjusted" if exact else item["time_quality"],
        }
    elif code == row["code"]:
        st.session_state["correct_trouble"] = [_("Nothing was changed, so nothing was stored.")]
        return
    label = _(shell.instrument.behaviour(code).label)
    done = _("Corrected: {what}, {clock}.").format(what=label, clock=f"{wanted:%H:%M:%S}")
    _tell(shell.record(item), done)


def _void(shell: Shell, row: dict[str, Any]) -> None:
    """Take the moment back; it stays in the history."""
    reason = st.session_state[f"correct_reason_{row['id']}"] or _("taken back")
    label = _(shell.instrument.behaviour(row["code"]).label)
    done = _("Taken back: {what}. It stays in the history.").format(what=label)
    _tell(shell.record(_next_version(shell, row) | {"void": True, "reason": reason}), done)


def _tell(trouble: list[str], done: str) -> None:
    st.session_state["correct_trouble"] = trouble
    if not trouble:
        st.session_state["correct_done"] = done
        _close()
