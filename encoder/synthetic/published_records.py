"""Synthetic raw cells by field kind: published test records, and secret canaries.

The published ones come from a fixed seed, so that every encoder of the same version
makes the same cells; the secret ones come from a project subkey. Every second
published record has a cell that some rule must change, so that encoders with other
rules show at the confirmation even where the rules' digest is claimed to be equal.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from random import Random

from encoder.normalise.regions import postal_codes
from encoder.synthetic.names import draw_name
from encoder.synthetic.places import KELURAHAN
from policy.charter import FieldKind

_PUBLISHED_SEED = hashlib.sha256(b"padan published test records, version 3").digest()

_PIECE, _SHORTEST_UNHEARD = 2, 6  # letters

_TRICKY: dict[FieldKind, tuple[str, ...]] = {
    "name": (
        "H. M. RIZKI, S.E., M.M.",
        "ST AMINAH",
        "ALM. H. ABD. RAHMAN",
        "SOEKARNO TJOKROAMINOTO",
        "ALI BIN HASAN",
        "SUKIRMAN/KIRMAN",
        "5ITI KH0DIJAH",
        "MA'RUF AL-FATIH",
        "I GST NGR RAI",
        "SITI AMINAH S PD",
        "Syamsuddin\u00a0  Noor",
        "ZAKI H",
        "-",
    ),
    "date": (
        "22673.0",
        "16 Pebruari 70",
        "1970-07-01",
        "04/13/1980",
        "19450512",
        "BANDUNG, 12-03-1980",
        "99-99-1965",
        "00-05-1965",
        "01-02-1890",
        "31 Des 1955",
        "UMUR 45 PADA 2022",
        "TIDAK TAHU",
    ),
    "sex": ("Lk.", "LAKI-LAKI", "1", "Pria", "PEREMPUAN", "2", "Pr", "W", "?", ""),
    "nik": (
        "'3171910107900001",
        "3171 9141 0790 0002",
        "3171917102900001",
        "3.17191E+15",
        "3171910101900000",
        "0317101100100012",
        "9999999999999999",
        "317191010790000",
        "3171910107900001.0",
        "",
    ),
    "digits": ("021-555 0123", "000", "tidak ada", "12A"),
    "text": ("Kramat  Jati", "José", "N/A", "'KEBON JERUK", "TANAH\u00a0ABANG"),
    "kk": ("'3171910107200001", "3171 9101 0720 0002", "3.17191E+15", "0", "31719101072000"),
    "place": (
        "Kel. Kramat Jati",
        "KRAMATJATI",
        "TANAH\u00a0ABANG",
        "DESA SUKAMAJU",
        "31.75.04.1001",
        "BPS 3172010001",
        "-",
    ),
    "address": ("Jl.Raya No.12 A", "JLN. H. NAWI II", "GG.XXV NO.3 RT 01/02", "-"),
    "postal": ("13440", "13440 DI Pondok Bambu", "13440 DI Duren Sawit", "14999", "1344"),
    "rtrw": ("RT 01 RW 02", "001/002", "RT/RW: 003/001", "005/-", "000/000"),
}


def published_records(fields: Mapping[str, FieldKind], count: int = 64) -> dict[str, list[str]]:
    """The test records whose encodings all parties must agree on."""
    columns = synthetic_raw(fields, _PUBLISHED_SEED, count)
    for name, kind in fields.items():
        for row, cell in zip(range(1, count, 2), _TRICKY[kind], strict=False):
            columns[name][row] = cell
    return columns


def synthetic_raw(
    fields: Mapping[str, FieldKind], seed: bytes, count: int, *, unheard: bool = False
) -> dict[str, list[str]]:
    """`count` cells a field, which follow from the seed alone.

    `unheard` names are put together from pieces of names, so that hardly anybody has one like
    it: among millions of people somebody is like any person of ordinary name and date of birth.
    """
    columns: dict[str, list[str]] = {name: [] for name in fields}
    for number in range(count):
        person = _Cells(seed, number)
        for name, kind in fields.items():
            cell = person.cell(name, kind)
            columns[name].append(person.unheard(name, cell) if unheard and kind == "name" else cell)
    return columns


class _Cells:
    """One synthetic person, cell by cell. Python's generator only spreads the seed."""

    def __init__(self, seed: bytes, number: int) -> None:
        stream = hashlib.shake_256(seed + number.to_bytes(4, "big")).digest(32)
        self._seed = stream
        rng = self._rng("person")
        self._male = rng.random() < 0.5
        self._birth = date(1940, 1, 2) + timedelta(days=rng.randrange(28_000))

    def cell(self, name: str, kind: FieldKind) -> str:
        return _KINDS[kind](self, self._rng(name))

    def unheard(self, name: str, heard: str) -> str:
        """As many words as there were, each of pieces of other people's names."""
        rng = self._rng(f"{name}, unheard")
        return " ".join(self._recombined(rng, len(word)) for word in heard.split())

    def _recombined(self, rng: Random, length: int) -> str:
        pieces = ""
        while len(pieces) < max(length, _SHORTEST_UNHEARD):
            word = max(draw_name(rng, male=self._male, child=False).split(), key=len)
            at = rng.randrange(max(1, len(word) - 2))
            pieces += "".join(filter(str.isalpha, word[at : at + _PIECE]))
        return pieces

    def _rng(self, name: str) -> Random:
        material = hashlib.shake_256(self._seed + name.encode()).digest(32)
        return Random(material)  # noqa: S311 - the secrecy is in the seed

    def name(self, rng: Random) -> str:
        return draw_name(rng, male=self._male, child=False)

    def date(self, rng: Random) -> str:
        return self._birth.strftime("%d-%m-%Y")

    def sex(self, rng: Random) -> str:
        return "L" if self._male else "P"

    def nik(self, rng: Random) -> str:
        day = self._birth.day + (0 if self._male else 40)
        stem = f"31749{rng.randrange(10)}{day:02d}{self._birth:%m%y}"
        return f"{stem}{rng.randint(1, 9999):04d}"

    def digits(self, rng: Random) -> str:
        return f"{rng.randrange(10**6):06d}"

    def kk(self, rng: Random) -> str:
        recorded = f"{self._birth:%d%m}{rng.randint(1, 20):02d}"
        return f"31749{rng.randrange(10)}{recorded}{rng.randint(1, 9999):04d}"

    def text(self, rng: Random) -> str:
        return rng.choice(KELURAHAN)

    def address(self, rng: Random) -> str:
        return f"JL {rng.choice(KELURAHAN)} NO {rng.randint(1, 200)}"

    def postal(self, rng: Random) -> str:
        return rng.choice(sorted(postal_codes()))

    def rtrw(self, rng: Random) -> str:
        return f"{rng.randint(1, 16):03d}/{rng.randint(1, 12):03d}"


_KINDS: dict[FieldKind, Callable[[_Cells, Random], str]] = {
    "name": _Cells.name,
    "text": _Cells.text,
    "date": _Cells.date,
    "sex": _Cells.sex,
    "digits": _Cells.digits,
    "nik": _Cells.nik,
    "kk": _Cells.kk,
    "place": _Cells.text,
    "address": _Cells.address,
    "postal": _Cells.postal,
    "rtrw": _Cells.rtrw,
}
