"""Which columns a party may send another, as a table of the papers."""

from __future__ import annotations

from policy.base.words import Words
from policy.charter import Charter
from policy.papers.agreed.data import cited
from policy.papers.agreed.words import CLASSES
from policy.papers.paper import NOT_GIVEN, Code, PaperColumn, PaperTable


def attributes(charter: Charter) -> tuple[PaperTable, ...]:
    """The columns that a charter lets parties share; no table if there are none."""
    rows = tuple(
        (
            Code(each.dataset),
            Code(each.recipient),
            Code(column.name),
            CLASSES[column.data_class],
            each.purpose.words(),
            tuple(map(cited, each.citations)),
            NOT_GIVEN if each.confidentiality is None else cited(each.confidentiality),
        )
        for each in charter.attributes
        for column in each.columns
    )
    if not rows:
        return ()
    table = PaperTable(
        "attributes",
        Words("Kolom yang boleh dikirim antarpihak", "Columns that parties may send each other"),
        (
            PaperColumn("dataset", Words("Daftar pengirim", "Sender's list")),
            PaperColumn("recipient", Words("Penerima", "Recipient")),
            PaperColumn("column", Words("Kolom", "Column")),
            PaperColumn("data_class", Words("Kelas data", "Data class")),
            PaperColumn("purpose", Words("Tujuan", "Purpose")),
            PaperColumn("citations", Words("Dasar hukum", "Legal basis")),
            PaperColumn(
                "confidentiality",
                Words("Pembuka kerahasiaan statistik", "What lifts statistical confidentiality"),
            ),
        ),
        rows,
    )
    return (table,)
