"""The present moment and the open database, as the routes need them."""

from datetime import UTC, datetime

from caregiving.settings import settings
from caregiving.store.engine import Store, opened


def now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


def now_ms() -> int:
    """Return the present moment in ms since 1970."""
    return int(now().timestamp() * 1000)


def store() -> Store:
    """Return the open database of this process."""
    return opened(settings().database)
