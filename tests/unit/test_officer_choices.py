"""What an officer chooses on the page becomes the mapping that the commands read."""

from __future__ import annotations

import pytest

from encoder.mapping import CodeColumn, FieldSource, RtRwColumns
from encoder.ui.pages.file import source_of

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
