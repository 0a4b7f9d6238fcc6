"""What is matched: lists, the fields that an encoder may read, and the region."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from policy.base.canonical import Identifier, Model
from policy.charter.words import Bilingual
from policy.regions import YEAR as ALL_REGIONS_YEAR

FieldKind = Literal[
    "name", "text", "date", "sex", "digits", "nik", "kk", "place", "postal", "address", "rtrw"
]
Residence = Literal["domicile", "registration"]
Source = Literal[
    "regsosek", "dtsen", "dtks", "ppks", "carik", "p3ke", "programme", "dukcapil", "other"
]


class Dataset(Model):
    """One list of one party. The count window bounds what may be uploaded (T7).

    `data_class` is spesifik if being on the list is specific personal data (UU PDP art. 4(2)).
    `sensitive` marks other lists whose membership alone can hurt. Both require more approvals
    (`policy.gates.rules.sensitive_lists`).
    """

    id: Identifier
    owner: Identifier
    title: Bilingual
    data_class: Literal["umum", "spesifik"]
    sensitive: bool = False
    source: Source = "other"
    rows_min: int = Field(ge=1)
    rows_max: int = Field(ge=1)

    @property
    def needs_double_approval(self) -> bool:
        return self.sensitive or self.data_class == "spesifik"


class LinkageField(Model):
    """One field that the encoder may read; it reads no other field.

    `residence` says which address a field has: where people live (Regsosek, Carik) or where they
    are registered (Dukcapil). None leaves it open.
    """

    name: Identifier
    kind: FieldKind
    residence: Residence | None = None


# The year of the encoder's tables for each code book (encoder/normalise/regions).
BOOK_YEARS = {"kemendagri": 2019, "bps": 2020}
_DKI = "31"


class Region(Model):
    """The region of the project. BPS and Kemendagri use the same codes for different places.

    `vintage` is the year of the code book.
    """

    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{2,10}$")]
    codebook: Literal["kemendagri", "bps"]
    vintage: int = Field(ge=2000, le=2100)

    def book_years(self) -> tuple[int, ...]:
        """The years of this region's tables here, the one to write in a new charter last.

        Kemendagri's book of all regions (`policy.regions`) is of 2025. Charters of earlier builds
        name 2019 for any region.
        """
        here = BOOK_YEARS[self.codebook]
        if self.codebook == "bps" or self.code.startswith(_DKI):
            return (here,)
        return (here, ALL_REGIONS_YEAR)
