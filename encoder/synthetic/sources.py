"""Six sources of one population: files that look nothing alike, each wrong in its own way."""

from __future__ import annotations

import csv
import io
import multiprocessing
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from random import Random

from encoder.regions import regencies
from encoder.synthetic.errors import PROFILES, Entry, ProfileName, misrecord, operators
from encoder.synthetic.names import draw_name
from encoder.synthetic.places import REGION_OF
from encoder.synthetic.population import Person, block, blocks

Row = list[str]

_LISTED_OF_HOUSEHOLD = 0.8
# Of the homeless a list of the street has nearly all, and a survey of homes few.
_STREET_COVERAGE, _HOME_COVERAGE = 0.9, 0.5
_DECEASED_SHARE = 0.012


@dataclass(frozen=True)
class Source:
    """How one source chooses, misrecords and writes people."""

    name: str
    share: float
    profile: ProfileName
    delimiter: str
    header: tuple[str, ...]
    write: Callable[[Random, str, Person, Entry], Row]
    households: bool = False
    street: bool = False


def write_sources(
    folder: Path,
    persons: int,
    seed: int,
    names: tuple[str, ...] = (),
    profiles: Mapping[str, ProfileName] | None = None,
    shares: Mapping[str, float] | None = None,
) -> tuple[str, ...]:
    """Write the sources and truth.csv; the same arguments give the same bytes anywhere.

    `names` of SOURCES, the four of Jakarta if none; `profiles` and `shares` (of residents)
    replace a source's own. Returns the names written.
    """
    chosen = tuple(
        replace(
            SOURCES[name],
            profile=(profiles or {}).get(name, SOURCES[name].profile),
            share=(shares or {}).get(name, SOURCES[name].share),
        )
        for name in names or JAKARTA
    )
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        files = [
            stack.enter_context((folder / f"{name}.csv").open("w", encoding="utf-8", newline=""))
            for name in (*(source.name for source in chosen), "truth")
        ]
        for file, source in zip(files, chosen, strict=False):
            csv.writer(file, delimiter=source.delimiter, lineterminator="\n").writerow(
                source.header
            )
        files[-1].write("source,record_id,person,errors\n")
        for texts in _texts(chosen, persons, seed):
            for file, text in zip(files, texts, strict=True):
                file.write(text)
    return tuple(source.name for source in chosen)


def _texts(chosen: tuple[Source, ...], persons: int, seed: int) -> Iterator[list[str]]:
    """The lines of every file, block by block, in order."""
    one = partial(_block_texts, tuple((s.name, s.profile, s.share) for s in chosen), seed)
    numbered = list(enumerate(blocks(persons)))
    if len(numbered) == 1:
        yield one(numbered[0])
        return
    with ProcessPoolExecutor(
        min(len(numbered), os.cpu_count() or 1), multiprocessing.get_context("spawn")
    ) as pool:
        yield from pool.map(one, numbered)


def _block_texts(
    chosen: tuple[tuple[str, ProfileName, float], ...], seed: int, numbered: tuple[int, int]
) -> list[str]:
    number, size = numbered
    people = block(number, size, seed)
    truth = io.StringIO()
    true_rows = csv.writer(truth, lineterminator="\n")
    texts = []
    for name, profile, share in chosen:
        source = replace(SOURCES[name], profile=profile, share=share)
        rng = Random(f"{seed}/{name}/{number}")  # noqa: S311 - synthetic people, not secrets
        typists = operators(name, seed)
        rates = PROFILES[profile]
        text = io.StringIO()
        writer = csv.writer(text, delimiter=source.delimiter, lineterminator="\n")
        for serial, person in enumerate(_chosen(rng, people, source), 1):
            record_id = f"{name[:1].upper()}{number:04d}{serial:05d}"
            typist = typists[hash_of(person.kelurahan, person.rw) % len(typists)]
            entry = misrecord(rng, person, rates, people, typist, street_list=source.street)
            writer.writerow(source.write(rng, record_id, person, entry))
            true_rows.writerow((name, record_id, person.number, " ".join(entry.errors)))
        texts.append(text.getvalue())
    return [*texts, truth.getvalue()]


def hash_of(kelurahan: str, rw: int) -> int:
    """The same in every process, unlike Python's own hash of a string."""
    return sum(map(ord, kelurahan)) * 31 + rw


def _chosen(rng: Random, people: list[Person], source: Source) -> list[Person]:
    """Who is in the source: DTKS lists households (with gaps), the others list people."""
    random = rng.random
    rates = PROFILES[source.profile]
    dead = rates.deceased / _DECEASED_SHARE
    share = source.share
    if source.households:
        share /= _LISTED_OF_HOUSEHOLD
        listed = {h for h in dict.fromkeys(p.household for p in people) if random() < share}
        chosen = [
            p
            for p in people
            if p.household in listed
            and random() < _LISTED_OF_HOUSEHOLD * (dead if p.deceased else 1.0)
        ]
    else:
        homeless = _STREET_COVERAGE if source.street else share * _HOME_COVERAGE
        chosen = [
            p
            for p in people
            if random() < (homeless if p.homeless else share) * (dead if p.deceased else 1.0)
        ]
    chosen += [person for person in chosen if random() < rates.twice]
    rng.shuffle(chosen)
    return chosen


def _mother(person: Person) -> str:
    rng = Random(person.household * 7 + 1)  # noqa: S311 - synthetic people, not secrets
    return draw_name(rng, male=False, child=False)


def _rt_rw(entry: Entry) -> str:
    return f"{entry.rt:03d}/{entry.rw:03d}"


