"""Leases, by which processes share the work; and since when a run searches, for its pace."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.String(160), primary_key=True),
        sa.Column("holder", sa.String(64), nullable=False),
        sa.Column("fence", sa.BigInteger, nullable=False),
        sa.Column("beat", sa.BigInteger, nullable=False),
    )
    step = sa.Column("step", sa.String(16), nullable=False, server_default="")
    op.add_column("runs", step)
    for name, kind in (("since", sa.BigInteger), ("tiles_before", sa.Integer)):
        op.add_column("runs", sa.Column(name, kind, nullable=False, server_default="0"))


def downgrade() -> None:
    for name in ("tiles_before", "since", "step"):
        op.drop_column("runs", name)
    op.drop_table("leases")
