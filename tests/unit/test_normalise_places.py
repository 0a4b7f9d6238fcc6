"""Addresses, neighbourhoods, family cards, and how names sound."""

from __future__ import annotations

import pytest

from encoder.normalise.address import address
from encoder.normalise.codes import rtrw
from encoder.normalise.names import name
from encoder.normalise.nik import kk
from encoder.normalise.places import place, postal
from encoder.normalise.sound import sound


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Jl.Raya", "JALAN RAYA"),
        ("DSN. PRAPAT", "Dusun PRAPAT"),
        ("JL MAWAR NO 12A", "Jln. Mawar No.12 A"),
        ("JL MAWAR #12/A", "JALAN MAWAR NO 12A"),
        ("JL.KARTINI GG.XXV NO.3", "Jalan Kartini Gang 25 No 3"),
        ("JL. H. NAWI II", "JALAN NAWI 2"),
        ("JL JEND SUDIRMAN", "JALAN SUDIRMAN"),
        ("KP. RAWA RT 01 RW 02", "KAMPUNG RAWA"),
        ("KP RAWA 001/002", "Kampung Rawa RT/RW : 003/001"),
        ("JL MAWAR NO 3 RT 007/003", "Jl. Mawar No. 3 RT 7 / RW 3"),
        ("KP RAWA 005/-", "Kampung Rawa"),
        ("DS. SUKAMAJU", "Desa Sukamaju"),
        ("GG. I", "GANG 1"),
        ("JL MAWAR JL V", "JL MAWAR 5"),
        ("JL I GUSTI NGURAH RAI", "I GUSTI NGURAH RAI"),
        ("APT KALIBATA TWR V", "Apartemen Kalibata Tower V"),
    ],
)
def test_one_street_written_twice(left: str, right: str) -> None:
    assert address(left) == address(right) != ""
    assert address(address(left)) == address(left)


@pytest.mark.parametrize(
    ("cell", "wanted", "rule"),
    [
        ("RT 01 RW 02", "1/2", ""),
        ("RT.001/RW.002", "1/2", ""),
        ("RW 02 RT 01", "1/2", ""),
        ("RW.02/RT.01", "1/2", ""),
        ("RT005RW010", "5/10", ""),
        ("RT/RW: 003/001", "3/1", ""),
        ("RW/RT 001/003", "3/1", ""),
        ("RT 007/003", "7/3", ""),
        ("12 RT 01/02", "1/2", ""),
        ("001/002", "1/2", ""),
        ("001 - 002", "1/2", ""),
        ("001002", "1/2", ""),
        ("2024-02-01", "", "RTRW_DATE"),
        ("2024-02-01 00:00:00", "", "RTRW_DATE"),
        ("02/01/2024", "", "RTRW_DATE"),
        ("01-Feb", "", "RTRW_DATE"),
        ("45323", "", "RTRW_UNREADABLE"),
        ("jalan buntu", "", "RTRW_UNREADABLE"),
        ("005/-", "", "RTRW_PARTIAL"),
        ("RT 5", "", "RTRW_PARTIAL"),
        ("002/000", "", "RTRW_PARTIAL"),
        ("000/000", "", ""),
        ("", "", ""),
        ("tidak ada", "", ""),
    ],
)
def test_rt_and_rw(cell: str, wanted: str, rule: str) -> None:
    """A04: by their letters, and never from a date."""
    assert rtrw(cell) == (wanted, rule)


def test_places_have_letters_alone() -> None:
    assert place("Kel. Kramat Jati") == place("KRAMATJATI") == place("kelurahan Kramat-Jati")
    assert place("KELAPA GADING TIMUR") == "KELAPAGADINGTIMUR"
    assert place("DESA SUKAMAJU") == "SUKAMAJU"
    assert place("-") == ""


def test_a_code_means_a_place_only_with_its_book() -> None:
    """A08: BPS counts otherwise, and a bare number says not who counted."""
    assert place("31.75.04.1001") == place("KEMENDAGRI 3175041001") == place("Kel. Kramat Jati")
    assert place("BPS 3175041001") == "BPS3175041001"
    assert place("3175041001") == "3175041001"
    assert place("99.01.01.2001") == "KEMENDAGRI9901012001"
    assert place(place("99.01.01.2001")) == place("99.01.01.2001")


def test_postal_codes_are_those_of_their_place() -> None:
    """A09."""
    assert postal("13520 DI Kel. Batu Ampar") == postal("13520 di BATUAMPAR") == "13520"
    assert postal("13510 DI Batu Ampar") == ""
    assert postal("13510") == "13510"
    assert postal("14999") == postal("1351") == postal("0") == postal("") == ""
    assert postal("40111 DI Sukajadi") == postal("40111") == "40111"


def test_a_family_card_is_read_like_a_nik() -> None:
    assert kk("'3171 9101 0720 0002") == "3171910107200002"
    assert kk("3.17191E+15") == kk("3171910107200000") == kk("0") == ""


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("SYARIF HIDAYAT", "SARIP HIDAYAT"),
        ("SOEHARTO BUDI", "BUDI SUHARTO"),
        ("RIZKI MAULANA", "RISKI MAULANA"),
        ("FITRI HANDAYANI", "PITRI HANDAYANI"),
        ("SITI AISYAH", "SITI AISAH"),
        ("DEWI SARTIKA M", "DEWI SARTIKA"),
    ],
)
def test_variants_sound_alike(left: str, right: str) -> None:
    assert sound(name(left)) == sound(name(right)) != ""


@pytest.mark.parametrize(
    ("left", "right"),
    [("SARI", "SURI"), ("BUDI SANTOSO", "BUDI SUSANTO"), ("SITI AMINAH", "SITI MAIMUNAH")],
)
def test_other_names_do_not(left: str, right: str) -> None:
    assert sound(name(left)) != sound(name(right))
