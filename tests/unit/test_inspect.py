"""`inspect`: which source it is, what will not be read, and a mapping that works as it stands."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from encoder.normalise import normalise_column
from encoder.source.first_look import detect_encoding
from encoder.source.joined_columns import AgeColumns, DateColumns, RegionColumns, RtRwColumns
from encoder.source.mapping import Mapping, StatusColumn, load_mapping
from encoder.source.presets.headers import plain
from encoder.source.presets.layouts import PresetLayout, layouts, recognise, synonyms
from encoder.source.presets.payload import payload_reason
from encoder.source.readers import read_columns, read_rows
from encoder.steps.inspect import inspect_source, mapping_yaml
from policy.base.errors import BadInput
from policy.charter import LinkageField
from tests.support.programme import command
from tests.support.sources import (
    COLUMNS,
    GOOD,
    defect_rows,
    write_csv,
    write_parquet,
    write_sqlite,
    write_xls,
    write_xlsx,
)


def header_of(layout: PresetLayout) -> list[str]:
    """Every column that the layout knows, once, by its first name."""
    names = [names[0].rstrip("*") for names in layout.known()]
    return list(dict.fromkeys(names))


@pytest.mark.parametrize("layout", layouts(), ids=lambda layout: layout.id)
def test_every_layout_is_recognised_and_its_payload_left_unread(
    layout: PresetLayout, tmp_path: Path
) -> None:
    header = header_of(layout)
    path = write_csv(tmp_path / "s.csv", header, [["x"] * len(header)] * 3, ";")
    found = inspect_source(path)
    assert found.fit is not None
    assert found.fit.layout.id == layout.id
    assert found.fit.fitting == found.fit.headers == len(header)
    unread = {each.column for each in found.payload}
    assert {name.rstrip("*") for name in layout.payload} <= unread
    assert not unread & set(found.mapping.source_columns())
    out = tmp_path / "m.yaml"
    out.write_text(mapping_yaml(found))
    assert load_mapping(out) == found.mapping


def test_the_dead_of_a_siak_export_are_left_out_and_told(tmp_path: Path) -> None:
    header = header_of(next(each for each in layouts() if each.id == "siak_export"))
    rows = [["Budi"] * len(header) for _ in range(3)]
    rows[1][header.index("Status")] = "Mati"
    found = inspect_source(write_csv(tmp_path / "s.csv", header, rows, ";"))
    assert found.mapping.status == StatusColumn(column="Status", leave_out=("Mati", "Tidak Valid"))
    assert [(each.rule, each.rows, each.first_row) for each in found.sample.rules] == [
        ("status", 1, 2)
    ]


@pytest.mark.parametrize("layout", layouts(), ids=lambda layout: layout.id)
def test_no_layout_maps_what_it_calls_payload(layout: PresetLayout) -> None:
    for role, names in layout.roles.items():
        assert not [name for name in names if payload_reason(name, layout)], role


def test_a_synonym_means_one_role_and_common_names_no_layout() -> None:
    roles = [{plain(name) for name in names} for names in synonyms().values()]
    assert sum(map(len, roles)) == len(set().union(*roles))
    assert recognise(["nik", "nama", "alamat"]) is None


def test_columns_are_found_by_their_usual_names(tmp_path: Path) -> None:
    header = ["No. KTP", "NO_KK (2)", "Nama  Lengkap", "TTL", "JENIS KELAMIN", "RT/RW", "Desil"]
    row = [GOOD[3], GOOD[4], GOOD[0], "BANDUNG, 12-03-1980", "L", "001/002", "3"]
    found = inspect_source(write_csv(tmp_path / "s.csv", header, [row] * 20, "^"))
    assert found.fit is None
    assert found.mapping.fields == {
        "nama": "Nama Lengkap",
        "lahir": "TTL",
        "jk": "JENIS KELAMIN",
        "kelurahan": None,
        "nik": "No. KTP",
        "kk": "NO_KK (2)",
        "rtrw": "RT/RW",
    }
    assert [each.column for each in found.payload] == ["Desil"]
    assert found.mapping.delimiter == "^"
    assert found.sample.rows_seen == 20


def test_parts_are_put_together(tmp_path: Path) -> None:
    header = "NAMA_LGKP NO_PROP NO_KAB NO_KEC NO_KEL NO_RT NO_RW JENIS_KLMIN TGL_LHR".split()
    found = inspect_source(write_csv(tmp_path / "s.csv", header, [["x"] * 9]))
    assert found.mapping.fields["kelurahan"] == RegionColumns(
        province="NO_PROP", regency="NO_KAB", district="NO_KEC", village="NO_KEL"
    )
    assert found.mapping.fields["rtrw"] == RtRwColumns(rt="NO_RT", rw="NO_RW")


def test_a_charter_says_which_fields_are_mapped(tmp_path: Path) -> None:
    header = ["rec_id", "nama", "nama_ibu", "tgl", "bln", "thn", "hobi"]
    path = write_csv(tmp_path / "s.csv", header, [["x"] * 7])
    fields = [
        LinkageField(name="orang", kind="name"),
        LinkageField(name="ibu-kandung", kind="name"),
        LinkageField(name="lahir", kind="date"),
        LinkageField(name="hobi", kind="text"),
        LinkageField(name="nik", kind="nik"),
    ]
    assert inspect_source(path, fields).mapping.fields == {
        "orang": "nama",
        "ibu-kandung": "nama_ibu",
        "lahir": DateColumns(day="tgl", month="bln", year="thn"),
        "hobi": "hobi",
        "nik": None,
    }


def test_ages_are_proposed_with_the_year_in_which_they_were_told(tmp_path: Path) -> None:
    """D05: BDT 2015 has ages alone; the officer knows the year of another file."""
    born = [LinkageField(name="lahir", kind="date")]
    bdt = ["Nomor urut ART", "Nama ART", "NIK", "Nama KRT", "HubKRT", "Umur", "jenis kelamin"]
    known = inspect_source(write_csv(tmp_path / "bdt.csv", bdt, [["x"] * 7]), born)
    assert known.mapping.fields == {"lahir": AgeColumns(age="Umur", recorded=2015)}
    (tmp_path / "bdt.yaml").write_text(mapping_yaml(known), encoding="utf-8")
    assert load_mapping(tmp_path / "bdt.yaml").fields == known.mapping.fields
    other = inspect_source(write_csv(tmp_path / "s.csv", ["nama", "usia"], [["x", "4"]]), born)
    assert other.mapping.fields == {"lahir": None}
    assert any("'usia'" in each.id and "recorded" in each.en for each in other.warnings)


def test_a_code_whose_book_nobody_told_is_not_proposed_but_said(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "s", ["nama", "nik", "kode_wilayah"], [["A B", "", "3171010001"]])
    found = inspect_source(path)
    assert found.mapping.fields["kelurahan"] is None
    said = " ".join(each.en for each in found.warnings)
    assert 'kelurahan: {code: "kode_wilayah", codebook: bps}' in said


def test_the_other_address_is_not_proposed(tmp_path: Path) -> None:
    """A10: Carik knows where people live, not what their card says."""
    header = ["id_carik", "nik", "nama", "tgl_lahir", "jns_kelamin", "alamat", "rt", "rw"]
    path = write_csv(tmp_path / "s.csv", header, [["x"] * 8])
    for residence, column in (("domicile", "alamat"), ("registration", None)):
        field = LinkageField.model_validate(
            {"name": "alamat", "kind": "address", "residence": residence}
        )
        found = inspect_source(path, [field])
        assert found.mapping.fields == {"alamat": column}
        assert any("domisili" in each.id for each in found.warnings) == (column is None)


def test_a_postal_code_may_read_the_kelurahan_once_more(tmp_path: Path) -> None:
    header = ["nama", "kelurahan", "kodepos"]
    rows = [["BUDI", "Batu Ampar", "13520"], ["SITI", "Batu Ampar", "13510"]]
    path = write_csv(tmp_path / "s.csv", header, rows)
    fields = [
        LinkageField(name="kelurahan", kind="place"),
        LinkageField(name="kodepos", kind="postal"),
    ]
    found = inspect_source(path, fields)
    (tmp_path / "s.yaml").write_text(mapping_yaml(found), encoding="utf-8")
    (chunk,) = read_rows(path, load_mapping(tmp_path / "s.yaml"), {}, 10)
    assert normalise_column("p", "postal", chunk.columns["kodepos"]).columns == {"p": ["13520", ""]}


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"nama\nA\n", "utf-8"),
        (b"\xef\xbb\xbfnama\nA\n", "utf-8"),
        ("nama\nJOSÉ\n".encode(), "utf-8"),
        ("nama\nJOSÉ\n".encode("cp1252"), "cp1252"),
        (b"nama\n\x81\n", "utf-8"),
        ("nama\nA\n".encode("utf-16"), "utf-16"),
        ("nama\nA\n".encode("utf-16-le"), "utf-16-le"),
        ("nama\nA\n".encode("utf-16-be"), "utf-16-be"),
        (b"nama\nJOS\xc3", "cp1252"),
    ],
)
def test_the_encoding_is_that_of_the_whole_file(
    tmp_path: Path, content: bytes, encoding: str
) -> None:
    path = tmp_path / "s.csv"
    path.write_bytes(content)
    assert detect_encoding(path) == encoding


@pytest.mark.parametrize("write", [write_csv, write_xlsx, write_xls, write_parquet])
def test_what_would_be_refused_is_said_by_rule_and_row(
    tmp_path: Path, write: Callable[..., Path]
) -> None:
    found = inspect_source(write(tmp_path / "s", COLUMNS, defect_rows()))
    rules = {each.rule: each.rows for each in found.sample.rules}
    damaged = {"nik-scientific": 2, "kk-scientific": 1, "nik-digits": 2, "nik-letter": 1}
    assert rules == damaged | {"nik-serial-0000": 1, "no-record-id": 1}
    (nik,) = (each for each in found.sample.usage.fields if each.name == "nik")
    assert {each.rule: each.rows for each in nik.rules}["NIK_WORDS"] == 1
    said = json.dumps(found.as_json())
    assert GOOD[0] not in said
    assert GOOD[3] not in said


def test_a_title_and_another_sheet(tmp_path: Path) -> None:
    rows = [["Dinas Sosial"], [], list(COLUMNS), ["1", *GOOD]]
    found = inspect_source(write_xlsx(tmp_path / "s.xlsx", ["Daftar"], rows))
    assert found.mapping.header_row == 4
    assert found.mapping.sheet == "Sheet"
    assert (found.sample.rows_seen, found.sample.rules) == (1, ())


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_a_header_of_two_lines_with_merged_cells(tmp_path: Path, suffix: str) -> None:
    """A form's head: groups above, their columns below, and each cell merged as it looks."""
    lines = [
        ["DAFTAR LANSIA"],
        ["No.", " N I K ", "Nama  Lengkap\n(sesuai KTP)", "L/P", "Tempat / Tanggal Lahir"],
        ["", "", "", "", "Tempat", "Tgl Lahir ", "NIK", "Nama", "NIK", "Nama"],
        [*map(str, range(1, 11))],
        ["1", GOOD[3], GOOD[0], GOOD[2], "BANDUNG", GOOD[1], "", "SUROTO", "", "SUMIRAH"],
    ]
    lines[1] += ["", "Ayah", "", "Ibu", ""]
    path = tmp_path / f"s.{suffix}"
    if suffix == "csv":
        path.write_text("\n".join(";".join(f'"{cell}"' for cell in line) for line in lines))
    else:
        book = openpyxl.Workbook()
        for line in lines:
            book.active.append([cell or None for cell in line])
        book.active.merge_cells("E2:F2")
        book.save(path)
    fields = [LinkageField(name=n, kind=k) for n, k in (("nama", "name"), ("lahir", "date"))]
    found = inspect_source(path, [*fields, LinkageField(name="nik", kind="nik")])
    assert (found.mapping.header_row, found.mapping.header_lines) == (2, 2)
    assert found.mapping.fields == {
        "nama": "Nama Lengkap (sesuai KTP)",
        "lahir": "Tgl Lahir",
        "nik": "N I K",
    }
    assert found.columns[6:] == ("Ayah NIK", "Ayah Nama", "Ibu NIK", "Ibu Nama")
    written = tmp_path / "m.yaml"
    written.write_text(mapping_yaml(found))
    *_, chunk = read_rows(path, load_mapping(written), {"nama": "name"}, 10)
    assert chunk.columns["lahir"][-1] == GOOD[1]
    assert chunk.row_numbers[-1] == 2


