"""An archive of one family, read with suspicion: every row is looked at before anything is made of it.

Nothing is unpacked onto the disk, and never more than one row is held in memory.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from caregiving.events import Event
from caregiving.faults import Fault, Refused
from caregiving.imports._archive_tables import TABLES, Cell, tables_of, understood
from caregiving.imports._archive_zip import content, digest_of, opened, table_rows
from caregiving.imports.tables import MOST_FAULTS
from caregiving.instruments import shelf
from caregiving.ratings import Rating
from caregiving.reflections import Reflection
from caregiving.visits import Visit
from caregiving.windows import WindowEnd, WindowStart

FORMAT: Final = "caregiving-archive"
FORMAT_VERSION: Final = 2  # of version 1, which knew no visits, archives are read for good
MANIFEST: Final = "manifest.json"
RECORDS: Final[Mapping[str, type[BaseModel]]] = MappingProxyType(
    {
        "visits": Visit,
        "window_starts": WindowStart,
        "window_ends": WindowEnd,
        "events": Event,
        "reflections": Reflection,
        "ratings": Rating,
    }
)
FIELDS: Final = {table: frozenset(model.model_fields) for table, model in RECORDS.items()}
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Member(BaseModel):
    """One file of the archive, with its length and its sha256."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    path: str
    bytes: int = Field(ge=0)
    sha256: Digest


class Manifest(BaseModel):
    """What an archive says about itself.

    private_of: the member whose private texts and ratings are in it, if anybody's.
    instruments: sha256 of every instrument that was used; None for one whose file was not at hand.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    format: str = FORMAT
    format_version: int = Field(default=FORMAT_VERSION, ge=1)
    program_version: str
    family: UUID
    private_of: UUID | None = None
    counts: dict[str, Annotated[int, Field(ge=0)]]
    instruments: dict[str, Digest | None]
    members: tuple[Member, ...]


@dataclass(frozen=True)
class Archive:
    """An archive that was looked through and can be put back."""

    path: Path
    manifest: Manifest

    @property
    def family(self) -> UUID:
        """Whose records these are."""
        return self.manifest.family

    @property
    def n_rows(self) -> int:
        """How many records there are in all tables."""
        return sum(self.manifest.counts.values())

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """Yield the rows of a table in order of arrival; none of one that its version did not know.

        Raises
        ------
        Refused
            After the last row, when the file is no longer the one that was looked through.
        """
        if table not in tables_of(self.manifest.format_version):
            return
        with opened(self.path) as archive:
            yield from _rows(archive, self.path, self.manifest, table, records=False)


def table_path(table: str) -> str:
    """Return where a table lies in an archive.

    >>> table_path("events")
    'tables/events.csv'
    """
    return f"tables/{table}.csv"


def read(path: Path) -> Archive:
    """Look an archive through, every member and every row of it, and return it when all of it is in order.

    Raises
    ------
    Refused
        When it is no archive of this program, comes from a newer one, was cut short or changed, would burst
        when unpacked, uses an instrument that is another one here, or holds rows that do not fit.
    """
    with opened(path) as archive:
        manifest = _manifest(archive, path)
        faults = [*_members(archive, path, manifest), *_instruments(path, manifest)]
        if faults:
            raise Refused(faults)
        for table in tables_of(manifest.format_version):
            for _row in _rows(archive, path, manifest, table, records=True):
                pass
    return Archive(path, manifest)


def _manifest(archive: zipfile.ZipFile, path: Path) -> Manifest:
    """Return the manifest, of this format and version."""
    needed = "an archive made by this program with: export archive"
    if MANIFEST not in archive.namelist():
        raise Refused([Fault(path.name, f"a zip without {MANIFEST}", needed)])
    place = f"{path.name}, {MANIFEST}"
    try:
        said = json.loads(content(archive, path, MANIFEST))
    except (ValueError, RecursionError) as reason:
        raise Refused([Fault(place, f"no JSON ({reason})", needed)]) from reason
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise Refused([Fault(place, "an archive of another program", needed)])
    version = said.get("format_version")
    if not isinstance(version, int) or version > FORMAT_VERSION:
        found = f"format {version}, written by version {said.get('program_version')} of the program"
        raise Refused([Fault(place, found, f"format {FORMAT_VERSION}, or a newer version of this program")])
    try:
        return Manifest.model_validate_json(json.dumps(said))
    except ValidationError as reason:
        raise Refused(_misfits(place, reason)) from reason


def _members(archive: zipfile.ZipFile, path: Path, manifest: Manifest) -> Iterator[Fault]:
    """Yield where the members are not the ones that the manifest names."""
    sizes = {info.filename: info.file_size for info in archive.infolist() if not info.is_dir()}
    del sizes[MANIFEST]
    named = {member.path: member for member in manifest.members}
    expected = tables_of(manifest.format_version)
    tables = {table_path(table) for table in expected}
    for name in sorted(sizes.keys() - named.keys()):
        yield Fault(f"{path.name}, {name}", "a member that the manifest does not name", "only those it names")
    for name in sorted((named.keys() | tables) - sizes.keys()):
        yield Fault(f"{path.name}, {name}", "nothing", "this member; the archive is not whole")
    for name in sorted(tables - named.keys()):
        yield Fault(f"{path.name}, {MANIFEST}", f"nothing about {name}", "its length and sha256")
    for name in sorted(named.keys() & sizes.keys()):
        digest = named[name].sha256 if name in tables else digest_of(archive, name)
        if sizes[name] != named[name].bytes or digest != named[name].sha256:
            found = "another content than the manifest says"
            yield Fault(f"{path.name}, {name}", found, "the archive as it was exported")
    if manifest.counts.keys() != expected.keys():
        yield Fault(f"{path.name}, {MANIFEST}, counts", ", ".join(manifest.counts), ", ".join(expected))


def _instruments(path: Path, manifest: Manifest) -> Iterator[Fault]:
    """Yield the instruments that are not here, or not the same here: figures would come out differently."""
    here = shelf()
    for name, digest in manifest.instruments.items():
        place = f"{path.name}, instruments/{name}.yaml"
        if digest is None:
            continue
        if name not in here:
            needed = "this file in the folder observation_schemas first; the archive holds it"
            yield Fault(place, "an instrument that is not known here", needed)
        elif hashlib.sha256(here[name].read_bytes()).hexdigest() != digest:
            found = "another text than that of the same instrument here"
            yield Fault(place, found, "the same one; a changed instrument is a new version")


def _rows(
    archive: zipfile.ZipFile, path: Path, manifest: Manifest, table: str, *, records: bool
) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table that are in order, then raise the faults of the others.

    With `records` each row also has to be the record that its table is of. Where the version of the archive
    has no such column yet, nothing is in it.
    """
    name, columns = table_path(table), tables_of(manifest.format_version)[table]
    unknown = dict.fromkeys(TABLES[table].keys() - columns.keys())
    digest = next(member.sha256 for member in manifest.members if member.path == name)
    found = table_rows(archive, path, name, digest)
    header = next(found, [])
    if header != list(columns):
        raise Refused([Fault(f"{path.name}, {name}, row 1", ", ".join(header)[:200], ", ".join(columns))])
    faults: list[Fault] = []
    number = 1
    for number, cells in enumerate(found, start=2):
        place = f"{path.name}, {name}, row {number}"
        row, wrong = _row(columns, cells, place)
        faults += wrong
        if records and not wrong:
            faults += _unfit(table, row, place, manifest.family)
        if len(faults) >= MOST_FAULTS:
            break
        if not faults:
            yield row | unknown
    else:
        if number - 1 != manifest.counts[table]:
            faults.append(Fault(f"{path.name}, {name}", f"{number - 1} rows", f"{manifest.counts[table]}"))
    if faults:
        raise Refused(faults[:MOST_FAULTS])


