"""Sessions: what an observer coded second by second, one picture at a time."""

from collections.abc import Mapping
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from caregiving.coded import CodedSession, remarks
from caregiving.coded.looks import VIEWS, Cast, series, states_of_two
from caregiving.instruments import Instrument, load
from caregiving.people import Action, Role, require
from caregiving.screens import _session_beside as beside
from caregiving.screens import _session_words as words
from caregiving.screens._choice import choose
from caregiving.screens._figure import block
from caregiving.screens._press import once
from caregiving.screens._session_frames import Known, frames, known_sessions, seen
from caregiving.screens._session_how import again, how, observers
from caregiving.screens._session_pictures import Material, picture
from caregiving.screens._shell import Key, Shell
from caregiving.words import _

TITLE, ICON, ORDER = "Sessions", ":material/grid_view:", 50
ROLES = {Role.HOME_VISITOR, Role.PARENT}
ACTION = Action.SEE_PATTERNS
CHOICE = "choice_session"
Choices = dict[str, list[CodedSession]]


def show(shell: Shell) -> None:
    require(shell.viewer, ACTION, shell.family)
    key = shell.key
    known = known_sessions(shell, key)
    choices = _choices(known.sessions)
    if not choices:
        _nothing_yet(shell.child.alias)
        return
    heading = st.container()
    chosen = choices[_choose_session(choices, known)]
    others = beside.others(chosen, known.sessions)
    offered = words.view_names() | ({beside.VIEW: words.beside_name()} if others else {})
    view = choose(_("Which picture"), "view", offered, VIEWS[0])
    if view == beside.VIEW:
        beside.show(shell, key, heading, chosen[0], others)
    else:
        _one_view(shell, key, heading, chosen, view, choices)


def _one_view(
    shell: Shell, key: Key, heading: DeltaGenerator, chosen: list[CodedSession], view: str,
    choices: Choices,
) -> None:  # fmt: skip
    """Show one picture of what was chosen, or what is still needed for it."""
    it, known = _material(shell, key, chosen, view), known_sessions(shell, key)
    usable = all(session.usable for session in chosen)
    result = seen(shell, key, tuple(s.id for s in chosen), view, it.whose, it.of) if usable else {}
    missing = words.lacking(result, view) if usable else None
    drawn = usable and missing is None
    with heading:
        st.title(words.finding(view, result, it.cast) if drawn else words.view_names()[view])
        _about(shell, chosen, it.cast, known)
    if drawn:
        shown = picture(view, result, it, shell.colours)
        block(
            shell, f"sessions_{view}", "", shown.figure, shown.told,
            how(view, result, _checked(shell, chosen, known)), shown.table, shown.moments,
        )  # fmt: skip
    elif missing is not None:
        st.html(f'<p class="cg-quiet">{escape(missing)}</p>')
        _offer_together(choices, chosen)


def _about(shell: Shell, chosen: list[CodedSession], cast: Cast, known: Known) -> None:
    """Say what one looks at, who coded it, and what somebody should know of it."""
    told = [words.sat(chosen, cast, known.by_id), words.by_whom(chosen, known.by_id, known.coders)]
    told += [words.parted(session) for session in chosen]
    told += [remark for session in chosen for remark in remarks(session)]
    lines = " ".join(dict.fromkeys(line for line in told if line))
    st.html(f'<p class="cg-quiet">{escape(lines)}{beside.agreement_link(shell, chosen, known)}</p>')


def _checked(shell: Shell, chosen: list[CodedSession], known: Known) -> str:
    may_compare = beside.may_compare(shell)
    if len(chosen) == 1 and chosen[0].again is not None:
        return again(may_compare=may_compare)
    firsts = {session.again for session in words.seconds_of(chosen, known.by_id)}
    return observers(len(chosen), len(firsts), may_compare=may_compare)


def _nothing_yet(child: str) -> None:
    st.title(_("No session has been coded yet"))
    told = _(
        "A session is about ten minutes in which an observer writes down, moment by moment, what {child} "
        "and a grown-up do. Once a home visitor has coded one, its pictures can be drawn here."
    ).format(child=child)
    st.html(f'<p class="cg-quiet">{escape(told)}</p>')


def _choices(sessions: list[CodedSession]) -> Choices:
    """Return what can be looked at: every session, the newest first, and those of one instrument together.

    A second coding stands below the first one of the same sitting, and is never pooled with it.
    """
    firsts = [session for session in sessions if session.again is None]
    ordered = [one for first in firsts for one in (first, *(s for s in sessions if s.again == first.id))]
    ordered += [session for session in sessions if session not in ordered]
    single = {session.id: [session] for session in ordered}
    together: Choices = {}
    for session in firsts:
        if session.usable:
            together.setdefault(f"all-{session.instrument}", []).append(session)
    return single | {name: several for name, several in together.items() if len(several) > 1}


def _choose_session(choices: Choices, known: Known) -> str:
    """Let somebody choose; the choice stands in the address."""
    names = {
        key: words.session_name(several[0], known.by_id, known.coders)
        if key == several[0].id
        else words.together_name(several)
        for key, several in choices.items()
    }
    if st.session_state.get(CHOICE) not in choices:
        asked = st.query_params.get("session", "")
        st.session_state[CHOICE] = asked if asked in choices else next(iter(choices))
    chosen: str = st.selectbox(
        _("Which session?"),
        list(names),
        format_func=lambda key: names[key],
        key=CHOICE,
        on_change=_keep_choice,
        filter_mode=None,
    )
    return chosen


def _keep_choice() -> None:
    st.query_params["session"] = st.session_state[CHOICE]


def _offer_together(choices: Choices, chosen: list[CodedSession]) -> None:
    """Offer all sessions of the same instrument, where one alone is not enough."""
    together = f"all-{chosen[0].instrument}"
    if len(chosen) == 1 and together in choices:
        label = _("Look at all {n} together").format(n=len(choices[together]))
        st.button(label, key="sessions_together", on_click=once(_go_together), args=[together])


def _go_together(together: str) -> None:
    st.session_state[CHOICE] = together
    _keep_choice()


def _material(shell: Shell, key: Key, chosen: list[CodedSession], view: str) -> Material:
    """Return the frames of the chosen sessions, who and what in words, and what is chosen beside the view."""
    instrument = load(chosen[0].instrument)
    events, windows = frames(shell, key, tuple(session.id for session in chosen))
    cast = beside.cast_of(shell, events, instrument)
    by_id: Mapping[str, CodedSession] = known_sessions(shell, key).by_id
    days = {session.id: words.date_of(words.sitting_of(session, by_id).day) for session in chosen}
    return Material(events, windows, instrument, cast, days, *_chosen_beside(view, instrument, cast))


def _chosen_beside(view: str, instrument: Instrument, cast: Cast) -> tuple[str, str | None]:
    """Let somebody choose whose codes follow each other, or which two records are laid side by side."""
    if view in ("transitions", "lag"):
        whose = {**cast.names, "both": _("Both")}
        usual = "infant" if states_of_two(instrument) else "both"
        return choose(_("Whose moments"), "whose", whose, usual), None
    names = words.series_names(list(series(instrument)), instrument)
    if view == "synchrony" and len(names) > 1:
        return "both", choose(_("Which of their moments"), "of", names, next(iter(names)))
    return "both", None
