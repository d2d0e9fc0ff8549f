"""The real application behind a test client, and an event as a tablet sends it."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from caregiving import settings as knobs
from caregiving.capture.routes import exception_handlers, lifespan, routes
from caregiving.settings import Settings
from caregiving.store.engine import opened


def client_for(monkeypatch: pytest.MonkeyPatch, folder: Path, mode: str) -> Iterator[TestClient]:
    knobs.settings.cache_clear()
    opened.cache_clear()
    monkeypatch.setenv("CAREGIVING_FOLDER", str(folder))
    monkeypatch.setenv("CAREGIVING_MODE", mode)
    app = Starlette(routes=routes, lifespan=lifespan, exception_handlers=exception_handlers)
    with TestClient(app, base_url="http://localhost:8501") as client:
        yield client
    opened(Settings().database).close()
    knobs.settings.cache_clear()
    opened.cache_clear()


@pytest.fixture
def demo(monkeypatch, tmp_path, invented_household) -> Iterator[TestClient]:
    shutil.copy(invented_household(), tmp_path / "demo.sqlite3")
    yield from client_for(monkeypatch, tmp_path, "demo")


def tap(board: dict, **changes: object) -> dict[str, object]:
    now_ms = int(time.time() * 1000)
    return {
        "type": "event",
        "id": str(uuid4()),
        "family": board["family"],
        "child": board["children"][0]["id"],
        "window": None,
        "instrument": board["instrument"],
        "actor": "infant",
        "code": "cry",
        "onset_ms": now_ms,
        "offset_ms": None,
        "zone": "Europe/Berlin",
        "utc_offset_min": 60,
        "elapsed_ms": None,
        "wall_ms": now_ms,
        "skew_ms": None,
        "time_quality": "tapped",
        "caregiver": None,
        "author": board["member"],
        "device": str(uuid4()),
        "ordinal": 1,
        "supersedes": None,
        "void": False,
        "reason": None,
        "modifiers": {},
    } | changes
