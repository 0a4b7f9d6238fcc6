"""The worked examples of the rules, and laws that hold for any text."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encoder.normalise import RULES, normalise_column, outputs, ruleset_digest
from encoder.normalise.codes import sex
from encoder.normalise.dates import birth_date
from encoder.normalise.names import name
from encoder.normalise.nik import nik
from encoder.normalise.text import text


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("SUKIRMAN/KIRMAN", "SUKIRMAN"),
        ("BUDI SANTOSO, S.E., M.M.", "BUDI SANTOSO"),
        ("SITI AMINAH S PD", "AMINAH SITI"),
        ("Hj. ROHANI", "ROHANI"),
        ("ALM. H. ABD. RAHMAN", "ABDULRAHMAN"),
        ("ST AMINAH", "AMINAH SITI"),
        ("ALI BIN HASAN", "ALI"),
        ("MA'RUF", "MARUF"),
        ("AL HADI", "ALHADI"),
        ("SOEHARTO", "SUHARTO"),
        ("TJAHJONO", "CAHYONO"),
        ("WIDJAJA", "WIJAYA"),
        ("ANJANI", "ANJANI"),
        ("SYAMSUDDIN", "SYAMSUDIN"),
        ("5ITI", "SITI"),
        ("José", "JOSE"),
        ("Tdk Th", ""),
        ("-", ""),
        ("H", "H"),
        ("IDA", "IDA"),
        ("DEWI S", "DEWI S"),
    ],
)
def test_names(written: str, normal: str) -> None:
    assert name(written) == normal


@pytest.mark.parametrize(
    "same",
    [
        ("M.RIZKI", "MUHAMMAD RIZKI", "MOH. RIZKI", "Muhamad  Rizki"),
        ("BUDI SANTOSO", "SANTOSO BUDI", "Budi\u00a0Santoso"),
        ("AL-FATIH", "ALFATIH", "Al Fatih"),
        ("ACHMAD", "AKHMAD", "AHMAD"),
        ("NOOR HAYATI", "NUR HAYATI"),
    ],
)
def test_spellings_of_one_name_agree(same: tuple[str, ...]) -> None:
    assert len({name(each) for each in same}) == 1


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("22673.0", ("1962", "1", "27")),
        ("16 April 1970", ("1970", "4", "16")),
        ("16 Apr 70", ("1970", "4", "16")),
        ("16-Pebruari-1970", ("1970", "2", "16")),
        ("17-05-1980", ("1980", "5", "17")),
        ("17.05.80", ("1980", "5", "17")),
        ("1980-05-17", ("1980", "5", "17")),
        ("1980-05-17 00:00:00", ("1980", "5", "17")),
        ("17051980", ("1980", "5", "17")),
        ("19450512", ("1945", "5", "12")),
        ("04/13/1980", ("1980", "4", "13")),
        ("BANDUNG, 12-03-1980", ("1980", "3", "12")),
        ("01-07-1970", ("1970", "", "")),
        ("31/12/1955", ("1955", "", "")),
        ("31/02/1990", ("1990", "", "")),
        ("1975", ("1975", "", "")),
        ("17-05-2015", ("2015", "5", "17")),
        ("17-05-15", ("2015", "5", "17")),
        ("17-05-1850", ("", "", "")),
        ("kemarin", ("", "", "")),
        ("", ("", "", "")),
    ],
)
def test_dates(written: str, parts: tuple[str, str, str]) -> None:
    found = birth_date(written)
    assert (found.year, found.month, found.day) == parts


@pytest.mark.parametrize(
    ("written", "number", "flag"),
    [
        ("3171910107900001", True, ""),
        ("3171914107900002", True, ""),
        ("3171917102900001", True, "NIK_DATE"),
        ("3171918507900001", True, "NIK_DATE"),
        ("3171910101900000", False, "NIK_SERIAL0"),
        ("0317101100100012", False, "NIK_TEMP"),
        ("3.17191E+15", False, "NIK_SCI"),
        ("3171910107000000", False, "NIK_SCI"),
        ("'3171910107900001", True, ""),
        ("3171 9101 0790 0001", True, ""),
        ("5202030107620702\u00a0", True, ""),
        ("317191010790000", False, "NIK_FORMAT"),
        ("1111111111111111", False, "NIK_FILLER"),
        ("1234567890123456", False, "NIK_FILLER"),
        ("tidak ada", False, "NIK_EMPTY"),
        ("", False, "NIK_EMPTY"),
        ("-", False, "NIK_EMPTY"),
        ("0", False, "NIK_EMPTY"),
    ],
)
def test_the_ladder_of_the_nik(written: str, number: bool, flag: str) -> None:
    found, said = nik(written)
    assert said == ((flag,) if flag else ())
    assert len(found) == (16 if number else 0)


@pytest.mark.parametrize(
    ("codes", "normal"),
    [
        (("L", "LK", "Lk.", "LAKI-LAKI", "Laki - laki", "PRIA", "1"), "M"),
        (("P", "PR", "Pr.", "PEREMPUAN", "WANITA", "2", "F", "W"), "F"),
        (("", "-", "3", "X"), ""),
    ],
)
def test_sex_codes(codes: tuple[str, ...], normal: str) -> None:
    assert {sex(code) for code in codes} == {normal}


@given(st.text(max_size=40))
def test_nothing_raises_and_twice_is_once(cell: str) -> None:
    # T01 takes backslashes away before it knows every quote: "\\\u02bc" needs it twice.
    once_is_enough = "\\" not in unicodedata.normalize("NFKC", cell)
    for rule in (name, text, sex) if once_is_enough else ():
        once = rule(cell)
        # "X,A" loses its title and leaves "X", which alone is the mark of an empty cell.
        assert rule(once) in ({once, ""} if len(once) == 1 else {once})
    birth_date(cell)
    nik(cell)


_words = st.sampled_from("BUDI SITI DJOKO SYAFII QADRI SOEKARNO ANNISA M. H. ABD WAHID".split())


@given(st.lists(_words, min_size=1, max_size=5))
def test_names_keep_to_their_alphabet(words: list[str]) -> None:
    normal = name(" ".join(words))
    assert normal.split() == sorted(normal.split(), key=lambda word: (len(word) == 1, word))
    assert set(normal) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ ")
    assert normal


def test_columns_have_their_outputs_and_counts_only() -> None:
    found = normalise_column("lahir", "date", ["17-05-1980", "kemarin", "17-05-1980"])
    assert tuple(found.columns) == outputs("lahir", "date")
    assert found.columns["lahir.year"] == ["1980", "", "1980"]
    assert [rule for _, rule in found.doubts] == ["DATE_UNREADABLE"]
    assert "kemarin" not in repr(found)


def test_every_rule_is_documented() -> None:
    page = Path(__file__).parents[2] / "docs" / "reference" / "rules.md"
    written = page.read_text(encoding="utf-8")
    for number, version, what in RULES:
        assert f"| {number} | {version} | {what} |" in written


def test_the_digest_names_rules_and_versions() -> None:
    assert len(ruleset_digest()) == 64
    assert len({number for number, _, _ in RULES}) == len(RULES)
