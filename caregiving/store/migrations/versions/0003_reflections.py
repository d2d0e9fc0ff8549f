"""What people write for themselves, what they rate, and how they like the program."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.CHAR(36)
APPEND_ONLY = ("reflections", "ratings")


def upgrade() -> None:
    """Add the three tables, and the triggers that let nobody change what was written."""
    op.create_table(
        "reflections",
        *_written("reflections"),
        sa.Column("author", ID, nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("shared", sa.Boolean, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        *_version(),
        *_keys("reflections", "family", "author"),
        sqlite_autoincrement=True,
    )
    _ratings()
    _kept_for_good()
    _preferences()


def _ratings() -> None:
    op.create_table(
        "ratings",
        *_written("ratings"),
        sa.Column("child", ID),
        sa.Column("author", ID, nullable=False),
        sa.Column("rater", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("instrument", sa.String(60), nullable=False),
        sa.Column("window", ID),
        sa.Column("certified", sa.Boolean, nullable=False),
        sa.Column("minutes", sa.Float),
        sa.Column("answers", sa.JSON, nullable=False),
        sa.Column("scores", sa.JSON, nullable=False),
        sa.Column("shared", sa.Boolean, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("utc_offset_min", sa.Integer, nullable=False),
        *_version(),
        *_keys("ratings", "family", "author", "child"),
        sqlite_autoincrement=True,
    )


def _kept_for_good() -> None:
    for table in APPEND_ONLY:
        for column in ("family", "author"):
            op.create_index(f"ix_{table}_{column}", table, [column])
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} BEGIN "
                f"SELECT RAISE(ABORT, '{table} is append-only: add one that supersedes the old'); END"
            )


def _preferences() -> None:
    op.create_table(
        "preferences",
        sa.Column("member", ID, nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("value", sa.JSON, nullable=False),
        sa.Column("saved_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("member", "name", name="pk_preferences"),
        sa.ForeignKeyConstraint(["member"], ["members.id"], name="fk_preferences_member_members"),
    )


def downgrade() -> None:
    """Take the three tables away again."""
    for table in ("preferences", "ratings", "reflections"):
        op.drop_table(table)


def _written(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("family", ID, nullable=False),
        sa.PrimaryKeyConstraint("seq", name=f"pk_{table}"),
        sa.UniqueConstraint("id", name=f"uq_{table}_id"),
    ]


def _version() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("written_ms", sa.BigInteger, nullable=False),
        sa.Column("supersedes", ID),
        sa.Column("void", sa.Boolean, nullable=False),
    ]


def _keys(table: str, *columns: str) -> list[sa.schema.SchemaItem]:
    others = {"family": "families", "author": "members", "child": "children"}
    return [
        sa.ForeignKeyConstraint(
            [column], [f"{others[column]}.id"], name=f"fk_{table}_{column}_{others[column]}"
        )
        for column in columns
    ]
