"""`import`: files of other programs in, an events file and a receipt out; and archives of this program."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import pandas as pd
import typer

from caregiving.cli import app
from caregiving.cli._folder import Folder, settings_for
from caregiving.cli._speak import AsJson, refusing, say, show_json
from caregiving.cli._whose import Whose, database_of
from caregiving.imports import lena_segments
from caregiving.imports.archive import Archive
from caregiving.imports.archive import read as read_archive
from caregiving.settings import Mode

if TYPE_CHECKING:
    from caregiving.store.engine import Store
    from caregiving.store.whole_family import Receipt

FORMATS = {"lena_segments": lena_segments.read}

importing = typer.Typer(no_args_is_help=True, help="Read files of other programs; nothing is dropped unsaid.")
app.add_typer(importing, name="import")


@importing.command("lena_segments")
@refusing
def lena(
    files: Annotated[
        list[Path], typer.Argument(help="CSV files: segtype,startsec,endsec; one recording each")
    ],
    out: Annotated[Path | None, typer.Option(help="write the events to this CSV file")] = None,
    windows_out: Annotated[
        Path | None, typer.Option(help="write the watched windows to this CSV file")
    ] = None,
    dry_run: Annotated[bool, typer.Option(help="read and count, write nothing")] = False,
    as_json: AsJson = False,
) -> None:
    """Read segments of day-long home recordings, for the free_play instrument.

    When any line of any file cannot be read, nothing is written and every such line is named.
    """
    recordings = [lena_segments.read(path) for path in files]
    events = pd.concat(
        [r.events.astype({"session": "str", "actor": "str", "code": "str"}) for r in recordings]
    )
    windows = pd.concat([r.windows.astype({"session": "str"}) for r in recordings])
    writes = not dry_run and out is not None
    if not dry_run and out is not None:
        events[["session", "actor", "code", "onset_s", "offset_s"]].to_csv(out, index=False)
    if not dry_run and windows_out is not None:
        windows[["session", "start_s", "end_s"]].to_csv(windows_out, index=False)
    skipped: dict[str, int] = {}
    for recording in recordings:
        for kind, count in recording.skipped.items():
            skipped[kind] = skipped.get(kind, 0) + count
    counts = events["code"].value_counts().sort_index().to_dict()
    receipt = {
        "format": "lena_segments",
        "instrument": lena_segments.INSTRUMENT,
        "read": sum(r.n_lines for r in recordings),
        "stored": len(events) if writes else 0,
        "already_there": 0,
        "events": counts,
        "skipped": skipped,
        "refused": [],
    }
    if as_json:
        show_json(receipt)
        return
    kinds = ", ".join(f"{count} {kind}" for kind, count in counts.items())
    typer.echo(f"{receipt['read']} segments read: {len(events)} events ({kinds}).")
    typer.echo(
        f"{sum(skipped.values())} skipped: "
        + ", ".join(f"{n} {kind}" for kind, n in sorted(skipped.items()))
        + "."
    )
    if writes:
        following = f"python -m caregiving analyze {out} --instrument {lena_segments.INSTRUMENT}"
        typer.echo(f"Written to {out}. Next: {following}")
    elif out is None:
        say("Nothing was written; name a file with --out.")


@importing.command("archive")
@refusing
def archive(
    file: Annotated[Path, typer.Argument(help="an archive that was written by: export archive")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="check everything, store nothing")] = False,
    set_passphrase: Annotated[
        bool, typer.Option("--set-passphrase", help="ask for the passphrase of a household that has none")
    ] = False,
    folder: Folder = None,
    mode: Whose = None,
    as_json: AsJson = False,
) -> None:
    """Put a family's archive back: everything into an empty installation, what is missing into another one.

    When anything in it does not fit, nothing is stored. Doing it twice is harmless.
    """
    # A file of another program is read without a database, so none is loaded for that.
    from caregiving.cli.export import still_at_it

    with still_at_it("Looking through the archive..."):
        whole = read_archive(file)
    where = _place_for(whole, mode, folder)
    with still_at_it("Putting the records in their places..."):
        receipt, new = _put_back(whole, where, dry_run=dry_run)
    _tell(whole, where, receipt, dry_run=dry_run, as_json=as_json)
    if where.stem == Mode.HOME and not dry_run:
        _see_to_door(whole, where, ask=set_passphrase or (new and not as_json and sys.stdin.isatty()))


def _place_for(whole: Archive, mode: Mode | None, folder: Path | None) -> Path:
    """Return the database that is meant: without a word, the demonstration only when the family lives in it.

    Whoever opens the demonstration sees everything in it.
    """
    path = database_of(mode, folder)
    if mode is None and path.stem == Mode.DEMO and not _lives_in(whole, path):
        return settings_for(Mode.HOME, folder).database
    return path


def _lives_in(whole: Archive, path: Path) -> bool:
    from caregiving.store.engine import open_store
    from caregiving.store.people import members

    store = open_store(path)
    try:
        return any(one.own_family == whole.family for one in members(store))
    finally:
        store.close()


def _put_back(whole: Archive, where: Path, *, dry_run: bool) -> tuple["Receipt", bool]:
    """Store what is missing; return the receipt, and whether the family is new here."""
    from caregiving.store.engine import open_store

    with TemporaryDirectory() as aside:  # a trial leaves no database behind where there was none
        store = open_store(Path(aside) / where.name if dry_run and not where.exists() else where)
        try:
            return _store(whole, store, dry_run=dry_run)
        finally:
            store.close()


def _store(whole: Archive, store: "Store", *, dry_run: bool) -> tuple["Receipt", bool]:
    from caregiving.people import Role
    from caregiving.store import whole_family
    from caregiving.store.people import members, viewer_of

    own = [one for one in members(store) if one.own_family == whole.family and one.role is Role.PARENT]
    if not own:
        return whole_family.found_again(store, whole.family, whole.rows, dry_run=dry_run), True
    viewer = viewer_of(store, own[0].id, datetime.now(UTC))
    return whole_family.add_missing(store, viewer, whole.family, whole.rows, dry_run=dry_run), False


def _tell(whole: Archive, where: Path, receipt: "Receipt", *, dry_run: bool, as_json: bool) -> None:
    stored, there = sum(receipt.stored.values()), sum(receipt.already_there.values())
    if as_json:
        told: dict[str, Any] = {
            "format": "archive",
            "family": str(whole.family),
            "database": str(where),
            "dry_run": dry_run,
            "read": whole.n_rows,
            "stored": 0 if dry_run else stored,
            "would_be_stored": stored,
            "already_there": there,
            "tables": {
                name: {"new": n, "there": receipt.already_there[name]} for name, n in receipt.stored.items()
            },
            "conflicts": list(receipt.conflicts),
            "refused": [],
        }
        show_json(told)
        return
    does = "would be stored" if dry_run else "stored"
    typer.echo(f"{whole.n_rows} records read, all in order: {stored} {does} in {where}, {there} were there.")
    for sentence in receipt.conflicts:
        say(sentence)


def _see_to_door(whole: Archive, where: Path, *, ask: bool) -> None:
    """Give a household without a passphrase one; an archive never holds any."""
    from caregiving.store import door
    from caregiving.store.engine import open_store

    store = open_store(where)
    try:
        if door.has_door(store):
            return
        if not ask:
            say("Nobody can sign in yet. Run this again with --set-passphrase.")
            return
        chosen = typer.prompt(
            "A passphrase for this household, ten characters or more",
            hide_input=True,
            confirmation_prompt=True,
            err=True,
        )
        door.set_passphrase(store, whole.family, chosen)
    finally:
        store.close()
