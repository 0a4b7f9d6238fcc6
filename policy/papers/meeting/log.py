"""Sections from the log: the lists that were linked, and what was destroyed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from policy.base.dates import short_day
from policy.base.words import Words
from policy.charter import Charter, Dataset
from policy.charter.source_names import domain_title, source_title, source_titles
from policy.charts.bars import Bar, BarChart
from policy.charts.page import Block, Cell, Figure, Notes, ReportTable, Section
from policy.gates.pooling import CellFloor
from policy.gates.suppression import PublishedTable
from policy.papers import agreed
from policy.papers.meeting.names import DASH, name_of, names_of
from policy.papers.trail import people_of
from policy.project import Project, sealed_of
from policy.retention import STATES, THINGS, Item, State, schedule

_NOT_YET = Words("belum", "not yet")
_TONES: dict[State, str] = {"overdue": "warm", "due": "mild", "destroyed": "good"}


def sources(project: Project) -> Section:
    """The lists that were linked, and who learns what of them."""
    charter, floor = project.charter, CellFloor.of(project.charter.release)
    counts = {dataset.id: people_sent(project, dataset.id) for dataset in charter.datasets}
    shown = {name: people for name, people in counts.items() if not floor.is_small(people)}
    chart = BarChart(
        "sources",
        Words("Orang di daftar yang dikirim tersandi", "People on the lists sent encoded"),
        Words(
            "Menurut manifes bertanda tangan di log, tanpa baris kenari. Panjang bilah: terhadap"
            " daftar terbesar.",
            "By the signed manifests in the log, without canary rows. Bars: relative to the largest"
            " list.",
        ),
        tuple(Bar(source_title(charter, name), people) for name, people in shown.items()),
        max(shown.values(), default=0),
        Words("Daftar", "List"),
        shares=False,
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            _full_title(charter, dataset),
            name_of(project, dataset.owner),
            agreed.CLASSES[dataset.data_class],
            shown.get(dataset.id) if counts[dataset.id] else _NOT_YET,
        )
        for dataset in charter.datasets
    )
    heads = (
        Words("Daftar", "List"),
        Words("Pemilik", "Owner"),
        Words("Kelas data", "Data class"),
        Words("Orang", "People"),
    )
    lists = ReportTable(
        "lists", Words("Daftar yang dipadankan", "Lists that are linked"), heads, rows
    )
    return Section(
        "sources",
        Words("Sumber dan tumpang tindihnya", "Sources and their overlaps"),
        Words(
            "Daftar tidak keluar dari instansinya; layanan hanya menerima sandi.",
            "Lists do not leave their agency; the service receives encodings alone.",
        ),
        (Figure(chart.title, chart.about, chart if shown else None, lists), _domains(project)),
    )


def people_sent(project: Project, dataset: str) -> int:
    """People described by the accepted uploads of a dataset."""
    return people_of(project, (e for e in project.accepted() if sealed_of(e).dataset == dataset))


def _domains(project: Project) -> ReportTable:
    charter = project.charter

    def owners(names: tuple[str, ...]) -> Cell:
        return names_of(project, (charter.dataset(name).owner for name in names))

    return ReportTable(
        "domains",
        Words("Siapa boleh tahu baris mana yang padan", "Who may learn which rows matched"),
        (
            Words("Daftar yang dipadankan", "Lists linked"),
            Words("Boleh tahu", "May learn"),
            Words("Domain ID di piagam", "ID domain in the charter"),
        ),
        tuple(
            (source_titles(charter, each.datasets), owners(each.learn), each.id)
            for each in charter.domains
        ),
    )


def _full_title(charter: Charter, dataset: Dataset) -> Words:
    """The charter's title, with the name by which people know the source if it is another."""
    title, known = dataset.title, source_title(charter, dataset.id)

    def both(long: str, short: str) -> str:
        return long if short in long else f"{long} ({short})"

    return Words(both(title.id, known.id), both(title.en, known.en))


