"""The request of a transfer of attributes."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from policy.base.canonical import Identifier
from policy.base.words import Words
from policy.charter.attributes import ColumnName
from policy.statements.body import Body, RunId, Seconds
from policy.statements.kind import Phase


class TransferRequest(Body):
    """By the sender or the recipient: columns of a dataset, under the match IDs of a release.

    `domain` joins the dataset with one dataset of the recipient. `expires` ends the time for votes
    and for sending.
    """

    TYPE: ClassVar[str] = "padan/transfer"
    TITLE: ClassVar[Words] = Words("Pengiriman atribut diminta", "Transfer of attributes requested")
    PLACE: ClassVar[tuple[Phase, int]] = (Phase.RELEASES, 7)

    transfer: RunId
    release: RunId
    domain: Identifier
    dataset: Identifier
    recipient: Identifier
    columns: tuple[ColumnName, ...] = Field(min_length=1)
    expires: Seconds
