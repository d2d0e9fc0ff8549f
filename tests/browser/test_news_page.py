"""Open pages hear of what is stored, and of a server that comes back; they never ask."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, WebSocket, expect

from tests.browser.conftest import SETTLED, Server, wait_until
from tests.browser.test_pages import LINES

pytestmark = [pytest.mark.browser]
AWAY = "[data-test-connection-state]:not([data-test-connection-state=CONNECTED])"
HIDDEN = """
let away = false;
Object.defineProperty(document, "hidden", { get: () => away });
window.look = (elsewhere) => { away = elsewhere; document.dispatchEvent(new Event("visibilitychange")); };
"""


def today(context: BrowserContext, server: Server) -> Page:
    page = context.new_page()
    page.goto(server.url)
    page.wait_for_selector("h1")
    rest(page)
    return page


def rest(page: Page) -> None:
    """Wait until the page has come to rest after it was loaded or drawn anew."""
    for _ in range(3):
        page.wait_for_timeout(250)
        page.wait_for_selector(SETTLED)


def shows_newest(page: Page, words: str) -> None:
    wait_until(page, f"({LINES}[0]?.innerText ?? '').includes('{words}')", 10)


@pytest.fixture
def said(context: BrowserContext) -> Iterator[list[str]]:
    """What the pages of the context say to the server over their websockets."""
    messages: list[str] = []

    def watch(socket: WebSocket) -> None:
        socket.on("framesent", lambda _: messages.append(socket.url))

    context.on("page", lambda page: page.on("websocket", watch))
    yield messages


def test_a_page_that_nobody_touches_says_nothing_and_asks_once_when_there_is_news(
    shared_server: Server, context: BrowserContext, said: list[str]
):
    page = today(context, shared_server)
    said.clear()
    page.wait_for_timeout(3000)
    asked_in_silence = len(said)
    shared_server.send_cue("root")
    shows_newest(page, "Looks for milk")
    rest(page)

    assert asked_in_silence == 0
    assert len(said) == 1


def test_a_page_that_nobody_looks_at_is_drawn_when_somebody_comes_back(
    shared_server: Server, context: BrowserContext, said: list[str]
):
    context.add_init_script(HIDDEN)
    page = today(context, shared_server)
    said.clear()
    page.evaluate("look(true)")
    for _ in range(3):
        shared_server.send_cue("cry")
        page.wait_for_timeout(500)
    asked_unseen = len(said)
    page.evaluate("look(false)")
    shows_newest(page, "Cries")

    assert asked_unseen == 0


@pytest.mark.parametrize("later_s", [0, 0.3, 2])
def test_after_the_server_was_away_the_first_press_counts_whenever_it_comes_and_news_is_heard(
    server: Server, context: BrowserContext, later_s: float
):
    page = today(context, server)
    page.locator("summary").filter(has_text="Add a moment you remember").click()
    server.kill()
    page.wait_for_selector(AWAY)
    server.start()
    expect(page.locator(AWAY)).to_have_count(0, timeout=30_000)
    page.wait_for_timeout(later_s * 1000)
    page.get_by_role("button", name="Add this moment", exact=True).click()
    page.get_by_text("Choose what you saw.").wait_for(timeout=20_000)

    server.send_cue("cry")
    shows_newest(page, "Cries")