def published_overlaps(charter: Charter, tables: Mapping[str, PublishedTable]) -> Section:
    """Counts of releases by domain and list, opened by the auditor, without small cells."""
    heads = (
        Words("Pemadanan: daftar", "Linkage: list"),
        Words("Padan", "Matched"),
        Words("Tidak padan", "Not matched"),
        Words("Jumlah", "Total"),
    )
    return Section(
        "overlaps",
        Words(
            "Padan dan tidak padan menurut fakta rilis", "Matched or not, by the release's facts"
        ),
        Words(
            "Dihitung layanan dan dibuka auditor. Domain yang cakupannya diberikan penerima tidak"
            " diulang di sini: dua hitungan yang hampir sama akan menunjukkan beberapa orang.",
            "Counted by the service, opened by the auditor. Domains whose coverage a recipient gave"
            " are not repeated here: two counts that are nearly equal would show a few persons.",
        ),
        tuple(
            ReportTable(
                f"facts-{release}",
                Words(f"Rilis {release}", f"Release {release}"),
                heads,
                tuple(
                    (_line(charter, name), *cells, total)
                    for name, cells, total in zip(
                        table.rows, table.cells, table.row_totals, strict=True
                    )
                ),
            )
            for release, table in tables.items()
        ),
    )


def _line(charter: Charter, name: str) -> Words:
    """A line of `release_table`, which has the form `domain / dataset`, by the sources' names."""
    domain, _, dataset = name.partition(" / ")
    within, title = domain_title(charter, domain), source_title(charter, dataset)
    return Words(f"{within.id}: {title.id}", f"{within.en}: {title.en}")


def destruction(project: Project, today: date) -> Section:
    """What each member keeps, what is due, and what was destroyed."""
    items = schedule(project, today)
    states = Counter(item.state for item in items)
    chart = BarChart(
        "states",
        Words("Keadaan hari ini", "The state today"),
        Words(
            "Kunci, sandi, dan daftar menurut pemegangnya, bukan orang.",
            "Keys, encodings and lists by their keeper, not people.",
        ),
        tuple(
            Bar(STATES[each], count, _TONES.get(each, "plain")) for each, count in states.items()
        ),
        len(items),
        Words("Keadaan", "State"),
        shares=False,
    )
    heads = (
        Words("Pemegang", "Keeper"),
        Words("Apa", "What"),
        Words("Wajib sejak", "Due from"),
        Words("Paling lambat", "At the latest"),
        Words("Keadaan", "State"),
        Words("Dinyatakan", "Attested"),
    )
    table = ReportTable("kept", chart.title, heads, tuple(_kept(project, items)))
    blocks: tuple[Block, ...] = (
        (Figure(chart.title, chart.about, chart, table),) if items else (Notes("kept", (DASH,)),)
    )
    return Section(
        "destruction",
        Words("Apa yang dimusnahkan, dan apa yang jatuh tempo", "What was destroyed, what is due"),
        Words(
            "Pernyataan bertanda tangan menyatakan pemusnahan; tidak ada berkas yang dapat"
            " membuktikan bahwa tidak ada salinan lain.",
            "A signed statement attests destruction; no file can prove that no other copy exists.",
        ),
        blocks,
    )


def _kept(project: Project, items: Sequence[Item]) -> Iterator[tuple[Cell, ...]]:
    """One row for everything of one keeper with the same days and state."""
    alike: dict[tuple[object, ...], list[Item]] = {}
    for each in items:
        key = (each.owner, each.due, each.deadline, each.state, each.attested_on)
        alike.setdefault(key, []).append(each)
    for same in alike.values():
        first, things = same[0], [THINGS[each.what] for each in same]
        attested = first.attested_on
        yield (
            name_of(project, first.owner),
            Words(", ".join(each.id for each in things), ", ".join(each.en for each in things)),
            short_day(first.due),
            short_day(first.deadline),
            STATES[first.state],
            short_day(attested) if attested else DASH,
        )


def numbers(project: Project) -> Iterator[tuple[Words, Cell]]:
    """The numbers of the report's head."""
    found = project.releases()
    yield Words("instansi", "agencies"), len(project.charter.party_ids)
    yield Words("daftar dipadankan", "lists linked"), len(project.charter.datasets)
    yield Words("rilis dikabulkan", "releases granted"), sum(each.is_released for each in found)
    yield Words("rilis ditolak", "releases refused"), sum(each.is_refused for each in found)
