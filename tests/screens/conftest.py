"""Households in a database of their own, for tests of pages."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from caregiving import settings as knobs
from caregiving.people import Role
from caregiving.settings import Settings
from caregiving.store.engine import Store, opened
from caregiving.store.people import Caregiver, Child, Member, found_household


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, empty_database: Path) -> Iterator[Store]:
    monkeypatch.setenv("CAREGIVING_FOLDER", str(tmp_path))
    monkeypatch.setenv("CAREGIVING_MODE", "demo")
    knobs.settings.cache_clear()
    opened.cache_clear()
    shutil.copy(empty_database, Settings().database)
    yield opened(Settings().database)
    opened(Settings().database).close()
    knobs.settings.cache_clear()
    opened.cache_clear()


@pytest.fixture
def household(store: Store, invented_household: Callable[[], Path]) -> Store:
    store.close()  # it opens again by itself, the other file at the same place
    shutil.copy(invented_household(), store.path)
    return store


@pytest.fixture
def new_household(store: Store) -> Store:
    family, ada = uuid4(), uuid4()
    parent = Member(id=uuid4(), alias="Ada", role=Role.PARENT, own_family=family, caregiver=ada)
    baby = Child(id=uuid4(), alias="Juno", colour="#9A5700")
    found_household(store, family, "A new household", 0, [parent], [Caregiver(id=ada, alias="Ada")], [baby])
    return store
