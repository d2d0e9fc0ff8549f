"""What an open page is told of what is stored, over the websocket that the real application serves."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from caregiving.capture.news import Lookout
from caregiving.settings import Settings
from caregiving.store.door import DEMO_COOKIE
from caregiving.store.engine import open_store, opened
from caregiving.store.events import ingest
from caregiving.store.people import members, viewer_of
from tests.capture.conftest import client_for, tap
from tests.capture.test_routes import send


def board_of(client: TestClient) -> dict[str, Any]:
    board: dict[str, Any] = client.get("/api/board").json()
    return board


def listen(client: TestClient, family: str, **headers: str) -> WebSocketTestSession:
    session: WebSocketTestSession = client.websocket_connect(f"/news/{family}", headers=headers)
    return session


def hears(page: WebSocketTestSession) -> int:
    told = page.receive_json()
    assert list(told) == ["version"]  # that something is new, and never what
    return int(told["version"])


def turned_away(client: TestClient, family: str, **headers: str) -> int:
    with pytest.raises(WebSocketDisconnect) as shut, listen(client, family, **headers) as page:
        page.receive_json()
    return shut.value.code


def as_person(alias: str) -> dict[str, str]:
    """The cookie of somebody's own tablet."""
    who = next(m for m in members(opened(Settings().database)) if m.alias == alias)
    return {"cookie": f"{DEMO_COOKIE}={who.id}"}


def test_a_page_is_told_at_once_what_holds_and_again_when_something_is_stored(demo):
    board = board_of(demo)
    with listen(demo, board["family"]) as page:
        before = hears(page)
        send(demo, tap(board))
        after = hears(page)
        send(demo, tap(board), tap(board))

        assert before < after < hears(page)


def test_two_pages_are_both_told(demo):
    board = board_of(demo)
    with listen(demo, board["family"]) as one, listen(demo, board["family"]) as other:
        before = hears(one), hears(other)
        send(demo, tap(board))

        assert (hears(one), hears(other)) == (before[0] + 1, before[1] + 1)


def test_what_another_program_writes_into_the_database_is_heard_too(demo):
    board = board_of(demo)
    with listen(demo, board["family"]) as page:
        before = hears(page)
        elsewhere = open_store(Settings().database)
        ada = next(m for m in members(elsewhere) if str(m.id) == board["member"])
        ingest(elsewhere, viewer_of(elsewhere, ada.id, datetime.now(UTC)), [tap(board)], 1)
        elsewhere.close()

        assert hears(page) == before + 1


def test_a_page_that_listens_again_after_a_break_is_told_what_it_missed(demo):
    board = board_of(demo)
    with listen(demo, board["family"]) as page:
        before = hears(page)
    send(demo, tap(board))
    with listen(demo, board["family"]) as page:
        assert hears(page) == before + 1


@pytest.mark.parametrize(
    "headers", [{"origin": "https://elsewhere.example"}, {"sec-fetch-site": "cross-site"}], ids=str
)
def test_a_page_of_another_site_hears_nothing(demo, headers):
    assert turned_away(demo, board_of(demo)["family"], **headers) == 1008


@pytest.mark.parametrize("family", ["nobody", "7d444840-9dc0-11d1-b245-5ffdce74fad2"])
def test_a_family_that_is_not_there_or_not_ones_own_says_nothing(demo, family):
    assert turned_away(demo, family) == 1008


def test_somebody_who_is_not_signed_in_hears_nothing(monkeypatch, tmp_path):
    for client in client_for(monkeypatch, tmp_path, "home"):
        assert turned_away(client, "7d444840-9dc0-11d1-b245-5ffdce74fad2") == 1008


def test_a_visitor_whose_consent_ends_hears_no_more(demo, monkeypatch):
    board = board_of(demo)
    with listen(demo, board["family"], **as_person("Noor")) as page:
        hears(page)
        later = datetime.now(UTC) + timedelta(days=4000)
        monkeypatch.setattr("caregiving.capture.news.now", lambda: later)
        send(demo, tap(board))

        with pytest.raises(WebSocketDisconnect):
            page.receive_json()


def test_while_no_page_listens_nobody_looks(demo):
    store, looks = opened(Settings().database), []

    class Counted:
        def commits(self) -> Any:
            return self

        def number(self) -> int:
            looks.append(time.monotonic())
            return 1

        def close(self) -> None:
            looks.append(0.0)

    async def run() -> tuple[int, int]:
        lookout = Lookout()
        task = asyncio.create_task(lookout.look(Counted(), 0.01))  # type: ignore[arg-type]
        await asyncio.sleep(0.1)
        before = len(looks)
        async with lookout.listening():
            await asyncio.sleep(0.2)
        during = len(looks)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return before, during

    with start_blocking_portal() as elsewhere:  # where a browser is at work this thread has a loop already
        before, during = elsewhere.call(run)
    assert before == 0
    assert during > 3
    assert looks[-1] == 0.0  # the connection was given back
    assert store.ping() is None


def test_a_look_that_fails_is_put_off_and_the_news_comes_with_the_next_one(caplog):
    class Disturbed:
        looks = 0

        def commits(self) -> Any:
            return self

        def number(self) -> int:
            self.looks += 1
            if self.looks == 1:
                raise OSError("the disk was away for a moment")
            return 7

        def close(self) -> None:
            pass

    async def run() -> int:
        lookout = Lookout()
        task = asyncio.create_task(lookout.look(Disturbed(), 0.01))  # type: ignore[arg-type]
        async with lookout.listening():
            await asyncio.wait_for(lookout.after(0), 5)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return lookout.number

    with start_blocking_portal() as elsewhere:
        assert elsewhere.call(run) == 7
    assert "another try follows" in caplog.text
