"""What the results page says of a release: counts by domain, and columns that can be added."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from encoder.source.mapping import Mapping
from encoder.steps.check_release import OpenedFile
from encoder.store.handles import Handles
from encoder.store.prepared import PreparedDataset
from encoder.ui.listing import DomainFigures, figures_of, list_columns
from policy.formats.release_file import ReleasedRow
from policy.statements import StagedFile


def prepared_in(folder: Path) -> PreparedDataset:
    """Four rows of three people."""
    people = Handles(b"k" * 32).of_people(
        [1, 2, 3, 4], ["r1", "r2", "r3", "r4"], [("BUDI",), ("ANI",), ("CICI",), ("ANI",)]
    )
    return PreparedDataset.freeze(folder / "d.sqlite", [people], [], lambda _: [], {})


def opened(
    domain: str,
    form: Literal["membership", "private-index"],
    rows: list[tuple[bytes, bool | None]],
) -> OpenedFile:
    file = StagedFile.model_construct(domain=domain, form=form)
    released = [ReleasedRow(handle, b"m" * 16, b"s" * 32, verify) for handle, verify in rows]
    return OpenedFile(file, released)


def test_people_are_counted_by_domain_and_grade(tmp_path: Path) -> None:
    prepared = prepared_in(tmp_path)
    budi, ani, cici, _ = (handle for _, _, handle in prepared.source_rows())
    figures = figures_of(
        prepared,
        [
            opened("kota", "membership", [(budi, False), (ani, True)]),
            opened("provinsi", "membership", [(ani, None)]),
            opened("indeks", "private-index", [(budi, None), (ani, None), (cici, None)]),
        ],
    )
    assert (figures.people, figures.rows, figures.of) == (2, 3, 4)
    kota, provinsi, indeks = figures.domains
    assert (kota.confirmed, kota.to_verify) == (1, 1)
    assert provinsi == DomainFigures("provinsi", tells=True, people=1, to_verify=None)
    assert (indeks.tells, indeks.people) == (False, 3)


def test_a_private_index_alone_tells_nobody(tmp_path: Path) -> None:
    prepared = prepared_in(tmp_path)
    handles = [(handle, None) for _, _, handle in prepared.source_rows()]
    figures = figures_of(prepared, [opened("indeks", "private-index", list(handles[:1]))])
    assert not figures.tells
    assert figures.people == figures.rows == 0


def test_columns_of_one_s_own_file_can_be_added(tmp_path: Path) -> None:
    file = tmp_path / "daftar.csv"
    file.write_text("Rekap;;;;;\nid;nama;alamat;desil_nasional;catatan;catatan\n1;A;B;4;;\n")
    mapping = Mapping(record_id="id", fields={"nama": "nama"}, header_row=2, delimiter=";")
    found = {each.name: each for each in list_columns(file, mapping)}
    assert set(found) == {"alamat", "desil_nasional"}
    assert found["alamat"].of_address
    assert found["desil_nasional"].of_programme