def _row(columns: Mapping[str, Cell], cells: list[str], place: str) -> tuple[dict[str, Any], list[Fault]]:
    """Return a row with its values, and what is wrong with it."""
    if len(cells) != len(columns):
        return {}, [Fault(place, f"{len(cells)} cells", f"{len(columns)}")]
    row: dict[str, Any] = {}
    faults = []
    for (name, cell), text in zip(columns.items(), cells, strict=True):
        try:
            row[name] = understood(text, cell)
        except ValueError as needed:
            faults.append(Fault(f"{place}, {name}", _shown(text), str(needed)))
    return row, faults


def _unfit(table: str, row: dict[str, Any], place: str, family: UUID) -> list[Fault]:
    """Return what the record that a row holds would not allow."""
    if table == "families" and row["id"] != family:
        return [Fault(f"{place}, id", _shown(str(row["id"])), f"the family of the manifest, {family}")]
    if table not in RECORDS:
        return []
    model, known = RECORDS[table], FIELDS[table]
    fields = {name: value for name, value in row.items() if name in known}
    try:
        model.model_validate(fields | {"family": family})
    except ValidationError as reason:
        return _misfits(place, reason)
    return []


def _misfits(place: str, reason: ValidationError) -> list[Fault]:
    faults = []
    for error in reason.errors():
        where = ", ".join([place, *(str(step) for step in error["loc"])])
        needed = error["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
        shown = "values that do not go together" if error["type"] == "value_error" else _shown(error["input"])
        faults.append(Fault(where, shown, needed))
    return faults


def _shown(value: object) -> str:
    text = str(value)
    return "nothing" if not text else f'"{text[:80]}..."' if len(text) > 80 else f'"{text}"'
