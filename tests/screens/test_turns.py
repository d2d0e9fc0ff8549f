"""What was said after a press stands there until the next turn, however often the page is drawn meanwhile."""

from streamlit.testing.v1 import AppTest


def page() -> None:
    """A page on which one button says something, another one says nothing, and a link leads elsewhere."""
    import streamlit as st

    from caregiving.screens import _turns
    from caregiving.screens._press import once

    def keep() -> None:
        st.session_state["form_done"] = "Kept."

    def nothing() -> None:
        pass

    _turns.on_page(st.session_state.get("where", "today"))
    st.button("keep", on_click=once(keep))
    st.button("nothing", on_click=once(nothing))
    st.text_input("a field")
    if done := _turns.told("form_done"):
        st.success(done)
    st.text(str(_turns.under("form_")))
    for sentence in _turns.told("form_trouble", []):
        st.warning(sentence)


def said(at: AppTest) -> list[str]:
    assert not at.exception
    return [one.value for one in at.success]


def test_what_was_said_stands_there_when_the_page_is_drawn_again():
    at = AppTest.from_function(page).run()
    at.button[0].click().run()
    drawn_at_once = said(at)
    at.run()
    at.text_input[0].input("the next one").run()

    assert drawn_at_once == said(at) == ["Kept."]
    assert at.text[0].value == "['form_done']"


def test_the_next_press_ends_it():
    at = AppTest.from_function(page).run()
    at.button[0].click().run()
    at.button[1].click().run()

    assert said(at) == []
    assert at.text[0].value == "[]"


def test_another_page_ends_it_and_coming_back_does_not_bring_it_again():
    at = AppTest.from_function(page).run()
    at.button[0].click().run()
    at.session_state["where"] = "patterns"
    at.run()
    elsewhere = said(at)
    at.session_state["where"] = "today"
    at.run()

    assert elsewhere == said(at) == []


def test_saying_it_once_more_is_a_turn_of_its_own():
    at = AppTest.from_function(page).run()
    for _ in range(2):
        at.button[0].click().run()
        assert said(at) == ["Kept."]
