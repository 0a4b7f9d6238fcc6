"""What an officer chooses for a list on the page, and the one file that a browser can save."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from fastapi import Request

from encoder.released.lists.by_name import ByNameList
from encoder.released.lists.choices import Into, ListChoices, ListedPeople, Split
from encoder.released.lists.list_files import Guide, write_list
from policy.base.files import folder_beside, shred_file
from policy.base.output import Output, Register
from policy.base.words import Language, Words
from policy.terminal.table_files import CsvFor, TableFile

FORMS: tuple[tuple[str, Words], ...] = (
    ("xlsx", Words("buku kerja Excel (.xlsx)", "Excel workbook (.xlsx)")),
    ("csv-excel", Words("CSV untuk Excel (titik koma)", "CSV for Excel (semicolons)")),
    ("csv", Words("CSV untuk program lain (koma)", "CSV for other programs (commas)")),
    ("parquet", Words("Parquet, untuk analisis data", "Parquet, for data analysis")),
)
SPLITS: tuple[tuple[str, Words], ...] = (
    ("none", Words("tidak dibagi", "not divided")),
    ("kelurahan sheets", Words("satu lembar tiap kelurahan", "one sheet a kelurahan")),
    ("kelurahan files", Words("satu berkas tiap kelurahan (.zip)", "one file a kelurahan (.zip)")),
    ("rw sheets", Words("satu lembar tiap RW", "one sheet an RW")),
    ("rw files", Words("satu berkas tiap RW (.zip)", "one file an RW (.zip)")),
)


@dataclass(frozen=True)
class ListWish:
    """An officer's wishes for a list: its people, columns and division, and the file's form.

    `language` is that of the page: the file has the words that the page shows.
    """

    columns: tuple[str, ...]
    people: tuple[ListedPeople, ...]
    form: str
    split: str
    ids: bool
    source: Path | None
    despite_changes: bool
    language: Language

    @classmethod
    def of(cls, request: Request, language: Language) -> ListWish:
        asked = request.query_params
        place, form, split = (asked.get(name, "").strip() for name in ("source", "form", "split"))
        people = set(asked.getlist("people"))
        return cls(
            tuple(asked.getlist("column")),
            tuple(each for each in ListedPeople if each in people),
            form if form in dict(FORMS) else FORMS[0][0],
            split if split in dict(SPLITS) else SPLITS[0][0],
            "ids" in asked,
            Path(place).expanduser() if place else None,
            "despite" in asked,
            language,
        )

    @property
    def ending(self) -> str:
        return f".{self.form.removesuffix('-excel')}"

    @property
    def csv_for(self) -> CsvFor:
        return CsvFor.excel if self.form == "csv-excel" else CsvFor.programs

    def choices(self) -> ListChoices:
        """Raises BadInput for sheets in a file that has none."""
        split, _, into = self.split.partition(" ")
        people = self.people or (ListedPeople.FOUND,)
        asked = Into(into) if into else None
        return ListChoices.of(
            self.ending, people, Split(split), asked, ids=self.ids, language=self.language
        )


def write_download(
    listed: ByNameList, guide: Guide, folder: Path, stem: str, wish: ListWish, register: Register
) -> Path:
    """Write the list into the folder: one file, or several in one .zip; returns its path."""
    choices = listed.choices
    alone = wish.form == "xlsx" or len(choices.people) == 1
    ending = wish.ending if alone and not choices.has_folder else ".zip"
    out = Output(folder / f"{stem}{ending}", may_replace=True).entered_in(register)
    if ending != ".zip":
        write_list(listed, TableFile.named(out, wish.csv_for), guide)
        return out.path
    with (
        out.replacing(private=True) as temporary,
        folder_beside(temporary, f"{temporary.name}.") as inside,
    ):
        table = TableFile.named(Output(inside / f"{stem}{wish.ending}"), wish.csv_for)
        files = write_list(listed, table, guide)
        with ZipFile(temporary, "w", ZIP_DEFLATED) as archive:
            for file in files:
                archive.write(file, file.relative_to(inside))
        for file in files:
            shred_file(file)
    return out.path
