"""Attacks on dense groups: a region like the largest list's, and the rows of one salt.

    known-1, -5, -20   share of the other rows identified if that many of a hundred are known
    iterated           share of all rows identified by graph matching with many keys, no known pair
    household          share of rows whose most likely relative is on the same family card

Two thousand people represent a list of millions, so a tag narrows them less than it narrows that
list. Therefore only the tag bits beyond the ratio of the two sizes count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from encoder.encoding.project_keys import ProjectKeys
from encoder.probe.draws import Draws
from encoder.probe.group import Columns
from encoder.probe.iterated import reidentified_in_turn
from encoder.probe.known import found_by_known
from encoder.probe.region import people_of_region, people_of_salts
from encoder.probe.sent import Sent, sent
from encoder.probe.sizes import largest_group
from policy.charter import Charter, Encoding
from policy.charter.tags import all_tag_bits

Matrix = NDArray[np.float32]

SHARES = {"known-1": 0.01, "known-5": 0.05, "known-20": 0.2}
_OWN_KEYS, _OWN_KEYS_OF_A_SALT = 6, 12
# A figure depends strongly on which rows are known: one choice varies it by a third.
_CHOICES_OF_KNOWN = 4
_SMALLEST, _LARGEST_SALT, _PEOPLE_OF_SALTS = 8, 2_000, 3_000
# An average that occurs by chance in one pair of strangers in a million counts as zero.
_CHANCE = 5.0
_LOG_2, _NEVER = float(np.log(2)), -30.0


@dataclass(frozen=True)
class Dense:
    """Figures by probe, and the size of the attacked group of each encoding's salt."""

    region: dict[str, float]
    salt: dict[str, float]
    groups: dict[str, int]


def attack_dense(charter: Charter, rows: int, people: int, draws: Draws) -> Dense:
    """Attack `rows` people as dense as in a list of `people`, and each salt's largest group
    there."""
    region = attack_region(charter, rows, people, draws)
    return Dense(region, *attack_salts(charter, people, draws))


def attack_salts(
    charter: Charter, people: int, draws: Draws
) -> tuple[dict[str, float], dict[str, int]]:
    """Attack the largest group of each salt in a list of `people`; figures and sizes of groups."""
    # Salts too small to be attacked get no figure.
    salt = dict.fromkeys((*SHARES, "iterated"), 0.0) if charter.encoding.compound else {}
    groups: dict[str, int] = {}
    for encoding in charter.encoding.encodings:
        groups[encoding.name] = largest_group(charter, encoding, people)
        size = min(groups[encoding.name], _LARGEST_SALT)
        if not encoding.salt or size < _SMALLEST:
            continue
        for probe, share in _of_salt(charter, encoding, size, draws).items():
            salt[probe] = max(salt[probe], share)
    return salt, groups


def attack_region(charter: Charter, rows: int, people: int, draws: Draws) -> dict[str, float]:
    """Attack `rows` people as dense as in a list of `people`."""
    columns = people_of_region(charter, rows, people, draws.seed)
    theirs = sent(charter, _keys(charter, draws), columns, draws)
    kernels, labels = _register(charter, columns, draws)
    beyond = max(0.0, all_tag_bits(charter) - float(np.log2(max(1.0, people / rows))))
    tags = _Tags(theirs.tags, labels, beyond / max(1, all_tag_bits(charter)), charter)
    found = {
        probe: float(
            np.mean(
                [
                    found_by_known(theirs.hidden, kernels, share, draws.seed + at, tags.evidence)
                    for at in range(_CHOICES_OF_KNOWN)
                ]
            )
        )
        for probe, share in SHARES.items()
    }
    links = _likelihoods(theirs) + tags.pairs()
    np.fill_diagonal(links, -np.inf)
    card = next((f.name for f in charter.fields if f.kind == "kk"), None)
    cards = np.arange(len(links)) if card is None else np.array(columns[card])
    found["household"] = float(np.mean(cards[links.argmax(axis=1)] == cards))
    received = _together([_agreement(bits) for bits in theirs.hidden])
    found["iterated"] = reidentified_in_turn(_together(kernels), received, draws.seed)
    return found


