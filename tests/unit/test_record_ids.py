"""Ids of rows: several columns that are one, ids that repeat, and which column is proposed."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import yaml

from encoder.base.pieces import half_of
from encoder.source.cell_values import Settler
from encoder.source.lines import Lines
from encoder.source.mapping import IdColumns, Mapping, load_mapping
from encoder.source.presets.layouts import Role
from encoder.source.presets.record_ids import may_be_id, propose_record_id
from encoder.source.readers import Chunk, read_columns, read_rows
from encoder.steps.inspect import inspect_source, mapping_yaml
from encoder.store.identity import Identity
from encoder.store.repeated_ids import RepeatedIds, SharedIds, contents_of
from policy.charter import LinkageField

FIELDS = (LinkageField(name="nama", kind="name"), LinkageField(name="lahir", kind="date"))
TOGETHER = IdColumns(columns=("kode_desa", "no_urut"))


def write(path: Path, header: list[str], *rows: list[str]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def test_several_columns_are_an_id_together(tmp_path: Path) -> None:
    rows = [["01", "1", "BUDI"], ["01", " 2 ", "SITI"], ["02", "1", "AYU"], ["02", "", "MADE"]]
    path = write(tmp_path / "s.csv", ["kode_desa", "no_urut", "nama"], *rows)
    (tmp_path / "m.yaml").write_text(
        "record_id: {columns: [kode_desa, no_urut]}\nfields: {nama: nama}\n"
    )
    mapping = load_mapping(tmp_path / "m.yaml")
    assert mapping.record_id == TOGETHER
    (chunk,) = read_rows(path, mapping, {"nama": "name"}, 10)
    assert chunk.record_ids == ["01/1", "01/2", "02/1"]
    assert chunk.refused == [(4, "no-record-id")]
    assert mapping.source_columns() == ("kode_desa", "no_urut", "nama")
    assert next(read_columns(path, mapping, ("no_urut",))) == (1, ["1"])
    again = Mapping.model_validate_json(mapping.model_dump_json(exclude_defaults=True))
    assert again == mapping
    dumped = yaml.safe_dump(mapping.model_dump(exclude_defaults=True))
    (tmp_path / "m.yaml").write_text(dumped)
    assert load_mapping(tmp_path / "m.yaml") == mapping


def test_the_proposal_writes_such_an_id(tmp_path: Path) -> None:
    found = inspect_source(write(tmp_path / "s.csv", ["NIK", "Nama"], ["", "BUDI"]))
    mapping = found.mapping.model_copy(update={"record_id": TOGETHER})
    text = mapping_yaml(type(found)(**{**vars(found), "mapping": mapping}))
    (tmp_path / "m.yaml").write_text(text)
    assert load_mapping(tmp_path / "m.yaml").record_id == TOGETHER


def chunk(ids: list[str], names: list[str], first_row: int = 1) -> Chunk:
    numbers = list(range(first_row, first_row + len(ids)))
    return Chunk(numbers, ids, {"nama": names, "lahir": ["1980"] * len(ids)}, [])


def repeated(*chunks: Chunk) -> SharedIds:
    kinds = {each.name: each.kind for each in FIELDS}
    settle = Settler(kinds, Mapping(record_id="id", fields={name: name for name in kinds}))
    ids, identity = RepeatedIds(), Identity(FIELDS)
    for each in chunks:
        ids.add(*contents_of(identity, each, settle(each)))
    return ids.found()


def test_an_id_of_different_people_is_told_by_its_rows() -> None:
    first = chunk(["a", "b", "c", "a"], ["BUDI", "SITI", "AYU", "budi "])
    second = chunk(["b", "d"], ["SITI BINTI ALI", "MADE"], first_row=5)
    found = repeated(first, second)
    assert (found.ids, found.rows, found.first) == (1, 2, (2, 5))
    assert (
        "1 record ids are those of more than one person, on 2 rows: 2, 5" in found.words(Lines()).en
    )
    assert not repeated(first)


@pytest.mark.parametrize("held", [24, 1 << 20])
def test_repeats_are_found_however_little_is_held(held: int) -> None:
    ids = RepeatedIds(held)
    for at in range(0, 5_000, 50):
        names = [f"r{number % 4_990}" for number in range(at, at + 50)]
        digests = b"".join(number.to_bytes(16, "little") for number in range(at, at + 50))
        ids.add(range(at, at + 50), names, half_of(digests))
    found = ids.found()
    assert (found.ids, found.rows) == (10, 20)
    assert found.first == (*range(10), *range(4_990, 5_000))
    assert not RepeatedIds().found()


@pytest.mark.parametrize(
    ("columns", "proposed"),
    [
        ({"id_kpm": ["a1", "a2", "a3"], "kode": ["1", "2", "3"]}, "id_kpm"),
        ({"kode_register": ["7", "9", "8"], "ket": ["x", "y", "z"]}, "kode_register"),
        ({"acuan": ["K7", "K9", "K8"]}, "acuan"),
        ({"acuan": ["satu", "dua", "tiga"]}, None),
        ({"id": ["1", "2", "2"]}, None),
        ({"id": ["1", "", "2"]}, None),
        ({"id": ["1", "2", "3"]}, "id"),
        ({"No": ["1", "2", "3"]}, None),
        ({"No. Urut": ["3", "1", "2"]}, None),
        ({"catatan_id": ["a b", "c d", "e f"]}, None),
        ({"kode_desa": ["01", "01", "02"], "no_urut": ["1", "2", "1"]}, TOGETHER),
        (
            {"kode_desa": ["01", "01", "01"], "no_rt": ["1", "1", "2"], "no_art": ["1", "2", "1"]},
            IdColumns(columns=("no_rt", "no_art")),
        ),
        ({"kode_desa": ["01", "01", "01"], "no_urut": ["1", "2", "1"]}, None),
        ({}, None),
    ],
)
def test_the_id_is_proposed_by_the_cells(
    columns: dict[str, list[str]], proposed: str | IdColumns | None
) -> None:
    assert propose_record_id(columns) == proposed


def test_a_number_of_each_village_is_an_id_with_the_village() -> None:
    columns = {"No": ["1", "2", "1"], "Desa": ["Suka Maju", "Suka Maju", "Suka Makmur"]}
    assert propose_record_id(columns) is None
    assert propose_record_id(columns, "Desa") == IdColumns(columns=("No", "Desa"))


def test_personal_data_and_payload_are_never_an_id() -> None:
    headers = ["id", "NIK", "No KK", "No HP", "kode_bank", "desil", "Nama", "x", "x", "Desa"]
    roles: dict[Role, str] = {"nik": "NIK", "name": "Nama", "village": "Desa"}
    assert may_be_id(headers, roles, None) == ("id", "kode_bank", "Desa")
