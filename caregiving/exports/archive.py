"""The archive of a family: every record of it in one zip, which fills an empty installation again."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO, Final, cast

from caregiving import __version__
from caregiving.imports._archive_tables import TABLES, schema_of, written
from caregiving.imports.archive import MANIFEST, Manifest, Member, table_path
from caregiving.instruments import shelf
from caregiving.settings import settings
from caregiving.store.whole_family import WholeFamily
from caregiving.words import _

MIME, SUFFIX = "application/zip", "zip"
Tell = Callable[[int, int], None]
DATED: Final = (1980, 1, 1, 0, 0, 0)  # one date for all members, so that the same records give the same bytes
READABLE_BY_OWNER: Final = 0o600 << 16
TELL_EVERY: Final = 1_000


def write(whole: WholeFamily, out: BinaryIO, tell: Tell | None = None) -> Manifest:
    """Write a family's archive into a stream that can be sought; the same records always give the same bytes.

    Parameters
    ----------
    tell: is told how many records are written, of how many.
    """
    counts = whole.counts()
    count = _Count(sum(counts.values()), tell)
    members: list[Member] = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in TABLES:
            with _member(archive, table_path(table), members) as stream:
                _write_table(whole, table, stream, count)
        instruments = _beside(whole, archive, members)
        manifest = Manifest(
            program_version=__version__,
            family=whole.family,
            private_of=whole.private_of,
            counts=counts,
            instruments=instruments,
            members=tuple(members),
        )
        with archive.open(_info(MANIFEST), "w") as stream:
            stream.write(manifest.model_dump_json(indent=1).encode())
    return manifest


def _beside(whole: WholeFamily, archive: zipfile.ZipFile, members: list[Member]) -> dict[str, str | None]:
    """Write what explains the tables; return the instruments that were used, each with its digest."""
    for table in TABLES:
        schema = json.dumps(schema_of(table), indent=1, ensure_ascii=False)
        _put(archive, f"schemas/{table}.schema.json", schema.encode(), members)
    here = shelf()
    instruments: dict[str, str | None] = {}
    for name in whole.instruments():
        text = here[name].read_bytes() if name in here else None
        instruments[name] = None if text is None else hashlib.sha256(text).hexdigest()
        if text is not None:
            _put(archive, f"instruments/{name}.yaml", text, members)
    _put(archive, "sources.yaml", (settings().schemas / "sources.yaml").read_bytes(), members)
    _put(archive, "README.txt", _readme(private=whole.private_of is not None).encode(), members)
    return instruments


class _Count:
    """How many records are written; tells it from time to time."""

    def __init__(self, of: int, tell: Tell | None) -> None:
        self.done, self.of, self.tell = 0, of, tell

    def step(self) -> None:
        """Count one more record."""
        self.done += 1
        if self.tell is not None and (self.done % TELL_EVERY == 0 or self.done == self.of):
            self.tell(self.done, self.of)


def _write_table(whole: WholeFamily, table: str, stream: IO[bytes], count: _Count) -> None:
    """Write a table as CSV, in the order of arrival."""
    columns = TABLES[table]
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
    rows = csv.writer(text)
    rows.writerow(columns)
    for row in whole.rows(table):
        rows.writerow([written(row[name], cell.kind) for name, cell in columns.items()])
        count.step()
    text.flush()
    text.detach()


@contextmanager
def _member(archive: zipfile.ZipFile, name: str, members: list[Member]) -> Iterator[IO[bytes]]:
    """Open a member for writing; when it is written, note its length and digest."""
    with archive.open(_info(name), "w", force_zip64=True) as target:
        stream = _Hashed(target)
        yield cast(IO[bytes], stream)
    members.append(Member(path=name, bytes=stream.length, sha256=stream.sha256.hexdigest()))


def _put(archive: zipfile.ZipFile, name: str, content: bytes, members: list[Member]) -> None:
    archive.writestr(_info(name), content)
    digest = hashlib.sha256(content).hexdigest()
    members.append(Member(path=name, bytes=len(content), sha256=digest))


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, DATED)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3
    info.external_attr = READABLE_BY_OWNER
    return info


class _Hashed(io.BufferedIOBase):
    """A stream that passes bytes on, and knows the digest and length of what went through."""

    def __init__(self, target: IO[bytes]) -> None:
        self.target = target
        self.sha256 = hashlib.sha256()
        self.length = 0

    def writable(self) -> bool:
        """Say that it can be written."""
        return True

    def write(self, piece: bytes | memoryview) -> int:  # type: ignore[override]  # the stub is wider
        """Pass some bytes on."""
        self.target.write(piece)
        self.sha256.update(piece)
        self.length += len(piece)
        return len(piece)


def _readme(*, private: bool) -> str:
    """Say in plain words what is in an archive."""
    if private:
        kept_back = _(
            "What one of you wrote or rated in private is in it, because that person asked for it. What "
            "others wrote in private is not."
        )
    else:
        kept_back = _("What any of you wrote or rated in private is not in it.")
    parts = [
        _("EVERYTHING YOUR FAMILY LOGGED"),
        _(
            "This archive holds what your family logged, with every correction, who may look in, and what "
            "was done with the records. It is yours. It is not encrypted: keep it where nobody else reads it."
        ),
        kept_back + " " + _("Passphrases, sign-ins and unfinished forms are never in it."),
        _(
            "tables/ has one table a file: CSV in UTF-8, one row a record, in the order in which the records "
            "arrived. Times are milliseconds since 1970 in UTC; the time zone and the difference to local "
            "time stand beside them. A missing value is an empty cell. A text that begins with = + - @ ' or "
            "a tab has an apostrophe put before it, so that no spreadsheet takes it for a formula; a lone "
            "apostrophe is an empty text."
        ),
        _(
            "schemas/ says what every column means (JSON Schema). instruments/ has the instruments that were "
            "used, and sources.yaml the papers that their numbers come from. manifest.json lists every file "
            "with its length and sha256."
        ),
        _("To fill an empty installation from it: python -m caregiving import archive THIS_FILE.zip"),
    ]
    return "\n\n".join(parts) + "\n"
