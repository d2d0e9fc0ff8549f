"""The texts of the cards: whoever holds a licence brings them, and they stay in this house's database."""

import csv
import io
from html import escape
from typing import Final
from uuid import uuid4

import streamlit as st

from caregiving.faults import Fault, Refused
from caregiving.instruments import load_sort
from caregiving.instruments.deck import Deck, deck_of
from caregiving.screens import _turns
from caregiving.screens._now import now_ms
from caregiving.screens._press import once
from caregiving.screens._shell import Shell
from caregiving.store import decks
from caregiving.words import _, n_

INSTRUMENT: Final = "attachment_qsort"
MOST_MB: Final = 1
KEY, TROUBLE, DONE = "sort_deck", "sort_deck_trouble", "sort_deck_done"
COLUMNS: Final = ("item", "text", "title")


def deck_form(shell: Shell) -> None:
    """Ask for the texts of the cards, or say that they are there and offer to remove them."""
    form = load_sort(INSTRUMENT)
    there = decks.texts(shell.store, shell.viewer, form.name)
    if there:
        _quiet(n_("{n} text is here and shown while sorting.", "{n} texts are here and shown while sorting.",
                  len(there)))  # fmt: skip
    else:
        _quiet(
            _(
                "No card texts are part of this program: they belong to their authors. Without them the page "
                "shows the numbers of the cards, and you sort with your printed deck beside the tablet."
            )
        )
    st.file_uploader(
        _("A CSV file with item,text for every card (and title, if wanted)"),
        type="csv",
        key=KEY,
        max_upload_size=MOST_MB,
        on_change=_load,
        args=[shell],
    )
    _quiet(
        _(
            "Load only texts that you hold a licence for. They stay in this database for your own house and "
            "are in no export. A backup of the database holds them too."
        )
    )
    if there:
        with st.popover(_("Remove my texts"), key="sort_deck_forget"):
            st.write(_("Sorts on record stay as they are; only the texts go."))
            st.button(_("Yes, remove them"), key="sort_deck_forget_yes", on_click=once(_forget), args=[shell])
    _told()


def read_deck(content: bytes, name: str) -> Deck:
    """Return the deck that an uploaded file holds.

    Raises
    ------
    Refused
        When it is not CSV in UTF-8 with these columns, or its texts do not fit the cards; all faults at once.
    """
    try:
        table = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        columns = [(column or "").strip() for column in table.fieldnames or []]
        table.fieldnames = columns
        rows = list(table)
    except (UnicodeDecodeError, csv.Error) as reason:
        found = _("text that is not CSV ({reason})").format(reason=reason)
        raise Refused([Fault(name, found, _("a CSV file in UTF-8"))]) from reason
    if not {"item", "text"} <= set(columns) or not set(columns) <= set(COLUMNS):
        found = _("the columns {names}").format(names=", ".join(columns)) if any(columns) else _("no columns")
        needed = _("the columns item, text and, if wanted, title")
        raise Refused([Fault(_("{file}, line 1").format(file=name), found, needed)])
    return deck_of(load_sort(INSTRUMENT), rows, name)


def _load(shell: Shell) -> None:
    """Keep an uploaded deck, or say everything that is wrong with it and keep nothing."""
    given = st.session_state.get(KEY)
    if given is None:
        return
    _turns.next_turn()
    try:
        deck = read_deck(given.getvalue(), given.name)
    except Refused as refused:
        st.session_state[TROUBLE] = [str(fault) for fault in refused.faults]
        return
    decks.keep(shell.store, shell.viewer, deck, uuid4(), now_ms())
    st.session_state[DONE] = n_(
        "{n} text is kept for your house.", "{n} texts are kept for your house.", len(deck.texts)
    )


def _forget(shell: Shell) -> None:
    """Remove the viewer's own texts."""
    gone = decks.forget(shell.store, shell.viewer, load_sort(INSTRUMENT).name)
    st.session_state[DONE] = (
        _("Your texts are gone.")
        if gone
        else _("These texts were brought by somebody else of your house, who can remove them.")
    )


def _told() -> None:
    """Say what came of the last file: stored, or every fault of it and nothing stored."""
    if done := _turns.told(DONE):
        st.success(done)
    if trouble := _turns.told(TROUBLE):
        lines = "".join(f"<li>{escape(sentence)}</li>" for sentence in trouble)
        lead = _("Nothing was stored. What has to be mended in the file:")
        st.html(f'<div role="alert" class="cg-card"><p>{escape(lead)}</p><ul>{lines}</ul></div>')


def _quiet(text: str) -> None:
    st.html(f'<p class="cg-quiet">{escape(text)}</p>')