def _of_salt(charter: Charter, encoding: Encoding, size: int, draws: Draws) -> dict[str, float]:
    """Attack groups of this encoding's salt, by this encoding only; figures above chance."""
    count = max(1, _PEOPLE_OF_SALTS // size)
    alone = charter.encoding.model_copy(update={"encodings": (encoding,)})
    charter = charter.model_copy(update={"encoding": alone})
    columns = people_of_salts(charter, encoding, size, count, draws.seed)
    received, *own = (
        sent(charter, _keys(charter, draws), columns, draws).encodings[0]
        for _ in range(1 + _OWN_KEYS_OF_A_SALT)
    )
    found: dict[str, list[float]] = {}
    for number in range(count):
        group = slice(number * size, (number + 1) * size)
        kernel = _together([_agreement(bits[group]) for bits in own]) / np.float32(len(own))
        for probe, share in SHARES.items():
            others = size - max(1, round(share * size))
            told = found_by_known([received[group]], [kernel], share, draws.seed + number)
            found.setdefault(probe, []).append(_beyond_chance(told, others))
        told = reidentified_in_turn(kernel, _agreement(received[group]), draws.seed + number)
        found.setdefault("iterated", []).append(_beyond_chance(told, size))
    return {probe: max(0.0, float(np.mean(each))) for probe, each in found.items()}


def _beyond_chance(share: float, choices: int) -> float:
    return (share - 1 / choices) / (1 - 1 / choices)


def _register(
    charter: Charter, columns: Columns, draws: Draws
) -> tuple[list[Matrix], list[NDArray[np.uint16]]]:
    """The people's mean similarity over the attacker's own keys, and their tag values.

    Tag values are (rows, keys): equal for equal values.
    """
    kernels: list[Matrix] = []
    labels: list[list[NDArray[np.uint16]]] = []
    for number in range(_OWN_KEYS):
        own = sent(charter, _keys(charter, draws), columns, draws)
        for at, bits in enumerate(own.hidden):
            if not number:
                kernels.append(np.zeros((len(bits), len(bits)), np.float32))
            kernels[at] += _agreement(bits) / np.float32(_OWN_KEYS)
        labels.append(own.tags)
    widths = [bits.shape[1] for bits in own.hidden]
    for kernel, width in zip(kernels, widths, strict=True):
        kernel[np.abs(kernel) < _CHANCE / np.sqrt(width * _OWN_KEYS)] = 0
    return kernels, [np.stack(each, axis=1) for each in zip(*labels, strict=True)]


def _together(similarities: Sequence[Matrix]) -> Matrix:
    total = np.zeros_like(similarities[0])
    for each in similarities:
        total += each
    return total


def _agreement(bits: NDArray[np.uint8]) -> Matrix:
    """1 for equal rows, and 0 on average for unrelated rows, whose bits are evenly distributed."""
    sign = bits.astype(np.float32) * 2 - 1
    sign -= sign.mean(axis=0)
    found: Matrix = sign @ sign.T
    found /= np.float32(bits.shape[1])
    return found


def _likelihoods(theirs: Sent) -> Matrix:
    """How much more likely two rows are related than strangers, from all bits."""
    found = np.zeros((len(theirs.encodings[0]),) * 2, np.float32)
    for bits in theirs.hidden:
        beyond = _agreement(bits) * np.float32(np.sqrt(bits.shape[1]))
        found += np.maximum(beyond, 0) ** 2 / 2
    return found


class _Tags:
    """The evidence of tags, from the part of each tag's bits that counts."""

    def __init__(
        self,
        tags: Sequence[NDArray[np.uint16]],
        labels: Sequence[NDArray[np.uint16]],
        counting: float,
        charter: Charter,
    ) -> None:
        bits = [each.tag_bits for each in charter.encoding.encodings if each.tag_bits]
        self._kept: list[tuple[NDArray[np.int64], NDArray[np.int64], float]] = []
        seen: set[bytes] = set()
        for tag, label, width in zip(tags, labels, bits, strict=True):
            if tag.tobytes() not in seen:
                seen.add(tag.tobytes())
                values = np.unique(label, axis=0, return_inverse=True)[1].reshape(-1)
                kept = round(width * counting)
                self._kept.append((tag.astype(np.int64) >> (width - kept), values, kept * _LOG_2))

    def evidence(
        self, rows: NDArray[np.int64], people: NDArray[np.int64], known: NDArray[np.int64]
    ) -> Matrix:
        """(rows, people): whether the row has the tag known for the person's value."""
        found = np.zeros((len(rows), len(people)), np.float32)
        for tag, values, weight in self._kept:
            of_value = np.full(values.max() + 1, -1)
            of_value[values[known]] = tag[known]
            told = of_value[values[people]]
            right = tag[rows][:, np.newaxis] == told
            found += np.where(told < 0, 0, np.where(right, weight, _NEVER if weight else 0))
        return found

    def pairs(self) -> Matrix:
        """(rows, rows): whether two rows have the same tag."""
        rows = len(self._kept[0][0]) if self._kept else 1
        found = np.zeros((rows, rows), np.float32)
        for tag, _, weight in self._kept:
            found += np.where(tag[:, np.newaxis] == tag, weight, 0)
        return found


def _keys(charter: Charter, draws: Draws) -> ProjectKeys:
    return ProjectKeys(draws.bytes(32), charter.terms_digest())
