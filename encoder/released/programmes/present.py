"""The present list: who receives the aid now, from an earlier file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from encoder.error_codes import EncoderCode
from encoder.normalise.nik import kk, nik
from encoder.normalise.text import clean
from encoder.source.mapping import columns_of
from encoder.source.presets.headers import plain
from encoder.source.readers import read_columns
from encoder.steps.inspect import inspect_source
from policy.base.errors import BadInput
from policy.base.words import Words

Keys = frozenset[str]


@dataclass(frozen=True)
class PresentChoice:
    """Who receives the aid now, besides the programme's own column: an earlier list, or nobody."""

    path: Path | None = None
    nobody: bool = False


@dataclass(frozen=True)
class PresentList:
    """The entries of an earlier list, each by its keys: record id, NIK, family card."""

    name: str
    entries: tuple[tuple[int, Keys], ...] = field(repr=False)

    def keys(self) -> Keys:
        return frozenset().union(*(keys for _, keys in self.entries))

    def absent(self, seen: Iterable[Keys]) -> tuple[str, ...]:
        """Entries that share no key with a row, named by row number and file."""
        there = frozenset().union(*seen)
        return tuple(
            f"{self.name}: {number}" for number, keys in self.entries if keys.isdisjoint(there)
        )


def row_keys(record_id: str, nik_cell: str, card_cell: str, *, by_household: bool) -> Keys:
    """The keys by which a row is found on an earlier list."""
    card = kk(card_cell) if by_household else ""
    named = (("id", clean(record_id)), ("nik", nik(nik_cell)[0]), ("kk", card))
    return frozenset(f"{kind}:{key}" for kind, key in named if key)


def load_present(path: Path, id_column: Sequence[str], *, by_household: bool) -> PresentList:
    """Read an earlier list. Its column of record ids has the dataset's own name for it.

    Raises BadInput if no column tells who is meant, or a row names nobody.
    """
    found = inspect_source(path)
    mapping = found.mapping
    ids = _same_columns(id_column, found.columns)
    nik_column = columns_of(mapping.fields.get("nik"))
    card_column = columns_of(mapping.fields.get("kk")) if by_household else ()
    wanted = tuple(dict.fromkeys((*ids, *nik_column, *card_column)))
    if not wanted:
        raise _nobody_named(path)
    entries = []
    for number, cells in read_columns(path, mapping, wanted):
        cell = dict(zip(wanted, cells, strict=True))
        keys = row_keys(
            "/".join(cell[each].strip() for each in ids),
            cell[nik_column[0]] if nik_column else "",
            cell[card_column[0]] if card_column else "",
            by_household=by_household,
        )
        entries.append((number, keys))
    return PresentList(path.name, tuple(entries))


def _same_columns(names: Sequence[str], columns: Sequence[str]) -> tuple[str, ...]:
    """These columns as the earlier list writes them; empty unless all are there."""
    there = {plain(each): each for each in columns}
    found = tuple(there[plain(name)] for name in names if plain(name) in there)
    return found if len(found) == len(names) else ()


def _nobody_named(path: Path) -> BadInput:
    return BadInput(
        EncoderCode.PROGRAMME_PRESENT_KEYS,
        Words(
            f"{path}: tidak ada kolom id, NIK, atau KK, sehingga orangnya tidak dikenali.",
            f"{path}: it has no column of ids, NIK or KK that tells who is meant.",
        ),
        Words(
            "Tambahkan kolom id baris sumber data ini, atau kolom NIK.",
            "Add the column of this dataset's record ids, or a column of NIK.",
        ),
    )
