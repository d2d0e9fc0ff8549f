"""The tables. What somebody saw is kept for good: events and windows are only ever added to."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    CHAR,
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

APPEND_ONLY: Final = (
    "events",
    "window_starts",
    "window_ends",
    "reflections",
    "ratings",
    "audit",
    "visits",
)


class Id(TypeDecorator[UUID]):
    """A UUID kept as its 36 characters: a row read raw shows the id just as the device wrote it."""

    impl = CHAR(36)
    cache_ok = True

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> str | None:
        """Write the id as canonical text."""
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> UUID | None:
        """Read the text as an id."""
        return None if value is None else UUID(value)


def _id(name: str = "id", refers_to: str | None = None, **options: Any) -> Column[Any]:
    references = [ForeignKey(f"{refers_to}.id")] if refers_to else []
    return Column(name, Id, *references, **{"nullable": False} | options)


def _instant(name: str, *, nullable: bool = False) -> Column[Any]:
    """Return a column for UTC milliseconds since 1970: exact, and sorts as it is."""
    return Column(name, BigInteger, nullable=nullable)


def _arrival() -> Column[Any]:
    """Return the order of arrival. It only ever rises, also after a restart."""
    return Column("seq", Integer, primary_key=True, autoincrement=True)


def _sent() -> list[Column[Any]]:
    """Return what every record that comes from a device carries."""
    return [
        _id("author", "members"),
        _id("sender", "members"),
        _id("device"),
        Column("ordinal", BigInteger, nullable=False),
        _instant("wall_ms"),
        Column("skew_ms", BigInteger),
        _instant("received_ms"),
    ]


families = Table(
    "families",
    metadata,
    _id(primary_key=True),
    Column("alias", String(80), nullable=False),
    _instant("created_ms"),
)
children = Table(
    "children",
    metadata,
    _id(primary_key=True),
    _id("family", "families", index=True),
    Column("alias", String(80), nullable=False),
    Column("colour", String(7), nullable=False),
    Column("born_on", Date),
    Column("due_on", Date),
)
caregivers = Table(
    "caregivers",
    metadata,
    _id(primary_key=True),
    _id("family", "families", index=True),
    Column("alias", String(80), nullable=False),
)
members = Table(
    "members",
    metadata,
    _id(primary_key=True),
    Column("alias", String(80), nullable=False),
    Column("role", String(20), nullable=False),
    _id("own_family", "families", nullable=True, index=True),
    _id("caregiver", "caregivers", nullable=True),
)
consents = Table(
    "consents",
    metadata,
    _id(primary_key=True),
    _id("family", "families", index=True),
    _id("member", "members", index=True),
    Column("scope", JSON, nullable=False),
    Column("purpose", String(200), nullable=False),
    _id("given_by", "members"),
    _instant("valid_from_ms"),
    _instant("valid_until_ms"),
    _instant("withdrawn_ms", nullable=True),
)
events = Table(
    "events",
    metadata,
    _arrival(),
    _id(unique=True),
    _id("family", "families", index=True),
    _id("child", "children"),
    _id("window", nullable=True),  # refers to nothing: a tap may arrive before the window it was made in
    Column("instrument", String(60), nullable=False),
    Column("actor", String(10), nullable=False),
    Column("code", String(40), nullable=False),
    _instant("onset_ms"),
    _instant("offset_ms", nullable=True),
    Column("zone", String(64), nullable=False),
    Column("utc_offset_min", Integer, nullable=False),
    Column("elapsed_ms", BigInteger),
    Column("time_quality", String(20), nullable=False),
    Column("latency_low_s", Float),
    Column("latency_high_s", Float),
    _id("caregiver", "caregivers", nullable=True),
    Column("modifiers", JSON, nullable=False),
    *_sent(),
    _id("supersedes", nullable=True),  # likewise: a correction may overtake the event it corrects
    Column("void", Boolean, nullable=False),
    Column("reason", String(500)),
    Index(None, "family", "child", "onset_ms"),
    Index(None, "family", "supersedes"),
    sqlite_autoincrement=True,
)
window_starts = Table(
    "window_starts",
    metadata,
    _arrival(),
    _id(unique=True),
    _id("family", "families", index=True),
    _id("child", "children"),
    Column("mode", String(20), nullable=False),
    Column("context", String(20)),
    Column("instrument", String(60), nullable=False),
    _instant("started_ms"),
    Column("zone", String(64), nullable=False),
    Column("utc_offset_min", Integer, nullable=False),
    *_sent(),
    _id("sitting", nullable=True, index=True),  # refers to visits.sitting, which several versions share
    Column("episode", Integer),
    sqlite_autoincrement=True,
)
window_ends = Table(
    "window_ends",
    metadata,
    _arrival(),
    _id(unique=True),
    _id("family", "families", index=True),
    _id("window", index=True),  # likewise: an end may overtake its start
    _instant("ended_ms"),
    Column("elapsed_ms", BigInteger),
    Column("attestation", String(10), nullable=False),
    *_sent(),
    sqlite_autoincrement=True,
)
visits = Table(
    "visits",
    metadata,
    _arrival(),
    _id(unique=True),
    _id("sitting", index=True),  # the same in every version of a plan; the parts of the watching carry it
    _id("family", "families", index=True),
    _id("child", "children"),
    _id("author", "members", index=True),
    Column("instrument", String(60), nullable=False),
    Column("minutes", Integer),
    Column("delay_ms", Integer, nullable=False),
    Column("context", String(20)),
    _id("caregiver", "caregivers", nullable=True),
    _id("codes_again", nullable=True),
    Column("from_recording", Boolean, nullable=False),
    _instant("at_ms"),
    Column("utc_offset_min", Integer, nullable=False),
    Column("void", Boolean, nullable=False),
    sqlite_autoincrement=True,
)
drafts = Table(
    "drafts",
    metadata,
    _id("member", "members", primary_key=True),
    _id("family", "families", primary_key=True, index=True),
    Column("about", String(36), primary_key=True),  # a child or a visit; empty when it is about neither
    Column("form", String(60), primary_key=True),
    Column("content", JSON, nullable=False),
    _instant("saved_ms"),
)
doors = Table(
    "doors",
    metadata,
    _id("family", "families", primary_key=True),
    Column("passphrase_hash", String(200), nullable=False),
    Column("failures", Integer, nullable=False),
    _instant("locked_until_ms"),
)
sign_ins = Table(
    "sign_ins",
    metadata,
    Column("token_hash", CHAR(64), primary_key=True),  # the token itself is only in the browser's cookie
    _id("member", "members", index=True),
    _instant("made_ms"),
    _instant("until_ms"),
    _instant("ended_ms", nullable=True),
)
reflections = Table(
    "reflections",
    metadata,
    _arrival(),
    _id(unique=True),
    _id("family", "families", index=True),
    _id("author", "members", index=True),
    Column("kind", String(30), nullable=False),
    Column("content", JSON, nullable=False),
    Column("shared", Boolean, nullable=False),  # others of the household may read it
    _instant("at_ms"),
    _instant("written_ms"),
    _id("supersedes", nullable=True),
    Column("void", Boolean, nullable=False),
    sqlite_autoincrement=True,
)
ratings = Table(
    "ratings",
    metadata,
    _arrival(),
    _id(unique=True),
    _id("family", "families", index=True),
    _id("child", "children", nullable=True),
    _id("author", "members", index=True),
    Column("rater", String(80), nullable=False),
    Column("kind", String(10), nullable=False),  # observer, or self
    Column("instrument", String(60), nullable=False),
    _id("window", nullable=True),
    Column("certified", Boolean, nullable=False),
    Column("minutes", Float),
    Column("answers", JSON, nullable=False),
    Column("scores", JSON, nullable=False),
    Column("shared", Boolean, nullable=False),  # whoever may see the patterns may see it
    _instant("at_ms"),
    Column("utc_offset_min", Integer, nullable=False),
    _instant("written_ms"),
    _id("supersedes", nullable=True),
    Column("void", Boolean, nullable=False),
    sqlite_autoincrement=True,
)
preferences = Table(
    "preferences",
    metadata,
    _id("member", "members", primary_key=True),
    Column("name", String(60), primary_key=True),
    Column("value", JSON, nullable=False),
    _instant("saved_ms"),
)
audit = Table(
    "audit",
    metadata,
    _arrival(),
    _id(unique=True),
    _id("family", "families", index=True),
    _id("member", "members"),
    Column("what", String(40), nullable=False),
    Column("detail", JSON, nullable=False),
    _instant("at_ms"),
    sqlite_autoincrement=True,
)
decks = Table(
    "decks",
    metadata,
    _id(primary_key=True),
    # What somebody brought goes with them; it belongs to no family and leaves in no export.
    Column("member", Id, ForeignKey("members.id", ondelete="CASCADE"), nullable=False),
    Column("instrument", String(60), nullable=False),
    Column("texts", JSON, nullable=False),
    _instant("loaded_ms"),
    UniqueConstraint("member", "instrument"),
)
