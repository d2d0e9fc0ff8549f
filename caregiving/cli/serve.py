"""`serve`: a real household behind its passphrase."""

import subprocess
import sys
from datetime import UTC, date, datetime
from typing import Annotated
from uuid import uuid4

import typer

from caregiving.cli import app
from caregiving.cli._folder import Folder, settings_for
from caregiving.cli._speak import refusing, say
from caregiving.faults import Fault, Refused
from caregiving.people import Role
from caregiving.settings import ROOT, Mode, environment_for
from caregiving.store.door import check_passphrase, has_door, set_passphrase
from caregiving.store.engine import Store, open_store
from caregiving.store.people import Caregiver, Child, Member, found_household, members

FIRST_COLOUR = "#9A5700"


@app.command()
@refusing
def serve(
    folder: Folder = None,
    port: Annotated[int, typer.Option(min=1, max=65_535, help="the port on this computer")] = 8501,
    prepare_only: Annotated[bool, typer.Option(help="set the household up and stop")] = False,
) -> None:
    """Serve a real household. The first time it asks who lives there, and for a passphrase (no default)."""
    where = settings_for(Mode.HOME, folder)
    store = open_store(where.database)
    try:
        if not has_door(store):
            _open_the_door(store)
    finally:
        store.close()
    if prepare_only:
        typer.echo(f"The household is set up in {where.database}.")
        return
    say(f"Open http://localhost:{port} on this computer; the tap page is http://localhost:{port}/tap.")
    say("The database file is not encrypted yet: keep this computer's disk encrypted and locked.")
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
    environment = environment_for(mode=Mode.HOME, folder=str(where.folder.resolve()))
    served = subprocess.run(command, cwd=ROOT, env=environment, check=False)  # noqa: S603  (our own words)
    raise typer.Exit(served.returncode)


def _open_the_door(store: Store) -> None:
    """Found a household; or, when one came in from an archive, ask for its passphrase only."""
    parents = [(m.alias, m.own_family) for m in members(store) if m.own_family is not None]
    if not parents:
        _found(store)
        return
    names = ", ".join(alias for alias, _family in parents)
    typer.echo(f"The household of {names} is here and has no passphrase yet.")
    passphrase = _passphrase()
    check_passphrase(passphrase)
    set_passphrase(store, parents[0][1], passphrase)


def _passphrase() -> str:
    answer: str = typer.prompt(
        "A passphrase for this household, ten characters or more", hide_input=True, confirmation_prompt=True
    )
    return answer


def _found(store: Store) -> None:
    """Ask who lives here and found the household; nothing is stored before the last answer is given."""
    typer.echo("This is a new household. Use short names or nicknames: they appear on the tablet.")
    child = typer.prompt("What is the baby called here?")
    born = _day(typer.prompt("Born on (YYYY-MM-DD, or leave empty)", default="", show_default=False))
    first = typer.prompt("What are you called?")
    second = typer.prompt(
        "And another grown-up who answers the baby (or leave empty)", default="", show_default=False
    )
    passphrase = _passphrase()
    family, now_ms = uuid4(), int(datetime.now(UTC).timestamp() * 1000)
    names = [name for name in (first, second) if name.strip()]
    grown = [Caregiver(id=uuid4(), alias=name.strip()) for name in names]
    people = [
        Member(id=uuid4(), alias=g.alias, role=Role.PARENT, own_family=family, caregiver=g.id) for g in grown
    ]
    baby = Child(id=uuid4(), alias=child.strip(), colour=FIRST_COLOUR, born_on=born)
    check_passphrase(passphrase)
    found_household(store, family, f"The household of {child.strip()}", now_ms, people, grown, [baby])
    set_passphrase(store, family, passphrase)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError as reason:
        raise Refused([Fault("birth date", f'"{text}"', "a date such as 2026-07-05, or nothing")]) from reason
