"""After a visit: its notes, where to go on, and every visit so far in one list."""

from collections.abc import Sequence
from html import escape
from uuid import UUID

import streamlit as st

from caregiving.instruments import load_rating
from caregiving.people import Action
from caregiving.screens import _questions, _turns
from caregiving.screens import _visit_words as words
from caregiving.screens._press import once
from caregiving.screens._shell import Shell
from caregiving.store import ratings
from caregiving.store.visits import Watched
from caregiving.visits import Progress
from caregiving.words import _

RECORD = "visit_record"
FRESH_MS = 12 * 3_600_000  # on the day of a visit its notes come before the next plan


def finished(shell: Shell, known: Sequence[Watched], asked: str | None) -> Watched | None:
    """Return the finished visit that the address asks for, or the newest one of the one who looks."""
    ended = [one for one in known if one.progress is Progress.FINISHED]
    mine = [one for one in ended if one.visit.author == shell.viewer.member]
    named = next((one for one in ended if str(one.visit.sitting) == asked), None)
    return named or max(mine, key=words.began_ms, default=None)


def is_fresh(shell: Shell, one: Watched) -> bool:
    """Tell whether a visit ended so lately that what is left to say of it comes first."""
    ended = max((part.ended_ms for part in one.parts if part.ended_ms is not None), default=0)
    return shell.now_ms - ended < FRESH_MS


def show(shell: Shell, one: Watched, known: Sequence[Watched], *, first: bool) -> None:
    """Show what is left to do after a visit: notes, ratings, a look at it, a second coding.

    `first`: it is what the page is about now, so the form for notes stands open.
    """
    when = words.day_and_clock(shell, words.began_ms(one))
    st.subheader(_("After the visit on {when}").format(when=when))
    told = _("{title}: watched {time} {parts}, {how}, by {who}.").format(
        title=words.title_of(one.visit.instrument),
        time=words.length(one.parts),
        parts=words.parts_told(len(one.parts)),
        how=words.ended_told(one),
        who=words.observer(shell, one.visit.author),
    )
    _said(told)
    second = second_coding(one, known)
    _links(shell, one, second)
    if shell.may(Action.RATE):
        _notes(shell, one.visit.sitting, first=first)
    if one.visit.codes_again is None and second is None and not words.is_procedure(one.visit.instrument):
        _said(
            _(
                "A second observer whom the family let in can code it again: on this page, under “Code a "
                "session again?”. Figures of coded sessions wait for that."
            )
        )


def _links(shell: Shell, one: Watched, second: Watched | None) -> None:
    """Lead on to the pages that take this visit further."""
    sitting, whose = one.visit.sitting, f"family={shell.family}&amp;child={shell.child.id}"
    ways = []
    if shell.may(Action.RATE):
        ways.append((f"/ratings?{whose}&amp;visit={sitting}", _("Rate it")))
        ways.append((f"/sort?{whose}", _("Sort the cards")))
    if shell.may(Action.SEE_PATTERNS) and not words.is_procedure(one.visit.instrument):
        ways.append((f"/sessions?{whose}&amp;session={sitting}", _("Look at the session")))
        if second is not None or one.visit.codes_again is not None:
            ways.append((f"/agreement?{whose}", _("Compare the two codings")))
    chips = "".join(f'<a href="{path}" target="_self">{escape(word)}</a>' for path, word in ways)
    st.html(f'<nav class="cg-demo" aria-label="{escape(_("After the visit"))}">{chips}</nav>')


def _notes(shell: Shell, sitting: UUID, *, first: bool) -> None:
    """Show the form for notes; or, once they are kept, where they can be read and changed."""
    mine = [
        one
        for one in ratings.read(shell.store, shell.viewer, shell.family, shell.child.id, RECORD)
        if one.window == sitting and one.author == shell.viewer.member
    ]
    if mine:
        _said(
            _("Your notes were kept {when}. They can be read and changed among the ratings.").format(
                when=words.day_and_clock(shell, mine[0].written_ms)
            )
        )
        return
    record = load_rating(RECORD)
    begun = _questions.kept_ms(shell, record, about=sitting) is not None
    with st.expander(_("Notes on this visit"), expanded=first or begun):
        _questions.ask(shell, record, about=sitting)
        for sentence in _turns.told("visit_notes_trouble", []):
            st.warning(sentence)
        st.button(_("Keep the notes"), key="visit_notes", on_click=once(_keep_notes), args=[shell, sitting])


def _keep_notes(shell: Shell, sitting: UUID) -> None:
    st.session_state["visit_notes_trouble"] = _questions.save(
        shell, load_rating(RECORD), about=sitting, window=sitting, child=shell.child.id
    )


def listed(shell: Shell, known: Sequence[Watched]) -> None:
    """Show every visit to the child so far, the newest first."""
    st.subheader(_("Visits so far"))
    begun = sorted((one for one in known if one.parts), key=words.began_ms, reverse=True)
    if not begun:
        _said(
            _("No visit to {child} yet. The first one stands here when it has begun.").format(
                child=shell.child.alias
            )
        )
        return
    heads = (_("When"), _("What"), _("Watched"), _("Who"), _("How it ended"), _("Coded twice"))
    head = "".join(f'<th scope="col">{escape(word)}</th>' for word in heads)
    body = "".join(_line(shell, one, begun) for one in begun)
    st.html(
        '<div class="cg-wide cg-definition" style="max-width:none" tabindex="0"><table class="cg-table">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _line(shell: Shell, one: Watched, known: Sequence[Watched]) -> str:
    when = escape(words.day_and_clock(shell, words.began_ms(one)))
    if one.progress is Progress.FINISHED:
        where = f"?family={shell.family}&amp;child={shell.child.id}&amp;visit={one.visit.sitting}"
        when = f'<a href="/visit{where}" target="_self">{when}</a>'
    watched = _("{time} {parts}").format(time=words.length(one.parts), parts=words.parts_told(len(one.parts)))
    cells = (
        words.title_of(one.visit.instrument),
        watched,
        words.observer(shell, one.visit.author),
        words.ended_told(one),
        twice_told(shell, one, known),
    )
    return f'<tr><th scope="row">{when}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in cells)}</tr>'


def twice_told(shell: Shell, one: Watched, known: Sequence[Watched]) -> str:
    """Return whether a visit codes another one again, or was coded again itself."""
    if words.is_procedure(one.visit.instrument):
        return "–"
    if one.visit.codes_again is not None:
        first = next((other for other in known if other.visit.sitting == one.visit.codes_again), None)
        if first is None:
            return _("codes another session again")
        return _("codes the one of {when} again").format(
            when=words.day_and_clock(shell, words.began_ms(first))
        )
    second = second_coding(one, known)
    if second is None:
        return _("not yet")
    return _("by {who}").format(who=words.observer(shell, second.visit.author))


def second_coding(one: Watched, known: Sequence[Watched]) -> Watched | None:
    """Return the finished visit of another observer that codes this one again, if there is one."""
    again = (other for other in known if other.visit.codes_again == one.visit.sitting)
    return next((other for other in again if other.progress is Progress.FINISHED), None)


def _said(text: str) -> None:
    st.html(f'<p class="cg-quiet">{escape(text)}</p>')
