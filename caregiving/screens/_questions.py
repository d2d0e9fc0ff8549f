"""A form made from an instrument: asks what is relevant, says what does not fit, keeps what was typed.

What is filled in is kept in the database at every change, so that it outlives a closed page. It becomes a
rating in a callback, and only then. `about` is the child, the visit or the rating that a form is about: the
same form can be begun for several, and each keeps its own answers.
"""

from collections.abc import Mapping
from datetime import datetime
from html import escape
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import streamlit as st

from caregiving.faults import Refused
from caregiving.instruments import ProcedureInstrument, RatingInstrument
from caregiving.instruments.expressions import Answer
from caregiving.people import Action
from caregiving.ratings import Rating, counted
from caregiving.screens._now import now_ms
from caregiving.screens._ratings_fields import Sheet, field, fill
from caregiving.screens._shell import Shell
from caregiving.store import drafts, ratings
from caregiving.words import _

Asked = RatingInstrument | ProcedureInstrument


def ask(
    shell: Shell, instrument: Asked, *, about: UUID | None = None, start: Mapping[str, Answer] | None = None
) -> None:
    """Show the questions that are asked now, filled in as far as somebody came; at first with `start`."""
    sheet = _sheet(instrument, about)
    _refill(shell, sheet, start or {})
    filled = sheet.filled()
    for item in sheet.form.asked(filled):
        if item.kind == "note":
            st.html(f'<p class="cg-quiet">{escape(_(item.label))}</p>')
            continue
        field(sheet, item, {"on_change": _keep, "args": [shell, sheet]})
        with st.container():  # always there, so that a sentence that comes or goes moves nothing
            wrong = sheet.form.objection(item, filled)
            if wrong is not None:
                st.warning(wrong)
    if instrument.attribution:
        st.html(f'<p class="cg-quiet"><small>{escape(instrument.attribution)}</small></p>')


def answers(instrument: Asked, about: UUID | None = None) -> dict[str, Answer]:
    """Return what is filled in now and was asked."""
    return _sheet(instrument, about).filled()


def kept_ms(shell: Shell, instrument: Asked, about: UUID | None = None) -> int | None:
    """Return when the half-filled form was last kept, or None when nothing of it is."""
    if not shell.may(Action.KEEP_DRAFT):
        return None
    sheet = _sheet(instrument, about)
    kept = drafts.draft(shell.store, shell.viewer, sheet.name, family=shell.family, about=about)
    return kept.saved_ms if kept and kept.content else None


def put(shell: Shell, instrument: Asked, given: Mapping[str, Answer], about: UUID | None = None) -> None:
    """Fill a form with these answers, in place of what was in it. For callbacks only."""
    forget(shell, instrument, about=about)
    sheet = _sheet(instrument, about)
    fill(sheet, given)
    _save_draft(shell, sheet, given)


def save(
    shell: Shell,
    *instruments: Asked,
    shared: bool = False,
    child: UUID | None = None,
    about: UUID | None = None,
    window: UUID | None = None,
    replaces: Rating | None = None,
) -> list[str]:
    """Store what was filled in, one rating a form, and empty the forms. For callbacks only.

    Returns the sentences of what does not fit; then nothing was stored and everything stays as it was typed.
    A form in which nothing was answered is left out. `window` is the sitting or window that is rated;
    `replaces` a rating of one's own, of which this is a newer version about the same moment.
    """
    filled = [(one, answers(one, about)) for one in instruments]
    trouble = [sentence for one, given in filled if given for sentence in one.trouble(given)]
    wanted = [(one, given) for one, given in filled if given]
    if not wanted:
        trouble = [_("Nothing is answered yet. One answer is enough.")]
    if trouble:
        return trouble
    terms = _moment(shell, replaces) | {"child": child, "window": window}
    for one, given in wanted:
        terms["shared"] = shared and one.sharing == "ask"
        try:
            ratings.rate(shell.store, shell.viewer, _rating(shell, one, given, terms))
        except Refused as reason:
            return [str(fault) for fault in reason.faults]
        forget(shell, one, about=about)
    return []


def take_back(shell: Shell, *stored: Rating) -> None:
    """End ratings of one's own; they stay in the history. For callbacks only."""
    for one in stored:
        void = {"id": uuid4(), "supersedes": one.id, "void": True, "written_ms": now_ms()}
        ratings.rate(shell.store, shell.viewer, one.model_copy(update=void))


def forget(shell: Shell, instrument: Asked, *, about: UUID | None = None) -> None:
    """Empty a form and throw its draft away. For callbacks only."""
    sheet = _sheet(instrument, about)
    if shell.may(Action.KEEP_DRAFT):
        drafts.drop_draft(shell.store, shell.viewer, sheet.name, family=shell.family, about=about)
    sheet.empty()


def _sheet(instrument: Asked, about: UUID | None) -> Sheet:
    form = instrument.as_form() if isinstance(instrument, ProcedureInstrument) else instrument
    return Sheet(form, about)


def _moment(shell: Shell, replaces: Rating | None) -> dict[str, Any]:
    """Return when it was rated; forms that are kept together carry the same moment, and so do versions."""
    at_ms = now_ms()
    if replaces is not None:
        then = {"at_ms": replaces.at_ms, "utc_offset_min": replaces.utc_offset_min}
        return then | {"written_ms": at_ms, "supersedes": replaces.id}
    offset = datetime.fromtimestamp(at_ms / 1000, ZoneInfo(shell.zone)).utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset is not None else 0
    return {"at_ms": at_ms, "utc_offset_min": minutes, "written_ms": at_ms}


def _rating(shell: Shell, instrument: Asked, given: dict[str, Answer], terms: dict[str, Any]) -> Rating:
    return Rating(
        id=uuid4(),
        family=shell.family,
        author=shell.viewer.member,
        rater=shell.viewer.alias,
        kind="observer" if instrument.rated_as == ("observer",) else "self",
        instrument=instrument.name,
        certified=instrument.needs.certified(given),
        minutes=instrument.needs.observed_min(given),
        answers={code: answer for code, answer in given.items() if answer is not None},
        scores=counted(instrument.score(given)),
        **terms,
    )


def _refill(shell: Shell, sheet: Sheet, start: Mapping[str, Answer]) -> None:
    """Put back what was filled in before the page was closed or another one was looked at."""
    wanted = [sheet.key(item) for item in sheet.form.items if item.kind != "note"]
    if all(key in st.session_state for key in wanted):
        return
    kept = None
    if shell.may(Action.KEEP_DRAFT):
        kept = drafts.draft(shell.store, shell.viewer, sheet.name, family=shell.family, about=sheet.about)
    fill(sheet, kept.content if kept else start)


def _keep(shell: Shell, sheet: Sheet) -> None:
    """Keep the half-filled form in the database."""
    _save_draft(shell, sheet, sheet.filled())


def _save_draft(shell: Shell, sheet: Sheet, given: Mapping[str, Answer]) -> None:
    """Keep what is filled in; a form that was emptied by hand is no longer begun."""
    if not shell.may(Action.KEEP_DRAFT):
        return
    place: dict[str, Any] = {"family": shell.family, "about": sheet.about}
    if given:
        drafts.save_draft(shell.store, shell.viewer, sheet.name, dict(given), now_ms(), **place)
    else:
        drafts.drop_draft(shell.store, shell.viewer, sheet.name, **place)
