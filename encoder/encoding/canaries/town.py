"""The town of canaries: its residents, and which of them is on which list.

All agencies draw the same town from the canary subkey. The town is a small model of the lists'
region: realistic households, of which each list has as many rows, and as many rows per family card,
as it has of real people. So a canary is on some lists and not on others, as people are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby
from math import ceil
from random import Random

from encoder.encoding.canaries.likeness import CARD_FIELD_LACKING, profile_of, share_of
from encoder.synthetic.care import undocumented_listed
from encoder.synthetic.places import DKI
from encoder.synthetic.population import BLOCK, Person, block
from policy.charter import CanariesLikeTheList, Charter
from policy.regions import has
from policy.statements import DatasetCommitment

# The longest list has nearly all residents.
_NEARLY_ALL = 0.97
# Serial numbers of NIKs and family cards begin with the block's number times four: at 0600, which
# offices rarely reach on any day, and below 1000 like theirs.
_FIRST_BLOCK = 150
_MOST_BLOCKS = 10
# Builds that know these laws alone draw every town in DKI Jakarta.
_LAWS_OF_JAKARTA = frozenset({"padan-law-1", "padan-law-2"})


@dataclass(frozen=True)
class Town:
    """Residents in blocks; for each dataset those in its canary slots, as (block, place)."""

    blocks: list[list[Person]] = field(repr=False)
    listed: Mapping[str, list[tuple[int, int]]] = field(repr=False)


def draw_town(
    charter: Charter,
    terms: CanariesLikeTheList,
    secret: bytes,
    lists: Mapping[str, DatasetCommitment],
) -> Town:
    """The town determined by this secret and the shapes of all lists."""
    slots = {name: canaries_of(each) for name, each in lists.items()}
    people = max(each.count - slots[name] for name, each in lists.items())
    residents = max(terms.residents or 0, ceil(people / _NEARLY_ALL))
    wanted = ceil(max(slots.values()) / _NEARLY_ALL)
    size = max(wanted, round(residents * terms.share_ppm / 1_000_000))
    seed, region = int.from_bytes(secret, "big"), town_region(charter)
    parts = min(_MOST_BLOCKS, ceil(residents / BLOCK), size)
    blocks = [
        block(_FIRST_BLOCK + number, len(range(number, size, parts)), seed, region)
        for number in range(parts)
    ]
    everyone = [
        (part, place) for part, people_of in enumerate(blocks) for place in range(len(people_of))
    ]
    households = [
        list(members)
        for _, members in groupby(everyone, key=lambda at: blocks[at[0]][at[1]].household)
    ]
    listed = {}
    for name in charter.dataset_ids:
        rng = Random(f"{seed}/{name}/listed")  # noqa: S311 - the secrecy is in the seed
        within = _within(charter, lists[name], households)
        # A register has few people without a NIK.
        undocumented = undocumented_listed(profile_of(charter, lists[name]))
        chance = {at: 1.0 if blocks[at[0]][at[1]].nik else undocumented for at in everyone}
        # Some are on a list twice, except if groups may hold both rows.
        several = charter.matching.cardinality != "one-to-one"
        twice = 0.0 if several else profile_of(charter, lists[name]).twice
        listed[name] = _listed(rng, households, slots[name], within, chance, twice)
    return Town(blocks, listed)


def town_region(charter: Charter) -> str:
    """The province or kab/kota in which canaries live, by its Kemendagri code.

    It is the charter's if the charter names the book of all regions. Under another book or an
    earlier law it is DKI Jakarta, since all agencies draw one town and earlier builds drew that.
    """
    named = charter.region
    if named is None or charter.law in _LAWS_OF_JAKARTA:
        return DKI
    if not has(named.code[:4], named.codebook, named.vintage):
        return DKI
    return named.code[:4]


def canaries_of(committed: DatasetCommitment) -> int:
    """How many rows of the dataset are canaries."""
    return 0 if committed.shape is None else committed.shape.canaries


def _listed(
    rng: Random,
    households: list[list[tuple[int, int]]],
    slots: int,
    within: float,
    chance: Mapping[tuple[int, int], float],
    twice: float,
) -> list[tuple[int, int]]:
    """`slots` rows, household after household; the share `within` of each listed household.

    `twice` is the share of people who have two rows.
    """
    repeated = sum(rng.random() < twice for _ in range(slots // 2))
    slots -= repeated
    order = list(households)
    rng.shuffle(order)
    chosen: list[tuple[int, int]] = []
    others: list[tuple[int, int]] = []
    for household in order:
        for at in household:
            taken = len(chosen) < slots and rng.random() < within * chance[at]
            (chosen if taken else others).append(at)
    rng.shuffle(others)
    others.sort(key=lambda at: -chance[at])
    chosen += others[: slots - len(chosen)]
    chosen += rng.sample(chosen, repeated)
    rng.shuffle(chosen)
    return chosen


def _within(
    charter: Charter, committed: DatasetCommitment, households: list[list[tuple[int, int]]]
) -> float:
    """The probability that a resident of a listed household is listed.

    Chosen so that rows per family card match the list; 1 for whole households.
    """
    shape = committed.shape
    people = sum(map(len, households))
    share = canaries_of(committed) / people
    if shape is None or not shape.on_a_card:
        return share
    missing = share_of(charter, committed, "kk")
    if missing == CARD_FIELD_LACKING:
        return share
    # Some cards are missing, and as many are old cards, which nobody shares.
    old = min(missing, 0.4)
    cards = (1 - missing) / (shape.on_a_card / 10) - old
    kept = max(0.05, 1 - missing - old)
    mean = kept / max(cards, 0.01)
    low, high = share, 1.0
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (
            (middle, high) if _on_a_card(households, middle * kept) < mean else (low, middle)
        )
    return low


def _on_a_card(households: list[list[tuple[int, int]]], chance: float) -> float:
    """The mean number of listed residents of a household, over households with at least one."""
    listed = sum(chance * len(each) for each in households)
    any_listed = sum(1 - (1 - chance) ** len(each) for each in households)
    return listed / any_listed
