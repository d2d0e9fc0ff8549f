"""Events out of the database, packed into a few long texts: SQLite joins them and Arrow cuts them up again.

Cell by cell a year of taps takes a quarter of a second to cross from SQLite to Python. So each column leaves
as one text. Ids have 36 characters each and need no separator. What few values share (code, who, zone) is
joined into one text a row, of which Arrow keeps every different one once. What is hardly ever there leaves
apart.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final
from uuid import UUID

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, String, func, literal, or_, select, type_coerce

from caregiving.frames import EVENT_LOG, conform
from caregiving.store.tables import events

AT_ONCE: Final = 1_000_000  # events in one text: SQLite's texts end at a thousand million characters
ID_LENGTH: Final = 36
NO_ID: Final = "-" * ID_LENGTH
NO_TIME: Final = -1  # instants begin with 0
UNIT, RECORD = "\x1f", "\x1e"  # stand in no code, zone or id, which are all read strictly
SHARED: Final = ("child", "instrument", "actor", "code", "zone", "time_quality", "caregiver", "author")
RARE: Final = ("latency_low_s", "latency_high_s", "reason", "replaces")
NUMBERS: Final = ("onset_ms", "offset_ms", "utc_offset_min", "ordinal", "seq")
ASKED_AT_ONCE: Final = 500


def read_events(
    connection: Connection,
    family: UUID,
    child: UUID | None,
    without: Collection[str],
    *wanted: ColumnElement[bool],
) -> pd.DataFrame:
    """Return the events of a family, or of one child, that meet what is wanted: EVENT_LOG less `in_conflict`.

    In order of onset, and then of the taps: by ordinal, device and arrival. `without` are ids to leave out:
    a few, looked up here, since SQLite would look for them at every event.
    """
    contract = {name: column for name, column in EVENT_LOG.items() if name != "in_conflict"}
    parts = [_unpacked(texts, child) for texts in _texts(connection, family, child, wanted)]
    whole = parts[0] if len(parts) == 1 else pa.concat_tables([_spelt_out(part) for part in parts])
    row = _order(connection, whole)
    if without:
        gone = pc.is_in(whole["id"], value_set=pa.array(without, pa.large_string()))
        row = row[~gone.to_numpy()[row]]
    if len(row) < len(whole) or (np.diff(row) != 1).any():
        whole = whole.take(row)
    named = {name: whole[name].cast(_kind(name)) for name in contract}
    return conform(pa.table(named).to_pandas(), contract)


def _texts(
    connection: Connection, family: UUID, child: UUID | None, wanted: Sequence[ColumnElement[bool]]
) -> Iterator[Any]:
    """Yield the packed texts of the events, at most so many events at a time."""
    c = events.c
    edges = [select(edge(c.seq)).where(c.family == family).scalar_subquery() for edge in (func.min, func.max)]
    first, last = connection.execute(select(*edges)).one()
    begins = range(first or 0, (last or 0) + 1, AT_ONCE)  # of a family without events, one part of nothing
    shared = func.concat_ws(_fixed(UNIT), *(_filled(c[name], "") for name in _shared_names(child)))
    rarely = [_plain(c.supersedes if name == "replaces" else c[name]) for name in RARE]
    rare = func.json_group_array(func.json_array(c.seq, *rarely))
    packed = select(
        func.group_concat(_plain(c.id), _fixed("")).label("id"),
        func.group_concat(_filled(c.window, NO_ID), _fixed("")).label("window"),
        *(func.group_concat(_filled(c[name], NO_TIME), _fixed(",")).label(name) for name in NUMBERS),
        func.group_concat(shared, _fixed(RECORD)).label("shared"),
        rare.filter(or_(*(column.is_not(None) for column in rarely))).label("rare"),
    ).where(c.family == family, *wanted)
    if child is not None:
        packed = packed.where(c.child == child)
    for begin in begins:
        some = [c.seq >= begin, c.seq < begin + AT_ONCE] if len(begins) > 1 else []
        yield connection.execute(packed.where(*some)).one()


def _shared_names(child: UUID | None) -> tuple[str, ...]:
    """Return what is read as shared: a child that was asked for is known."""
    return SHARED if child is None else SHARED[1:]


def _fixed(value: str | int) -> ColumnElement[Any]:
    """Write a constant into the statement itself: SQLite is quicker with it than with a parameter."""
    return literal(value, literal_execute=True)


def _filled(column: ColumnElement[Any], instead: str | int) -> ColumnElement[Any]:
    """Return the column with something in place of what is missing, where it may be missing."""
    plain = _plain(column)
    return func.coalesce(plain, _fixed(instead)) if getattr(column, "nullable", True) else plain


def _plain(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return an id as the text that it is stored as, and anything else as it is."""
    return type_coerce(column, String) if column.type.python_type is UUID else column


