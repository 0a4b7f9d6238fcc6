"""Runs that keep so little that a person has to agree before they take effect."""

from __future__ import annotations

from collections.abc import Callable

from encoder.error_codes import EncoderCode
from encoder.source.cell_usage import UsageTable
from encoder.store.prepared import Reconciliation
from policy.base.errors import Refused
from policy.base.words import Words, number


class NeedsConsent(Refused):
    """Nothing is wrong for certain, but a person should look before it goes on."""

    confirmable = True


Accept = Callable[[NeedsConsent], None]


def refuse(doubt: NeedsConsent) -> None:
    """Where nobody can be asked: the run ends, and what was there before stays."""
    raise doubt


def go_on(_: NeedsConsent) -> None:
    """Where a person agreed beforehand."""


def ask_about(dataset: str, found: Reconciliation, usage: UsageTable, accept: Accept) -> None:
    """Calls `accept` with the doubt, if there is one; it raises where the run must end."""
    doubt = doubt_about(dataset, found, usage)
    if doubt is not None:
        accept(doubt)


def doubt_about(dataset: str, found: Reconciliation, usage: UsageTable) -> NeedsConsent | None:
    """Under half of the rows are kept, or under half of the NIKs that are there can be used."""
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


_HINT = Words(
    "Lihat 'padan-encoder check' untuk sebabnya. Bila memang begitu, ulangi dengan --yes.",
    "See 'padan-encoder check' for the reasons. If this is right, run it again with --yes.",
)
