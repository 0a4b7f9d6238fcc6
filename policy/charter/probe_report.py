"""What an encoding must withstand before it may carry real people's rows.

The floors come from the project's security terms; a charter may raise them and never lower them.
`padan-encoder probe` attacks a charter's encodings on synthetic people and writes a `ProbeReport`.
An agency or the auditor signs the report into the log, where the run gate reads it
(`policy.gates.rules.privacy`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pydantic import Field

from policy.base.canonical import HexDigest, Identifier, Model

MICRO = 1_000_000
# year: people of one birth year; date: of one birth date; region: as dense as in the largest
# list; salt: people with the same salt of one encoding, in a group as large as in that list.
Group = Literal["year", "date", "region", "salt"]
# The floors are for a group of this many people of one birth year, with this many known pairs.
GROUP_ROWS = 5_000
KNOWN_PAIRS = 5_000


@dataclass(frozen=True)
class Floor:
    """A bound on one probe's figure within one group, in millionths."""

    probe: str
    micro: int
    at_most: bool
    group: Group = "year"

    def holds(self, figure: ProbeFigure) -> bool:
        return figure.micro <= self.micro if self.at_most else figure.micro >= self.micro


# nn10: share of the ten nearest neighbours kept; ridge: AUC of a regression on name bigrams;
# xor-4: median z of the XOR weight of related rows; graph: share found by graph matching.
_NN10, _RIDGE, _XOR4, _GRAPH = 50_000, 600_000, -5 * MICRO, 10_000
FLOORS = (
    Floor("nn10", _NN10, at_most=True),
    Floor("ridge", _RIDGE, at_most=True),
    Floor("xor-4", _XOR4, at_most=False),
    Floor("graph", _GRAPH, at_most=True),
)
# The second law adds these. known-N: share of others identified if N of a hundred are known;
# iterated: identified by graph matching with many keys and no known pair; household: rows whose
# likeliest relative is on the same family card.
DENSE_FLOORS = (
    Floor("known-1", 10_000, at_most=True, group="region"),
    Floor("known-5", 25_000, at_most=True, group="region"),
    Floor("known-20", 100_000, at_most=True, group="region"),
    Floor("iterated", 10_000, at_most=True, group="region"),
    Floor("household", 150_000, at_most=True, group="region"),
    Floor("known-5", 80_000, at_most=True, group="salt"),
    Floor("known-20", 120_000, at_most=True, group="salt"),
    Floor("iterated", 250_000, at_most=True, group="salt"),
)


# How far figures of one seed may lie apart, in millionths: shares and AUC, and the z score.
# If guesses build on guesses, the last digit of a sum can change a few of them.
_SAME_SHARE, _SAME_Z, _SAME_GUESSES = 1_000, 50_000, 20_000
_GUESSES = frozenset(floor.probe for floor in DENSE_FLOORS)


def _same(probe: str) -> int:
    if probe in _GUESSES:
        return _SAME_GUESSES
    return _SAME_Z if probe == "xor-4" else _SAME_SHARE


class ProbeFloors(Model):
    """A charter's own floors in millionths, never lower than `FLOORS`. None keeps the default."""

    nn10: int | None = Field(default=None, ge=0, le=_NN10)
    ridge: int | None = Field(default=None, ge=0, le=_RIDGE)
    xor4: int | None = Field(default=None, ge=_XOR4, le=0)
    graph: int | None = Field(default=None, ge=0, le=_GRAPH)

    def floors(self) -> tuple[Floor, ...]:
        asked = {"nn10": self.nn10, "ridge": self.ridge, "xor-4": self.xor4, "graph": self.graph}
        return tuple(
            floor if (micro := asked[floor.probe]) is None else replace(floor, micro=micro)
            for floor in FLOORS
        )


class ProbeFigure(Model):
    """One figure of one probe in one group, in millionths (also for a z score)."""

    probe: Identifier
    group: Group
    micro: int


class ProbeReport(Model):
    """What the probes found on synthetic people. `encoding` is `Charter.encoding_digest()`.

    Since version 2, the probes attack people as dense as in a list of `people` rows, and groups of
    people with the same salt of an encoding: `groups` are their sizes.
    """

    type: Literal["padan/probe-report"] = "padan/probe-report"
    version: Literal[1, 2] = 1
    encoding: HexDigest
    profile: str = Field(min_length=1, max_length=60)
    rows: int = Field(ge=1)
    known: int = Field(ge=1)
    seed: int
    figures: tuple[ProbeFigure, ...] = Field(min_length=1)
    # Since version 2; left out of the canonical form of a version 1 report.
    people: int = Field(default=0, ge=0, exclude_if=lambda people: not people)
    groups: dict[Identifier, int] = Field(
        default_factory=dict, exclude_if=lambda groups: not groups
    )

    @property
    def enough(self) -> bool:
        """Whether the groups were as large as the floors require."""
        return self.rows >= GROUP_ROWS and self.known >= KNOWN_PAIRS

    def unlike(self, other: ProbeReport) -> tuple[str, ...]:
        """The figures, as probe/group, that differ between two reports or are missing in one.

        Both reports have the same seed. Rounding differences between machines do not count.
        """
        left, right = ({(f.probe, f.group): f.micro for f in r.figures} for r in (self, other))
        if self._asked != other._asked or len(left) != len(self.figures):
            return ("seed",)
        return tuple(
            f"{probe}/{group}"
            for probe, group in sorted(left.keys() | right.keys())
            if (probe, group) not in left
            or (probe, group) not in right
            or abs(left[probe, group] - right[probe, group]) > _same(probe)
        )

    @property
    def _asked(self) -> tuple[object, ...]:
        """The settings of the probes."""
        asked = (self.encoding, self.profile, self.rows, self.known, self.seed)
        return (*asked, self.version, self.people, tuple(sorted(self.groups.items())))

    def failing(self, floors: Sequence[Floor] = FLOORS) -> tuple[str, ...]:
        """The probes that missed their floor or did not run."""
        return tuple(dict.fromkeys(floor.probe for floor in floors if not self._holds(floor)))

    def _holds(self, floor: Floor) -> bool:
        found = [f for f in self.figures if (f.probe, f.group) == (floor.probe, floor.group)]
        return bool(found) and all(map(floor.holds, found))
