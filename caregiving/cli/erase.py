"""`erase`: a family, or one of its children, leaves the database for good."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from caregiving.cli import app
from caregiving.cli._folder import Folder
from caregiving.cli._speak import AsJson, refusing, say, show_json
from caregiving.cli._whose import Whose, database_of
from caregiving.faults import Fault, Refused
from caregiving.store.erase import Household, erase_child, erase_family, households, still_holding
from caregiving.store.traces import Erased

Someone = tuple[Household, tuple[UUID, str] | None]


@app.command()
@refusing
def erase(
    child: Annotated[str | None, typer.Option(help="the alias or the id of one child")] = None,
    family: Annotated[bool, typer.Option("--family", help="the whole family and all of its records")] = False,
    yes_really: Annotated[
        str | None, typer.Option(metavar="ALIAS", help="the family's name, for scripts: nobody is asked then")
    ] = None,
    folder: Folder = None,
    mode: Whose = None,
    as_json: AsJson = False,
) -> None:
    """Remove the records of a child or a family for good. The app has to be stopped. There is no way back."""
    if family == (child is not None):
        raise typer.BadParameter("say either --child and who, or --family")
    path = database_of(mode, folder)
    home, one = _chosen(path, child, yes_really)
    _require_meant(home, one, yes_really)
    done = erase_family(path, home.id) if one is None else erase_child(path, one[0])
    _tell(path, done, still_holding(path, home.id if one is None else one[0]), as_json=as_json)


def _chosen(path: Path, child: str | None, typed: str | None) -> Someone:
    """Return whom the words mean; with several families the one that was typed."""
    known = households(path)
    if child is None:
        if len(known) == 1:
            return known[0], None
        wanted = _ask(f"Which family? {', '.join(home.alias for home in known)}") if typed is None else typed
        return _only([(h, None) for h in known if wanted in (h.alias, str(h.id))], "family", wanted)
    found: list[Someone] = [
        (home, one) for home in known for one in home.children if child in (one[1], str(one[0]))
    ]
    return _only(found, "child", child)


def _only(found: list[Someone], what: str, wanted: str) -> Someone:
    if len(found) != 1:
        number = "none" if not found else f"{len(found)}"
        needed = f"the alias of one {what} in this database, or its id"
        raise Refused([Fault(f'{what} "{wanted}"', number, needed)])
    return found[0]


def _require_meant(home: Household, one: tuple[UUID, str] | None, typed: str | None) -> None:
    """Refuse unless the family's name was typed."""
    if typed is None:
        n_children = len(home.children)
        whom = f"every record of {home.alias}" if one is None else f"every record of {one[1]}"
        more = f", {n_children} {'child' if n_children == 1 else 'children'}" if one is None else ""
        say(f"This removes {whom}{more}, for good. Backups and exports are not touched.")
        typed = _ask(f'To go on, type the name of the family ("{home.alias}")')
    if typed not in (home.alias, str(home.id)):
        raise Refused([Fault("confirmation", f'"{typed}"', f'the name of the family: "{home.alias}"')])


def _ask(question: str) -> str:
    answer: str = typer.prompt(question, err=True)
    return answer.strip()


def _tell(path: Path, done: Erased, left: list[Path], *, as_json: bool) -> None:
    if as_json:
        show_json(
            {
                "database": str(path),
                "erased": done.rows,
                "kept_texts": done.kept_texts,
                "family_is_now_called": done.new_alias,
                "still_held_by": [str(one) for one in left],
            }
        )
        return
    counted = ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in done.rows.items())
    typer.echo(f"Removed from {path}: {counted}.")
    if done.kept_texts:
        typer.echo(
            f"Texts that the grown-ups wrote for themselves are kept ({done.kept_texts}); they may name it."
        )
    if done.new_alias:
        typer.echo(f'The family bore the name of the child and is now called "{done.new_alias}".')
    if left:
        typer.echo("These copies still hold the records; delete them yourself when you no longer need them:")
        for one in left:
            typer.echo(f"  {one}")
    typer.echo(
        "Copies elsewhere, exports and printed pages made earlier hold them too, and a tablet that still"
    )
    typer.echo("has taps waiting keeps those until its site is cleared in the browser.")
