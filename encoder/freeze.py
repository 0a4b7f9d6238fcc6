"""From a source file to frozen rows: read -> map -> normalise -> refuse -> freeze."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from encoder.generations import Before
from encoder.handles import Handles, People
from encoder.identity import Identity, Persons
from encoder.ids import read_ids, require_some
from encoder.mapping import Mapping, load_mapping
from encoder.parallel import in_order
from encoder.prepared import PreparedDataset
from encoder.readers import NO_LINKAGE_FIELD, NOBODY, SUPPRESSED, Chunk, location, read_rows
from encoder.terms import identifiers, require_own_terms
from encoder.workspace import Workspace
from policy.charter import Charter
from policy.errors import BadInput, Refused
from policy.statements import Committed
from policy.words import Words

# Few enough that their cells stay in the processor's cache from rule to rule.
_ROWS_AT_ONCE = 2_500
# So many chunks are normalised before other processes are worth their start.
_ALONE = 20


def freeze_dataset(
    workspace: Workspace,
    dataset: str,
    file: Path,
    mapping_file: Path,
    suppress: Path | None,
    advance: Callable[[int], None],
) -> tuple[PreparedDataset, int]:
    """Freeze one dataset of this agency; refuses once its handles are committed.

    Returns also how many ids to leave out are not in the dataset.
    """
    session = workspace.session
    path = workspace.prepared_path(dataset)
    if session.me.member.id in session.project.by_sender(Committed):
        raise Refused(
            "prepare.committed",
            Words(
                "Pegangan baris sudah dikomitmenkan; data tidak dapat diganti pada zaman ini.",
                "The handles are committed; rows cannot be replaced in this epoch.",
            ),
            Words(
                "Sesudah bundel diterima, kirim perubahannya dengan 'padan-encoder delta'.",
                "Once the bundle is accepted, send changes with 'padan-encoder delta'.",
            ),
        )
    return freeze_file(workspace, dataset, path, file, mapping_file, suppress, advance)


def freeze_file(
    workspace: Workspace,
    dataset: str,
    path: Path,
    file: Path,
    mapping_file: Path,
    suppress: Path | None,
    advance: Callable[[int], None],
    before: Before | None = None,
) -> tuple[PreparedDataset, int]:
    """A file's rows as a store at this path, in place of those `before` if there were any."""
    charter = workspace.session.charter
    require_own_terms(charter)
    mapping = load_mapping(mapping_file)
    require_same_fields(charter, mapping)
    local_key = workspace.local_key()
    suppressed = frozenset() if suppress is None else read_ids(suppress)
    pass_ = Pass(charter, mapping, file, suppressed, local_key, advance)
    slots = 0 if before else charter.encoding.canaries.total
    prepared = PreparedDataset.freeze(
        path,
        pass_.people(),
        pass_.refused,
        Handles(local_key).of_canaries(slots),
        {
            "source": location(file),
            "mapping": str(mapping_file.resolve()),
            "mapping_used": mapping.model_dump_json(exclude_defaults=True),
            "first_line": str(mapping.first_line() or ""),
            "own_ids": "" if mapping.record_id is None else "yes",
        },
        pass_.noted,
        before,
    )
    try:
        if suppress is not None:
            require_some(suppress, dataset, len(pass_.left_out))
        _require_people(prepared, file)
    except BadInput:
        path.unlink()
        raise
    return prepared, len(suppressed - pass_.left_out)


def _require_people(prepared: PreparedDataset, file: Path) -> None:
    if prepared.reconciliation().people == 0:
        raise BadInput(
            "file.no-rows",
            Words(f"{file}: tidak ada baris yang dapat dipakai.", f"{file}: no row can be used."),
            Words(
                "Periksa isi berkas dan pemetaan kolomnya.",
                "Check the file's content and its column mapping.",
            ),
        )


