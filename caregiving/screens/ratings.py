"""Ratings: what a trained observer gives as a number or in words, kept as it was entered."""

from html import escape

import streamlit as st

from caregiving.people import Action, Role, require
from caregiving.screens import _ratings_beside, _ratings_form, _ratings_kept, _sorts
from caregiving.screens._choice import choose
from caregiving.screens._ratings_visits import desk_of, forms_to_fill
from caregiving.screens._shell import Shell
from caregiving.words import _

TITLE, ICON, ORDER = "Ratings", ":material/rate_review:", 7
ROLES = {Role.HOME_VISITOR}
ACTION = Action.RATE
STYLE = """
[class*="st-key-cgrated_"] { margin-bottom: 8px; gap: 8px; }
.cg-facts { list-style: none !important; margin: 4px 0 8px !important; padding: 0 !important;
  display: flex; flex-wrap: wrap; gap: 0 24px; color: var(--quiet); font-size: .95rem; }
.cg-facts li { margin: 0 !important; } .cg-card .cg-quiet { margin-top: 8px; }
[data-testid="stMain"] [data-testid="stPopover"] button { min-height: 48px; }
.cg-card .cg-table th { width: 45%; }
.cg-card .cg-table td { overflow-wrap: anywhere; white-space: pre-wrap; }
[data-testid="stMain"] [data-testid="stNumberInputContainer"],
[data-testid="stMain"] [data-testid="stSelectbox"] > div { min-height: 48px; }
[data-testid="stMain"] [data-testid="stCheckbox"] label { min-height: 48px; align-items: center; }
.cg-table caption { text-align: start; color: var(--quiet); padding: 8px 0; }
[data-testid="InputInstructions"] { display: none; }
"""


def show(shell: Shell) -> None:
    require(shell.viewer, ACTION, shell.family)
    st.html(f"<style>{STYLE}</style>")
    st.title(_("Ratings about {child}").format(child=shell.child.alias))
    told = _(
        "What a trained observer saw, kept as it was entered. Nothing here is worked out by the program, and "
        "every number is about one observation, not about a person."
    )
    st.html(f'<p class="cg-quiet">{escape(told)}</p>')
    desk, known = desk_of(shell), forms_to_fill()
    titles = {name: _(form.title) for name, form in known.items()}
    chosen = known[choose(_("Which form?"), "form", titles, next(iter(known)))]
    _ratings_form.show(desk, chosen)
    st.header(_("On record"))
    _ratings_kept.show(desk)
    _ratings_beside.show(desk, chosen)
    _sorts.show(shell)
