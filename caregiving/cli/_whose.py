"""Whose database a command means when nobody says it: the real household's, else the invented one's."""

from pathlib import Path
from typing import Annotated

import typer

from caregiving.cli._folder import settings_for
from caregiving.settings import Mode, Settings

Whose = Annotated[
    Mode | None,
    typer.Option("--mode", help="home or demo; otherwise the real household's where there is one"),
]


def database_of(mode: Mode | None, folder: Path | None) -> Path:
    """Return the path of the database that is meant; there need not be one.

    An environment that says the mode, as that of a service does, is heard before the folder is looked at.
    """
    said = Settings()
    if mode is None and "mode" in said.model_fields_set:
        mode = said.mode
    if mode is not None:
        return settings_for(mode, folder).database
    home, demo = (settings_for(one, folder).database for one in (Mode.HOME, Mode.DEMO))
    return demo if demo.exists() and not home.exists() else home
