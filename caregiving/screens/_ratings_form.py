"""The form on the page of ratings: for which visit, the questions, who sees the answers, and keeping them."""

from html import escape
from typing import Any
from uuid import UUID

import streamlit as st

from caregiving.people import Action
from caregiving.ratings import Rating
from caregiving.screens import _questions, _turns
from caregiving.screens._press import once
from caregiving.screens._questions import Asked
from caregiving.screens._ratings_visits import Desk, held
from caregiving.screens._shell import Shell
from caregiving.words import _

NO_VISIT = ""


def show(desk: Desk, instrument: Asked, old: Rating | None = None) -> None:
    """Show a form, empty or as far as it was filled in; with `old`, to change that rating."""
    shell = desk.shell
    _heading(desk, instrument, old)
    about = _about(desk, instrument, old)
    if moved := _turns.told(_said("moved", old)):
        st.info(moved)
    _quiet(_kept(desk, instrument, about))
    _questions.ask(shell, instrument, about=about, start=old.answers if old is not None else None)
    key = shared_key(shell, instrument, old)
    if instrument.sharing == "ask":
        if old is not None:
            st.session_state.setdefault(key, old.shared)
        st.toggle(_("Let others who may see this family's patterns see it"), key=key)
        _quiet(
            _(
                "Those are the parents, and the other professionals that the family has agreed to. Without "
                "the switch only you can see it."
            )
        )
    with st.container():  # always there, so that a sentence that comes or goes moves nothing
        for sentence in _turns.told(_said("trouble", old), []):
            st.warning(sentence)
        if done := _turns.told(_said("done", old)):
            st.success(done)
    press: dict[str, Any] = {
        "on_click": once(_save),
        "args": [shell, instrument, about, old],
        "width": "stretch",
    }
    if old is None:
        st.button(_("Keep this rating"), key="ratings_save", **press)
        return
    keep, leave = st.columns(2)
    keep.button(_("Keep the change"), key=f"ratings_save_{old.id}", **press)
    press |= {"on_click": once(_leave), "args": [shell, instrument, about]}
    leave.button(_("Leave it as it was"), key=f"ratings_leave_{old.id}", **press)


def change(old: Rating) -> None:
    """Open a rating of one's own in the form. For callbacks only."""
    st.query_params["change"] = str(old.id)


def _said(what: str, old: Rating | None) -> str:
    """Return the key of what is to be said once beside a form."""
    return f"ratings_{what}_{'new' if old is None else old.id}"


def _heading(desk: Desk, instrument: Asked, old: Rating | None) -> None:
    told = _(instrument.title)
    if old is not None:
        told = _("Changing: {title}, {when}").format(title=told, when=desk.moment(old.at_ms))
    st.subheader(told)
    if instrument.description:
        _quiet(_(instrument.description))
    child, rater = desk.shell.child.alias, desk.shell.viewer.alias
    _quiet(_("About {child}, rated by {rater}.").format(child=child, rater=rater))


def _about(desk: Desk, instrument: Asked, old: Rating | None) -> UUID:
    """Let somebody choose the visit; return what the form is about: the rating, the visit, or the child."""
    shell, names = desk.shell, {NO_VISIT: _("None"), **desk.names}
    if old is not None and old.window is not None:
        names.setdefault(str(old.window), _("The one that was named before"))
    key = visit_key(shell, old)
    if st.session_state.get(key) not in names:
        asked = st.query_params.get("visit", NO_VISIT) if old is None else str(old.window)
        st.session_state[key] = asked if asked in names else NO_VISIT
    about = old.id if old is not None else _of(shell, st.session_state[key])
    st.selectbox(
        _("Which visit?"),
        list(names),
        format_func=lambda name: names[name],
        key=key,
        on_change=_other_visit,
        args=[shell, instrument, key, None if old is not None else about],
        filter_mode=None,
    )
    return about


def visit_key(shell: Shell, old: Rating | None) -> str:
    """Return the key under which the choice of a visit stands."""
    return f"ratings_visit_{shell.child.id if old is None else old.id}"


def shared_key(shell: Shell, instrument: Asked, old: Rating | None) -> str:
    """Return the key under which stands who else may see it; another visit does not change that."""
    return f"ratings_shared_{instrument.name}_{shell.child.id if old is None else old.id}"


