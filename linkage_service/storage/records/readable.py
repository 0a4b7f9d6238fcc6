"""Whether this build can read a database, asked before anything in it is changed."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from sqlalchemy import Engine, inspect, text

from linkage_service.error_codes import ServiceCode
from policy.base.errors import PadanError, Refused
from policy.base.words import Words
from policy.statements import parse_statement

if TYPE_CHECKING:
    from alembic.config import Config


def migrations() -> Config:
    """Alembic's configuration of this package."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "linkage_service.storage.records:migrations")
    config.set_main_option("path_separator", "os")
    return config


def require_readable(engine: Engine) -> None:
    """Checks a database that is to be migrated; raises Refused and changes nothing.

    It must be of this build or an earlier one, and every leaf of its logs must be a statement that
    this build knows: otherwise neither this build nor the earlier one could go on.
    """
    from alembic.script import ScriptDirectory

    if "alembic_version" not in inspect(engine).get_table_names():
        return
    known = [each.revision for each in ScriptDirectory.from_config(migrations()).walk_revisions()]
    with engine.connect() as connection:
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        if found is None or found == known[0]:
            return
        if found not in known:
            raise _newer(str(found))
        rows = connection.execution_options(stream_results=True).execute(
            text("SELECT project, position, leaf FROM leaves ORDER BY project, position")
        )
        with closing(rows):
            for project, position, leaf in rows:
                try:
                    parse_statement(bytes(leaf))
                except PadanError as error:
                    raise _unreadable(project, position, error.code) from None


def _newer(revision: str) -> Refused:
    return Refused(
        ServiceCode.SERVICE_DATABASE_NEWER,
        Words(
            f"Basis data ini milik versi Padan yang lebih baru (revisi {revision}).",
            f"This database is of a newer Padan (revision {revision}).",
        ),
        Words("Pasang versi itu atau yang lebih baru.", "Install that version, or a later one."),
    )


def _unreadable(project: str, position: int, code: str) -> Refused:
    return Refused(
        ServiceCode.SERVICE_DATABASE_UNREADABLE,
        Words(
            f"Entri {position} log {project} tidak terbaca oleh versi ini ({code}). Basis data"
            " tidak diubah.",
            f"Entry {position} of the log {project} cannot be read by this version ({code}). The"
            " database is unchanged.",
        ),
        Words(
            "Jalankan lagi versi sebelumnya, selesaikan proyek itu di sana, dan simpan buktinya.",
            "Run the earlier version again, finish that project there, and keep its evidence.",
        ),
    )
