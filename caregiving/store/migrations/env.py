"""Alembic runs this file; the connection, already inside a transaction, is handed in by store/upgrade.py."""

from alembic import context
from sqlalchemy import Connection

from caregiving.store.tables import metadata


def climb(connection: Connection) -> None:
    """Take every missing step inside the one transaction that is already open: all of them, or none."""
    context.configure(connection=connection, target_metadata=metadata)
    context.run_migrations()


if hasattr(context, "config"):  # only while Alembic runs; a test runner may import every file it meets
    climb(context.config.attributes["connection"])
