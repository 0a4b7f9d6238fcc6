"""Normalising any text whatever: it never raises and keeps to its alphabet."""

from __future__ import annotations

import random
import re
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from encoder.normalise import normalise_column, outputs
from encoder.normalise.cell_rules import CELL_RULES
from encoder.normalise.codes import sex
from encoder.normalise.dates import birth_date
from encoder.normalise.names import name
from encoder.normalise.nik import nik
from encoder.normalise.text import digits, text
from policy.charter import FieldKind

KINDS: tuple[FieldKind, ...] = ("name", "text", "date", "sex", "digits", "nik")
PLAIN = "BUDI SANTOSO RINA WATI KARTIKA LESTARI AGUS PERMANA NINGSIH TANTO".split()
cells = st.one_of(st.text(max_size=60), st.text(alphabet="0123456789-/. EJanuri'", max_size=30))


@given(cells, st.sampled_from(KINDS))
def test_no_cell_raises_and_columns_keep_their_length(cell: str, kind: FieldKind) -> None:
    found = normalise_column("f", kind, [cell, "", cell])
    assert tuple(found.columns) == outputs("f", kind)
    for column in found.columns.values():
        assert len(column) == 3
        assert column[0] == column[2]
        assert column[1] == ""


@given(cells)
def test_outputs_have_their_alphabet(cell: str) -> None:
    assert re.fullmatch(r"[A-Z0-9]*(?: [A-Z0-9]+)*", name(cell))
    assert sex(cell) in ("", "M", "F")
    assert re.fullmatch(r"(?:[0-9]{16})?", nik(cell)[0])
    assert re.fullmatch(r"[0-9]*", digits(cell))
    assert text(cell) == text(cell).strip()


@given(cells)
def test_codes_stand_still(cell: str) -> None:
    assert sex(sex(cell)) == sex(cell)
    assert nik(nik(cell)[0])[0] == nik(cell)[0]


@given(cells)
def test_a_normalised_date_stands_still(cell: str) -> None:
    found = birth_date(cell)
    again = birth_date(f"{found.day or '00'}-{found.month or '00'}-{found.year}")
    assert (again.year, again.month, again.day) == (found.year, found.month, found.day)


@given(st.dates(date(1912, 1, 1), date(2025, 12, 31)))
def test_every_way_to_write_a_date_is_the_same_date(born: date) -> None:
    ways = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y%m%d", "%d%m%Y", "%Y-%m-%d 00:00:00")
    assert len({birth_date(f"{born:{way}}") for way in ways}) == 1


@given(st.lists(st.sampled_from(PLAIN), min_size=1, max_size=5), st.integers())
def test_the_order_of_words_does_not_matter(words: list[str], seed: int) -> None:
    other = random.Random(seed).sample(words, len(words))
    assert name(" ".join(words)) == name(" ".join(other))
    assert name(name(" ".join(words))) == name(" ".join(words))


@given(st.lists(cells, max_size=20), st.sampled_from(KINDS))
def test_flags_count_cells_and_carry_no_value(values: list[str], kind: FieldKind) -> None:
    found = normalise_column("f", kind, values)
    assert all(rule in CELL_RULES and 0 <= at < len(values) for at, rule in found.doubts)
