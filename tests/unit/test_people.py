"""By-name lists: the source is read again, and must still be the one that was prepared."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from encoder.handles import Handles
from encoder.people import write_duplicates, write_ids, write_people
from encoder.prepared import PreparedDataset
from encoder.refused import HEADER, refused_table, summary
from encoder.results import ReleasedRow
from policy.errors import BadInput
from policy.output import Output
from policy.table_files import TableFile
from policy.table_files.csv_text import blocks


@pytest.fixture
def prepared(tmp_path: Path) -> PreparedDataset:
    source, mapping = tmp_path / "s.csv", tmp_path / "m.yaml"
    source.write_text("id,nama,desil\nr1,BUDI,1\nr2,ANI,2\nr3,CICI,3\n")
    mapping.write_text("record_id: id\nfields: {nama: nama}\n")
    people = Handles(b"k" * 32).of_people([1, 3], ["r1", "r3"], [("BUDI",), ("CICI",)])
    meta = {"source": str(source), "mapping": str(mapping)}
    refused, noted = [(2, "ragged-row")], [(3, "nik-scientific")]
    path = tmp_path / "d.sqlite"
    return PreparedDataset.freeze(path, [people], refused, [], meta, noted)


def table(out: Path) -> TableFile:
    return TableFile(Output(out, may_replace=True))


def opened(prepared: PreparedDataset, verify: bool | None = None) -> list[SimpleNamespace]:
    handles = {number: handle for number, _, handle in prepared.source_rows()}
    row = ReleasedRow(handles[3], b"\x01" * 16, b"\x02" * 32, verify)
    return [SimpleNamespace(file=SimpleNamespace(form="membership", domain="d"), rows=[row])]


def test_the_list_has_the_persons_that_matched(prepared: PreparedDataset, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    assert write_people(prepared, opened(prepared), table(out), ("desil",)) == 1  # type: ignore[arg-type]
    assert out.read_text() == f"id,nama,desil,id_padanan_d\nr3,CICI,3,{'01' * 16}\n"


def test_the_list_says_who_is_to_be_verified(prepared: PreparedDataset, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    for verify, word in ((True, "perlu diperiksa"), (False, "pasti")):
        write_people(prepared, opened(prepared, verify), table(out), ())  # type: ignore[arg-type]
        assert out.read_text() == (
            f"id,nama,id_padanan_d,kepastian_d\nr3,CICI,{'01' * 16},{word}\n"
        )
        write_ids(prepared, opened(prepared, verify), table(out))  # type: ignore[arg-type]
        assert out.read_text() == f"record_id,match_id,kepastian\nr3,{'01' * 16},{word}\n"


def test_a_source_that_was_sorted_anew_gives_no_list(
    prepared: PreparedDataset, tmp_path: Path
) -> None:
    out = tmp_path / "out.csv"
    Path(prepared.meta("source")).write_text("id,nama,desil\nr3,CICI,3\nr2,ANI,2\nr1,BUDI,1\n")
    with pytest.raises(BadInput) as caught:
        write_people(prepared, opened(prepared), table(out), ())  # type: ignore[arg-type]
    assert caught.value.code == "file.changed"
    assert "BUDI" not in repr(caught.value.as_json())
    assert not out.exists()


def test_ones_own_duplicates_are_listed_person_by_person(tmp_path: Path) -> None:
    """Rows 2 and 5 have the same identifiers, and so one handle; the run found row 4 alike."""
    names = [("BUDI",), ("ANI",), ("ANNI",), ("ANI",)]
    people = Handles(b"k" * 32).of_people([1, 2, 4, 5], ["r1", "r2", "r4", "r5"], names)
    prepared = PreparedDataset.freeze(tmp_path / "d.sqlite", [people], [], [], {})
    handle = {number: handle.hex() for number, _, handle in prepared.source_rows()}
    out = tmp_path / "ganda.csv"
    assert write_duplicates(prepared, [[handle[4], handle[2]]], table(out)) == 3
    assert out.read_text() == "person,row_number,record_id\n1,2,r2\n1,4,r4\n1,5,r5\n"


def test_refused_rows_are_listed_by_number_and_rule(prepared: PreparedDataset) -> None:
    found = {each.rule: (each.outcome, each.first) for each in summary(prepared).rules}
    assert found == {
        "ragged-row": ("refused", (2,)),
        "nik-scientific": ("kept-without-identifier", (3,)),
    }
    lines = b"".join(blocks(HEADER, refused_table(prepared))).decode().splitlines()
    assert lines[1].startswith("2,,refused,ragged-row,")
    assert lines[2].startswith("3,,kept-without-identifier,nik-scientific,")
