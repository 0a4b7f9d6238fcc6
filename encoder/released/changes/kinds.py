"""Kinds of change between two releases, and what people do about each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from policy.base.words import Words

NOTICE = Words(
    "Tidak ada orang yang dikeluarkan secara otomatis. Siapa yang mungkin kehilangan bantuan"
    " ditinjau petugas dahulu, dan setiap orang berhak mengajukan keberatan (UU PDP Pasal 10).",
    "Nobody is removed automatically. People who might lose aid are first reviewed by an officer,"
    " and everybody has the right to object (UU PDP art. 10).",
)


class ChangeKind(StrEnum):
    """One kind of change; the order is that of the sheets."""

    DIED_OR_MOVED = "meninggal atau pindah"
    NO_LONGER = "tidak lagi dikonfirmasi"
    TO_CHECK = "kini perlu dicek"
    DECILE_UP = "desil naik"
    UNKNOWN_NOW = "isi tidak diketahui lagi"
    NEWLY = "baru dikonfirmasi"
    DECILE_DOWN = "desil turun"
    OTHER = "isi lain berubah"
    LEFT_LIST = "tidak ada lagi di daftar Anda"
    BORN = "lahir di antara kedua edisi"
    NEW_ON_LIST = "baru di daftar Anda"


class FollowUp(StrEnum):
    """What people do about a change."""

    REVIEW = "tinjau"
    ASSESS = "nilai kelayakan"
    NOTE = "catat"


@dataclass(frozen=True)
class Consequence:
    """A kind in English, whether it may cost a person the aid, and what is done about it."""

    title: Words
    may_lose: bool
    advice: Words
    action: FollowUp


def _meaning(
    kind: ChangeKind, english: str, action: FollowUp, indonesian: str, advice: str
) -> tuple[ChangeKind, Consequence]:
    title = Words(kind.value, english)
    return kind, Consequence(title, action is FollowUp.REVIEW, Words(indonesian, advice), action)


MEANINGS = dict(
    (
        _meaning(
            ChangeKind.DIED_OR_MOVED, "dead or moved", FollowUp.REVIEW,
            "Pastikan di lapangan. Bila benar, tanyakan anggota keluarga yang masih berhak.",
            "Verify on site. If it is true, ask who of the family is still entitled.",
        ),
        _meaning(
            ChangeKind.NO_LONGER, "no longer confirmed", FollowUp.REVIEW,
            "Bukan bukti bahwa orangnya tidak berhak. Periksa NIK dan nama, lalu datangi.",
            "No proof that the person is not entitled. Check NIK and name, then visit.",
        ),
        _meaning(
            ChangeKind.TO_CHECK, "now to check", FollowUp.REVIEW,
            "Mungkin orang yang sama. Pastikan sebelum bertindak.",
            "Perhaps the same person. Verify before you act.",
        ),
        _meaning(
            ChangeKind.DECILE_UP, "decile went up", FollowUp.REVIEW,
            "Tercatat lebih sejahtera. Periksa keadaannya sebelum bantuan diubah.",
            "Recorded as better off. Check the household before the aid is changed.",
        ),
        _meaning(
            ChangeKind.UNKNOWN_NOW, "content not known any more", FollowUp.REVIEW,
            "Isi yang dahulu diterima kini kosong. Jangan dianggap tidak memenuhi.",
            "What was received before is empty now. Do not take it for not eligible.",
        ),
        _meaning(
            ChangeKind.NEWLY, "newly confirmed", FollowUp.ASSESS,
            "Nilai menurut aturan program.",
            "Assess by the programme's rules.",
        ),
        _meaning(
            ChangeKind.DECILE_DOWN, "decile went down", FollowUp.ASSESS,
            "Tercatat kurang sejahtera. Nilai menurut aturan program.",
            "Recorded as worse off. Assess by the programme's rules.",
        ),
        _meaning(
            ChangeKind.OTHER, "other content changed", FollowUp.REVIEW,
            "Bandingkan dengan aturan program sebelum bantuan diubah.",
            "Compare with the programme's rules before the aid is changed.",
        ),
        _meaning(
            ChangeKind.LEFT_LIST, "not on your list any more", FollowUp.REVIEW,
            "Instansi Anda sendiri tidak memuatnya lagi. Pastikan ada keputusannya.",
            "Your own agency does not list the person any more. See that it was decided.",
        ),
        _meaning(
            ChangeKind.BORN, "born between the editions", FollowUp.ASSESS,
            "Bayi. Nilai menurut aturan program, dan pastikan NIK dan KK-nya sudah ada.",
            "A baby. Assess by the programme's rules, and see that it has its NIK and KK.",
        ),
        _meaning(
            ChangeKind.NEW_ON_LIST, "new on your list", FollowUp.NOTE,
            "Belum ada di rilis sebelumnya, jadi tidak dapat dibandingkan.",
            "Was not in the release before, so there is nothing to compare.",
        ),
    )
)  # fmt: skip
