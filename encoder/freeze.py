"""From a source file to frozen rows: read -> map -> normalise -> refuse -> freeze."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from encoder.mapping import Mapping, load_mapping
from encoder.normalise import normalise_column
from encoder.parallel import in_order
from encoder.prepared import PreparedDataset, SourceRow
from encoder.readers import NO_LINKAGE_FIELD, NOBODY, SUPPRESSED, Chunk, location, read_rows
from encoder.terms import identifiers, require_own_terms, used_columns
from encoder.workspace import Workspace
from policy.charter import Charter, FieldKind
from policy.errors import BadInput, Refused
from policy.files import read_file
from policy.statements import Committed
from policy.words import Words

Kinds = dict[str, FieldKind]

_ROWS_AT_ONCE = 10_000
# So many chunks are normalised before other processes are worth their start.
_ALONE = 5


def freeze_dataset(
    workspace: Workspace,
    dataset: str,
    file: Path,
    mapping_file: Path,
    suppress: Path | None,
    advance: Callable[[int], None],
) -> PreparedDataset:
    """Freeze one dataset of this agency; refuses once its handles are committed."""
    session = workspace.session
    path = workspace.prepared_path(dataset)
    charter = session.charter
    if session.me.member.id in session.project.by_sender(Committed):
        raise Refused(
            "prepare.committed",
            Words(
                "Pegangan baris sudah dikomitmenkan; data tidak dapat diganti pada zaman ini.",
                "The handles are committed; rows cannot be replaced in this epoch.",
            ),
            Words("Perubahan masuk ke zaman berikutnya.", "Changes go into the next epoch."),
        )
    require_own_terms(charter)
    mapping = load_mapping(mapping_file)
    _require_same_fields(charter, mapping)
    pass_ = Pass(charter, mapping, file, _suppressed(suppress), advance)
    prepared = PreparedDataset.freeze(
        path,
        pass_.rows(),
        pass_.refused,
        workspace.local_key(),
        charter.encoding.canaries.total,
        {"source": location(file), "mapping": str(mapping_file.resolve())},
        pass_.noted,
    )
    if prepared.reconciliation().people == 0:
        path.unlink()
        raise BadInput(
            "file.no-rows",
            Words(f"{file}: tidak ada baris yang dapat dipakai.", f"{file}: no row can be used."),
            Words(
                "Periksa isi berkas dan pemetaan kolomnya.",
                "Check the file's content and its column mapping.",
            ),
        )
    return prepared


@dataclass
class Pass:
    """One pass over the file; refused rows are kept by number and rule."""

    charter: Charter
    mapping: Mapping
    file: Path
    suppressed: frozenset[str]
    advance: Callable[[int], None]
    workers: int | None = None
    refused: list[tuple[int, str]] = field(default_factory=list)
    noted: list[tuple[int, str]] = field(default_factory=list)

    def rows(self) -> Iterator[SourceRow]:
        kinds: Kinds = {f.name: f.kind for f in self.charter.fields}
        chunks = read_rows(self.file, self.mapping, kinds, _ROWS_AT_ONCE)
        used = used_columns(self.charter)
        normal = in_order(_normaliser, (kinds, used), chunks, alone=_ALONE, workers=self.workers)
        for chunk, columns in normal:
            self.refused += chunk.refused
            self.noted += chunk.noted
            yield from self._chunk(chunk, columns)
            self.advance(len(chunk.record_ids) + len(chunk.refused))

    @cached_property
    def _of_a_person(self) -> tuple[int, ...]:
        """Where a row's own name and NIK stand; empty if the charter has no names."""
        fields = self.charter.fields
        own = next((field.name for field in fields if field.kind == "name"), None)
        nik = next((field.name for field in fields if field.kind == "nik"), None)
        columns = identifiers(self.charter)
        return tuple(columns.index(name) for name in (own, nik) if own and name)

    def _chunk(self, chunk: Chunk, columns: list[list[str]]) -> Iterator[SourceRow]:
        rows = zip(chunk.row_numbers, chunk.record_ids, zip(*columns, strict=True), strict=True)
        needed = self._of_a_person
        for number, record_id, values in rows:
            if record_id in self.suppressed:
                self.refused.append((number, SUPPRESSED))
            elif not any(values):
                self.refused.append((number, NO_LINKAGE_FIELD))
            elif needed and not any(values[at] for at in needed):
                self.refused.append((number, NOBODY))
            else:
                yield SourceRow(number, record_id, values)


def _normaliser(
    kinds: Kinds, used: frozenset[str]
) -> Callable[[Chunk], tuple[Chunk, list[list[str]]]]:
    """The normalised columns in place of the raw ones."""

    def normalise(chunk: Chunk) -> tuple[Chunk, list[list[str]]]:
        columns: list[list[str]] = []
        for name, kind in kinds.items():
            columns += normalise_column(name, kind, chunk.columns[name], used).columns.values()
        return replace(chunk, columns={}), columns

    return normalise


def _require_same_fields(charter: Charter, mapping: Mapping) -> None:
    wanted = {f.name for f in charter.fields}
    if set(mapping.fields) != wanted:
        names = ", ".join(sorted(set(mapping.fields) ^ wanted))
        raise BadInput(
            "mapping.fields",
            Words(
                f"Pemetaan dan piagam berbeda pada kolom: {names}.",
                f"Mapping and charter differ in these fields: {names}.",
            ),
            Words(
                "Petakan setiap kolom piagam, dan tidak ada yang lain; null bila tidak ada.",
                "Map every field of the charter and no other; null if the source has none.",
            ),
        )


def _suppressed(path: Path | None) -> frozenset[str]:
    if path is None:
        return frozenset()
    return frozenset(line.strip() for line in read_file(path).decode().splitlines() if line)
