"""A database of any earlier build, with rows in every table, becomes one of this build."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, Table, insert, select, text

from linkage_service.doctor import Deployment, examine
from linkage_service.storage.records.database import (
    Database,
    connect,
    migrate,
    open_database,
)
from policy.base.errors import Refused
from policy.evidence import read_bundle
from policy.law import append
from policy.log import parse_checkpoint, parse_note
from policy.members.roster import open_roster
from policy.project import Project
from policy.statements import Decided, parse_statement
from policy.terminal.checks import Standing
from policy.wire.replica import log_origin, read_cosigned
from tests.support.service import Town

CLEAN = Path(__file__).parents[1] / "vectors" / "evidence" / "padan-law-1" / "clean"


def revisions() -> list[str]:
    config = Config()
    config.set_main_option("script_location", "linkage_service.storage.records:migrations")
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config).walk_revisions()
    return sorted(script.revision for script in scripts)


def tables(database: Database) -> dict[str, Table]:
    found = MetaData()
    found.reflect(database.engine)
    return {name: table for name, table in found.tables.items() if name != "alembic_version"}


def logged(project: str) -> dict[str, list[dict[str, Any]]]:
    """The stored log of the first law, as the first revision's tables hold it."""
    bundle = read_bundle(CLEAN / "evidence.zip")
    statements = [parse_statement(leaf) for leaf in bundle.leaves]
    lines = []
    for note in bundle.cosigned:
        parsed = parse_note(note)
        size = parse_checkpoint(parsed.text).size
        cosignatures = [each for each in parsed.signatures if each.name != log_origin(project)]
        lines += [
            {"project": project, "size": size, "member": each.name, "line": each.line()}
            for each in cosignatures
        ]
    return {
        "leaves": [
            {"project": project, "position": i, "digest": s.digest, "leaf": s.leaf}
            for i, s in enumerate(statements)
        ],
        "heads": [{"project": project, "size": len(statements), "note": bundle.checkpoint}],
        "cosignatures": lines,
    }


def invented(table: Table) -> dict[str, Any]:
    """A row with a value in every column."""
    kinds: dict[type, Any] = {int: 7, str: "x", bytes: b"x"}
    return {column.name: kinds[column.type.python_type] for column in table.columns}


@pytest.mark.parametrize("revision", revisions())
def test_rows_of_every_earlier_revision_are_there_afterwards(
    revision: str, database_url: str
) -> None:
    project = "contoh-2026"
    database = connect(database_url)
    migrate(database, revision)
    rows = logged(project)
    with database.writing(project) as connection:
        for name, table in tables(database).items():
            for row in rows.setdefault(name, [invented(table)]):
                connection.execute(insert(table).values(row))
    migrate(database)
    now = tables(database)
    assert now.keys() >= rows.keys(), "a table went"
    with database.reading() as connection:
        for name, before in rows.items():
            after = [dict(row._mapping) for row in connection.execute(select(now[name]))]
            for row in before:
                assert any(row.items() <= each.items() for each in after), name
    database.close()


@pytest.mark.parametrize("revision", revisions()[:-1])
def test_a_log_that_this_build_cannot_read_is_refused_before_anything_changes(
    revision: str, database_url: str
) -> None:
    database = connect(database_url)
    migrate(database, revision)
    rows = logged("contoh-2026")["leaves"]
    with database.writing("contoh-2026") as connection:
        connection.execute(insert(tables(database)["leaves"]), rows[:-1])
        unknown = {**rows[-1], "leaf": b"{}"}
        connection.execute(insert(tables(database)["leaves"]), [unknown])
    before = state(database)
    with pytest.raises(Refused) as caught:
        open_database(database_url)
    assert caught.value.code == "service.database-unreadable"
    assert state(database) == before, "the earlier build can go on"
    # The negative control: migrated without a look.
    migrate(database)
    assert state(database) != before
    database.close()


def state(database: Database) -> tuple[object, ...]:
    """The revision, and the columns of every table."""
    with database.reading() as connection:
        revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    columns = {name: sorted(table.columns.keys()) for name, table in tables(database).items()}
    return revision, columns


def test_a_database_of_a_later_build_is_refused(database_url: str) -> None:
    database = open_database(database_url)
    with database.writing("x") as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Refused) as caught:
        open_database(database_url)
    assert caught.value.code == "service.database-newer"
    database.close()


def test_a_log_of_the_first_law_still_replays_by_it() -> None:
    bundle = read_bundle(CLEAN / "evidence.zip")
    statements = [parse_statement(leaf) for leaf in bundle.leaves]
    roster = open_roster(bundle.roster, statements[0].body_digest)
    project = Project(roster)
    origin = log_origin(statements[1].binding.project)
    cosigned = [read_cosigned(note, roster, origin)[1] for note in bundle.cosigned]
    for statement in statements:
        append(project, statement, cosigned)
    assert len(project.of(Decided)) == 1


def test_a_project_of_the_first_revision_goes_on_after_an_upgrade(tmp_path: Path) -> None:
    """By the command of docs/how-to/upgrade-the-service.md: the first start migrates."""
    town = Town(tmp_path)
    with town.serving():
        town.agree()
        for dataset in town.persons:
            town.upload(dataset)
        town.witness()
        size = town.synced("auditor").project.size
    file = town.members["service"].home.path / "service" / "padan.sqlite"
    as_the_first_build_left_it(f"sqlite:///{file}", tmp_path / "first.sqlite")
    for suffix in ("-wal", "-shm"):
        file.with_name(f"{file.name}{suffix}").unlink(missing_ok=True)
    (tmp_path / "first.sqlite").replace(file)
    (town.settings().blobs / "padan-store.json").unlink()
    process = town.serve_process(town.tile_rows, "--processes", "0")
    try:
        assert town.synced("auditor").project.size == size
        town.match("padan-1")
        assert town.result("padan-1")
    finally:
        process.kill()
        process.wait()
    found = {
        each.id: each for each in examine(Deployment(town.settings(), town.members["service"]))
    }
    assert found["database"].standing is Standing.FINE


def as_the_first_build_left_it(url: str, to: Path) -> None:
    """What the first revision's tables hold of this database, in a database of that revision."""
    now, first = connect(url), connect(f"sqlite:///{to}")
    migrate(first, revisions()[0])
    old, new = tables(first), tables(now)
    with now.reading() as here, first.writing("x") as there:
        for name, table in old.items():
            rows = [dict(row._mapping) for row in here.execute(select(new[name]))]
            kept = [{key: row[key] for key in table.columns.keys() if key in row} for row in rows]  # noqa: SIM118
            if kept and name != "nonces":
                there.execute(insert(table), kept)
    with first.reading() as connection:
        assert (
            connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "0001"
        )
    for each in (now, first):
        each.close()
