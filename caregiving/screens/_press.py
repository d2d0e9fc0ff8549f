"""What a press sets off happens, once and whole, whatever comes next.

A double tap comes twice, and both were meant for the button that was to be seen; so `once` does the work of a
press that was drawn a single time. And Streamlit drops what a message brought, or cuts its callbacks off
between two writes, when the next message comes too soon; `nothing_comes_between` sees to that.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

from streamlit.runtime.state import SafeSessionState

from caregiving.screens._turns import next_turn

P = ParamSpec("P")


def once(work: Callable[P, object]) -> Callable[P, None]:
    """Return a callback for `on_click` that does the work at most once for this drawing of the button."""
    done = False

    def press(*args: P.args, **kwargs: P.kwargs) -> None:
        nonlocal done
        if done:
            return
        done = True
        next_turn()
        work(*args, **kwargs)

    return press


def nothing_comes_between() -> None:
    """Let every message do what it sets off before the next one is seen to; asked for once in a process.

    Before its first callback, and at each access to the session within one, Streamlit looks whether another
    message has come, and begins anew with that one: a press that was followed too soon by news was lost.
    """
    begin = SafeSessionState.on_script_will_rerun
    if hasattr(begin, "__wrapped__"):
        return

    @wraps(begin)
    def undisturbed(session: SafeSessionState, *args: Any, **kwargs: Any) -> None:
        heed = session._yield_callback
        object.__setattr__(session, "_yield_callback", lambda: None)
        try:
            begin(session, *args, **kwargs)
        finally:
            object.__setattr__(session, "_yield_callback", heed)

    setattr(SafeSessionState, begin.__name__, undisturbed)
