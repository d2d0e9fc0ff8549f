"""The language of what people read. Texts stand in the code in English; catalogues hold the other languages.

Write `_("Nothing logged yet")`, and with values `_("{n} of {total} had an answer").format(n=2, total=3)`: the
text in the call is a literal, so that it can be collected. A number's noun: `n_("{n} cue", "{n} cues", 2)`.
"""

import gettext
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.core import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

CATALOGUES: Final = Path(__file__).parent / "locale"
ENGLISH: Final = "en"
_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)
_ask: list[Callable[[], str]] = [lambda: ENGLISH]


def listen(ask: Callable[[], str]) -> None:
    """Let a function say which language is wanted, whenever no `speaking` block says so."""
    _ask[0] = ask


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak this language inside the block.

    >>> with speaking("en"):
    ...     _("Today")
    'Today'
    """
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def language() -> str:
    """Return the language that is spoken now; English when the wanted one has no catalogue.

    >>> language()
    'en'
    """
    wanted = _spoken.get() or _ask[0]()
    return wanted if wanted in languages() else ENGLISH


@cache
def languages() -> tuple[str, ...]:
    """Return the languages there are catalogues for, English first."""
    found = sorted(path.parent.name for path in CATALOGUES.glob("*/caregiving.po"))
    return (ENGLISH, *(name for name in found if name != ENGLISH))


def right_to_left() -> bool:
    """Tell whether the language that is spoken now is written from right to left.

    >>> right_to_left()
    False
    """
    return bool(Locale.parse(language()).text_direction == "rtl")


@cache
def _catalogue(name: str) -> gettext.NullTranslations:
    path = CATALOGUES / name / "caregiving.po"
    if name == ENGLISH or not path.exists():
        return gettext.NullTranslations()
    with path.open("rb") as file:
        read = read_po(file, locale=name)
    compiled = BytesIO()
    write_mo(compiled, read)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _(text: str) -> str:
    """Return the text in the language that is spoken now.

    >>> _("Nothing logged yet")
    'Nothing logged yet'
    """
    return _catalogue(language()).gettext(text) if text else ""


def n_(one: str, many: str, number: float, **values: object) -> str:
    """Return the form of a text that goes with a number, filled in as `{n}`, and with the other values.

    >>> n_("{n} cue", "{n} cues", 1), n_("{n} cue", "{n} cues", 3)
    ('1 cue', '3 cues')
    """
    chosen = _catalogue(language()).ngettext(one, many, int(number) if number == int(number) else 2)
    return chosen.format(n=f"{number:g}", **values)
