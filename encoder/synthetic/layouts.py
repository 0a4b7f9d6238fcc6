"""How each of six sources looks: its columns, and how it writes one person's row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from encoder.normalise.regions import regencies
from encoder.synthetic.circumstances import (
    CIRCUMSTANCES,
    circumstances,
    is_extremely_poor,
    receives_bpnt,
    receives_pkh,
    welfare_decile,
)
from encoder.synthetic.errors import SyntheticEntry
from encoder.synthetic.places import DKI, places
from encoder.synthetic.population import Person
from encoder.synthetic.rates import ProfileName
from policy.regions import find

Row = list[str]


@dataclass(frozen=True)
class SyntheticSource:
    """How one source chooses, misrecords and writes people.

    `lacks` names the documented rates of columns that its files do not have.
    """

    name: str
    share: float
    profile: ProfileName
    delimiter: str
    header: tuple[str, ...]
    write: Callable[[Random, str, Person, SyntheticEntry], Row]
    households: bool = False
    street: bool = False
    lacks: frozenset[str] = frozenset()


def _rt_rw(entry: SyntheticEntry) -> str:
    return f"{entry.rt:03d}/{entry.rw:03d}"


def _regsosek(rng: Random, record_id: str, person: Person, entry: SyntheticEntry) -> Row:
    birth = entry.birth
    # Draws of earlier versions: the other columns of later rows depend on them.
    rng.randint(1, 10)
    rng.random()
    return [
        record_id,
        entry.name,
        entry.nik,
        {"M": "1", "F": "2", "": ""}[entry.sex],
        str(birth.day) if birth else "",
        str(birth.month) if birth else "",
        str(birth.year) if birth else "",
        str(person.relation),
        entry.street,
        _survey_code(entry.region),
        entry.kelurahan,
        f"RT {entry.rt:03d} RW {entry.rw:03d}",
        entry.kk,
        str(welfare_decile(person)),
        str(int(is_extremely_poor(person))),
        *circumstances(person),
    ]


def _dtks(rng: Random, record_id: str, person: Person, entry: SyntheticEntry) -> Row:
    row = [
        record_id,
        entry.kk,
        _sometimes(rng, entry.nik, 0.05, lambda nik: f"'{nik}"),
        entry.name,
        entry.birth.strftime("%d-%m-%Y") if entry.birth else "",
        {"M": "L", "F": "P", "": ""}[entry.sex],
        entry.mother,
        entry.street,
        f"{entry.rt:03d}",
        f"{entry.rw:03d}",
        _sometimes(rng, entry.kelurahan, 0.05, _joined).title(),
        "YA" if receives_pkh(person) else "TIDAK",
        "YA" if receives_bpnt(person) else "TIDAK",
    ]
    # Draws of earlier versions, as above.
    rng.choice(("YA", "TIDAK"))
    rng.choice(("YA", "TIDAK"))
    return row


_BULAN = (
    "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"
).split()


def _carik(rng: Random, record_id: str, person: Person, entry: SyntheticEntry) -> Row:
    birth = entry.birth
    return [
        record_id,
        entry.name.title(),
        entry.nik or "-",
        entry.kk,
        f"{birth.day} {_BULAN[birth.month - 1]} {birth.year}" if birth else "-",
        {"M": "LAKI-LAKI", "F": "PEREMPUAN", "": ""}[entry.sex],
        entry.street,
        _rt_rw(entry),
        _sometimes(rng, entry.kelurahan, 0.05, _joined),
        f"DW{rng.randint(1, 70_900):05d}",
    ]


_JENIS = "gelandangan;lanjut usia terlantar;pemulung;anak jalanan;penyandang disabilitas".split(";")


def _ppks(rng: Random, record_id: str, person: Person, entry: SyntheticEntry) -> Row:
    return [
        record_id,
        entry.name,
        entry.nik,
        "" if person.homeless else entry.kk,
        entry.birth.strftime("%d/%m/%Y") if entry.birth else "",
        {"M": "Lk.", "F": "Pr.", "": ""}[entry.sex],
        entry.mother,
        entry.street,
        "" if person.homeless else _rt_rw(entry),
        entry.kelurahan,
        rng.choice(_JENIS),
    ]


def _p3ke(rng: Random, record_id: str, person: Person, entry: SyntheticEntry) -> Row:
    return [
        record_id,
        entry.kk,
        entry.nik,
        entry.name,
        _province(entry.region),
        entry.kelurahan,
        f"{entry.rt:03d}",
        f"{entry.rw:03d}",
        str(person.relation),
        entry.street,
        str(rng.randint(1, 4)),
    ]


def _dtsen(rng: Random, record_id: str, person: Person, entry: SyntheticEntry) -> Row:
    return [
        record_id,
        entry.nik,
        entry.kk,
        entry.name,
        {"M": "1", "F": "2", "": ""}[entry.sex],
        entry.birth.isoformat() if entry.birth else "",
        entry.mother,
        str(person.relation),
        entry.street,
        f"{entry.rt:03d}",
        f"{entry.rw:03d}",
        entry.kelurahan,
        entry.region,
        rng.choice(("0", "1")),
        str(welfare_decile(person)),
    ]


def _survey_code(region: str) -> str:
    """A survey's code of a kab/kota: BPS's, or Kemendagri's with dots where that is unknown."""
    return regencies().get(region) or find(region).dotted


