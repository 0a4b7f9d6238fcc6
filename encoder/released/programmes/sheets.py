"""An evaluation as sheets of a workbook, as one table, and as counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from encoder.released.lists.wording import all_in_list
from encoder.released.programmes.case_table import CaseTable
from encoder.released.programmes.columns import RuleColumns
from encoder.released.programmes.evaluation import (
    Evaluation,
    JudgedRow,
    Outcome,
    OutcomeGround,
    OutcomeReason,
)
from encoder.released.programmes.wording import EXAMPLE, NOTICE, OUTCOMES, reason_kind, reason_words
from policy.base.words import Language, Words, number
from policy.terminal.table_files import Row, Sheet, TableFile

_ABSENT = Words(
    "ada di daftar penerima sekarang, tidak ada di sumber data ini",
    "on the present list, and not in this dataset",
)
_NAMES = {
    Outcome.ELIGIBLE: "Layak - Eligible",
    Outcome.WAITING: "Tunggu - Waiting",
    Outcome.REVIEW: "Ditinjau - Review",
    Outcome.NOT_ELIGIBLE: "Tidak memenuhi - Not eligible",
}
_ABOUT_HEAD = ("keterangan", "about", "nilai")
_HEAD = ("peringkat", "undian", "satuan", "alasan", "reasons")
_UNITS = {
    "household": (Words("keluarga", "households"), Words("keluarga (nomor KK)", "household (KK)")),
    "person": (Words("orang", "people"), Words("orang", "person")),
}
_COLUMNS = (
    (
        "kolom peringkat: tempat dalam urutan; satu satuan punya satu peringkat",
        "column peringkat: place in the order; one unit has one place",
    ),
    (
        "kolom undian: nomor undian; dipakai bila urutan aturannya sama",
        "column undian: ticket of the lottery; used where the rules give equal places",
    ),
    (
        "kolom satuan: baris dengan nomor yang sama adalah satu satuan",
        "column satuan: rows with the same number are one unit",
    ),
)

_NAMED = 20


@dataclass(frozen=True)
class ProgrammeList:
    """An evaluation with the cells that its lists show."""

    evaluation: Evaluation
    table: CaseTable = field(repr=False)
    language: Language = "id"

    def counts(self) -> dict[str, Any]:
        """Counts alone: no value and no name of a row."""
        found = self.evaluation
        return {
            "programme": found.programme.id,
            "version": found.programme.version,
            "example": found.programme.example,
            "rules": found.programme.digest(),
            "unit": found.programme.unit,
            "quota": found.programme.quota,
            "day": found.terms.day.isoformat(),
            "seed": found.terms.seed,
            "rows": len(found.rows),
            "outcomes": {
                str(outcome): {
                    "rows": found.count(outcome),
                    "units": found.units_of(outcome),
                }
                for outcome in Outcome
            },
            "absent": len(found.absent),
            "not_judged": len(self.table.outside),
            "rows_without_household": found.rows_without_household,
            "largest_unit": found.largest_unit,
            "reasons": [
                {"outcome": str(outcome), "id": said.id, "en": said.en, "rows": rows}
                for outcome, said, rows in self.reasons()
            ],
        }

    def reasons(self) -> list[tuple[Outcome, Words, int]]:
        """For each outcome the reasons with the number of rows that have them, most first."""
        counted: Counter[tuple[Outcome, Words]] = Counter()
        for row in self.evaluation.rows:
            kinds = {reason_kind(reason) for reason in row.reasons}
            counted.update((row.outcome, kind) for kind in kinds)
        order = list(Outcome)
        return [
            (outcome, said, rows)
            for (outcome, said), rows in sorted(
                counted.items(), key=lambda each: (order.index(each[0][0]), -each[1], each[0][1].id)
            )
        ]

    def summary(self, file: str) -> Iterator[Words]:
        """The result in sentences, the notice first."""
        found = self.evaluation
        yield NOTICE
        if found.programme.example:
            yield EXAMPLE
        rows = number(len(found.rows))
        yield Words(f"{file}: {rows.id} baris dinilai.", f"{file}: {rows.en} rows judged.")
        for outcome, said in OUTCOMES.items():
            own, units = number(found.count(outcome)), number(found.units_of(outcome))
            unit, _ = _UNITS[found.programme.unit]
            yield Words(
                f"  {said.id}: {own.id} baris, {units.id} {unit.id}",
                f"  {said.en}: {own.en} rows, {units.en} {unit.en}",
            )
        yield Words(
            f"  Jumlah keempatnya: {rows.id} baris.", f"  The four together: {rows.en} rows."
        )
        if found.absent:
            lost = number(len(found.absent))
            yield Words(
                f"  {lost.id} penerima sekarang tidak ada di sumber data ini; ditinjau.",
                f"  {lost.en} present recipients are not in this dataset; to review.",
            )
        if self.table.outside:
            yield self._outside()
        if found.rows_without_household and found.programme.unit == "household":
            without = number(found.rows_without_household)
            yield Words(
                f"  {without.id} baris tanpa nomor KK.",
                f"  {without.en} rows without a family card.",
            )

    def write(self, out: TableFile) -> tuple[Path, ...]:
        """Write the lists; returns the files.

        A workbook has a sheet for each outcome. Any other form is one table of all rows, and a
        second one next to it that says what the list is.
        """
        if out.path.suffix.lower() == ".xlsx":
            longest = max(map(self.evaluation.count, Outcome))
            out.require_room(longest + len(self.evaluation.absent))
            out.write_sheets(self.sheets())
            return (out.path,)
        about = out.beside(out.path.with_name(f"{out.path.stem}-tentang{out.path.suffix}"))
        about.write(self._head(_ABOUT_HEAD), self.about())
        out.write(*self.flat())
        return (about.path, out.path)

    def sheets(self) -> Iterator[Sheet]:
        """The notice and the facts about the list first, then a sheet for each outcome."""
        yield Sheet(
            "Tentang - About", self._head(_ABOUT_HEAD), list(self.about()), (70, 70, 40), 70
        )
        header = (*self._head(_HEAD), *self.table.header)
        for outcome, name in _NAMES.items():
            yield Sheet(name, header, self._rows(outcome))

    def flat(self) -> tuple[Sequence[str], Iterator[Row]]:
        """One table of all rows, with the outcome first."""
        header = (*self._head(("hasil", "outcome", *_HEAD)), *self.table.header)
        return header, (
            (OUTCOMES[outcome].id, OUTCOMES[outcome].en, *row)
            for outcome in Outcome
            for row in self._rows(outcome)
        )

    def _head(self, names: Iterable[str]) -> tuple[str, ...]:
        return all_in_list(names, self.language)

    def about(self) -> Iterator[Row]:
        """What the list is: the notice first, then everything that it follows from."""
        found = self.evaluation
        programme, title = found.programme, found.programme.title.words()
        yield NOTICE.id, NOTICE.en, ""
        if programme.example:
            yield EXAMPLE.id, EXAMPLE.en, ""
        yield title.id, title.en, f"{programme.id}, {programme.version}"
        yield "sidik aturan (SHA-256)", "digest of the rules (SHA-256)", programme.digest()
        yield "tanggal penghitungan usia", "day on which ages count", str(found.terms.day)
        yield "benih undian", "seed of the lottery", found.terms.seed
        yield "kuota", "quota", "-" if programme.quota is None else programme.quota
        units, unit = _UNITS[programme.unit]
        yield "satuan", "unit", f"{unit.id} / {unit.en}"
        for outcome, said in OUTCOMES.items():
            rows, count = found.count(outcome), found.units_of(outcome)
            yield f"{said.id}: baris", f"{said.en}: rows", rows
            yield f"{said.id}: {units.id}", f"{said.en}: {units.en}", count
        yield "semua baris (jumlah keempatnya)", "all rows (sum of the four)", len(found.rows)
        yield f"{_ABSENT.id} (ditinjau)", f"{_ABSENT.en} (review)", len(found.absent)
        if programme.unit == "household":
            yield (
                "baris tanpa nomor KK (tidak pernah layak langsung; ditinjau bila memenuhi)",
                "rows without a family card (never eligible at once; reviewed if they meet)",
                found.rows_without_household,
            )
        if self.table.outside:
            said = self._outside()
            yield said.id.strip(), said.en.strip(), len(self.table.outside)
        yield "baris di satuan terbesar", "rows in the largest unit", found.largest_unit
        yield from ((indonesian, english, "") for indonesian, english in _COLUMNS)
        for key, name in used_names(programme.columns, self.table.columns).items():
            said = programme.columns[key].title.words()
            yield f"kolom untuk {said.id}", f"column for {said.en}", name or "-"
        for outcome, said, rows in self.reasons():
            yield f"{OUTCOMES[outcome].id}: {said.id}", f"{OUTCOMES[outcome].en}: {said.en}", rows

    def _outside(self) -> Words:
        """Rows of the file about which nothing was decided, by number."""
        rows = self.table.outside
        named = ", ".join(map(str, rows[:_NAMED])) + (", ..." if len(rows) > _NAMED else "")
        count = number(len(rows))
        return Words(
            f"  {count.id} baris berkas tidak dinilai, karena ditolak 'prepare', orangnya"
            f" keberatan, atau baru (baris {named}); putuskan sendiri: itu bukan tidak layak.",
            f"  {count.en} rows of the file were not judged: 'prepare' refused them, their person"
            f" objected, or they are new (rows {named}); decide on them by hand, they are not"
            " ineligible.",
        )

    def _rows(self, outcome: Outcome) -> Iterator[Row]:
        names = used_names(self.evaluation.programme.columns, self.table.columns)
        for row in self.evaluation.rows_of(outcome):
            yield self._row(row, names)
        if outcome is Outcome.REVIEW:
            blank = [""] * len(self.table.header)
            for entry in self.evaluation.absent:
                lost = reason_kind(OutcomeReason(OutcomeGround.WOULD_LOSE))
                yield (
                    *("", "", ""),
                    f"{lost.id}; {_ABSENT.id} ({entry})",
                    f"{lost.en}; {_ABSENT.en} ({entry})",
                    *blank,
                )

    def _row(self, row: JudgedRow, names: Mapping[str, str]) -> Row:
        said = [reason_words(reason, names) for reason in row.reasons]
        return (
            "" if row.rank is None else row.rank,
            row.ticket,
            row.unit,
            "; ".join(each.id for each in said),
            "; ".join(each.en for each in said),
            *self.table.shown_cells(row.case.number),
        )


def used_names(columns: Mapping[str, object], found: RuleColumns) -> dict[str, str]:
    """The table's own name of each of the programme's columns; empty for a missing one."""
    return {
        key: "" if cell is None else "+".join(cell.names)
        for key, cell in zip(columns, found.cells, strict=True)
    }
