"""The encodings withstood the probes; the report is in the log and the DPIA cites it.

Encodings that miss a floor pass only if a data protection officer signed an exception that names
these encodings.
"""

from policy.base.words import Words
from policy.gates.rules.case import RunCase
from policy.gates.rules.rule import Answer, Rule, SettledBy, fails, holds


def judge(case: RunCase) -> Answer:
    encoding = case.charter.encoding_digest()
    if case.excepted(RULE.id, [encoding]):
        return holds("Dikecualikan oleh pejabat PDP.", "Let pass by a data protection officer.")
    reports = [report for report in case.probes if report.encoding == encoding]
    if not reports:
        return fails(
            "Laporan uji serangan atas penyandian ini belum dicatat.",
            "No probe report on these encodings is in the log.",
        )
    small = [report for report in reports if not report.enough]
    if small:
        return fails(
            "Kelompok yang diuji terlalu kecil.", "The group that was probed is too small."
        )
    floors = case.charter.dpia.floors
    failing = sorted({probe for report in reports for probe in report.failing(floors)})
    if failing:
        names = ", ".join(failing)
        return fails(
            f"Tidak memenuhi batas: {names}; perlu pengecualian pejabat PDP.",
            f"Misses its floor: {names}; a DPO must sign an exception.",
        )
    if case.charter.dpia.probe not in {report.digest() for report in reports}:
        return fails(
            "DPIA tidak merujuk laporan uji yang dicatat.",
            "The DPIA does not cite the probe report in the log.",
        )
    return holds("Laporan uji memenuhi semua batas.", "The probe report meets every floor.")


RULE = Rule(
    id="run.privacy",
    title=Words("Penyandian tahan uji serangan", "The encodings withstand the probes"),
    citation="UU 27/2022 Ps. 34, 35",
    remedy=Words(
        "Jalankan 'padan-encoder probe', catat laporannya, dan rujuk dalam DPIA; atau pejabat"
        " PDP menandatangani pengecualian.",
        "Run 'padan-encoder probe', sign its report into the log and cite it in the DPIA; or a"
        " data protection officer signs an exception.",
    ),
    settled_by=SettledBy.CHARTER,
    judge=judge,
    needs_log=True,
    excepts=lambda case: (case.charter.encoding_digest(),),
)
