"""The tables. No personal data, no encodings, no exact counts outside `openings`."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData()

leaves = Table(
    "leaves",
    metadata,
    Column("project", String(64), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("digest", String(64), nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    UniqueConstraint("project", "digest"),
)
_first = text("position = 0")
Index("leaves_first", leaves.c.project, sqlite_where=_first, postgresql_where=_first)
heads = Table(
    "heads",
    metadata,
    Column("project", String(64), primary_key=True),
    Column("size", Integer, primary_key=True, autoincrement=False),
    Column("note", Text, nullable=False),
)
cosignatures = Table(
    "cosignatures",
    metadata,
    Column("project", String(64), primary_key=True),
    Column("size", Integer, primary_key=True, autoincrement=False),
    Column("member", String(64), primary_key=True),
    Column("line", Text, nullable=False),
    Column("newest", Text, nullable=False, server_default=""),
    Column("changed", BigInteger, nullable=False, server_default="1"),
    Index("cosignatures_changed", "project", "changed"),
)
awaited = Table(
    "awaited",
    metadata,
    Column("project", String(64), primary_key=True),
    Column("size", Integer, nullable=False),
    Column("since", BigInteger, nullable=False),
)
shown = Table(
    "shown",
    metadata,
    Column("project", String(64), primary_key=True),
    Column("member", String(64), primary_key=True),
    Column("size", Integer, nullable=False),
)
nonces = Table(
    "nonces",
    metadata,
    Column("member", String(64), primary_key=True),
    Column("nonce", String(64), primary_key=True),
    Column("expires", BigInteger, nullable=False, index=True),
)
mailbox = Table(
    "mailbox",
    metadata,
    Column("project", String(64), primary_key=True),
    Column("sender", String(64), primary_key=True),
    Column("recipient", String(64), primary_key=True),
    Column("seal", LargeBinary, nullable=False),
)
runs = Table(
    "runs",
    metadata,
    Column("project", String(64), primary_key=True),
    Column("run", String(64), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("tiles_done", Integer, nullable=False),
    Column("tiles_total", Integer, nullable=False),
    Column("error", String(64), nullable=False),
    Column("attempt", Integer, nullable=False, server_default="1"),
    Column("reason", Text, nullable=False, server_default=""),
    Column("step", String(16), nullable=False, server_default=""),
    Column("since", BigInteger, nullable=False, server_default="0"),
    Column("tiles_before", Integer, nullable=False, server_default="0"),
)
leases = Table(
    "leases",
    metadata,
    Column("name", String(160), primary_key=True),
    Column("holder", String(64), nullable=False),
    Column("fence", BigInteger, nullable=False),
    Column("beat", BigInteger, nullable=False),
)
openings = Table(
    "openings",
    metadata,
    Column("project", String(64), primary_key=True),
    Column("commitment", String(64), primary_key=True),
    Column("opened", Text, nullable=False),
)
# People at the coordinator and auditors: names of officials, and no secret in the clear.
staff = Table(
    "staff",
    metadata,
    Column("id", String(64), primary_key=True),
    # The provider of an OIDC account and its name for the person; empty and the name otherwise.
    Column("issuer", String(255), nullable=False, server_default=""),
    Column("subject", String(255), nullable=False),
    Column("name", String(120), nullable=False),
    Column("office", String(64), nullable=False),
    Column("roles", Text, nullable=False),
    Column("projects", Text, nullable=False, server_default=""),
    Column("state", String(16), nullable=False),
    Column("passphrase", Text, nullable=False, server_default=""),
    Column("totp", Text, nullable=False, server_default=""),
    Column("totp_step", BigInteger, nullable=False, server_default="0"),
    Column("created", BigInteger, nullable=False),
    UniqueConstraint("issuer", "subject"),
)
recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("person", String(64), primary_key=True),
    Column("code", String(64), primary_key=True),
)
one_time_codes = Table(
    "one_time_codes",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("person", String(64), nullable=False),
    Column("expires", BigInteger, nullable=False),
)
sessions = Table(
    "sessions",
    metadata,
    Column("token", String(64), primary_key=True),
    Column("person", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("secret", Text, nullable=False, server_default=""),
    Column("started", BigInteger, nullable=False),
    Column("seen", BigInteger, nullable=False),
)
sign_in_waits = Table(
    "sign_in_waits",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("until", BigInteger, nullable=False),
)
oidc_visits = Table(
    "oidc_visits",
    metadata,
    Column("state", String(64), primary_key=True),
    Column("browser", String(64), nullable=False),
    Column("sealed", Text, nullable=False),
    Column("expires", BigInteger, nullable=False),
)
marks = Table(
    "marks",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", String(64), nullable=False),
)
stores = Table("stores", metadata, Column("id", String(64), primary_key=True))
