"""The words of outcomes and reasons. Values of a row appear in its own reasons only."""

from __future__ import annotations

from collections.abc import Mapping

from encoder.released.programmes.cases import Truth
from encoder.released.programmes.conditions import ConditionFinding
from encoder.released.programmes.evaluation import Outcome, OutcomeGround, OutcomeReason
from encoder.released.programmes.readings import Doubt
from encoder.released.programmes.rules import Comparison
from policy.base.words import Words

NOTICE = Words(
    "Daftar ini usulan bagi petugas, bukan keputusan. Tidak ada orang yang dikeluarkan secara"
    " otomatis: penerima sekarang yang akan kehilangan bantuan masuk daftar 'Ditinjau' beserta"
    " alasannya, dan petugas memutuskan. Setiap orang berhak berkeberatan atas keputusan yang"
    " hanya didasarkan pada pemrosesan otomatis (UU PDP pasal 10), dan pemrosesan untuk keputusan"
    " seperti itu memerlukan penilaian dampak (pasal 34 ayat 2 huruf a).",
    "This list is a proposal for officers and not a decision. Nobody is removed automatically:"
    " those who receive aid now and would lose it are on the list 'Review' with the reason, and"
    " an officer decides. Everybody may object to a decision based on automated processing alone"
    " (UU PDP art. 10), and processing for such decisions needs an impact assessment"
    " (art. 34(2)(a)).",
)
EXAMPLE = Words(
    "Aturan ini hanya contoh; aturan yang sebenarnya ditetapkan pemerintah daerah.",
    "These rules are only an example; the real ones are the province's.",
)
OUTCOMES: dict[Outcome, Words] = {
    Outcome.ELIGIBLE: Words("Layak dalam kuota", "Eligible within quota"),
    Outcome.WAITING: Words("Daftar tunggu", "Waiting list"),
    Outcome.REVIEW: Words("Ditinjau", "Review"),
    Outcome.NOT_ELIGIBLE: Words("Tidak memenuhi syarat", "Not eligible"),
}
_GROUNDS: dict[OutcomeGround, Words] = {
    OutcomeGround.BY_HOUSEHOLD: Words(
        "hasil ini karena anggota lain di keluarga ini",
        "this outcome is because of another member of the household",
    ),
    OutcomeGround.ROWS_DIFFER: Words(
        "baris-baris orang ini berbeda hasilnya", "the rows of this person have different results"
    ),
    OutcomeGround.SEVERAL_HOUSEHOLDS: Words(
        "orang ini tercatat di beberapa KK", "this person is on more than one family card"
    ),
    OutcomeGround.NO_HOUSEHOLD: Words(
        "nomor KK kosong, sehingga keluarganya tidak dikenali",
        "no family card number, so that the household is not known",
    ),
    OutcomeGround.DECEASED: Words("tercatat meninggal", "recorded as deceased"),
    OutcomeGround.MOVED: Words("tercatat pindah", "recorded as moved"),
    OutcomeGround.CHANGED: Words(
        "isi baris berubah sejak disiapkan", "the row has changed since it was prepared"
    ),
    OutcomeGround.WOULD_LOSE: Words(
        "penerima sekarang, akan kehilangan bantuan", "receives aid now and would lose it"
    ),
    OutcomeGround.PRESENT_UNKNOWN: Words(
        "data kosong: apakah menerima bantuan ini sekarang",
        "data missing: whether aid is received now",
    ),
    OutcomeGround.OVER_QUOTA: Words("memenuhi syarat, di luar kuota", "eligible, beyond the quota"),
    OutcomeGround.PRIORITY_UNKNOWN: Words(
        "data kosong untuk urutan, sehingga diurutkan terakhir",
        "data missing for the order, so that it comes last",
    ),
}
_DOUBTS: dict[Doubt, Words] = {
    Doubt.EMPTY: Words("data kosong", "data missing"),
    Doubt.UNREADABLE: Words("isian tidak terbaca", "cell not readable"),
    Doubt.NOT_EXACT: Words("isian tidak cukup pasti", "cell not exact enough"),
    Doubt.TO_CHECK: Words("perlu dicek", "to be checked"),
}


def reason_kind(reason: OutcomeReason) -> Words:
    """A reason without any value of the row: for counts."""
    finding = reason.finding
    if finding is None:
        return _GROUNDS[reason.ground]
    title, said = finding.leaf.title.words(), _verdict(finding)
    return Words(f"{said.id}: {title.id}", f"{said.en}: {title.en}")


def reason_words(reason: OutcomeReason, column_names: Mapping[str, str]) -> Words:
    """A reason with rule, column and the row's own cell, for the agency's own file."""
    finding, kind = reason.finding, reason_kind(reason)
    if finding is None or not isinstance(finding.leaf, Comparison):
        return kind
    name = column_names.get(finding.leaf.column, finding.leaf.column)
    cell = finding.cell.strip()
    shown = f" ({name}: {cell})" if cell else f" ({name})"
    return Words(kind.id + shown, kind.en + shown)


def _verdict(finding: ConditionFinding) -> Words:
    if finding.doubt is not None:
        return _DOUBTS[finding.doubt]
    holds = finding.truth is Truth.YES
    if finding.negated:
        if holds:
            return Words("dikecualikan karena", "excluded because of")
        return Words("tidak dikecualikan karena", "not excluded by")
    return Words("memenuhi", "meets") if holds else Words("tidak memenuhi", "does not meet")
