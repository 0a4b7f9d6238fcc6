"""The worked examples of the rules, by number, and the pin that guards their versions."""

from __future__ import annotations

import pytest

from encoder.normalise import normalise_column, ruleset_digest
from encoder.normalise.codes import sex
from encoder.normalise.dates import birth_date
from encoder.normalise.names import name
from encoder.normalise.nik import nik, nik_digits, niks
from encoder.normalise.regencies import REGENCIES
from encoder.normalise.text import clean, digits, text
from policy.base.canonical import canonical_json, sha256

TEXTS = [
    ("T01", "5202030107620702\u00a0", "5202030107620702"),
    ("T02", "José", "JOSE"),
    ("T03", "Tdk Th", ""),
    ("T03", " -- ", ""),
    ("T03", "#N/A", ""),
    ("T03", "Belum ada", ""),
    ("T04", "''  A   B ", "A B"),
]
NAMES = [
    ("N01", "SUKIRMAN/KIRMAN", "SUKIRMAN"),
    ("N01", "Hermawan als Wawan", "HERMAWAN"),
    ("N01", "(ALM) BUDI", "BUDI"),
    ("N02", "BUDI SANTOSO, S.E., M.M.", "BUDI SANTOSO"),
    ("N03", "SITI AMINAH S PD", "AMINAH SITI"),
    ("N03", "BUDI Sp.PD", "BUDI"),
    ("N03", "SITI MUSLIMAH S.Farm., Apt", "MUSLIMAH SITI"),
    ("N04", "Hj. ROHANI", "ROHANI"),
    ("N04", "ROHANI, HJ", "ROHANI"),
    ("N04", "ZAKI DR", "ZAKI"),
    ("N04", "ALM. H. ABD. RAHMAN", "ABDULRAHMAN"),
    ("N04g", "IDA", "IDA"),
    ("N04g", "HAJI", "HAJI"),
    ("N04g", "ZAKI H", "ZAKI H"),
    ("N04g", "ST AMINAH", "AMINAH SITI"),
    ("N05", "ALI BIN HASAN", "ALI"),
    ("N05", "ALI B. HASAN", "ALI"),
    ("N06", "M.RIZKI", "MUHAMMAD RIZKI"),
    ("N06", "RIZKI MOHAMAD", "MUHAMMAD RIZKI"),
    ("N06", "RIZKI M", "RIZKI M"),
    ("N07", "NOOR ACHMAD", "AHMAD NUR"),
    ("N07", "I MD RAI", "MADE RAI I"),
    ("N07", "MD RAI", "MUHAMMAD RAI"),
    ("N07", "AA SUTISNA", "AA SUTISNA"),
    ("N07", "FX SUHARTO", "FRANSISKUS SUHARTO XAVERIUS"),
    ("N08", "MA'RUF", "MARUF"),
    ("N08", "AL-FATIH", "ALFATIH"),
    ("N08", "AL HADI", "ALHADI"),
    ("N09", "ABDUL RAHMAN", "ABDULRAHMAN"),
    ("N09", "ABDURRAHMAN", "ABDULRAHMAN"),
    ("N09", "Abdussalam", "ABDULSALAM"),
    ("N10", "SOEHARTO", "SUHARTO"),
    ("N10", "TJAHJONO", "CAHYONO"),
    ("N10", "WIDJAJA", "WIJAYA"),
    ("N10", "CHAIRUL MOCHTAR", "KHAIRUL MOKHTAR"),
    ("N10", "CHANDRA RICHARD", "CHANDRA RICHARD"),
    ("N11", "SYAMSUDDIN", "SYAMSUDIN"),
    ("N13", "SANTOSO BUDI", "BUDI SANTOSO"),
    ("N15", "5ITI", "SITI"),
]
DATES = [
    ("D01", "22673.0", ("1962", "1", "27"), ""),
    ("D01", "16 April 1970", ("1970", "4", "16"), ""),
    ("D01", "16 Apr 70", ("1970", "4", "16"), ""),
    ("D01", "16-Pebruari-1970", ("1970", "2", "16"), ""),
    ("D01", "19450512", ("1945", "5", "12"), ""),
    ("D01", "12051945", ("1945", "5", "12"), ""),
    ("D01", "BANDUNG, 12-03-1980", ("1980", "3", "12"), ""),
    ("D01", "JAKARTA 12-03-1980", ("1980", "3", "12"), ""),
    ("D01", "16 April '70", ("1970", "4", "16"), ""),
    ("D01", "5081970", ("1970", "8", "5"), ""),
    ("D01", "130480", ("1980", "4", "13"), ""),
    ("D01", "9" * 5000, ("", "", ""), "DATE_UNREADABLE"),
    ("D02", "04/13/1980", ("1980", "4", "13"), "DATE_SWAPPED"),
    ("D02", "04/12/1980", ("1980", "12", "4"), ""),
    ("D03", "3 Agt 1999", ("1999", "8", "3"), ""),
    ("D04", "01-07-1970", ("1970", "", ""), "DATE_PLACEHOLDER"),
    ("D04", "99-99-1970", ("1970", "", ""), "DATE_PLACEHOLDER"),
    ("D04", "00-03-1970", ("1970", "3", ""), "DATE_PLACEHOLDER"),
    ("D06", "01-02-1890", ("", "", ""), "DATE_RANGE"),
    ("D06", "01-02-2090", ("", "", ""), "DATE_RANGE"),
]
SEXES = {
    "M": ["L", "Lk.", "LAKI-LAKI", "pria", "M", "1", "1.0", "1. Laki-laki"],
    "F": ["P", "Pr.", "2", "2.0", "Perempuan (P)"],
}
NIKS = [
    ("3171910107900001", "3171910107900001", ""),
    ("'3171914107900002", "3171914107900002", ""),
    ("3171 9101 0790 0001", "3171910107900001", ""),
    ("3171910107900001.0", "3171910107900001", ""),
    ("9171010107900001.0", "", "NIK_SCI"),
    ("3.17191E+15", "", "NIK_SCI"),
    ("3171917102900001", "3171917102900001", "NIK_DATE"),
    ("3171918507900001", "3171918507900001", "NIK_DATE"),
    ("3171910101900000", "", "NIK_SERIAL0"),
    ("9971910107900001", "9971910107900001", "NIK_REGION"),
    ("0317101100100012", "", "NIK_TEMP"),
    ("1234567890123456", "", "NIK_FILLER"),
    ("3171910000000000", "", "NIK_FILLER"),
    ("317191010790000", "", "NIK_FORMAT"),
    ("tidak ada", "", "NIK_EMPTY"),
]


