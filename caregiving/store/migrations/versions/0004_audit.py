"""What left the house: who exported what of a family, and when."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.CHAR(36)


def upgrade() -> None:
    """Add the table, and the triggers that let nobody change what it says."""
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("family", ID, nullable=False),
        sa.Column("member", ID, nullable=False),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("detail", sa.JSON, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit"),
        sa.UniqueConstraint("id", name="uq_audit_id"),
        sa.ForeignKeyConstraint(["family"], ["families.id"], name="fk_audit_family_families"),
        sa.ForeignKeyConstraint(["member"], ["members.id"], name="fk_audit_member_members"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_family", "audit", ["family"])
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_no_{change.lower()} BEFORE {change} ON audit BEGIN "
            "SELECT RAISE(ABORT, 'audit is append-only: add one that supersedes the old'); END"
        )


def downgrade() -> None:
    """Take the table away again."""
    op.drop_table("audit")
