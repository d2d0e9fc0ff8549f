"""The routes beside Streamlit: taps in, the time, the board, the tap page's files, and the door."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import fontpkg_noto_sans_arabic
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from caregiving import demo, palette
from caregiving.capture import door, news, sorts
from caregiving.capture.board import board
from caregiving.capture.guard import Turned, json_body, same_site
from caregiving.capture.now import now, now_ms, store
from caregiving.people import Viewer
from caregiving.settings import STATIC, Mode, settings
from caregiving.store.events import Receipt, ingest

MOST_ITEMS: Final = 200
KINDS: Final = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".ttf": "font/ttf",
    ".webmanifest": "application/manifest+json",
    ".txt": "text/plain; charset=utf-8",
}
PAGES: Final = {"tap.html": "/tap", "sort.html": "/sort"}
ARABIC: Final = next((fontpkg_noto_sans_arabic.ROOT / "files").glob("*.ttf"))
POLICY: Final = (
    "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)


@asynccontextmanager
async def lifespan(_: object) -> AsyncIterator[None]:
    """Open the database before the first request, with the invented household in demo mode."""
    await run_in_threadpool(_prepare)
    async with news.looking():
        yield


def _prepare() -> None:
    if settings().mode is Mode.DEMO:
        demo.seed(store(), now())
    else:
        store()


def _who(request: Request) -> Viewer:
    return door.who(request, "Please sign in again. Nothing you tapped is lost.")


async def take_events(request: Request) -> Response:
    """POST /api/events: store what the tablet tapped; say by id what is stored and what is refused."""
    same_site(request)
    viewer = await run_in_threadpool(_who, request)
    sent = await json_body(request)
    if not isinstance(sent, dict) or set(sent) != {"events"} or not isinstance(sent["events"], list):
        raise Turned(400, 'Send {"events": [...]} and nothing else.')
    if len(sent["events"]) > MOST_ITEMS:
        raise Turned(413, f"{len(sent['events'])} events at once; send at most {MOST_ITEMS} in one request.")
    receipt: Receipt = await run_in_threadpool(ingest, store(), viewer, sent["events"], now_ms())
    refused = [{"id": r.id, "why": r.why} for r in receipt.refused]
    return JSONResponse({"stored": list(receipt.stored), "refused": refused})


async def show_board(request: Request) -> Response:
    """GET /api/board: what the tap page needs to draw itself."""
    viewer = await run_in_threadpool(_who, request)
    seen = await run_in_threadpool(board, store(), viewer, settings().mode, now_ms())
    return JSONResponse(seen, headers={"Cache-Control": "no-store"})


async def tell_time(_: Request) -> Response:
    """GET /api/time: the server's clock, so that a tablet can tell how far its own is off."""
    return JSONResponse({"server_ms": now_ms()}, headers={"Cache-Control": "no-store"})


async def healthz(_: Request) -> Response:
    """GET /healthz: 200 when the database answers."""
    await run_in_threadpool(store().ping)
    return JSONResponse({"ok": True})


def _file(path: Path) -> Any:
    """Return a handler that serves one file of the pages for the tablet."""

    async def serve(_: Request) -> Response:
        headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
        if path.suffix == ".html":
            headers["Content-Security-Policy"] = POLICY
        if path.name == "sw.js":
            headers["Service-Worker-Allowed"] = "/"
        return FileResponse(path, media_type=KINDS[path.suffix], headers=headers)

    return serve


async def colours(_: Request) -> Response:
    """GET /palette.css: the palette, as the charts know it too."""
    return Response(
        palette.css(), media_type="text/css; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )


async def turned_away(_: Request, why: Exception) -> Response:
    """Answer a request that was turned away with its sentence."""
    if not isinstance(why, Turned):
        raise why
    return JSONResponse({"why": why.why}, status_code=why.status)


def _pages() -> list[BaseRoute]:
    files = sorted(p for p in STATIC.rglob("*") if p.is_file() and p.suffix in KINDS)
    names = {p: PAGES.get(p.name, f"/{p.relative_to(STATIC).as_posix()}") for p in files}
    names[ARABIC] = "/fonts/noto-sans-arabic.ttf"
    return [Route(name, _file(path), methods=["GET"]) for path, name in names.items()]


exception_handlers = {Turned: turned_away}
routes: list[BaseRoute] = [
    Route("/api/events", take_events, methods=["POST"]),
    Route("/api/board", show_board, methods=["GET"]),
    Route("/api/time", tell_time, methods=["GET"]),
    Route("/healthz", healthz, methods=["GET"]),
    *door.routes,
    *news.routes,
    *sorts.routes,
    Route("/palette.css", colours, methods=["GET"]),
    *_pages(),
]
