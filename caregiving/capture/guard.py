"""Who may speak to our own routes: the same site only, JSON only, and not too much at once.

Streamlit's cross-site protection covers its own routes and none of ours.
"""

import json
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection, Request

MOST_BYTES: Final = 1_000_000


class Turned(Exception):
    """A request that is not let in: status and a sentence."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


def same_site(request: HTTPConnection) -> None:
    """Turn away a request that another site made the browser send.

    Raises
    ------
    Turned
        403, when the browser says it comes from elsewhere.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise Turned(403, "This request came from another site and was not read.")
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise Turned(403, "This request came from another site and was not read.")


async def json_body(request: Request) -> Any:
    """Return the request's JSON, read no further than the limit.

    Raises
    ------
    Turned
        415 when it is not JSON by its header, 413 when it is too long, 400 when it cannot be parsed.
    """
    if request.headers.get("content-type", "").split(";")[0].strip() != "application/json":
        raise Turned(415, "Send JSON, with the header Content-Type: application/json.")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise Turned(413, f"More than {MOST_BYTES} bytes at once; send fewer events in one request.")
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as reason:
        raise Turned(400, f"This is not JSON: {reason}.") from reason
