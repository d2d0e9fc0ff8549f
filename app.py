"""The application: Streamlit's pages, and beside them on the same port the tap page and the routes for taps.

Start it with `streamlit run app.py`.
"""

import gc

import streamlit as st

from caregiving.capture.routes import exception_handlers, lifespan, routes

gc.freeze()  # Streamlit collects garbage after every run; what is loaded by now need not be looked at again

app = st.App(
    "caregiving/screens/main.py", routes=routes, lifespan=lifespan, exception_handlers=exception_handlers
)