@pytest.mark.parametrize(("rule", "cell", "wanted"), TEXTS)
def test_text(rule: str, cell: str, wanted: str) -> None:
    assert text(cell) == wanted, rule


@pytest.mark.parametrize(("rule", "cell", "wanted"), NAMES)
def test_names(rule: str, cell: str, wanted: str) -> None:
    assert name(cell) == wanted, rule


@pytest.mark.parametrize(("rule", "cell", "wanted", "flag"), DATES)
def test_dates(rule: str, cell: str, wanted: tuple[str, str, str], flag: str) -> None:
    found = birth_date(cell)
    assert (found.year, found.month, found.day, found.flag) == (*wanted, flag), rule


def test_sexes() -> None:
    """D07."""
    assert {code: {sex(cell) for cell in cells} for code, cells in SEXES.items()} == {
        "M": {"M"},
        "F": {"F"},
    }
    assert sex("X") == ""


@pytest.mark.parametrize(("cell", "wanted", "flag"), NIKS)
def test_niks(cell: str, wanted: str, flag: str) -> None:
    """K01: the ladder."""
    assert nik(cell) == (wanted, (flag,) if flag else ())


@pytest.mark.parametrize(("region", "known"), [("3176", 0), ("6410", 1), ("9128", 1), ("9271", 1)])
def test_a_region_that_ever_gave_out_niks_is_known(region: str, known: bool) -> None:
    """K01: 64.10 and the others have other numbers today; 31.76 never was."""
    number = f"{region}910107900001"
    assert nik(number) == (number, () if known else ("NIK_REGION",))
    assert len(niks([number])[1]) == (not known)


def test_today_514_kabupaten_and_kota_have_numbers() -> None:
    """Kepmendagri 300.2.2-2138/2025; the others have moved to new provinces."""
    moved = {"64": (4, 5, 6, 10, 73), "73": (19, 20, 21, 23, 25), "92": (1, 4, 5, 9, 10, 71)}
    moved["91"] = (1, 2, 4, *range(7, 10), *range(12, 15), *range(16, 19), *range(21, 29))
    gone = {f"{province}{n:02d}" for province, numbers in moved.items() for n in numbers}
    assert gone < REGENCIES
    assert len(REGENCIES - gone) == 514


def test_a_nik_may_be_doubtful_for_two_reasons() -> None:
    assert nik("9971917102900001") == ("9971917102900001", ("NIK_DATE", "NIK_REGION"))
    assert nik("9971917102900000") == ("", ("NIK_SERIAL0", "NIK_DATE", "NIK_REGION"))


