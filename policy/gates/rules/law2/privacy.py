"""The probe report that the DPIA cites meets every floor, and a second agency reproduced it.

A report that only one party signed counts neither way: nobody reproduces an invented report that
passes, and one that fails blocks nobody. A failing report that a second agency reproduced counts
against the encodings, whether the DPIA cites it or not. Exceptions are as in the first law.

A report that came with Padan may be signed by two agencies that have not repeated it; the answer
says so.

A report of version 1 attacked people of one birth year only. Since version 2, probes attack people
as dense as in the largest list, so a report on a smaller list says nothing about a larger one.
"""

from dataclasses import replace

from policy.charter.probe_report import DENSE_FLOORS, ProbeReport
from policy.charter.shipped_probes import is_shipped
from policy.gates.rules import privacy as first
from policy.gates.rules.case import RunCase
from policy.gates.rules.rule import Answer, fails, holds

AGENCIES = 2


def judge(case: RunCase) -> Answer:
    charter, encoding = case.charter, case.charter.encoding_digest()
    if case.excepted(RULE.id, [encoding]):
        return first.judge(case)
    reports = {each.digest(): each for each in case.probes if each.encoding == encoding}
    cited = reports.get(charter.dpia.probe or "")
    if cited is None:
        return fails(
            "Laporan uji yang dirujuk DPIA belum dicatat.",
            "The probe report that the DPIA cites is not in the log.",
        )
    repeated = {digest for digest in reports if len(case.probed_by[digest]) >= AGENCIES}
    if charter.dpia.probe not in repeated:
        return fails(
            "Laporan uji yang dirujuk DPIA belum diulang oleh instansi lain.",
            "No other agency has repeated the probe report that the DPIA cites.",
        )
    if not cited.enough:
        return fails(
            "Kelompok yang diuji terlalu kecil.", "The group that was probed is too small."
        )
    largest = max(dataset.rows_max for dataset in charter.datasets)
    if cited.version == 1:
        return fails(
            "Laporan uji dibuat sebelum ada uji atas rumah tangga, pasangan yang dikenal, dan"
            " kelompok garam; uji kembali dengan padan-encoder probe.",
            "The probe report is of before households, known pairs and salt groups were probed;"
            " probe again by padan-encoder probe.",
        )
    if cited.people < largest:
        return fails(
            f"Diuji untuk daftar sampai {cited.people} baris, tetapi piagam mengizinkan {largest};"
            " uji kembali atau turunkan rows_max.",
            f"Probed for lists of up to {cited.people} rows, but the charter allows {largest};"
            " probe again or lower rows_max.",
        )
    counting = [reports[digest] for digest in repeated if reports[digest].enough]
    failing = _failing(case, counting)
    if failing:
        names = ", ".join(failing)
        return fails(
            f"Tidak memenuhi batas: {names}; perlu pengecualian pejabat PDP.",
            f"Misses its floor: {names}; a DPO must sign an exception.",
        )
    if is_shipped(charter.dpia.probe):
        return holds(
            "Laporan uji bawaan Padan memenuhi semua batas; dua instansi menyatakannya, dan siapa"
            " pun dapat mengulanginya dengan padan-encoder probe.",
            "The report shipped with Padan meets every floor; two agencies assert it, and anybody"
            " can repeat it by padan-encoder probe.",
        )
    return holds(
        "Laporan uji memenuhi semua batas dan sudah diulang.",
        "The probe report meets every floor and was repeated.",
    )


def _failing(case: RunCase, reports: list[ProbeReport]) -> list[str]:
    asked = case.charter.dpia.floors
    floors = {1: asked, 2: (*asked, *DENSE_FLOORS)}
    return sorted({probe for report in reports for probe in report.failing(floors[report.version])})


RULE = replace(first.RULE, judge=judge)
