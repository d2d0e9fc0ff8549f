"""Coming in and going out: the passphrase page of a real household, the switch between invented people."""

import secrets
from html import escape
from typing import Final
from uuid import UUID

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from caregiving.capture.guard import Turned, same_site
from caregiving.capture.now import now, now_ms, store
from caregiving.people import Viewer
from caregiving.settings import Mode, settings
from caregiving.store.door import (
    DEMO_COOKIE,
    STAYS_MS,
    TOKEN_COOKIE,
    Locked,
    hand_over,
    sign_in,
    sign_out,
    viewer_at_door,
)

LONGEST: Final = 1000
PAGE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sign in</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="/icons/app.svg">
<link rel="stylesheet" href="/palette.css"><link rel="stylesheet" href="/enter.css">
</head><body><main><h1>Welcome back</h1>
<p>This household's log opens with its passphrase.</p>
<form method="post" action="/enter">
<label for="passphrase">Passphrase</label>
<input id="passphrase" name="passphrase" type="password" autocomplete="current-password" required autofocus>
<p role="alert">{trouble}</p>
<button type="submit">Sign in</button></form></main></body></html>"""
POLICY: Final = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
HEADERS: Final = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}


def who(request: Request, otherwise: str) -> Viewer:
    """Return who asks, or turn them away with a sentence.

    Raises
    ------
    Turned
        401, when nobody is signed in.
    """
    viewer = viewer_at_door(store(), request.cookies, settings().mode, now())
    if viewer is None:
        raise Turned(401, otherwise)
    return viewer


def _page(trouble: str = "", status: int = 200) -> Response:
    return HTMLResponse(PAGE.format(trouble=escape(trouble)), status_code=status, headers=HEADERS)


def _welcome(request: Request, token: str) -> Response:
    answer = RedirectResponse("/", status_code=303)
    secure = request.url.scheme == "https"
    answer.set_cookie(
        TOKEN_COOKIE, token, max_age=STAYS_MS // 1000, httponly=True, samesite="lax", secure=secure
    )
    return answer


async def ask(_: Request) -> Response:
    """GET /enter: the passphrase page; in the demo there is no door."""
    return RedirectResponse("/", status_code=303) if settings().mode is Mode.DEMO else _page()


async def enter(request: Request) -> Response:
    """POST /enter: let somebody in when the passphrase is right."""
    same_site(request)
    async with request.form(max_fields=2, max_part_size=LONGEST * 4) as form:
        passphrase = str(form.get("passphrase", ""))[:LONGEST]
    token = secrets.token_urlsafe(32)
    try:
        member = await run_in_threadpool(sign_in, store(), passphrase, token, now_ms())
    except Locked as shut:
        return _page(str(shut), 429)
    if member is None:
        return _page("That is not the passphrase. Nothing is lost; try again.", 401)
    return _welcome(request, token)


async def leave(request: Request) -> Response:
    """GET /leave: sign out on this device. Taps that wait on it stay there."""
    same_site(request)
    await run_in_threadpool(sign_out, store(), request.cookies.get(TOKEN_COOKIE, ""), now_ms())
    answer = RedirectResponse("/enter", status_code=303)
    answer.delete_cookie(TOKEN_COOKIE)
    return answer


async def be(request: Request) -> Response:
    """GET /be/MEMBER: hand over to somebody else: in the demo anybody, at home whom the household lets in."""
    same_site(request)
    try:
        member = UUID(request.path_params["member"])
    except ValueError:
        return JSONResponse({"why": "There is no such person here."}, status_code=404)
    if settings().mode is Mode.DEMO:
        answer = RedirectResponse("/", status_code=303)
        secure = request.url.scheme == "https"
        answer.set_cookie(DEMO_COOKIE, str(member), httponly=True, samesite="lax", secure=secure)
        return answer
    viewer = await run_in_threadpool(viewer_at_door, store(), request.cookies, settings().mode, now())
    token, old = secrets.token_urlsafe(32), request.cookies.get(TOKEN_COOKIE, "")
    if viewer is None or not await run_in_threadpool(
        hand_over, store(), viewer, member, token, now_ms(), old_token=old
    ):
        return JSONResponse({"why": "There is no such person here."}, status_code=404)
    return _welcome(request, token)


routes = [
    Route("/enter", ask, methods=["GET"]),
    Route("/enter", enter, methods=["POST"]),
    Route("/leave", leave, methods=["GET"]),
    Route("/be/{member}", be, methods=["GET"]),
]
