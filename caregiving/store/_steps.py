"""The steps of the database, as alembic takes them. Loaded only when there is a step to take."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection


def _config(migrations: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    return config


def known(migrations: Path) -> set[str]:
    """Return every step that this program can take."""
    return {step.revision for step in ScriptDirectory.from_config(_config(migrations)).walk_revisions()}


def take(connection: Connection, migrations: Path) -> None:
    """Take the steps that are missing, in the transaction of the connection."""
    config = _config(migrations)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
