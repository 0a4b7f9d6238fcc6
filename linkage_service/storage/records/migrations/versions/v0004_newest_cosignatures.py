"""A witness cosigns the same head again: its first line stays, its newest is kept beside it.

`changed` numbers the changes of a project's cosignatures, so that clients are sent what is new.
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
