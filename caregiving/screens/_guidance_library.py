"""All the cards of guidance, by row or by words, each with what it serves and where it comes from."""

from collections.abc import Iterable
from html import escape

import streamlit as st

from caregiving import guidance
from caregiving.guidance import Card
from caregiving.rows import five_rows
from caregiving.screens import _choice
from caregiving.screens._guidance_marks import Marks, buttons
from caregiving.screens._shell import Shell
from caregiving.sources import source
from caregiving.words import _, n_


def library(shell: Shell, marks: Marks) -> None:
    """Show the cards of one row, or those in which the words were found."""
    st.subheader(_("All cards"))
    words = st.text_input(
        _("Find a card"), key="guidance_words", placeholder=_("for example night, partner, breathe")
    )
    if words.strip():
        found = guidance.search(words)
        told = n_("{n} card has these words.", "{n} cards have these words.", len(found))
        none = _("No card has all of these words. One word less may find some.")
        st.html(f'<p class="cg-quiet" role="status">{escape(told if found else none)}</p>')
        _expanders(shell, found, marks)
        return
    rows = _rows()
    row = _choice.choose(
        _("Kind of card"), "row", {key: title for key, (title, _why) in rows.items()}, "sensitivity"
    )
    st.html(f'<p class="cg-quiet">{escape(rows[row][1])}</p>')
    _expanders(shell, [one for one in guidance.all_cards() if one.row == row and not one.safety], marks)


def _rows() -> dict[str, tuple[str, str]]:
    """Return title and a sentence for each kind of card: the five rows of the guidance, and two more."""
    return {row.key: (row.title, row.serves) for row in five_rows()} | {
        "steadiness": (_("Your own steadiness"), _("What you feel is a part of the picture.")),
        "help": (_("Each other, and help"), _("Nobody has to do this alone.")),
    }


def _expanders(shell: Shell, cards: Iterable[Card], marks: Marks) -> None:
    for one in cards:
        with st.expander(one.title, key=f"card_{one.id}"):
            st.markdown(one.body)
            origin(one)
            if one.id in marks:
                buttons(shell, one, marks, "among_all")


def origin(one: Card) -> None:
    """Show, folded away, which guidance a card serves and what it rests on."""
    rows = "".join(
        f"<li>{escape(' '.join(part for part in (known.citation, known.says, known.caveat) if part))}</li>"
        for known in map(source, one.sources)
    )
    serves = escape(_("It serves: {guidance}").format(guidance=one.serves))
    st.html(
        f'<details class="cg-sources"><summary style="min-height:48px;display:flex;align-items:center;'
        f'cursor:pointer;color:var(--caregiver)">{_("Where this comes from")}</summary>'
        f'<p class="cg-quiet">{serves}</p><ul class="cg-quiet">{rows}</ul></details>'
    )
