"""By-name lists: the source is read again, and its rows are found by what they are."""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from encoder.encoding.terms import used_columns
from encoder.released.attributes.received import ReceivedColumns
from encoder.released.lists.by_name import ByNameList, by_name_list
from encoder.released.lists.choices import ListChoices
from encoder.released.lists.joined import join_table
from encoder.released.lists.list_files import Guide, write_list
from encoder.released.lists.of_release import changed
from encoder.source.cell_values import Settler
from encoder.source.mapping import Mapping
from encoder.source.readers import read_rows
from encoder.steps.lists import write_duplicates, write_ids
from encoder.steps.prepare import Pass
from encoder.steps.source_match import Differences, Seal, source_now
from encoder.store.handles import Handles, digests_of, join_fields
from encoder.store.objections import note_objections
from encoder.store.prepared import PreparedDataset
from encoder.store.refused import HEADER as REFUSED_HEADER
from encoder.store.refused import refused_table, summary
from policy.base.errors import BadInput, NotYet
from policy.base.output import Output
from policy.formats.release_file import ReleasedRow
from policy.terminal.table_files import TableFile
from policy.terminal.table_files.csv_text import blocks
from tests.benchmarks.quality.methods import default_charter

CHARTER = default_charter()
DOMAIN = "dtks-regsosek"
ID = f"id_padanan_{DOMAIN}"
CONFIRMED = ["dikonfirmasi Regsosek"]
HEADER = ["id", "nama", "lahir", "jk", "kelurahan", "nik", "kk", "rtrw", "ibu"]
NIK = "3175995303526607"
KNOWN = {"lahir": "01-07-1960", "kelurahan": "Cawang", "rtrw": "001/002"}
ROWS = [
    {"id": "r1", "nama": "BUDI", **KNOWN},
    {"id": "r2", "nama": "ANI", **KNOWN, "nik": NIK},
    {"id": "r3", "nama": "CICI", **KNOWN},
    {"id": "r4", "nama": "DEDI BIN ALI", **KNOWN},
    {"id": "r5", "nama": "DEDI BIN UMAR", **KNOWN},
    {"id": "r6", "nama": "DEDI BIN UMAR", **KNOWN},
]


@dataclass
class Agency:
    """One prepared source, and the row numbers whose people a release says to match."""

    folder: Path
    record_id: str | None
    prepared: PreparedDataset
    seal: Seal | None = None

    @property
    def source(self) -> Path:
        return self.folder / "s.csv"

    def list(
        self, numbers: list[int], verify: bool | None = None, **how: Any
    ) -> tuple[ByNameList, list[dict[str, str]]]:
        path, mapping = how.pop("path", None), how.pop("mapping", None)
        columns, despite = how.pop("columns", ()), how.pop("despite_changes", False)
        now = source_now(self.prepared, CHARTER, path, mapping, self.seal)
        out = self.folder / "out.csv"
        opened: Any = opened_rows(self.prepared, numbers, verify)
        choices = ListChoices.of(".csv", ids=True, **how)
        table = join_table(
            self.prepared,
            CHARTER,
            now,
            opened,
            ReceivedColumns(),
            columns,
            everybody=choices.everybody,
        )
        if table.differences and not despite:
            raise changed(now.path, table.differences, table.changed_rows())
        with by_name_list(table, choices, marks_changes=despite) as listed:
            file = TableFile(Output(out, may_replace=True))
            write_list(listed, file, Guide(()))
        with out.open(newline="", encoding="utf-8") as text:
            return listed, list(csv.DictReader(text))

    def refused(self, numbers: list[int], **how: Any) -> str:
        with pytest.raises(BadInput) as caught:
            self.list(numbers, **how)
        assert caught.value.code == "file.changed"
        assert "DEDI" not in repr(caught.value.as_json())
        assert not (self.folder / "out.csv").exists()
        return caught.value.problem.en


def opened_rows(
    prepared: PreparedDataset, numbers: list[int], verify: bool | None
) -> list[SimpleNamespace]:
    handles = {number: handle for number, _, handle in prepared.source_rows()}
    rows = [ReleasedRow(handles[n], bytes([n]) * 16, b"\x02" * 32, verify) for n in numbers]
    file = SimpleNamespace(form="membership", domain=DOMAIN, dataset="dtks")
    return [SimpleNamespace(file=file, rows=rows, to_verify=None if verify is None else 0)]


