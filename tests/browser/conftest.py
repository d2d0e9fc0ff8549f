"""A real server in a process of its own, which can be killed, and a real browser."""

import json
import os
import shutil
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import pandas as pd
import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page
from sqlalchemy import text

from caregiving.store.engine import open_store
from tests.browser.nest import nest
from tests.capture.conftest import tap

SETTLED = "[data-testid=stApp][data-test-script-state=notRunning]"
# On the tap page: no tap is left that the server does not have.
NOTHING_WAITS = """new Promise((tell) => {
  const asked = indexedDB.open("caregiving-tap");
  asked.onsuccess = () => {
    const db = asked.result;
    const count = db.transaction("outbox").objectStore("outbox").count();
    count.onsuccess = () => { db.close(); tell(count.result === 0); };
  };
})"""
PORTRAIT, LANDSCAPE = {"width": 768, "height": 1024}, {"width": 1024, "height": 768}


class Server:
    """The application as a person starts it, in a process, on a port and a folder of its own."""

    def __init__(self, folder: Path, mode: str = "demo") -> None:
        self.folder, self.mode = folder, mode
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        self.process: int | None = None

    def start(self) -> None:
        environment = os.environ | {"CAREGIVING_FOLDER": str(self.folder), "CAREGIVING_MODE": self.mode}
        self.process = nest().start(environment, self.folder / "server.log", self.port)
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                with urlopen(f"{self.url}/healthz", timeout=2) as answer:  # noqa: S310  (our own server)
                    if answer.status == 200:
                        return
            except (URLError, OSError):
                time.sleep(0.05)
        raise RuntimeError(f"the server did not start:\n{(self.folder / 'server.log').read_text()[-2000:]}")

    def kill(self) -> None:
        """End it at once, as a power cut would: no goodbye, nothing flushed."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)
            while True:  # until it is gone for good
                os.kill(self.process, 0)
                time.sleep(0.01)
        self.process = None

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Let it answer nothing for a while, as when the Wi-Fi is bad; what was asked waits."""
        assert self.process is not None, "the server has not been started"
        os.kill(self.process, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.process, signal.SIGCONT)

    def send_cue(self, code: str) -> None:
        """Let another tablet of the household send a cue."""
        with urlopen(f"{self.url}/api/board") as answer:  # noqa: S310  (our own server)
            board = json.load(answer)
        sent = Request(  # noqa: S310  (our own server)
            f"{self.url}/api/events",
            json.dumps({"events": [tap(board, code=code)]}).encode(),
            {"Content-Type": "application/json"},
        )
        with urlopen(sent) as answer:  # noqa: S310  (our own server)
            assert json.load(answer)["refused"] == []

    def ask(self, statement: str, **values: str) -> pd.DataFrame:
        """Return what a statement finds in the database file, with its `:names` filled in."""
        store = open_store(self.folder / f"{self.mode}.sqlite3")
        try:
            with store.reader.begin() as connection:
                found = connection.execute(text(statement), values)
                return pd.DataFrame(found.fetchall(), columns=list(found.keys()))
        finally:
            store.close()

    def tapped(self) -> pd.DataFrame:
        """Return what the browser tapped, in order of arrival: everything after the invented household."""
        return self.ask(
            "select id, code, ordinal, onset_ms, received_ms, supersedes, void from events "
            "where received_ms > (select min(received_ms) from events) order by seq"
        )


@pytest.fixture
def server(tmp_path: Path, chromium: str, invented_household: Callable[[], Path]) -> Iterator[Server]:
    """A server of this test's own, with the invented household."""
    shutil.copy(invented_household(), tmp_path / "demo.sqlite3")
    one = Server(tmp_path)
    one.start()
    yield one
    one.kill()


@pytest.fixture(scope="module")
def shared_server(tmp_path_factory: pytest.TempPathFactory, chromium: str) -> Iterator[Server]:
    """A server for tests that only look; it makes its household itself, as at the first start."""
    one = Server(tmp_path_factory.mktemp("shared"))
    one.start()
    yield one
    one.kill()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    one = browser.new_context(viewport=PORTRAIT, timezone_id="Europe/Berlin", color_scheme="light")  # type: ignore[arg-type]
    yield one
    one.close()


def open_tap(context: BrowserContext, url: str) -> Page:
    """Open the tap page and wait until it can be tapped."""
    page = context.new_page()
    page.goto(f"{url}/tap")
    page.wait_for_selector("[data-code=cry]:visible")
    return page


def middle(page: Page, selector: str) -> tuple[float, float]:
    """Return where a finger would land on an element."""
    box = page.locator(selector).first.bounding_box()
    assert box is not None, f"{selector} is not on the page"
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def taps(page: Page) -> list[dict[str, Any]]:
    """Return what the page measured of every tap."""
    found: list[dict[str, Any]] = page.evaluate("window.caregivingTaps")
    return found


def wait_until(page: Page, expression: str, seconds: float = 30) -> None:
    """Wait until an expression is true on the page; asked from outside, as the page's policy forbids eval."""
    until = time.monotonic() + seconds
    while not _holds(page, expression):
        if time.monotonic() > until:
            said = page.locator("body").inner_text()[:600]
            pytest.fail(f"Never became true within {seconds} s: {expression}\nThe page says: {said}")
        time.sleep(0.05)


def _holds(page: Page, expression: str) -> bool:
    """Tell whether an expression is true now; on a page that is just being left it is not."""
    try:
        return bool(page.evaluate(expression))
    except Error as fault:
        if "Execution context was destroyed" not in fault.message:
            raise
        return False


def wait_saved(page: Page, seconds: float = 30) -> None:
    """Wait until the page says that the server has everything."""
    wait_until(page, "document.querySelector('#sync').textContent.includes('All saved')", seconds)
