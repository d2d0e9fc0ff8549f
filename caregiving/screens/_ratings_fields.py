"""The fields of a form that is made from an instrument, and the keys under which they hold their answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any
from uuid import UUID

import streamlit as st

from caregiving.instruments import Item, RatingInstrument
from caregiving.instruments.expressions import Answer
from caregiving.instruments.rating import LONGEST_TEXT
from caregiving.screens import _fresh
from caregiving.words import _

MOST_PILLS = 12  # a longer scale is typed


@dataclass(frozen=True)
class Sheet:
    """The questions of an instrument, and what they are about: a child, a visit, a rating, or nothing."""

    form: RatingInstrument
    about: UUID | None

    @property
    def name(self) -> str:
        """What its draft is called."""
        return f"rating_{self.form.name}"

    @property
    def place(self) -> str:
        """What its name and what it is about make; forms about two children never share one."""
        return self.name if self.about is None else f"{self.name}_{self.about}"

    @property
    def start(self) -> str:
        """How the keys of its fields begin, anew after each time that it was emptied."""
        return _fresh.start(self.place)

    def key(self, item: Item) -> str:
        """The key of a question's field."""
        return f"{self.start}_{item.code}"

    def open_key(self, item: Item) -> str:
        """The key of the ways to leave a typed answer open on purpose, which stand beside its field."""
        return f"open_{self.start}_{item.code}"

    def empty(self) -> None:
        """Empty every field. For callbacks only.

        A browser goes on showing, and sends again, what stands in a field whose key it knows, whatever is
        taken out of the session here. So the fields get new keys.
        """
        keys = [key for item in self.form.items for key in (self.key(item), self.open_key(item))]
        shown = [key for key in keys if key in st.session_state]
        for key in shown:
            del st.session_state[key]
        if shown:
            _fresh.empty(self.place)

    def filled(self) -> dict[str, Answer]:
        """Return what is filled in now and was asked."""
        return self.form.answered({item.code: self._given(item) for item in self.form.items})

    def _given(self, item: Item) -> Answer:
        left_open: str | None = st.session_state.get(self.open_key(item)) if _typed(item) else None
        given: Answer = st.session_state.get(self.key(item))
        if left_open is not None:
            return left_open
        return given.strip() if isinstance(given, str) else given


def fill(sheet: Sheet, given: Mapping[str, Answer]) -> None:
    """Put answers into the fields that hold nothing yet."""
    for item in sheet.form.items:
        answer = given.get(item.code)
        if item.kind == "note" or answer is None or not item.fits(answer):
            continue
        if _typed(item) and item.left_open(answer):
            st.session_state.setdefault(sheet.open_key(item), answer)
        elif isinstance(answer, str):
            st.session_state.setdefault(sheet.key(item), answer)
        else:  # a field takes either whole numbers or others, never now one and now the other
            st.session_state.setdefault(sheet.key(item), int(answer) if item.scale else float(answer))


def _typed(item: Item) -> bool:
    """Tell whether an answer is a number that is typed, and not tapped."""
    return item.kind == "number" or (item.scale is not None and len(item.scale.steps()) > MOST_PILLS)


def field(sheet: Sheet, item: Item, keep: Mapping[str, Any]) -> None:
    """Show one question as what fits it: things to tap where there are few, a field to type in elsewhere.

    `keep` is what a field calls when its answer changes.
    """
    label = _("{question} (needed)").format(question=_(item.label)) if item.required else _(item.label)
    if item.hint:  # beside the question: a sign to hover over is of no use to a thumb
        label = f"{label} :small[{_(item.hint)}]"
    if item.kind == "text":
        st.text_area(label, max_chars=LONGEST_TEXT, height=100, key=sheet.key(item), **keep)
        return
    if _typed(item):
        _number(sheet, item, label, keep)
        return
    steps = list(item.scale.steps()) if item.scale else []
    options = [*(c.code for c in item.choices), *steps, *(c.code for c in item.missing)]
    words = {c.code: _(c.label) for c in (*item.choices, *item.missing)}
    st.pills(label, options, format_func=lambda one: words.get(one, str(one)), key=sheet.key(item), **keep)
    if item.scale and item.scale.anchors:
        st.html(f'<p class="cg-quiet">{escape(_anchors(item))}</p>')


def _number(sheet: Sheet, item: Item, label: str, keep: Mapping[str, Any]) -> None:
    """Show a field for a number, with the ways to leave it open beside it."""
    lowest, highest, step = (
        (item.scale.start, item.scale.end, item.scale.step) if item.scale else (None, None, 1.0)
    )
    left_open = st.session_state.get(sheet.open_key(item)) is not None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.number_input(
            label, value=None, min_value=lowest, max_value=highest, step=step, key=sheet.key(item),
            format=None if item.scale else "%g", disabled=left_open, **keep,
        )  # fmt: skip
        if item.missing:
            words = {c.code: _(c.label) for c in item.missing}
            st.pills(
                _("{question}: left open").format(question=_(item.label)), list(words),
                format_func=lambda one: words[one], key=sheet.open_key(item), label_visibility="collapsed",
                width="content", **keep,
            )  # fmt: skip


def _anchors(item: Item) -> str:
    anchors = item.scale.anchors if item.scale else {}
    return " · ".join(f"{number} {_(words)}" for number, words in sorted(anchors.items()))
