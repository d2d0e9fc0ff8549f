"""`words`: collect every text that people read, and bring the catalogues of other languages up to date."""

import ast
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Annotated, Any, Final

import typer
import yaml
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from caregiving.cli import app
from caregiving.cli._speak import refusing
from caregiving.instruments import shelf
from caregiving.settings import ROOT
from caregiving.words import CATALOGUES

KEYWORDS: Final = {"_": None, "n_": (1, 2)}
TEMPLATE: Final = CATALOGUES / "caregiving.pot"
SPOKEN_KEYS: Final = {
    "label",
    "title",
    "hint",
    "message",
    "attribution",
    "description",
    "constraint_message",
    "anchors",
}
PAGE_NAMES: Final = {"TITLE", "NO_ANSWER", "ONCE"}
WIDTH: Final = 100


@app.command()
@refusing
def words(
    add: Annotated[str | None, typer.Option(help="begin a catalogue for this language, such as ar")] = None,
) -> None:
    """Write the template of all texts, and merge it into every catalogue; what is translated stays."""
    template = collected()
    CATALOGUES.mkdir(exist_ok=True)
    TEMPLATE.write_bytes(as_text(template))
    if add is not None:
        folder = CATALOGUES / add
        folder.mkdir(exist_ok=True)
        if not (folder / "caregiving.po").exists():
            (folder / "caregiving.po").write_bytes(as_text(Catalog(locale=add)))
    typer.echo(f"{len(template)} texts in {TEMPLATE.name}.")
    for path in sorted(CATALOGUES.glob("*/caregiving.po")):
        catalogue = merged(path, template)
        path.write_bytes(as_text(catalogue))
        missing = sum(1 for message in catalogue if message.id and not _done(message.string))
        typer.echo(f"{path.parent.name}: {len(catalogue) - missing} translated, {missing} missing.")


def collected() -> Catalog:
    """Return the template: texts of the code, of the instruments, and the sentences of the gates."""
    template = Catalog(project="caregiving observer", header_comment="", fuzzy=False)
    for path in sorted((ROOT / "caregiving").rglob("*.py")):
        for _line, message, comments, _context in extract_from_file("python", path, keywords=KEYWORDS):
            template.add(message, auto_comments=comments)
        for text in _named(path):
            template.add(text)
    for text in _of_instruments():
        template.add(text)
    return template


def merged(path: Path, template: Catalog) -> Catalog:
    """Return a catalogue with the texts of the template; what is no longer used is left out."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parent.name)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def as_text(catalogue: Catalog) -> bytes:
    """Return a catalogue as a PO file that changes only when a text does."""
    written = BytesIO()
    write_po(written, catalogue, width=WIDTH, sort_output=True, no_location=True, omit_header=False)
    lines = written.getvalue().decode().splitlines(keepends=True)
    dated = ("POT-Creation-Date", "PO-Revision-Date", "Generated-By")
    return "".join(
        line for line in lines if not line.startswith(tuple(f'"{name}' for name in dated))
    ).encode()


def _done(text: Any) -> bool:
    return all(text) if isinstance(text, tuple | list) else bool(text)


def _named(path: Path) -> Iterator[str]:
    """Yield the texts that are shown through a name: titles of pages, and the sentences of gates."""
    in_indices = "indices" in path.parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assign):
            yield from _of_assignment(node, in_indices=in_indices)
        elif in_indices and isinstance(node, ast.keyword) and node.arg == "gate":
            yield from _constants(node.value)


def _of_assignment(node: ast.Assign, *, in_indices: bool) -> Iterator[str]:
    for target in node.targets:
        names = [n.id for n in ast.walk(target) if isinstance(n, ast.Name)]
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            for name, value in zip(names, node.value.elts, strict=False):
                if name in PAGE_NAMES:
                    yield from _constants(value)
        elif set(names) & PAGE_NAMES or (in_indices and any("gate" in name for name in names)):
            yield from _constants(node.value)


def _constants(node: ast.AST) -> Iterator[str]:
    """Yield the whole sentences in an expression; a formatted one cannot be looked up."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from _constants(value)
    elif isinstance(node, ast.IfExp):
        yield from _constants(node.body)
        yield from _constants(node.orelse)


def _of_instruments() -> Iterator[str]:
    for path in shelf().values():
        yield from _spoken(yaml.safe_load(path.read_text(encoding="utf-8")))


def _spoken(node: Any) -> Iterator[str]:
    """Yield every label, title and hint of an instrument."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in SPOKEN_KEYS and isinstance(value, str) and value:
                yield value
            elif key == "anchors" and isinstance(value, dict):
                yield from (str(word) for word in value.values())
            else:
                yield from _spoken(value)
    elif isinstance(node, list):
        for value in node:
            yield from _spoken(value)
