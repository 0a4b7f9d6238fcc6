"""The database knows which store of blobs is its own."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table("stores", sa.Column("id", sa.String(64), primary_key=True))


def downgrade() -> None:
    op.drop_table("stores")
