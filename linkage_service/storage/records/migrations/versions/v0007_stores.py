"""The database knows which store of blobs is its own, and what was uploaded and not yet named."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table("stores", sa.Column("id", sa.String(64), primary_key=True))
    op.create_table(
        "uploads",
        sa.Column("project", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(160), primary_key=True),
        sa.Column("member", sa.String(64), nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("uploads")
    op.drop_table("stores")
