"""The present, as a press of a button takes it. What a page shows is of the moment at which it was drawn."""

from datetime import UTC, datetime


def now_ms() -> int:
    """Return the present in milliseconds since 1970, UTC."""
    return int(datetime.now(UTC).timestamp() * 1000)
