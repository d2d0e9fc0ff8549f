"""Export and import on the command line: out of one folder, into another, and out again the same."""

import json
import stat
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from caregiving import cli, demo
from caregiving.settings import Mode, Settings
from caregiving.store import audit, door, people
from caregiving.store.engine import open_store

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def run(*words: object, typed: str | None = None) -> Result:
    """Run a command as somebody at a prompt would."""
    cli.gather("export")
    cli.gather("import")
    return CliRunner().invoke(cli.app, [str(word) for word in words], input=typed)


def document(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.fixture(autouse=True)
def no_mode(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CAREGIVING_MODE", raising=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration of three days."""
    found = tmp_path_factory.mktemp("demo")
    store = open_store(found / "demo.sqlite3")
    demo.seed(store, NOW, days=3)
    store.close()
    return found


def ravi(path: Path) -> Any:
    """Return the store and a parent of it."""
    store = open_store(path)
    parent = next(m for m in people.members(store) if m.own_family)
    return store, people.viewer_of(store, parent.id, NOW)


def test_an_archive_goes_out_of_one_folder_into_another_and_out_again_the_same(folder, tmp_path):
    first, second, new = tmp_path / "a.zip", tmp_path / "b.zip", tmp_path / "new"
    out = document(run("export", "archive", "--child", "Juno", "--out", first, "--folder", folder, "--json"))
    into = document(run("import", "archive", first, "--folder", new, "--json"))
    again = document(run("import", "archive", first, "--folder", new, "--json"))
    document(run("export", "archive", "--child", "Juno", "--out", second, "--folder", new, "--json"))

    assert out["format"] == "archive" and out["rows"]["events"] > 50
    n = sum(out["rows"].values())
    assert (into["read"], into["stored"], into["already_there"], into["refused"]) == (n, n, 0, [])
    assert (again["read"], again["stored"], again["already_there"], again["conflicts"]) == (n, 0, n, [])
    with zipfile.ZipFile(first) as one, zipfile.ZipFile(second) as other:
        same = [name for name in one.namelist() if name not in ("manifest.json", "tables/audit.csv")]
        assert all(one.read(name) == other.read(name) for name in same)
    assert Settings(mode=Mode.HOME, folder=new).database.exists()  # never into the open demonstration


def test_a_trial_leaves_nothing_behind(folder, tmp_path):
    path = tmp_path / "a.zip"
    run("export", "archive", "--child", "Juno", "--out", path, "--folder", folder)
    trial = document(run("import", "archive", path, "--folder", tmp_path / "new", "--dry-run", "--json"))

    assert trial["stored"] == 0 and trial["would_be_stored"] == trial["read"] > 50
    assert not (tmp_path / "new").exists()


def test_an_archive_of_the_demonstration_finds_its_family_there(folder, tmp_path):
    path = tmp_path / "a.zip"
    run("export", "archive", "--child", "Juno", "--out", path, "--folder", folder)
    found = document(run("import", "archive", path, "--folder", folder, "--json"))

    assert found["stored"] == 0 and found["database"].endswith("demo.sqlite3")


def test_a_household_that_came_from_an_archive_gets_a_passphrase_of_its_own(folder, tmp_path):
    path, new = tmp_path / "a.zip", tmp_path / "new"
    run("export", "archive", "--child", "Juno", "--out", path, "--folder", folder)
    silent = run("import", "archive", path, "--folder", new)
    assert "Nobody can sign in yet" in silent.stderr

    phrase = "a lantern in the snow"
    spoken = run(
        "import", "archive", path, "--folder", new, "--set-passphrase", typed=f"{phrase}\n{phrase}\n"
    )
    assert spoken.exit_code == 0, spoken.stderr
    store = open_store(new / "home.sqlite3")
    assert door.sign_in(store, phrase, "token", 0) in {m.id for m in people.members(store)}
    store.close()


def test_a_damaged_archive_is_refused_with_exit_code_1_and_a_sentence(folder, tmp_path):
    path = tmp_path / "a.zip"
    run("export", "archive", "--child", "Juno", "--out", path, "--folder", folder)
    path.write_bytes(path.read_bytes()[:5_000])
    refused = run("import", "archive", path, "--folder", tmp_path / "new", "--json")

    assert refused.exit_code == 1 and refused.stdout == ""
    assert "a.zip: found a file that is no zip, or one that was cut short" in refused.stderr
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("form", ["csv", "parquet", "xlsx"])
def test_tables_are_written_whole_and_for_the_owner_alone(folder, tmp_path, form):
    path = tmp_path / f"tables.{'xlsx' if form == 'xlsx' else 'zip'}"
    told = document(run("export", form, "--child", "Juno", "--out", path, "--folder", folder, "--json"))

    assert set(told["rows"]) == {"estimates", "episodes", "events", "windows", "visits"}
    assert told["bytes"] == path.stat().st_size
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_one_table_goes_into_one_file_cut_to_days_and_without_names(folder, tmp_path):
    path = tmp_path / "episodes.csv"
    asked = ("--from", "2026-11-18", "--to", "2026-11-18", "--pseudonymous", "--table", "episodes")
    told = document(
        run("export", "csv", "--child", "Juno", "--out", path, *asked, "--folder", folder, "--json")
    )
    episodes = pd.read_csv(path)

    assert told["rows"] == {"episodes": len(episodes)} and len(episodes) > 5
    assert set(episodes["day"]) == {"2026-11-18"}
    assert "Juno" not in path.read_text(encoding="utf-8")


def test_a_file_for_one_table_gets_the_events_and_a_word_about_it(folder, tmp_path):
    result = run("export", "csv", "--child", "Juno", "--out", tmp_path / "log.csv", "--folder", folder)

    assert "Only the events" in result.stderr
    assert pd.read_csv(tmp_path / "log.csv")["code"].notna().all()


def test_every_export_is_noted_where_the_family_sees_it(folder, tmp_path):
    run("export", "csv", "--child", "Juno", "--out", tmp_path / "t.zip", "--pseudonymous", "--folder", folder)
    store, parent = ravi(folder / "demo.sqlite3")
    newest = audit.entries(store, parent, parent.own_family)[0]
    store.close()

    assert newest.what == "export"
    assert newest.detail == {"format": "csv", "names": False, "from": None, "to": None}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("archive", "--child", "Nobody"), '--child: found "Nobody"; needed one of: Juno'),
        (("archive", "--child", "Juno", "--as", "Vera"), '--as: found "Vera"; needed whose export it is'),
        (("archive", "--child", "Juno", "--with-private"), "--as: found nobody; needed whose export it is"),
        (("csv", "--child", "Juno", "--from", "2026-02-30"), "days: found"),
        (("csv", "--child", "Juno", "--from", "2026-03-02", "--to", "2026-03-01"), "lies before the first"),
    ],
)
def test_what_cannot_be_exported_is_told_and_leaves_no_file(folder, tmp_path, words, sentence):
    path = tmp_path / "x.zip"
    refused = run("export", *words, "--out", path, "--folder", folder)

    assert refused.exit_code == 1 and sentence in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_a_database_is_told(tmp_path):
    refused = run("export", "csv", "--child", "Juno", "--out", tmp_path / "x.zip", "--folder", tmp_path)

    assert refused.exit_code == 1 and "no database" in refused.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("archive", "--pseudonymous"),
        ("archive", "--from", "2026-03-01"),
        ("csv", "--with-private"),
        ("xlsx", "--table", "events"),
        ("pdf",),
    ],
)
def test_options_that_do_not_go_together_are_wrong_usage(folder, tmp_path, words):
    out = tmp_path / "x.zip"
    assert run("export", *words, "--child", "Juno", "--out", out, "--folder", folder).exit_code == 2


def test_segments_of_home_recordings_are_still_read(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("segtype,startsec,endsec\nCHN,0,1\nFAN,2,3\n", encoding="utf-8")

    assert document(run("import", "lena_segments", path, "--dry-run", "--json"))["read"] == 2
