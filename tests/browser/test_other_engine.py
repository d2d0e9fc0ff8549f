"""What a tablet with Safari's engine does: taps, a visit and cards, through a killed server.

The other browser tests run in Chromium. Every browser of an iPad has WebKit: the pages that must never lose
anything are tried in WebKitGTK too, with fingers: pointer actions of the kind "touch".
"""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.common.exceptions import WebDriverException
from selenium.webdriver import WebKitGTK, WebKitGTKOptions
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.actions.pointer_input import PointerInput
from selenium.webdriver.webkitgtk.service import Service

from tests.browser.conftest import NOTHING_WAITS, PORTRAIT, Server
from tests.browser.test_sort_page import draft_of, household, someone, the_child
from tests.browser.test_tap_session import GUARD_S, coded, parts, plan, standing

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore:setting remote_server_addr:DeprecationWarning"),  # selenium of itself
]
DRIVER, SCREEN = "WebKitWebDriver", "Xvfb"
SETTLED = "document.querySelector('[data-testid=stApp][data-test-script-state=notRunning] h1')"
SYNC = "document.querySelector('#sync').textContent"
CONTROLLED = "navigator.serviceWorker.controller !== null"


class Tablet:
    """A browser window of a tablet's size, and a finger."""

    def __init__(self, driver: WebKitGTK) -> None:
        self.driver = driver

    def open(self, url: str, there: str) -> None:
        """Open an address and wait until something is true on its page."""
        self.driver.get(url)
        self.wait(there)

    def wait(self, expression: str, seconds: float = 60) -> None:
        until = time.monotonic() + seconds
        while not self._holds(expression):
            if time.monotonic() > until:
                said = self.look("document.body.innerText.slice(0, 600)")
                pytest.fail(f"Never became true within {seconds} s: {expression}\nThe page says: {said}")
            time.sleep(0.1)

    def look(self, expression: str) -> Any:
        """Return the value of an expression on the page."""
        asked = f"const tell = arguments[0]; Promise.resolve({expression}).then(tell, () => tell(null));"
        return self.driver.execute_async_script(asked)

    def _holds(self, expression: str) -> bool:
        try:
            return bool(self.look(expression))
        except WebDriverException:  # the page is just being left
            return False

    def middle(self, selector: str) -> tuple[int, int]:
        box = self.look(
            f"(() => {{ const one = document.querySelector(`{selector}`); one.scrollIntoViewIfNeeded?.();"
            " const r = one.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()"
        )
        return round(box[0]), round(box[1])

    def tap(self, *selectors: str) -> None:
        for selector in selectors:
            self._finger(self.middle(selector))

    def drag(self, selector: str, to: str) -> None:
        (x0, y0), (x1, y1) = self.middle(selector), self.middle(to)
        self._finger(*((round(x0 + (x1 - x0) * i / 6), round(y0 + (y1 - y0) * i / 6)) for i in range(7)))

    def _finger(self, *way: tuple[int, int]) -> None:
        builder = ActionBuilder(self.driver, mouse=PointerInput("touch", "finger"), duration=40)
        builder.pointer_action.move_to_location(*way[0])
        builder.pointer_action.pointer_down()
        for x, y in way[1:]:
            builder.pointer_action.move_to_location(x, y)
        builder.pointer_action.pointer_up()
        builder.perform()


def need(program: str) -> str:
    found = shutil.which(program)
    if found:
        return found
    if os.environ.get("CAREGIVING_REQUIRE_BROWSER"):
        pytest.fail(f"{program} was not found, and CAREGIVING_REQUIRE_BROWSER says that it must be there")
    pytest.skip(f"{program} was not found; install Debian's packages webkit2gtk-driver and xvfb")


@pytest.fixture(scope="module")
def screen() -> Iterator[str]:
    """A screen that nobody sees; WebKit draws on no other."""
    words = [need(SCREEN), "-displayfd", "1", "-screen", "0", "1100x1100x24", "-nolisten", "tcp"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as running:
        assert running.stdout is not None
        yield f":{running.stdout.readline().strip()}"
        running.terminate()


@pytest.fixture
def tablet(screen: str) -> Iterator[Tablet]:
    """A tablet that has never been here."""
    environment = os.environ | {"DISPLAY": screen, "LIBGL_ALWAYS_SOFTWARE": "1", "TZ": "Europe/Berlin"}
    driver = WebKitGTK(options=WebKitGTKOptions(), service=Service(need(DRIVER), env=environment))
    driver.set_script_timeout(20)
    driver.set_window_rect(0, 0, **PORTRAIT)
    yield Tablet(driver)
    driver.quit()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Server]:
    one = household(tmp_path)
    yield one
    one.kill()


