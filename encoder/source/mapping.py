"""Which column of a source is which field of the charter: YAML that an officer edits.

record_id: id_art            # the agency's own row id; never leaves. null: the row number
record_id: {columns: [kode_desa, no_urut]}  # several columns that form one id
fields:
  nama: NAMA_LENGKAP
  lahir: {day: tgl, month: bln, year: thn}    # a date in three columns
  lahir: {column: TGL_LAHIR, order: month-first}   # 08/17/1945; or day-first
  jk: {column: JK, male: [1], female: [0]}    # a source's own codes
  rtrw: {rt: NO_RT, rw: NO_RW}                # two columns, joined as 003/001
  lahir: {age: USIA, recorded: 2022}          # or: age: USIA, date: TGL_LAHIR, recorded: 2022
  kelurahan: {province: NO_PROP, regency: NO_KAB, district: NO_KEC, village: NO_KEL}
  kelurahan: {code: KODE_DESA, codebook: bps} # the codebook of the number
  kodepos: {postal: KODEPOS, village: KELURAHAN}  # kept only if it belongs to that kelurahan
  ibu: null                  # this source has no such column
format: csv                  # csv, excel (ods too), parquet, sql, dbf, sav or dta; detected if
absent
encoding: utf-8              # csv, dbf, sav and dta; cp1252, latin-1 or utf-16
delimiter: ","               # csv only; detected if left out
sheet: Data                  # excel only; the first visible one if left out
sheets: [Ciracas, Cawang]    # excel only, instead of sheet: read as one; or all visible ones
header_row: 1                # csv and excel: the line that holds the column names
header_lines: 1              # how many lines hold names, from header_row on (merged cells)
layout: table                # or bip: Buku Induk Penduduk, family blocks with headings
table: penduduk              # sql only: a table or a view, or a query instead
repeated_ids: refuse         # or keep: a record id of several people then identifies none of them
damaged_identifiers: refuse  # or drop: keep the row without its NIK or KK
status: {column: Status, leave_out: [Mati, Tidak Valid]}   # such rows are refused

A mapping with a payload column (desil, health, disability, aid) is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field, ValidationError, field_validator

from encoder.error_codes import EncoderCode
from encoder.normalise.dates import Order
from encoder.source.joined_columns import (
    DateColumn,
    JoinedColumns,
    PostalColumns,
    as_texts,
    plain_code,
)
from encoder.source.presets.layouts import recognise
from encoder.source.presets.payload import payload_reason
from policy.base.canonical import Identifier, Model
from policy.base.errors import BadInput
from policy.base.files import read_file
from policy.base.words import Words

Format = Literal["csv", "excel", "parquet", "sql", "dbf", "sav", "dta"]
Layout = Literal["table", "bip"]

MOST_HEADER_LINES = 4


class IdColumns(Model):
    """Several columns that form an id; joined by a slash, missing if one is missing."""

    columns: tuple[str, ...] = Field(min_length=2)

    @field_validator("columns", mode="before")
    @classmethod
    def _as_tuple(cls, names: object) -> object:
        return tuple(names) if isinstance(names, list) else names

    def join(self, cells: tuple[str, ...]) -> str:
        parts = [cell.strip() for cell in cells]
        return "/".join(parts) if all(parts) else ""


class StatusColumn(Model):
    """A list's status of its rows, and the values that exclude a row: deceased, not valid."""

    column: str
    leave_out: tuple[str, ...] = Field(min_length=1)

    @field_validator("leave_out", mode="before")
    @classmethod
    def _as_written(cls, values: object) -> object:
        return as_texts(values)

    def keeps_out(self, cells: Sequence[str]) -> list[int]:
        """Positions of cells with an excluding value, in any letter case; `2.0` is `2`."""
        gone = {plain_code(each) for each in self.leave_out}
        known = {cell: plain_code(cell) in gone for cell in set(cells)}
        return [at for at, cell in enumerate(cells) if known[cell]]


FieldSource = str | JoinedColumns | None
RecordId = str | IdColumns | None


def columns_of(source: FieldSource | RecordId) -> tuple[str, ...]:
    """The columns of the file that a field's source, or the record id, reads."""
    if source is None:
        return ()
    if isinstance(source, IdColumns):
        return source.columns
    return (source,) if isinstance(source, str) else source.columns()


