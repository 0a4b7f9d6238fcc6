"""Contrary evidence: how the contrary codes of two rows show that they are different persons.

Codes are compared if both rows have them under one frame (encoder/encoding/hardening/contrary.py).
Without a common frame their XOR is noise, which hardly ever looks like a contradiction. A pair is
contradicted

    1. if one name is a newborn's and the other is not;
    2. if the dates of birth differ in the year and in month or day. An exchange of day and month
       is one error, and December counts to both years, since dates are wrong by days;
    3. if both NIKs are known and differ in two of three parts (digits 1-6, 7-13, 14-16);
    4. if the NIKs differ only in digits 14-16, as those of twins do, and the names differ;
    5. if the sexes differ, and the names differ;
    6. if the names differ in vowels alone, as those of twins do (RINA and RINI), and not both NIKs
       are known. Only a code of rows that share NAME.shape can show that.

Rules 2, 3 and 5 do not apply if the whole name and the family card agree and one date of birth is
not stated: then nothing else in that row supports its NIK and what is read from it. If the NIK
tokens agree, only two rules apply: rule 1, and rule 2 if both dates are stated and the month
differs. In these cases one person has the other's number.

Codes can also confirm. A pair found by an encoding is a match if a code of that encoding shows both
dates of birth and they differ in at most one part.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from policy.formats.contrary_code import (
    DATE_KNOWN,
    DATE_STATED,
    DAY,
    MONTH,
    NEWBORN,
    NIK_KNOWN,
    NIK_PARTS,
    SEX,
    YEAR,
    YEAR_FROM_DECEMBER,
)

Mask = NDArray[np.bool_]
Rows = NDArray[np.int64]

_ONES = 0xFF
_PARTS_OF_ANOTHER_NIK = 2
_PARTS_OF_ONE_DATE = 1


class Pairs(Protocol):
    """What a rule may see of pairs of rows of two datasets."""

    def __len__(self) -> int: ...

    def take(self, at: Rows) -> Pairs:
        """The pairs at these positions."""

    def reach(self, name: str, ppm: int) -> Mask:
        """Mask of pairs whose Dice coefficient in this encoding is at least `ppm` millionths."""

    @property
    def coded(self) -> Collection[str]:
        """The encodings that have contrary codes."""

    def codes(self, name: str) -> Iterator[Difference]:
        """The pairs' differences in one encoding's contrary codes, one code after the other."""


@dataclass(frozen=True)
class ContraryEvidence:
    """What counts as one name, and what a code can confirm; thresholds in parts per million.

    An encoding in `same_name_ppm` that reaches its threshold there shows that the names are nearly
    the same. If it is also in `by_card`, it shows that they are on one family card. A pair that
    reaches the `confirmed_ppm` of an encoding can be confirmed by that encoding's codes. By
    encoding, `shape_codes` are the numbers of its codes under the shape of the name.
    """

    same_name_ppm: Mapping[str, int] = field(default_factory=dict)
    confirmed_ppm: Mapping[str, int] = field(default_factory=dict)
    by_card: frozenset[str] = frozenset()
    shape_codes: Mapping[str, frozenset[int]] = field(default_factory=dict)

    def contradicts(self, pairs: Pairs, one_nik: Mask) -> Mask:
        """Mask of contradicted pairs; `one_nik` marks pairs whose NIK tokens agree."""
        unlike = np.zeros(len(pairs), np.bool_)
        found = self._contradicted(pairs, one_nik, unlike, unlike)
        # Equal names excuse some of these few pairs. Names are slow, so they are compared last.
        at = np.flatnonzero(found)
        few = pairs.take(at)
        same_name = self._reach(few, self.same_name_ppm)
        same_on_card = self._reach(few, self.same_name_ppm.keys() & self.by_card)
        found[at] = self._contradicted(few, one_nik[at], same_name, same_on_card)
        return found

    def confirms(self, pairs: Pairs) -> Mask:
        """Mask of pairs that reach an encoding's `confirmed_ppm` and that its codes confirm."""
        found = np.zeros(len(pairs), np.bool_)
        for name, ppm in sorted(self.confirmed_ppm.items()):
            reaches = pairs.reach(name, ppm)
            for code in pairs.codes(name):
                found |= reaches & code.one_birth()
        return found

    def _contradicted(
        self, pairs: Pairs, one_nik: Mask, same_name: Mask, same_on_card: Mask
    ) -> Mask:
        found, siblings = np.zeros((2, len(pairs)), np.bool_)
        niks = one_nik.copy()
        # Without a measure of names on one card, equal names would count as different ones.
        names_show = bool(self.same_name_ppm.keys() & self.by_card)
        for name in sorted(pairs.coded):
            of_shape = self.shape_codes.get(name, ())
            for number, code in enumerate(pairs.codes(name)):
                others = code.other_person(same_name, same_on_card)
                found |= np.where(one_nik, code.other_birth_of_one_nik(), others)
                found |= code.one_is_newborn()
                niks |= code.niks_known()
                if names_show and number in of_shape:
                    siblings |= code.one_frame() & ~same_name
        return found | (siblings & ~niks)

    def _reach(self, pairs: Pairs, names: Iterable[str]) -> Mask:
        found = np.zeros(len(pairs), np.bool_)
        for name in sorted(names):
            found |= pairs.reach(name, self.same_name_ppm[name])
        return found


class Difference:
    """The XOR of two rows' codes, for many pairs: uint8 (pairs, 16)."""

    def __init__(self, differing: NDArray[np.uint8]) -> None:
        self._bytes = differing
        month, day = differing[:, MONTH], differing[:, DAY]
        exchanged = (month != 0) & (month == day)
        self._exchanged: Mask = exchanged
        self._month: Mask = (month != 0) & ~exchanged
        self._day: Mask = (day != 0) & ~exchanged
        year, from_december = differing[:, YEAR], differing[:, YEAR_FROM_DECEMBER]
        self._year: Mask = (year != 0) & (from_december != 0)
        self._dates = self._all(DATE_KNOWN, 0)
        self._stated: Mask = differing[:, DATE_STATED] == 0

    def one_frame(self) -> Mask:
        """Mask of pairs with one frame, in which both rows have a name."""
        return self.one_is_newborn() | self._all(NEWBORN, 0)

    def niks_known(self) -> Mask:
        return self._all(NIK_KNOWN, 0)

    def one_is_newborn(self) -> Mask:
        return self._all(NEWBORN, _ONES)

    def other_person(self, same_name: Mask, same_on_card: Mask) -> Mask:
        parts, both = self._bytes[:, NIK_PARTS] != 0, self.niks_known()
        count = parts.sum(axis=1)
        twins: Mask = both & (count == 1) & parts[:, 2] & ~same_name
        others: Mask = both & (count >= _PARTS_OF_ANOTHER_NIK)
        others |= self._dates & self._year & (self._month | self._day)
        others |= self._all(SEX, _ONES) & ~same_name
        return twins | (others & ~(same_on_card & ~self._stated))

    def other_birth_of_one_nik(self) -> Mask:
        return self._dates & self._stated & self._year & self._month

    def one_birth(self) -> Mask:
        parts = self._year.astype(np.int64) + self._exchanged + self._month + self._day
        one: Mask = self._dates & (parts <= _PARTS_OF_ONE_DATE)
        return one

    def _all(self, place: slice, value: int) -> Mask:
        """Mask of pairs whose bytes at this position all have this value."""
        equal: Mask = np.all(self._bytes[:, place] == value, axis=1)
        return equal
