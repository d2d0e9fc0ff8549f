"""`instrument`: a form for other programs, and the texts of cards that somebody is licensed for."""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Final
from uuid import uuid4

import typer

from caregiving.cli import app
from caregiving.cli._folder import Folder
from caregiving.cli._speak import AsJson, refusing, show_json
from caregiving.cli._whose import Whose, database_of
from caregiving.exports import fhir_questionnaire, redcap, xlsform
from caregiving.faults import CannotOpen, Fault, Refused
from caregiving.imports.tables import read_table
from caregiving.instruments import (
    ProcedureInstrument,
    RatingInstrument,
    UnknownInstrument,
    load_form,
    shelf,
)
from caregiving.instruments.deck import deck_of
from caregiving.people import Role, Viewer
from caregiving.store import decks
from caregiving.store.engine import Store, open_store
from caregiving.store.people import Member, members, viewer_of

instrument = typer.Typer(
    no_args_is_help=True, help="Write a form for other programs; load and forget licensed texts."
)
app.add_typer(instrument, name="instrument")

Id = Annotated[str, typer.Argument(help="an instrument's id, with its version or without")]
Owner = Annotated[
    str | None, typer.Option("--member", metavar="ALIAS", help="whose texts; the first parent otherwise")
]


class Format(StrEnum):
    """What a form can be written as."""

    XLSFORM = "xlsform"
    REDCAP = "redcap"
    FHIR = "fhir"


RENDER: Final[MappingProxyType[Format, Callable[[RatingInstrument], bytes]]] = MappingProxyType(
    {
        Format.XLSFORM: xlsform.render,
        Format.REDCAP: redcap.render,
        Format.FHIR: fhir_questionnaire.render,
    }
)


@instrument.command("export")
@refusing
def export(
    form: Annotated[Format, typer.Argument(help="xlsform, redcap or fhir")],
    id_: Annotated[
        str, typer.Argument(metavar="ID", help="a rating or a procedure, with its version or without")
    ],
    out: Annotated[Path, typer.Option(help="write this file")],
    as_json: AsJson = False,
) -> None:
    """Write a form as an XLSForm workbook, a REDCap data dictionary or a FHIR R4 questionnaire."""
    chosen = _askable(id_)
    content = RENDER[form](chosen)
    try:
        out.write_bytes(content)
    except OSError as reason:
        raise Refused([Fault(str(out), f"that it cannot be written ({reason})", "room and leave")]) from None
    if as_json:
        show_json({"instrument": chosen.name, "format": form, "file": str(out), "bytes": len(content)})
        return
    typer.echo(f"{chosen.name} is written to {out} ({len(chosen.items)} questions, {form}).")


@instrument.command("load")
@refusing
def load(
    file: Annotated[Path, typer.Argument(help="CSV in UTF-8: item,text and, if wanted, title")],
    id_: Annotated[
        str | None, typer.Option("--instrument", metavar="ID", help="otherwise the file's name says it")
    ] = None,
    member: Owner = None,
    folder: Folder = None,
    mode: Whose = None,
    as_json: AsJson = False,
) -> None:
    """Bring texts of cards or questions that you are licensed for. They stay in your database."""
    form = load_form(id_ or file.stem)
    table = read_table(file, ("item", "text"), ("title",))
    deck = deck_of(form, table.to_dict("records"), file.name)
    now = datetime.now(UTC)
    store = _store(mode, folder)
    try:
        viewer = _whose(store, member, now)
        decks.keep(store, viewer, deck, uuid4(), int(now.timestamp() * 1000))
    finally:
        store.close()
    if as_json:
        show_json({"instrument": form.name, "texts": len(deck.texts), "member": viewer.alias})
        return
    typer.echo(
        f"{len(deck.texts)} texts for {form.name} are kept for {viewer.alias}'s house. No export has them."
    )
    typer.echo("A backup of the database holds them too: give it only to those who share the licence.")


@instrument.command("forget")
@refusing
def forget(id_: Id, member: Owner = None, folder: Folder = None, mode: Whose = None) -> None:
    """Remove the texts that somebody brought for an instrument."""
    form = load_form(id_)
    store = _store(mode, folder)
    try:
        viewer = _whose(store, member, datetime.now(UTC))
        gone = decks.forget(store, viewer, form.name)
    finally:
        store.close()
    if not gone:
        raise Refused(
            [Fault(form.name, f"no texts of {viewer.alias}", "an instrument they brought some for")]
        )
    typer.echo(f"The texts for {form.name} are gone from {viewer.alias}'s house.")


def _askable(name: str) -> RatingInstrument:
    """Return an instrument that is asked as a form; cards and codes are no questions."""
    try:
        form = load_form(name)
    except UnknownInstrument:
        raise UnknownInstrument(name, [*shelf("rating"), *shelf("procedure")]) from None
    if isinstance(form, ProcedureInstrument):
        return form.as_form()
    if not isinstance(form, RatingInstrument):
        needed = f"questions: one of {', '.join([*shelf('rating'), *shelf('procedure')])}"
        raise Refused([Fault(form.name, "cards to be sorted", needed)])
    return form


def _store(mode: Whose, folder: Folder) -> Store:
    path = database_of(mode, folder)
    if not path.exists():
        raise Refused(
            [Fault(path.name, f"no database in {path.parent}", "one that was started at least once")]
        )
    try:
        return open_store(path)
    except CannotOpen as reason:
        raise Refused([Fault(path.name, f"that {reason}", "a database of this program")]) from reason


def _whose(store: Store, alias: str | None, now: datetime) -> Viewer:
    """Return who brings the texts: the member of that alias, or the first one there is."""
    known: list[Member] = list(members(store))
    parents = [one for one in known if one.role is Role.PARENT]
    named = [one for one in known if alias in (one.alias, str(one.id))] if alias else (parents or known)[:1]
    if len(named) != 1:
        needed = f"one of: {', '.join(one.alias for one in known)}" if known else "a household"
        raise Refused([Fault("member", f'"{alias}"' if alias else "nobody", needed)])
    return viewer_of(store, named[0].id, now)