@pytest.mark.parametrize(
    ("group", "below", "born"),
    [
        ("Kelahiran", ["Tempat", "Tanggal"], "Kelahiran Tanggal"),
        ("KELAHIRAN", ["TEMPAT", "TGL"], "KELAHIRAN TGL"),
        ("Tempat, Tanggal Lahir", ["Tempat", "Tanggal"], "Tempat, Tanggal Lahir Tanggal"),
        ("Lahir", ["Kota", "Tgl."], "Lahir Tgl."),
        ("Kelahiran", ["Tempat", "Tanggal Lahir"], "Tanggal Lahir"),
    ],
)
def test_a_date_below_a_group_of_births_is_the_date_of_birth(
    tmp_path: Path, group: str, below: list[str], born: str
) -> None:
    rows = [
        ["NIK", "Nama", group, "", "JK", "Alamat"],
        ["", "", *below, "", ""],
        [GOOD[3], GOOD[0], "BANDUNG", GOOD[1], GOOD[2], "JL MELATI"],
    ]
    path = tmp_path / "s.csv"
    path.write_text("\n".join(";".join(row) for row in rows))
    found = inspect_source(path)
    assert (found.mapping.header_row, found.mapping.header_lines) == (1, 2)
    assert found.mapping.fields["lahir"] == born
    (chunk,) = read_rows(path, found.mapping, {}, 10)
    assert chunk.columns["lahir"] == [GOOD[1]]
    # A mapping from before may name the lower line alone.
    alone = found.mapping.model_copy(update={"fields": {"lahir": below[1]}})
    (chunk,) = read_rows(path, alone, {}, 10)
    assert chunk.columns["lahir"] == [GOOD[1]]