class Mapping(Model):
    record_id: RecordId
    fields: dict[Identifier, FieldSource]
    format: Format | None = None
    encoding: str = "utf-8"
    delimiter: str | None = Field(default=None, min_length=1, max_length=1)
    sheet: str | None = None
    sheets: tuple[str, ...] | Literal["all"] | None = None
    header_row: int = Field(default=1, ge=1, le=1000)
    header_lines: int = Field(default=1, ge=1, le=MOST_HEADER_LINES)
    layout: Layout = "table"
    table: str | None = None
    query: str | None = None
    damaged_identifiers: Literal["refuse", "drop"] = "refuse"
    status: StatusColumn | None = None
    repeated_ids: Literal["refuse", "keep"] = "refuse"

    def order_of(self, field: str) -> Order | None:
        """The order of day and month that the mapping names for a field of dates."""
        source = self.fields.get(field)
        return source.order if isinstance(source, DateColumn) else None

    @field_validator("sheets", mode="before")
    @classmethod
    def _each_named_once(cls, value: object) -> object:
        """YAML reads 2023 as a number; a sheet may be called that."""
        if not isinstance(value, list | tuple):
            return value
        names = tuple(map(str, value))
        if not names or len(set(names)) != len(names):
            raise ValueError
        return names

    def first_line(self) -> int | None:
        """The spreadsheet line of row 1 of a sheet; None if the format has no lines."""
        if self.format not in (None, "csv", "excel") or self.layout == "bip":
            return None
        return self.header_row + self.header_lines

    def source_columns(self) -> tuple[str, ...]:
        """All columns of the source that this mapping reads, the record id first."""
        first = columns_of(self.record_id)
        last = () if self.status is None else (self.status.column,)
        return tuple(dict.fromkeys((*first, *self.field_columns(), *last)))

    def record_ids(self, by_column: dict[str, list[str]], numbers: Sequence[int]) -> list[str]:
        """The id of each row; its number if the source has no ids; '' for a missing id."""
        if self.record_id is None:
            return list(map(str, numbers))
        if isinstance(self.record_id, str):
            return [cell.strip() for cell in by_column[self.record_id]]
        cells = (by_column[column] for column in self.record_id.columns)
        return list(map(self.record_id.join, zip(*cells, strict=True)))

    def field_columns(self) -> tuple[str, ...]:
        """The columns of the fields; a column that is mapped twice appears twice."""
        columns: list[str] = []
        for source in self.fields.values():
            columns += columns_of(source)
        return tuple(columns)

    def own_columns(self) -> tuple[str, ...]:
        """The field columns without those that only qualify another column's cell."""
        beside = [s.village for s in self.fields.values() if isinstance(s, PostalColumns)]
        columns = list(self.field_columns())
        for column in beside:
            columns.remove(column)
        return tuple(columns)


def load_mapping(path: Path) -> Mapping:
    """Read a mapping; raises BadInput that names file and part."""
    try:
        tree = _once_each(read_file(path).decode("utf-8"))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise _bad(path, "YAML" if mark is None else f"YAML, {mark.line + 1}") from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        # Python's stack overflows at some hundred levels of nested lists.
        raise _bad(path, "YAML") from None
    return parse_mapping(tree, path)


def parse_mapping(tree: object, path: Path) -> Mapping:
    """A mapping from parsed YAML; errors name it by `path`."""
    try:
        mapping = Mapping.model_validate(tree)
    except RecursionError:
        raise _bad(path, "YAML") from None
    except ValidationError as error:
        # After the field, pydantic names the forms that it tried.
        where = ".".join(str(p) for p in error.errors(include_input=False)[0]["loc"][:2])
        raise _bad(path, where or "YAML") from None
    if mapping.table is not None and mapping.query is not None:
        raise _bad(path, "table, query")
    if mapping.sheet is not None and mapping.sheets is not None:
        raise _bad(path, "sheet, sheets")
    used = mapping.own_columns()
    if len(set(used)) != len(used):
        raise BadInput(
            EncoderCode.MAPPING_TWICE,
            Words(
                f"{path}: satu kolom dipetakan dua kali.",
                f"{path}: one column is mapped twice.",
            ),
            Words("Petakan setiap kolom satu kali.", "Map every column once."),
        )
    _require_no_payload(path, mapping)
    return mapping


def _require_no_payload(path: Path, mapping: Mapping) -> None:
    fit = recognise(mapping.source_columns())
    for column in mapping.source_columns():
        reason = payload_reason(column, fit.layout if fit else None)
        if reason is not None:
            raise BadInput(
                EncoderCode.MAPPING_PAYLOAD,
                Words(
                    f"{path}: kolom '{column}' tidak boleh dibaca penyandi: {reason.id}.",
                    f"{path}: the encoder must not read the column '{column}': {reason.en}.",
                ),
                Words(
                    "Hapus kolom itu dari pemetaan; penautan hanya memakai identitas.",
                    "Take it out of the mapping; linkage uses identity alone.",
                ),
            )


def _once_each(yaml_text: str) -> object:
    """Parse YAML, but reject a repeated key: PyYAML would silently keep the last one."""
    for node in _mappings(yaml.compose(yaml_text, Loader=yaml.SafeLoader)):
        keys = [key.value for key, _ in node.value]
        if len(set(keys)) != len(keys):
            raise yaml.YAMLError
    return yaml.safe_load(yaml_text)


def _mappings(node: yaml.Node | None) -> Iterator[yaml.MappingNode]:
    if isinstance(node, yaml.MappingNode):
        yield node
        for _, value in node.value:
            yield from _mappings(value)


def _bad(path: Path, where: str) -> BadInput:
    return BadInput(
        EncoderCode.MAPPING_MALFORMED,
        Words(f"{path}: bagian '{where}' tidak sah.", f"{path}: '{where}' is not valid."),
        Words(
            "Mulailah dari usulan 'padan-encoder inspect'; bentuknya ada di"
            " docs/how-to/link-your-own-files.md.",
            "Start from what 'padan-encoder inspect' proposes; its parts are in"
            " docs/how-to/link-your-own-files.md.",
        ),
    )