def _regsosek(rng: Random, record_id: str, person: Person, entry: Entry) -> Row:
    birth = entry.birth
    return [
        record_id,
        entry.name,
        entry.nik,
        {"M": "1", "F": "2", "": ""}[entry.sex],
        str(birth.day) if birth else "",
        str(birth.month) if birth else "",
        str(birth.year) if birth else "",
        str(person.relation),
        person.street,
        regencies()[REGION_OF[entry.kelurahan]],
        entry.kelurahan,
        f"RT {entry.rt:03d} RW {entry.rw:03d}",
        entry.kk,
        str(rng.randint(1, 10)),
        str(int(rng.random() < 0.03)),
    ]


def _dtks(rng: Random, record_id: str, person: Person, entry: Entry) -> Row:
    return [
        record_id,
        entry.kk,
        _sometimes(rng, entry.nik, 0.05, lambda nik: f"'{nik}"),
        entry.name,
        entry.birth.strftime("%d-%m-%Y") if entry.birth else "",
        {"M": "L", "F": "P", "": ""}[entry.sex],
        _mother(person) if entry.mother else "",
        person.street,
        f"{entry.rt:03d}",
        f"{entry.rw:03d}",
        _sometimes(rng, entry.kelurahan, 0.05, _joined).title(),
        rng.choice(("YA", "TIDAK")),
        rng.choice(("YA", "TIDAK")),
    ]


_BULAN = (
    "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"
).split()


def _carik(rng: Random, record_id: str, person: Person, entry: Entry) -> Row:
    birth = entry.birth
    return [
        record_id,
        entry.name.title(),
        entry.nik or "-",
        entry.kk,
        f"{birth.day} {_BULAN[birth.month - 1]} {birth.year}" if birth else "-",
        {"M": "LAKI-LAKI", "F": "PEREMPUAN", "": ""}[entry.sex],
        person.street,
        _rt_rw(entry),
        _sometimes(rng, entry.kelurahan, 0.05, _joined),
        f"DW{rng.randint(1, 70_900):05d}",
    ]


_JENIS = "gelandangan;lanjut usia terlantar;pemulung;anak jalanan;penyandang disabilitas".split(";")


def _ppks(rng: Random, record_id: str, person: Person, entry: Entry) -> Row:
    return [
        record_id,
        entry.name,
        entry.nik,
        "" if person.homeless else entry.kk,
        entry.birth.strftime("%d/%m/%Y") if entry.birth else "",
        {"M": "Lk.", "F": "Pr.", "": ""}[entry.sex],
        _mother(person) if entry.mother else "",
        person.street,
        "" if person.homeless else _rt_rw(entry),
        entry.kelurahan,
        rng.choice(_JENIS),
    ]


def _p3ke(rng: Random, record_id: str, person: Person, entry: Entry) -> Row:
    return [
        record_id,
        entry.kk,
        entry.nik,
        entry.name,
        "DKI JAKARTA",
        entry.kelurahan,
        f"{entry.rt:03d}",
        f"{entry.rw:03d}",
        str(person.relation),
        person.street,
        str(rng.randint(1, 4)),
    ]


def _dtsen(rng: Random, record_id: str, person: Person, entry: Entry) -> Row:
    return [
        record_id,
        entry.nik,
        entry.kk,
        entry.name,
        {"M": "1", "F": "2", "": ""}[entry.sex],
        entry.birth.isoformat() if entry.birth else "",
        str(person.relation),
        person.street,
        f"{entry.rt:03d}",
        f"{entry.rw:03d}",
        entry.kelurahan,
        REGION_OF[entry.kelurahan],
        rng.choice(("0", "1")),
    ]


def _sources() -> dict[str, Source]:
    header = {
        "regsosek": "id_art 402_nama 403_NIK 405_jk 406_tgl 406_bln 406_thn 409_hubungan"
        " 107_alamat 102_kab_kota 104_desa_kel 105_sls 114_no_kk desil_nasional miskin_ekstrem",
        "dtks": "IDSEMESTA NOKK NIK Nama Tgl_Lahir JK nama_ibu_kandung Alamat rt rw"
        " desa_kelurahan PKH BPNT",
        "carik": "id_carik nama_lengkap nik no_kk tgl_lahir jns_kelamin alamat rt_rw kelurahan"
        " id_kelompok_dasawisma",
        "ppks": "id_dtks nama nomor_nik nomor_kk tanggal_lahir jenis_kelamin nama_ibu_kandung"
        " alamat rt_rw desakeluarahan jenis_pmks",
        "p3ke": "id_p3ke kk nik nama provinsi desa rt rw kode_anggota alamat desil_p3ke",
        "dtsen": "id_individu nomor_induk_kependudukan nomor_kartu_keluarga nama jenis_kelamin"
        " tanggal_lahir status_hubungan_keluarga alamat_ktp rt_ktp rw_ktp kelurahan_desa_ktp"
        " kode_kabupaten_kota_ktp pbi_nas",
    }
    columns = {
        name: tuple("Tgl Lahir" if column == "Tgl_Lahir" else column for column in text.split())
        for name, text in header.items()
    }
    return {
        each.name: each
        for each in (
            Source("regsosek", 0.97, "B", ",", columns["regsosek"], _regsosek),
            Source("dtks", 0.35, "C", ";", columns["dtks"], _dtks, households=True),
            Source("carik", 0.85, "B", "|", columns["carik"], _carik),
            Source("ppks", 0.0137, "C", ",", columns["ppks"], _ppks, street=True),
            Source("p3ke", 0.30, "B", ",", columns["p3ke"], _p3ke),
            Source("dtsen", 0.99, "A", "|", columns["dtsen"], _dtsen),
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
