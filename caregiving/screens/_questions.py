"""A form made from a rating instrument: asks what is relevant, says what does not fit, keeps what was typed.

What is filled in is kept in the database at every change, so that it outlives a closed page. It becomes a
rating in a callback, and only then.
"""

from datetime import UTC, datetime
from html import escape
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import streamlit as st

from caregiving.faults import Refused
from caregiving.instruments import Item, RatingInstrument
from caregiving.instruments.expressions import Answer
from caregiving.instruments.rating import LONGEST_TEXT
from caregiving.ratings import Rating, counted
from caregiving.screens._shell import Shell
from caregiving.store import drafts, ratings
from caregiving.words import _

MOST_PILLS = 12  # a longer scale is typed


def ask(shell: Shell, instrument: RatingInstrument) -> None:
    """Show the questions that are asked now, filled in as far as somebody came."""
    _refill(shell, instrument)
    filled = answers(instrument)
    for item in instrument.asked(filled):
        if item.kind == "note":
            st.html(f'<p class="cg-quiet">{escape(_(item.label))}</p>')
            continue
        _field(shell, instrument, item)
        with st.container():  # always there, so that a sentence that comes or goes moves nothing
            wrong = instrument.objection(item, filled)
            if wrong is not None:
                st.warning(wrong)
    if instrument.attribution:
        st.html(f'<p class="cg-quiet"><small>{escape(instrument.attribution)}</small></p>')


def answers(instrument: RatingInstrument) -> dict[str, Answer]:
    """Return what is filled in now and was asked."""
    given = {item.code: st.session_state.get(_key(instrument, item)) for item in instrument.items}
    return instrument.answered(given)


def save(
    shell: Shell, *instruments: RatingInstrument, shared: bool = False, child: UUID | None = None
) -> list[str]:
    """Store what was filled in, one rating a form, and empty the forms. For callbacks only.

    Returns the sentences of what does not fit; then nothing was stored and everything stays as it was typed.
    A form in which nothing was answered is left out.
    """
    filled = [(one, answers(one)) for one in instruments]
    trouble = [sentence for one, given in filled if given for sentence in one.trouble(given)]
    wanted = [(one, given) for one, given in filled if given]
    if not wanted:
        trouble = [_("Nothing is answered yet. One answer is enough.")]
    if trouble:
        return trouble
    at_ms = _now_ms()  # forms that are kept together carry the same moment
    for one, given in wanted:
        terms = {"shared": shared and one.sharing == "ask", "child": child, "at_ms": at_ms}
        try:
            ratings.rate(shell.store, shell.viewer, _rating(shell, one, given, terms))
        except Refused as reason:
            return [str(fault) for fault in reason.faults]
        forget(shell, one)
    return []


def take_back(shell: Shell, *stored: Rating) -> None:
    """End ratings of one's own; they stay in the history. For callbacks only."""
    for one in stored:
        void = {"id": uuid4(), "supersedes": one.id, "void": True, "written_ms": _now_ms()}
        ratings.rate(shell.store, shell.viewer, one.model_copy(update=void))


def forget(shell: Shell, instrument: RatingInstrument) -> None:
    """Empty a form and throw its draft away. For callbacks only."""
    drafts.drop_draft(shell.store, shell.viewer, _form(instrument))
    for item in instrument.items:
        st.session_state.pop(_key(instrument, item), None)


def _rating(
    shell: Shell, instrument: RatingInstrument, given: dict[str, Answer], terms: dict[str, Any]
) -> Rating:
    offset = datetime.fromtimestamp(terms["at_ms"] / 1000, ZoneInfo(shell.zone)).utcoffset()
    return Rating(
        id=uuid4(),
        family=shell.family,
        author=shell.viewer.member,
        rater=shell.viewer.alias,
        kind=instrument.about,
        instrument=instrument.name,
        answers={code: answer for code, answer in given.items() if answer is not None},
        scores=counted(instrument.score(given)),
        utc_offset_min=int(offset.total_seconds() // 60) if offset is not None else 0,
        written_ms=terms["at_ms"],
        **terms,
    )


def _field(shell: Shell, instrument: RatingInstrument, item: Item) -> None:
    """Show one question as what fits it: things to tap where there are few, a field to type in elsewhere."""
    label = _("{question} (needed)").format(question=_(item.label)) if item.required else _(item.label)
    if item.hint:  # beside the question: a sign to hover over is of no use to a thumb
        label = f"{label} :small[{_(item.hint)}]"
    usual: dict[str, Any] = {
        "key": _key(instrument, item),
        "on_change": _keep,
        "args": [shell, instrument],
    }
    steps = list(item.scale.steps()) if item.scale else []
    if item.kind == "text":
        st.text_area(label, max_chars=LONGEST_TEXT, height=100, **usual)
    elif item.kind == "choice" or 0 < len(steps) <= MOST_PILLS:
        options = [*(c.code for c in item.choices), *steps, *(c.code for c in item.missing)]
        words = {c.code: _(c.label) for c in (*item.choices, *item.missing)}
        st.pills(label, options, format_func=lambda one: words.get(one, str(one)), **usual)
        if item.scale and item.scale.anchors:
            st.html(f'<p class="cg-quiet">{escape(_anchors(item))}</p>')
    else:
        lowest, highest = (steps[0], steps[-1]) if steps else (None, None)
        step = item.scale.step if item.scale else None
        st.number_input(label, value=None, min_value=lowest, max_value=highest, step=step, **usual)


def _anchors(item: Item) -> str:
    anchors = item.scale.anchors if item.scale else {}
    return " · ".join(f"{number} {_(words)}" for number, words in sorted(anchors.items()))


def _refill(shell: Shell, instrument: RatingInstrument) -> None:
    """Put back what was filled in before the page was closed or another one was looked at."""
    keys = {item.code: _key(instrument, item) for item in instrument.items if item.kind != "note"}
    if all(key in st.session_state for key in keys.values()):
        return
    kept = drafts.draft(shell.store, shell.viewer, _form(instrument))
    by_code = {item.code: item for item in instrument.items}
    for code, answer in (kept.content if kept else {}).items():
        if code in keys and answer is not None and by_code[code].fits(answer):
            st.session_state.setdefault(keys[code], answer)


def _keep(shell: Shell, instrument: RatingInstrument) -> None:
    """Keep the half-filled form in the database."""
    drafts.save_draft(shell.store, shell.viewer, _form(instrument), dict(answers(instrument)), _now_ms())


def _form(instrument: RatingInstrument) -> str:
    return f"rating_{instrument.name}"


def _key(instrument: RatingInstrument, item: Item) -> str:
    return f"{_form(instrument)}_{item.code}"


def _now_ms() -> int:
    return int(datetime.now(UTC).timestamp() * 1000)