def write_source(path: Path, rows: list[dict[str, str]], *more: str) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [*HEADER, *(more or ("hp",))], restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def mapping_of(record_id: str | None, **renamed: str) -> Mapping:
    fields = {name: renamed.get(name, name) for name in HEADER[1:]}
    return Mapping(record_id=record_id, fields=fields)


def prepare(
    folder: Path, record_id: str | None = "id", rows: list[dict[str, str]] = ROWS
) -> Agency:
    source = write_source(folder / "s.csv", rows)
    mapping = mapping_of(record_id)
    pass_ = Pass(CHARTER, mapping, source, None, b"k" * 32, lambda _: None, workers=1)
    meta = {
        "source": str(source),
        "mapping": str(folder / "gone.yaml"),
        "mapping_used": mapping.model_dump_json(exclude_defaults=True),
        "own_ids": "yes" if record_id else "",
    }
    people = pass_.people()
    store = PreparedDataset.freeze(folder / "d.sqlite", people, pass_.refused, lambda _: [], meta)
    return Agency(folder, record_id, store)


def ids(rows: list[dict[str, str]]) -> list[tuple[str, str]]:
    return [(row["nama"], row[ID][:2]) for row in rows]


def test_the_list_has_the_persons_that_matched(tmp_path: Path) -> None:
    agency = prepare(tmp_path, "id", [{**row, "hp": "0812"} for row in ROWS])
    written, rows = agency.list([3], columns=("hp",))
    assert (len(rows), written.differences) == (1, Differences())
    said = [*CONFIRMED, "keadaan", "kecamatan", "RW", "RT", ID]
    assert list(rows[0]) == [*HEADER, "hp", *said]
    assert (rows[0]["id"], rows[0]["hp"], rows[0][ID]) == ("r3", "0812", "03" * 16)
    assert [rows[0][each] for each in said[:-1]] == ["ya", "", "Kramatjati", "2", "1"]


def test_the_list_says_who_is_to_be_verified(tmp_path: Path) -> None:
    agency, out = prepare(tmp_path), tmp_path / "ids.csv"
    for verify, said, word in (
        (True, "perlu dicek", "perlu diperiksa"),
        (False, "ya", "pasti"),
    ):
        _, rows = agency.list([3], verify)
        assert [rows[0][each] for each in CONFIRMED] == [said]
        opened: Any = opened_rows(agency.prepared, [3], verify)
        write_ids(agency.prepared, opened, TableFile(Output(out, may_replace=True)))
        assert out.read_text() == f"record_id,match_id,kepastian\nr3,{'03' * 16},{word}\n"


@pytest.mark.parametrize("record_id", ["id", None])
def test_a_source_that_was_sorted_gives_the_right_people(
    tmp_path: Path, record_id: str | None
) -> None:
    agency = prepare(tmp_path, record_id)
    rows = sorted(ROWS, key=lambda row: (row["nama"], row["id"]), reverse=True)
    write_source(agency.source, [{**row, "hp": "new"} for row in rows])
    _, listed = agency.list([2, 4, 5])
    assert ids(listed) == [
        ("DEDI BIN UMAR", "05"),
        ("DEDI BIN UMAR", "05"),
        ("DEDI BIN ALI", "04"),
        ("ANI", "02"),
    ]


@pytest.mark.parametrize("record_id", ["id", None])
def test_an_edited_or_removed_row_is_told_and_nothing_is_written(
    tmp_path: Path, record_id: str | None
) -> None:
    agency = prepare(tmp_path, record_id)
    edited = [{**ROWS[0], "nama": "BUDIMAN"}, *ROWS[1:], {"id": "r7", "nama": "EKO", **KNOWN}]
    write_source(agency.source, edited)
    counts = (
        "1 have other content (rows 1), 0 have" if record_id else "0 have other content, 1 have"
    )
    assert counts in agency.refused([1, 4])
    new = "1 rows of the file are new" if record_id else "2 rows of the file are new"
    assert new in agency.refused([1, 4])
    # Nobody of this list has changed.
    assert ids(agency.list([4])[1]) == [("DEDI BIN ALI", "04")]
    (tmp_path / "out.csv").unlink()
    write_source(agency.source, ROWS[1:])
    assert "1 have changed or are gone" in agency.refused([1])


