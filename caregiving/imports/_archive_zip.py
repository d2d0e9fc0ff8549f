"""A zip that a stranger may have made: looked over before it is opened, and read piece by piece."""

import csv
import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Final

from caregiving.faults import Fault, Refused

MOST_MEMBERS: Final = 200
MOST_BYTES: Final = 8 * 2**30  # some twenty million taps
MOST_BYTES_BESIDE: Final = 4 * 2**20  # of one member that is no table
FREE_BYTES: Final = 64 * 2**20  # below this, how far it is packed does not matter
LARGEST_RATIO: Final = 100  # tables of ids pack to a sixth; only what is made to burst packs so far
LONGEST_ROW: Final = 2_000_000  # characters: the longest text that can be written fits several times over
ENCRYPTED: Final = 0x1
BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    UnicodeDecodeError,
)


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip whose list of members is harmless; whatever is broken in it becomes a refusal.

    Raises
    ------
    Refused
        When there is no such file, it is no zip or was cut short, or its members are too many, too large,
        packed too far, encrypted, or named like a way out of the folder.
    """
    if not path.is_file():
        raise Refused([Fault(str(path), "no file", "the path of an archive, such as juno.zip")])
    try:
        with zipfile.ZipFile(path) as archive:
            faults = list(_suspicions(path, archive.infolist()))
            if faults:
                raise Refused(faults)
            yield archive
    except BROKEN as reason:
        found = f"a file that is no zip, or one that was cut short or damaged ({reason})"
        raise Refused([Fault(path.name, found, "the archive as it was exported; copy it again")]) from reason


def _suspicions(path: Path, members: list[zipfile.ZipInfo]) -> Iterator[Fault]:
    """Yield what is wrong with the list of members. What it declares is also the most that is ever read."""
    size, packed = sum(m.file_size for m in members), sum(m.compress_size for m in members)
    if len(members) > MOST_MEMBERS:
        yield Fault(path.name, f"{len(members)} members", f"at most {MOST_MEMBERS}")
    if size > MOST_BYTES:
        yield Fault(path.name, f"{size} bytes once unpacked", f"at most {MOST_BYTES}")
    if size > max(FREE_BYTES, LARGEST_RATIO * packed):
        yield Fault(
            path.name, f"{packed} bytes that unpack to {size}", f"at most {LARGEST_RATIO} times as many"
        )
    names = [member.filename for member in members[:MOST_MEMBERS]]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Fault(f"{path.name}, {name[:80]!r}", "the same name twice", "every member once")
    for member in members[:MOST_MEMBERS]:
        yield from _strange(f"{path.name}, {member.filename[:80]!r}", member)


def _strange(place: str, member: zipfile.ZipInfo) -> Iterator[Fault]:
    """Yield what is strange about one member."""
    if not _stays_inside(member.filename):
        yield Fault(place, "a name that leads out of the archive", "a plain name such as tables/events.csv")
    if member.flag_bits & ENCRYPTED:
        yield Fault(place, "an encrypted member", "an archive without a password")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        yield Fault(place, f"packing of the kind {member.compress_type}", "deflated or stored members")


def _stays_inside(name: str) -> bool:
    r"""Tell whether a member's name is a plain way down into folders.

    >>> _stays_inside("tables/events.csv"), _stays_inside("../door"), _stays_inside("C:\\door")
    (True, False, False)
    """
    whole = PurePosixPath(name)
    strange = {"\\", ":", "\0"} & set(name)
    return bool(name) and not strange and not whole.is_absolute() and ".." not in whole.parts


def content(archive: zipfile.ZipFile, path: Path, name: str) -> bytes:
    """Return a small member whole."""
    with archive.open(name) as member:
        found = member.read(MOST_BYTES_BESIDE + 1)
    if len(found) > MOST_BYTES_BESIDE:
        raise Refused([Fault(f"{path.name}, {name}", f"more than {MOST_BYTES_BESIDE} bytes", "fewer")])
    return found


def digest_of(archive: zipfile.ZipFile, name: str) -> str:
    """Return the sha256 of a member, read piece by piece."""
    with archive.open(name) as member:
        return hashlib.file_digest(member, "sha256").hexdigest()  # type: ignore[arg-type]  # it reads into buffers


def table_rows(archive: zipfile.ZipFile, path: Path, name: str, digest: str) -> Iterator[list[str]]:
    """Yield the rows of a CSV member, its header first; after the last one its digest is compared.

    Raises
    ------
    Refused
        When it is no CSV in UTF-8, a row is endless, or the member is not the one that was exported.
    """
    place = f"{path.name}, {name}"
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_ROW))  # one number for the whole process
    with archive.open(name) as member:
        hashed = _Hashed(member)
        lines = _Lines(io.TextIOWrapper(io.BufferedReader(hashed), encoding="utf-8", newline=""), place)
        number = 0
        try:
            for row in csv.reader(lines, strict=True):
                number += 1
                lines.begin()
                yield row
        except (csv.Error, UnicodeDecodeError) as reason:
            found = f"text that is not CSV in UTF-8 ({reason})"
            raise Refused([Fault(f"{place}, row {number + 1}", found, "the table as exported")]) from reason
    if hashed.sha256.hexdigest() != digest:
        needed = "the archive as it was exported; a changed table cannot be put back"
        raise Refused([Fault(place, "another content than the manifest says (its sha256 differs)", needed)])


class _Hashed(io.RawIOBase):
    """A stream whose digest is known once it was read to its end."""

    def __init__(self, member: IO[bytes]) -> None:
        self.member = member
        self.sha256 = hashlib.sha256()

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # the stub is wider
        """Read some bytes, and count them into the digest."""
        piece = self.member.read(len(buffer))
        buffer[: len(piece)] = piece
        self.sha256.update(piece)
        return len(piece)


class _Lines:
    """Lines of a text, of which a single row may not take too many characters."""

    def __init__(self, text: io.TextIOWrapper, place: str) -> None:
        self.text, self.place, self.length = text, place, 0

    def begin(self) -> None:
        """Begin a new row."""
        self.length = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.text.readline(LONGEST_ROW + 1)
        self.length += len(line)
        if self.length > LONGEST_ROW:
            raise Refused([Fault(self.place, f"a row of over {LONGEST_ROW} characters", "a shorter one")])
        if not line:
            raise StopIteration
        return line
