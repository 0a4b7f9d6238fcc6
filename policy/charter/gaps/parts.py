"""Missing or weak parts of a charter, other than those about people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from policy.base.words import Words
from policy.charter.agreement import FIRST_LAW, Charter
from policy.charter.data import BOOK_YEARS, Region
from policy.charter.gaps.gap import Gap
from policy.regions import CODEBOOK, has
from policy.regions import YEAR as ALL_REGIONS_YEAR

_NO_DIGEST = "0" * 64


@dataclass(frozen=True)
class _Check:
    missing: Callable[[Charter], bool]
    gap: Gap


def of_parts(charter: Charter) -> Iterator[Gap]:
    return (check.gap for check in _CHECKS if check.missing(charter))


def _year_of_another_book(region: Region) -> bool:
    return region.vintage not in region.book_years()


def _unknown_code(region: Region) -> bool:
    """Whether the charter names the book of all regions, and a code that it does not have."""
    named = (region.codebook, region.vintage) == (CODEBOOK, ALL_REGIONS_YEAR)
    return named and not has(region.code, CODEBOOK, ALL_REGIONS_YEAR)


_CHECKS = (
    _Check(
        lambda c: c.purpose.category is None,
        Gap(
            "purpose.category",
            True,
            Words("Jenis penggunaan belum disebut.", "The kind of use is not named."),
            Words(
                "Pilih: public-service, planning, budget, democracy, law-enforcement.",
                "Choose: public-service, planning, budget, democracy, law-enforcement.",
            ),
            "UU 24/2013 Ps. 58(4)",
        ),
    ),
    _Check(
        lambda c: c.linkage_unit is None,
        Gap(
            "linkage_unit",
            True,
            Words("Pengelola layanan belum disebut.", "Who runs the service is not named."),
            Words(
                "Tulis anggota, pengendali, atasan, dan administratornya.",
                "Write its member, controller, superiors and administrators.",
            ),
            "UU 27/2022 Ps. 51, 52",
        ),
    ),
    _Check(
        lambda c: not c.agreements,
        Gap(
            "agreements",
            True,
            Words("Belum ada perjanjian.", "There is no agreement."),
            Words(
                "Tulis PKS, NDA, MoU, atau perintah pemrosesan dengan nomor dan sidiknya.",
                "Write each PKS, NDA, MoU or processing order with number and digest.",
            ),
            "UU 27/2022 Ps. 18, 51; Permendagri 102/2019",
        ),
    ),
    _Check(
        lambda c: c.dpia.scope is None,
        Gap(
            "dpia.scope",
            True,
            Words("Cakupan DPIA belum disebut.", "The DPIA's scope is not given."),
            Words(
                "Tulis tujuan, pihak, sumber data, dan sidik ketentuan ('charter check').",
                "Write purpose, parties, datasets and the terms digest ('charter check').",
            ),
            "UU 27/2022 Ps. 34",
        ),
    ),
    _Check(
        lambda c: (
            c.law != FIRST_LAW
            and c.dpia.scope is not None
            and c.dpia.scope.charter in (None, _NO_DIGEST)
        ),
        Gap(
            "dpia.scope.charter",
            True,
            Words(
                "Sidik piagam yang dinilai DPIA belum ditulis.",
                "The digest of the charter that the DPIA covers is not given.",
            ),
            Words(
                "Tulis sidik 'charter' dari 'padan-policy charter check'.",
                "Write the digest 'charter' from 'padan-policy charter check'.",
            ),
            "UU 27/2022 Ps. 34",
        ),
    ),
    _Check(
        lambda c: c.dpia.sha256 == _NO_DIGEST,
        Gap(
            "dpia.sha256",
            True,
            Words("Sidik naskah DPIA masih contoh.", "The DPIA's digest is still the example."),
            Words("Tulis SHA-256 naskah DPIA.", "Write the SHA-256 of the DPIA document."),
            "UU 27/2022 Ps. 34",
        ),
    ),
    _Check(
        lambda c: c.region is None,
        Gap(
            "region",
            True,
            Words("Wilayah dan buku kodenya belum disebut.", "Region and code book are not named."),
            Words(
                "Tulis kode, codebook (kemendagri atau bps), dan tahunnya.",
                "Write code, codebook (kemendagri or bps) and vintage.",
            ),
            "Perpres 39/2019",
        ),
    ),
    _Check(
        lambda c: c.region is not None and _year_of_another_book(c.region),
        Gap(
            "region.vintage",
            False,
            Words(
                "Tahun buku kode bukan tahun tabel yang dipakai penyandi.",
                "The book's year is not that of the tables that the encoder uses.",
            ),
            Words(
                f"Tulis {ALL_REGIONS_YEAR} untuk kemendagri ({BOOK_YEARS['kemendagri']} untuk DKI"
                f" Jakarta), {BOOK_YEARS['bps']} untuk bps.",
                f"Write {ALL_REGIONS_YEAR} for kemendagri ({BOOK_YEARS['kemendagri']} for DKI"
                f" Jakarta), {BOOK_YEARS['bps']} for bps.",
            ),
            "Perpres 39/2019 Ps. 3",
        ),
    ),
    _Check(
        lambda c: c.region is not None and _unknown_code(c.region),
        Gap(
            "region.code",
            False,
            Words(
                "Kode wilayah tidak ada dalam buku kode yang disebut.",
                "The region's code is not in the code book that is named.",
            ),
            Words(
                "Periksa kodenya: kode BPS dan Kemendagri yang sama dapat berarti tempat lain.",
                "Check the code: one code of BPS and Kemendagri can mean two places.",
            ),
            "Perpres 39/2019 Ps. 3",
        ),
    ),
    _Check(
        lambda c: c.dpia.scope is not None and c.dpia.scope.terms == _NO_DIGEST,
        Gap(
            "dpia.scope.terms",
            False,
            Words(
                "Sidik ketentuan penyandian yang dinilai DPIA masih contoh.",
                "The digest of the encoding terms that the DPIA covers is still the example.",
            ),
            Words(
                "Tulis sidik 'terms' dari 'padan-policy charter check'.",
                "Write the digest 'terms' from 'padan-policy charter check'.",
            ),
            "UU 27/2022 Ps. 34",
        ),
    ),
    _Check(
        lambda c: c.dpia.probe == _NO_DIGEST,
        Gap(
            "dpia.probe",
            False,
            Words(
                "Sidik laporan uji serangan masih contoh.",
                "The digest of the probe report is still the example.",
            ),
            Words(
                "Jalankan 'padan-encoder probe', lalu tulis sidik laporannya.",
                "Run 'padan-encoder probe' and write the digest of its report.",
            ),
            "UU 27/2022 Ps. 34, 35",
        ),
    ),
    _Check(
        lambda c: any(each.sha256 == _NO_DIGEST for each in c.agreements),
        Gap(
            "agreements.sha256",
            False,
            Words(
                "Sidik naskah sebuah perjanjian masih contoh.",
                "The digest of an agreement is still the example.",
            ),
            Words(
                "Tulis SHA-256 setiap naskah yang ditandatangani.",
                "Write the SHA-256 of each signed document.",
            ),
            "UU 27/2022 Ps. 18, 51",
        ),
    ),
    _Check(
        lambda c: not c.auditors,
        Gap(
            "auditors",
            False,
            Words("Tidak ada auditor.", "There is no auditor."),
            Words(
                "Sebut auditor dari instansi lain, agar pemadanan dapat diulang.",
                "Name an auditor of another agency, so that a run can be repeated.",
            ),
            "Perpres 95/2018 Ps. 58",
        ),
    ),
    _Check(
        lambda c: getattr(c.encoding.canaries, "pairs", 1) == 0,
        Gap(
            "encoding.canaries",
            False,
            Words("Tidak ada kenari berpasangan.", "There are no paired canaries."),
            Words(
                "Tanpa kenari, layanan yang menghilangkan padanan tidak ketahuan.",
                "Without canaries a service that drops matches is not noticed.",
            ),
            "UU 27/2022 Ps. 35",
        ),
    ),
    _Check(
        lambda c: c.release.minimum_cell < 10,
        Gap(
            "release.minimum_cell",
            False,
            Words("Sel terkecil di bawah sepuluh.", "The smallest cell is below ten."),
            Words("Pertimbangkan 10 atau lebih.", "Consider 10 or more."),
            "UU 16/1997 Ps. 21",
        ),
    ),
    _Check(
        lambda c: c.budget.across_charters is None,
        Gap(
            "budget.across_charters",
            False,
            Words(
                "Pemadanan lewat piagam lain tidak dibatasi.",
                "Runs under other charters are not bounded.",
            ),
            Words(
                "Batasi, agar kuota tidak dielakkan dengan piagam baru.",
                "Bound them, so that a new charter is not a way around the budget.",
            ),
            "UU 27/2022 Ps. 16(2)",
        ),
    ),
    _Check(
        lambda c: c.dpia.valid_until < c.valid_until,
        Gap(
            "dpia.valid_until",
            False,
            Words("DPIA berakhir sebelum piagam.", "The DPIA ends before the charter."),
            Words("Setelah itu pemadanan ditolak.", "Runs are refused from then on."),
            "UU 27/2022 Ps. 34",
        ),
    ),
    _Check(
        lambda c: max(c.retention.encodings_until, c.retention.releases_until) > c.valid_until,
        Gap(
            "retention",
            False,
            Words("Data disimpan melewati piagam.", "Data is kept beyond the charter."),
            Words(
                "Akhiri retensi dengan piagam, atau sebut alasannya di DPIA.",
                "End retention with the charter, or give the reason in the DPIA.",
            ),
            "UU 27/2022 Ps. 42-44",
        ),
    ),
    _Check(
        lambda c: all(
            each.valid_from is None and each.valid_until is None
            for each in c.lawful_basis.citations
        ),
        Gap(
            "lawful_basis.citations",
            False,
            Words("Masa berlaku dasar hukum tidak disebut.", "No citation says how long it holds."),
            Words("Tulis valid_from dan valid_until.", "Write valid_from and valid_until."),
            "UU 27/2022 Ps. 20(2)",
        ),
    ),
)
