"""The documented error rates of each kind of source.

    A  a clean register (Dukcapil, DTSEN 2025)
    B  field collection (Regsosek, Carik, P3KE)
    C  a legacy list (DTKS 2018, PPKS)

Every rate is a share of records. Those with a source are calibrated on published figures,
the others are assumptions; docs/reference/synthetic-data.md prints this table next to what
was measured, and `padan-encoder synth --check` measures again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from policy.base.words import Words

ProfileName = Literal["A", "B", "C"]

_ASSUMED = ""
_KPK = "KPK 2021, DTKS [S]"
_VOTERS = "12,950 DKI voters 2017 [C]"


@dataclass(frozen=True)
class Rate:
    """One documented rate. `source` is empty for an assumption.

    A `clustered` error comes oftener from careless operators, in bad records and on the old.
    """

    name: str
    says: Words
    a: float
    b: float
    c: float
    source: str = _ASSUMED
    clustered: bool = True

    def of(self, profile: ProfileName) -> float:
        return {"A": self.a, "B": self.b, "C": self.c}[profile]


RATES = (
    Rate(
        "nik_missing", Words("NIK kosong atau isian semu", "NIK missing or filler"),
        0.005, 0.04, 0.17, _KPK,
    ),
    Rate(
        "nik_wrong", Words("NIK salah", "NIK wrong"),
        0.003, 0.025, 0.07,
    ),
    Rate(
        "nik_strangers", Words("NIK milik orang lain", "NIK of a stranger"),
        0.0002, 0.003, 0.011, _KPK,
    ),
    Rate(
        "nik_temporary", Words("NIK sementara", "NIK of a village system"),
        0.0, 0.003, 0.01,
    ),
    Rate(
        "twice", Words("orang tercatat dua kali", "person listed twice"),
        0.001, 0.01, 0.03, clustered=False,
    ),
    Rate(
        "deceased", Words("sudah meninggal", "deceased"),
        0.002, 0.005, 0.01, "0.24-2.1 %, KPK 2021 and 2020, DTKS [S]", clustered=False,
    ),
    Rate(
        "kk_missing", Words("KK kosong atau lama", "KK missing or outdated"),
        0.01, 0.08, 0.20,
    ),
    Rate(
        "abbreviated", Words("nama disingkat", "name abbreviated"),
        0.003, 0.02, 0.04,
    ),
    Rate(
        "respelt", Words("ejaan nama lain", "name spelt otherwise"),
        0.003, 0.02, 0.04,
    ),
    Rate(
        "words_changed", Words("kata nama hilang atau bertambah", "word of the name lost or added"),
        0.003, 0.02, 0.04,
    ),
    Rate(
        "nickname", Words("nama panggilan", "nickname or alias"),
        0.0002, 0.008, 0.025,
    ),
    Rate(
        "spaces", Words("spasi nama hilang atau bertambah", "space of the name lost or added"),
        0.001, 0.005, 0.01,
    ),
    Rate(
        "swapped", Words("urutan kata tertukar", "words of the name in another order"),
        0.0002, 0.002, 0.005,
    ),
    Rate(
        "mistyped", Words("salah ketik atau salah baca", "name mistyped or misread"),
        0.001, 0.01, 0.025,
    ),
    Rate(
        "truncated", Words("nama terpotong", "name truncated"),
        0.0, 0.002, 0.01,
    ),
    Rate(
        "title", Words("gelar pada nama", "title or degree in the name"),
        0.045, 0.02, 0.05, f"A: {_VOTERS}", clustered=False,
    ),
    Rate(
        "birth_wrong", Words("tanggal lahir berbeda", "date of birth differs"),
        0.005, 0.05, 0.08,
    ),
    Rate(
        "birth_missing", Words("tanggal lahir kosong", "date of birth missing"),
        0.0, 0.01, 0.10,
    ),
    Rate(
        "sex_wrong", Words("jenis kelamin salah", "sex wrong"),
        0.001, 0.005, 0.01,
    ),
    Rate(
        "sex_missing", Words("jenis kelamin kosong", "sex missing"),
        0.001, 0.003, 0.05,
    ),
    Rate(
        "mother_missing", Words("nama ibu kosong", "mother's name missing"),
        0.02, 1.0, 0.15, clustered=False,
    ),
    Rate(
        "moved", Words("alamat di tempat lain", "address is another place"),
        0.0, 0.18, 0.22, clustered=False,
    ),
    Rate(
        "rtrw_missing", Words("RT/RW kosong", "RT/RW missing"),
        0.05, 0.03, 0.20, clustered=False,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Profile:
    """The rates of one kind of source, by their names in RATES."""

    nik_missing: float
    nik_wrong: float
    nik_strangers: float
    nik_temporary: float
    twice: float
    deceased: float
    kk_missing: float
    abbreviated: float
    respelt: float
    words_changed: float
    nickname: float
    spaces: float
    swapped: float
    mistyped: float
    truncated: float
    title: float
    birth_wrong: float
    birth_missing: float
    sex_wrong: float
    sex_missing: float
    mother_missing: float
    moved: float
    rtrw_missing: float


def _profile(name: ProfileName) -> Profile:
    return Profile(**{rate.name: rate.of(name) for rate in RATES})


PROFILES: dict[ProfileName, Profile] = {
    "A": _profile("A"),
    "B": _profile("B"),
    "C": _profile("C"),
}
