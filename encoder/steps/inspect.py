"""Describes a file before anything is read for encoding: no project, no keys, no network.

Reads the column names and the first rows, recognises the layout, and proposes a
mapping for the officer to check. Its output names columns, rows and rules, never a cell.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as AnyMapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import yaml

from encoder.normalise.dates import order_evidence
from encoder.source.cell_usage import Usage, UsageTable
from encoder.source.cell_values import Settler
from encoder.source.field_names import field_title
from encoder.source.first_look import headers, opening, told
from encoder.source.joined_columns import DateColumn
from encoder.source.lines import lines_of
from encoder.source.mapping import FieldSource, Format, Mapping, RecordId, StatusColumn
from encoder.source.presets.departed import departed
from encoder.source.presets.headers import plain
from encoder.source.presets.layouts import Fit, recognise
from encoder.source.presets.payload import payload_reason
from encoder.source.presets.proposal import DEFAULT_FIELDS, OPTIONAL_FIELDS, Proposal, propose
from encoder.source.presets.record_ids import may_be_id, propose_record_id
from encoder.source.readers import explain, format_of, read_rows
from encoder.source.readers.rows import first_cells
from encoder.store.identity import Identity
from encoder.store.repeated_ids import RepeatedIds, SharedIds, contents_of
from policy.base.errors import BadInput
from policy.base.words import Words
from policy.base.words import number as grouped
from policy.charter import FieldKind, LinkageField
from policy.project.naming import joined

_ROWS_SEEN = 20_000
_ROWS_AT_ONCE = 5_000


@dataclass(frozen=True)
class UnreadSource:
    """A payload column, and why the encoder does not read it."""

    column: str
    reason: Words


@dataclass(frozen=True)
class RuleSeen:
    """A rule that rows of the sample meet."""

    rule: str
    rows: int
    first_row: int


@dataclass(frozen=True)
class Sample:
    """The results for the first rows under the proposed mapping."""

    rows_seen: int = 0
    rules: tuple[RuleSeen, ...] = ()
    usage: UsageTable = field(default_factory=lambda: UsageTable(rows=0))
    repeated_ids: SharedIds = field(default_factory=lambda: SharedIds(0, 0, ()))
    warnings: tuple[Words, ...] = ()


@dataclass(frozen=True)
class Inspection:
    """The result of an inspection; `mapping` is the proposal."""

    source: str
    format: Format
    fit: Fit | None
    mapping: Mapping
    columns: tuple[str, ...]
    payload: tuple[UnreadSource, ...]
    unmapped: tuple[str, ...]
    sample: Sample
    warnings: tuple[Words, ...] = field(default=())

    def as_json(self) -> dict[str, object]:
        fit = self.fit
        return {
            "source": self.source,
            "format": self.format,
            "encoding": self.mapping.encoding if self.format == "csv" else None,
            "delimiter": self.mapping.delimiter,
            "sheet": self.mapping.sheet,
            "header_row": self.mapping.header_row,
            "header_lines": self.mapping.header_lines,
            "preset": fit and {"id": fit.layout.id, "fitting": fit.fitting, "headers": fit.headers},
            "mapping": self.mapping.model_dump(exclude_defaults=True),
            "payload": [
                {"column": each.column, "reason": {"id": each.reason.id, "en": each.reason.en}}
                for each in self.payload
            ],
            "unmapped": list(self.unmapped),
            "rows_seen": self.sample.rows_seen,
            "record-id-repeated": asdict(self.sample.repeated_ids),
            "usage": self.sample.usage.model_dump(mode="json"),
            "rules": [
                {"rule": each.rule, "rows": each.rows, "first_row": each.first_row}
                for each in self.sample.rules
            ],
            "warnings": [{"id": w.id, "en": w.en} for w in self.warnings],
        }


def inspect_source(
    path: Path,
    fields: Iterable[LinkageField] | None = None,
    sheet: str | None = None,
    table: str | None = None,
) -> Inspection:
    """Recognise the source and propose a mapping, for the fields of a charter if given."""
    fields = None if fields is None else tuple(fields)
    found = format_of(path)
    start, warnings = opening(path, found, sheet, table)
    columns, start = headers(path, start, {plain(each.name) for each in fields or ()})
    fit = recognise(columns)
    layout = fit.layout if fit else None
    cells = _first_cells(path, start, columns)
    proposal = propose(columns, layout, cells)
    kinds = {each.name: each.kind for each in fields or (*DEFAULT_FIELDS, *OPTIONAL_FIELDS)}
    proposed = _with_orders(proposal.fields(fields), kinds, cells)
    mapping = start.model_copy(
        update={"record_id": _id_of_rows(proposal, columns, cells), "fields": proposed}
    )
    mapping = mapping.model_copy(
        update={"status": _status(proposal, cells, set(mapping.source_columns()))}
    )
    payload = tuple(
        UnreadSource(column, reason)
        for column in columns
        if (reason := payload_reason(column, layout)) is not None
    )
    unread = {each.column for each in payload}
    used = set(mapping.source_columns())
    sample = _sample(path, mapping, kinds)
    return Inspection(
        source=str(path),
        format=found,
        fit=fit,
        mapping=mapping,
        columns=tuple(columns),
        payload=payload,
        unmapped=tuple(c for c in columns if c and c not in used | unread),
        sample=sample,
        warnings=(
            *warnings,
            *told(path, mapping),
            *_doubts(columns, fit, mapping, kinds),
            *_unproposed(proposal, mapping, fields or ()),
            *sample.warnings,
        ),
    )


def _first_cells(path: Path, mapping: Mapping, columns: Sequence[str]) -> dict[str, list[str]]:
    """Cells of the first rows; empty if the file is unreadable, which the sample reports."""
    once = tuple(c for c in dict.fromkeys(columns) if c and list(columns).count(c) == 1)
    try:
        return first_cells(path, mapping, once, _ROWS_SEEN)
    except BadInput:
        return {}


def _id_of_rows(
    proposal: Proposal, columns: Sequence[str], cells: AnyMapping[str, Sequence[str]]
) -> RecordId:
    """The column named as an id, if its cells are one; else one that looks like an id."""
    called = proposal.roles.get("record_id")
    known = [cell.strip() for cell in cells.get(called or "", ())]
    if called and (len(known) < 2 or (all(known) and len(set(known)) == len(known))):
        return called
    free = may_be_id(columns, proposal.roles, proposal.layout)
    village = proposal.roles.get("village")
    seen = {name: cells[name] for name in (*free, village) if name is not None and name in cells}
    return propose_record_id(seen, village) or called


def _with_orders(
    fields: dict[str, FieldSource],
    kinds: AnyMapping[str, FieldKind],
    cells: AnyMapping[str, Sequence[str]],
) -> dict[str, FieldSource]:
    """The proposal, with the order of day and month for dates that put the month first."""
    found: dict[str, FieldSource] = {}
    for name, source in fields.items():
        if not isinstance(source, str) or kinds.get(name) != "date":
            continue
        if order_evidence(cells.get(source, ())).likely == "month-first":
            found[name] = DateColumn(column=source, order="month-first")
    return {**fields, **found}


def _status(
    proposal: Proposal, cells: AnyMapping[str, Sequence[str]], taken: set[str]
) -> StatusColumn | None:
    """A column that marks people as dead or rows as not valid: by the layout or by its cells."""
    known = proposal.status()
    if known is not None:
        return known
    for column, values in cells.items():
        gone = departed(values)
        if gone and column not in taken:
            return StatusColumn(column=column, leave_out=gone)
    return None


def _sample(path: Path, mapping: Mapping, known: AnyMapping[str, FieldKind]) -> Sample:
    """Read the first rows like `prepare`, and count refused rows and unused cells."""
    kinds = {name: kind for name, kind in known.items() if name in mapping.fields}
    settle = Settler(kinds, mapping)
    identity = Identity([LinkageField(name=name, kind=kind) for name, kind in kinds.items()])
    usage, ids = Usage(kinds), RepeatedIds()
    counts: Counter[str] = Counter()
    first: dict[str, int] = {}
    seen = 0
    warnings: list[Words] = []
    try:
        for chunk in read_rows(path, mapping, kinds, _ROWS_AT_ONCE):
            seen += len(chunk.row_numbers) + len(chunk.refused)
            values = settle(chunk)
            usage.merge(values.usage)
            if mapping.record_id is not None:
                ids.add(*contents_of(identity, chunk, values))
            out = [(chunk.row_numbers[at], rule) for at, rule in sorted(values.out.items())]
            for number, rule in (*chunk.refused, *out):
                counts[rule] += 1
                first[rule] = min(number, first.get(rule, number))
            if seen >= _ROWS_SEEN:
                break
    except BadInput as error:
        warnings += [error.problem, error.hint]
    lines = lines_of(mapping)
    rules = tuple(RuleSeen(rule, rows, first[rule]) for rule, rows in sorted(counts.items()))
    for each in rules:
        why, rows, first_row = explain(each.rule), grouped(each.rows), lines.told(each.first_row)
        warnings.append(
            Words(
                f"{rows.id} baris akan ditolak (pertama baris {first_row.id}): {why.id}.",
                f"{rows.en} row{'s' * (each.rows != 1)} would be refused"
                f" (first row {first_row.en}): {why.en}.",
            )
        )
    repeated = ids.found()
    if repeated:
        warnings.append(repeated.words(lines))
    return Sample(seen, rules, usage.table(), repeated, tuple(warnings))


def _doubts(
    headers: Sequence[str], fit: Fit | None, mapping: Mapping, kinds: AnyMapping[str, FieldKind]
) -> list[Words]:
    doubts: list[Words] = []
    if fit is not None and fit.layout.note is not None:
        doubts.append(Words(fit.layout.note.id, fit.layout.note.en))
    if mapping.record_id is None:
        doubts.append(
            Words(
                "Tidak ada kolom id baris; baris dikenali dari isinya. Sebut kolom id bila ada.",
                "There is no record id column; rows are known by their content. Name one if"
                " there is one.",
            )
        )
    nothing = [name for name, source in mapping.fields.items() if source is None]
    if nothing:
        titles = joined([field_title(each, kinds[each]) for each in nothing])
        doubts.append(
            Words(f"Tanpa kolom di sumber ini: {titles.id}.", f"No column here for: {titles.en}.")
        )
    repeated = ", ".join(sorted({h for h in headers if h and list(headers).count(h) > 1}))
    if repeated:
        doubts.append(
            Words(f"Nama kolom berulang: {repeated}.", f"Column names that repeat: {repeated}.")
        )
    return doubts


def _unproposed(
    proposal: Proposal, mapping: Mapping, fields: Iterable[LinkageField]
) -> list[Words]:
    """Columns with another form than requested, and how to handle them."""
    doubts: list[Words] = []
    other = ", ".join(field.name for field in fields if proposal.elsewhere(field))
    if other:
        doubts.append(
            Words(
                f"Alamat domisili dan alamat KTP berbeda; yang diminta tidak ada di sini: {other}.",
                "Domicile and registered address are not the same; the one asked for is not"
                f" here: {other}.",
            )
        )
    code = proposal.roles.get("code_region")
    places = [each.name for each in fields or DEFAULT_FIELDS if each.kind == "place"]
    place = next((name for name in places if mapping.fields.get(name) is None), None)
    if code is not None and place:
        form = f'{{code: "{code}", codebook: bps}}'
        doubts.append(
            Words(
                f"Ada kode wilayah ('{code}'). Bila sampai kelurahan, tulis {place}: {form}, atau"
                " kemendagri: tanyakan buku kode siapa.",
                f"There are region codes ('{code}'). If they are of kelurahan, write {place}:"
                f" {form}, or kemendagri: ask whose book they are from.",
            )
        )
    age = proposal.roles.get("age")
    if age is not None and age not in mapping.source_columns() and "dob" not in proposal.roles:
        form = f'{{age: "{age}", recorded: 2022}}'
        doubts.append(
            Words(
                f"Ada umur ('{age}'). Bila tanggal lahir kosong, tulis {form} dengan tahun"
                " pendataannya.",
                f"There are ages ('{age}'). Where dates are missing, write {form} with the year"
                " in which they were told.",
            )
        )
    return doubts


def mapping_yaml(found: Inspection) -> str:
    """The proposal as a file for the officer to edit, with the findings as comments."""
    mapping = found.mapping
    lines = [
        "# Usulan dari 'padan-encoder inspect'; periksa setiap baris sebelum dipakai.",
        "# Proposed by 'padan-encoder inspect'; check every line before use.",
    ]
    if found.fit is not None:
        layout = found.fit.layout
        lines.append(f"# {layout.id}: {layout.title.id} / {layout.title.en}")
        if layout.note is not None:
            lines += [f"# {layout.note.id}", f"# {layout.note.en}"]
    lines.append(f"record_id: {_record_id(mapping.record_id)}")
    lines.append("fields:")
    lines += [f"  {_key(name)}: {_source(source)}" for name, source in mapping.fields.items()]
    for key in (
        "format",
        "encoding",
        "delimiter",
        "sheet",
        "header_row",
        "header_lines",
        "layout",
        "table",
    ):
        value = getattr(mapping, key)
        if value != Mapping.model_fields[key].default:
            lines.append(f"{key}: {value if isinstance(value, int) else _scalar(value)}")
    if mapping.sheets is not None:
        sheets = mapping.sheets
        names = sheets if sheets == "all" else f"[{', '.join(map(_scalar, sheets))}]"
        lines.append(f"sheets: {names}")
    lines += [
        "# refuse: baris dengan NIK/KK rusak ditolak; drop: orangnya tetap, tanpa NIK/KK itu",
        "# refuse: a row with a damaged NIK/KK is refused; drop: it stays, without that NIK/KK",
        f"damaged_identifiers: {mapping.damaged_identifiers}",
    ]
    if mapping.status is not None:
        values = ", ".join(map(_scalar, mapping.status.leave_out))
        lines += [
            "# Baris berstatus ini tidak ditautkan / rows of this status are not linked",
            f"status: {{column: {_scalar(mapping.status.column)}, leave_out: [{values}]}}",
        ]
    if found.payload:
        lines.append("# Muatan, tidak dibaca / payload, will not be read:")
        lines += [f"#   {_scalar(each.column)}" for each in found.payload]
    if found.unmapped:
        lines.append("# Tidak dipetakan / not mapped:")
        lines += [f"#   {_scalar(column)}" for column in found.unmapped]
    return "\n".join(lines) + "\n"


def _source(source: FieldSource) -> str:
    if source is None or isinstance(source, str):
        return _scalar(source)
    pairs = source.model_dump(exclude_defaults=True).items()
    return "{" + ", ".join(f"{key}: {_scalar(value)}" for key, value in pairs) + "}"


def _record_id(source: RecordId) -> str:
    if source is None or isinstance(source, str):
        return _scalar(source)
    return "{columns: [" + ", ".join(map(_scalar, source.columns)) + "]}"


def _key(name: str) -> str:
    return name if yaml.safe_load(name) == name else _scalar(name)


def _scalar(text: str | None) -> str:
    """A column name as YAML; a JSON string is a YAML string, whatever the name."""
    return "null" if text is None else json.dumps(text, ensure_ascii=False)
