"""What offices do today on clear text (domain facts, section 5, "How government matches").

exact NIK       the same NIK, nothing else
NIK and 60 %    Kemensos: the same NIK and names alike by 60 % (Ratcliff-Obershelp)
PAKEWA 80/60    BPS Sulteng: NIK and Levenshtein 80; without it, one region or a date and
                sex decoded from the NIK, with bonuses of 15 and 5 and a malus of 30
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np
from rapidfuzz import fuzz, process

from tests.benchmarks.quality.judge import Pairs
from tests.benchmarks.quality.sources import Source

_ACCEPT, _REVIEW = 80.0, 60.0
_BIRTH_BONUS, _REGION_BONUS, _CONTRADICTION = 15.0, 5.0, -30.0


@dataclass
class ExactNik:
    name: str = "exact NIK"

    def pairs(self, left: Source, right: Source) -> Pairs:
        return _one_to_one([(a, b, 1.0) for a, b in _same_nik(left, right)], 1.0, 1.0)


@dataclass
class NikAndName:
    name: str = "NIK, then name 60 %"

    def pairs(self, left: Source, right: Source) -> Pairs:
        scored = [
            (a, b, SequenceMatcher(None, _name(left, a), _name(right, b)).ratio())
            for a, b in _same_nik(left, right)
        ]
        return _one_to_one(scored, 0.60, 0.60)


@dataclass
class Pakewa:
    name: str = "NIK, then Levenshtein 80/60"

    def pairs(self, left: Source, right: Source) -> Pairs:
        scored = [
            (a, b, 100.0 + fuzz.ratio(_name(left, a), _name(right, b)))
            for a, b in _same_nik(left, right)
            if fuzz.ratio(_name(left, a), _name(right, b)) >= _REVIEW
        ]
        taken_left = {a for a, _, score in scored if score >= 100 + _ACCEPT}
        taken_right = {b for _, b, score in scored if score >= 100 + _ACCEPT}
        certain = [each for each in scored if each[2] >= 100 + _ACCEPT]
        probable = [(a, b, score - 100) for a, b, score in scored if score < 100 + _ACCEPT]
        free_left = [row for row in range(left.rows) if row not in taken_left]
        free_right = [row for row in range(right.rows) if row not in taken_right]
        fallback = _in_one_region(left, right, free_left, free_right)
        return _one_to_one(certain + probable + fallback, _ACCEPT, _REVIEW)


def _in_one_region(
    left: Source, right: Source, left_rows: list[int], right_rows: list[int]
) -> list[tuple[int, int, float]]:
    """Pairs of one kelurahan, or of one decoded birth date and sex, with names alike enough."""
    found: dict[tuple[int, int], float] = {}
    for key in (_kelurahan, _decoded):
        blocks = _blocks(left, left_rows, key), _blocks(right, right_rows, key)
        for value in blocks[0].keys() & blocks[1].keys():
            rows = blocks[0][value], blocks[1][value]
            names = [_name(left, a) for a in rows[0]], [_name(right, b) for b in rows[1]]
            table = process.cdist(*names, scorer=fuzz.ratio, score_cutoff=_REVIEW - 20)
            for i, j in np.argwhere(table > 0).tolist():
                a, b = rows[0][i], rows[1][j]
                score = float(table[i, j]) + _bonus(left, right, a, b)
                if score >= _REVIEW:
                    found[a, b] = score
    return [(a, b, score) for (a, b), score in found.items()]


def _bonus(left: Source, right: Source, a: int, b: int) -> float:
    here, there = _decoded(left, a), _decoded(right, b)
    bonus = _REGION_BONUS if _kelurahan(left, a) == _kelurahan(right, b) else 0.0
    if here and there:
        bonus += _BIRTH_BONUS if here == there else _CONTRADICTION
    return bonus


def _decoded(source: Source, row: int) -> str:
    """Birth date and sex as the NIK carries them."""
    return source.columns["nik"][row][6:12]


def _kelurahan(source: Source, row: int) -> str:
    return source.columns["kelurahan"][row]


def _blocks(
    source: Source, rows: list[int], key: Callable[[Source, int], str]
) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        value = key(source, row)
        if value:
            found[value].append(row)
    return found


def _same_nik(left: Source, right: Source) -> list[tuple[int, int]]:
    rows = _blocks(right, list(range(right.rows)), lambda source, row: source.columns["nik"][row])
    return [(a, b) for a, nik in enumerate(left.columns["nik"]) if nik for b in rows.get(nik, ())]


def _name(source: Source, row: int) -> str:
    return source.written_names[row].upper().strip()


def _one_to_one(scored: list[tuple[int, int, float]], accept: float, review: float) -> Pairs:
    """Best first, each row once; accepted ones before those for review."""
    taken_left: set[int] = set()
    taken_right: set[int] = set()
    chosen = []
    for a, b, score in sorted(scored, key=lambda each: (-each[2], each[0], each[1])):
        if score >= review and a not in taken_left and b not in taken_right:
            taken_left.add(a)
            taken_right.add(b)
            chosen.append((a, b, score))
    rows = np.array([(a, b) for a, b, _ in chosen], np.int64).reshape(-1, 2)
    return Pairs(rows[:, 0], rows[:, 1], sum(score >= accept for _, _, score in chosen))
