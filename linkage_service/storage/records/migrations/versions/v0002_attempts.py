"""Number the attempts of a run: a failed or cancelled run can be started again."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    column = sa.Column("attempt", sa.Integer, nullable=False, server_default="1")
    op.add_column("runs", column)


def downgrade() -> None:
    op.drop_column("runs", "attempt")
