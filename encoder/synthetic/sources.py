"""Six sources of one population: files that look nothing alike, each wrong in its own way."""

from __future__ import annotations

import csv
import io
import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from random import Random
from typing import TextIO, TypeVar

from encoder.normalise.regions import regencies
from encoder.synthetic.care import chances, operator_number, operators, undocumented_listed
from encoder.synthetic.circumstances import (
    CIRCUMSTANCES,
    circumstances,
    is_extremely_poor,
    receives_bpnt,
    receives_pkh,
    welfare_decile,
)
from encoder.synthetic.details import PEOPLE, person_row
from encoder.synthetic.editions import PRESENCE, later_entry, later_row, newcomers
from encoder.synthetic.errors import SyntheticEntry, misrecord
from encoder.synthetic.hard import HardPeople, hard_people, write_couples
from encoder.synthetic.names import draw_name
from encoder.synthetic.places import DKI, places
from encoder.synthetic.population import DECEASED, Person, block, blocks
from encoder.synthetic.rates import PROFILES, ProfileName
from policy.base.files import replacing
from policy.regions import find

Row = list[str]
T = TypeVar("T")

_LISTED_OF_HOUSEHOLD = 0.8
# Of the homeless a list of the street has nearly all, and a survey of homes few.
_STREET_COVERAGE, _HOME_COVERAGE = 0.9, 0.5


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


def write_sources(
    folder: Path,
    persons: int,
    seed: int,
    names: tuple[str, ...] = (),
    profiles: Mapping[str, ProfileName] | None = None,
    shares: Mapping[str, float] | None = None,
    *,
    details: bool = False,
    hard: int = 0,
    region: str = DKI,
    edition: int = 1,
) -> tuple[str, ...]:
    """Write the sources and truth.csv; the same arguments give the same bytes anywhere.

    `names` of SOURCES, the four of Jakarta if none; `profiles` and `shares` (of residents)
    replace a source's own. `details` adds people.csv, all residents as they really are. `hard`
    adds that many couples of each kind of `hard.KINDS` to all sources, and hard.csv says who
    they are. `region` is a province or kab/kota by its Kemendagri code. `edition` counts quarterly
    editions of the same sources (`editions`). Returns the names written.
    """
    if hard and edition > 1:
        raise ValueError("hard people are in edition 1 alone")
    chosen = choose(names, profiles, shares)
    with ExitStack() as stack:
        files = [
            stack.enter_context(_text_file(stack, folder / name))
            for name in files_of([source.name for source in chosen], details=details)
        ]
        for file, source in zip(files, chosen, strict=False):
            csv.writer(file, delimiter=source.delimiter, lineterminator="\n").writerow(
                source.header if edition == 1 else (*source.header, PRESENCE)
            )
        files[len(chosen)].write("source,record_id,person,errors\n")
        if details:
            files[-1].write(",".join(PEOPLE) + "\n")
        one = partial(_block_texts, told(chosen), seed, region, edition, details=details)
        for texts in in_blocks(one, persons):
            for file, text in zip(files, texts, strict=True):
                file.write(text)
        if hard:
            people = hard_people(hard, persons, seed, region)
            for file, text in zip(files, _hard_texts(chosen, people, seed, region), strict=False):
                file.write(text)
            write_couples(folder / "hard.csv", people)
    return tuple(source.name for source in chosen)


def files_of(names: Iterable[str], *, details: bool = False) -> list[str]:
    """The files that `write_sources` writes into its folder."""
    truths = ("truth", "people") if details else ("truth",)
    return [f"{name}.csv" for name in (*names, *truths)]


def _text_file(stack: ExitStack, path: Path) -> TextIO:
    """A file that replaces the one at `path` when everything is written and closed."""
    return stack.enter_context(replacing(path)).open("w", encoding="utf-8", newline="")


def choose(
    names: tuple[str, ...] = (),
    profiles: Mapping[str, ProfileName] | None = None,
    shares: Mapping[str, float] | None = None,
) -> tuple[SyntheticSource, ...]:
    """Sources of these names, with other profiles and shares where some are given."""
    return tuple(
        replace(
            SOURCES[name],
            profile=(profiles or {}).get(name, SOURCES[name].profile),
            share=(shares or {}).get(name, SOURCES[name].share),
        )
        for name in names or JAKARTA
    )


