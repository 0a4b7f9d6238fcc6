"""How an honest run matches the canaries: their groups in every ID domain.

All agencies know every canary of every list. They encode the canaries as they will be sent, and
apply the charter's own rule (`policy.pairs`). Then they form groups as the service does, the most
certain pair first. Real rows are unknown here, but rarely interfere:
nobody has a canary's NIK, and few people have its name with its birthday or its address.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from encoder.encoding.canaries.fields import Slots
from encoder.encoding.terms import RowEncoder
from policy.charter import Charter
from policy.pairs import Difference, Mask, MatchRule, charter_rule

# A row of a dataset: its number in the charter, and its slot.
Row = tuple[int, int]
Group = frozenset[Row]
Rows = NDArray[np.int64]
Words = NDArray[np.uint64]
_MILLION = 1_000_000
_LATER = 10.0
TILE_ROWS = 1024  # rows of each side that are compared at a time


@dataclass(frozen=True)
class CanaryPair:
    """Two canaries that a run joins, unless more certain pairs come first.

    `rank` orders pairs, most certain first. `sure` pairs share a NIK that nobody else has.
    """

    rank: float
    left: Row
    right: Row
    sure: bool
    certain: bool


@dataclass(frozen=True)
class Fates:
    """For one ID domain: the group of each grouped canary, and how certain the group is.

    `sure` canaries are in a group for any population. Groups of `verify` need verification.
    """

    groups: Mapping[Row, Group]
    sure: frozenset[Row]
    verify: frozenset[Row]


def fates(charter: Charter, encoder: RowEncoder, slots: Mapping[str, Slots]) -> dict[str, Fates]:
    """The fates by ID domain, from the slots of every dataset."""
    lists = [_Encoded.of(encoder, slots[name]) for name in charter.dataset_ids]
    pairs = [
        pair
        for left, right in combinations(range(len(lists)), 2)
        for pair in _pairs(charter, (left, lists[left]), (right, lists[right]))
    ]
    numbers = {name: number for number, name in enumerate(charter.dataset_ids)}
    found = {}
    for domain in charter.domains:
        members = {numbers[name] for name in domain.datasets}
        inside = [p for p in pairs if p.left[0] in members and p.right[0] in members]
        found[domain.id] = _fates(inside, graded=charter.release.grades)
    return found


def _fates(pairs: Sequence[CanaryPair], *, graded: bool) -> Fates:
    certain = _solve(pair for pair in pairs if pair.certain)
    groups = _solve(pairs) if graded else certain
    verify = {row for row, group in groups.items() if certain.get(row) != group}
    # Such pairs come first of all, and none of them involves a stranger.
    sure = _solve(pair for pair in pairs if pair.sure and pair.certain)
    return Fates(groups, frozenset(sure), frozenset(verify))


def _solve(pairs: Iterable[CanaryPair]) -> dict[Row, Group]:
    """Greedy, by complete linkage: groups join once every row of one is paired with every other.

    Equally certain pairs are ordered by their slots, which are in handle order.
    """
    groups: dict[Row, Group] = {}
    met: set[frozenset[Row]] = set()
    for pair in sorted(pairs, key=lambda p: (-p.rank, p.left[0], p.right[0], p.left, p.right)):
        met.add(frozenset((pair.left, pair.right)))
        one = groups.get(pair.left, frozenset((pair.left,)))
        other = groups.get(pair.right, frozenset((pair.right,)))
        if one is not other and all(frozenset((a, b)) in met for a in one for b in other):
            groups |= dict.fromkeys(one | other, one | other)
    return groups


@dataclass(frozen=True, eq=False)
class _Encoded:
    """Rows of one dataset as the service receives them; encodings are uint64 (rows, words)."""

    words: Mapping[str, Words] = field(repr=False)
    set_bits: Mapping[str, Rows] = field(repr=False)
    contrary: Mapping[str, NDArray[np.uint8]] = field(repr=False)
    tokens: NDArray[np.uint8] = field(repr=False)

    @classmethod
    def of(cls, encoder: RowEncoder, slots: Slots) -> _Encoded:
        sent = encoder.encode(slots.own, slots.rows)
        layout = encoder.layout
        words = {name: _as_words(packed) for name, packed in layout.encodings(sent).items()}
        counts = {name: _bits_set(each) for name, each in words.items()}
        tokens = layout.tokens(sent)
        own = layout.handles(sent)
        return cls(words, counts, layout.contrary(sent), own if tokens is None else tokens)


@dataclass(frozen=True, eq=False)
class _CanaryPairs:
    """Chosen pairs of rows of two datasets, in the rule's form (`policy.pairs.Pairs`)."""

    left: _Encoded
    right: _Encoded
    common: Mapping[str, Rows]
    left_rows: Rows
    right_rows: Rows

    def __len__(self) -> int:
        return len(self.left_rows)

    def take(self, at: Rows) -> _CanaryPairs:
        common = {name: each[at] for name, each in self.common.items()}
        return _CanaryPairs(self.left, self.right, common, self.left_rows[at], self.right_rows[at])

    def reach(self, name: str, ppm: int) -> Mask:
        return _reach(self.common[name], self._bits(name), ppm)

    @property
    def coded(self) -> Collection[str]:
        return self.left.contrary

    def codes(self, name: str) -> Iterator[Difference]:
        mine, theirs = self.left.contrary[name], self.right.contrary[name]
        for number in range(mine.shape[1]):
            yield Difference(mine[self.left_rows, number] ^ theirs[self.right_rows, number])

    def dice(self, name: str) -> NDArray[np.float64]:
        found: NDArray[np.float64] = 2.0 * self.common[name] / np.maximum(self._bits(name), 1)
        return found

    def _bits(self, name: str) -> Rows:
        return self.left.set_bits[name][self.left_rows] + self.right.set_bits[name][self.right_rows]


