"""What a charter leaves out, which duty asks for it, and what to write.

A blocking gap stops the run gate (`policy.rules.charter_complete`); the others are advice.
What depends on the day, the roster or the log is asked by the rules of the gates.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from policy.charter.agreement import Charter
from policy.words import Words

_NO_DIGEST = "0" * 64


@dataclass(frozen=True)
class Gap:
    """One part of a charter that is missing or weak, by the field's path."""

    field: str
    blocking: bool
    problem: Words
    remedy: Words
    duty: str

    def as_json(self) -> dict[str, object]:
        return {
            "field": self.field,
            "blocking": self.blocking,
            "problem": {"id": self.problem.id, "en": self.problem.en},
            "remedy": {"id": self.remedy.id, "en": self.remedy.en},
            "duty": self.duty,
        }


def gaps(charter: Charter) -> tuple[Gap, ...]:
    """All gaps, blocking ones first."""
    found = [*_required(charter), *_advised(charter)]
    return tuple(sorted(found, key=lambda gap: not gap.blocking))


def _required(charter: Charter) -> Iterator[Gap]:
    missing = [
        (
            charter.purpose.category is None,
            "purpose.category",
            Words("Jenis penggunaan belum disebut.", "The kind of use is not named."),
            Words(
                "Pilih: public-service, planning, budget, democracy, law-enforcement.",
                "Choose: public-service, planning, budget, democracy, law-enforcement.",
            ),
            "UU 24/2013 Ps. 58(4)",
        ),
        (
            charter.linkage_unit is None,
            "linkage_unit",
            Words("Pengelola layanan belum disebut.", "Who runs the service is not named."),
            Words(
                "Tulis anggota, pengendali, atasan, dan administratornya.",
                "Write its member, controller, superiors and administrators.",
            ),
            "UU 27/2022 Ps. 51, 52",
        ),
        (
            not charter.agreements,
            "agreements",
            Words("Belum ada perjanjian.", "There is no agreement."),
            Words(
                "Tulis PKS, NDA, MoU, atau perintah pemrosesan dengan nomor dan sidiknya.",
                "Write each PKS, NDA, MoU or processing order with number and digest.",
            ),
            "UU 27/2022 Ps. 18, 51; Permendagri 102/2019",
        ),
        (
            charter.dpia.scope is None,
            "dpia.scope",
            Words("Cakupan DPIA belum disebut.", "The DPIA's scope is not given."),
            Words(
                "Tulis tujuan, pihak, sumber data, dan sidik ketentuan ('charter check').",
                "Write purpose, parties, datasets and the terms digest ('charter check').",
            ),
            "UU 27/2022 Ps. 34",
        ),
        (
            charter.dpia.sha256 == _NO_DIGEST,
            "dpia.sha256",
            Words("Sidik naskah DPIA masih contoh.", "The DPIA's digest is still the example."),
            Words("Tulis SHA-256 naskah DPIA.", "Write the SHA-256 of the DPIA document."),
            "UU 27/2022 Ps. 34",
        ),
        (
            charter.region is None,
            "region",
            Words("Wilayah dan buku kodenya belum disebut.", "Region and code book are not named."),
            Words(
                "Tulis kode, codebook (kemendagri atau bps), dan tahunnya.",
                "Write code, codebook (kemendagri or bps) and vintage.",
            ),
            "Perpres 39/2019",
        ),
    ]
    for is_missing, field, problem, remedy, duty in missing:
        if is_missing:
            yield Gap(field, True, problem, remedy, duty)
    for number, party in enumerate(charter.parties):
        if party.capacity is None:
            yield Gap(
                f"parties.{number}.capacity",
                True,
                Words(
                    f"Kedudukan {party.member} belum disebut.",
                    f"The capacity of {party.member} is not named.",
                ),
                Words("Tulis controller atau joint-controller.", "controller or joint-controller."),
                "UU 27/2022 Ps. 18, 20",
            )
        if party.dpo is None:
            yield Gap(
                f"parties.{number}.dpo",
                True,
                Words(
                    f"PPDP untuk {party.member} belum disebut.",
                    f"The data protection officer of {party.member} is not named.",
                ),
                Words(
                    "Tulis anggota roster yang berperan dpo.", "Name a roster member of role dpo."
                ),
                "UU 27/2022 Ps. 53",
            )


def _advised(charter: Charter) -> Iterator[Gap]:
    roles = {party.role for party in charter.parties}
    retention = charter.retention
    weak = [
        (
            not roles & {"walidata", "pembina-data"},
            "parties",
            Words("Tidak ada walidata atau pembina data.", "No walidata and no pembina data."),
            Words(
                "Rilis antarinstansi lewat walidata; sebut unitnya.",
                "Releases between agencies go through the walidata; name the unit.",
            ),
            "Perpres 39/2019 Ps. 14",
        ),
        (
            not charter.auditors,
            "auditors",
            Words("Tidak ada auditor.", "There is no auditor."),
            Words(
                "Sebut auditor dari instansi lain, agar pemadanan dapat diulang.",
                "Name an auditor of another agency, so that a run can be repeated.",
            ),
            "Perpres 95/2018 Ps. 58",
        ),
        (
            charter.encoding.canaries.pairs == 0,
            "encoding.canaries",
            Words("Tidak ada kenari berpasangan.", "There are no paired canaries."),
            Words(
                "Tanpa kenari, layanan yang menghilangkan padanan tidak ketahuan.",
                "Without canaries a service that drops matches is not noticed.",
            ),
            "UU 27/2022 Ps. 35",
        ),
        (
            charter.release.minimum_cell < 10,
            "release.minimum_cell",
            Words("Sel terkecil di bawah sepuluh.", "The smallest cell is below ten."),
            Words("Pertimbangkan 10 atau lebih.", "Consider 10 or more."),
            "UU 16/1997 Ps. 21",
        ),
        (
            charter.budget.across_charters is None,
            "budget.across_charters",
            Words(
                "Pemadanan lewat piagam lain tidak dibatasi.",
                "Runs under other charters are not bounded.",
            ),
            Words(
                "Batasi, agar anggaran tidak dielakkan dengan piagam baru.",
                "Bound them, so that a new charter is no way around the budget.",
            ),
            "UU 27/2022 Ps. 16(2)",
        ),
        (
            charter.dpia.valid_until < charter.valid_until,
            "dpia.valid_until",
            Words("DPIA berakhir sebelum piagam.", "The DPIA ends before the charter."),
            Words("Setelah itu pemadanan ditolak.", "Runs are refused from then on."),
            "UU 27/2022 Ps. 34",
        ),
        (
            max(retention.encodings_until, retention.releases_until) > charter.valid_until,
            "retention",
            Words("Data disimpan melewati piagam.", "Data is kept beyond the charter."),
            Words(
                "Akhiri retensi dengan piagam, atau sebut alasannya di DPIA.",
                "End retention with the charter, or give the reason in the DPIA.",
            ),
            "UU 27/2022 Ps. 42-44",
        ),
        (
            all(c.valid_from is None and c.valid_until is None for c in _citations(charter)),
            "lawful_basis.citations",
            Words("Masa berlaku dasar hukum tidak disebut.", "No citation says how long it holds."),
            Words("Tulis valid_from dan valid_until.", "Write valid_from and valid_until."),
            "UU 27/2022 Ps. 20(2)",
        ),
    ]
    for is_weak, field, problem, remedy, duty in weak:
        if is_weak:
            yield Gap(field, False, problem, remedy, duty)


def _citations(charter: Charter):  # type: ignore[no-untyped-def]
    return charter.lawful_basis.citations
