"""What a press sets off happens, once and whole, whatever comes next.

A double tap comes twice, and both were meant for the button that was to be seen; so `once` does the work of
a press that was drawn a single time. And Streamlit drops what a message brought, or cuts its callbacks off
between two writes, when the next message comes too soon; `nothing_comes_between` sees to that. A page may
also have stood open while the server was away: a press that comes before the server has drawn anything
meets no button that it knows, and would do nothing. Such a press is put aside, and `do_late_presses` does
it once the page is drawn.
"""

from collections.abc import Callable
from functools import wraps
from threading import local
from typing import Any, Final, ParamSpec

from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx
from streamlit.runtime.state import SafeSessionState

from caregiving.screens._turns import next_turn

P = ParamSpec("P")
_late: Final = local()  # of this thread, which runs one session's script: presses by the id of their button


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
    def undisturbed(session: SafeSessionState, sent: WidgetStates | None, *args: Any, **kwargs: Any) -> None:
        known = session._state._new_widget_state.widget_metadata
        pressed = [one for one in sent.widgets if one.trigger_value] if sent else []
        _late.pressed = _waiting() | {one.id: one for one in pressed if one.id not in known}
        heed = session._yield_callback
        object.__setattr__(session, "_yield_callback", lambda: None)
        try:
            begin(session, sent, *args, **kwargs)
        finally:
            object.__setattr__(session, "_yield_callback", heed)

    setattr(SafeSessionState, begin.__name__, undisturbed)


def _waiting() -> dict[str, Any]:
    found: dict[str, Any] = getattr(_late, "pressed", {})
    return found


def do_late_presses() -> None:
    """Do what was pressed before this server had drawn the button; to be called when the page is drawn."""
    pressed, ctx = _waiting(), get_script_run_ctx()
    if not pressed or ctx is None or ctx.script_requests is None:
        return
    _late.pressed = {}
    known = ctx.session_state._state._new_widget_state.widget_metadata
    drawn = [one for name, one in pressed.items() if name in known]
    others = [one for one in ctx.session_state.get_widget_states() if one.id not in pressed]
    if drawn:
        again = WidgetStates(widgets=[*others, *drawn])
        ctx.script_requests.request_rerun(
            RerunData(
                query_string=ctx.query_string, page_script_hash=ctx.page_script_hash, widget_states=again
            )
        )
