"""What changed for one person between two releases: the rules, and who is the same person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import pytest

from encoder.normalise.dates import birth_date
from encoder.released.attributes.received import AttributeColumn
from encoder.released.changes.births import Births
from encoder.released.changes.change_list import ChangeList, Releases, change_list
from encoder.released.changes.compare import (
    Comparable,
    Positions,
    Teller,
    changes_of,
    comparable,
    told,
)
from encoder.released.changes.kinds import MEANINGS, ChangeKind, FollowUp
from encoder.released.changes.sheets import ChangesReport
from encoder.released.lists.joined import JoinedRow, JoinedTable, SourceColumn, Verdict
from encoder.released.lists.place_columns import Place
from encoder.released.programmes.columns import MappedTable
from encoder.source.joined_columns import AgeColumns
from encoder.source.mapping import Mapping
from policy.base.words import Words

OWN = ("id", "Tgl Lahir")
YES, NO, CHECK = Verdict.CONFIRMED, Verdict.NOT_FOUND, Verdict.TO_CHECK
DTSEN = SourceColumn("program-dtsen", ("dtsen",), True, Words("DTSEN", "DTSEN"))
CARIK = SourceColumn("program-carik", ("carik",), True, Words("Carik", "Carik"))


def column(name: str, transfer: str = "atribut-1", sender: str = "bps") -> AttributeColumn:
    return AttributeColumn(name, sender, transfer, Words(name, name))


DECILE, PRESENCE, HOUSE = column("desil_nasional"), column("keberadaan"), column("rumah")


def row(
    record_id: str,
    verdict: Verdict = YES,
    *cells: str,
    handle: str = "",
    state: Any = "",
    own: tuple[str, ...] = (),
    rt: str = "1",
    changed: bool = False,
    number: int = 0,
) -> JoinedRow:
    place = Place("MENTENG", "CIKINI", "1", rt)
    key = (handle or record_id).encode()
    own = (record_id, *own)
    return JoinedRow(number, record_id, key, own, (verdict,), cells, place, state, changed)


@dataclass(frozen=True)
class Table:
    """A joined table of given rows."""

    given: Sequence[JoinedRow]
    attributes: tuple[AttributeColumn, ...] = ()
    own: tuple[str, ...] = ("id",)
    sources: tuple[SourceColumn, ...] = (DTSEN,)
    record_ids: object = "id"

    def rows(self) -> Iterator[JoinedRow]:
        yield from self.given


def compare(
    before: Table,
    after: Table,
    *,
    receives: str | None = None,
    objected: frozenset[str] = frozenset(),
    births: Births | None = None,
) -> tuple[list[tuple[str, str]], ChangeList, list[list[str]]]:
    """(kind, record id) of each row of the list, the list, and its rows."""
    of = Releases(
        "rilis-1",
        "rilis-2",
        cast("JoinedTable", before),
        cast("JoinedTable", after),
        receives,
        births=births,
    )
    with change_list(of, lambda each: each.record_id in objected) as found:
        rows = list(found.rows())
        at = found.header.index("id")
        assert sum(found.counts.values()) == len(rows)
        by_kind = [(kind.value, line) for kind, lines in found.by_kind() for line in lines]
        assert [line for _, line in by_kind] == rows
        assert all(kind == line[0] for kind, line in by_kind)
        return [(line[0], line[at]) for line in rows], found, rows


def kinds(
    before: JoinedRow | None, after: JoinedRow | None, *columns: AttributeColumn
) -> list[str]:
    first = Table([before] if before else [], columns)
    then = Table([after] if after else [], columns)
    return [kind for kind, _ in compare(first, then)[0]]


# One person


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (YES, YES, []),
        (NO, NO, []),
        (NO, YES, ["baru dikonfirmasi"]),
        (CHECK, YES, ["baru dikonfirmasi"]),
        (YES, NO, ["tidak lagi dikonfirmasi"]),
        (CHECK, NO, ["tidak lagi dikonfirmasi"]),
        (YES, CHECK, ["kini perlu dicek"]),
        (NO, CHECK, ["kini perlu dicek"]),
    ],
)
def test_what_a_source_says(before: Verdict, after: Verdict, kind: list[str]) -> None:
    assert kinds(row("A", before), row("A", after)) == kind


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("3", "3", []),
        ("3", "5", ["desil naik"]),
        ("5", "3", ["desil turun"]),
        # As numbers, not as texts, however a spreadsheet writes them.
        ("9", "10", ["desil naik"]),
        ("10", "9", ["desil turun"]),
        ("3.0", "4", ["desil naik"]),
        # Empty is not known: never a decile, and never a reason to take aid away unseen.
        ("3", "", ["isi tidak diketahui lagi"]),
        ("", "3", ["isi lain berubah"]),
        ("3", "tiga", ["isi lain berubah"]),
    ],
)
def test_deciles_go_up_or_down(before: str, after: str, kind: list[str]) -> None:
    assert kinds(row("A", YES, before), row("A", YES, after), DECILE) == kind


def test_another_column_has_no_direction() -> None:
    assert kinds(row("A", YES, "1"), row("A", YES, "2"), HOUSE) == ["isi lain berubah"]
    for named in ("DESIL", "desilnasional", "kelompok_desil", "persentil", "national_decile"):
        assert kinds(row("A", YES, "1"), row("A", YES, "2"), column(named)) == ["desil naik"]


def test_who_is_not_found_any_more_is_one_change() -> None:
    """Their columns are empty for that reason alone."""
    lost = kinds(row("A", YES, "3"), row("A", NO, ""), DECILE)
    assert lost == ["tidak lagi dikonfirmasi"]
    found = kinds(row("A", NO, ""), row("A", YES, "3"), DECILE)
    assert found == ["baru dikonfirmasi"]


def test_a_death_or_a_move_is_told_once() -> None:
    dead = row("A", YES, state="meninggal")
    assert kinds(row("A"), dead) == ["meninggal atau pindah"]
    assert kinds(dead, dead) == []
    assert kinds(row("A", state="pindah"), dead) == ["meninggal atau pindah"]
    assert kinds(dead, row("A")) == ["isi lain berubah"]


def test_a_received_remark_tells_of_a_death_even_if_only_the_later_release_has_it() -> None:
    before = Table([row("A", YES), row("B", YES)])
    after = Table([row("A", YES, "Meninggal"), row("B", YES, "Ditemukan")], (PRESENCE,))
    found, listed, _ = compare(before, after)
    assert found == [("meninggal atau pindah", "A")]
    assert listed.what.left_out == ()


def test_a_row_that_was_edited_since_its_release_is_to_check() -> None:
    assert kinds(row("A"), row("A", changed=True)) == ["kini perlu dicek"]


def test_several_changes_of_one_person_are_several_rows() -> None:
    before, after = row("A", YES, "3"), row("A", CHECK, "5", state="pindah")
    assert kinds(before, after, DECILE) == [
        "meninggal atau pindah",
        "kini perlu dicek",
        "desil naik",
    ]


def test_the_reason_says_from_what_to_what() -> None:
    _, _, rows = compare(
        Table([row("A", YES, "3")], (DECILE,)), Table([row("A", YES, "5")], (DECILE,))
    )
    assert rows[0][2] == "desil_nasional dahulu 3, kini 5."
    assert rows[0][3] == "desil_nasional was 3, is now 5."


# What is compared


def test_only_what_both_releases_tell_is_compared() -> None:
    """A column or source that is new would otherwise be a change of everybody."""
    what = comparable(
        Teller((DTSEN,), (HOUSE,)), Teller((CARIK, DTSEN), (column("umur"), column("rumah", "a2")))
    )
    assert [each.domain for each in what.sources] == ["program-dtsen"]
    assert (what.before, what.after) == (Positions((0,), (0,)), Positions((1,), (1,)))
    assert {each.id for each in what.left_out} == {"Carik", "umur"}
    before = JoinedRow(1, "A", b"A", (), (YES,), ("batu",), Place())
    after = JoinedRow(1, "A", b"A", (), (NO, YES), ("40", "batu"), Place())
    said = told(before, (HOUSE,), what.before), told(after, (column("umur"), HOUSE), what.after)
    assert changes_of(what, *said) == []


def test_a_domain_that_holds_other_lists_now_is_not_the_same_source() -> None:
    wider = SourceColumn("program-dtsen", ("dtsen", "carik"), True, Words("D", "D"))
    assert comparable(Teller((DTSEN,), ()), Teller((wider,), ())).sources == ()


def test_of_a_column_sent_twice_the_last_counts() -> None:
    both = (DECILE, column("desil_nasional", "atribut-2"))
    before = Table([row("A", YES, "3")], (DECILE,))
    assert compare(before, Table([row("A", YES, "3", "7")], both))[0] == [("desil naik", "A")]
    assert compare(before, Table([row("A", YES, "7", "3")], both))[0] == []


# Who is the same person


def test_a_person_is_found_by_the_own_record_id_though_the_row_has_changed() -> None:
    before = Table([row("A", NO, handle="h1"), row("B", handle="h2")])
    after = Table([row("B", handle="h2"), row("A", YES, handle="h9")])
    found, _, rows = compare(before, after)
    assert found == [("baru dikonfirmasi", "A")]
    assert "Baris Anda sendiri berubah" in rows[0][2]


def test_a_person_with_another_record_id_is_found_by_the_handle() -> None:
    found, *_ = compare(Table([row("A", YES, handle="h")]), Table([row("Z", NO, handle="h")]))
    assert found == [("tidak lagi dikonfirmasi", "Z")]


def test_without_own_ids_the_handle_counts_and_row_numbers_do_not() -> None:
    before = Table([row("1", YES, handle="x"), row("2", NO, handle="y")], record_ids=None)
    after = Table([row("1", NO, handle="y"), row("2", YES, handle="x")], record_ids=None)
    assert compare(before, after)[0] == []


def test_rows_of_one_record_id_are_told_apart_by_their_handles() -> None:
    before = Table([row("A", YES, handle="x"), row("A", NO, handle="y")])
    after = Table([row("A", NO, handle="y"), row("A", YES, handle="x")])
    assert compare(before, after)[0] == []


def test_rows_without_an_id_are_not_one_person() -> None:
    before = Table([row("", YES, handle="x")])
    after = Table([row("", NO, handle="y")])
    assert [kind for kind, _ in compare(before, after)[0]] == [
        "tidak ada lagi di daftar Anda",
        "baru di daftar Anda",
    ]


def test_who_left_or_joined_the_own_list_is_said_and_nothing_else_of_them() -> None:
    assert kinds(row("A", YES), None) == ["tidak ada lagi di daftar Anda"]
    assert kinds(None, row("A", NO)) == ["baru di daftar Anda"]


@pytest.mark.parametrize(
    ("lahir", "kind"),
    [
        ("12-10-2026", "lahir di antara kedua edisi"),
        ("2026-11-30", "lahir di antara kedua edisi"),
        ("30-09-2026", "baru di daftar Anda"),  # on the day of the earlier edition: in it already
        ("01-12-2026", "baru di daftar Anda"),  # after the later one: a wrong date
        ("12-10-1986", "baru di daftar Anda"),
        ("2026", "baru di daftar Anda"),
        ("", "baru di daftar Anda"),
        ("2026-10-12T08:30:00+07:00", "lahir di antara kedua edisi"),
        ("2026-09-30T17:00:00Z", "lahir di antara kedua edisi"),  # midnight of 1 October in Jakarta
        ("2026-11-30T17:00:00Z", "baru di daftar Anda"),  # midnight of 1 December
    ],
)
def test_a_birth_is_told_by_the_date_that_the_list_has(lahir: str, kind: str) -> None:
    own = ("id", "Tgl Lahir")
    mapping = Mapping(record_id="id", fields={"lahir": "Tgl Lahir"})
    births = Births.of(
        date(2026, 9, 30), date(2026, 11, 30), MappedTable(own, mapping, {"lahir": "date"})
    )
    baby = row("B", YES, own=(lahir,))
    before, after = Table([row("A", YES, own=("",))], own=own), Table([baby], own=own)
    _, _, rows = compare(before, after, births=births)
    said = {line[0]: line[1] for line in rows}
    assert kind in said
    assert len(said) == 2, "and A has left the list"
    if kind.startswith("lahir"):
        assert said[kind] == "nilai kelayakan"
    # The same person on both lists is not born again.
    assert not compare(Table([baby], own=own), Table([baby], own=own), births=births)[2]


@pytest.mark.parametrize(
    ("lahir", "kind"),
    [
        ("12-02-2027", "lahir di antara kedua edisi"),
        ("2027-02-12", "lahir di antara kedua edisi"),
        ("120227", "lahir di antara kedua edisi"),
        ("20270212", "lahir di antara kedua edisi"),
        ("12 Februari 27", "lahir di antara kedua edisi"),
        ("12-02-1927", "baru di daftar Anda"),
        ("2027", "baru di daftar Anda"),
        ("12-02-2028", "baru di daftar Anda"),  # after the later edition: a wrong date
    ],
)
def test_births_are_told_in_the_years_after_that_of_the_encodings(lahir: str, kind: str) -> None:
    births = births_of("Tgl Lahir", date(2026, 12, 31), date(2027, 3, 31))
    assert told_of(lahir, births) == kind
    assert birth_date(lahir).year != "2027", "no encoding changes"


@pytest.mark.parametrize(
    ("source", "is_said"),
    [
        (None, True),
        ("Umur", True),  # a column that the later table does not have
        (AgeColumns(age="Tgl Lahir", recorded=2026), True),
        (AgeColumns(age="id", recorded=2026, date="Tgl Lahir"), False),
        ("Tgl Lahir", False),
    ],
)
def test_it_is_said_if_births_cannot_be_known(source: Any, *, is_said: bool) -> None:
    births = births_of(source, date(2026, 9, 30), date(2026, 11, 30))
    said = "no column of birth dates"
    assert any(said in each for each in notes_with(births)) == is_said
    kind = "baru di daftar Anda" if is_said else "lahir di antara kedua edisi"
    assert told_of("12-10-2026", births) == kind
    assert any(said in each for each in notes_with(None))


def notes_with(births: Births | None) -> list[str]:
    none = cast("JoinedTable", Table([], own=OWN))
    of = Releases("rilis-1", "rilis-2", none, none, births=births)
    with change_list(of, lambda _: False) as found:
        report = ChangesReport(of, found, "gizi", "2027-03-31")
        return [each.en for each in report.notes()]


def births_of(source: Any, since: date, until: date) -> Births:
    mapping = Mapping(record_id="id", fields={"lahir": source})
    return Births.of(since, until, MappedTable(OWN, mapping, {"lahir": "date"}))


def told_of(lahir: str, births: Births | None) -> str:
    """What is said of a person who is new on the list."""
    after = Table([row("B", YES, own=(lahir,))], own=OWN)
    return compare(Table([], own=OWN), after, births=births)[2][0][0]


def test_who_objected_is_on_no_list() -> None:
    before, after = Table([row("A", YES), row("B", YES)]), Table([row("B", NO)])
    found, listed, rows = compare(before, after, objected=frozenset("AB"))
    assert (found, rows) == ([], [])
    assert (listed.compared, listed.objected) == (0, 3)
    assert len(compare(before, after)[0]) == 2, "without the objections both are on it"


# What is done


def test_whoever_might_lose_aid_is_reviewed_and_nobody_is_removed() -> None:
    assert {kind for kind in ChangeKind if MEANINGS[kind].may_lose} == {
        ChangeKind.DIED_OR_MOVED,
        ChangeKind.NO_LONGER,
        ChangeKind.TO_CHECK,
        ChangeKind.DECILE_UP,
        ChangeKind.UNKNOWN_NOW,
        ChangeKind.OTHER,
        ChangeKind.LEFT_LIST,
    }
    for kind in ChangeKind:
        assert (MEANINGS[kind].action is FollowUp.REVIEW) == MEANINGS[kind].may_lose
    assert {each.value for each in FollowUp} == {"tinjau", "nilai kelayakan", "catat"}


def test_who_receives_no_aid_is_not_reviewed_and_an_unclear_answer_protects() -> None:
    own = ("id", "bpnt")
    cells = ("YA", "Tidak", "", "-", "0")
    before = Table([row(str(n), YES, own=(cell,)) for n, cell in enumerate(cells)], own=own)
    after = Table([row(str(n), NO, own=(cell,)) for n, cell in enumerate(cells)], own=own)
    _, listed, rows = compare(before, after, receives="bpnt")
    at = listed.header.index("id")
    assert {line[at]: line[1] for line in rows} == {
        "0": "tinjau", "1": "catat", "2": "tinjau", "3": "tinjau", "4": "catat",
    }  # fmt: skip
    assert {line[1] for line in compare(before, after)[2]} == {"tinjau"}


def test_the_list_is_sorted_for_field_work_within_each_kind() -> None:
    order = ["10", "2", "1"]
    before = Table([row(f"R{rt}", YES, rt=rt, number=n) for n, rt in enumerate(order)])
    after = Table([row(f"R{rt}", NO, rt=rt, number=n) for n, rt in enumerate(order)])
    assert [record for _, record in compare(before, after)[0]] == ["R1", "R2", "R10"]


def test_both_releases_are_shown_side_by_side() -> None:
    before = Table([row("A", YES, "3")], (DECILE,))
    _, listed, rows = compare(before, Table([row("A", CHECK, "4")], (DECILE,)))
    shown = dict(zip(listed.header, rows[0], strict=True))
    assert shown["dikonfirmasi DTSEN (rilis-1)"] == "ya"
    assert shown["dikonfirmasi DTSEN (rilis-2)"] == "perlu dicek"
    assert (shown["desil_nasional (rilis-1)"], shown["desil_nasional (rilis-2)"]) == ("3", "4")
    assert (shown["kelurahan"], shown["RT"]) == ("CIKINI", "1")


def test_a_comparable_of_nothing_makes_no_change() -> None:
    nothing = Comparable((), (), Positions((), ()), Positions((), ()))
    said = told(row("A", YES), (), nothing.before), told(row("A", NO), (), nothing.after)
    assert changes_of(nothing, *said) == []
