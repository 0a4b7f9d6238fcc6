"""Preparations that keep few rows, so that a person must agree before they take effect."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from encoder.error_codes import EncoderCode
from policy.base.errors import Refused
from policy.base.words import Words, number

if TYPE_CHECKING:
    from encoder.quality.counts import CodebookCounts
    from encoder.source.cell_usage import UsageTable
    from encoder.store.prepared import Reconciliation


class NeedsConsent(Refused):
    """Not certainly an error, but a person should look before the command continues."""

    confirmable = True


Accept = Callable[[NeedsConsent], None]


def refuse(doubt: NeedsConsent) -> None:
    """For use without a person to ask: the command ends, and the earlier store stays."""
    raise doubt


def ask_about(
    dataset: str,
    found: Reconciliation,
    usage: UsageTable,
    accept: Accept,
    codes: CodebookCounts | None = None,
) -> None:
    """Call `accept` with each doubt that there is; it raises to end the command."""
    for doubt in (doubt_about(dataset, found, usage), doubt_about_codes(dataset, codes)):
        if doubt is not None:
            accept(doubt)


def doubt_about(dataset: str, found: Reconciliation, usage: UsageTable) -> NeedsConsent | None:
    """The doubt if fewer than half of the rows are kept, or of the existing NIKs usable."""
    kept = found.people + found.collapsed
    if 2 * kept < found.rows_in:
        rows, all_rows = number(kept), number(found.rows_in)
        return NeedsConsent(
            EncoderCode.PREPARE_FEW_ROWS,
            Words(
                f"{dataset}: hanya {rows.id} dari {all_rows.id} baris yang akan ditautkan.",
                f"{dataset}: only {rows.en} of {all_rows.en} rows would be linked.",
            ),
            _HINT,
        )
    nik = usage.field("nik")
    if nik is not None and 2 * nik.used < nik.filled:
        used, filled = number(nik.used), number(nik.filled)
        return NeedsConsent(
            EncoderCode.PREPARE_FEW_NIKS,
            Words(
                f"{dataset}: hanya {used.id} dari {filled.id} NIK yang dapat dipakai.",
                f"{dataset}: only {used.en} of {filled.en} NIKs can be used.",
            ),
            _HINT,
        )
    return None


def doubt_about_codes(dataset: str, counts: CodebookCounts | None) -> NeedsConsent | None:
    """The doubt if the codes of the places seem to be of another book than the mapping says."""
    # The room of quality loads what takes longer than most commands.
    from encoder.quality.codebook import codebook_said, codebook_suspicion

    seems = codebook_suspicion(counts)
    if counts is None or seems in ("unknown", codebook_said(counts)):
        return None
    names = {"bps": "BPS", "kemendagri": "Kemendagri"}
    other = names[seems]
    said = names["kemendagri" if seems == "bps" else "bps"]
    return NeedsConsent(
        EncoderCode.PREPARE_CODEBOOK,
        Words(
            f"{dataset}: kode di kolom {counts.field} dipetakan sebagai kode {said}, tetapi"
            f" tampaknya kode {other}; satu angka berarti tempat lain di buku yang lain.",
            f"{dataset}: the codes of {counts.field} are mapped as {said} codes, but seem to be"
            f" {other} codes; one number is another place in the other book.",
        ),
        Words(
            f"Ubah bukunya di pemetaan kolom itu menjadi 'codebook: {seems}'; tanyakan kepada"
            " pembuat berkas. Bila yang tertulis memang benar, ulangi dengan --yes.",
            f"Change the book in the mapping of that column to 'codebook: {seems}'; ask who made"
            " the file. If what is written is right, run it again with --yes.",
        ),
    )


_HINT = Words(
    "Lihat 'padan-encoder check' untuk sebabnya. Bila memang begitu, ulangi dengan --yes.",
    "See 'padan-encoder check' for the reasons. If this is right, run it again with --yes.",
)