def test_a_mothers_name_or_a_father_is_an_edit_and_a_phone_number_is_none(tmp_path: Path) -> None:
    agency = prepare(tmp_path)
    write_source(agency.source, [{**row, "hp": "0812"} for row in ROWS], "hp")
    assert len(agency.list([4])[1]) == 1
    (tmp_path / "out.csv").unlink()
    write_source(agency.source, [*ROWS[:3], {**ROWS[3], "nama": "DEDI BIN ANTO"}, *ROWS[4:]])
    agency.refused([4])


def test_despite_changes_the_rows_that_are_there_are_listed_and_marked(tmp_path: Path) -> None:
    agency = prepare(tmp_path)
    write_source(agency.source, [{**ROWS[0], "nama": "BUDIMAN"}, *ROWS[3:]])
    written, rows = agency.list([1, 3, 4], despite_changes=True)
    assert ids(rows) == [("BUDIMAN", "01"), ("DEDI BIN ALI", "04")]
    assert [row["perubahan"] for row in rows] == ["berubah sejak disiapkan", ""]
    assert written.differences == Differences(changed=1, missing=1)


def test_two_files_that_were_swapped_give_no_list(tmp_path: Path) -> None:
    """Both number their rows from 1."""
    numbered = [{**row, "id": str(at)} for at, row in enumerate(ROWS, 1)]
    agency = prepare(tmp_path, "id", numbered)
    write_source(agency.source, [{**row, "nama": f"{row['nama']} A"} for row in numbered])
    assert "2 have other content" in agency.refused([1, 3])


def test_a_source_that_was_moved_is_named_by_its_place(tmp_path: Path) -> None:
    agency = prepare(tmp_path, None)
    moved = write_source(tmp_path / "moved.csv", ROWS[::-1])
    agency.source.unlink()
    with pytest.raises(BadInput) as caught:
        agency.list([2])
    assert caught.value.code == "file.moved"
    assert "--source" in caught.value.hint.en
    assert ids(agency.list([2], path=moved)[1]) == [("ANI", "02")]
    other = tmp_path / "other.yaml"
    other.write_text(moved.read_text().replace("nama", "NAMA", 1))
    renamed = other.rename(tmp_path / "renamed.csv")
    mapping = tmp_path / "m.yaml"
    mapping.write_text(mapping_of(None, nama="NAMA").model_dump_json(exclude_defaults=True))
    assert len(agency.list([2], path=renamed, mapping=mapping)[1]) == 1


def test_rows_of_one_content_and_several_people_are_told_apart_by_place_alone(
    tmp_path: Path,
) -> None:
    """One of two unknown people matched."""
    unknown = {"id": "x", "nama": "BAYI NY SITI", "kelurahan": "Cawang"}
    rows = [unknown, ROWS[0], {**unknown, "hp": "other"}]
    agency = prepare(tmp_path, None, rows)
    _, listed = agency.list([3], columns=("hp",))
    assert [row["hp"] for row in listed] == ["other"]
    (tmp_path / "out.csv").unlink()
    # An edited row elsewhere moves nobody; a sorted file may have.
    write_source(agency.source, [unknown, {**ROWS[0], "nama": "BUDIMAN"}, rows[2]])
    assert [row["hp"] for row in agency.list([3], columns=("hp",))[1]] == ["other"]
    (tmp_path / "out.csv").unlink()
    write_source(agency.source, [rows[2], unknown, ROWS[0]])
    assert "1 cannot be told from another person's row" in agency.refused([3])


def test_a_row_that_objected_is_in_no_list(tmp_path: Path) -> None:
    agency = prepare(tmp_path)
    note_objections(agency.prepared.path, [5])
    assert [row["id"] for row in agency.list([6])[1]] == ["r6"]
    out = tmp_path / "ids.csv"
    opened: Any = opened_rows(agency.prepared, [6], None)
    assert write_ids(agency.prepared, opened, TableFile(Output(out, may_replace=True))) == 1