def _of(shell: Shell, visit: str) -> UUID:
    return UUID(visit) if visit else shell.child.id


def _other_visit(shell: Shell, instrument: Asked, key: str, before: UUID | None) -> None:
    """Take what was typed along to another visit, unless this form had been begun for that one already."""
    if before is None:
        return
    chosen = st.session_state[key]
    if chosen:
        st.query_params["visit"] = chosen
    else:
        st.query_params.pop("visit", None)
    typed = _questions.answers(instrument, before)
    if not typed:
        return
    after = _of(shell, chosen)
    if _questions.kept_ms(shell, instrument, after) is None:
        _questions.put(shell, instrument, typed, about=after)
        _questions.forget(shell, instrument, about=before)
    else:
        st.session_state[_said("moved", None)] = _(
            "You had begun this form for that visit, and here it is. What you typed just now is kept where "
            "it was."
        )


def _kept(desk: Desk, instrument: Asked, about: UUID) -> str:
    """Return what becomes of a form that is left half filled in."""
    if not desk.shell.may(Action.KEEP_DRAFT):
        return _("The family has not agreed to half-filled forms being kept, so finish this one in one go.")
    kept = _questions.kept_ms(desk.shell, instrument, about)
    if kept is None:
        return _("What you fill in is kept at every change, so you can stop and come back.")
    told = _("Begun and kept {ago}; only you can see it until you keep the rating.")
    return told.format(ago=desk.ago(kept))


def _save(shell: Shell, instrument: Asked, about: UUID, old: Rating | None) -> None:
    """Store the rating and empty the form; or say what does not fit and leave everything as it was typed."""
    if old is not None and not _still_there(shell, old):
        _carry_over(shell, instrument, old)
        return
    visit = st.session_state.get(visit_key(shell, old))
    key = shared_key(shell, instrument, old)
    trouble = _questions.save(
        shell,
        instrument,
        shared=bool(st.session_state.get(key, False)),
        child=shell.child.id if old is None else old.child,
        about=about,
        window=UUID(visit) if visit else None,
        replaces=old,
    )
    st.session_state[_said("trouble", old)] = trouble
    if trouble:
        return
    st.session_state[key] = False  # taken out of the session it would stay on in the browser
    if old is not None:
        st.query_params.pop("change", None)
        st.session_state[said_at(old)] = _("The change is kept. What was there before stays in the history.")
    else:
        st.session_state[_said("done", None)] = _("Kept. It stands further down, as you entered it.")


def said_at(one: Rating) -> str:
    """Return the key of what is to be said once beside a rating; its versions share it."""
    return f"ratings_said_{one.at_ms}_{one.instrument.split('.')[0]}"


def _still_there(shell: Shell, old: Rating) -> bool:
    return any(one.id == old.id for one in held(shell, old.instrument))


def _carry_over(shell: Shell, instrument: Asked, old: Rating) -> None:
    """Take what was typed to the version that another screen wrote, or to a new rating when there is none."""
    typed = _questions.answers(instrument, old.id)
    mine = [one for one in held(shell, old.instrument) if one.author == shell.viewer.member]
    newest = next((one for one in mine if one.at_ms == old.at_ms), None)
    _questions.forget(shell, instrument, about=old.id)
    if newest is not None:
        _questions.put(shell, instrument, typed, about=newest.id)
        st.query_params["change"] = str(newest.id)
        st.session_state[_said("trouble", newest)] = [
            _("This was changed on another screen meanwhile. Here is what you typed; keep it, or leave it.")
        ]
        return
    _questions.put(shell, instrument, typed, about=shell.child.id)
    st.query_params.pop("change", None)
    st.query_params["form"] = st.session_state["choice_form"] = instrument.name
    st.session_state[visit_key(shell, None)] = NO_VISIT
    st.session_state[said_at(old)] = _(
        "This was taken back on another screen meanwhile. What you typed stands in the form at the top; keep "
        "it as a new rating, or leave it."
    )


def _leave(shell: Shell, instrument: Asked, about: UUID) -> None:
    """Close the form of a change, and throw its draft away."""
    _questions.forget(shell, instrument, about=about)
    st.query_params.pop("change", None)


def _quiet(told: str) -> None:
    st.html(f'<p class="cg-quiet">{escape(told)}</p>')
