"""One pass over a file: every cell is classed, counted and forgotten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Mapping as AnyMapping
from datetime import date
from pathlib import Path

from encoder.mapping import DateColumns, Mapping
from encoder.normalise import normalise_column
from encoder.normalise.codes import nik
from encoder.normalise.text import text
from encoder.quality.cells import DateFacts, NameFacts, date_facts, name_facts, sex_facts
from encoder.quality.codebook import compare_codes
from encoder.quality.counts import (
    CodebookCounts,
    DateCounts,
    FieldCounts,
    FileProfile,
    NameCounts,
    NikCounts,
    SexCounts,
    Stratum,
)
from encoder.quality.examples import Examples
from encoder.quality.tally import Tally
from encoder.readers import Chunk, read_rows
from policy.charter import FieldKind

ROWS_AT_ONCE = 10_000
# The names that Padan's own schema and presets use.
DEFAULT_KINDS: dict[str, FieldKind] = {
    "nama": "name",
    "ibu": "name",
    "lahir": "date",
    "jk": "sex",
    "kelurahan": "place",
    "nik": "nik",
    "kk": "kk",
    "alamat": "address",
    "rtrw": "rtrw",
}
DOUBTFUL = frozenset({"NIK_DATE", "NIK_REGION", "NIK_SERIAL0"})
_ROLES: tuple[FieldKind, ...] = ("name", "date", "sex", "nik", "place")


def profile_file(
    path: Path,
    mapping: Mapping,
    kinds: AnyMapping[str, FieldKind] = DEFAULT_KINDS,
    *,
    today: date,
    advance: Callable[[int], None] = lambda _: None,
    examples: Examples | None = None,
) -> FileProfile:
    """Read the file once; memory does not grow with it."""
    known = {name: kinds.get(name, "text") for name in mapping.fields}
    counted = _Pass(mapping, known, examples)
    for chunk in read_rows(path, mapping, known, ROWS_AT_ONCE):
        counted.add(chunk)
        advance(len(chunk.row_numbers) + len(chunk.refused))
    return counted.profile(path.name, today.year)


class _Pass:
    """The running counts. The first field of each kind plays its role in the comparisons."""

    def __init__(
        self, mapping: Mapping, kinds: dict[str, FieldKind], examples: Examples | None
    ) -> None:
        self.kinds = kinds
        self.in_file = {name: mapping.fields[name] is not None for name in kinds}
        self.examples = examples
        self.role = {
            kind: next((n for n, k in kinds.items() if k == kind and self.in_file[n]), None)
            for kind in _ROLES
        }
        born = self.role["date"]
        self.split_date = born is not None and isinstance(mapping.fields[born], DateColumns)
        self.rows = 0
        self.refused: Counter[str] = Counter()
        self.empty: Counter[str] = Counter()
        self.unusable: Counter[str] = Counter()
        self.nik: Counter[str] = Counter()
        self.compared: Counter[str] = Counter()
        self.dates: dict[str, Counter[str]] = {
            part: Counter() for part in ("pattern", "flag", "placeholder", "worth")
        }
        self.years: Counter[int] = Counter()
        self.words: Counter[int] = Counter()
        self.lengths: Counter[int] = Counter()
        self.marks: Counter[str] = Counter()
        self.common: Counter[str] = Counter()
        self.sexes: Counter[tuple[str, str]] = Counter()
        self.strata: Counter[tuple[str, str, str]] = Counter()
        self.codebook: CodebookCounts | None = None
        self.same_nik = Tally()
        self.same_person = Tally()

    def add(self, chunk: Chunk) -> None:
        self.rows += len(chunk.row_numbers)
        self.refused.update(rule for _, rule in chunk.refused)
        for name, kind in self.kinds.items():
            if name not in self.role.values() or kind == "place":
                self._plain(name, kind, chunk.columns[name])
        niks = self._niks(chunk)
        dates = self._dates(chunk)
        names = self._names(chunk)
        sexes = self._sexes(chunk)
        place = self.role["place"]
        places = chunk.columns[place] if place else [""] * len(names)
        if place and self.role["nik"]:
            digits = [number for number, _ in niks]
            self.codebook = compare_codes(place, places, digits, self.codebook)
        self._together(niks, dates, names, sexes, places)

    def _plain(self, name: str, kind: FieldKind, cells: Sequence[str]) -> None:
        normal = normalise_column(name, kind, cells)
        columns = zip(*normal.columns.values(), strict=True)
        lost = [cell for cell, found in zip(cells, columns, strict=True) if not any(found)]
        empty = sum(not text(cell) for cell in lost)
        self.empty[name] += empty
        self.unusable[name] += len(lost) - empty

    def _niks(self, chunk: Chunk) -> list[tuple[str, str]]:
        field = self.role["nik"]
        if field is None:
            return [("", "")] * len(chunk.row_numbers)
        found = [nik(cell) for cell in chunk.columns[field]]
        flags = Counter(flag for _, flag in found)
        self.nik.update(flags)
        lost = sum(not number for number, _ in found)
        self.empty[field] += flags["NIK_EMPTY"]
        self.unusable[field] += lost - flags["NIK_EMPTY"]
        self._remember(chunk, field, [flag for _, flag in found], skip=frozenset({"NIK_EMPTY"}))
        return found

    def _dates(self, chunk: Chunk) -> list[DateFacts | None]:
        field = self.role["date"]
        if field is None:
            return [None] * len(chunk.row_numbers)
        found = [date_facts(cell, self.split_date) for cell in chunk.columns[field]]
        self.dates["pattern"].update(each.pattern for each in found)
        self.dates["flag"].update(each.flag for each in found if each.flag)
        self.dates["placeholder"].update(each.placeholder for each in found if each.placeholder)
        worth = Counter(
            "complete" if each.complete else "year" if each.year else "none" for each in found
        )
        worth["day-15"] += sum(each.day_15 for each in found)
        self.dates["worth"].update(worth)
        self.years.update(each.year for each in found if each.year)
        empty = sum(not each.pattern for each in found)
        self.empty[field] += empty
        self.unusable[field] += worth["none"] - empty
        self._remember(chunk, field, [each.flag for each in found])
        return list(found)

    def _names(self, chunk: Chunk) -> list[NameFacts | None]:
        field = self.role["name"]
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
        lost = sum(not each.normal for each in found)
        empty = sum(not each.length for each in found)
        self.empty[field] += empty
        self.unusable[field] += lost - empty
        doubts = [next((m for m in ("digit", "odd-mark") if m in f.marks), "") for f in found]
        self._remember(chunk, field, doubts)
        return list(found)

    def _sexes(self, chunk: Chunk) -> list[str]:
        field = self.role["sex"]
        if field is None:
            return [""] * len(chunk.row_numbers)
        found = [sex_facts(cell) for cell in chunk.columns[field]]
        self.sexes.update(found)
        self.empty[field] += sum(not style for _, style in found)
        self.unusable[field] += sum(style == "unreadable" for _, style in found)
        doubts = ["SEX_UNREADABLE" if style == "unreadable" else "" for _, style in found]
        self._remember(chunk, field, doubts)
        return [each for each, _ in found]

    def _remember(
        self,
        chunk: Chunk,
        field: str,
        doubts: Iterable[str],
        skip: frozenset[str] = frozenset(),
    ) -> None:
        """Offending cells for the terminal; only where --show-values asked for them."""
        if self.examples is None:
            return
        cells = chunk.columns[field]
        for number, cell, doubt in zip(chunk.row_numbers, cells, doubts, strict=True):
            if doubt and doubt not in skip:
                self.examples.add(field, doubt, number, cell)

    def _together(
        self,
        niks: list[tuple[str, str]],
        dates: list[DateFacts | None],
        names: list[NameFacts | None],
        sexes: list[str],
        places: list[str],
    ) -> None:
        """What only a whole row tells: disagreements, repeats, and what can be linked."""
        rows = zip(niks, dates, names, sexes, places, strict=True)
        for (number, flag), born, called, sex, place in rows:
            name = called.normal if called else ""
            complete = born is not None and born.complete
            if number and not flag:
                self._against_nik(number, born if complete else None, sex)
            person = ""
            if name and born is not None and complete:
                person = f"{name}|{born.normal}|{sex}|{place.strip().upper()}"
                self.same_person.add(person, number)
            if number:
                self.same_nik.add(number, f"{name}|{born.normal if born else ''}")
            self.strata[
                ("doubtful" if flag in DOUBTFUL else "usable") if number else "none",
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

    def profile(self, file: str, today: int) -> FileProfile:
        return FileProfile(
            file=file,
            today=today,
            rows_in=self.rows + self.refused.total(),
            rows=self.rows,
            refused=dict(sorted(self.refused.items())),
            fields=tuple(self._field(name) for name in self.kinds),
            nik=self._nik_counts(),
            date=self._date_counts(),
            name=self._name_counts(),
            sex=self._sex_counts(),
            codebook=self.codebook,
            same_nik=self.same_nik.repeats(),
            same_person=self.same_person.repeats(),
            strata=tuple(Stratum(*key, rows) for key, rows in sorted(self.strata.items())),
        )

    def _field(self, name: str) -> FieldCounts:
        empty, unusable = self.empty[name], self.unusable[name]
        if not self.in_file[name]:
            empty, unusable = self.rows, 0
        usable = self.rows - empty - unusable
        return FieldCounts(name, self.kinds[name], self.in_file[name], empty, unusable, usable)

    def _nik_counts(self) -> NikCounts | None:
        field = self.role["nik"]
        if field is None:
            return None
        flags = {flag: rows for flag, rows in sorted(self.nik.items()) if flag}
        return NikCounts(
            field=field,
            flags=flags,
            usable=self.rows - self.empty[field] - self.unusable[field],
            date_compared=self.compared["date"],
            date_differs=self.compared["date-differs"],
            sex_compared=self.compared["sex"],
            sex_differs=self.compared["sex-differs"],
        )

    def _date_counts(self) -> DateCounts | None:
        field = self.role["date"]
        if field is None:
            return None
        patterns = {each: rows for each, rows in self.dates["pattern"].most_common() if each}
        return DateCounts(
            field=field,
            patterns=patterns,
            flags=dict(sorted(self.dates["flag"].items())),
            placeholders=dict(self.dates["placeholder"].most_common()),
            years=dict(sorted(self.years.items())),
            complete=self.dates["worth"]["complete"],
            day_15=self.dates["worth"]["day-15"],
        )

    def _name_counts(self) -> NameCounts | None:
        field = self.role["name"]
        if field is None:
            return None
        return NameCounts(
            field=field,
            words={words: rows for words, rows in sorted(self.words.items()) if words},
            lengths=dict(sorted(self.lengths.items())),
            marks=dict(self.marks.most_common()),
            common=dict(self.common.most_common()),
        )

    def _sex_counts(self) -> SexCounts | None:
        field = self.role["sex"]
        if field is None:
            return None
        sexes: Counter[str] = Counter()
        styles: Counter[str] = Counter()
        for (sex, style), rows in self.sexes.items():
            sexes[sex] += rows
            if style:
                styles[style] += rows
        return SexCounts(
            field, {s: rows for s, rows in sorted(sexes.items()) if s}, dict(styles.most_common())
        )