def test_a_date_below_births_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("NIK,Nama,Kelahiran/Tanggal,JK\n1,BUDI,12-03-1980,L\n")
    assert inspect_source(path).mapping.fields["lahir"] == "Kelahiran/Tanggal"


def test_day_month_and_year_below_a_group_stay_three(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("NIK,Nama,Kelahiran,,,JK\n,,Tgl,Bln,Thn,\n1,BUDI,12,3,1980,L\n")
    found = inspect_source(path).mapping
    assert found.fields["lahir"] == DateColumns(day="Tgl", month="Bln", year="Thn")


def test_a_first_row_of_people_is_no_line_of_names(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("NIK,Nama,JK,Ket\n,BUDI,L,\n,SITI,P,\n")
    assert inspect_source(path).mapping.header_lines == 1


def test_the_sheet_with_the_data_is_found_behind_the_instructions(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "s.xlsx", ["Petunjuk pengisian"], [["Isi sesuai juknis."]])
    book = openpyxl.load_workbook(path)
    book.create_sheet("Kosong")
    data = book.create_sheet("Data")
    for row in (["REKAPITULASI"], list(COLUMNS), ["1", *GOOD]):
        data.append(row)
    book.save(path)
    found = inspect_source(path)
    assert (found.mapping.sheet, found.mapping.header_row) == ("Data", 2)
    assert (found.sample.rows_seen, found.sample.rules) == (1, ())
    assert "Sheet, Kosong" in found.warnings[0].en
    with pytest.raises(BadInput, match="no line looks like"):
        inspect_source(path, sheet="Sheet")


@pytest.mark.parametrize("rows", [1, 40])
def test_a_file_without_a_header_is_refused_and_no_cell_is_told(tmp_path: Path, rows: int) -> None:
    """Its first row is a person: neither `inspect` nor an error for a mapping may show it."""
    cells = ["1", *GOOD, "JL MAWAR", "Desa"]
    path = write_csv(tmp_path / "s.csv", cells, [cells] * rows, ";")
    mapping = Mapping(record_id="id", fields={"nama": "Nama"})
    for act in (lambda: inspect_source(path), lambda: list(read_rows(path, mapping, {}, 10))):
        with pytest.raises(BadInput) as caught:
            act()
        said = str(caught.value.as_json())
        assert caught.value.code in ("file.header", "file.columns")
        assert not [cell for cell in cells[1:] if len(cell) > 1 and cell in said]


def test_a_name_that_a_charter_gives_is_a_name(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "s.csv", ["warna", "x"], [["A B", "1"]])
    with pytest.raises(BadInput, match="no line looks like"):
        inspect_source(path)
    found = inspect_source(path, [LinkageField(name="warna", kind="text")])
    assert found.mapping.fields == {"warna": "warna"}


def test_a_database_is_asked_for_its_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUMBER_URL", write_sqlite(tmp_path / "s.db", COLUMNS, [["1", *GOOD]]))
    found = inspect_source(Path("env:SUMBER_URL"))
    assert (found.mapping.table, found.mapping.format) == ("penduduk", "sql")
    assert found.mapping.fields["nik"] == "nik"
    out = tmp_path / "m.yaml"
    out.write_text(mapping_yaml(found))
    (chunk,) = read_rows(Path("env:SUMBER_URL"), load_mapping(out), {}, 10)
    assert chunk.record_ids == ["1"]


BIP = [
    ["BUKU INDUK PENDUDUK WNI"],
    ["No. KK : 3171910107200001", "", "", ""],
    ["Alamat : JL MELATI 5, Nama Dusun : TENGAH, RT/RW : 003/001"],
    ["No", "Nama Lengkap", "NIK", "Tgl/Bln/Th", "JK"],
    ["(1)", "(2)", "(3)", "(4)", "(5)"],
    ["1", "BUDI SANTOSO", "3171911203800001", "12/03/1980", "Lk"],
    ["2", "ANI", "3171915203800002", "12/03/1980", "Pr"],
    [],
    ["No. KK : 3171910107200002"],
    ["Alamat : GG MAWAR, RT/RW : 005/-"],
    ["No", "Nama Lengkap", "NIK", "Tgl/Bln/Th", "JK"],
    ["1", "CICI", "3171915203800003", "12/03/1980", "Pr"],
]


def test_family_blocks_become_one_table(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "bip.xlsx", BIP[0], BIP[1:])
    found = inspect_source(path)
    assert found.fit is not None
    assert (found.fit.layout.id, found.mapping.layout) == ("bip", "bip")
    out = tmp_path / "m.yaml"
    out.write_text(mapping_yaml(found))
    mapping = load_mapping(out)
    (chunk,) = read_rows(path, mapping, {}, 10)
    assert chunk.columns["nama"] == ["BUDI SANTOSO", "ANI", "CICI"]
    assert chunk.columns["kk"] == ["3171910107200001", "3171910107200001", "3171910107200002"]
    assert chunk.columns["alamat"] == ["JL MELATI 5", "JL MELATI 5", "GG MAWAR"]
    assert chunk.columns["rtrw"] == ["003/001", "003/001", "005/-"]
    again = read_columns(path, mapping, ("Nama Dusun",))
    assert [cells for _, cells in again] == [["TENGAH"], ["TENGAH"], [""]]


@pytest.mark.parametrize(
    "column",
    [
        *("Desil", "desil_nasional", "PERINGKAT_KAB", "percentile", "PKH", "bpnt", "BST"),
        *("pbi_nas", "keterangan_disabilitas", "Penyakit Kronis", "hamil", "bansos_pkh"),
        *("jenis_pmks", "sidik_jari", "Iris", "tanda tangan", "410. Hamil", "sakit_menahun_id"),
    ],
)
def test_who_maps_payload_is_refused_by_the_columns_name(tmp_path: Path, column: str) -> None:
    mapping = tmp_path / "m.yaml"
    for text in (
        f'record_id: id\nfields: {{a: "{column}"}}\n',
        f'record_id: "{column}"\nfields: {{}}',
    ):
        mapping.write_text(text)
        with pytest.raises(BadInput) as caught:
            load_mapping(mapping)
        assert caught.value.code == "mapping.payload"
        assert column in caught.value.problem.id
        assert column in caught.value.problem.en


def test_form_numbers_are_payload_where_the_form_is_recognised(tmp_path: Path) -> None:
    mapping = tmp_path / "m.yaml"
    mapping.write_text('record_id: null\nfields: {a: "412_ijazah"}\n')
    load_mapping(mapping)
    fields = '{nama: "402_nama", nik: "403_nik", jk: "405_jk", x: "412_ijazah"}'
    mapping.write_text(f"record_id: id_art\nfields: {fields}\n")
    with pytest.raises(BadInput) as caught:
        load_mapping(mapping)
    assert caught.value.code == "mapping.payload"


def test_the_command_needs_no_home_and_writes_a_mapping(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "s.csv", [*COLUMNS, "desil"], [["1", *GOOD, "3"]] * 5)
    out = tmp_path / "m.yaml"
    arguments = ("--home", str(tmp_path / "none"), "inspect", str(path), "--out", str(out))
    answer = command("padan-encoder", *arguments)
    assert answer.code == 0, answer.err
    assert "desil" in answer.out
    assert "desil" not in load_mapping(out).source_columns()
    found = json.loads(command("padan-encoder", *arguments, "--json").out)
    assert found["payload"][0]["column"] == "desil"
    assert found["rows_seen"] == 5
    assert not (tmp_path / "none").exists()


def test_rt_and_rw_are_found_by_their_cells(tmp_path: Path) -> None:
    """Regsosek calls them SLS; an address that ends with them is no such column."""
    made = command("padan-encoder", "synth", str(tmp_path), "--persons", "300")
    assert made.code == 0, made.err
    source = tmp_path / "regsosek.csv"
    said = json.loads(command("padan-encoder", "inspect", str(source), "--json").out)
    assert said["mapping"]["fields"]["rtrw"] == "105_sls"
    assert said["mapping"]["fields"]["alamat"] == "107_alamat"
    header = ["nama", "domisili", "lingkungan"]
    row = ["Siti", "Jl Melati 4 RT 003 RW 007", "2024-03-07"]
    other = inspect_source(write_csv(tmp_path / "s.csv", header, [row] * 20))
    assert "rtrw" not in other.mapping.fields


def test_rows_are_told_by_the_lines_of_the_spreadsheet(tmp_path: Path) -> None:
    """The twelfth person stands on line 16, which is what Excel shows."""
    name, born, *others = GOOD
    people = [[str(at), name, born, *others] for at in range(1, 12)]
    people.append(["12", name, "31-02-1980", others[0], "3.17191E+15", others[2]])
    rows = [["Dinas Sosial"], [], list(COLUMNS), *people]
    source, out = write_xlsx(tmp_path / "s.xlsx", ["Daftar"], rows), tmp_path / "m.yaml"
    said = command("padan-encoder", "--lang", "en", "inspect", str(source), "--out", str(out)).out
    assert "(first row 16)" in said
    assert "first row 16)" in said.split("(first row 16)", 1)[1], "by field as well"
    told = command("padan-encoder", "--lang", "en", "check", str(source), "--mapping", str(out))
    by_rule = told.out[told.out.index("Cells by rule") :]
    assert re.search(r"lahir\W+1\W+16\W", by_rule), by_rule
