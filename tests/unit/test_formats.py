"""What a file is, is said by its content: a table, or its name and the next step."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from datetime import date
from pathlib import Path

import dbf
import pandas as pd
import pyreadstat
import pytest

from encoder.source.cell_values import Settler
from encoder.source.mapping import Mapping
from encoder.source.readers import format_of, open_source, read_rows
from encoder.source.readers.rules import BLANK_ROW
from encoder.steps.inspect import inspect_source
from policy.base.errors import BadInput
from policy.charter import FieldKind
from tests.support.old_workbooks import OldSheet, old_workbook
from tests.support.workbooks import HEADER, ods, ods_row, people, workbook

SHEET = (
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="A">'
    "<Table><Row><Cell><Data>NIK</Data></Cell></Row></Table></Worksheet></Workbook>"
)
DECLARED = '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
ODF = "application/vnd.oasis.opendocument"
MHTML = (
    "MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\nContent-Type: multipart/related;"
    ' boundary="x"\r\n\r\n--x\r\nContent-Location: file:///C:/a.htm\r\n\r\n<html></html>'
)
CHROME = (
    "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://x.go.id/\r\nSubject: Daftar\r\n"
    "MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\r\n"
)
MAIL = "Received: from x\r\nFrom: a@x.go.id\r\nTo: b@x.go.id\r\nMIME-Version: 1.0\r\n\r\nhalo"
TABLE = "<table><tr><td>NIK</td></tr></table>"
DUMP = "-- MySQL dump 10.13\n--\n-- Host: localhost\n\n/*!40101 SET NAMES utf8 */;\n"


def archive(*names: str, mimetype: str = "") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as file:
        if mimetype:
            file.writestr("mimetype", mimetype)
        for name in names:
            file.writestr(name, "x")
    return target.getvalue()


def ole(*streams: str) -> bytes:
    """The header and the directory of an OLE file with these streams."""
    header = bytearray(512)
    header[:4] = b"\xd0\xcf\x11\xe0"
    struct.pack_into("<H", header, 30, 9)
    struct.pack_into("<I", header, 48, 1)
    struct.pack_into("<109I", header, 76, 0, *[0xFFFFFFFF] * 108)
    names = ["Root Entry", *streams]
    sectors = -(-len(names) // 4)
    table = [0xFFFFFFFD, *range(2, sectors + 1), 0xFFFFFFFE]
    fat = struct.pack(f"<{len(table)}I", *table).ljust(512, b"\xff")
    directory = b"".join(_entry(name) for name in names).ljust(sectors * 512, b"\0")
    return bytes(header) + fat + directory


def _entry(name: str) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    return text.ljust(64, b"\0") + struct.pack("<H", len(text)) + b"\0" * 62


@pytest.mark.parametrize(
    ("content", "code", "name"),
    [
        (SHEET, "file.spreadsheetml", "Excel 2003"),
        (f"{DECLARED}{SHEET}", "file.spreadsheetml", "Excel 2003"),
        (MHTML, "file.mhtml", "MHTML"),
        (CHROME, "file.mhtml", "MHTML"),
        (MAIL, "file.email", "e-mail"),
        (f"<html><body>{TABLE}", "file.html", "web page"),
        (f"\ufeff  \r\n<HTML>{TABLE}", "file.html", "web page"),
        (f"<!-- laporan -->\n<!DOCTYPE html>{TABLE}", "file.html", "web page"),
        (f'<?xml version="1.0"?><html xmlns="x">{TABLE}', "file.html", "web page"),
        (f"<style>td {{}}</style>{TABLE}", "file.html", "web page"),
        (f'<div class="x">{TABLE}</div>', "file.html", "web page"),
        ("<br />\n<b>Warning</b>: mysql_connect()", "file.html", "web page"),
        ('<html xmlns:x="urn:schemas-microsoft-com:office:excel">', "file.html", "web page"),
        ("<?xml version='1.0'?><penduduk><nik/></penduduk>", "file.xml", "XML"),
        ("<data><nik>1</nik></data>", "file.xml", "XML"),
        ('{"nik": "1"}', "file.json", "JSON"),
        ('[\n  {"nik": "1"}\n]', "file.json", "JSON"),
        ('[["nik","nama"],["1","2"]]', "file.json", "JSON"),
        ('{"nik": "1"}\n{"nik": "2"}\n', "file.json", "NDJSON"),
        ('{"type": "FeatureCollection", "features": []}', "file.json", "GeoJSON"),
        (DUMP, "file.dump", "SQL"),
        ("-- phpMyAdmin SQL Dump\nSET SQL_MODE = '';\n", "file.dump", "SQL"),
        ("CREATE TABLE penduduk (nik text);\n", "file.dump", "SQL"),
        ("INSERT INTO `penduduk` VALUES (1);", "file.dump", "SQL"),
        (b"PGDMP\x01\x0e", "file.dump", "PostgreSQL"),
        (b"\0\x01\0\0Standard Jet DB\0", "file.access", "Access"),
        (b"\0\x01\0\0Standard ACE DB\0", "file.access", "Access"),
        (b"SQLite format 3\0", "file.sqlite", "SQLite"),
        (b"PAR1 but no table", "file.parquet", "without its end"),
        (b"ARROW1\0\0", "file.columnar", "Arrow"),
        (archive("word/document.xml"), "file.document", "Word"),
        (archive("ppt/presentation.xml"), "file.document", "presentation"),
        (archive(mimetype=f"{ODF}.text"), "file.document", "OpenDocument"),
        (ole("WordDocument", "1Table"), "file.document", "Word"),
        (ole("PowerPoint Document"), "file.document", "presentation"),
        (ole(*"abcde", "EncryptionInfo", "EncryptedPackage"), "file.encrypted", "password"),
        (ole("__properties_version1.0"), "file.email", "e-mail"),
        (ole("Contents"), "file.format", "without a workbook"),
        (b"%PDF-1.7", "file.document", "PDF"),
        (b"{\\rtf1\\ansi", "file.document", "RTF"),
        (archive("xl/workbook.bin"), "file.xlsb", "xlsb"),
        (archive("Index/Document.iwa"), "file.numbers", "Numbers"),
        (archive("data.csv"), "file.archive", "zip"),
        (gzip.compress(b"id,nama", mtime=0), "file.archive", "compressed"),
        (b"BZh91AY&SY", "file.archive", "compressed"),
        (b"\xfd7zXZ\0", "file.archive", "compressed"),
        (b"7z\xbc\xaf\x27\x1c", "file.archive", "7z"),
        (b"Rar!\x1a\x07", "file.archive", "rar"),
        (b"\x89PNG\r\n", "file.image", "picture"),
        (b"\xff\xd8\xff\xe0", "file.image", "picture"),
        (b"", "file.empty", "empty"),
        (b"\xef\xbb\xbf\r\n \n", "file.empty", "empty"),
        (b"\x09\x02\x06\0\0\0\x10\0", "file.old-excel", "Excel 4"),
        (b"\x01\x02\x03\x04\x05 unknown", "file.format", "neither CSV"),
    ],
)
@pytest.mark.parametrize("suffix", ["xls", "csv"])
def test_each_kind_has_its_own_sentence(
    tmp_path: Path, content: str | bytes, code: str, name: str, suffix: str
) -> None:
    path = tmp_path / f"data.{suffix}"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    mapping = Mapping(record_id=None, fields={"nama": "nama"}, format="excel")
    for act in (lambda: inspect_source(path), lambda: list(read_rows(path, mapping, {}, 10))):
        with pytest.raises(BadInput) as caught:
            act()
        assert caught.value.code == code
        assert name in caught.value.problem.en
        assert caught.value.hint.id != caught.value.hint.en


def test_a_page_in_utf_16_is_a_page(tmp_path: Path) -> None:
    (tmp_path / "s.xls").write_bytes(f"<html>{TABLE}".encode("utf-16"))
    with pytest.raises(BadInput) as caught:
        format_of(tmp_path / "s.xls")
    assert caught.value.code == "file.html"


@pytest.mark.parametrize("name", ["~$data.xlsx", ".~lock.data.ods#"])
def test_lock_files_and_folders_are_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\x05Budi  ")
    with pytest.raises(BadInput) as caught:
        format_of(tmp_path / name)
    assert caught.value.code == "file.lock"
    with pytest.raises(BadInput) as caught:
        format_of(tmp_path)
    assert caught.value.code == "file.folder"


@pytest.mark.parametrize(
    "header",
    [
        "[id],[nama]",
        "{id};{nama}",
        "PARENT_ID,nama",
        "set,nama",
        "use,nama",
        "from,nama",
        "date:,nama",
        "CREATED;nama",
        "BM,nama",
        "ORCID,nama",
        "<id>,<nama>",
        "C1,nama",
        "SELECT,nama",
        "-- daftar,nama",
        "#id\tnama",
    ],
)
def test_names_of_columns_are_no_other_format(tmp_path: Path, header: str) -> None:
    path = tmp_path / "s.csv"
    path.write_text(f"{header}\n1,BUDI\n")
    assert format_of(path) == "csv"


def test_workbooks_are_told_by_their_content(tmp_path: Path) -> None:
    workbook(tmp_path / "a.csv", {"A": [HEADER]})
    ods(tmp_path / "b.xls", "A", [ods_row(HEADER)])
    old_workbook(tmp_path / "c.xlsx", OldSheet("A", [["nama"]]))
    assert {format_of(tmp_path / name) for name in ("a.csv", "b.xls", "c.xlsx")} == {"excel"}


KINDS: dict[str, FieldKind] = {"nama": "name", "jk": "sex", "lahir": "date", "nik": "nik"}
MAPPING = Mapping(record_id="id", fields={name: name for name in KINDS})


def frame() -> pd.DataFrame:
    rows = [row[:6] for row in people(1, 5)]
    frame = pd.DataFrame(rows, columns=["id", "nama", "lahir", "jk", "kelurahan", "nik"])
    frame["jk"] = [1.0, 2.0, 1.0, None, 9.0]
    frame["lahir"] = [date(1980, 3, day) for day in range(1, 6)]
    frame.loc[1, "nama"] = "JOSÉ"
    return frame


@pytest.mark.parametrize("suffix", ["sav", "dta"])
def test_files_of_statistics_programs(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"s.{suffix}"
    labels = {"jk": {1.0: "Laki-laki", 2.0: "Perempuan"}}
    getattr(pyreadstat, f"write_{suffix}")(frame(), str(path), variable_value_labels=labels)
    assert format_of(path) == suffix
    chunks = list(read_rows(path, MAPPING, KINDS, 2))
    assert [n for chunk in chunks for n in chunk.row_numbers] == [1, 2, 3, 4, 5]
    told = [cell for chunk in chunks for cell in chunk.columns["jk"]]
    assert told == ["Laki-laki", "Perempuan", "Laki-laki", "", "9"]
    assert chunks[0].columns["nama"][1] == "JOSÉ"
    assert chunks[0].columns["lahir"] == ["1980-03-01", "1980-03-02"]
    found = inspect_source(path)
    assert (found.format, found.mapping.fields["nik"]) == (suffix, "nik")
    with pytest.raises(BadInput) as caught:
        list(open_source(path, MAPPING).blocks(("tidak",), frozenset(), 2))
    assert caught.value.code == "file.columns"


def test_a_nik_kept_as_a_number_in_spss_may_be_rounded(tmp_path: Path) -> None:
    niks = [3175991203800001.0, 3175991203800010.0]
    data = pd.DataFrame({"id": ["1", "2"], "nama": ["BUDI", "SITI"], "nik": niks})
    pyreadstat.write_sav(data, str(tmp_path / "s.sav"), variable_format={"nik": "F16.0"})
    mapping = Mapping(record_id="id", fields={"nama": "nama", "nik": "nik"})
    (chunk,) = read_rows(tmp_path / "s.sav", mapping, {"nama": "name", "nik": "nik"}, 10)
    assert Settler({"nama": "name", "nik": "nik"}, mapping)(chunk).out == {1: "nik-number-cell"}


def test_a_damaged_file_of_spss(tmp_path: Path) -> None:
    (tmp_path / "s.sav").write_bytes(b"$FL2@(#) SPSS DATA FILE")
    with pytest.raises(BadInput) as caught:
        list(read_rows(tmp_path / "s.sav", MAPPING, KINDS, 10))
    assert caught.value.code == "file.statistics"


def write_dbf(path: Path, codepage: str = "cp1252") -> Path:
    fields = "ID C(5); NAMA C(30); LAHIR D; JK C(1); NIK C(16); KK N(16,0)"
    table = dbf.Table(str(path), fields, codepage=codepage)
    table.open(dbf.READ_WRITE)
    for number, row in enumerate(people(1, 5), 1):
        name = "JOSÉ" if number == 2 else row[1]
        table.append((row[0], name, date(1980, 3, number), "L", row[5], 3175990101100001))
    table.append(("", "", None, "", "", None))
    dbf.delete(table[2])
    table.close()
    return path


@pytest.mark.parametrize("codepage", ["cp1252", "cp437", "utf8"])
def test_a_file_of_dbase(tmp_path: Path, codepage: str) -> None:
    path = write_dbf(tmp_path / "s.dbf", codepage)
    assert format_of(path) == "dbf"
    found = inspect_source(path)
    assert found.format == "dbf"
    assert any("1 record marked as deleted" in each.en for each in found.warnings)
    fields = {"nama": "NAMA", "lahir": "LAHIR", "nik": "NIK", "kk": "KK"}
    mapping = Mapping(record_id="ID", fields=fields)
    chunks = list(read_rows(path, mapping, {**KINDS, "kk": "kk"}, 2))
    assert [cell for c in chunks for cell in c.record_ids] == ["r1", "r2", "r4", "r5"]
    assert chunks[0].columns["nama"][1] == "JOSÉ"
    assert chunks[0].columns["lahir"] == ["1980-03-01", "1980-03-02"]
    assert chunks[0].columns["kk"] == ["3175990101100001"] * 2
    assert [each for c in chunks for each in c.refused] == [(5, BLANK_ROW)]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
def test_a_file_of_dbase_that_does_not_name_its_encoding(tmp_path: Path, encoding: str) -> None:
    path = write_dbf(tmp_path / "s.dbf", {"cp1252": "cp1252", "utf-8": "utf8"}[encoding])
    content = bytearray(path.read_bytes())
    content[29] = 0
    path.write_bytes(content)
    mapping = Mapping(record_id="ID", fields={"nama": "NAMA"})
    (chunk,) = read_rows(path, mapping, {"nama": "name"}, 10)
    assert "JOSÉ" in chunk.columns["nama"]


def test_a_file_of_dbase_that_was_cut(tmp_path: Path) -> None:
    path = write_dbf(tmp_path / "s.dbf")
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(BadInput) as caught:
        list(read_rows(path, Mapping(record_id="ID", fields={"nama": "NAMA"}), {}, 10))
    assert caught.value.code == "file.dbf"
