"""Visits, the parts of their watching, and unfinished forms that say which family they are about."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.CHAR(36)
NAMED = (("family", "families"), ("child", "children"), ("author", "members"), ("caregiver", "caregivers"))


def upgrade() -> None:
    """Add visits; let windows say to which one they belong; let drafts say whom they are about."""
    _visits()
    op.add_column("window_starts", sa.Column("sitting", ID))
    op.add_column("window_starts", sa.Column("episode", sa.Integer))
    op.create_index("ix_window_starts_sitting", "window_starts", ["sitting"])
    _drafts()


def _visits() -> None:
    op.create_table(
        "visits",
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("sitting", ID, nullable=False),
        sa.Column("family", ID, nullable=False),
        sa.Column("child", ID, nullable=False),
        sa.Column("author", ID, nullable=False),
        sa.Column("instrument", sa.String(60), nullable=False),
        sa.Column("minutes", sa.Integer),
        sa.Column("delay_ms", sa.Integer, nullable=False),
        sa.Column("context", sa.String(20)),
        sa.Column("caregiver", ID),
        sa.Column("codes_again", ID),
        sa.Column("from_recording", sa.Boolean, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("utc_offset_min", sa.Integer, nullable=False),
        sa.Column("void", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_visits"),
        sa.UniqueConstraint("id", name="uq_visits_id"),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=f"fk_visits_{name}_{table}")
            for name, table in NAMED
        ),
        sqlite_autoincrement=True,
    )
    for column in ("sitting", "family", "author"):
        op.create_index(f"ix_visits_{column}", "visits", [column])
    for change in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER visits_no_{change} BEFORE {change.upper()} ON visits "
            "BEGIN SELECT RAISE(ABORT, 'visits is append-only: add one that supersedes the old'); END"
        )


def _drafts() -> None:
    """Make the table anew, since its key grows; what parents had typed is about their own family."""
    op.create_table(
        "drafts_next",
        sa.Column("member", ID, nullable=False),
        sa.Column("family", ID, nullable=False),
        sa.Column("about", sa.String(36), nullable=False),
        sa.Column("form", sa.String(60), nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("saved_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("member", "family", "about", "form", name="pk_drafts"),
        sa.ForeignKeyConstraint(["member"], ["members.id"], name="fk_drafts_member_members"),
        sa.ForeignKeyConstraint(["family"], ["families.id"], name="fk_drafts_family_families"),
    )
    op.execute(
        "INSERT INTO drafts_next SELECT d.member, m.own_family, '', d.form, d.content, d.saved_ms "
        "FROM drafts d JOIN members m ON m.id = d.member WHERE m.own_family IS NOT NULL"
    )
    op.drop_table("drafts")
    op.rename_table("drafts_next", "drafts")
    op.create_index("ix_drafts_family", "drafts", ["family"])


def downgrade() -> None:
    """Take the table and the columns away again; forms about other families go."""
    op.create_table(
        "drafts_before",
        sa.Column("member", ID, nullable=False),
        sa.Column("form", sa.String(60), nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("saved_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("member", "form", name="pk_drafts"),
        sa.ForeignKeyConstraint(["member"], ["members.id"], name="fk_drafts_member_members"),
    )
    op.execute(
        "INSERT INTO drafts_before SELECT member, form, content, saved_ms FROM drafts WHERE about = ''"
    )
    op.drop_table("drafts")
    op.rename_table("drafts_before", "drafts")
    op.drop_index("ix_window_starts_sitting", "window_starts")
    op.drop_column("window_starts", "episode")
    op.drop_column("window_starts", "sitting")
    op.drop_table("visits")