def test_a_column_of_niks_is_what_each_cell_is() -> None:
    cells = [cell for cell, *_ in NIKS] * 2
    numbers, flags = niks(cells)
    assert numbers == [nik(cell)[0] for cell in cells]
    assert flags == [(at, flag) for at, cell in enumerate(cells) for flag in nik(cell)[1]]


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("3171910107900001", "3171910107900001"),
        ("'31719101079000", "31719101079000"),
        ("317191010790000123", ""),
        ("3171910107000000", ""),
        ("3.17191010790E+15", "317191010790"),
        ("3171910101900000", "317191010190"),
        ("3.17E+15", ""),
        ("tidak ada", ""),
        ("9999999999999999", ""),
    ],
)
def test_digits_of_damaged_niks(cell: str, wanted: str) -> None:
    """K01: what q-grams can still use."""
    assert nik_digits(cell) == wanted


@pytest.mark.parametrize(
    ("cell", "written", "other", "fathers"),
    [
        ("SUKIRMAN/KIRMAN", "SUKIRMAN", "KIRMAN", ""),
        ("Wawan (HERMAWAN)", "WAWAN", "HERMAWAN", ""),
        ("ASEP als. AA SURYANA", "ASEP", "AA SURYANA", ""),
        ("BUDI (ALM)", "BUDI", "", ""),
        ("BUDI, Sp.A(K)", "BUDI", "", ""),
        ("ALI BIN HASAN", "ALI", "", "HASAN"),
        ("SITI AMINAH BINTI H. ABD RAHMAN", "SITI AMINAH", "", "ABDULRAHMAN"),
        ("SANTOSO BUDI", "SANTOSO BUDI", "", ""),
        ("Hj. ST ROHANI, S.E.", "SITI ROHANI", "", ""),
        ("-", "", "", ""),
    ],
)
def test_parts_of_names(cell: str, written: str, other: str, fathers: str) -> None:
    """N01, N05, N13: only where the charter uses them."""
    used = {"nama.ordered", "nama.alias", "nama.father"}
    found = normalise_column("nama", "name", [cell], used).columns
    assert found["nama.ordered"] == [written]
    assert (found["nama.alias"], found["nama.father"]) == ([other], [fathers])
    assert set(normalise_column("nama", "name", [cell]).columns) == {"nama"}


@pytest.mark.parametrize(
    ("cell", "about", "flag"),
    [
        ("UMUR 45 PADA 2022", "1977", "DATE_AGE"),
        ("USIA 0 PADA 2022", "2022", "DATE_AGE"),
        ("45 tahun", "", "DATE_AGE"),
        ("UMUR 130 PADA 2022", "", "DATE_RANGE"),
        ("17-05-1980", "1980", ""),
        ("01-07-1950", "1950", "DATE_PLACEHOLDER"),
        ("-", "", ""),
    ],
)
def test_an_age_says_about_which_year(cell: str, about: str, flag: str) -> None:
    """D05."""
    found = normalise_column("lahir", "date", [cell], {"lahir.about"})
    assert found.columns["lahir.about"] == [about]
    assert found.doubts == ([(0, flag)] if flag else [])
    if flag == "DATE_AGE":
        assert found.columns["lahir.year"] == [""]


@pytest.mark.parametrize(
    "cell",
    ["3175010101800001-12-1980", "12/3175010101800001/1980", "1980-12-3175010101800001 23:59:59"],
)
def test_a_number_beyond_all_dates_beside_a_year_leaves_the_year(cell: str) -> None:
    """D06: a NIK in the column of the day stops nobody's file."""
    found = normalise_column("lahir", "date", [cell])
    assert [cells[0] for cells in found.columns.values()] == ["1980", "", ""]
    assert found.doubts == [(0, "DATE_RANGE")]


def test_digits() -> None:
    """G01."""
    assert [digits(cell) for cell in ("021-555 0", "000", "-")] == ["0215550", "", ""]


def test_flags_are_counted() -> None:
    found = normalise_column("jk", "sex", ["L", "?", "?", ""])
    assert found.columns["jk"] == ["M", "", "", ""]
    assert found.doubts == [(1, "SEX_UNREADABLE"), (2, "SEX_UNREADABLE")]
    assert normalise_column("n", "name", ["X" * 1001]).doubts == [(0, "CELL_TOO_LONG")]


def test_whoever_changes_an_outcome_raises_a_version() -> None:
    """If only the second digest differs: give the rule that changed a new version."""
    outcomes = [
        [[clean(cell), text(cell)] for _, cell, _ in TEXTS],
        [name(cell) for _, cell, _ in NAMES],
        [[d.year, d.month, d.day] for d in (birth_date(cell) for _, cell, *_ in DATES)],
        [sex(cell) for cells in SEXES.values() for cell in cells],
        [[nik(cell)[0], list(nik(cell)[1])] for cell, *_ in NIKS],
    ]
    assert ruleset_digest() == "c2f0797840345a9bef81b5c99d9ed369faef6451a11feb5e891796088aafa566"
    assert (
        sha256(canonical_json(outcomes))
        == "45abda82003831e8f9ed62bf89615433b4aac65a1eeb3d2060dabb28e7dfb6a8"
    )
