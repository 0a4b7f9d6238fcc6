"""From a source file to frozen rows: read -> map -> normalise -> refuse -> freeze."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from encoder.consent import Accept, ask_about, refuse
from encoder.generations import Before
from encoder.handles import Handles, People
from encoder.identity import Identity, Persons
from encoder.ids import read_ids, require_some
from encoder.mapping import Mapping, load_mapping
from encoder.parallel import in_order
from encoder.prepared import PreparedDataset
from encoder.readers import SUPPRESSED, Chunk, location, read_rows
from encoder.terms import require_own_terms, used_columns
from encoder.usage import Usage
from encoder.values import Settler
from encoder.workspace import Workspace
from policy.charter import Charter, FieldKind
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
    accept: Accept = refuse,
) -> tuple[PreparedDataset, int]:
    """Freeze one dataset of this agency; refuses once its handles are committed.

    `accept` is asked before a store that keeps little takes the place of the one before.
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
    return freeze_file(workspace, dataset, path, file, mapping_file, suppress, advance, accept)


def freeze_file(
    workspace: Workspace,
    dataset: str,
    path: Path,
    file: Path,
    mapping_file: Path,
    suppress: Path | None,
    advance: Callable[[int], None],
    accept: Accept,
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
    meta = {
        "source": location(file),
        "mapping": str(mapping_file.resolve()),
        "mapping_used": mapping.model_dump_json(exclude_defaults=True),
        "first_line": str(mapping.first_line() or ""),
        "own_ids": "" if mapping.record_id is None else "yes",
    }
    waiting = path.with_name(f"{path.stem}.new{path.suffix}")
    try:
        prepared = PreparedDataset.freeze(
            waiting,
            _noting_usage(pass_, meta),
            pass_.refused,
            Handles(local_key).of_canaries(slots),
            meta,
            pass_.noted,
            before,
        )
        if suppress is not None:
            require_some(suppress, dataset, len(pass_.left_out))
        _require_people(prepared, file)
        ask_about(prepared, dataset, accept)
        waiting.replace(path)
    finally:
        waiting.unlink(missing_ok=True)
    return PreparedDataset(path), len(suppressed - pass_.left_out)


def _noting_usage(pass_: Pass, meta: dict[str, str]) -> Iterator[People]:
    """The people of the pass; once they all came, what became of the cells goes into `meta`."""
    yield from pass_.people()
    meta["usage"] = pass_.usage.table().model_dump_json()


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
    usage: Usage = field(init=False)

    def __post_init__(self) -> None:
        self._kinds: dict[str, FieldKind] = {f.name: f.kind for f in self.charter.fields}
        self.usage = Usage(self._kinds)

    def people(self) -> Iterator[People]:
        chunks = self._seen(read_rows(self.file, self.mapping, self._kinds, _ROWS_AT_ONCE))
        settler = Settler(self._kinds, self.mapping, used_columns(self.charter))
        arguments = (self.charter, settler, self.suppressed, self.local_key)
        for done in in_order(_Preparer, arguments, chunks, alone=_ALONE, workers=self.workers):
            self.refused += done.refused
            self.noted += done.noted
            self.usage.merge(done.usage)
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
    usage: Usage


class _Preparer:
    """Raw chunks to rows for the store, in whichever process."""

    def __init__(
        self, charter: Charter, settler: Settler, suppressed: frozenset[str], local_key: bytes
    ) -> None:
        self._settle = settler
        self._suppressed = suppressed
        self._identity = Identity(charter)
        self._handles = Handles(local_key)

    def __call__(self, chunk: Chunk) -> _Prepared:
        numbers, record_ids = chunk.row_numbers, chunk.record_ids
        values = self._settle(chunk)
        columns, raw = list(values.columns.values()), chunk.columns
        rows = list(zip(*columns, strict=True))
        out = values.out
        if self._suppressed:
            found = map(self._suppressed.__contains__, record_ids)
            out = out | {at: SUPPRESSED for at, is_one in enumerate(found) if is_one}
        refused = [*chunk.refused, *((numbers[at], out[at]) for at in sorted(out))]
        noted = values.noted
        if out:
            gone = {numbers[at] for at in out}
            noted = [each for each in noted if each[0] not in gone]
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
        return _Prepared(people, refused, noted, values.usage)


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
