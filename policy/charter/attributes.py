"""Which columns a party may share with another, under match IDs that were released to both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, StringConstraints

from policy.base.canonical import Identifier, Model
from policy.base.words import Words
from policy.charter.basis import Citation
from policy.charter.words import Bilingual

if TYPE_CHECKING:
    from policy.charter.agreement import Charter

ColumnName = Annotated[
    str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f]+$")
]


class SharedColumn(Model):
    """One column of the sender's file.

    `bytes` is the room of a value in UTF-8. Every value takes this room, so that the length of an
    encrypted row says nothing about its values.
    """

    name: ColumnName
    title: Bilingual
    data_class: Literal["umum", "spesifik"]
    bytes: int = Field(default=32, ge=1, le=1000)


class SharedAttributes(Model):
    """Columns of one dataset that its owner may send to one other party, and why.

    `citations` justify the transfer (UU PDP art. 20(2)). `confidentiality` is the regulation or
    agreement that lifts statistical confidentiality (UU 16/1997 art. 21); a supervisor of
    statistics sends nothing without it.
    """

    dataset: Identifier
    recipient: Identifier
    columns: tuple[SharedColumn, ...] = Field(min_length=1)
    purpose: Bilingual
    citations: tuple[Citation, ...] = Field(min_length=1)
    confidentiality: Citation | None = None

    def column(self, name: str) -> SharedColumn | None:
        """The column of this name; None if it may not be shared."""
        return next((each for each in self.columns if each.name == name), None)


def shared(charter: Charter) -> Iterator[Words]:
    """The contradictions in what a charter lets parties share."""
    if charter.attributes and charter.law in ("padan-law-1", "padan-law-2"):
        yield Words(
            "attributes ada sejak hukum padan-law-3",
            "there are attributes since the law padan-law-3",
        )
    pairs = [(each.dataset, each.recipient) for each in charter.attributes]
    if len(set(pairs)) != len(pairs):
        yield Words(
            "attributes: setiap sumber data dan penerima disebut sekali",
            "attributes: each dataset and recipient is named once",
        )
    owners = {dataset.id: dataset.owner for dataset in charter.datasets}
    for each in charter.attributes:
        owner = owners.get(each.dataset)
        if owner is None or each.recipient == owner or each.recipient not in charter.party_ids:
            yield Words(
                f"attributes: {each.dataset} milik satu pihak dan dikirim kepada pihak lain",
                f"attributes: {each.dataset} is a party's dataset and is sent to another party",
            )
        names = [column.name for column in each.columns]
        if len(set(names)) != len(names):
            yield Words(
                f"attributes: setiap kolom {each.dataset} disebut sekali",
                f"attributes: each column of {each.dataset} is named once",
            )
