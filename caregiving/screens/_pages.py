"""Which pages there are: every module of this folder that can show itself."""

import importlib
import pkgutil
from types import ModuleType

from caregiving import screens


def pages() -> list[ModuleType]:
    """Return every page of this folder, in order: modules that say TITLE, ICON, ROLES, ORDER and can show."""
    names = [
        m.name
        for m in pkgutil.iter_modules(screens.__path__)
        if not m.name.startswith("_") and m.name != "main"
    ]
    found = [importlib.import_module(f"{screens.__name__}.{name}") for name in names]
    return sorted(found, key=lambda page: page.ORDER)
