"""Reading a table: every cell as text, every row accounted for."""

from __future__ import annotations

from pathlib import Path

import pytest

from encoder.source.mapping import Mapping, load_mapping
from encoder.source.readers import NO_RECORD_ID, RAGGED_ROW, Chunk, read_columns, read_rows
from policy.base.errors import BadInput
from policy.charter import FieldKind

MAPPING = Mapping(record_id="id", fields={"nama": "nama", "nik": None})
KINDS: dict[str, FieldKind] = {"nama": "name", "nik": "nik"}


def read(path: Path, data: bytes, mapping: Mapping = MAPPING, at_once: int = 2) -> list[Chunk]:
    path.write_bytes(data)
    return list(read_rows(path, mapping, KINDS, at_once))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sumber.csv"


def test_chunks_cover_the_file_in_order(path: Path) -> None:
    chunks = read(path, b"id,nama\n1,A B\n2,C D\n3,E F\n")
    assert [c.row_numbers for c in chunks] == [[1, 2], [3]]
    assert [c.record_ids for c in chunks] == [["1", "2"], ["3"]]
    assert chunks[1].columns == {"nama": ["E F"], "nik": [""]}


@pytest.mark.parametrize("mark", [",", ";", "|", "\t"])
def test_the_delimiter_is_found(path: Path, mark: str) -> None:
    data = f'id{mark}nama{mark}lain\n1{mark}"X{mark}Y"{mark}z\n'.encode()
    (chunk,) = read(path, data)
    assert chunk.columns["nama"] == [f"X{mark}Y"]


def test_cells_stay_text(path: Path) -> None:
    (chunk,) = read(path, b"id,nama\n007,NA\n")
    assert (chunk.record_ids, chunk.columns["nama"]) == (["007"], ["NA"])


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_byte_order_mark_and_line_ends(path: Path, end: bytes) -> None:
    (chunk,) = read(path, b"\xef\xbb\xbfid,nama" + end + b"1,A B" + end)
    assert chunk.columns["nama"] == ["A B"]


def test_another_encoding_is_read_when_the_mapping_says_so(path: Path) -> None:
    data = "id,nama\n1,JOSÉ\n".encode("latin-1")
    (chunk,) = read(path, data, MAPPING.model_copy(update={"encoding": "latin-1"}))
    assert chunk.columns["nama"] == ["JOSÉ"]
    with pytest.raises(BadInput) as caught:
        read(path, data)
    assert caught.value.code == "file.encoding"
    assert "cp1252" in caught.value.hint.en


def test_bad_rows_are_refused_by_number(path: Path) -> None:
    chunks = read(path, b"id,nama\n1,A\n2\n3,B,C\n ,D\n5,E\n", at_once=100)
    assert chunks[0].row_numbers == [1, 5]
    assert chunks[0].refused == [(2, RAGGED_ROW), (3, RAGGED_ROW), (4, NO_RECORD_ID)]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file.empty"),
        (b"id,nama\n", "file.empty"),
        (b"id,nama_lain\n1,A\n", "file.columns"),
        (b"id,nama,nama\n1,A,B\n", "file.columns"),
    ],
)
def test_files_that_cannot_be_read_are_refused(path: Path, data: bytes, code: str) -> None:
    with pytest.raises(BadInput) as caught:
        read(path, data)
    error = caught.value
    assert (error.code, error.exit_code) == (code, 3)
    assert path.name in error.problem.id
    assert path.name in error.problem.en


def test_a_missing_column_is_answered_with_those_that_exist(path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        read(path, b"id,nama_lengkap\n1,A\n")
    assert "nama_lengkap" in caught.value.hint.en


def test_a_missing_file_is_said(path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        list(read_rows(path, MAPPING, KINDS, 10))
    assert caught.value.code == "file.missing"


def test_swapped_columns_are_found_and_no_cell_is_told(path: Path) -> None:
    rows = "".join(f"{i},31719101079{i:05d}\n" for i in range(40))
    with pytest.raises(BadInput) as caught:
        read(path, f"id,nama\n{rows}".encode(), at_once=100)
    assert caught.value.code == "file.swapped"
    assert "317191" not in repr(caught.value.as_json())


def test_a_date_in_three_columns_is_put_together(path: Path) -> None:
    text = "record_id: id\nfields: {lahir: {day: t, month: b, year: th}}\n"
    (path.parent / "m.yaml").write_text(text)
    path.write_text("id,t,b,th\n1,3,4,1970\n2,,,1970\n3,,,\n")
    kinds: dict[str, FieldKind] = {"lahir": "date"}
    (chunk,) = read_rows(path, load_mapping(path.parent / "m.yaml"), kinds, 10)
    assert chunk.columns["lahir"] == ["3-4-1970", "1970", ""]


def test_columns_for_local_lists(path: Path) -> None:
    path.write_text("id,nama,desil\n1,A,3\n2\n3,C,1\n")
    assert list(read_columns(path, MAPPING, ("desil", "id"))) == [(1, ["3", "1"]), (3, ["1", "3"])]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("record_id: [", "mapping.malformed"),
        ("fields: {a: x}\n", "mapping.malformed"),
        ("record_id: id\nfields: {a: x}\nlain: 1\n", "mapping.malformed"),
        ("record_id: id\nfields: {a: x}\ndelimiter: ';;'\n", "mapping.malformed"),
        ("record_id: id\nfields: {a: x, b: x}\n", "mapping.twice"),
    ],
)
def test_bad_mappings_are_refused(tmp_path: Path, text: str, code: str) -> None:
    mapping = tmp_path / "m.yaml"
    mapping.write_text(text)
    with pytest.raises(BadInput) as caught:
        load_mapping(mapping)
    assert caught.value.code == code


def test_a_repr_shows_no_person(path: Path) -> None:
    (chunk,) = read(path, b"id,nama\nX9,RAHASIA\n")
    assert "RAHASIA" not in repr(chunk)
    assert "X9" not in repr(chunk)
