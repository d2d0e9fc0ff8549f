"""The application: Streamlit's pages, and beside them on the same port the tap page and the routes for taps.

Start it with `streamlit run app.py`.
"""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Thread

import streamlit as st

from caregiving.capture.routes import exception_handlers, lifespan, routes
from caregiving.screens._pages import pages


def _load() -> None:
    """Load what the first page needs while nobody waits for it yet."""
    pages()
    gc.freeze()  # Streamlit collects garbage after every run; what is loaded by now is not looked at again


@asynccontextmanager
async def _open(whole: object) -> AsyncIterator[None]:
    async with lifespan(whole):
        Thread(target=_load, name="pages", daemon=True).start()
        yield


app = st.App(
    "caregiving/screens/main.py", routes=routes, lifespan=_open, exception_handlers=exception_handlers
)