@pytest.mark.parametrize("record_id", ["id", None])
def test_rows_are_found_after_their_fields_were_destroyed(
    tmp_path: Path, record_id: str | None
) -> None:
    agency = prepare(tmp_path, record_id)
    agency.seal = Handles(b"k" * 32).sealed
    plain = {row.digest for row in agency.prepared.frozen_rows()}
    for _ in range(2):
        agency.prepared.forget_fields(agency.seal)
        assert not plain & {row.digest for row in agency.prepared.frozen_rows()}
    write_source(agency.source, ROWS[::-1])
    assert ids(agency.list([2])[1]) == [("ANI", "02")]
    write_source(agency.source, [{**ROWS[1], "nama": "ANITA"}])
    (tmp_path / "out.csv").unlink()
    agency.refused([2])


def test_without_digests_only_record_ids_are_left(tmp_path: Path) -> None:
    for record_id in ("id", None):
        folder = tmp_path / str(record_id)
        folder.mkdir()
        agency = prepare(folder, record_id)
        agency.prepared.forget_fields()
        if record_id:
            assert ids(agency.list([2])[1]) == [("ANI", "02")]
            continue
        with pytest.raises(NotYet) as caught:
            agency.list([2])
        assert caught.value.code == "list.rows-destroyed"


def test_a_store_of_layout_3_still_gives_a_list(tmp_path: Path) -> None:
    """Its digests are of the fields: an edit of a father's name is not seen."""
    agency = prepare(tmp_path, None)
    mapping = tmp_path / "gone.yaml"
    mapping.write_text(mapping_of(None).model_dump_json(exclude_defaults=True))
    as_layout_3(agency.prepared.path, agency.source)
    write_source(agency.source, ROWS[::-1])
    assert ids(agency.list([2])[1]) == [("ANI", "02")]
    (tmp_path / "out.csv").unlink()
    write_source(agency.source, [{**ROWS[1], "nama": "ANITA"}])
    agency.refused([2])


def as_layout_3(path: Path, source: Path) -> None:
    """Write the store as it was before digests had grounds."""
    mapping = mapping_of(None)
    kinds = {f.name: f.kind for f in CHARTER.fields}
    (chunk,) = read_rows(source, mapping, kinds, 100)
    values = Settler(kinds, mapping, used_columns(CHARTER))(chunk)
    fields = map(join_fields, zip(*values.columns.values(), strict=True))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE sheets SET digests = ?", (digests_of(fields),))
        connection.executescript(
            "ALTER TABLE sheets DROP COLUMN grounds; PRAGMA user_version = 3;"
            "DELETE FROM meta WHERE key IN ('own_ids', 'mapping_used');"
        )


@pytest.fixture
def refusing(tmp_path: Path) -> PreparedDataset:
    people = Handles(b"k" * 32).of_people([1, 3], ["r1", "r3"], [("BUDI",), ("CICI",)])
    refused, noted = [(2, "ragged-row")], [(3, "nik-scientific")]
    return PreparedDataset.freeze(tmp_path / "d.sqlite", [people], refused, lambda _: [], {}, noted)


def test_ones_own_duplicates_are_listed_person_by_person(tmp_path: Path) -> None:
    """Rows 2 and 5 have the same identifiers, and so one handle; the run found row 4 similar."""
    names = [("BUDI",), ("ANI",), ("ANNI",), ("ANI",)]
    people = Handles(b"k" * 32).of_people([1, 2, 4, 5], ["r1", "r2", "r4", "r5"], names)
    prepared = PreparedDataset.freeze(tmp_path / "d.sqlite", [people], [], lambda _: [], {})
    handle = {number: handle.hex() for number, _, handle in prepared.source_rows()}
    out = tmp_path / "ganda.csv"
    assert write_duplicates(prepared, [[handle[4], handle[2]]], TableFile(Output(out))) == 3
    assert out.read_text() == "person,row_number,record_id\n1,2,r2\n1,4,r4\n1,5,r5\n"


def test_refused_rows_are_listed_by_number_and_rule(refusing: PreparedDataset) -> None:
    found = {each.rule: (each.outcome, each.first) for each in summary(refusing).rules}
    assert found == {
        "ragged-row": ("refused", (2,)),
        "nik-scientific": ("kept-without-identifier", (3,)),
    }
    lines = b"".join(blocks(REFUSED_HEADER, refused_table(refusing))).decode().splitlines()
    assert lines[1].startswith("2,,refused,ragged-row,")
    assert lines[2].startswith("3,,kept-without-identifier,nik-scientific,")
