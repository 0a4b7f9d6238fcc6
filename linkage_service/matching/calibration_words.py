"""A calibration in words: each figure with its interval, and the people the figure leaves out."""

from __future__ import annotations

from linkage_service.matching.calibration_facts import (
    AtThreshold,
    Calibration,
    least_pairs,
    lowest_shift,
    uncertain,
)
from linkage_service.matching.coverage import NEAR_PPM, SearchCoverage
from policy.base.shares import MILLION, PER_PERCENT, Interval, percent, said
from policy.base.words import Words, number

WANTED_PPM = 990_000

PRECISION = Words("Presisi", "Precision")
RECALL = Words("Cakupan", "Recall")
NO_PAIRS = Words("tidak ada pasangan", "no pairs")
NO_SAMPLE = Words("tidak ada pasangan contoh", "there are no sample pairs")

# By the name of the figure in the facts, and of the searches.
UNSEEN = {
    "precision_ppm": Words(
        "Presisi tidak melihat orang salah yang NIK-nya tidak ada di kedua daftar: saudara"
        " kandung, anak kembar, dan senama satu RT yang masing-masing hanya ada di satu daftar;"
        " bayi dengan NIK atau kartu ibunya; baris tanpa tanggal lahir, yang mirip dengan lebih"
        " banyak orang. Pasangan ber-NIK sama dianggap benar, juga bila NIK-nya dipinjam.",
        "Precision does not see wrong people whose NIKs are not in both lists: siblings, twins and"
        " namesakes of one RT where each list has only one of them; babies with their mother's NIK"
        " or card; rows without a date of birth, which resemble more people. Pairs of one NIK are"
        " taken as right, also where the NIK is borrowed.",
    ),
    "recall_ppm": Words(
        "Cakupan tidak melihat orang tanpa NIK yang tidak ditemukan penyandian mana pun: nama yang"
        " sama sekali lain, baris tanpa nama atau tanggal; juga orang yang NIK-nya salah di satu"
        " daftar dan menunjuk orang lain.",
        "Recall does not see people without a NIK that no encoding can find: an entirely different"
        " name, a row without a name or a date; nor people whose NIK is wrong in one list and"
        " points to another person.",
    ),
    "bands": Words(
        "Peluang di setiap pita tidak melihat saudara kandung, anak kembar, dan senama yang"
        " masing-masing hanya ada di satu daftar: mereka sepakat dalam banyak penyandian.",
        "The probability in each band does not see siblings, twins and namesakes where each list"
        " has only one of them: they agree in many encodings.",
    ),
    "curve": Words(
        "Pada ambang yang lebih tinggi hal yang sama tidak terlihat. Baris yang lepas dari"
        " pasangannya di sana tidak dipadankan ulang.",
        "At higher thresholds the same people are not seen. Rows that lose their partner there are"
        " not matched again.",
    ),
    "search": Words(
        "Angka pencarian tidak melihat orang yang kemiripannya di bawah ambang.",
        "The figures of a search do not see people whose similarity is below the threshold.",
    ),
}


def summary(calibration: Calibration) -> tuple[Words, ...]:
    """Precision and recall, each followed by the persons that it leaves out."""
    pairs = number(calibration.other_pairs)
    precision, recall = precision_of(calibration.curve[0]), said(calibration.recall_ppm)
    return (
        Words(
            f"Presisi pasangan tanpa NIK: {precision.id}, dari {pairs.id} pasangan.",
            f"Precision of pairs without NIK: {precision.en}, of {pairs.en} pairs.",
        ),
        UNSEEN["precision_ppm"],
        Words(f"Cakupan: {recall.id}.", f"Recall: {recall.en}."),
        UNSEEN["recall_ppm"],
    )


def advice(calibration: Calibration | None) -> tuple[Words, ...]:
    """What a coordinator can do to improve the result, one sentence each."""
    if calibration is None:
        return (
            Words(
                "NIK yang sama terlalu sedikit untuk taksiran; periksa sampel dengan tangan.",
                "Too few NIKs agree to estimate anything; check a sample by hand.",
            ),
        )
    if not calibration.other_pairs:
        return (
            Words(
                "Tidak ada pasangan tanpa NIK: ketepatannya tidak dapat ditaksir, dan siapa yang"
                " terlewat tidak diketahui.",
                "There are no pairs without NIK: their precision cannot be estimated, and who was"
                " missed is not known.",
            ),
        )
    return (_on_thresholds(calibration), _on_review(calibration))


