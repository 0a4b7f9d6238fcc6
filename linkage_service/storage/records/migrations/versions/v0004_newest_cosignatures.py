"""A witness may cosign the same head again: keep both its first and its newest line.

`changed` numbers the changes of a project's cosignatures, so that clients fetch only new ones.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("cosignatures", sa.Column("newest", sa.Text, nullable=False, server_default=""))
    changed = sa.Column("changed", sa.BigInteger, nullable=False, server_default="1")
    op.add_column("cosignatures", changed)


def downgrade() -> None:
    op.drop_column("cosignatures", "changed")
    op.drop_column("cosignatures", "newest")
