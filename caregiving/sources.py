"""Every citation once. A number without a key from here is not allowed into the product."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from caregiving.settings import settings


class UnknownSource(KeyError):
    """A number names a source that nobody wrote down."""

    def __init__(self, key: str, known: list[str]) -> None:
        super().__init__(key)
        self.sentence = (
            f'source "{key}" is not in sources.yaml; add it there, or use one of: {", ".join(known)}'
        )

    def __str__(self) -> str:
        """Say which key is missing and where to add it."""
        return self.sentence


class Source(BaseModel):
    """Where a number or a definition comes from, and what it can be used for."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    citation: str
    kind: str = "paper"
    says: str = ""
    caveat: str = ""


@cache
def all_sources(folder: Path | None = None) -> dict[str, Source]:
    """Return every known source by its key."""
    path = (folder or settings().schemas) / "sources.yaml"
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {key: Source.model_validate(entry) for key, entry in entries.items()}


def source(key: str) -> Source:
    """Return the source of that key.

    Raises
    ------
    UnknownSource
        When the key is not in `sources.yaml`; the message lists the known ones.
    """
    known = all_sources()
    if key not in known:
        raise UnknownSource(key, sorted(known))
    return known[key]
