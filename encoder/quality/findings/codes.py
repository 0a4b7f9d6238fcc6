"""Codes that seem to have another meaning in this file: of sex, and of regions."""

from __future__ import annotations

from collections.abc import Iterator

from encoder.quality.codebook import Codebook, codebook_said, codebook_suspicion
from encoder.quality.counts import FileProfile
from encoder.quality.findings.finding import QualityFinding
from policy.base.words import Words
from policy.charts.numbers import Proportion, sentence

_BOOKS: dict[Codebook, str] = {"bps": "BPS", "kemendagri": "Kemendagri"}


def suspicious_codes(profile: FileProfile) -> Iterator[QualityFinding]:
    yield from _sex(profile)
    yield from _codebook(profile)


def _sex(profile: FileProfile) -> Iterator[QualityFinding]:
    if profile.sex is None:
        return
    known = sum(profile.sex.sexes.values())
    women = Proportion(profile.sex.sexes.get("F", 0), known)
    if known >= 100 and not 0.35 <= women.value <= 0.65:
        yield QualityFinding(
            "sex-balance",
            "look",
            0,
            Words("Perbandingan jenis kelamin tidak biasa", "Unusual balance of the sexes"),
            sentence("{share} perempuan.", "{share} are women.", share=women),
            Words(
                "Wajar pada daftar khusus; jika tidak, periksa arti kodenya (P = perempuan).",
                "Normal in special lists; otherwise check what the codes mean (P = perempuan).",
            ),
        )


def _codebook(profile: FileProfile) -> Iterator[QualityFinding]:
    counts = profile.codebook
    seems = codebook_suspicion(counts)
    if counts is None or seems == "unknown" or seems == codebook_said(counts):
        return
    yield QualityFinding(
        "codebook",
        "act",
        counts.codes,
        Words(
            f"Kode wilayah tampaknya kode {_BOOKS[seems]}",
            f"Region codes seem to be {_BOOKS[seems]} codes",
        ),
        sentence(
            "Dari {villages} kode kelurahan, {form} hanya mungkin kode BPS (angka ketujuhnya 0)."
            " Dari {n} baris yang dapat dibandingkan, {same} cocok dengan NIK sebagai kode"
            " Kemendagri dan {bps} sebagai kode BPS.",
            "Of {villages} codes of kelurahan, {form} can be BPS codes alone (their seventh digit"
            " is 0). Of {n} rows that can be compared, {same} agree with the NIK as Kemendagri"
            " codes and {bps} as BPS codes.",
            villages=counts.villages,
            form=counts.bps_form,
            n=counts.compared,
            same=counts.same,
            bps=counts.same_if_bps,
        ),
        Words(
            f"Tulis bukunya di pemetaan: {counts.field}: {{code: KOLOM, codebook: {seems}}}."
            " 3171 BPS adalah Jakarta Selatan, 31.71 Kemendagri Jakarta Pusat. Kode BPS"
            " kelurahan tidak punya nama di sini: pastikan ada kolom nama kecamatan dan kelurahan.",
            f"Name the book in the mapping: {counts.field}: {{code: COLUMN, codebook: {seems}}}."
            " BPS 3171 is South, Kemendagri 31.71 Central Jakarta. BPS codes of kelurahan have"
            " no names here: see that there are columns with names of kecamatan and kelurahan.",
        ),
    )