# A Source has functions, which do not travel to another process: this does.
Told = tuple[tuple[str, ProfileName, float], ...]


def told(chosen: tuple[SyntheticSource, ...]) -> Told:
    return tuple((source.name, source.profile, source.share) for source in chosen)


def heard(sources: Told) -> tuple[SyntheticSource, ...]:
    return tuple(
        replace(SOURCES[name], profile=profile, share=share) for name, profile, share in sources
    )


def in_blocks(work: Callable[[tuple[int, int]], T], persons: int) -> Iterator[T]:
    """The results of `work` for each block's number and size, in order, on all cores."""
    numbered = list(enumerate(blocks(persons)))
    if len(numbered) == 1:
        yield work(numbered[0])
        return
    with ProcessPoolExecutor(
        min(len(numbered), os.cpu_count() or 1), multiprocessing.get_context("spawn")
    ) as pool:
        yield from pool.map(work, numbered)


def _block_texts(
    chosen: Told,
    seed: int,
    region: str,
    edition: int,
    numbered: tuple[int, int],
    *,
    details: bool,
) -> list[str]:
    number, size = numbered
    people = block(number, size, seed, region)
    truth = io.StringIO()
    true_rows = csv.writer(truth, lineterminator="\n")
    texts = []
    for source in heard(chosen):
        text = io.StringIO()
        write = csv.writer(text, delimiter=source.delimiter, lineterminator="\n").writerow
        rows = _first_rows if edition == 1 else partial(_later_rows, edition=edition)
        for row, truths in rows(source, people, number, seed, region):
            write(row)
            true_rows.writerow((source.name, *truths))
        texts.append(text.getvalue())
    texts.append(truth.getvalue())
    if details:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(map(person_row, people))
        texts.append(text.getvalue())
    return texts


Truths = tuple[str, int, str]


def _first_rows(
    source: SyntheticSource, people: list[Person], number: int, seed: int, region: str
) -> Iterator[tuple[Row, Truths]]:
    """The rows of a block in edition 1, each with its record id, person and errors."""
    rng = _cells(f"{seed}/{source.name}/{number}/cells")
    for record_id, person, entry in records(source, people, number, seed, region):
        row = source.write(rng, record_id, person, entry)
        yield row, (record_id, person.number, " ".join(entry.errors))


def _later_rows(
    source: SyntheticSource,
    people: list[Person],
    number: int,
    seed: int,
    region: str,
    *,
    edition: int,
) -> Iterator[tuple[Row, Truths]]:
    """The same in a later edition; its truth also says what happened since the first."""
    name, where, listed, first = source.name, places(region), set[int](), 0

    def later(
        record_id: str, person: Person, entry: SyntheticEntry, cells: Random, since: int
    ) -> Iterator[tuple[Row, Truths]]:
        now = later_entry(seed, edition, name, record_id, person, entry, where, since=since)
        if now is not None:
            row = source.write(cells, record_id, person, now.entry)
            events = " ".join((*now.entry.errors, *now.events))
            yield later_row(source.header, row, now), (record_id, person.number, events)

    rng, spare = _cells(f"{seed}/{name}/{number}/cells"), Random()  # noqa: S311 - as above
    for record_id, person, entry in records(source, people, number, seed, region):
        # The draws for the cells of other rows stay those of edition 1.
        spare.setstate(rng.getstate())
        source.write(rng, record_id, person, entry)
        yield from later(record_id, person, entry, spare, 1)
        listed.add(person.number)
        first += 1
    for came_in in range(2, edition + 1):
        came = newcomers(seed, came_in, name, people, first, listed)
        draws = _cells(f"{seed}/{name}/{number}/edition-{came_in}")
        entries = _entries(draws, source, came, people, seed, region)
        for serial, (person, entry) in enumerate(entries, 1):
            record_id = f"{name[:1].upper()}{number:04d}E{came_in}{serial:05d}"
            yield from later(record_id, person, entry, _cells(f"{seed}/{record_id}"), came_in)
            listed.add(person.number)


def _cells(key: str) -> Random:
    return Random(key)  # noqa: S311 - synthetic people, not secrets


