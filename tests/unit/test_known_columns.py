"""Dates of birth and sexes by the NIK where a row states none, and whom that finds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from encoder.encoding.contrary_codes import claim_columns
from encoder.encoding.hardening.claims import claims_of
from encoder.encoding.hardening.columns import HardenedColumn
from encoder.encoding.hardening.known import known, known_columns
from policy.charter import parse_charter
from tests.benchmarks.quality.methods import default_charter, plain_charter, tagged_charter
from tests.support.pairs import APART, CERTAIN, Entry, judged, source

CHARTER = default_charter()
NAMED = claim_columns(CHARTER)
# A man of 14 March 1990, and a woman.
HIS, HERS = "3175991403900001", "3175995403900001"


def knows(**changed: str) -> tuple[str, ...]:
    """Year, month, day and sex that a row knows."""
    columns = source("uji", [replace(Entry(), **changed)]).columns
    hardened = {name: HardenedColumn(cells) for name, cells in columns.items()}
    found = known(claims_of(hardened, NAMED, 1), NAMED)
    assert tuple(found) == known_columns(NAMED)
    return tuple(cells[0] for cells in found.values())


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({}, ("90", "3", "14", "F")),
        ({"lahir": "", "jk": ""}, ("90", "3", "14", "F")),
        ({"lahir": "", "jk": "", "nik": HIS}, ("90", "3", "14", "M")),
        ({"lahir": "1990"}, ("90", "3", "14", "F")),
        # What the row states goes before its NIK; a NIK of somebody else tells nothing.
        ({"lahir": "15-03-1990"}, ("90", "3", "15", "F")),
        ({"lahir": "1985"}, ("85", "", "", "F")),
        ({"lahir": "", "jk": "L", "nik": HERS}, ("", "", "", "M")),
        ({"lahir": "", "jk": "", "nama": "BAYI NY RINA"}, ("", "", "", "")),
        ({"lahir": "", "nik": ""}, ("", "", "", "F")),
        ({"lahir": "", "jk": "", "nik": ""}, ("", "", "", "")),
    ],
)
def test_a_row_knows_what_it_states_else_what_its_nik_tells(
    cells: dict[str, str], expected: tuple[str, ...]
) -> None:
    assert knows(**cells) == expected


def test_a_charter_without_a_date_has_no_known_date() -> None:
    fields = tuple(each for each in plain_charter().fields if each.name != "lahir")
    named = claim_columns(plain_charter().model_copy(update={"fields": fields}))
    assert known_columns(named) == ("jk.known",)


def test_a_row_without_a_date_finds_a_row_without_a_nik() -> None:
    """One list has no dates, the other's row no number, and the family has moved."""
    dateless = Entry(lahir="", jk="", ibu="")
    numberless = Entry(nik="", kk="3175990202200009", rtrw="001/002", kelurahan="MENTENG")
    assert judged(dateless, numberless) == CERTAIN
    assert judged(dateless, numberless, tagged_charter(0, "padan-id-4")) == APART
    assert judged(dateless, replace(numberless, lahir="02-09-1971")) == APART


def test_a_borrowed_number_does_not_bring_its_owners_date_along() -> None:
    """Encodings that the NIK salts decide whether a number was borrowed, by stated dates alone."""
    for each in CHARTER.encoding.encodings:
        if any(column.split(".")[0] == "nik" for column in each.salt):
            assert ".known" not in each.model_dump_json()
    borrower = Entry(nama="SLAMET HARTONO", lahir="", jk="", kk="3175990202200009")
    assert judged(borrower, Entry()) == APART
    text = CHARTER.canonical().decode().replace('"lahir.', '"lahir.known.')
    circular = parse_charter(text.replace("known.known", "known").encode())
    assert judged(borrower, Entry(), circular) == CERTAIN
