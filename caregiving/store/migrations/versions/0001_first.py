"""The first shape of the database: people, consents, events, windows, drafts."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

ID = sa.CHAR(36)
APPEND_ONLY = ("events", "window_starts", "window_ends")


def upgrade() -> None:
    """Make the tables, and the triggers that let nobody change what was seen."""
    _people()
    _consents()
    _events()
    _windows()
    op.create_table(
        "drafts",
        sa.Column("member", ID, nullable=False),
        sa.Column("form", sa.String(60), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("saved_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("member", "form", name="pk_drafts"),
        _refers("drafts", "member", "members"),
    )
    for table in APPEND_ONLY:
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} BEGIN "
                f"SELECT RAISE(ABORT, '{table} is append-only: add one that supersedes the old'); END"
            )


def downgrade() -> None:
    """Refuse: going back below the first step would throw every record away."""
    raise NotImplementedError("there is nothing before 0001; restore a backup instead")


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")


def _people() -> None:
    op.create_table(
        "families",
        sa.Column("id", ID, nullable=False),
        sa.Column("alias", sa.String(80), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_families"),
    )
    op.create_table(
        "children",
        sa.Column("id", ID, nullable=False),
        sa.Column("family", ID, nullable=False),
        sa.Column("alias", sa.String(80), nullable=False),
        sa.Column("colour", sa.String(7), nullable=False),
        sa.Column("born_on", sa.Date()),
        sa.Column("due_on", sa.Date()),
        sa.PrimaryKeyConstraint("id", name="pk_children"),
        _refers("children", "family", "families"),
    )
    op.create_table(
        "caregivers",
        sa.Column("id", ID, nullable=False),
        sa.Column("family", ID, nullable=False),
        sa.Column("alias", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_caregivers"),
        _refers("caregivers", "family", "families"),
    )
    op.create_table(
        "members",
        sa.Column("id", ID, nullable=False),
        sa.Column("alias", sa.String(80), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("own_family", ID),
        sa.Column("caregiver", ID),
        sa.PrimaryKeyConstraint("id", name="pk_members"),
        _refers("members", "own_family", "families"),
        _refers("members", "caregiver", "caregivers"),
    )
    op.create_index("ix_children_family", "children", ["family"])
    op.create_index("ix_caregivers_family", "caregivers", ["family"])
    op.create_index("ix_members_own_family", "members", ["own_family"])


def _consents() -> None:
    op.create_table(
        "consents",
        sa.Column("id", ID, nullable=False),
        sa.Column("family", ID, nullable=False),
        sa.Column("member", ID, nullable=False),
        sa.Column("scope", sa.JSON(), nullable=False),
        sa.Column("purpose", sa.String(200), nullable=False),
        sa.Column("given_by", ID, nullable=False),
        sa.Column("valid_from_ms", sa.BigInteger(), nullable=False),
        sa.Column("valid_until_ms", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_ms", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_consents"),
        _refers("consents", "family", "families"),
        _refers("consents", "member", "members"),
        _refers("consents", "given_by", "members"),
    )
    op.create_index("ix_consents_family", "consents", ["family"])
    op.create_index("ix_consents_member", "consents", ["member"])


def _sent(table: str) -> list[Any]:
    return [
        sa.Column("author", ID, nullable=False),
        sa.Column("sender", ID, nullable=False),
        sa.Column("device", ID, nullable=False),
        sa.Column("ordinal", sa.BigInteger(), nullable=False),
        sa.Column("wall_ms", sa.BigInteger(), nullable=False),
        sa.Column("skew_ms", sa.BigInteger()),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=f"pk_{table}"),
        sa.UniqueConstraint("id", name=f"uq_{table}_id"),
        _refers(table, "family", "families"),
        _refers(table, "author", "members"),
        _refers(table, "sender", "members"),
    ]


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("family", ID, nullable=False),
        sa.Column("child", ID, nullable=False),
        sa.Column("window", ID),
        sa.Column("instrument", sa.String(60), nullable=False),
        sa.Column("actor", sa.String(10), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("onset_ms", sa.BigInteger(), nullable=False),
        sa.Column("offset_ms", sa.BigInteger()),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("utc_offset_min", sa.Integer(), nullable=False),
        sa.Column("elapsed_ms", sa.BigInteger()),
        sa.Column("time_quality", sa.String(20), nullable=False),
        sa.Column("latency_low_s", sa.Float()),
        sa.Column("latency_high_s", sa.Float()),
        sa.Column("caregiver", ID),
        sa.Column("modifiers", sa.JSON(), nullable=False),
        *_sent("events"),
        sa.Column("supersedes", ID),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(500)),
        _refers("events", "child", "children"),
        _refers("events", "caregiver", "caregivers"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_events_family", "events", ["family"])
    op.create_index("ix_events_family_child_onset_ms", "events", ["family", "child", "onset_ms"])
    op.create_index("ix_events_family_supersedes", "events", ["family", "supersedes"])


def _windows() -> None:
    op.create_table(
        "window_starts",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("family", ID, nullable=False),
        sa.Column("child", ID, nullable=False),
        sa.Column("mode", sa.String(20), nullable=False),
        sa.Column("context", sa.String(20)),
        sa.Column("instrument", sa.String(60), nullable=False),
        sa.Column("started_ms", sa.BigInteger(), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("utc_offset_min", sa.Integer(), nullable=False),
        *_sent("window_starts"),
        _refers("window_starts", "child", "children"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "window_ends",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("family", ID, nullable=False),
        sa.Column("window", ID, nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=False),
        sa.Column("elapsed_ms", sa.BigInteger()),
        sa.Column("attestation", sa.String(10), nullable=False),
        *_sent("window_ends"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_window_starts_family", "window_starts", ["family"])
    op.create_index("ix_window_ends_family", "window_ends", ["family"])
    op.create_index("ix_window_ends_window", "window_ends", ["window"])
