"""Rows from a database through SQLAlchemy (extra `sql`), streamed by the server.

The source is given as `env:NAME`: the URL is read from that environment variable, so
that no argument, file or message of ours contains a password. Rows are ordered
by the record id and the mapped columns, so that row numbers can be found again.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from encoder.error_codes import EncoderCode
from encoder.source.mapping import Mapping
from encoder.source.readers.source import Block, SourceNote, lost_digits, positions, text_of
from policy.base.errors import BadInput
from policy.base.extras import require_extra
from policy.base.words import Words

PREFIX = "env:"


class Sql:
    """A table, a view or a query. Errors name the variable, never the URL."""

    def __init__(self, name: str, mapping: Mapping) -> None:
        self.name = name
        self._mapping = mapping

    def tables(self) -> list[str]:
        """Tables and views, for `inspect` without a mapping."""
        with self._connection() as connection:
            inspector = importlib.import_module("sqlalchemy").inspect(connection)
            return sorted((*inspector.get_table_names(), *inspector.get_view_names()))

    def notes(self) -> tuple[SourceNote, ...]:
        return ()

    def first_rows(self, count: int) -> list[list[str]]:
        sql: Any = importlib.import_module("sqlalchemy")
        with self._connection() as connection:
            # Without a limit some drivers would fetch the whole table first.
            query = sql.select(sql.text("*")).select_from(self._from()).limit(count - 1)
            rows = connection.execute(query)
            return [list(rows.keys()), *([text_of(cell) for cell in row] for row in rows)]

    def blocks(
        self, wanted: Sequence[str], identifiers: frozenset[str], rows_at_once: int
    ) -> Iterator[Block]:
        sql: Any = importlib.import_module("sqlalchemy")
        checked = [i for i, column in enumerate(wanted) if column in identifiers]
        number = 0
        with self._connection() as connection:
            nothing = sql.select(sql.text("*")).select_from(self._from()).where(sql.false())
            positions(self.name, list(connection.execute(nothing).keys()), wanted)
            order = [sql.column(name) for name in self._mapping.source_columns()]
            query = sql.select(*(sql.column(name) for name in wanted))
            rows = connection.execution_options(yield_per=rows_at_once).execute(
                query.select_from(self._from()).order_by(*order)
            )
            for batch in rows.partitions(rows_at_once):
                cells = list(zip(*batch, strict=True))
                rounded = [
                    (row, i)
                    for i in checked
                    for row, cell in enumerate(cells[i])
                    if lost_digits(cell)
                ]
                numbers = list(range(number + 1, number + len(batch) + 1))
                yield Block(numbers, [list(map(text_of, c)) for c in cells], [], rounded)
                number += len(batch)

    def _from(self) -> Any:
        sql: Any = importlib.import_module("sqlalchemy")
        if self._mapping.query is not None:
            return sql.text(f"({self._mapping.query.strip().rstrip(';')}) AS padan_rows")
        if self._mapping.table is None:
            raise BadInput(
                EncoderCode.MAPPING_NO_TABLE,
                Words(
                    f"{self.name}: pemetaan tidak menyebut tabel atau kueri.",
                    f"{self.name}: the mapping names neither a table nor a query.",
                ),
                Words(
                    "Tulis 'table: NAMA' atau 'query: SELECT ...' di pemetaan.",
                    "Write 'table: NAME' or 'query: SELECT ...' in the mapping.",
                ),
            )
        schema, _, table = self._mapping.table.rpartition(".")
        return sql.table(table, schema=schema or None)

    @contextmanager
    def _connection(self) -> Iterator[Any]:
        require_extra("sql", "sqlalchemy")
        sql: Any = importlib.import_module("sqlalchemy")
        url = os.environ.get(self.name.removeprefix(PREFIX))
        if not url:
            raise self._failed(Words("variabel itu kosong", "that variable is empty"))
        try:
            # The values of a failed statement would be people's cells.
            engine = sql.create_engine(url, hide_parameters=True)
        except (sql.exc.ArgumentError, sql.exc.NoSuchModuleError):
            raise self._failed(Words("URL tidak sah", "the URL is not valid")) from None
        except ImportError:
            raise self._failed(
                Words("penggerak basis data belum terpasang", "the driver is not installed")
            ) from None
        try:
            with engine.connect() as connection:
                yield connection
        except sql.exc.SQLAlchemyError as error:
            kind = type(error).__name__
            raise self._failed(
                Words(f"basis data menolak ({kind})", f"the database refused ({kind})")
            ) from None
        finally:
            engine.dispose()

    def _failed(self, what: Words) -> BadInput:
        return BadInput(
            EncoderCode.FILE_SQL,
            Words(f"{self.name}: {what.id}.", f"{self.name}: {what.en}."),
            Words(
                "Isi variabel itu dengan URL SQLAlchemy; periksa tabel, izin, dan jaringan.",
                "Put the SQLAlchemy URL into it; check the table, your rights and the network.",
            ),
        )
