"""From a source file to frozen rows: read -> map -> normalise -> refuse -> freeze."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from encoder.base.parallel import in_order
from encoder.base.pieces import as_list, half_of
from encoder.encoding.canaries.shape import Cards, CardSizes, hashed, measured
from encoder.encoding.terms import identifiers, require_own_terms, used_columns
from encoder.error_codes import EncoderCode
from encoder.quality.codebook import added
from encoder.quality.counts import CodebookCounts
from encoder.source.cell_usage import Usage
from encoder.source.cell_values import Settler
from encoder.source.file_notes import stored_notes
from encoder.source.lines import lines_of, stored_lines
from encoder.source.mapping import Mapping, load_mapping
from encoder.source.readers import SUPPRESSED, Chunk, explain, location, read_rows
from encoder.source.readers.source import SourceNote
from encoder.steps.consent import Accept, ask_about, refuse
from encoder.steps.id_lists import IdList, ListMeaning, require_some
from encoder.steps.place_codes import PlaceCodes
from encoder.steps.suppressed import SuppressedRow, of_several_people, shared_json, shared_people
from encoder.steps.workspace import Workspace
from encoder.store.generations import Before
from encoder.store.handles import Handles, People, digests_of, join_fields
from encoder.store.identity import Identity, Persons, rows_without_nik
from encoder.store.prepared import PreparedDataset
from encoder.store.repeated_ids import RepeatedIds, repeated_error
from policy.base.errors import BadInput, Refused
from policy.base.words import Words
from policy.charter import CanariesLikeTheList, Charter, FieldKind
from policy.statements import Committed

# Few enough rows that their cells stay in the processor's cache from rule to rule.
_ROWS_AT_ONCE = 2_500
# With fewer chunks, starting other processes does not pay.
_ALONE = 20


def freeze_dataset(
    workspace: Workspace,
    dataset: str,
    file: Path,
    mapping_file: Path,
    suppress: Path | None,
    advance: Callable[[int], None],
    meaning: ListMeaning = ListMeaning(),
    accept: Accept = refuse,
) -> tuple[PreparedDataset, int]:
    """Freeze one dataset of this agency; refuses once its handles are committed.

    `accept` is called before a store that keeps few rows replaces the earlier one.
    Returns also how many ids to leave out are not in the dataset.
    """
    session = workspace.session
    path = workspace.prepared_path(dataset)
    if session.me.member.id in session.project.by_sender(Committed):
        raise Refused(
            EncoderCode.PREPARE_COMMITTED,
            Words(
                "Baris sudah dikunci; data tidak dapat diganti pada periode kunci ini.",
                "The handles are committed; rows cannot be replaced in this epoch.",
            ),
            Words(
                "Sesudah bundel diterima, kirim perubahannya dengan 'padan-encoder delta'.",
                "Once the bundle is accepted, send changes with 'padan-encoder delta'.",
            ),
        )
    return freeze_file(
        workspace, dataset, path, file, mapping_file, suppress, advance, meaning, accept
    )


def freeze_file(
    workspace: Workspace,
    dataset: str,
    path: Path,
    file: Path,
    mapping_file: Path,
    suppress: Path | None,
    advance: Callable[[int], None],
    meaning: ListMeaning,
    accept: Accept,
    before: Before | None = None,
) -> tuple[PreparedDataset, int]:
    """Freeze a file's rows into a store at this path, relative to the rows `before` if given.

    `suppress` is a list of rows to leave out; `meaning` is the officer's statement on it.
    """
    charter = workspace.session.charter
    require_own_terms(charter)
    mapping = load_mapping(mapping_file)
    require_same_fields(charter, mapping)
    local_key, own_ids = workspace.local_key(), mapping.record_id is not None
    left_out = None if suppress is None else IdList.read(suppress, meaning, own_ids=own_ids)
    pass_ = Pass(charter, mapping, file, left_out, local_key, advance)
    canaries = charter.encoding.canaries

    def look(store: PreparedDataset) -> dict[str, str]:
        _require_known_rows(pass_)
        if suppress is not None:
            require_some(suppress, dataset, len(pass_.left_out))
        _require_people(store, file)
        usage = pass_.usage.table()
        ask_about(dataset, store.reconciliation(), usage, accept, pass_.codes)
        shared = shared_json(shared_people(store, pass_.suppressed))
        where = stored_lines(mapping, pass_.notes) | {"notes": stored_notes(pass_.notes)}
        alike = str(pass_.same_fields.found().rows)
        counted = {"usage": usage.model_dump_json(), "same_fields": alike}
        if before is None and isinstance(canaries, CanariesLikeTheList):
            counted["shape"] = measured(usage, pass_.cards).model_dump_json()
        return {"shared": shared, **counted, **where}

    prepared = PreparedDataset.freeze(
        path,
        pass_.people(),
        pass_.refused,
        lambda people: Handles(local_key).of_canaries(canaries.rows(people)),
        {
            "source": location(file),
            "mapping": str(mapping_file.resolve()),
            "mapping_used": mapping.model_dump_json(exclude_defaults=True),
            "own_ids": "yes" if own_ids else "",
        },
        pass_.noted,
        before,
        look,
        pass_.objected(),
    )
    return prepared, 0 if left_out is None else len(left_out.ids - pass_.left_out)


def _require_known_rows(pass_: Pass) -> None:
    """Raises if several people share a record id, or an objection names several people."""
    if pass_.mapping.record_id is not None and pass_.mapping.repeated_ids == "refuse":
        repeated = pass_.repeated.found()
        if repeated:
            raise repeated_error(pass_.file, repeated, lines_of(pass_.mapping, pass_.notes))
    if pass_.listed is not None:
        pass_.listed.require_one_person_each(of_several_people(pass_.suppressed))


def _require_people(prepared: PreparedDataset, file: Path) -> None:
    found = prepared.reconciliation()
    if found.people:
        return
    by_rule = ", ".join(f"{rule}: {rows}" for rule, rows in sorted(found.refused.items()))
    most = max(found.refused, key=lambda rule: found.refused[rule], default="")
    why = explain(most) if most else Words("berkas kosong", "the file is empty")
    raise BadInput(
        EncoderCode.FILE_NO_ROWS,
        Words(
            f"{file}: tidak ada baris yang dapat dipakai ({by_rule}).",
            f"{file}: no row can be used ({by_rule}).",
        ),
        Words(
            f"Paling sering: {why.id}. Periksa isi berkas dan pemetaan kolomnya.",
            f"Most often: {why.en}. Check the file's content and its column mapping.",
        ),
    )


@dataclass
class Pass:
    """One pass over the file; refused rows are kept by number and rule.

    `suppressed` are the rows named by `listed`, `left_out` the ids of it that the file has.
    """

    charter: Charter
    mapping: Mapping
    file: Path
    listed: IdList | None
    local_key: bytes = field(repr=False)
    advance: Callable[[int], None]
    workers: int | None = None
    refused: list[tuple[int, str]] = field(default_factory=list)
    noted: list[tuple[int, str]] = field(default_factory=list)
    left_out: set[str] = field(default_factory=set, repr=False)
    suppressed: list[SuppressedRow] = field(default_factory=list, repr=False)
    repeated: RepeatedIds = field(default_factory=RepeatedIds, repr=False)
    same_fields: RepeatedIds = field(default_factory=RepeatedIds, repr=False)
    notes: list[SourceNote] = field(default_factory=list)
    cards: CardSizes = field(default_factory=CardSizes, repr=False)
    codes: CodebookCounts | None = None

    usage: Usage = field(init=False)

    def __post_init__(self) -> None:
        self._kinds: dict[str, FieldKind] = {f.name: f.kind for f in self.charter.fields}
        self.usage = Usage(self._kinds)

    def people(self) -> Iterator[People]:
        chunks = read_rows(self.file, self.mapping, self._kinds, _ROWS_AT_ONCE, notes=self.notes)
        settler = Settler(self._kinds, self.mapping, used_columns(self.charter))
        codes = PlaceCodes.of(self._kinds, self.mapping)
        arguments = (self.charter, settler, self.listed, self.local_key, codes)
        for done in in_order(_Preparer, arguments, chunks, alone=_ALONE, workers=self.workers):
            self.refused += done.refused
            self.noted += done.noted
            self.usage.merge(done.usage)
            self.cards.add(done.cards)
            self.codes = added(self.codes, done.codes)
            self._keep(done.suppressed)
            self.same_fields.add(*done.without_nik)
            if self.mapping.record_id is not None:
                self._look_for_repeats(done)
            yield done.people
            self.advance(len(done.people.row_numbers) + len(done.refused))

    def objected(self) -> Iterator[tuple[str, bytes, bool]]:
        """(record id, digest, whole) of suppressed rows, for recognition in later files."""
        if self.mapping.record_id is not None:
            yield from ((each.record_id, each.digest, False) for each in self.suppressed)

    def _keep(self, suppressed: list[SuppressedRow]) -> None:
        self.suppressed += suppressed
        self.left_out.update(each.name for each in suppressed)

    def _look_for_repeats(self, done: _Prepared) -> None:
        people = done.people
        self.repeated.add(people.row_numbers, people.record_ids, half_of(people.digests))
        for each in done.suppressed:
            self.repeated.add([each.row_number], [each.record_id], half_of(each.digest))


@dataclass(frozen=True)
class _Prepared:
    people: People
    refused: list[tuple[int, str]]
    noted: list[tuple[int, str]]
    usage: Usage
    suppressed: list[SuppressedRow] = field(repr=False)
    without_nik: tuple[list[int], list[bytes], bytes] = field(repr=False)
    cards: Cards = field(repr=False)
    codes: CodebookCounts | None


class _Preparer:
    """Turns raw chunks into rows for the store, in any process."""

    def __init__(
        self,
        charter: Charter,
        settler: Settler,
        listed: IdList | None,
        local_key: bytes,
        codes: PlaceCodes,
    ) -> None:
        self._settle = settler
        self._listed = listed
        self._identity = Identity.of(charter)
        self._handles = Handles(local_key)
        cards = [each.name for each in charter.fields if each.kind == "kk"]
        self._card = identifiers(charter).index(cards[0]) if cards else None
        self._codes = codes

    def __call__(self, chunk: Chunk) -> _Prepared:
        numbers, record_ids = chunk.row_numbers, chunk.record_ids
        values = self._settle(chunk)
        columns, raw = list(values.columns.values()), chunk.columns
        codes = self._codes.count(chunk, values)
        suppressed = self._suppressed(chunk, columns)
        out = values.out | dict.fromkeys(suppressed, SUPPRESSED)
        refused = [*chunk.refused, *((numbers[at], out[at]) for at in sorted(out))]
        noted = values.noted
        if out:
            gone = {numbers[at] for at in out}
            noted = [each for each in noted if each[0] not in gone]
            kept = [at for at in range(len(numbers)) if at not in out]
            numbers, record_ids = (
                [numbers[at] for at in kept],
                [record_ids[at] for at in kept],
            )
            columns = [[cells[at] for at in kept] for cells in columns]
            raw = {name: [cells[at] for at in kept] for name, cells in raw.items()}

        without_nik: tuple[list[int], list[bytes], bytes] = ([], [], b"")

        def tell_apart(digests: bytes) -> Persons:
            nonlocal without_nik
            persons = self._identity.persons(digests, columns, raw, record_ids)
            without_nik = rows_without_nik(numbers, digests, persons)
            return persons

        rows = zip(*columns, strict=True)
        people = self._handles.of_people(numbers, record_ids, rows, tell_apart)
        found = list(suppressed.values())
        cards = hashed(columns[self._card] if self._card is not None else ())
        return _Prepared(people, refused, noted, values.usage, found, without_nik, cards, codes)

    def _suppressed(self, chunk: Chunk, columns: list[list[str]]) -> dict[int, SuppressedRow]:
        """Positions of the rows that the list names, with their identity."""
        if not self._listed:
            return {}
        names = self._listed.names(chunk.row_numbers, chunk.record_ids)
        found = [at for at, name in enumerate(names) if name in self._listed.ids]
        if not found:
            return {}
        digests = digests_of(map(join_fields, zip(*columns, strict=True)))
        persons = self._identity.persons(digests, columns, chunk.columns, chunk.record_ids)
        merging, grounds = as_list(persons.merging), persons.grounds
        return {
            at: SuppressedRow(
                chunk.row_numbers[at],
                names[at],
                chunk.record_ids[at],
                as_list(persons.digests)[at],
                merging[at],
                grounds[at],
            )
            for at in found
        }


def require_same_fields(charter: Charter, mapping: Mapping) -> None:
    """Raises BadInput unless the mapping has exactly the charter's fields."""
    wanted = {f.name for f in charter.fields}
    if set(mapping.fields) != wanted:
        names = ", ".join(sorted(set(mapping.fields) ^ wanted))
        raise BadInput(
            EncoderCode.MAPPING_FIELDS,
            Words(
                f"Pemetaan dan piagam berbeda pada kolom: {names}.",
                f"Mapping and charter differ in these fields: {names}.",
            ),
            Words(
                "Petakan setiap kolom piagam, dan tidak ada yang lain; null bila tidak ada.",
                "Map every field of the charter and no other; null if the source has none.",
            ),
        )
