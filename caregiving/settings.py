"""What can be set from outside. This is the only reader of environment variables."""

import os
from enum import StrEnum
from functools import cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "caregiving" / "capture" / "static"


class Mode(StrEnum):
    """Whose data this is: an invented household, or a real one behind a passphrase."""

    DEMO = "demo"
    HOME = "home"


class Settings(BaseSettings):
    """Every knob, read from `CAREGIVING_*` environment variables.

    >>> Settings(mode="home", folder="/srv/care").database.name
    'home.sqlite3'
    """

    model_config = SettingsConfigDict(env_prefix="CAREGIVING_", frozen=True)
    mode: Mode = Mode.DEMO
    folder: Path = Field(default=ROOT / "data", description="where the database lives")
    schemas: Path = Field(default=ROOT / "observation_schemas", description="where the instruments live")
    pulse_s: float = Field(default=0.1, gt=0, description="how often the server looks for what is new")

    @property
    def database(self) -> Path:
        """The embedded database file of this mode."""
        return self.folder / f"{self.mode}.sqlite3"


@cache
def settings() -> Settings:
    """Return the settings of this process, read once."""
    return Settings()


def environment_for(**changes: str) -> dict[str, str]:
    """Return this process's environment with changes, for a child process."""
    return os.environ | {f"CAREGIVING_{name.upper()}": value for name, value in changes.items()}
