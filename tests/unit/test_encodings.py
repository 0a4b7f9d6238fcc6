"""Which encoding a file is in, and what becomes of lines that are not in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encoder.source.first_look import detect_encoding
from encoder.source.mapping import Mapping
from encoder.source.readers import open_source, read_rows
from encoder.source.readers.encodings import mojibake, survey
from encoder.source.readers.rules import NOT_UTF8, RAGGED_ROW
from policy.base.errors import BadInput

MAPPING = Mapping(record_id="id", fields={"nama": "nama"})
UTF8 = "id,nama\n1,DÉDI\n2,SITI\n3,ÉKO\n".encode()


def write(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "s.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"id,nama\n1,BUDI\n", "utf-8"),
        (UTF8, "utf-8"),
        (UTF8 + b"4,JOS\xc9\n", "utf-8"),
        (UTF8 + b"4,D\xc3\x89DI JOS\xc9\n", "utf-8"),
        (UTF8 + b"4,JOS\xc9\n5,REN\xc9\n6,ANDR\xc9\n", "utf-8"),
        (b"\xef\xbb\xbf" + UTF8 + b"4,JOS\xc9\n", "utf-8"),
        (b"\xef\xbb\xbfid,nama\n1,JOS\xc9\n", "utf-8"),
        ("id,nama\n1,MA’RUF\n".encode() + b"2,JOS\xc9\n", "utf-8"),
        ("id,nama\n1,JOSÉ\n2,MA’RUF\n".encode("cp1252"), "cp1252"),
        # An accent before a no-break space looks like UTF-8 and is not.
        ("id,nama\n1,JOSÉ\u00a0\n2,ANDRÉ\n".encode("cp1252"), "cp1252"),
        # A byte that is a letter in no encoding that offices use.
        (b"id,nama\n1,JOS\x82\n", "utf-8"),
        (b"id,nama\n1,JOS\x00\x9d\xff\x03\xd7\n", "utf-8"),
    ],
)
def test_a_file_with_letters_in_utf8_is_never_latin_1(
    tmp_path: Path, content: bytes, encoding: str
) -> None:
    assert detect_encoding(write(tmp_path, content)) == encoding


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("at_once", [1, 2, 1000])
def test_rows_that_are_not_utf8_are_refused_by_number(
    tmp_path: Path, mark: bytes, at_once: int
) -> None:
    path = write(tmp_path, mark + UTF8 + b"4,JOS\xc9\n5\n6,REN\xc9,x\n7,IN\xc9S\n")
    chunks = list(read_rows(path, MAPPING, {}, at_once))
    refused = {number: rule for chunk in chunks for number, rule in chunk.refused}
    assert refused.keys() == {4, 5, 6, 7}
    assert (refused[4], refused[5], refused[6]) == (NOT_UTF8, RAGGED_ROW, NOT_UTF8)
    assert [name for chunk in chunks for name in chunk.columns["nama"]] == ["DÉDI", "SITI", "ÉKO"]
    (note,) = open_source(path, MAPPING).notes()
    assert (note.code, note.rows) == (NOT_UTF8, (4, 6, 7))


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_lines_are_counted_wherever_they_end(tmp_path: Path, end: bytes) -> None:
    lines = [b"id,nama", *(b"%d,D\xc3\x89DI" % n if n % 3 else b"%d,BUDI" % n for n in range(50))]
    lines[7], lines[49], lines[50] = b"7,JOS\xc9", b"49,\xc9", b"50,REN\xc9"
    found = survey(write(tmp_path, end.join(lines)))
    assert (found.utf8, found.damaged, found.first) == (32, 3, [8, 50, 51])


def test_a_bad_byte_far_into_the_file_costs_its_row_alone(tmp_path: Path) -> None:
    rows = [f"{i},NAMÉ {i}\n".encode() for i in range(1, 30_001)]
    rows[20_000] = b'20001,"REN\xc9\nGANG"\n'
    path = write(tmp_path, b"id,nama\n" + b"".join(rows))
    chunks = list(read_rows(path, MAPPING, {}, 2_500))
    assert [each for chunk in chunks for each in chunk.refused] == [(20_001, NOT_UTF8)]
    assert sum(len(chunk.row_numbers) for chunk in chunks) == 29_999


def test_a_header_with_a_bad_byte_can_still_be_told(tmp_path: Path) -> None:
    path = write(tmp_path, b"id,nama,kel\xc9\n" + UTF8.partition(b"\n")[2].replace(b"\n", b",x\n"))
    with pytest.raises(BadInput) as caught:
        list(read_rows(path, Mapping(record_id="id", fields={"nama": "nik"}), {}, 10))
    caught.value.hint.en.encode()
    (note,) = open_source(path, MAPPING).notes()
    assert (note.code, note.rows) == (NOT_UTF8, ())
    assert "names of the columns" in note.words.en


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "iso-8859-15"])
def test_a_mapping_that_would_misread_utf8_is_refused_with_counts(
    tmp_path: Path, encoding: str
) -> None:
    path = write(tmp_path, UTF8 + b"4,JOS\xc9\n")
    with pytest.raises(BadInput) as caught:
        list(read_rows(path, MAPPING.model_copy(update={"encoding": encoding}), {}, 10))
    assert caught.value.code == "file.encoding-utf8"
    assert "2 lines" in caught.value.problem.en


def test_text_that_was_misread_before_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, "id,nama\n1,DÃ‰DI\n2,MAâ€™RUF\n3,ÉKO\n".encode())
    (note,) = open_source(path, MAPPING).notes()
    assert (note.code, note.count) == ("mojibake", 2)


def test_mojibake_is_found_and_letters_are_not() -> None:
    damaged = ["DÃ‰DI", "Maâ€™ruf", "JosÃ©", "Ã¡", "RENÃ\u00a0", "A\ufffdI", "Ã\x81"]
    sound = ["DÉDI", "Ma’ruf", "São", "JOÃO", "ÂNGELA", "Å", "MÜLLER", "ÇELİK", "", "BUDI"]
    assert mojibake(damaged) == list(range(len(damaged)))
    assert mojibake(sound) == []


@given(st.text(st.characters(min_codepoint=0xC0, max_codepoint=0x17F), min_size=1, max_size=8))
def test_what_was_read_as_cp1252_is_always_found(name: str) -> None:
    misread = name.encode().decode("latin-1")
    assert mojibake([name + " BUDI", misread])[-1] == 1