def open_tap(tablet: Tablet, server: Server, button: str) -> None:
    tablet.open(f"{server.url}/tap", f"document.querySelector('[data-code={button}]')?.offsetWidth > 0")


def test_taps_outlive_a_killed_server_and_a_page_loaded_without_it(tablet: Tablet, home: Server):
    open_tap(tablet, home, "cry")
    tablet.wait(CONTROLLED)
    tablet.tap("[data-code=cry]", "[data-code=pick_up]")
    tablet.wait(NOTHING_WAITS)
    home.kill()
    tablet.tap("[data-code=fuss]")
    tablet.wait(f"{SYNC}.includes('1 waiting')")
    open_tap(tablet, home, "cry")
    tablet.tap("[data-code=soothe]", "[data-code=settled]")
    tablet.wait(f"{SYNC}.includes('3 waiting')")
    home.start()
    tablet.wait(f"{SYNC}.includes('All saved')")

    assert home.tapped()["code"].tolist() == ["cry", "pick_up", "fuss", "soothe", "settled"]


def test_a_visit_is_coded_through_a_killed_server_and_a_page_loaded_without_it(tablet: Tablet, home: Server):
    visit = plan(home)
    tablet.open(f"{home.url}/be/{visit.author}", SETTLED)
    tablet.open(f"{home.url}/visit", SETTLED)
    open_tap(tablet, home, "vocalise")
    tablet.wait(CONTROLLED)
    time.sleep(GUARD_S)
    tablet.tap("#visit-start")
    tablet.wait("document.querySelector('#page').dataset.stage === 'running'")
    tablet.tap("[data-code=vocalise]", "[data-code=speech]", "[data-code=vocalise]")
    home.kill()
    tablet.tap("[data-code=smile]")
    tablet.wait(f"{SYNC}.includes('waiting')")
    open_tap(tablet, home, "vocalise")
    tablet.tap("[data-code=reach]")
    home.start()
    tablet.wait(NOTHING_WAITS)
    tablet.tap("#visit-end")
    tablet.wait("document.querySelector('#visit-end-sheet').open")
    tablet.tap("#visit-end-sheet [data-attest=all]")
    tablet.wait("!document.querySelector('#notice').hidden")
    tablet.wait(NOTHING_WAITS)

    rows = standing(home, visit)
    assert rows["code"].tolist() == ["vocalise", "speech", "smile", "reach"]
    assert rows["offset_ms"].notna().tolist() == [True, True, False, False]
    assert parts(home, visit)["attestation"].tolist() == ["all"]
    assert coded(home, visit)["ordinal"].is_unique


def test_cards_are_laid_by_tapping_and_dragging_and_are_there_without_a_server(tablet: Tablet, home: Server):
    address = f"{home.url}/sort?child={the_child(home)}"
    tablet.open(f"{home.url}/be/{someone(home, 'Noor')}", SETTLED)
    tablet.open(address, "document.querySelector('#card')?.offsetWidth > 0")
    tablet.wait(
        "navigator.serviceWorker.getRegistration('/sort').then((one) => one?.active?.state === 'activated')"
    )
    tablet.tap(".target[data-third='3']", ".target[data-third='1']")
    tablet.drag("#card", ".target[data-third='2']")
    tablet.wait("document.querySelector('#thirds-count').textContent === '3 of 90'")
    tablet.wait(f"{SYNC}.includes('Saved')")
    thirds = draft_of(home)["thirds"]
    home.kill()
    tablet.open(address, "document.querySelector('#thirds-count')?.textContent === '3 of 90'")
    tablet.tap(".target[data-third='1']")
    tablet.wait("document.querySelector('#thirds-count').textContent === '4 of 90'")
    home.start()
    tablet.wait(f"{SYNC}.includes('Saved')")

    assert [thirds[str(card)] for card in range(1, 5)] == [3, 1, 2, 0]
    assert draft_of(home)["thirds"]["4"] == 1
