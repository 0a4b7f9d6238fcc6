"""Regsosek, DTKS, Carik and PPKS: one population, four files that look nothing alike."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from encoder.synthetic.errors import FIELD, LEGACY, STREET, Entry, Profile, misrecord
from encoder.synthetic.population import Person, population

Row = dict[str, str]

_LISTED_OF_HOUSEHOLD = 0.8


@dataclass(frozen=True)
class Source:
    """How one source chooses, misrecords and writes people."""

    name: str
    share: float
    profile: Profile
    duplicates: float
    delimiter: str
    write: Callable[[Random, str, Person, Entry], Row]
    households: bool = False


def write_sources(folder: Path, persons: int, seed: int) -> None:
    """Write the four CSV files and truth.csv; the same seed gives the same bytes."""
    people = population(persons, seed)
    folder.mkdir(parents=True, exist_ok=True)
    truth: list[tuple[str, str, int]] = []
    for source in SOURCES:
        rng = Random(f"{seed}/{source.name}")  # noqa: S311 - synthetic people, not secrets
        chosen = _chosen(rng, people, source)
        rows = []
        for serial, person in enumerate(chosen, 1):
            record_id = f"{source.name[:1].upper()}{serial:07d}"
            entry = misrecord(rng, person, source.profile, people)
            rows.append(source.write(rng, record_id, person, entry))
            truth.append((source.name, record_id, person.number))
        _write(folder / f"{source.name}.csv", rows, source.delimiter)
    with (folder / "truth.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["source", "record_id", "person"])
        writer.writerows(truth)


def _chosen(rng: Random, people: list[Person], source: Source) -> list[Person]:
    """Who is in the source: DTKS lists households (with gaps), the others list people."""
    if source.households:
        share = source.share / _LISTED_OF_HOUSEHOLD
        listed = {h for h in dict.fromkeys(p.household for p in people) if rng.random() < share}
        chosen = [
            p for p in people if p.household in listed and rng.random() < _LISTED_OF_HOUSEHOLD
        ]
    else:
        chosen = [person for person in people if rng.random() < source.share]
    chosen += [person for person in chosen if rng.random() < source.duplicates]
    rng.shuffle(chosen)
    return chosen


def _regsosek(rng: Random, record_id: str, person: Person, entry: Entry) -> Row:
    birth = entry.birth
    return {
        "id_art": record_id,
        "402_nama": entry.name,
        "403_NIK": entry.nik,
        "405_jk": {"M": "1", "F": "2", "": ""}[entry.sex],
        "406_tgl": str(birth.day) if birth else "",
        "406_bln": str(birth.month) if birth else "",
        "406_thn": str(birth.year) if birth else "",
        "409_hubungan": str(person.relation),
        "107_alamat": person.street,
        "104_desa_kel": entry.kelurahan,
        "114_no_kk": person.kk,
        "desil_nasional": str(rng.randint(1, 10)),
        "miskin_ekstrem": str(int(rng.random() < 0.03)),
    }


def _dtks(rng: Random, record_id: str, person: Person, entry: Entry) -> Row:
    return {
        "IDSEMESTA": record_id,
        "NOKK": person.kk if rng.random() > 0.2 else "",
        "NIK": _sometimes(rng, entry.nik, 0.05, lambda nik: f"'{nik}"),
        "Nama": entry.name,
        "Tgl Lahir": entry.birth.strftime("%d-%m-%Y") if entry.birth else "",
        "JK": {"M": "L", "F": "P", "": ""}[entry.sex],
        "Alamat": person.street,
        "rt": f"{person.rt:03d}",
        "rw": f"{person.rw:03d}",
        "desa_kelurahan": _sometimes(rng, entry.kelurahan, 0.05, _joined).title(),
        "PKH": rng.choice(("YA", "TIDAK")),
        "BPNT": rng.choice(("YA", "TIDAK")),
    }


_BULAN = (
    "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"
).split()


def _carik(rng: Random, record_id: str, person: Person, entry: Entry) -> Row:
    birth = entry.birth
    return {
        "id_carik": record_id,
        "nama_lengkap": entry.name.title(),
        "nik": entry.nik or "-",
        "no_kk": person.kk,
        "tgl_lahir": f"{birth.day} {_BULAN[birth.month - 1]} {birth.year}" if birth else "-",
        "jns_kelamin": {"M": "LAKI-LAKI", "F": "PEREMPUAN", "": ""}[entry.sex],
        "alamat": person.street,
        "rt_rw": f"{person.rt:03d}/{person.rw:03d}",
        "kelurahan": _sometimes(rng, entry.kelurahan, 0.05, _joined),
        "id_kelompok_dasawisma": f"DW{rng.randint(1, 70_900):05d}",
    }


_JENIS = "gelandangan;lanjut usia terlantar;pemulung;anak jalanan;penyandang disabilitas".split(";")


def _ppks(rng: Random, record_id: str, person: Person, entry: Entry) -> Row:
    return {
        "id_dtks": record_id,
        "nama": entry.name,
        "nomor_nik": entry.nik,
        "nomor_kk": "",
        "tanggal_lahir": entry.birth.strftime("%d/%m/%Y") if entry.birth else "",
        "jenis_kelamin": {"M": "Lk.", "F": "Pr.", "": ""}[entry.sex],
        "desakeluarahan": entry.kelurahan,
        "jenis_pmks": rng.choice(_JENIS),
    }


SOURCES = (
    Source("regsosek", 0.97, FIELD, 0.01, ",", _regsosek),
    Source("dtks", 0.35, LEGACY, 0.03, ";", _dtks, households=True),
    Source("carik", 0.85, FIELD, 0.01, "|", _carik),
    Source("ppks", 0.015, STREET, 0.03, ",", _ppks),
)


def _sometimes(rng: Random, value: str, share: float, change: Callable[[str], str]) -> str:
    return change(value) if value and rng.random() < share else value


def _joined(kelurahan: str) -> str:
    """KRAMAT JATI is also written Kramatjati."""
    return kelurahan.replace(" ", "")


def _write(path: Path, rows: list[Row], delimiter: str) -> None:
    if not rows:
        path.write_text("", encoding="utf-8")
        return
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
