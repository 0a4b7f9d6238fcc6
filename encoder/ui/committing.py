"""What the officer sees and confirms before rows are committed, on every page that commits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from encoder.error_codes import EncoderCode
from encoder.steps.workspace import Workspace
from encoder.store.prepared import Reconciliation
from policy.base.errors import NotYet
from policy.base.words import Words
from policy.project.naming import offices
from policy.wire.session import Session

ARE_RIGHT = Words(
    "Angka di atas benar. Sesudah dikunci, baris tidak dapat diganti.",
    "The numbers above are right. Once committed, rows cannot be replaced.",
)


@dataclass(frozen=True)
class RowNumbers:
    """What became of one dataset's rows, before they are committed."""

    title: Words
    counts: Reconciliation


def row_numbers(session: Session) -> list[RowNumbers]:
    """Those of all own datasets; raises NotYet if one of them is not prepared."""
    workspace, naming = Workspace(session), offices(session.project)
    return [
        RowNumbers(naming.dataset(each), workspace.latest(each).reconciliation())
        for each in workspace.own_datasets()
    ]


def require_marked(form: Mapping[str, object]) -> None:
    """Raises NotYet unless the officer marked that the numbers are right."""
    if form.get("commit") != "yes":
        raise NotYet(
            EncoderCode.UI_NOTHING_DUE,
            Words("Baris belum dikunci.", "The rows are not committed yet."),
            MARK_FIRST,
        )


MARK_FIRST = Words(
    "Tandai dahulu pernyataan di atas tombol, bila benar.",
    "First mark the statement above the button, if it is right.",
)