def _province(region: str) -> str:
    code = region[:2]
    return places().province if code == DKI else find(code).name.upper()


_MOTHER = frozenset({"mother_missing"})
_BIRTH_AND_SEX = frozenset({"birth_wrong", "birth_missing", "sex_wrong", "sex_missing"})


def _sources() -> dict[str, SyntheticSource]:
    header = {
        "regsosek": "id_art 402_nama 403_NIK 405_jk 406_tgl 406_bln 406_thn 409_hubungan"
        " 107_alamat 102_kab_kota 104_desa_kel 105_sls 114_no_kk desil_nasional miskin_ekstrem "
        + " ".join(CIRCUMSTANCES),
        "dtks": "IDSEMESTA NOKK NIK Nama Tgl_Lahir JK nama_ibu_kandung Alamat rt rw"
        " desa_kelurahan PKH BPNT",
        "carik": "id_carik nama_lengkap nik no_kk tgl_lahir jns_kelamin alamat rt_rw kelurahan"
        " id_kelompok_dasawisma",
        "ppks": "id_dtks nama nomor_nik nomor_kk tanggal_lahir jenis_kelamin nama_ibu_kandung"
        " alamat rt_rw desakeluarahan jenis_pmks",
        "p3ke": "id_p3ke kk nik nama provinsi desa rt rw kode_anggota alamat desil_p3ke",
        "dtsen": "id_individu nomor_induk_kependudukan nomor_kartu_keluarga nama jenis_kelamin"
        " tanggal_lahir nama_ibu_kandung status_hubungan_keluarga alamat_ktp rt_ktp rw_ktp"
        " kelurahan_desa_ktp kode_kabupaten_kota_ktp pbi_nas desil_nasional",
    }
    columns = {
        name: tuple("Tgl Lahir" if column == "Tgl_Lahir" else column for column in text.split())
        for name, text in header.items()
    }
    return {
        each.name: each
        for each in (
            SyntheticSource(
                "regsosek", 0.97, "B", ",", columns["regsosek"], _regsosek, lacks=_MOTHER
            ),
            SyntheticSource("dtks", 0.35, "C", ";", columns["dtks"], _dtks, households=True),
            SyntheticSource("carik", 0.85, "B", "|", columns["carik"], _carik, lacks=_MOTHER),
            SyntheticSource("ppks", 0.015, "C", ",", columns["ppks"], _ppks, street=True),
            SyntheticSource(
                "p3ke", 0.30, "B", ",", columns["p3ke"], _p3ke, lacks=_MOTHER | _BIRTH_AND_SEX
            ),
            SyntheticSource("dtsen", 0.99, "A", "|", columns["dtsen"], _dtsen),
        )
    }


def _sometimes(rng: Random, value: str, share: float, change: Callable[[str], str]) -> str:
    return change(value) if value and rng.random() < share else value


def _joined(kelurahan: str) -> str:
    """KRAMAT JATI is also written Kramatjati."""
    return kelurahan.replace(" ", "")


SOURCES = _sources()
# The four of the tutorial.
JAKARTA = ("regsosek", "dtks", "carik", "ppks")
