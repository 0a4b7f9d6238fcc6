"""The folder of chosen files: what prepared rows came from is never written over."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from encoder.source.mapping import Mapping
from encoder.ui.chosen import Chosen, SourceFolder, called, carried_over
from encoder.ui.status import status_values
from policy.base.errors import BadInput
from policy.base.words import Words

MAPPING = Mapping(record_id="id", fields={"nama": "nama", "ibu": "ibu"})


def folder(path: Path, *needed: Path) -> SourceFolder:
    return SourceFolder(path, "carik", 0, frozenset(each.resolve() for each in needed))


def drop(sources: SourceFolder, content: bytes) -> Path:
    return sources.take(sources.copy("Data Carik.CSV", io.BytesIO(content)))


def test_a_file_that_rows_were_prepared_from_stays_until_others_are(tmp_path: Path) -> None:
    first = drop(folder(tmp_path), b"old")
    mapping = tmp_path / folder(tmp_path).save_mapping(MAPPING)
    sources = folder(tmp_path, first, mapping)
    second = drop(sources, b"new")
    newer = sources.save_mapping(MAPPING)
    sources.choose(Chosen(path=str(second), mapping=newer))
    assert (first.read_bytes(), second.read_bytes()) == (b"old", b"new")
    assert newer == "carik.b.yaml"
    after = folder(tmp_path, second, tmp_path / newer)
    after.choose(Chosen(path=str(second), mapping=newer))
    assert {each.name for each in tmp_path.iterdir()} == {
        *("carik.b.csv", "carik.b.yaml", "carik.source"),
    }


def test_other_datasets_and_generations_are_left_alone(tmp_path: Path) -> None:
    others = ("carik.1.csv", "carik.1.yaml", "carik-2.csv", "carik.list-rilis-1.csv")
    for name in others:
        (tmp_path / name).touch()
    file = drop(folder(tmp_path), b"x")
    folder(tmp_path).choose(Chosen(path=str(file)))
    assert {each.name for each in tmp_path.iterdir()} == {*others, "carik.csv", "carik.source"}


def test_a_note_of_an_earlier_version_is_read(tmp_path: Path) -> None:
    (tmp_path / "carik.source").write_text("/data/carik.csv")
    assert folder(tmp_path).chosen() == Chosen(path="/data/carik.csv")
    (tmp_path / "carik.yaml").write_text("record_id: id\nfields: {ibu: ibu, nama: nama}\n")
    chosen = folder(tmp_path).chosen()
    assert chosen is not None
    assert not chosen.changed(), "nobody knows what it was like"
    assert folder(tmp_path).mapping_of(chosen) == MAPPING


def test_choices_go_on_with_the_same_columns_and_not_how_a_file_opens() -> None:
    before = MAPPING.model_copy(update={"delimiter": ";", "damaged_identifiers": "drop"})
    found = Mapping(record_id=None, fields={"nama": None, "ibu": None}, format="excel", sheet="A")
    carried = carried_over(before, found, ("id", "nama", "ibu", "alamat"))
    assert (carried.format, carried.sheet, carried.delimiter) == ("excel", "A", None)
    assert (carried.record_id, carried.damaged_identifiers) == ("id", "drop")
    assert carried_over(before, found, ("id", "nama")) is found


def test_errors_call_a_file_by_the_officer_s_name(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught, called(tmp_path / "carik.x", "Data.xls"):
        raise BadInput(
            "x", Words(f"{tmp_path}/carik.x: a", f"{tmp_path}/carik.x: b"), Words("", "")
        )
    assert (caught.value.problem.id, caught.value.problem.en) == ("Data.xls: a", "Data.xls: b")


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        (["Mati", "Ada", "mati "], [("Mati", 2), ("Ada", 1)]),
        (["", "", ""], []),
        (["ANI", "BUDI", "CICI"], None),
        (["1975-01-01"] * 3, None),
        (["orang ini sudah tidak tinggal di kelurahan itu"] * 3, None),
        ([str(at // 2) for at in range(44)], None),
    ],
)
def test_only_a_column_of_few_words_is_shown(
    cells: list[str], shown: list[tuple[str, int]] | None, tmp_path: Path
) -> None:
    file = tmp_path / "x.csv"
    file.write_text("\n".join(["nama,ket", *(f"A,{cell}" for cell in cells)]))
    found = status_values(file, Mapping(record_id=None, fields={"nama": "nama"}), "ket")
    told = None if found.values is None else [(v.value, v.rows) for v in found.values]
    assert told == shown
