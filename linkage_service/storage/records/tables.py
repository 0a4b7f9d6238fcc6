"""The tables. No personal data, no encodings, no exact counts outside `openings`."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
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
)
openings = Table(
    "openings",
    metadata,
    Column("project", String(64), primary_key=True),
    Column("commitment", String(64), primary_key=True),
    Column("opened", Text, nullable=False),
)
uploads = Table(
    "uploads",
    metadata,
    Column("project", String(64), primary_key=True),
    Column("name", String(160), primary_key=True),
    Column("member", String(64), nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
)
stores = Table("stores", metadata, Column("id", String(64), primary_key=True))
