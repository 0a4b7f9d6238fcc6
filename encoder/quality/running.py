"""The running counts of a pass: every cell is classified, counted and discarded.

The counts of two parts of a file can be added, so that parts can be
counted in parallel.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field

from encoder.normalise.dates import Order
from encoder.normalise.nik import Flags
from encoder.quality.cells import DateFacts, NameFacts, date_facts, name_facts, sex_facts
from encoder.quality.codebook import added, compare_codes
from encoder.quality.counts import CodebookCounts
from encoder.quality.examples import Examples
from encoder.quality.tally import digests_under
from encoder.source.cell_usage import Usage
from encoder.source.cell_values import Settler, Values, kinds_of
from encoder.source.joined_columns import DateColumns
from encoder.source.mapping import Mapping
from encoder.source.readers import Chunk
from encoder.store.identity import Identity
from encoder.store.repeated_ids import contents_of
from policy.charter import FieldKind, LinkageField

_ROLES: tuple[FieldKind, ...] = ("name", "date", "sex", "nik", "place")


@dataclass(frozen=True)
class QualityPlan:
    """What to count. Comparisons use the first field of each kind.

    First in the agreed order of `known`: a mapping may be in any order.
    """

    kinds: dict[str, FieldKind]
    settler: Settler
    identity: Identity | None
    in_file: dict[str, bool]
    role: dict[FieldKind, str | None]
    split_date: bool
    order: Order
    secret: bytes = field(repr=False)
    most_examples: int

    @classmethod
    def of(
        cls,
        mapping: Mapping,
        known: AnyMapping[str, FieldKind],
        secret: bytes,
        most_examples: int,
    ) -> QualityPlan:
        kinds = kinds_of(mapping, known)
        in_file = {name: mapping.fields[name] is not None for name in kinds}
        agreed = [name for name in dict.fromkeys((*known, *kinds)) if name in kinds]
        role = {
            kind: next((n for n in agreed if kinds[n] == kind and in_file[n]), None)
            for kind in _ROLES
        }
        born = role["date"]
        split = born is not None and isinstance(mapping.fields[born], DateColumns)
        order = (mapping.order_of(born) if born else None) or "day-first"
        settler = Settler(kinds, mapping)
        fields = [LinkageField(name=name, kind=kind) for name, kind in kinds.items()]
        identity = None if mapping.record_id is None else Identity(fields)
        return cls(kinds, settler, identity, in_file, role, split, order, secret, most_examples)


def count_chunk(plan: QualityPlan, chunk: Chunk) -> Counts:
    """The counts of one chunk only."""
    counts = Counts(plan)
    counts.add(chunk)
    return counts


class Counts:
    """Counters by class; pairs are digests for finding repeats."""

    def __init__(self, plan: QualityPlan) -> None:
        self.plan = plan
        self.rows = 0
        self.refused: Counter[str] = Counter()
        self.later: Counter[str] = Counter()
        self.noted: Counter[str] = Counter()
        self.usage = Usage(plan.kinds)
        self.nik: Counter[str] = Counter()
        self.compared: Counter[str] = Counter()
        self.dates: dict[str, Counter[str]] = {
            part: Counter() for part in ("pattern", "flag", "placeholder", "worth")
        }
        self.years: Counter[int] = Counter()
        self.days: Counter[str] = Counter()
        self.words: Counter[int] = Counter()
        self.lengths: Counter[int] = Counter()
        self.marks: Counter[str] = Counter()
        self.common: Counter[str] = Counter()
        self.sexes: Counter[tuple[str, str]] = Counter()
        self.strata: Counter[tuple[str, str, str]] = Counter()
        self.codebook: CodebookCounts | None = None
        self.examples = Examples(plan.most_examples)
        self.ids: tuple[list[int], list[str], bytes] | None = None
        self.nik_pairs = bytearray()
        self.person_pairs = bytearray()

    def merge(self, other: Counts) -> None:
        """Add the counts of another part of the file, without ids and pairs, which tallies hold."""
        self.rows += other.rows
        for name, counter in vars(self).items():
            if isinstance(counter, Counter):
                counter.update(getattr(other, name))
        for part, counter in self.dates.items():
            counter.update(other.dates[part])
        self.usage.merge(other.usage)
        self.codebook = added(self.codebook, other.codebook)
        self.examples.merge(other.examples)

    def add(self, chunk: Chunk) -> None:
        self.rows += len(chunk.row_numbers)
        self.refused.update(rule for _, rule in chunk.refused)
        values = self.plan.settler(chunk)
        if self.plan.identity is not None:
            self.ids = contents_of(self.plan.identity, chunk, values)
        self.later.update(values.out.values())
        self.noted.update(rule for _, rule in values.noted)
        self.usage.merge(values.usage)
        for name, doubts in values.doubts.items():
            self._remember(chunk, name, doubts)
        niks = self._niks(chunk, values)
        dates = self._dates(chunk)
        names = self._names(chunk)
        sexes = self._sexes(chunk)
        place = self.plan.role["place"]
        places = chunk.columns[place] if place else [""] * len(names)
        if place and self.plan.role["nik"]:
            digits = [number for number, _ in niks]
            self.codebook = added(self.codebook, compare_codes(place, places, digits))
        self._together(niks, dates, names, sexes, places)

    def _niks(self, chunk: Chunk, values: Values) -> list[tuple[str, Flags]]:
        field = self.plan.role["nik"]
        if field is None:
            return [("", ())] * len(chunk.row_numbers)
        found: list[tuple[str, Flags]] = [(number, ()) for number in values.columns[field]]
        for at, rule in values.doubts[field]:
            found[at] = found[at][0], (*found[at][1], rule)
            self.nik[rule] += 1
        self.nik["NIK_OK"] += sum(bool(number) and not said for number, said in found)
        self.nik["NIK_EMPTY"] += sum(not number and not said for number, said in found)
        return found

    def _dates(self, chunk: Chunk) -> list[DateFacts | None]:
        field = self.plan.role["date"]
        if field is None:
            return [None] * len(chunk.row_numbers)
        plan = self.plan
        found = [date_facts(cell, plan.split_date, plan.order) for cell in chunk.columns[field]]
        self.dates["pattern"].update(each.pattern for each in found)
        self.dates["flag"].update(each.flag for each in found if each.flag)
        self.dates["placeholder"].update(each.placeholder for each in found if each.placeholder)
        worth = Counter(
            "complete" if each.complete else "year" if each.year else "none" for each in found
        )
        worth["day-15"] += sum(each.day_15 for each in found)
        self.dates["worth"].update(worth)
        self.years.update(each.year for each in found if each.year)
        self.days.update(each.normal for each in found if each.complete)
        return list(found)

    def _names(self, chunk: Chunk) -> list[NameFacts | None]:
        field = self.plan.role["name"]
        if field is None:
            return [None] * len(chunk.row_numbers)
        found = [name_facts(cell) for cell in chunk.columns[field]]
        self.words.update(each.words for each in found)
        self.lengths.update(each.length for each in found if each.length)
        for each in found:
            if each.marks:
                self.marks.update(each.marks)
            if each.common:
                self.common.update(each.common)
        if self.plan.most_examples:
            marks = (
                (at, mark)
                for at, facts in enumerate(found)
                for mark in ("digit", "odd-mark")
                if mark in facts.marks
            )
            self._remember(chunk, field, marks)
        return list(found)

    def _sexes(self, chunk: Chunk) -> list[str]:
        field = self.plan.role["sex"]
        if field is None:
            return [""] * len(chunk.row_numbers)
        found = [sex_facts(cell) for cell in chunk.columns[field]]
        self.sexes.update(found)
        return [each for each, _ in found]

    def _remember(self, chunk: Chunk, field: str, doubts: Iterable[tuple[int, str]]) -> None:
        """Store cells with problems for the terminal; only if --show-values asked for them."""
        if self.plan.most_examples:
            cells = chunk.columns[field]
            for at, doubt in doubts:
                self.examples.add(field, doubt, chunk.row_numbers[at], cells[at])

    def _together(
        self,
        niks: list[tuple[str, Flags]],
        dates: list[DateFacts | None],
        names: list[NameFacts | None],
        sexes: list[str],
        places: list[str],
    ) -> None:
        """Count what needs a whole row: disagreements, repeats, and linkable fields."""
        digest = digests_under(self.plan.secret)
        nobody = digest("")
        rows = zip(niks, dates, names, sexes, places, strict=True)
        for (number, flags), born, called, sex, place in rows:
            name = called.normal if called else ""
            complete = born is not None and born.complete
            if number and not flags:
                self._against_nik(number, born if complete else None, sex)
            digested = digest(number) if number else nobody
            if name and born is not None and complete:
                person = f"{name}|{born.normal}|{sex}|{place.strip().upper()}"
                self.person_pairs += digest(person)
                self.person_pairs += digested
            if number:
                self.nik_pairs += digested
                self.nik_pairs += digest(f"{name}|{born.normal if born else ''}")
            self.strata[
                ("doubtful" if flags else "usable") if number else "none",
                "full" if complete else "year" if born is not None and born.year else "none",
                "none" if not called or not name else "one" if called.words == 1 else "several",
            ] += 1

    def _against_nik(self, number: str, born: DateFacts | None, sex: str) -> None:
        digits = number[6:12]
        if born is not None:
            self.compared["date"] += 1
            self.compared["date-differs"] += digits not in born.nik_digits
        if sex:
            self.compared["sex"] += 1
            self.compared["sex-differs"] += (digits > "40") != (sex == "F")