@dataclass
class Pass:
    """One pass over the file; refused rows are kept by number and rule.

    `left_out` are the ids of `suppressed` that rows of the file have.
    """

    charter: Charter
    mapping: Mapping
    file: Path
    suppressed: frozenset[str]
    local_key: bytes = field(repr=False)
    advance: Callable[[int], None]
    workers: int | None = None
    refused: list[tuple[int, str]] = field(default_factory=list)
    noted: list[tuple[int, str]] = field(default_factory=list)
    left_out: set[str] = field(default_factory=set, repr=False)

    def people(self) -> Iterator[People]:
        kinds = {f.name: f.kind for f in self.charter.fields}
        chunks = self._seen(read_rows(self.file, self.mapping, kinds, _ROWS_AT_ONCE))
        arguments = (self.charter, self.suppressed, self.local_key)
        for done in in_order(_Preparer, arguments, chunks, alone=_ALONE, workers=self.workers):
            self.refused += done.refused
            self.noted += done.noted
            yield done.people
            self.advance(len(done.people.row_numbers) + len(done.refused))

    def _seen(self, chunks: Iterator[Chunk]) -> Iterator[Chunk]:
        for chunk in chunks:
            if self.suppressed:
                self.left_out.update(self.suppressed.intersection(chunk.record_ids))
            yield chunk


@dataclass(frozen=True)
class _Prepared:
    people: People
    refused: list[tuple[int, str]]
    noted: list[tuple[int, str]]


class _Preparer:
    """Raw chunks to rows for the store, in whichever process."""

    def __init__(self, charter: Charter, suppressed: frozenset[str], local_key: bytes) -> None:
        self._of_a_person = _own_columns(charter)
        self._suppressed = suppressed
        self._identity = Identity(charter)
        self._handles = Handles(local_key)

    def __call__(self, chunk: Chunk) -> _Prepared:
        numbers, record_ids, raw = chunk.row_numbers, chunk.record_ids, chunk.columns
        columns = self._identity.normalised(raw)
        rows = list(zip(*columns, strict=True))
        out = self._refused(record_ids, columns, rows)
        refused = [*chunk.refused, *((numbers[at], out[at]) for at in sorted(out))]
        if out:
            kept = [at for at in range(len(rows)) if at not in out]
            numbers, record_ids, rows = (
                [numbers[at] for at in kept],
                [record_ids[at] for at in kept],
                [rows[at] for at in kept],
            )
            columns = [[cells[at] for at in kept] for cells in columns]
            raw = {name: [cells[at] for at in kept] for name, cells in raw.items()}

        def tell_apart(digests: bytes) -> Persons:
            return self._identity.persons(digests, columns, raw, record_ids)

        people = self._handles.of_people(numbers, record_ids, rows, tell_apart)
        return _Prepared(people, refused, chunk.noted)

    def _refused(
        self, record_ids: list[str], columns: list[list[str]], rows: list[tuple[str, ...]]
    ) -> dict[int, str]:
        """Positions of the rows that are kept out, and the rule that does so."""
        out: dict[int, str] = {}
        if self._of_a_person:
            own = zip(*(columns[at] for at in self._of_a_person), strict=True)
            nobody = ("",) * len(self._of_a_person)
            out = {at: NOBODY for at, person in enumerate(own) if person == nobody}
        blank = ("",) * len(columns)
        out |= {at: NO_LINKAGE_FIELD for at, row in enumerate(rows) if row == blank}
        if self._suppressed:
            found = map(self._suppressed.__contains__, record_ids)
            out |= {at: SUPPRESSED for at, is_one in enumerate(found) if is_one}
        return out


def _own_columns(charter: Charter) -> tuple[int, ...]:
    """Where a row's own name and NIK stand; empty if the charter has no names."""
    own = next((field.name for field in charter.fields if field.kind == "name"), None)
    nik = next((field.name for field in charter.fields if field.kind == "nik"), None)
    columns = identifiers(charter)
    return tuple(columns.index(name) for name in (own, nik) if own and name)


def require_same_fields(charter: Charter, mapping: Mapping) -> None:
    """Raises BadInput if the mapping is not for exactly the fields of the charter."""
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
