"""The dead and the moved are marked; a remark about somebody else marks nobody."""

from __future__ import annotations

import pytest

from encoder.released.lists.person_states import StateColumns, is_late, said_in
from encoder.source.mapping import Mapping, StatusColumn
from tests.benchmarks.quality.methods import default_charter

CHARTER = default_charter()


@pytest.mark.parametrize(
    ("remark", "state"),
    [
        *((each, "meninggal") for each in ("Meninggal", "MD", "Almarhum", "mati", "2. Meninggal")),
        *((each, "meninggal") for each in ("sdh meninggal thn 2022", "sakit; meninggal 3/2023")),
        *((each, "pindah") for each in ("Pindah", "PINDAH KELUAR", "pindah ke Bekasi 2021")),
        ("meninggal/pindah", "meninggal"),
        *((each, "") for each in ("", "aktif", "belum meninggal", "Cerai Mati", "suami meninggal")),
        *((each, "") for each in ("Meninggal (suami)", "Alm. suami PNS", "tidak pindah")),
        *((each, "") for each in ("pindah datang", "Pindahan dari Bogor", "pindah dari Bogor")),
    ],
)
def test_remarks(remark: str, state: str) -> None:
    assert said_in(remark) == state


@pytest.mark.parametrize("name", ["SITI (ALM)", "Alm. Budi", "ALMARHUM AHMAD", "Siti (almh)"])
def test_names_of_the_dead(name: str) -> None:
    assert is_late(name)


@pytest.mark.parametrize(
    "name", ["ALMA SARI", "SALMAH", "AHMAD BIN (ALM) UMAR", "AHMAD BIN UMAR (ALM)", "NY ALM HASAN"]
)
def test_names_of_the_living(name: str) -> None:
    assert not is_late(name)


def test_columns_are_found_by_name_and_by_the_mapping() -> None:
    header = ["NIK", "Nama", "nama_ibu", "Ket.", "Status Kawin", "Hasil"]
    mapping = Mapping(
        record_id="NIK",
        fields={"nama": "Nama", "ibu": "nama_ibu"},
        status=StatusColumn(column="Hasil", leave_out=("Mati",)),
    )
    columns = StateColumns.of(header, mapping, CHARTER, None, {})
    assert columns.remarks == ("Hasil", "Ket.")
    assert columns.names == ("Nama",)
    row = dict.fromkeys(header, "")
    assert columns.state_of(row) == ""
    assert columns.state_of({**row, "Ket.": "pindah"}) == "pindah"
    assert columns.state_of({**row, "Ket.": "pindah", "Nama": "SITI (ALM)"}) == "meninggal"
    assert columns.state_of({**row, "nama_ibu": "SITI (ALM)"}) == ""
    assert columns.state_of({**row, "Status Kawin": "Cerai Mati"}) == ""
