"""The form that corrects a moment or takes it back: the old version stays in the history, with the reason."""

from datetime import time
from typing import Any

import pandas as pd
import streamlit as st

from caregiving.day import Day, Moment
from caregiving.localtime import NoSuchTime, instant
from caregiving.screens._shell import Shell


def form(shell: Shell, day: Day, log: pd.DataFrame) -> None:
    chosen = _choose(day)
    row = log[log["id"] == chosen.id].iloc[0]
    clock = time.fromisoformat(chosen.clock)
    _fields(shell, chosen, clock)
    save, back = st.columns(2)
    save.button(
        "Save the correction",
        key="correct_save",
        on_click=_save,
        args=[shell, row.to_dict(), clock],
        width="stretch",
    )
    back.button(
        "Take this moment back",
        key="correct_void",
        on_click=_void,
        args=[shell, row.to_dict()],
        width="stretch",
    )
    if bool(row["in_conflict"]):
        st.warning(
            "Two people corrected this moment. Both versions are kept and neither counts in the figures; "
            "take back the one that is wrong."
        )
    for sentence in st.session_state.pop("correct_trouble", []):
        st.warning(sentence)
    if done := st.session_state.pop("correct_done", None):
        st.success(done)


def _choose(day: Day) -> Moment:
    """Let somebody choose one moment of the day, the latest first."""
    found = {m.id: m for m in reversed(day.moments)}
    labels = {
        key: f"{m.clock} {m.label}{' (two versions)' if m.in_conflict else ''}" for key, m in found.items()
    }
    chosen: str = st.selectbox(
        "Which moment?", list(labels), format_func=lambda key: labels[key], key=f"correct_which_{day.name}"
    )
    return found[chosen]


def _fields(shell: Shell, chosen: Moment, clock: time) -> None:
    """Ask what it was (of what the same person can show), when, and why it is corrected."""
    names = {b.code: b.label for b in shell.instrument.behaviours if b.who == chosen.actor}
    left, right = st.columns(2)
    left.selectbox(
        "What it was",
        list(names),
        index=list(names).index(chosen.code),
        format_func=lambda code: names[code],
        key=f"correct_code_{chosen.id}",
    )
    right.time_input("When it was", value=clock, step=1, key=f"correct_clock_{chosen.id}")
    st.text_input("Why (kept with the correction)", key=f"correct_reason_{chosen.id}", max_chars=200)


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
        "reason": st.session_state[f"correct_reason_{row['id']}"] or "corrected",
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
        st.session_state["correct_trouble"] = ["Nothing was changed, so nothing was stored."]
        return
    _tell(shell.record(item), f"Corrected: {shell.instrument.behaviour(code).label}, {wanted:%H:%M:%S}.")


def _void(shell: Shell, row: dict[str, Any]) -> None:
    """Take the moment back; it stays in the history."""
    reason = st.session_state[f"correct_reason_{row['id']}"] or "taken back"
    label = shell.instrument.behaviour(row["code"]).label
    _tell(
        shell.record(_next_version(shell, row) | {"void": True, "reason": reason}),
        f"Taken back: {label}. It stays in the history.",
    )


def _tell(trouble: list[str], done: str) -> None:
    st.session_state["correct_trouble"] = trouble
    if not trouble:
        st.session_state["correct_done"] = done
