"""Two sessions beside each other: how the time went in both, and what can be counted in each. No winner."""

from html import escape
from typing import Final

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from caregiving.charts.two_budgets import two_budgets, two_budgets_table, two_budgets_told
from caregiving.coded import CodedSession, remarks
from caregiving.coded.looks import Cast
from caregiving.instruments import Instrument, load
from caregiving.people import Role
from caregiving.screens import _session_words as words
from caregiving.screens._coded_twice import standings
from caregiving.screens._figure import block
from caregiving.screens._session_counts import as_table, left_out, methods, rows
from caregiving.screens._session_frames import Known, counted, frames, known_sessions
from caregiving.screens._shell import Key, Shell
from caregiving.sources import source
from caregiving.twice.figures import closed
from caregiving.twice.gates import Standing
from caregiving.words import _

VIEW: Final = "beside"
CHOICE: Final = "choice_beside"


def others(chosen: list[CodedSession], sessions: list[CodedSession]) -> list[CodedSession]:
    """Return the sessions that what was chosen can be laid beside: the others of its instrument."""
    one = chosen[0]
    if len(chosen) > 1 or one.again is not None or not one.usable:
        return []
    fitting = (s for s in sessions if s.instrument == one.instrument and s.usable and s.again is None)
    return [session for session in fitting if session.id != one.id]


def may_compare(shell: Shell) -> bool:
    """Tell whether this reader has the page on which two observers are compared."""
    return shell.viewer.role is Role.HOME_VISITOR


def agreement_link(shell: Shell, chosen: list[CodedSession], known: Known) -> str:
    """Return the way to the comparison of two observers, as HTML; nothing where nobody coded twice."""
    again = [one for one in chosen if one.again is not None] or words.seconds_of(chosen, known.by_id)
    if not again:
        return ""
    names = sorted({known.coders.get(one.coder, _("another observer")) for one in again})
    told = "" if chosen[0].again else _("Coded a second time by {who}.").format(who=_(" and ").join(names))
    link = ""
    if may_compare(shell):
        address = f"/agreement?family={shell.family}"
        link = f' <a href="{address}" target="_self">{escape(_("How well the two agree"))}</a>'
    return f" {escape(told)}{link}"


def cast_of(shell: Shell, events: pd.DataFrame, instrument: Instrument) -> Cast:
    """Return who and what in words."""
    people = shell.caregivers()
    present = [people[name] for name in events["caregiver"].dropna().unique() if name in people]
    grown = present[0] if len(present) == 1 else _("Grown-up")
    labels = {b.code: _(b.label) for b in instrument.behaviours}
    return Cast({"infant": shell.child.alias, "caregiver": grown}, labels)


def show(
    shell: Shell, key: Key, heading: DeltaGenerator, chosen: CodedSession, choices: list[CodedSession]
) -> None:
    """Show the chosen session and another one, the earlier first."""
    other = _choose_other(choices, known_sessions(shell, key))
    pair = sorted((chosen, other), key=lambda session: session.start_ms)
    days = _days(pair)
    known, instrument = known_sessions(shell, key), load(chosen.instrument)
    sides = [counted(shell, key, session.id) for session in pair]
    events = pd.concat([frames(shell, key, (session.id,))[0] for session in pair])
    cast = cast_of(shell, events, instrument)
    with heading:
        st.title(_("{first} beside {second}").format(first=days[0], second=days[1]))
        told = [words.sat(list(pair), cast, known.by_id), _observers(pair, known)]
        told += [remark for session in pair for remark in remarks(session)]
        st.html(f'<p class="cg-quiet">{escape(" ".join(dict.fromkeys(t for t in told if t)))}</p>')
    budgets, gates = (sides[0].budget, sides[1].budget), [_gate(shell, session) for session in pair]
    _quiet(
        _("Upper bar, filled: {first}. Lower bar, outlined: {second}. One scale for both: the share of the "
          "time in which the two could be seen.").format(first=days[0], second=days[1])
    )  # fmt: skip
    block(
        shell,
        f"sessions_{VIEW}",
        "",
        two_budgets(*budgets, cast, shell.colours),
        two_budgets_told(*budgets, cast, days),
        _how(shell, chosen.instrument, methods(sides, gates, days)),
        lambda: two_budgets_table(*budgets, cast, days),
    )
    st.subheader(_("What can be counted in each"))
    st.html(as_table(rows(pair, sides, gates, known.coders), days))
    for sentence in left_out(sides, gates):
        _quiet(sentence)


def _choose_other(choices: list[CodedSession], known: Known) -> CodedSession:
    """Let somebody choose the other session; the choice stands in the address."""
    by_id = {session.id: session for session in choices}
    if st.session_state.get(CHOICE) not in by_id:
        asked = st.query_params.get("with", "")
        st.session_state[CHOICE] = asked if asked in by_id else next(iter(by_id))
    chosen: str = st.selectbox(
        _("Beside which session?"),
        list(by_id),
        format_func=lambda one: words.session_name(by_id[one], known.by_id, known.coders),
        key=CHOICE,
        on_change=_keep,
        filter_mode=None,
    )
    return by_id[chosen]


def _keep() -> None:
    st.query_params["with"] = st.session_state[CHOICE]


def _days(pair: list[CodedSession]) -> tuple[str, str]:
    """Return a name for each of the two: its day, with the time where both are of one day."""
    days = [words.date_of(session.day) for session in pair]
    if days[0] == days[1]:
        days = [f"{day}, {session.began[11:]}" for day, session in zip(days, pair, strict=True)]
    return days[0], days[1]


def _observers(pair: list[CodedSession], known: Known) -> str:
    """Say who coded which, and that two pairs of eyes differ."""
    names = [known.coders.get(session.coder) for session in pair]
    if pair[0].coder == pair[1].coder:
        return _("{who} coded both.").format(who=names[0]) if names[0] else _("The same observer coded both.")
    differ = _("Two observers coded them, so a part of any difference may lie in who looked.")
    if not all(names):
        return differ
    who = _("{who} coded the earlier one, {other} the later one.").format(who=names[0], other=names[1])
    return f"{who} {differ}"


def _gate(shell: Shell, session: CodedSession) -> str | None:
    """Return why figures of a session wait for a second observer, or None when two are known to agree."""
    standing = standings(shell).get(session.instrument, Standing(session.instrument))
    return closed(standing, {session.coder})


def _how(shell: Shell, instrument: str, made: list[str]) -> str:
    """Return what the page rests on, as Markdown; `made`: how each figure that is shown was made."""
    told = _(
        "Shares are of the time in which the two could be seen, in each session. What overlaps counts once."
    )
    cues = _("In the table below, cues of one kind that come close together count as one.")
    lines = [f"{told} {cues}"]
    if made:
        agreed = _("What two observers agree on may be shown: {told}.")
        lines.append(agreed.format(told=standings(shell).get(instrument, Standing(instrument)).sentence))
        lines.append("  \n".join(made))
    keys = ("time_budget", "availability_counts") if made else ("time_budget",)
    lines.append("  \n".join(f"*{source(key).citation} {source(key).caveat}*" for key in keys))
    caveat = _("whether one session went better than the other. Ten minutes are not a day.")
    return "\n\n".join([*lines, _("What it cannot say: {caveat}").format(caveat=caveat)])


def _quiet(text: str) -> None:
    st.html(f'<p class="cg-quiet">{escape(text)}</p>')
