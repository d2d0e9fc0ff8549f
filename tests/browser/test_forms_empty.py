"""A form that was sent is empty in the browser as well: sending it once more needs new answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pandas as pd
import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import SETTLED, Server, wait_until

pytestmark = [pytest.mark.browser]
WIDE = {"width": 1300, "height": 1000}  # wide enough for the names of the pages to stand at the top
MOMENT, ANOTHER = "Add a moment you remember", "Fill in another one now"


def settled(page: Page) -> None:
    """Wait until the server has answered the last press: the page goes to work, and comes to rest."""
    page.wait_for_timeout(250)
    page.wait_for_selector(SETTLED)


def opened(page: Page, path: str, url: str) -> Page:
    page.goto(f"{url}{path}")
    page.wait_for_selector("h1")
    settled(page)
    return page


def unfold(page: Page, words: str) -> None:
    """Open a part of the page that is folded up; one that is open stays so."""
    summary = page.locator("summary").filter(has_text=words)
    if summary.locator("xpath=..").get_attribute("open") is None:
        summary.click()


def field(page: Page, start: str, name: str) -> Locator:
    """The field of a form, whichever key it has by now: what begins and what ends a key stay the same."""
    return page.locator(f"[class*='st-key-{start}'][class*='_{name} ']")


def choose(place: Locator, words: str) -> None:
    place.get_by_role("radio", name=words, exact=True).click()
    shows(place, words)
    settled(place.page)


def shows(place: Locator, *chosen: str) -> None:
    """Check what is chosen in a field, folded up or not."""
    expect(place.locator("[aria-checked=true]")).to_have_text(list(chosen))


def press(page: Page, words: str) -> None:
    """Press a button of a page that stands still: what was stored draws it once more a moment later."""
    for _ in range(2):
        settled(page)
    page.get_by_role("button", name=words, exact=True).click()
    settled(page)


def says(page: Page, words: str) -> None:
    wait_until(page, f"document.querySelector('[data-testid=stMain]').textContent.includes('{words}')", 10)


def remembered(server: Server) -> pd.DataFrame:
    return server.ask(
        "select code from events where time_quality = 'recalled' "
        "and received_ms > (select min(received_ms) from events) order by seq"
    )


def test_a_remembered_moment_is_stored_once_and_the_next_one_needs_new_answers(
    shared_server: Server, context: BrowserContext
):
    page = opened(context.new_page(), "/", shared_server.url)
    what, came = field(page, "remember", "what"), field(page, "remember", "bracket")
    unfold(page, MOMENT)
    choose(what, "Cries")
    choose(came, "No answer")
    press(page, "Add this moment")
    says(page, "Added: Cries")

    shows(what)
    shows(came)
    unfold(page, MOMENT)
    press(page, "Add this moment")
    says(page, "Choose what you saw.")
    assert remembered(shared_server)["code"].tolist() == ["cry", "none"]


def test_a_half_filled_moment_is_there_again_after_another_page_was_looked_at(
    shared_server: Server, context: BrowserContext
):
    page = context.new_page()
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    opened(page, "/", shared_server.url)
    what = field(page, "remember", "what")
    unfold(page, MOMENT)
    choose(what, "Fusses")
    page.get_by_role("link", name="Settings").click()
    page.wait_for_selector("text=How you like it")
    page.get_by_role("link", name="Today").click()
    page.wait_for_selector(f"text={MOMENT}")
    settled(page)

    shows(what, "Fusses")


def test_after_a_shared_check_in_the_switch_is_off_and_the_next_one_needs_new_answers(
    shared_server: Server, context: BrowserContext
):
    before = len(check_ins(shared_server))
    page = opened(context.new_page(), "/reflect", shared_server.url)
    week, switch = field(page, "rating_weekly_check_in", "week"), field(page, "check_in", "shared")
    if page.locator("summary").filter(has_text=ANOTHER).count():
        unfold(page, ANOTHER)
    choose(week, "Hard")
    switch.locator("label").click()
    expect(switch.locator("input")).to_be_checked()
    settled(page)
    press(page, "Keep this check-in")
    says(page, "Kept. Thank you")

    shows(week)
    expect(switch.locator("input")).not_to_be_checked()
    unfold(page, ANOTHER)
    press(page, "Keep this check-in")
    says(page, "Nothing is answered yet.")
    choose(week, "Good")
    press(page, "Keep this check-in")
    says(page, "Kept. Thank you")
    assert check_ins(shared_server)["shared"].tolist()[before:] == [1, 0]


def check_ins(server: Server) -> pd.DataFrame:
    return server.ask("select shared from ratings where instrument like 'weekly_check_in%' order by seq")


@contextmanager
def cues_come_in(server: Server) -> Iterator[None]:
    """Let another tablet send a cue four times a second, so that the page is drawn anew all the time."""
    over = Event()

    def send() -> None:
        while not over.wait(0.25):
            server.send_cue("fuss")

    tablet = Thread(target=send)
    tablet.start()
    try:
        yield
    finally:
        over.set()
        tablet.join()


def check_ins_one_by_one(page: Page, server: Server, taps: int) -> None:
    """Fill the check-in in five times; each time it is kept once, however often it was tapped."""
    before = len(check_ins(server))
    for times in range(1, 6):
        if page.locator("summary").filter(has_text=ANOTHER).count():
            unfold(page, ANOTHER)
        week = field(page, "rating_weekly_check_in", "week")
        choose(week, "Good")
        page.get_by_role("button", name="Keep this check-in", exact=True).click(click_count=taps)
        shows(week)
        settled(page)

        assert len(check_ins(server)) == before + times
    says(page, "Kept. Thank you")


def test_a_double_tap_is_done_once(shared_server: Server, context: BrowserContext):
    page = opened(context.new_page(), "/reflect", shared_server.url)
    check_ins_one_by_one(page, shared_server, taps=2)


def test_a_press_amid_news_is_done_and_done_once(shared_server: Server, context: BrowserContext):
    page = opened(context.new_page(), "/reflect", shared_server.url)
    with cues_come_in(shared_server):
        check_ins_one_by_one(page, shared_server, taps=1)
