"""Shared by all tests: where the real data lies, and a browser when one is there."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, Playwright, sync_playwright
from xdist.scheduler import LoadScopeScheduling

from caregiving import demo
from caregiving.store.engine import open_store

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT.parent / "shared" / "fixtures"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MEASURED = "measured"

settings.register_profile("plain", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("plain")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--every-view", action="store_true", help="draw every household by day, by night and at dusk"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out views that repeat others: two weeks are drawn by day and by night, other households once."""
    if config.getoption("--every-view"):
        return
    left_out = [item for item in items if _repeats(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


class TwoBrowsers(LoadScopeScheduling):
    """Deal out tests one by one, but those that drive a browser in two lots, each to one worker.

    One lot taps, sorts and measures; the other looks at pages. They are told by their names: the mark
    `xdist_group` works by renaming tests, which the present pytest no longer lets happen.
    """

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(
            ("tests/browser/test_tap", "tests/browser/test_sort", "tests/browser/test_whole")
        ):
            return "fingers"
        looks = nodeid.startswith("tests/browser/") or "in_a_browser" in nodeid
        return "eyes" if looks else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> TwoBrowsers:
    """Say how tests are dealt out to the workers."""
    return TwoBrowsers(config, log)


def _repeats(item: pytest.Item) -> bool:
    view = getattr(getattr(item, "callspec", None), "params", {})
    if view.get("lived_in") == "swinging":  # drawn by the same code as the two weeks
        return True
    if not {"lived_in", "who", "views"} <= set(view):
        return False
    if view["lived_in"] == "weeks":
        return len(view["views"]) == 1
    schemes = [scheme for scheme, _ in view["views"]]
    return not view["who"].startswith("Ada") or schemes != ["dark" if view["lived_in"] == "day" else "light"]


@pytest.fixture(scope="session")
def fixtures() -> Path:
    """The folder with data of others, which is not part of this project."""
    if not FIXTURES.is_dir():
        pytest.skip("the folder with real data (shared/fixtures beside the repository) is not here")
    return FIXTURES


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which nothing is stored: tests take a copy, since making one takes longer."""
    path = tmp_path_factory.mktemp("empty") / "empty.sqlite3"
    open_store(path).close()
    return path


@pytest.fixture(scope="session")
def invented_household(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """The database of two invented weeks that end now; made anew when the hour has changed."""
    folder = tmp_path_factory.mktemp("invented")

    def database() -> Path:
        now = datetime.now(UTC)
        path = folder / f"{now:%Y-%m-%d-%H}.sqlite3"
        if not path.exists():
            store = open_store(path)
            demo.seed(store, now, days=14)
            store.close()
        return path

    return database


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; without one the browser tests are skipped, or fail where one is required."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found:
        return found
    if os.environ.get("CAREGIVING_REQUIRE_BROWSER"):
        pytest.fail("no Chromium was found, and CAREGIVING_REQUIRE_BROWSER says that there must be one")
    pytest.skip("no Chromium was found; install Debian's package chromium to run the browser tests")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    running = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
    yield running
    running.close()


@pytest.fixture
def measured(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Write down a figure that a test measured; all of them are printed at the end of the run."""
    return lambda sentence: request.node.user_properties.append((MEASURED, sentence))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was measured, with its bar: on shared machines a figure is told, not asserted."""
    reports = [report for key in ("passed", "failed") for report in terminalreporter.getreports(key)]
    lines = {value for report in reports for name, value in report.user_properties if name == MEASURED}
    if lines:
        terminalreporter.section("measured")
        for line in sorted(lines):
            terminalreporter.line(line)
