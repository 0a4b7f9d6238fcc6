"""What a person chooses for a by-name-by-address list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from encoder.error_codes import EncoderCode
from policy.base.errors import BadInput, Refused
from policy.base.words import Language, Words

if TYPE_CHECKING:
    from encoder.released.lists.joined import JoinedRow


class ListedPeople(StrEnum):
    """Who is listed: who was found, who of them is to be checked, and who was not found."""

    FOUND = "found"
    TO_CHECK = "to-check"
    NOT_FOUND = "not-found"


class Split(StrEnum):
    """Whether a list is divided, and into which areas."""

    NONE = "none"
    KELURAHAN = "kelurahan"
    RW = "rw"


class Into(StrEnum):
    """What one area of a divided list is."""

    SHEETS = "sheets"
    FILES = "files"


# The name of a sheet, and the end of a file's name.
PEOPLE_NAMES = {
    ListedPeople.FOUND: "ditemukan",
    ListedPeople.TO_CHECK: "perlu dicek",
    ListedPeople.NOT_FOUND: "belum ditemukan",
}


@dataclass(frozen=True)
class ListChoices:
    """The people of a list, in the order of `People`, and its division."""

    people: tuple[ListedPeople, ...] = (ListedPeople.FOUND,)
    split: Split = Split.NONE
    into: Into = Into.FILES
    ids: bool = False
    # Whether somebody named the people; else they are what a file of this form can hold.
    named: bool = False
    language: Language = "id"

    @classmethod
    def of(
        cls,
        ending: str,
        people: Iterable[ListedPeople] = (),
        split: Split = Split.NONE,
        into: Into | None = None,
        *,
        ids: bool = False,
        language: Language = "id",
    ) -> ListChoices:
        """The choices for a file with this ending; a workbook holds everybody if nothing is said.

        Raises BadInput for sheets of a file that has none.
        """
        is_workbook = ending == ".xlsx"
        if into is Into.SHEETS and not is_workbook:
            raise BadInput(
                EncoderCode.LIST_NO_SHEETS,
                Words(f"Berkas {ending} tidak punya lembar.", f"A {ending} file has no sheets."),
                Words(
                    "Pakai --into files, atau beri nama berakhiran .xlsx.",
                    "Use --into files, or give a name that ends in .xlsx.",
                ),
            )
        chosen_by_name = set(people)
        chosen = chosen_by_name or set(ListedPeople if is_workbook else [ListedPeople.FOUND])
        return cls(
            tuple(each for each in ListedPeople if each in chosen),
            split,
            into or (Into.SHEETS if is_workbook else Into.FILES),
            ids,
            bool(chosen_by_name),
            language,
        )

    def within(self, *, graded: bool) -> ListChoices:
        """Without those to check, where the charter does not tell who is to be checked.

        Raises Refused if they were named.
        """
        if graded or ListedPeople.TO_CHECK not in self.people:
            return self
        if self.named:
            raise Refused(
                EncoderCode.LIST_NO_GRADES,
                Words(
                    "Menurut piagam, siapa yang perlu dicek tidak diberitahukan"
                    " (release.grades: false).",
                    "By the charter, you do not learn who is to be checked"
                    " (release.grades: false).",
                ),
                Words("Hilangkan --people to-check.", "Leave --people to-check out."),
            )
        return replace(self, people=tuple(p for p in self.people if p is not ListedPeople.TO_CHECK))

    @property
    def everybody(self) -> bool:
        """Whether people that no source confirmed are listed too."""
        return ListedPeople.NOT_FOUND in self.people

    @property
    def has_folder(self) -> bool:
        """Whether each area is a file of its own, in a folder."""
        return self.split is not Split.NONE and self.into is Into.FILES

    def of_row(self, row: JoinedRow) -> list[ListedPeople]:
        """The chosen lists on which a row belongs: one to check was found as well."""
        belongs = {ListedPeople.FOUND} if row.is_matched else {ListedPeople.NOT_FOUND}
        if row.is_unsure:
            belongs.add(ListedPeople.TO_CHECK)
        return [each for each in self.people if each in belongs]
