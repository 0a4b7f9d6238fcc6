"""How two rows become one person under a charter, and what limits a result, in plain sentences."""

from __future__ import annotations

from collections.abc import Callable

from policy.base.words import Words, number
from policy.charter import CanariesLikeTheList, Charter
from policy.charter.shipped_probes import is_shipped
from policy.charts.numbers import as_percent
from policy.charts.page import Notes


def limits(charter: Charter, name: Callable[[str], str]) -> Notes:
    release, budget, witnesses = charter.release, charter.budget, charter.witnesses
    officer = Words("", "")
    if release.dpo_approval:
        officer = Words(" dan seorang pejabat PDP", " and a data protection officer")
    seen = ", ".join(map(name, witnesses.members))
    told = [
        _same_person(charter),
        Words(
            f"Tidak ada jumlah di bawah {release.minimum_cell} orang yang keluar.",
            f"No count below {release.minimum_cell} people leaves the service.",
        ),
        Words(
            f"Setiap rilis disetujui {release.approvals} instansi selain yang meminta{officer.id}.",
            f"Each release is approved by {release.approvals} agencies other than the one that asks"
            f"{officer.en}.",
        ),
        Words(
            f"Paling banyak {budget.runs} pemadanan dan {budget.releases} permintaan rilis.",
            f"At most {budget.runs} runs and {budget.releases} requests of a release.",
        ),
        Words(
            f"Log disaksikan oleh {seen}; {witnesses.quorum} instansi harus melihat setiap"
            " langkah.",
            f"The log is witnessed by {seen}; {witnesses.quorum} agencies must see each step.",
        ),
        _canaries(charter),
        _probe(charter),
    ]
    return Notes("limits", tuple(told))


def _same_person(charter: Charter) -> Words:
    """The thresholds in words."""
    together, alone = charter.matching.thresholds_ppm.values(), charter.matching.alone_ppm.values()
    low = as_percent(min(together))
    floor = as_percent(charter.matching.nik_floor_ppm)
    if not alone:
        return Words(
            f"Dua baris adalah satu orang bila kemiripannya sedikitnya {low.id}.",
            f"Two rows are one person if they are at least {low.en} similar.",
        )
    one, most = as_percent(min(alone)), as_percent(max(alone))
    nik = Words("", "")
    if charter.encoding.nik_leg == "on":
        nik = Words(
            f" NIK yang sama saja tidak cukup: kemiripannya sedikitnya {floor.id}.",
            f" The same NIK is not enough: the rows must be at least {floor.en} similar.",
        )
    return Words(
        f"Dua baris adalah satu orang bila mirip sedikitnya {low.id} menurut dua cara yang saling"
        f" bebas, atau {one.id} sampai {most.id} menurut satu cara.{nik.id}",
        f"Two rows are one person if they are at least {low.en} similar in two independent ways, or"
        f" {one.en} to {most.en} in one way.{nik.en}",
    )


def _canaries(charter: Charter) -> Words:
    canaries = charter.encoding.canaries
    if isinstance(canaries, CanariesLikeTheList):
        share = number(canaries.share_ppm)
        many = Words(f"{share.id} per sejuta orang", f"{share.en} for a million people")
    else:
        rows = canaries.rows(0)
        many = Words(f"{rows} di setiap daftar", f"{rows} in each list")
    return Words(
        f"Baris buatan menguji apakah layanan bekerja jujur: {many.id}.",
        f"Made-up rows test whether the service works honestly: {many.en}.",
    )


def _probe(charter: Charter) -> Words:
    if is_shipped(charter.dpia.probe):
        return Words(
            "Uji serangan atas penyandian: laporan bawaan Padan, dapat diulang siapa pun.",
            "Attacks on the encodings: the report shipped with Padan, which anybody can repeat.",
        )
    if charter.dpia.probe:
        return Words(
            "Uji serangan atas penyandian: laporan yang dibuat untuk piagam ini.",
            "Attacks on the encodings: a report that was made for this charter.",
        )
    return Words(
        "Uji serangan atas penyandian: belum ada laporan.",
        "Attacks on the encodings: there is no report yet.",
    )
