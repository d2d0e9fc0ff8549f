"""What a press sets off happens once and whole; and no page forgets to say so."""

import ast
import tomllib
from pathlib import Path

from streamlit.testing.v1 import AppTest

SCREENS = Path(__file__).parents[2] / "caregiving" / "screens"


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


def hurried() -> None:
    """A page that is told of a press while something else wants its turn at every access to the session."""
    import streamlit as st
    from streamlit.runtime.state import SafeSessionState, SessionState

    from caregiving.screens._press import nothing_comes_between

    class Interrupted(Exception):
        pass

    class Session(SessionState):
        def on_script_will_rerun(self, *_: object, **__: object) -> None:
            for number in range(3):
                session[f"write {number}"] = "done"

    def interrupt() -> None:
        raise Interrupted

    nothing_comes_between()
    nothing_comes_between()  # as at every run of the script
    session = SafeSessionState(Session(), interrupt)
    session.on_script_will_rerun(None)
    try:
        session["afterwards"] = "done"
    except Interrupted:
        heeds = True
    else:
        heeds = False
    st.text(f"{len(session.filtered_state)} writes, and then something else has its turn: {heeds}")


def said(page: object) -> str:
    at = AppTest.from_function(page).run(timeout=30)  # type: ignore[arg-type]
    assert not at.exception
    text: str = at.text[0].value
    return text


def test_a_press_that_comes_twice_is_done_once_and_the_next_one_again():
    assert said(pressed_twice) == "first | the next drawing"


def test_what_comes_next_waits_until_all_is_done_that_a_message_sets_off():
    assert said(hurried) == "3 writes, and then something else has its turn: True"


def presses() -> list[tuple[str, ast.expr]]:
    """Return every callback of a button: where it stands, and what is given."""
    found = []
    for path in sorted(SCREENS.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            pairs: list[tuple[object, ast.expr]] = []
            if isinstance(node, ast.Call):
                pairs = [(word.arg, word.value) for word in node.keywords]
            if isinstance(node, ast.Dict):
                keys = (key.value if isinstance(key, ast.Constant) else None for key in node.keys)
                pairs = list(zip(keys, node.values, strict=True))
            found += [(f"{path.name}:{given.lineno}", given) for name, given in pairs if name == "on_click"]
    return found


def test_every_press_on_a_page_is_done_once():
    bare = [
        where
        for where, given in presses()
        if not isinstance(given, ast.Constant)
        and not (isinstance(given, ast.Call) and getattr(given.func, "id", "") == "once")
    ]

    assert len(presses()) > 30
    assert bare == []


def test_no_part_of_a_page_runs_by_a_clock_and_takes_a_press_along_that_then_comes_twice():
    found = {path.name: path.read_text("utf-8") for path in SCREENS.glob("*.py")}
    by_a_clock = {name: text.count("run_every") for name, text in found.items() if "run_every" in text}

    assert by_a_clock == {"main.py": 1}
    assert (
        "@st.fragment(run_every=timedelta(days=1))" in found["main.py"]
    )  # for its return, not for the clock


def test_the_runs_of_a_session_come_one_after_the_other():
    # beside each other, the end of one takes the press away that the other has just brought
    settings = tomllib.loads((SCREENS.parents[1] / ".streamlit" / "config.toml").read_text("utf-8"))

    assert settings["runner"]["fastReruns"] is False
