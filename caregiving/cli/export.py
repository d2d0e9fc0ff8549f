"""`export`: everything of a family as an archive, or the tables of a child for another program."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from threading import Timer
from time import perf_counter
from typing import Annotated, Any, Final
from uuid import UUID, uuid4

import typer

from caregiving.cli import app
from caregiving.cli._folder import Folder
from caregiving.cli._speak import AsJson, refusing, say, show_json
from caregiving.cli._whose import Whose, database_of
from caregiving.exports import archive, tables_csv, tables_parquet, tables_xlsx
from caregiving.exports._gathered import sheets_of
from caregiving.exports._sheets import ORDER, Sheets
from caregiving.faults import Fault, Refused
from caregiving.instruments import load
from caregiving.people import Role, Viewer
from caregiving.periods import Period
from caregiving.store import people, whole_family
from caregiving.store.audit import note
from caregiving.store.engine import Store, open_store

INSTRUMENT: Final = "home_moments"
PATIENCE_S: Final = 1.0  # what takes longer shows how far it is
WRITERS: Final = {"csv": tables_csv, "parquet": tables_parquet}


class Format(StrEnum):
    """What can be written."""

    ARCHIVE = "archive"
    CSV = "csv"
    PARQUET = "parquet"
    XLSX = "xlsx"


@app.command()
@refusing
def export(
    what: Annotated[Format, typer.Argument(metavar="FORMAT", help="archive, csv, parquet or xlsx")],
    child: Annotated[str, typer.Option(help="the alias or the id of one child")],
    out: Annotated[Path, typer.Option(help="the file to write; for tables also a .zip, .csv or .parquet")],
    first: Annotated[str | None, typer.Option("--from", help="first day, such as 2026-03-01")] = None,
    last: Annotated[str | None, typer.Option("--to", help="last day")] = None,
    pseudonymous: Annotated[
        bool, typer.Option("--pseudonymous/--names", help="codes in place of names and ids, no free text")
    ] = False,
    table: Annotated[
        str | None, typer.Option(help=f"only one table into one file: {', '.join(ORDER)}")
    ] = None,
    instrument: Annotated[str, typer.Option(help="whose figures are in the tables")] = INSTRUMENT,
    with_private: Annotated[
        bool, typer.Option("--with-private", help="also your own private notes and ratings (archive)")
    ] = False,
    me: Annotated[str | None, typer.Option("--as", help="which parent you are: alias or id")] = None,
    folder: Folder = None,
    mode: Whose = None,
    as_json: AsJson = False,
) -> None:
    """Write the records of a family or child into a file. The family can see that it was done."""
    period = _period(first, last)
    table = table or _only_table(what, out)
    _require_sensible(what, table, period, pseudonymous=pseudonymous, with_private=with_private)
    path = database_of(mode, folder)
    if not path.exists():
        raise Refused([Fault(str(path), "no database", "the --folder in which one lies")])
    store = open_store(path)
    try:
        viewer, family, whom = _chosen(store, child, me, private=with_private)
        with _whole_or_nothing(out) as part:
            if what is Format.ARCHIVE:
                counts = _archive(store, viewer, family, part, with_private=with_private)
            else:
                with still_at_it("Working out the figures..."):
                    sheets = sheets_of(
                        store,
                        viewer,
                        family,
                        whom,
                        load(instrument),
                        now_ms=_now_ms(),
                        period=period,
                        pseudonymous=pseudonymous,
                    )
                    part.write_bytes(_tables(what, sheets, table))
                counts = {
                    name: len(sheet.frame) for name, sheet in sheets.sheets.items() if table in (None, name)
                }
        detail = {"format": str(what), "names": not pseudonymous, "from": period.first, "to": period.last}
        note(store, viewer, family, uuid4(), "export", detail, _now_ms())
    finally:
        store.close()
    said = {"out": str(out), "bytes": out.stat().st_size, "rows": counts, "with_private": with_private}
    _tell({**detail, **said}, as_json=as_json)


def _period(first: str | None, last: str | None) -> Period:
    try:
        return Period(first, last)
    except ValueError as reason:
        shown = f'"{first or "open"}" to "{last or "open"}"'
        raise Refused([Fault("days", shown, f"days such as 2026-03-01 ({reason})")]) from reason


def _require_sensible(
    what: Format, table: str | None, period: Period, *, pseudonymous: bool, with_private: bool
) -> None:
    """Refuse options that would not do what somebody hopes for."""
    if what is Format.ARCHIVE and (pseudonymous or table or not period.is_everything):
        raise typer.BadParameter("an archive holds everything, with names; csv, parquet and xlsx can be cut")
    if what is not Format.ARCHIVE and with_private:
        raise typer.BadParameter("private notes are only ever in an archive")
    if table is not None and (table not in ORDER or what is Format.XLSX):
        raise typer.BadParameter(f"--table is one of {', '.join(ORDER)}, for csv and parquet")


def _chosen(store: Store, child: str, me: str | None, *, private: bool) -> tuple[Viewer, UUID, UUID]:
    """Return the parent who exports, their family and the child that is meant."""
    at = datetime.now(UTC)
    parents = [people.viewer_of(store, one.id, at) for one in people.members(store) if _is_parent(one)]
    found: dict[UUID, list[Viewer]] = {}
    known: list[str] = []
    for viewer in parents:
        for one in people.children(store, viewer, _home(viewer)):
            known.append(one.alias)
            if child in (one.alias, str(one.id)):
                found.setdefault(one.id, []).append(viewer)
    if len(found) != 1:
        shown = f'"{child}"' + (f", of whom there are {len(found)}" if found else "")
        needed = ", ".join(map(str, found)) if found else ", ".join(dict.fromkeys(known)) or "a child"
        raise Refused([Fault("--child", shown, f"one of: {needed}")])
    whom, own = next(iter(found.items()))
    mine = [viewer for viewer in own if me in (None, viewer.alias, str(viewer.member))]
    if not mine or (private and me is None and len(own) > 1):
        needed = f"whose export it is: one of {', '.join(viewer.alias for viewer in own)}"
        raise Refused([Fault("--as", f'"{me}"' if me else "nobody", needed)])
    return mine[0], _home(mine[0]), whom


def _is_parent(one: people.Member) -> bool:
    return one.role is Role.PARENT and one.own_family is not None


def _home(viewer: Viewer) -> UUID:
    if viewer.own_family is None:
        raise ValueError(f"{viewer.alias} belongs to no family")
    return viewer.own_family


@contextmanager
def _whole_or_nothing(out: Path) -> Iterator[Path]:
    """Give a file beside the wanted one, readable by its owner only; it takes its name when it is whole."""
    if not out.parent.is_dir() or out.is_dir():
        raise Refused([Fault(str(out), "no place for a file", "a file in a folder that is there")])
    part = out.with_name(f"{out.name}.part")
    try:
        part.touch(mode=0o600)
        yield part
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


def _archive(store: Store, viewer: Viewer, family: UUID, part: Path, *, with_private: bool) -> dict[str, int]:
    with (
        whole_family.taken_out(store, viewer, family, with_private=with_private) as whole,
        part.open("wb") as file,
        progress("Writing the archive") as tell,
    ):
        return archive.write(whole, file, tell).counts


def _only_table(what: Format, out: Path) -> str | None:
    """Return the one table that is written when the name of the file has room for one."""
    writer = WRITERS.get(str(what))
    if writer is None or out.suffix != f".{writer.ONE_SUFFIX}":
        return None
    say("Only the events: one file holds one table. Name a .zip for all of them, or say --table.")
    return "events"


def _tables(what: Format, sheets: Sheets, table: str | None) -> bytes:
    """Return all tables together, or the one that is wanted."""
    if what is Format.XLSX:
        return tables_xlsx.write(sheets)
    writer = WRITERS[str(what)]
    content: bytes = writer.write(sheets) if table is None else writer.one(sheets.sheets[table])
    return content


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function that shows on standard error how far it is, once it has taken a while."""
    began, shown = perf_counter(), False
    bar = typer.progressbar(length=1, label=label, file=sys.stderr)

    def tell(done: int, of: int) -> None:
        nonlocal shown
        if not shown and perf_counter() - began > PATIENCE_S:
            bar.length, shown = of, True
            bar.__enter__()
        if shown:
            bar.update(done - bar.pos)

    try:
        yield tell
    finally:
        if shown:
            bar.__exit__(None, None, None)


@contextmanager
def still_at_it(sentence: str) -> Iterator[None]:
    """Say what is going on, on standard error, once it has taken a while."""
    timer = Timer(PATIENCE_S, say, [sentence])
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _now_ms() -> int:
    return int(datetime.now(UTC).timestamp() * 1000)


def _tell(done: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        show_json(done)
        return
    counted = ", ".join(_counted(number, name) for name, number in done["rows"].items() if number)
    typer.echo(f"Written to {done['out']}: {counted or 'nothing was logged yet'}.")
    if done["names"]:
        say("It holds names and is not encrypted: keep it where only you can read it.")


def _counted(number: int, rows: str) -> str:
    """Return a number with its word: tables bear the plural of their rows."""
    words = rows.replace("_", " ")
    singular = {"families": "family", "children": "child"}.get(words, words.removesuffix("s"))
    return f"{number} {singular if number == 1 else words}"
