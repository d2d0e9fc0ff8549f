"""Where a household's database lives, as it can be said on the command line."""

from pathlib import Path
from typing import Annotated

import typer

from caregiving.settings import Mode, Settings

Folder = Annotated[
    Path | None, typer.Option(help="where the database lives; data/ of this project otherwise")
]


def settings_for(mode: Mode, folder: Path | None) -> Settings:
    """Return the settings of a household of that kind, in that folder or the usual one."""
    return Settings(mode=mode, folder=folder) if folder else Settings(mode=mode)
