"""What a press sets off happens once and whole; and no page forgets to say so."""

import ast
from pathlib import Path

from streamlit.testing.v1 import AppTest

SCREENS = Path(__file__).parents[2] / "caregiving" / "screens"
WRAPPED = {"on_click": "once", "on_change": "whole"}


def pressed_twice() -> None:
    """A page on which one drawing of a button is pressed twice, and then the next drawing of it."""
    import streamlit as st

    from caregiving.screens._press import once

    made: list[str] = []
    drawn = once(made.append)
    drawn("first")
    drawn("the same press again")
    once(made.append)("the next drawing")
    st.text(" | ".join(made))


def cut_off() -> None:
    """A page on which something else wants its turn at every access to the session."""
    import streamlit as st
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    from caregiving.screens._press import once, whole

    class Interrupted(Exception):
        pass

    def interrupt() -> None:
        raise Interrupted

    def work(name: str) -> None:
        st.session_state[name] = "begun"
        st.session_state[name] = "done"

    press, change = once(work), whole(work)
    session = get_script_run_ctx().session_state  # type: ignore[union-attr]
    before = session._yield_callback
    object.__setattr__(session, "_yield_callback", interrupt)
    press("press")
    change("change")
    try:
        work("bare")
    except Interrupted:
        cut = True
    else:
        cut = False
    heeds = session._yield_callback is interrupt
    object.__setattr__(session, "_yield_callback", before)
    st.text(f"{st.session_state['press']}, {st.session_state['change']}, bare work cut off: {cut}, {heeds}")


def beside_each_other() -> None:
    """A page on which two runs press one drawing of a button at the same moment."""
    from threading import Barrier, Thread
    from time import sleep

    import streamlit as st
    from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx

    from caregiving.screens._press import once

    made: list[str] = []

    def work(name: str) -> None:
        sleep(0.1)
        made.append(name)

    press, together = once(work), Barrier(2)

    def run(name: str) -> None:
        together.wait()
        press(name)
        made.append("its run goes on")

    runs = [Thread(target=run, args=["the press"]) for _ in range(2)]
    for one in runs:
        add_script_run_ctx(one, get_script_run_ctx())
        one.start()
    for one in runs:
        one.join()
    st.text(" | ".join(made))


def looking_out() -> None:
    """A page whose run only looks out for news, with a press that came along."""
    import streamlit as st
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    from caregiving.screens._press import once, whole

    made: list[str] = []
    context = get_script_run_ctx()
    context.fragment_ids_this_run = ["the look out"]  # type: ignore[union-attr]
    press = once(made.append)
    press("along with the look out")
    whole(made.append)("a change comes along only once")
    context.fragment_ids_this_run = None  # type: ignore[union-attr]
    press("by itself")
    st.text(" | ".join(made))


def said(page: object) -> str:
    at = AppTest.from_function(page).run(timeout=30)  # type: ignore[arg-type]
    assert not at.exception
    text: str = at.text[0].value
    return text


def test_a_press_that_comes_twice_is_done_once_and_the_next_one_again():
    assert said(pressed_twice) == "first | the next drawing"


def test_of_two_runs_beside_each_other_one_does_the_work_and_the_other_waits_for_it():
    assert said(beside_each_other) == "the press | its run goes on | its run goes on"


def test_what_comes_next_waits_until_a_press_or_a_change_is_done():
    assert said(cut_off) == "done, done, bare work cut off: True, True"


def test_a_press_that_came_along_with_the_look_out_waits_for_itself():
    assert said(looking_out) == "a change comes along only once | by itself"


def callbacks() -> list[tuple[str, str, ast.expr]]:
    """Return every callback on a page: where it stands, on what, and what is given."""
    found = []
    for path in sorted(SCREENS.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            pairs: list[tuple[object, ast.expr]] = []
            if isinstance(node, ast.Call):
                pairs = [(word.arg, word.value) for word in node.keywords]
            if isinstance(node, ast.Dict):
                keys = (key.value if isinstance(key, ast.Constant) else None for key in node.keys)
                pairs = list(zip(keys, node.values, strict=True))
            found += [(f"{path.name}:{v.lineno}", str(n), v) for n, v in pairs if n in WRAPPED]
    return found


def test_every_callback_of_a_page_is_done_once_or_whole():
    bare = [
        where
        for where, on, given in callbacks()
        if not isinstance(given, ast.Constant)
        and not (isinstance(given, ast.Call) and getattr(given.func, "id", "") == WRAPPED[on])
    ]

    assert len(callbacks()) > 50
    assert bare == []


def test_nothing_but_the_look_out_for_news_runs_apart_from_its_page():
    # `once` takes any such run for the look out: a button in another part of its own would never be heard
    apart = [path.name for path in SCREENS.glob("*.py") if "st.fragment" in path.read_text(encoding="utf-8")]

    assert apart == ["main.py"]
