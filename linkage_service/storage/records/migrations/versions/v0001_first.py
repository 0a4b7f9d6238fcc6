"""The first version of the schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    name = sa.String(64)
    op.create_table(
        "leaves",
        sa.Column("project", name, primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("digest", name, nullable=False),
        sa.Column("leaf", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("project", "digest"),
    )
    op.create_table(
        "heads",
        sa.Column("project", name, primary_key=True),
        sa.Column("size", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("note", sa.Text, nullable=False),
    )
    op.create_table(
        "cosignatures",
        sa.Column("project", name, primary_key=True),
        sa.Column("size", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("member", name, primary_key=True),
        sa.Column("line", sa.Text, nullable=False),
    )
    op.create_table(
        "nonces",
        sa.Column("member", name, primary_key=True),
        sa.Column("nonce", name, primary_key=True),
        sa.Column("expires", sa.BigInteger, nullable=False, index=True),
    )
    op.create_table(
        "mailbox",
        sa.Column("project", name, primary_key=True),
        sa.Column("sender", name, primary_key=True),
        sa.Column("recipient", name, primary_key=True),
        sa.Column("seal", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "runs",
        sa.Column("project", name, primary_key=True),
        sa.Column("run", name, primary_key=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("tiles_done", sa.Integer, nullable=False),
        sa.Column("tiles_total", sa.Integer, nullable=False),
        sa.Column("error", name, nullable=False),
    )
    op.create_table(
        "openings",
        sa.Column("project", name, primary_key=True),
        sa.Column("commitment", name, primary_key=True),
        sa.Column("opened", sa.Text, nullable=False),
    )


def downgrade() -> None:
    for table in ("openings", "runs", "mailbox", "nonces", "cosignatures", "heads", "leaves"):
        op.drop_table(table)
