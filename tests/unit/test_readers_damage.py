"""Files that other programs mend silently are refused: no row of a person goes missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from encoder.source.mapping import Mapping, load_mapping
from encoder.source.readers import BLANK_ROW, RAGGED_ROW, Chunk, read_rows
from policy.base.errors import BadInput

MAPPING = Mapping(record_id="id", fields={"nama": "nama"})
ROWS = [f"{i},NAMA {i}\n" for i in range(1, 101)]


def read(tmp_path: Path, data: bytes | str, mapping: Mapping = MAPPING) -> list[Chunk]:
    path = tmp_path / "f.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return list(read_rows(path, mapping, {}, 30))


def refused(tmp_path: Path, data: bytes | str, mapping: Mapping = MAPPING) -> BadInput:
    with pytest.raises(BadInput) as caught:
        read(tmp_path, data, mapping)
    return caught.value


def test_a_quote_that_never_closes_stops_the_reading(tmp_path: Path) -> None:
    rows = ["id,nama\n", *ROWS]
    rows[3] = '3,"NAMA 3\n'
    error = refused(tmp_path, "".join(rows))
    assert error.code == "file.csv"
    assert "3" in error.problem.en
    assert "NAMA" not in error.problem.en + error.problem.id


def test_two_stray_quotes_that_hide_rows_between_them_stop_the_reading(tmp_path: Path) -> None:
    rows = ["id,nama\n", *ROWS]
    rows[3], rows[9] = '3,"NAMA 3\n', '9,NAMA 9"\n'
    assert refused(tmp_path, "".join(rows)).code == "file.csv"


def test_stray_quotes_in_a_column_that_is_not_mapped_hide_no_row_either(tmp_path: Path) -> None:
    data = 'id,nama,alamat\n1,A B,"JL\n2,C D,RT 1"\n3,E F,X\n'
    assert refused(tmp_path, data).code == "file.csv"


def test_an_address_of_two_lines_is_one_row(tmp_path: Path) -> None:
    data = 'id,nama,alamat,rt,rw\n1,A B,"JL MELATI, NO 2\nGANG 3",1,2\n2,C D,X,1,2\n'
    (chunk,) = read(tmp_path, data)
    assert (chunk.record_ids, chunk.refused) == (["1", "2"], [])


def test_a_nul_character_is_refused_by_line(tmp_path: Path) -> None:
    error = refused(tmp_path, b"id,nama\n1,BU\x00DI\n")
    assert error.code == "file.nul"
    assert "line 2" in error.problem.en


def test_bytes_of_another_encoding_are_placed_exactly(tmp_path: Path) -> None:
    head = "id,nama\n" + "".join(f"{i},NAMA {i}\n" for i in range(200_000))
    error = refused(tmp_path, head.encode() + b"x,JOS\xc9\n")
    assert error.code == "file.encoding"
    assert f"byte {len(head.encode()) + 5}, line 200002" in error.problem.en
    assert "cp1252" in error.hint.en


def test_an_encoding_that_does_not_exist_is_said(tmp_path: Path) -> None:
    mapping = MAPPING.model_copy(update={"encoding": "utf-9"})
    assert refused(tmp_path, "id,nama\n1,A\n", mapping).code == "file.encoding-name"


def test_blank_and_ragged_rows_are_counted_by_number(tmp_path: Path) -> None:
    (chunk,) = read(tmp_path, "id,nama\n1,A B\n\n3,C,D\n4\n5,E F\n\n")
    assert chunk.row_numbers == [1, 5]
    wanted = [(2, BLANK_ROW), (3, RAGGED_ROW), (4, RAGGED_ROW), (6, BLANK_ROW)]
    assert chunk.refused == wanted


def test_rows_in_are_rows_out_and_rows_refused(tmp_path: Path) -> None:
    chunks = read(tmp_path, "id,nama\n" + "".join(ROWS) + "\n1,2,3\n,X\n")
    numbers = [n for c in chunks for n in (*c.row_numbers, *(n for n, _ in c.refused))]
    assert numbers == list(range(1, 104))


def test_the_delimiter_is_the_one_that_shows_the_mapped_columns(tmp_path: Path) -> None:
    (chunk,) = read(tmp_path, 'id;nama;"a,b,c,d"\n1;BUDI, S.E.;x\n')
    assert chunk.columns["nama"] == ["BUDI, S.E."]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("record_id: id\nfields: {a: x, a: y}\n", "mapping.malformed"),
        ("record_id: id\nfields: {a: x, b: {day: x, month: m, year: y}}\n", "mapping.twice"),
        ("record_id: id\nfields: {b: {day: d, month: d, year: y}}\n", "mapping.twice"),
        ("record_id: id\nfields: {a: x}\nother: 1\n", "mapping.malformed"),
        ("", "mapping.malformed"),
    ],
)
def test_a_mapping_that_says_two_things_is_refused(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(text)
    with pytest.raises(BadInput) as caught:
        load_mapping(path)
    assert caught.value.code == code


def test_what_is_wrong_in_a_mapping_is_found_by_line_or_by_field(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    for text, where in (
        ("record_id: id\nfields:\n  a: [\n", "'YAML, 4'"),
        ("record_id: id\nfields: {kel: {code: x}}\n", "'fields.kel'"),
    ):
        path.write_text(text)
        with pytest.raises(BadInput) as caught:
            load_mapping(path)
        assert where in caught.value.problem.en


def test_the_record_id_may_also_be_a_field(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text("record_id: nik\nfields: {nik: nik}\n")
    assert load_mapping(path).source_columns() == ("nik",)


@pytest.mark.parametrize("at_once", [1, 7, 1000])
def test_a_stray_quote_within_one_line_costs_that_row_alone(tmp_path: Path, at_once: int) -> None:
    rows = [f'"{i}"|"JL MAWAR\n{i}"|"x"\n' for i in range(1, 301)]
    rows[149] = '"150"|"JL "KUTIP" 150"|"x"\n'
    rows[298] = '"299"|"x"|"y" z\n'
    path = tmp_path / "s.csv"
    path.write_text('"id"|"nama"|"lain"\n' + "".join(rows))
    mapping = Mapping(record_id="id", fields={"nama": "nama"})
    chunks = list(read_rows(path, mapping, {"nama": "text"}, at_once))
    assert [each for chunk in chunks for each in chunk.refused] == [
        (150, "stray-quote"),
        (299, "stray-quote"),
    ]
    kept = [number for chunk in chunks for number in chunk.row_numbers]
    assert kept == [number for number in range(1, 301) if number not in (150, 299)]
    assert [i for chunk in chunks for i in chunk.record_ids] == list(map(str, kept))