def _on_thresholds(calibration: Calibration) -> Words:
    shift, wanted = lowest_shift(calibration, WANTED_PPM), WANTED_PPM // PER_PERCENT
    pairs, needed = number(calibration.other_pairs), number(least_pairs(WANTED_PPM))
    if shift is None and calibration.other_pairs < least_pairs(WANTED_PPM):
        return Words(
            f"{pairs.id} pasangan tanpa NIK terlalu sedikit untuk memastikan presisi {wanted} %:"
            f" perlu sedikitnya {needed.id}. Periksa semuanya dengan tangan sebelum dipakai.",
            f"{pairs.en} pairs without NIK are too few to be sure of a precision of {wanted}%: it"
            f" takes at least {needed.en}. Check all of them by hand before use.",
        )
    if shift is None:
        return Words(
            f"Tak satu pun ambang di sini pasti mencapai presisi {wanted} %; tinjau pasangan"
            " tanpa NIK sebelum dipakai.",
            f"No threshold here is sure of a precision of {wanted}%; review the pairs without"
            " NIK before use.",
        )
    checked = Words(
        "Periksa sampel pasangan tanpa NIK dengan tangan: saudara, anak kembar, dan senama tidak"
        " terlihat oleh angka ini.",
        "Check a sample of the pairs without NIK by hand: these figures do not see siblings, twins"
        " and namesakes.",
    )
    if shift == 0:
        return Words(
            f"Sejauh terlihat, ambang piagam mencapai presisi {wanted} %; biarkan. {checked.id}",
            f"As far as these figures see, the charter's thresholds reach a precision of {wanted}%;"
            f" leave them. {checked.en}",
        )
    rise = number(shift)
    return Words(
        f"Naikkan setiap ambang {rise.id} ppm agar presisi mencapai {wanted} % sejauh terlihat."
        f" {checked.id}",
        f"Raise every threshold by {rise.en} ppm to reach a precision of {wanted}% as far as these"
        f" figures see. {checked.en}",
    )


def _on_review(calibration: Calibration) -> Words:
    pairs = number(sum(band.pairs for band in uncertain(calibration, WANTED_PPM)))
    return Words(
        f"{pairs.id} pasangan berada di pita yang belum pasti; piagam dapat mengirimnya ke"
        " peninjau.",
        f"{pairs.en} pairs lie in uncertain bands; the charter may send them to review.",
    )


def searched(between: str, coverage: SearchCoverage) -> tuple[Words, ...]:
    """How an encoding was searched if not all pairs were compared; `between` names two lists."""
    if coverage.method == "all-pairs":
        return ()
    where = f"{coverage.encoding}: {between}"
    everyone = _found(coverage.estimated, coverage.reached)
    if coverage.method == "tags":
        how = Words(
            f"{where}: dicari per tanda blok. Pasangan contoh yang ditemukan: {everyone.id}.",
            f"{where}: searched by block tags. Sample pairs found: {everyone.en}.",
        )
        return (how, UNSEEN["search"])
    expected = percent(coverage.expected_ppm, 2)
    how = Words(
        f"{where}: dicari lewat {coverage.tables} tabel dari {coverage.width} bit; harapan"
        f" {expected.id} % tepat di ambang. Pasangan contoh yang ditemukan: {everyone.id}.",
        f"{where}: searched by {coverage.tables} tables of {coverage.width} bits; {expected.en}%"
        f" expected right at the threshold. Sample pairs found: {everyone.en}.",
    )
    # Runs of earlier builds have no promised recall to compare their sample with.
    promise = (_promise(coverage),) if coverage.least_ppm else ()
    return (how, *promise, UNSEEN["search"])


def _promise(coverage: SearchCoverage) -> Words:
    least, near = percent(coverage.least_ppm, 2), f"{NEAR_PPM / MILLION:.2f}"
    found = _found(coverage.estimated_near, coverage.near_reached)
    told = Words(
        f"Janji: sedikitnya {least.id} % tepat di ambang, dengan keyakinan 95 %. Pasangan contoh"
        f" paling jauh {near.replace('.', ',')} di atas ambang yang ditemukan: {found.id}.",
        f"Promise: at least {least.en}% right at the threshold, with 95% confidence. Sample pairs"
        f" found that are at most {near} above the threshold: {found.en}.",
    )
    if not coverage.breaks_promise:
        return told
    return Words(
        f"{told.id} Janji itu tidak ditepati: naikkan sampling_recall_ppm di piagam, atau"
        " bandingkan semua pasangan.",
        f"{told.en} The promise is not kept: raise sampling_recall_ppm in the charter, or compare"
        " all pairs.",
    )


def _found(share: Interval | None, of: int) -> Words:
    if share is None:
        return NO_SAMPLE
    told, count = said(share), number(of)
    return Words(f"{told.id} dari {count.id}", f"{told.en} of {count.en}")


def precision_of(at: AtThreshold) -> Words:
    """The precision in words; without pairs it is unknown."""
    return said(at.precision_ppm) if at.pairs else NO_PAIRS
