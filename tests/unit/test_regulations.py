"""One regulation in all its usual spellings, and no other taken for it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.charter.regulations import Regulation, has_ended, regulations_in

ENDED = Regulation("inpres", 4, 2022)
NAMES = {
    "inpres": ("Inpres", "INPRES", "Instruksi Presiden", "instruksi presiden"),
    "uu": ("UU", "U.U.", "Undang-Undang", "Undang Undang", "UNDANG-UNDANG"),
    "pp": ("PP", "Peraturan Pemerintah"),
    "perpres": ("Perpres", "Peraturan Presiden"),
    "permendagri": ("Permendagri", "Peraturan Menteri Dalam Negeri", "Permen Dagri"),
}
STATES = ("", " RI", " R.I.", " Republik Indonesia", " REPUBLIK INDONESIA")
NUMBERS = ("4/2022", "4 / 2022", "4 Tahun 2022", "4 TAHUN 2022", "4 Th. 2022", "4 thn 2022")
BEFORE = (" ", " No. ", " No ", " no.", " Nomor ", " NOMOR: ")


@given(
    kind=st.sampled_from(sorted(NAMES)),
    which=st.integers(0, 4),
    state=st.sampled_from(STATES),
    before=st.sampled_from(BEFORE),
    number=st.sampled_from(NUMBERS),
    around=st.sampled_from(
        ("{}", "{} tentang sesuatu", "({})", "Berdasarkan {}, Pasal 3 ayat (1)")
    ),
)
def test_every_usual_spelling_is_one_regulation(
    kind: str, which: int, state: str, before: str, number: str, around: str
) -> None:
    name = NAMES[kind][which % len(NAMES[kind])]
    cited = around.format(f"{name}{state}{before}{number}")
    assert regulations_in(cited) == {Regulation(kind, 4, 2022)}
    assert has_ended(cited, date(2025, 1, 1)) is (kind == "inpres")


@pytest.mark.parametrize(
    "text",
    [
        "Instruksi Presiden Republik Indonesia Nomor 4 Tahun 2022",
        "Instruksi Presiden (Inpres) Nomor 4 Tahun 2022",
        "Inpres Nomor 4 (empat) Tahun 2022 (dua ribu dua puluh dua)",
        "Inpres No.04/2022",
        "Inpres Tahun 2022 Nomor 4",
        "Inpres Nomor 4 tanggal 8 Juni 2022",
        "Inpres tentang Percepatan Penghapusan Kemiskinan Ekstrem Nomor 4 Tahun 2022",
        "Inpres\N{NO-BREAK SPACE}No.4\nTahun\N{NO-BREAK SPACE}2022",
        "Inpres N\N{SOFT HYPHEN}omor 4 Ta\N{ZERO WIDTH SPACE}hun 2022",
        "\N{FULLWIDTH LATIN CAPITAL LETTER I}npres \N{FULLWIDTH DIGIT FOUR}/2022",
        "Inpres 4/2025 dan 4/2022",
        "Inpres Nomor 4 Tahun 2025 jo. Nomor 4 Tahun 2022",
        "inpres4/2022",
    ],
)
def test_rarer_spellings_of_the_one_that_ended(text: str) -> None:
    assert ENDED in regulations_in(text)
    assert has_ended(text, date(2025, 1, 1))
    assert not has_ended(text, date(2024, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "Inpres 4/2025 tentang DTSEN",
        "Inpres 14/2022",
        "Inpres 4/2023",
        "Inpres 4/20221",
        "Perpres 4/2022",
        "Inpres 4/2025 dan Perpres 4/2022",
        "Inpres 4/2025, SK Bupati 4/2022",
        "Inpres 4/2025; Instruksi Gubernur Nomor 4 Tahun 2022",
        "Inpres 4/2025; Peraturan Menteri Sosial Nomor 4 Tahun 2022",
        "4/2022",
        "",
    ],
)
def test_other_regulations_are_not_taken_for_it(text: str) -> None:
    assert not has_ended(text, date(2025, 1, 1))


def test_several_in_one_sentence() -> None:
    text = "UU 23/2006 jo. UU 24/2013 Ps. 84(1); Permendagri No 102 Tahun 2019 jo. 17/2023"
    assert regulations_in(text) == {
        Regulation("uu", 23, 2006),
        Regulation("uu", 24, 2013),
        Regulation("permendagri", 102, 2019),
        Regulation("permendagri", 17, 2023),
    }
    perppu = "Peraturan Pemerintah Pengganti Undang-Undang Nomor 2 Tahun 2022"
    assert regulations_in(perppu) == {Regulation("perppu", 2, 2022)}


def test_a_long_text_is_read_in_a_moment() -> None:
    assert regulations_in("inpres no tahun " * 2000) == frozenset()
    assert regulations_in("inpres 4 dan 4 / " * 2000) == frozenset()
