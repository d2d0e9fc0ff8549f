"""The block that lets a family carry its records away: what it says, what it makes, and what it notes."""

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from caregiving import demo, palette
from caregiving import settings as knobs
from caregiving.people import NotAllowed, Role
from caregiving.periods import Period
from caregiving.screens._share_archive import Asked, carried, forms, told
from caregiving.screens._shell import Shell
from caregiving.settings import Settings
from caregiving.store import audit, people
from caregiving.store.engine import Store, opened

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Store]:
    monkeypatch.setenv("CAREGIVING_FOLDER", str(tmp_path))
    monkeypatch.setenv("CAREGIVING_MODE", "demo")
    knobs.settings.cache_clear()
    opened.cache_clear()
    found = opened(Settings().database)
    demo.seed(found, NOW, days=2)
    yield found
    found.close()
    knobs.settings.cache_clear()
    opened.cache_clear()


def alone(role: str) -> None:
    """The block on its own, for somebody of this role."""
    from datetime import UTC, datetime

    from caregiving.screens import _share_archive
    from caregiving.screens._shell import shell_for
    from caregiving.settings import Settings
    from caregiving.store.engine import opened
    from caregiving.store.people import members, viewer_of

    store = opened(Settings().database)
    who = next(m.id for m in members(store) if m.role == role)
    shell = shell_for(viewer_of(store, who, datetime.now(UTC)))
    assert shell is not None
    _share_archive.show(shell)


def block(role: str = "parent") -> AppTest:
    at = AppTest.from_function(alone, kwargs={"role": role}, default_timeout=60).run()
    assert not at.exception, at.exception
    return at


def words(at: AppTest) -> str:
    return " ".join(one.proto.body for one in at.get("html"))


def shell_of(store: Store, role: Role = Role.PARENT) -> Shell:
    who = next(m for m in people.members(store) if m.role is role)
    viewer = people.viewer_of(store, who.id, NOW)
    parent = people.viewer_of(store, next(m.id for m in people.members(store) if m.own_family), NOW)
    family = parent.own_family
    assert family is not None
    child = people.children(store, parent, family)[0]
    return Shell(store, viewer, family, "Maple", child, NOW, palette.DAY)


def test_the_block_says_what_the_file_holds_and_makes_none_before_it_is_asked_for(store):
    at = block()

    assert at.header[0].value == "Take your records with you"
    assert "Private notes are not in it." in words(at) and "not encrypted" in words(at)
    assert len(at.get("download_button")) == 1
    shell = shell_of(store)
    assert audit.entries(store, shell.viewer, shell.family) == []


def test_private_notes_are_only_in_it_when_ticked(store):
    at = block()
    at.toggle(key="share_archive_private").set_value(True).run()

    assert "Your own private notes are in it too. What others wrote in private never is." in words(at)


def test_tables_ask_for_days_and_names(store):
    at = block()
    at.session_state["share_archive_form"] = "csv"
    at.run()
    at.toggle(key="share_archive_pseudonymous").set_value(True).run()
    assert "Codes stand for names" in words(at) and len(at.get("download_button")) == 1

    at.session_state["share_archive_days"] = "some"
    at.run()
    assert "Choose a first and a last day" in words(at) and at.get("download_button") == []
    today = datetime.now(UTC).date()
    at.date_input(key="share_archive_range").set_value((today, today)).run()
    assert len(at.get("download_button")) == 1 and not at.exception


def test_somebody_outside_the_family_gets_a_sentence_and_no_button(store):
    at = block("home_visitor")

    assert "Only the family itself takes its records along." in words(at)
    assert at.get("download_button") == []


def test_every_form_can_be_made_and_is_noted_without_its_content(store):
    shell = shell_of(store)
    for form in forms():
        assert len(carried(Asked(shell, form))) > 1_000, form

    noted = audit.entries(store, shell.viewer, shell.family)
    assert [one.detail["format"] for one in noted] == list(reversed(forms()))
    assert {one.what for one in noted} == {"export"}
    assert set(noted[0].detail) == {"format", "names", "from", "to"}


def test_the_archive_of_the_page_is_an_archive_and_the_spreadsheet_is_cut_to_the_days(store):
    shell = shell_of(store)
    with zipfile.ZipFile(io.BytesIO(carried(Asked(shell)))) as found:
        assert "manifest.json" in found.namelist()
    period = Period("2026-11-18", "2026-11-18")
    book = openpyxl.load_workbook(io.BytesIO(carried(Asked(shell, "xlsx", period, pseudonymous=True))))
    column = [cell.value for cell in book["events"][1]].index("day")

    assert {row[column].value for row in book["events"].iter_rows(min_row=2)} == {"2026-11-18"}
    assert "Codes stand for names" in told(Asked(shell, "xlsx", period, pseudonymous=True))[1]


def test_a_visitor_cannot_make_a_file_even_without_the_page(store):
    shell = shell_of(store, Role.HOME_VISITOR)
    for form in forms():
        with pytest.raises(NotAllowed):
            carried(Asked(shell, form))