def _unpacked(texts: Any, child: UUID | None) -> pa.Table:
    """Return the events of one set of texts, in the order of the texts."""
    numbers = {name: _numbers(getattr(texts, name)) for name in NUMBERS}
    columns = {
        "id": _ids(texts.id or ""),
        "window": _ids(texts.window or ""),
        **{name: pa.array(values) for name, values in numbers.items()},
        "offset_ms": pa.array(numbers["offset_ms"], mask=numbers["offset_ms"] == NO_TIME),
        "child": pa.repeat(pa.scalar(str(child), pa.large_string()), len(numbers["seq"])),
        **_shared(texts.shared or "", _shared_names(child)),
        **_rare(json.loads(texts.rare), numbers["seq"]),
    }
    return pa.table(columns)


def _spelt_out(part: pa.Table) -> pa.Table:
    """Write out the columns that are kept as numbers of few values: Arrow cannot join those of two parts."""
    return part.cast(pa.schema([(name, _kind(name)) for name in part.column_names]))


def _kind(name: str) -> pa.DataType:
    """Return what Arrow calls the type of a column of the log."""
    kinds = {"str": pa.large_string(), "Int64": pa.int64(), "float64": pa.float64()}
    return kinds[EVENT_LOG[name].dtype] if name in EVENT_LOG else pa.int64()


def _ids(text: str) -> pa.Array:
    """Cut a text into ids, without looking at each; NO_ID becomes a missing one.

    >>> _ids("0e9f2c1a-7d52-4c7e-9a53-3f1d6a5b8c77" + NO_ID).to_pylist()
    ['0e9f2c1a-7d52-4c7e-9a53-3f1d6a5b8c77', None]
    """
    letters = np.frombuffer(text.encode("ascii"), dtype=np.uint8)
    there = pa.array(letters[::ID_LENGTH] != ord(NO_ID[0])).buffers()[1]
    ends = np.arange(len(letters) // ID_LENGTH + 1, dtype=np.int64) * ID_LENGTH
    return pa.LargeStringArray.from_buffers(len(ends) - 1, pa.py_buffer(ends), pa.py_buffer(letters), there)


def _numbers(text: str | None) -> NDArray[np.int64]:
    """Cut a text into whole numbers.

    >>> _numbers("1772355600000,-1").tolist(), _numbers(None).tolist()
    ([1772355600000, -1], [])
    """
    return np.fromstring(text, dtype=np.int64, sep=",") if text else np.empty(0, dtype=np.int64)


def _shared(text: str, names: Sequence[str]) -> dict[str, pa.Array]:
    """Return the columns that few values share: each different set of values is cut up once."""
    rows = pc.split_pattern(pa.scalar(text, pa.large_string()), RECORD).values
    sets = pc.dictionary_encode(rows if text else rows[:0])
    parts = [row.split(UNIT) for row in sets.dictionary.to_pylist()]
    columns = {}
    for place, name in enumerate(names):
        values = pa.array([part[place] or None for part in parts], pa.large_string())
        columns[name] = pa.DictionaryArray.from_arrays(sets.indices, values)
    return columns


def _rare(found: list[list[Any]], seq: NDArray[np.int64]) -> dict[str, pa.Array]:
    """Return the columns that are hardly ever filled in: what was found, in the rows in which it was."""
    place = np.full(len(seq), len(found))
    order = np.argsort(seq, kind="stable")
    place[order[np.searchsorted(seq[order], [one[0] for one in found])]] = np.arange(len(found))
    given = {name: [*(one[k] for one in found), None] for k, name in enumerate(RARE, start=1)}
    return {
        name: pa.array(values, pa.float64() if name.endswith("_s") else pa.large_string()).take(place)
        for name, values in given.items()
    }


def _order(connection: Connection, rows: pa.Table) -> NDArray[np.int64]:
    """Return the rows by onset, ordinal, device and arrival.

    Which tablet it was is looked up only for taps of one moment and one number: a tablet numbers its own.
    """
    onset, ordinal, seq = (rows[name].to_numpy() for name in ("onset_ms", "ordinal", "seq"))
    row = np.lexsort((seq, ordinal, onset))
    same = (np.diff(onset[row]) == 0) & (np.diff(ordinal[row]) == 0)
    if not same.any():
        return row.astype(np.int64)
    alike = np.append(same, False) | np.append(False, same)
    device: NDArray[np.object_] = np.full(len(seq), "", dtype=object)
    device[row[alike]] = _devices(connection, seq[row[alike]].tolist())
    return np.lexsort((seq, pd.factorize(device, sort=True)[0], ordinal, onset)).astype(np.int64)


def _devices(connection: Connection, seq: list[int]) -> list[str]:
    """Return which tablet each event came from, as text."""
    c = events.c
    found: dict[int, str] = {}
    for begin in range(0, len(seq), ASKED_AT_ONCE):
        asked = select(c.seq, _plain(c.device)).where(c.seq.in_(seq[begin : begin + ASKED_AT_ONCE]))
        found |= {number: device for number, device in connection.execute(asked)}
    return [found[number] for number in seq]
