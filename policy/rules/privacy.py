"""The encodings withstood the probes; the report is in the log and the DPIA cites it.

A profile that misses a floor passes only where a data protection officer signed an exception
that names these encodings.
"""

from policy.rules.case import Finding, Rule, RunCase
from policy.words import Words

RULE = Rule(
    "run.privacy",
    Words("Penyandian tahan uji serangan", "The encodings withstand the probes"),
    "UU 27/2022 Ps. 34, 35",
)


def check(case: RunCase) -> Finding:
    encoding = case.charter.encoding_digest()
    if case.excepted(RULE, [encoding]):
        return Finding(
            RULE,
            True,
            Words("Dikecualikan oleh pejabat PDP.", "Let pass by a data protection officer."),
        )
    reports = [report for report in case.probes if report.encoding == encoding]
    if not reports:
        return _failed(
            "Laporan uji serangan atas penyandian ini belum dicatat.",
            "No probe report on these encodings is in the log.",
        )
    small = [report for report in reports if not report.enough]
    if small:
        return _failed(
            "Kelompok yang diuji terlalu kecil.", "The group that was probed is too small."
        )
    floors = case.charter.dpia.floors
    failing = sorted({probe for report in reports for probe in report.failing(floors)})
    if failing:
        names = ", ".join(failing)
        return _failed(
            f"Tidak memenuhi batas: {names}; perlu pengecualian pejabat PDP.",
            f"Misses its floor: {names}; a DPO must sign an exception.",
        )
    if case.charter.dpia.probe not in {report.digest() for report in reports}:
        return _failed(
            "DPIA tidak merujuk laporan uji yang dicatat.",
            "The DPIA does not cite the probe report in the log.",
        )
    return Finding(
        RULE,
        True,
        Words("Laporan uji memenuhi semua batas.", "The probe report meets every floor."),
    )


def _failed(indonesian: str, english: str) -> Finding:
    return Finding(RULE, False, Words(indonesian, english))
