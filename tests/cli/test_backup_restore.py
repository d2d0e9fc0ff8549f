"""`backup`, `restore` and `erase` as a person types them, beside the app as it really runs."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest
from typer.testing import CliRunner, Result

from caregiving import demo
from caregiving.cli import _whose, gather
from caregiving.cli import app as commands
from caregiving.people import Role
from caregiving.settings import Mode
from caregiving.store.copies import look_into, readable
from caregiving.store.door import set_passphrase
from caregiving.store.engine import open_store
from caregiving.store.people import Child, Member, found_household
from tests.capture.conftest import tap

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def caregiving(folder: Path, *words: object, typed: str = "") -> Result:
    """Run a command in this process."""
    gather(str(words[0]))
    return CliRunner().invoke(commands, [*map(str, words), "--folder", str(folder)], input=typed)


@pytest.fixture(autouse=True)
def _nobody_said_the_mode(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CAREGIVING_MODE", raising=False)


@pytest.fixture
def invented(tmp_path: Path) -> Path:
    """A folder with a day of the demonstration."""
    store = open_store(tmp_path / "demo.sqlite3")
    demo.seed(store, NOW, recipe="day")
    store.close()
    return tmp_path


@pytest.fixture
def real(tmp_path: Path) -> Path:
    """A folder with a real household: Juno and Kit, behind a passphrase."""
    store, family = open_store(tmp_path / "home.sqlite3"), uuid4()
    parent = Member(id=uuid4(), alias="Ada", role=Role.PARENT, own_family=family)
    twins = [Child(id=uuid4(), alias=name, colour="#9A5700") for name in ("Juno", "Kit")]
    found_household(store, family, "Maple", 0, [parent], children=twins)
    set_passphrase(store, family, "three quiet nights")
    store.close()
    return tmp_path


def aliases(path: Path, table: str) -> list[str]:
    with readable(path) as connection:
        return [name for (name,) in connection.execute(f"SELECT alias FROM {table} ORDER BY rowid")]  # noqa: S608


@pytest.mark.parametrize(
    ("files", "said", "asked", "found"),
    [
        ([], None, None, "home"),
        (["demo"], None, None, "demo"),
        (["home", "demo"], None, None, "home"),
        (["home", "demo"], "demo", None, "demo"),
        (["home", "demo"], "demo", Mode.HOME, "home"),
        (["demo"], None, Mode.HOME, "home"),
    ],
)
def test_the_real_household_is_meant_where_there_is_one_unless_somebody_says_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: list[str], said: str, asked: Mode, found: str
) -> None:
    if said:
        monkeypatch.setenv("CAREGIVING_MODE", said)
    for name in files:
        (tmp_path / f"{name}.sqlite3").touch()

    assert _whose.database_of(asked, tmp_path) == tmp_path / f"{found}.sqlite3"


def test_a_backup_and_a_restore_tell_what_they_did_in_json_and_in_words(
    invented: Path, tmp_path: Path
) -> None:
    made = json.loads(caregiving(invented, "backup", "--json").stdout)
    name = Path(made["backup"])

    assert re.fullmatch(r"demo-\d{8}T\d{6}Z\.sqlite3", name.name) and name.parent == invented / "backups"
    assert made["rows"]["events"] > 0 and made["bytes"] == name.stat().st_size and made["removed"] == []
    before = look_into(invented / "demo.sqlite3")

    tried = caregiving(invented, "restore", name, "--dry-run")
    assert tried.exit_code == 0 and "Nothing was changed." in tried.stdout
    assert list(invented.glob("*before-restore*")) == []
    done = json.loads(caregiving(invented, "restore", name, "--json").stdout)

    assert look_into(invented / "demo.sqlite3") == before
    assert look_into(Path(done["set_aside"])) == before and done["rows"] == made["rows"]
    told = caregiving(invented, "backup", "--to", tmp_path / "away.sqlite3").stdout
    assert "away.sqlite3" in told and f"{made['rows']['events']} events" in told
    again = caregiving(invented, "backup", "--to", tmp_path / "away.sqlite3")
    assert (again.exit_code, again.stdout) == (1, "") and "a file that is there already" in again.stderr


def test_a_backup_is_taken_by_a_process_of_its_own_as_a_timer_starts_it(real: Path, tmp_path: Path) -> None:
    to = tmp_path / "away.sqlite3"
    command = [sys.executable, "-m", "caregiving", "backup", "--to", str(to), "--folder", str(real)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (ran.returncode, ran.stderr) == (0, "") and "checked" in ran.stdout
    assert look_into(to).rows["families"] == 1


def test_keep_removes_the_oldest_and_says_so(invented: Path) -> None:
    first = json.loads(caregiving(invented, "backup", "--json").stdout)["backup"]
    second = json.loads(caregiving(invented, "backup", "--keep", 1, "--json").stdout)

    assert second["removed"] == [first]
    assert [str(one) for one in (invented / "backups").iterdir()] == [second["backup"]]
    assert caregiving(invented, "backup", "--keep", 0).exit_code == 2


def test_a_real_household_never_comes_back_as_the_demonstration(real: Path, tmp_path: Path) -> None:
    made = json.loads(caregiving(real, "backup", "--json").stdout)["backup"]
    renamed = tmp_path / "demo-20260301T090000Z.sqlite3"
    Path(made).rename(renamed)

    done = json.loads(caregiving(tmp_path / "new", "restore", renamed, "--json").stdout)

    assert Path(done["database"]) == tmp_path / "new" / "home.sqlite3" and done["set_aside"] is None
    assert not (tmp_path / "new" / "demo.sqlite3").exists()


def test_what_cannot_be_restored_ends_with_one_and_a_sentence(real: Path, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear diary, " * 1000)
    before = (real / "home.sqlite3").read_bytes()

    for file, why in ((letter, "no database"), (tmp_path / "gone", "no such file")):
        ran = caregiving(real, "restore", file, "--json")
        assert (ran.exit_code, ran.stdout) == (1, "") and why in ran.stderr and "Traceback" not in ran.stderr
    none = caregiving(tmp_path / "nowhere", "backup")
    assert none.exit_code == 1 and "no folder" in none.stderr
    assert (real / "home.sqlite3").read_bytes() == before


def test_a_family_is_erased_only_when_its_name_is_typed(real: Path) -> None:
    kept = json.loads(caregiving(real, "backup", "--json").stdout)["backup"]
    for refused in (
        caregiving(real, "erase", "--family", typed="Birch\n"),
        caregiving(real, "erase", "--family", "--yes-really", "maple"),
    ):
        assert refused.exit_code == 1 and 'the name of the family: "Maple"' in refused.stderr
    assert caregiving(real, "erase").exit_code == 2
    assert caregiving(real, "erase", "--family", "--child", "Juno").exit_code == 2
    assert aliases(real / "home.sqlite3", "families") == ["Maple"]

    ran = caregiving(real, "erase", "--family", typed="Maple\n")

    assert ran.exit_code == 0 and "2 children" in ran.stdout and "1 families" in ran.stdout
    assert "for good. Backups and exports are not touched." in ran.stderr
    assert "These copies still hold the records" in ran.stdout and kept in ran.stdout
    assert aliases(real / "home.sqlite3", "families") == []
    assert b"Maple" not in (real / "home.sqlite3").read_bytes()


def test_a_child_is_erased_by_alias_with_the_familys_name_for_a_script(real: Path) -> None:
    unknown = caregiving(real, "erase", "--child", "Ilo", "--yes-really", "Maple")
    assert unknown.exit_code == 1 and 'child "Ilo": found none' in unknown.stderr

    ran = caregiving(real, "erase", "--child", "Juno", "--yes-really", "Maple", "--json")

    assert json.loads(ran.stdout)["erased"] == {"children": 1}
    assert aliases(real / "home.sqlite3", "children") == ["Kit"]
    last = caregiving(real, "erase", "--child", "Kit", "--yes-really", "Maple")
    assert last.exit_code == 1 and "the only child of its family" in last.stderr


# --- beside the app -----------------------------------------------------------------------------------


class App:
    """The app as run.py starts it, in demo mode, and a tablet that taps into it."""

    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.url, self.stored = f"http://localhost:{port}", 0
        environment = os.environ | {"CAREGIVING_FOLDER": str(folder), "CAREGIVING_MODE": "demo"}
        words = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
        self.log = (folder / "server.log").open("ab")
        self.running = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=self.log, stderr=self.log)
        self.tapping = threading.Event()

    def wait(self) -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                self.ask("/healthz")
                return
            except (URLError, OSError):
                time.sleep(0.2)
        raise RuntimeError("the app did not start")

    def ask(self, path: str, sent: object = None) -> Any:
        body = None if sent is None else json.dumps(sent).encode()
        request = Request(self.url + path, body, {"Content-Type": "application/json"})  # noqa: S310
        with urlopen(request, timeout=30) as answer:  # noqa: S310  (our own server)
            return json.load(answer)

    def tap_for_ever(self) -> None:
        board, device = self.ask("/api/board"), str(uuid4())
        while not self.tapping.is_set():
            sent = tap(board, device=device, ordinal=self.stored + 1)
            assert self.ask("/api/events", {"events": [sent]})["stored"] == [sent["id"]]
            self.stored += 1

    def stop(self) -> None:
        self.running.send_signal(signal.SIGINT)
        self.running.wait(timeout=30)
        self.log.close()


@pytest.fixture
def app(invented: Path) -> Iterator[App]:
    one = App(invented)
    try:
        one.wait()
        yield one
    finally:
        if one.running.poll() is None:
            one.running.kill()
            one.running.wait()
        one.log.close()


@pytest.mark.slow
def test_beside_the_running_app_a_backup_is_taken_and_a_restore_and_an_erasure_are_refused(
    invented: Path, app: App
) -> None:
    tablet = threading.Thread(target=app.tap_for_ever)
    tablet.start()
    while not app.stored:
        time.sleep(0.01)

    before = app.stored
    made = json.loads(caregiving(invented, "backup", "--json").stdout)
    restored = caregiving(invented, "restore", made["backup"])
    erased = caregiving(
        invented, "erase", "--family", "--yes-really", aliases(Path(made["backup"]), "families")[0]
    )
    seen_after = app.stored
    app.tapping.set()
    tablet.join()

    with readable(Path(made["backup"])) as connection:
        tapped = (
            "SELECT count(*) FROM events WHERE device = (SELECT device FROM events ORDER BY seq DESC LIMIT 1)"
        )
        (n_tapped,) = connection.execute(tapped).fetchone()
    assert before <= n_tapped <= seen_after and seen_after > before, "nobody tapped meanwhile"
    for refused in (restored, erased):
        assert refused.exit_code == 1 and "the app is running on it" in refused.stderr
        assert "Ctrl-C" in refused.stderr
    app.stop()

    assert caregiving(invented, "restore", made["backup"]).exit_code == 0
    assert look_into(invented / "demo.sqlite3").rows == made["rows"]
    aside = next(invented.glob("*before-restore*"))
    assert look_into(aside).rows["events"] == made["rows"]["events"] - n_tapped + app.stored
