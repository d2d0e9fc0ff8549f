"""The script that Streamlit runs: who is here, which pages are theirs, and an ear for what is new."""

from datetime import timedelta
from functools import partial
from types import ModuleType

import streamlit as st

from caregiving import words
from caregiving.people import Viewer
from caregiving.screens import _frame, _news, _turns
from caregiving.screens._pages import pages
from caregiving.screens._press import do_late_presses, nothing_comes_between
from caregiving.screens._shell import Shell, shell_for, viewer
from caregiving.settings import STATIC, Mode, settings
from caregiving.store.engine import opened
from caregiving.store.preferences import preference
from caregiving.words import _


def _open_to(who: Viewer, shell: Shell) -> list[ModuleType]:
    """Return the pages that this person's role has and this family's consent covers."""
    return [
        page for page in pages() if who.role in page.ROLES and (page.ACTION is None or shell.may(page.ACTION))
    ]


@st.fragment(run_every=timedelta(days=1))
def _after_an_absence() -> None:
    """Draw nothing: a page that has a part by a clock is drawn anew by itself when the server comes back."""


def _run(who: Viewer, shell: Shell) -> None:
    _news.listen(shell)
    open_to = _open_to(who, shell)
    mine = [
        st.Page(
            partial(page.show, shell),
            title=_(page.TITLE),
            icon=page.ICON,
            url_path=page.__name__.rsplit(".", 1)[-1],
            default=place == 0,
        )
        for place, page in enumerate(open_to)
    ]
    chosen = st.navigation(mine, position="top")
    _turns.on_page(chosen.url_path)
    module = next(page for page, it in zip(open_to, mine, strict=True) if it is chosen or it == chosen)
    _frame.head(shell, of_one_child=getattr(module, "OF_ONE_CHILD", True))
    chosen.run()
    _frame.foot()
    _after_an_absence()


def _language() -> str:
    """Return the language that the one at this screen chose; asked by every text."""
    return str(st.session_state.get("language", words.ENGLISH))


nothing_comes_between()
words.listen(_language)
st.set_page_config(
    page_title=_("Caregiving observer"), page_icon=str(STATIC / "icons" / "app-192.png"), layout="centered"
)
someone = viewer()
if someone is None:
    _frame.nobody(settings().mode)
else:
    st.session_state["language"] = preference(opened(settings().database), someone, "language", words.ENGLISH)
    here = shell_for(someone)
    if here is None:
        _frame.nothing_to_see(someone, demo=settings().mode is Mode.DEMO)
    else:
        _run(someone, here)
        do_late_presses()
