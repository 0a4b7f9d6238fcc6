"""The list of changes as a workbook with a sheet for every kind, as one table, and as counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from encoder.released.changes.change_list import ChangeList, Releases
from encoder.released.changes.kinds import MEANINGS, NOTICE, ChangeKind, FollowUp
from encoder.released.lists.wording import all_in_list, in_list
from policy.base.words import Words, number
from policy.terminal.table_files import Row, Sheet, TableFile

SUMMARY = "ringkasan"
ACTIONS = {
    FollowUp.REVIEW: Words("ditinjau petugas", "for review by an officer"),
    FollowUp.ASSESS: Words("dinilai menurut aturan program", "to assess by the programme's rules"),
    FollowUp.NOTE: Words("dicatat", "to note"),
}
_TINTS = {FollowUp.REVIEW.value: "#FFEB9C", FollowUp.ASSESS.value: "#C6EFCE"}
_RULES = Words(
    "Aturan pemadanan di piagam berubah di antara kedua rilis: sebagian perubahan berasal dari"
    " sana.",
    "The charter's rules of matching changed between the releases: some changes come from that.",
)
_NO_DATES = Words(
    "Daftar ini tidak punya kolom tanggal lahir, jadi kelahiran tidak dikenali.",
    "This list has no column of birth dates, so births are not recognised.",
)


@dataclass(frozen=True)
class ChangesReport:
    """The list with what is said of it. `until` is the day by which it is destroyed."""

    of: Releases
    changes: ChangeList = field(repr=False)
    dataset: str
    until: str
    rules_changed: bool = False

    def facts(self) -> dict[str, Any]:
        """Counts alone: no value and no name of a row."""
        found = self.changes
        return {
            "dataset": self.dataset,
            "before": self.of.before,
            "after": self.of.after,
            "compared": found.compared,
            "changed": found.changed,
            "objected": found.objected,
            "kinds": {kind.name.lower(): found.of_kind(kind) for kind in ChangeKind},
            "actions": {action.name.lower(): found.of_action(action) for action in FollowUp},
            "not_compared": [title.id for title in found.what.left_out],
            "rules_changed": self.rules_changed,
        }

    def summary(self, files: str) -> Iterator[Words]:
        """The result in sentences, the notice first."""
        found = self.changes
        yield NOTICE
        rows, changed = number(found.compared), number(found.changed)
        yield Words(
            f"{files}: {changed.id} dari {rows.id} baris Anda berubah dari {self.of.before} ke"
            f" {self.of.after}.",
            f"{files}: {changed.en} of {rows.en} rows of yours changed from {self.of.before} to"
            f" {self.of.after}.",
        )
        for kind in ChangeKind:
            count, title = number(found.of_kind(kind)), MEANINGS[kind].title
            yield Words(f"  {title.id}: {count.id}", f"  {title.en}: {count.en}")
        count, action = number(found.of_action(FollowUp.REVIEW)), ACTIONS[FollowUp.REVIEW]
        yield Words(
            f"  Perubahan yang {action.id}: {count.id}.", f"  Changes {action.en}: {count.en}."
        )
        yield from self.notes()

    def write(self, out: TableFile) -> Path:
        """Write the list; a workbook has the summary, then a sheet for every kind."""
        found = self.changes
        if out.is_workbook:
            out.require_room(max(map(found.of_kind, ChangeKind)))
            out.write_sheets(self._sheets())
        else:
            out.write(found.header, found.rows())
        return out.path

    def _sheets(self) -> Iterator[Sheet]:
        footer = f"Data pribadi - {self.of.after} - musnahkan sebelum {self.until}"
        language = self.of.language
        head = all_in_list(("keterangan", "about", "jumlah"), language)
        yield Sheet(in_list(SUMMARY, language), head, list(self._about()), (70, 70, 12))
        for kind, rows in self.changes.by_kind():
            yield Sheet(
                MEANINGS[kind].title.in_language(language),
                self.changes.header,
                rows,
                marked=(1,),
                tints={in_list(word, language): tint for word, tint in _TINTS.items()},
                footer=footer,
            )

    def _about(self) -> Iterator[Row]:
        found = self.changes
        yield NOTICE.id, NOTICE.en, ""
        yield (
            f"Daftar {self.dataset}: dari {self.of.before} ke {self.of.after}",
            f"List {self.dataset}: from {self.of.before} to {self.of.after}",
            "",
        )
        yield "baris yang dibandingkan", "rows compared", found.compared
        yield "di antaranya berubah", "of them changed", found.changed
        for action, said in ACTIONS.items():
            yield f"perubahan {said.id}", f"changes {said.en}", found.of_action(action)
        for kind in ChangeKind:
            meaning = MEANINGS[kind]
            yield (
                f"{meaning.title.id}: {meaning.advice.id}",
                f"{meaning.title.en}: {meaning.advice.en}",
                found.of_kind(kind),
            )
        for note in self.notes():
            yield note.id, note.en, ""
        yield (
            f"Ini data pribadi. Musnahkan selambatnya {self.until} dengan 'padan-encoder destroy'.",
            f"These are personal data. Destroy them by {self.until} with 'padan-encoder destroy'.",
            "",
        )

    def notes(self) -> Sequence[Words]:
        """What a reader has to know of this comparison."""
        notes = []
        if self.of.receives is None:
            notes.append(
                Words(
                    "Tanpa --receives setiap orang dianggap menerima bantuan.",
                    "Without --receives everybody is taken to receive aid.",
                )
            )
        if self.of.births is None or self.of.births.cell is None:
            notes.append(_NO_DATES)
        left = self.changes.what.left_out
        if left:
            notes.append(
                Words(
                    f"Hanya ada di salah satu rilis, tidak dibandingkan:"
                    f" {', '.join(each.id for each in left)}.",
                    f"In one of the releases alone, not compared:"
                    f" {', '.join(each.en for each in left)}.",
                )
            )
        if self.rules_changed:
            notes.append(_RULES)
        if self.changes.objected:
            rows = number(self.changes.objected)
            notes.append(
                Words(
                    f"{rows.id} baris orang yang keberatan tidak ikut.",
                    f"{rows.en} rows of people who objected are left out.",
                )
            )
        return notes