def _hard_texts(
    chosen: tuple[SyntheticSource, ...], people: HardPeople, seed: int, region: str
) -> list[str]:
    """The records of hard people, for each source; then their truth."""
    truth = io.StringIO()
    true_rows = csv.writer(truth, lineterminator="\n")
    texts = []
    for source in chosen:
        rng = Random(f"{seed}/{source.name}/hard")  # noqa: S311 - as above
        text = io.StringIO()
        write = csv.writer(text, delimiter=source.delimiter, lineterminator="\n").writerow
        listed = [couple.listed(source.name, seed) for couple in people.couples]
        rng.shuffle(listed)
        for serial, (person, entry) in enumerate(
            _entries(rng, source, listed, people.around, seed, region)
        ):
            record_id = f"{source.name[:1].upper()}X{serial:08d}"
            write(source.write(rng, record_id, person, entry))
            true_rows.writerow((source.name, record_id, person.number, " ".join(entry.errors)))
        texts.append(text.getvalue())
    return [*texts, truth.getvalue()]


def records(
    source: SyntheticSource, people: list[Person], number: int, seed: int, region: str = DKI
) -> Iterator[tuple[str, Person, SyntheticEntry]]:
    """The records that a source has of one block of people, in its own order."""
    rng = Random(f"{seed}/{source.name}/{number}")  # noqa: S311 - synthetic people, not secrets
    seen: set[int] = set()
    chosen = _chosen(rng, people, source)
    entries = _entries(rng, source, chosen, people, seed, region)
    for serial, (person, entry) in enumerate(entries, 1):
        if person.deceased:
            entry.errors += ("deceased",)
        if person.number in seen:
            entry.errors += ("twice",)
        seen.add(person.number)
        yield f"{source.name[:1].upper()}{number:04d}{serial:05d}", person, entry


def _entries(
    rng: Random,
    source: SyntheticSource,
    listed: list[Person],
    around: list[Person],
    seed: int,
    region: str,
) -> Iterator[tuple[Person, SyntheticEntry]]:
    """Each person as the source misrecords them."""
    typists, where = operators(source.name, seed, region), places(region)
    likely = chances(PROFILES[source.profile])
    mothers = "mother_missing" not in source.lacks
    for person in listed:
        yield (
            person,
            misrecord(
                rng,
                person,
                likely,
                around,
                typists[operator_number(where, person.kelurahan, person.region, person.rw)],
                street_list=source.street,
                mother=_mother(person, seed) if mothers else "",
                where=where,
            ),
        )


def _chosen(rng: Random, people: list[Person], source: SyntheticSource) -> list[Person]:
    """Who is in the source: DTKS lists households (with gaps), the others list people."""
    random = rng.random
    rates = PROFILES[source.profile]
    dead = rates.deceased / DECEASED * (1 - DECEASED) / (1 - rates.deceased)
    undocumented = undocumented_listed(rates)
    share = source.share
    if source.households:
        within = max(_LISTED_OF_HOUSEHOLD, share)
        listed = {
            h for h in dict.fromkeys(p.household for p in people) if random() < share / within
        }
        candidates = [p for p in people if p.household in listed]
        share = within
    else:
        candidates = people
    homeless = _STREET_COVERAGE if source.street else share * _HOME_COVERAGE
    housed = share
    if source.street:
        # The share is that of all residents; the homeless, listed first, use up some of it.
        away = sum(p.homeless for p in people)
        left = max(0.0, share * len(people) - away * _STREET_COVERAGE)
        housed = left / max(1, len(people) - away)
    chosen = [
        p
        for p in candidates
        if random()
        < (homeless if p.homeless else housed)
        * (dead if p.deceased else 1.0)
        * (1.0 if p.nik else undocumented)
    ]
    chosen += [person for person in chosen if random() < rates.twice]
    rng.shuffle(chosen)
    return chosen


def _mother(person: Person, seed: int) -> str:
    """The mother's name, the same in every source; siblings share it, wherever she lives."""
    if person.mother:
        return person.mother
    key = person.household * 2 if person.relation == 3 else person.number * 2 + 1
    rng = Random(seed << 64 | key)  # noqa: S311 - synthetic people, not secrets
    return draw_name(rng, male=False, child=False)


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