def _as_words(packed: NDArray[np.uint8]) -> Words:
    padded = np.pad(packed, ((0, 0), (0, -packed.shape[1] % 8)))
    return np.ascontiguousarray(padded).view(np.uint64)


def _bits_set(words: Words) -> Rows:
    counts: Rows = np.bitwise_count(words).sum(axis=1, dtype=np.int64)
    return counts


def _reach(common: Rows, bits: Rows, ppm: int) -> Mask:
    """Whether pairs reach `ppm`, in integers, as the service compares."""
    return (2 * _MILLION * common >= ppm * bits) & (common > 0)


def _pairs(
    charter: Charter, left: tuple[int, _Encoded], right: tuple[int, _Encoded]
) -> list[CanaryPair]:
    """All pairs between two datasets that a run may join, found tile by tile in bounded memory."""
    terms, rule = charter.matching, charter_rule(charter)
    lowest = {
        name: min(ppm, terms.review_ppm.get(name, ppm)) for name, ppm in rule.thresholds_ppm.items()
    }
    numbers, by_nik = (left[0], right[0]), charter.nik_field is not None
    return [
        pair
        for rows in _tiles(len(left[1].tokens))
        for columns in _tiles(len(right[1].tokens))
        for pair in _judged(
            charter, rule, lowest, *_met(left[1], right[1], rows, columns, lowest, by_nik), numbers
        )
    ]


def _tiles(rows: int) -> list[slice]:
    return [slice(start, min(start + TILE_ROWS, rows)) for start in range(0, rows, TILE_ROWS)]


def _met(
    mine: _Encoded,
    theirs: _Encoded,
    rows: slice,
    columns: slice,
    lowest: Mapping[str, int],
    by_nik: bool,
) -> tuple[_CanaryPairs, Mask]:
    """The pairs of one tile that a run may join, and which of them have one NIK."""
    shape = rows.stop - rows.start, columns.stop - columns.start
    one_nik = np.zeros(shape, np.bool_)
    if by_nik:
        one_nik = np.all(mine.tokens[rows, None] == theirs.tokens[None, columns], axis=2)
    overlaps = {
        name: _overlaps(words[rows], theirs.words[name][columns])
        for name, words in mine.words.items()
    }
    candidate = one_nik.copy()
    for name, ppm in lowest.items():
        sums = mine.set_bits[name][rows, None] + theirs.set_bits[name][None, columns]
        candidate |= _reach(overlaps[name], sums, ppm)
    at = np.nonzero(candidate)
    common = {name: each[at] for name, each in overlaps.items()}
    found = _CanaryPairs(mine, theirs, common, at[0] + rows.start, at[1] + columns.start)
    return found, one_nik[at]


def _overlaps(mine: Words, theirs: Words) -> Rows:
    """Set bits in common, int64 (rows of mine, rows of theirs); sums run along the rows."""
    by_word = np.ascontiguousarray(theirs.T)
    counts = (np.bitwise_count(row[:, None] & by_word) for row in mine)
    return np.stack([each.sum(axis=0, dtype=np.int64) for each in counts])


def _judged(
    charter: Charter,
    rule: MatchRule,
    lowest: Mapping[str, int],
    pairs: _CanaryPairs,
    one_nik: Mask,
    numbers: tuple[int, int],
) -> list[CanaryPair]:
    floor = charter.matching.nik_floor_ppm
    good = np.zeros(len(pairs), np.bool_)
    best, most = np.zeros(len(pairs)), np.zeros(len(pairs))
    for name in pairs.common:
        good |= pairs.reach(name, floor)
        most = np.maximum(most, pairs.dice(name))
    for name, ppm in lowest.items():
        best = np.where(pairs.reach(name, ppm), np.maximum(best, pairs.dice(name)), best)
    token = one_nik & good
    stands = token | rule.stands(pairs)
    certain = stands.copy()
    if rule.contrary is not None:
        certain &= ~rule.contrary.contradicts(pairs, token)
    unsure = stands & ~certain
    if charter.matching.review_ppm:
        unsure |= ~stands & MatchRule(charter.matching.review_ppm).stands(pairs)
    rank = np.where(token, 1 + most, best)
    if charter.matching.order == "household":
        cards = {n: p for n, p in rule.thresholds_ppm.items() if n in charter.salted_by_cards}
        rank -= np.where(token | MatchRule(cards).stands(pairs), 0.0, _LATER)
    rank -= np.where(certain, 0.0, 2 * _LATER)
    return [
        CanaryPair(
            float(rank[at]),
            (numbers[0], int(pairs.left_rows[at])),
            (numbers[1], int(pairs.right_rows[at])),
            sure=bool(token[at]),
            certain=bool(certain[at]),
        )
        for at in np.flatnonzero(certain | unsure).tolist()
    ]
