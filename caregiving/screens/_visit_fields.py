"""What a plan of a visit is asked: its length, its occasion, who is with the child, the observer's delay.

The form that prepares a visit and the one that changes its plan ask for the same.
"""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st

from caregiving.people import Action
from caregiving.screens import _visit_words as words
from caregiving.screens._shell import Shell
from caregiving.visits import Visit
from caregiving.words import _

DELAY = "visit_delay_ms"  # under this name an observer's last choice is kept as a preference
MINUTES, USUAL_MIN = (5, 10, 15, 20), 10
DELAYS_MS = (0, 300, 500, 800, 1000)
NEEDED = frozenset({"minutes", "delay_ms"})


def choices(shell: Shell, planned: Visit | None = None) -> dict[str, list[Any]]:
    """Return what can be chosen for each field; what was planned already is always among it.

    Where the family does not let its people be seen there is nobody to choose.
    """
    people = shell.caregivers() if shell.may(Action.SEE_PEOPLE) else {}
    minutes, delays = {*MINUTES}, {*DELAYS_MS}
    if planned is not None:
        minutes |= {planned.minutes} if planned.minutes else set()
        delays |= {planned.delay_ms}
    return {
        "minutes": sorted(minutes),
        "context": [*words.context_words()],
        "caregiver": [*people],
        "delay_ms": sorted(delays),
    }


def ask(
    shell: Shell,
    fields: Sequence[str],
    options: Mapping[str, list[Any]],
    key: Callable[[str], str],
    keep: Callable[[str], dict[str, Any]],
) -> None:
    """Ask for some of the fields, in the order in which they are named.

    key: under which key the answer to a field stands. keep: what is done at every change of it.
    """
    contexts = words.context_words()
    people = shell.caregivers() if options["caregiver"] else {}
    asked: dict[str, tuple[str, Callable[[Any], str]]] = {
        "minutes": (_("How long is it meant to last?"), lambda n: _("{n} min").format(n=n)),
        "context": (_("On what occasion?"), contexts.__getitem__),
        "caregiver": (_("Who is with {child}?").format(child=shell.child.alias), people.__getitem__),
        "delay_ms": (_("How long do you take from seeing something to tapping it?"), _seconds),
    }
    for field in (one for one in fields if options[one]):
        label, told = asked[field]
        st.pills(
            label, options[field], format_func=told, key=key(field), required=field in NEEDED, **keep(field)
        )
    if "delay_ms" in fields:
        said(_("This is taken off every moment, so that it stands where it happened."))


def said(text: str) -> None:
    """Show a quiet sentence."""
    st.html(f'<p class="cg-quiet">{escape(text)}</p>')


def _seconds(ms: int) -> str:
    return _("{n} s").format(n=f"{ms / 1000:g}") if ms else _("not taken off")
