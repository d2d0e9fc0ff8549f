"""Sessions: what an observer coded second by second, one picture at a time."""

from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from caregiving.coded import CodedSession, coded_sessions, frames_together, remarks
from caregiving.coded.looks import VIEWS, Cast, look, series, states_of_two
from caregiving.instruments import Instrument, load
from caregiving.people import Action, Role, require
from caregiving.screens import _session_words as words
from caregiving.screens._choice import choose
from caregiving.screens._figure import block
from caregiving.screens._session_how import how
from caregiving.screens._session_pictures import Material, picture
from caregiving.screens._shell import Key, Shell
from caregiving.words import _

TITLE, ICON, ORDER = "Sessions", ":material/grid_view:", 50
ROLES = {Role.HOME_VISITOR, Role.PARENT}
ACTION = Action.SEE_PATTERNS
KEPT, CHOICE = 64, "choice_session"
Choices = dict[str, list[CodedSession]]
Frames = tuple[pd.DataFrame, pd.DataFrame]


def show(shell: Shell) -> None:
    require(shell.viewer, ACTION, shell.family)
    key = shell.key
    choices = _choices(_coded(shell, key)[0])
    if not choices:
        _nothing_yet(shell.child.alias)
        return
    heading = st.container()
    chosen = choices[_choose_session(choices)]
    view = choose(_("Which picture"), "view", words.view_names(), VIEWS[0])
    it = _material(shell, key, chosen, view)
    usable = all(session.usable for session in chosen)
    result = _seen(shell, key, tuple(s.id for s in chosen), view, it.whose, it.of) if usable else {}
    missing = words.lacking(result, view) if usable else None
    with heading:
        drawn = usable and missing is None
        st.title(words.finding(view, result, it.cast) if drawn else words.view_names()[view])
        told = [words.sat(chosen, it.cast), *(r for s in chosen for r in remarks(s))]
        st.html(f'<p class="cg-quiet">{escape(" ".join(dict.fromkeys(told)))}</p>')
    if drawn:
        shown = picture(view, result, it, shell.colours)
        block(
            shell, f"sessions_{view}", "", shown.figure, shown.told, how(view, result), shown.table,
            shown.moments,
        )  # fmt: skip
    elif missing is not None:
        st.html(f'<p class="cg-quiet">{escape(missing)}</p>')
        _offer_together(choices, chosen)


def _nothing_yet(child: str) -> None:
    st.title(_("No session has been coded yet"))
    told = _(
        "A session is about ten minutes in which an observer writes down, moment by moment, what {child} "
        "and a grown-up do. Once a home visitor has coded one, its pictures can be drawn here."
    ).format(child=child)
    st.html(f'<p class="cg-quiet">{escape(told)}</p>')


def _choices(sessions: list[CodedSession]) -> Choices:
    """Return what can be looked at: every session, the newest first, and those of one instrument together."""
    single = {session.id: [session] for session in sessions}
    together: Choices = {}
    for session in sessions:
        if session.usable:
            together.setdefault(f"all-{session.instrument}", []).append(session)
    return single | {name: several for name, several in together.items() if len(several) > 1}


def _choose_session(choices: Choices) -> str:
    """Let somebody choose; the choice stands in the address."""
    names = {
        key: (words.session_name if key == several[0].id else words.together_name)(several)
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
        st.button(label, key="sessions_together", on_click=_go_together, args=[together])


def _go_together(together: str) -> None:
    st.session_state[CHOICE] = together
    _keep_choice()


def _material(shell: Shell, key: Key, chosen: list[CodedSession], view: str) -> Material:
    """Return the frames of the chosen sessions, who and what in words, and what is chosen beside the view."""
    instrument = load(chosen[0].instrument)
    events, windows = _frames(shell, key, tuple(session.id for session in chosen))
    people = shell.caregivers()
    present = [people[name] for name in events["caregiver"].dropna().unique() if name in people]
    grown = present[0] if len(present) == 1 else _("Grown-up")
    labels = {b.code: _(b.label) for b in instrument.behaviours}
    cast = Cast({"infant": shell.child.alias, "caregiver": grown}, labels)
    days = {session.id: words.date_of(session.day) for session in chosen}
    return Material(events, windows, instrument, cast, days, *_beside(view, instrument, cast))


def _beside(view: str, instrument: Instrument, cast: Cast) -> tuple[str, str | None]:
    """Let somebody choose whose codes follow each other, or which two records are laid side by side."""
    if view in ("transitions", "lag"):
        whose = {**cast.names, "both": _("Both")}
        usual = "infant" if states_of_two(instrument) else "both"
        return choose(_("Whose moments"), "whose", whose, usual), None
    names = words.series_names(list(series(instrument)), instrument)
    if view == "synchrony" and len(names) > 1:
        return "both", choose(_("Which of their moments"), "of", names, next(iter(names)))
    return "both", None


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _coded(_shell: Shell, key: Key) -> tuple[list[CodedSession], pd.DataFrame, pd.DataFrame]:
    """Return the coded sessions of a child with their rows of both logs; the key names the tenant first."""
    log, windows = _shell.log(Action.SEE_PATTERNS), _shell.windows(Action.SEE_PATTERNS)
    sessions = coded_sessions(log, windows)
    parts = [part for session in sessions for part in session.windows]
    return sessions, log[log["window"].isin(parts)], windows


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _frames(_shell: Shell, key: Key, ids: tuple[str, ...]) -> Frames:
    """Return the frames of some sessions together."""
    sessions, log, windows = _coded(_shell, key)
    return frames_together([session for session in sessions if session.id in ids], log, windows)


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _seen(
    _shell: Shell, key: Key, ids: tuple[str, ...], view: str, whose: str, of: str | None
) -> dict[str, Any]:
    """Return a view of some sessions."""
    events, windows = _frames(_shell, key, ids)
    name = next(session.instrument for session in _coded(_shell, key)[0] if session.id in ids)
    return look(view, events, windows, load(name), whose=whose, of=of)
