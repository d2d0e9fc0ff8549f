"""The door: one passphrase a household, and who is signed in where."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the two tables of the door."""
    op.create_table(
        "doors",
        sa.Column(
            "family",
            sa.CHAR(36),
            sa.ForeignKey("families.id", name="fk_doors_family_families"),
            nullable=False,
        ),
        sa.Column("passphrase_hash", sa.String(200), nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("locked_until_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("family", name="pk_doors"),
    )
    op.create_table(
        "sign_ins",
        sa.Column("token_hash", sa.CHAR(64), nullable=False),
        sa.Column(
            "member",
            sa.CHAR(36),
            sa.ForeignKey("members.id", name="fk_sign_ins_member_members"),
            nullable=False,
        ),
        sa.Column("made_ms", sa.BigInteger, nullable=False),
        sa.Column("until_ms", sa.BigInteger, nullable=False),
        sa.Column("ended_ms", sa.BigInteger),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sign_ins"),
    )
    op.create_index("ix_sign_ins_member", "sign_ins", ["member"])


def downgrade() -> None:
    """Take the door away again."""
    op.drop_table("sign_ins")
    op.drop_table("doors")
