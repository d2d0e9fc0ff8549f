"""Telling an open page that something new is stored, so that no page has to ask."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final
from uuid import UUID

from anyio import CancelScope, create_task_group
from starlette.concurrency import run_in_threadpool
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from caregiving.capture.guard import Turned, same_site
from caregiving.capture.now import now, store
from caregiving.people import NotAllowed
from caregiving.settings import settings
from caregiving.store.door import viewer_at_door
from caregiving.store.engine import Store
from caregiving.store.events import version

_log = logging.getLogger(__name__)
SHUT: Final = 1008  # what a closed connection says when its asker may not know


class Lookout:
    """One look at the database for all open pages; while no page listens nobody looks."""

    def __init__(self) -> None:
        self.number = 0
        self._listening = 0
        self._heard = asyncio.Condition()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Keep looking while this block runs."""
        async with self._heard:
            self._listening += 1
            self._heard.notify_all()
        try:
            yield
        finally:
            self._listening -= 1

    async def after(self, number: int) -> None:
        """Wait until something was written since the look with that number."""
        async with self._heard:
            await self._heard.wait_for(lambda: self.number != number)

    async def look(self, seen: Store, every_s: float) -> None:
        """Look again and again, until it is cancelled; a look that fails is only put off."""
        while True:
            try:
                await self._look(seen, every_s)
            except Exception:
                _log.exception("Looking for news failed; another try follows.")
                await asyncio.sleep(every_s)

    async def _look(self, seen: Store, every_s: float) -> None:
        commits = await run_in_threadpool(seen.commits)
        try:
            while True:
                async with self._heard:
                    await self._heard.wait_for(lambda: self._listening > 0)
                number = await run_in_threadpool(commits.number)
                if number != self.number:
                    async with self._heard:
                        self.number = number
                        self._heard.notify_all()
                await asyncio.sleep(every_s)
        finally:
            commits.close()


_at_work: Final[list[Lookout]] = []  # of the application that runs in this process


@asynccontextmanager
async def looking() -> AsyncIterator[None]:
    """Look out for what is written while the application runs."""
    lookout = Lookout()
    task = asyncio.create_task(lookout.look(store(), settings().pulse_s))
    _at_work.append(lookout)
    try:
        yield
    finally:
        _at_work.remove(lookout)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _known(socket: WebSocket, family: UUID) -> int | None:
    """Return the number of what the asker may see of the family, None when they may see nothing."""
    viewer = viewer_at_door(store(), socket.cookies, settings().mode, now())
    try:
        return None if viewer is None else version(store(), viewer, family)
    except NotAllowed:
        return None


async def tell(socket: WebSocket) -> None:
    """GET /news/FAMILY, upgraded: say the number of what is stored now, and each other one from then on."""
    try:
        same_site(socket)
        family = UUID(socket.path_params["family"])
    except (Turned, ValueError):
        await socket.close(SHUT)
        return
    await socket.accept()
    async with create_task_group() as both:
        both.start_soon(_tell, socket, family, _at_work[-1], both.cancel_scope)
        await _gone(socket)
        both.cancel_scope.cancel()


async def _gone(socket: WebSocket) -> None:
    """Wait until the page is gone. It has nothing to say, and what it says is not heard."""
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass


async def _tell(socket: WebSocket, family: UUID, lookout: Lookout, listening: CancelScope) -> None:
    said = None
    async with lookout.listening():
        while True:
            number = lookout.number
            known = await run_in_threadpool(_known, socket, family)
            if known is None:
                await socket.close(SHUT)
                listening.cancel()
                return
            if known != said:
                with suppress(WebSocketDisconnect):  # the page has just gone, which `_gone` hears too
                    await socket.send_json({"version": known})
                said = known
            await lookout.after(number)


routes = [WebSocketRoute("/news/{family}", tell)]
