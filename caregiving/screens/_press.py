"""What a press or a change sets off happens once, and whole.

Three things would spoil that. A press is told to the server in a task of its own; when a page's look out for
news goes out just before, it takes the press along, and the press comes twice. A double tap comes twice as
well, and Streamlit runs the second beside the first. And whatever comes next cuts a callback off at its next
access to the session, between two writes. So `once` does the work of a press that was drawn a single time,
one press after the other and not along with a look out for news; both `once` and `whole` let nothing cut
them off.
"""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Lock
from typing import Final, ParamSpec

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

TURN, DONE = "presses_turn", "presses_done"
REMEMBERED: Final = 64  # presses; a second message follows within moments
P = ParamSpec("P")


def once(work: Callable[P, object]) -> Callable[P, None]:
    """Return a callback for `on_click` that does the work at most once for this drawing of the button."""
    drawn = object()
    turn: AbstractContextManager[object] = st.session_state.setdefault(TURN, Lock())

    def press(*args: P.args, **kwargs: P.kwargs) -> None:
        if _looks_out():
            return
        with _undisturbed(), turn:  # a second run waits here until the first is done
            done = st.session_state.setdefault(DONE, deque(maxlen=REMEMBERED))
            if drawn in done:
                return
            done.append(drawn)
            work(*args, **kwargs)

    return press


def whole(work: Callable[P, object]) -> Callable[P, None]:
    """Return a callback for `on_change` that is not cut off by what comes next."""

    def change(*args: P.args, **kwargs: P.kwargs) -> None:
        with _undisturbed():
            work(*args, **kwargs)

    return change


def _looks_out() -> bool:
    """Tell whether this run only looks out for news: the press that came along comes again by itself."""
    context = get_script_run_ctx(suppress_warning=True)
    return context is not None and bool(context.fragment_ids_this_run)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Take no word of what comes next until the block is done; then it is seen to at once."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is None:
        yield
        return
    session = context.session_state
    heed = session._yield_callback
    object.__setattr__(session, "_yield_callback", lambda: None)
    try:
        yield
    finally:
        object.__setattr__(session, "_yield_callback", heed)
