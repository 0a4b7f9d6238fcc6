"""The encodings withstood the probes where people are close together, at the size of the lists.

A report of the first version attacked one birth year alone. One that attacked people as dense as in
a list of a million says nothing of a list of ten million.
"""

from policy.privacy import DENSE_FLOORS
from policy.rules import privacy
from policy.rules.case import Finding, RunCase
from policy.words import Words

RULE = privacy.RULE


def check(case: RunCase) -> Finding:
    first = privacy.check(case)
    charter = case.charter
    if not first.passed or case.excepted(RULE, [charter.encoding_digest()]):
        return first
    report = next(each for each in case.probes if each.digest() == charter.dpia.probe)
    largest = max(dataset.rows_max for dataset in charter.datasets)
    if report.version == 1:
        return _failed(
            "Laporan uji dibuat sebelum ada uji atas rumah tangga, pasangan yang dikenal, dan"
            " kelompok garam; uji kembali dengan padan-encoder probe.",
            "The probe report is of before households, known pairs and salt groups were probed;"
            " probe again by padan-encoder probe.",
        )
    if report.people < largest:
        return _failed(
            f"Diuji untuk daftar sampai {report.people} baris, tetapi piagam mengizinkan {largest};"
            " uji kembali atau turunkan rows_max.",
            f"Probed for lists of up to {report.people} rows, but the charter allows {largest};"
            " probe again or lower rows_max.",
        )
    failing = sorted(report.failing(DENSE_FLOORS))
    if failing:
        names = ", ".join(failing)
        return _failed(
            f"Tidak memenuhi batas untuk daftar sebesar {largest} baris: {names}.",
            f"Misses its floor for lists of {largest} rows: {names}.",
        )
    return first


def _failed(indonesian: str, english: str) -> Finding:
    return Finding(RULE, False, Words(indonesian, english))
