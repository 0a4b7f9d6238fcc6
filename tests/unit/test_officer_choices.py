"""What an officer chooses on the page becomes the mapping that the commands read."""

from __future__ import annotations

from pathlib import Path

import pytest

from encoder.source.joined_columns import CodeColumn, RtRwColumns
from encoder.source.mapping import FieldSource, IdColumns, RecordId
from encoder.steps.inspect import inspect_source
from encoder.ui.choices import id_columns, record_id_of, source_of
from encoder.ui.pages.columns import unlike
from policy.charter import Bilingual, Dataset
from policy.charter.data import Source

JOINED = RtRwColumns(rt="rt", rw="rw")


@pytest.mark.parametrize(
    ("choice", "becomes"),
    [
        ("", None),
        ("Nama Lengkap", "Nama Lengkap"),
        ("(joined)", JOINED),
        ("(bps) kode_wilayah", CodeColumn(code="kode_wilayah", codebook="bps")),
        ("(kemendagri) Kode (desa)", CodeColumn(code="Kode (desa)", codebook="kemendagri")),
    ],
)
def test_a_choice_becomes_a_source(choice: str, becomes: FieldSource) -> None:
    assert source_of(choice, JOINED) == becomes


@pytest.mark.parametrize(
    ("source", "warned"), [("dtks", False), ("other", False), ("carik", True), ("ppks", True)]
)
def test_a_file_that_looks_like_another_source_is_told(
    source: Source, warned: bool, tmp_path: Path
) -> None:
    file = tmp_path / "dtks.csv"
    file.write_text("IDSEMESTA;NOKK;NIK;Nama;Tgl Lahir;JK;nama_ibu_kandung;PKH;BPNT\n" + ";" * 8)
    title = Bilingual(id="Daftar", en="List")
    dataset = Dataset(
        id="x", owner="a", title=title, data_class="umum", source=source, rows_min=1, rows_max=9
    )
    found = inspect_source(file)
    assert found.fit is not None
    assert (unlike(found, dataset) is not None) == warned


@pytest.mark.parametrize(
    ("record_id", "shown"),
    [
        (None, ("", "")),
        ("id", ("id", "")),
        (IdColumns(columns=("desa", "no")), ("desa", "no")),
        (IdColumns(columns=("desa", "rw", "no")), ("(joined)", "")),
    ],
)
def test_a_record_id_is_chosen_as_it_is_shown(record_id: RecordId, shown: tuple[str, str]) -> None:
    assert id_columns(record_id) == shown
    assert record_id_of(*shown, record_id) == record_id
