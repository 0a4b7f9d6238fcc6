"""Indexes for polls of constant cost, and what a service restored from a backup waits for.

`awaited` has the projects whose log may have been longer than this database says, each with the
newest size that a member has shown; `shown` has the members that have shown their newest head.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    name = sa.String(64)
    op.create_index("cosignatures_changed", "cosignatures", ["project", "changed"])
    first = sa.text("position = 0")
    op.create_index(
        "leaves_first", "leaves", ["project"], sqlite_where=first, postgresql_where=first
    )
    op.create_table(
        "awaited",
        sa.Column("project", name, primary_key=True),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "shown",
        sa.Column("project", name, primary_key=True),
        sa.Column("member", name, primary_key=True),
        sa.Column("size", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("shown")
    op.drop_table("awaited")
    op.drop_index("leaves_first", "leaves")
    op.drop_index("cosignatures_changed", "cosignatures")
