"""Texts of cards and questions that somebody brings along."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.CHAR(36)


def upgrade() -> None:
    """Add the table. What somebody brought goes with them."""
    op.create_table(
        "decks",
        sa.Column("id", ID, nullable=False),
        sa.Column("member", ID, nullable=False),
        sa.Column("instrument", sa.String(60), nullable=False),
        sa.Column("texts", sa.JSON, nullable=False),
        sa.Column("loaded_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_decks"),
        sa.UniqueConstraint("member", "instrument", name="uq_decks_member_instrument"),
        sa.ForeignKeyConstraint(
            ["member"], ["members.id"], name="fk_decks_member_members", ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    """Take the table away again."""
    op.drop_table("decks")
