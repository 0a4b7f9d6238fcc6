"""The guessing game: a service that tries to tell canaries from people, with all that it holds.

`features` are what it sees of each row: how like the row is to all others, in every encoding and
on every list; tokens and contrary codes; the group that it is in; what the manifests count.
`Boosted` learns from projects in which it is told the canaries, and guesses in others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from policy.formats.arrays.bundle_rows import RowLayout
from policy.project.canary_counts import recipient_of, seen_in
from tests.support.canaries import City, Draw

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
_LIKE, _VERY_LIKE = 0.56, 0.62
# Bytes of a contrary code that agree where two rows have one frame: both know NIK, both a date.
_FRAME = [0, 1, 5, 6]


@dataclass(frozen=True, eq=False)
class Near:
    """Of some rows, by encoding and list: how like they are to that list's rows.

    Arrays (lists, encodings, rows): the likeness of the nearest and second, and how many are
    like, very like, and equal.
    """

    first: Floats
    second: Floats
    like: Floats
    very: Floats
    equal: Floats

    @classmethod
    def of(cls, mine: Bits, theirs: Sequence[Bits], own: int | None) -> Near:
        """`own` is the list in which row `i` is row `i` of these rows itself."""
        shape = (len(theirs), len(mine.bits), mine.rows)
        found = [np.zeros(shape) for _ in range(5)]
        for number, other in enumerate(theirs):
            for at, (bits, counts) in enumerate(zip(mine.bits, mine.counts, strict=True)):
                if not other.rows:
                    continue
                dice = 2 * (bits @ other.bits[at].T) / (counts[:, None] + other.counts[at][None])
                if number == own:
                    np.fill_diagonal(dice, 0)
                found[0][number, at] = dice.max(axis=1)
                best = np.partition(dice, -2, axis=1)[:, -2:] if other.rows > 1 else None
                found[1][number, at] = 0 if best is None else best.min(axis=1)
                for place, least in ((2, _LIKE), (3, _VERY_LIKE), (4, 0.9999)):
                    found[place][number, at] = (dice >= least).sum(axis=1)
        return cls(*found)

    def beside(self, other: Near) -> Near:
        """The same rows, near to two sets of others together."""
        best = np.sort([self.first, self.second, other.first, other.second], axis=0)
        return Near(
            best[3], best[2],
            self.like + other.like, self.very + other.very, self.equal + other.equal,
        )  # fmt: skip

    def then(self, other: Near) -> Near:
        """These rows, and others after them."""
        names = ("first", "second", "like", "very", "equal")
        return Near(*(np.concatenate([getattr(self, n), getattr(other, n)], axis=2) for n in names))

    def columns(self) -> Floats:
        """(rows, features)."""
        parts = (self.first, self.second, self.like, self.very, self.equal)
        return np.concatenate([part.reshape(-1, part.shape[2]) for part in parts]).T


@dataclass(frozen=True, eq=False)
class Bits:
    """Rows of a list, bit by bit, by encoding."""

    bits: list[NDArray[np.float32]] = field(repr=False)
    counts: list[NDArray[np.float32]] = field(repr=False)

    @property
    def rows(self) -> int:
        return len(self.counts[0])

    @classmethod
    def of(cls, layout: RowLayout, sent: NDArray[np.uint8]) -> Bits:
        packed = layout.encodings(sent)
        bits = [np.unpackbits(packed[name], axis=1).astype(np.float32) for name in sorted(packed)]
        return cls(bits, [each.sum(axis=1) for each in bits])


@dataclass(eq=False)
class Service:
    """What one service sees of the lists of a city, project after project."""

    city: City
    _people: list[Bits] = field(init=False, repr=False)
    _near: list[Near] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        encoder = self.city.encoder
        self.layout = encoder.layout
        self._people = [Bits.of(self.layout, sent) for sent in self.city.people]
        self._near = [Near.of(b, self._people, at) for at, b in enumerate(self._people)]

    def near(self, draw: Draw) -> list[Near]:
        """Of all rows, people first."""
        planted = [
            Bits.of(self.layout, sent[canary])
            for sent, canary in zip(draw.rows, draw.is_canary, strict=True)
        ]
        return [
            near.beside(Near.of(people, planted, None)).then(
                Near.of(canaries, self._people, None).beside(Near.of(canaries, planted, at))
            )
            for at, (near, people, canaries) in enumerate(
                zip(self._near, self._people, planted, strict=True)
            )
        ]

    def features(self, draw: Draw, near: Sequence[Near]) -> list[Floats]:
        """Of every list, (rows, features)."""
        shared = self._shared(draw)
        groups = _groups(draw)
        return [
            np.concatenate([each.columns(), same, grouped], axis=1)
            for each, same, grouped in zip(near, shared, groups, strict=True)
        ]

    def _shared(self, draw: Draw) -> list[Floats]:
        """Equal tokens, tags and codes, and codes of one frame, by list."""
        keys: list[list[NDArray[np.void]]] = []
        for sent in draw.rows:
            parts = []
            tokens = self.layout.tokens(sent)
            if tokens is not None:
                parts.append(tokens)
            parts += [tag[:, None].view(np.uint8) for tag in self.layout.tags(sent).values()]
            for codes in self.layout.contrary(sent).values():
                for number in range(codes.shape[1]):
                    parts += [codes[:, number], codes[:, number][:, _FRAME]]
            keys.append([_as_keys(part) for part in parts])
        found = []
        for mine in keys:
            columns = [
                _times(key, theirs[place]) for place, key in enumerate(mine) for theirs in keys
            ]
            found.append(np.stack(columns, axis=1).astype(float))
        return found


def _as_keys(part: NDArray[np.uint8]) -> NDArray[np.void]:
    rows = np.ascontiguousarray(part)
    return rows.view(np.dtype((np.void, rows.shape[1]))).ravel()


def _times(mine: NDArray[np.void], theirs: NDArray[np.void]) -> Floats:
    known, counts = np.unique(theirs, return_counts=True)
    place = np.minimum(np.searchsorted(known, mine), len(known) - 1)
    return np.where(known[place] == mine, counts[place], 0).astype(float)


def _groups(draw: Draw) -> list[Floats]:
    """Which lists each row's groups span, and what the manifests say of such rows."""
    charter, names = draw.city.charter, draw.city.charter.dataset_ids
    spans: dict[str, list[Floats]] = {name: [] for name in names}
    seen: dict[str, list[dict[str, tuple[str, ...]]]] = {
        name: [{} for _ in range(len(draw.rows[number]))] for number, name in enumerate(names)
    }
    for domain in charter.domains:
        solved = draw.groups(domain.id)
        lists = np.zeros((solved.count + 1, len(names)))
        lists[solved.group, solved.dataset] = 1
        for name in domain.datasets:
            number = names.index(name)
            group = solved.by_row(number, len(draw.rows[number]))
            spans[name].append(lists[group])
            mine = recipient_of(charter, charter.recipients(), name)
            sight = seen_in(charter, mine, name, domain.id)
            for row in np.flatnonzero(group >= 0).tolist():
                there = {names[at] for at in np.flatnonzero(lists[group[row]])} | {""}
                told = tuple(each for each in sight if each in there)
                if told:
                    seen[name][row][domain.id] = told
    return [
        np.concatenate([*spans[name], _counted(draw, name, seen[name])[:, None]], axis=1)
        for name in names
    ]


def _counted(draw: Draw, name: str, seen: list[dict[str, tuple[str, ...]]]) -> Floats:
    """Canaries among the rows that look the same to their owner, as the manifest counts them."""
    counts = draw.plan.counts(name)
    if counts is None:
        return np.zeros(len(seen))
    patterns = [tuple(sorted(each.items())) for each in seen]
    rows = Counter(patterns)
    canaries = Counter({tuple(sorted(each.seen.items())): each.rows for each in counts.cells})
    canaries[()] = len(draw.plan.rows[name]) - sum(canaries.values())
    return np.array([(canaries[each] + 0.5) / (rows[each] + 10) for each in patterns])


# -- rules that a person would write ----------------------------------------------------------


def signs(draw: Draw, near: Sequence[Near], features: Sequence[Floats]) -> list[dict[str, Flags]]:
    """Of every list, what may be said of a row in a sentence."""
    charter = draw.city.charter
    encodings = sorted(each.name for each in charter.encoding.encodings)
    fields = charter.encoding.salted_by
    without_nik = [at for at, name in enumerate(encodings) if "nik" not in fields[name]]
    found = []
    for number, each in enumerate(near):
        others = [at for at in range(len(near)) if at != number]
        equal = (each.equal[np.ix_(others, without_nik)] > 0).all(axis=1)
        alike = each.first[others] >= _VERY_LIKE
        rare = alike.any(axis=0)
        seldom = rare.mean(axis=1) < 0.02
        own = dict(zip(encodings, each.like[number], strict=True))
        said = {
            "equal without NIK on all lists": equal.all(axis=0),
            "equal without NIK on some list": equal.any(axis=0),
            "like somebody where few of its list are": (rare & seldom[:, None]).any(axis=0),
            "like somebody on all lists": alike.any(axis=1).all(axis=0),
            "very like nobody on any list": ~alike.any(axis=(0, 1)),
            "like nobody on any list": ~(each.first[others] >= _LIKE).any(axis=(0, 1)),
            "like somebody in every encoding": alike.any(axis=0).all(axis=0),
        }
        for name, how_many in own.items():
            said[f"alone on its list in {name}"] = how_many == 0
        groups = _group_sizes(draw, number)
        for domain, size in groups.items():
            said[f"in no group of {domain}"] = size == 0
            said[f"on all lists of {domain}"] = size == len(charter.domain(domain).datasets)
        found.append(said)
    return found


def _group_sizes(draw: Draw, number: int) -> dict[str, NDArray[np.int64]]:
    charter, name = draw.city.charter, draw.city.charter.dataset_ids[number]
    sizes = {}
    for domain in charter.domains:
        if name in domain.datasets:
            solved = draw.groups(domain.id)
            of = np.append(np.bincount(solved.group, minlength=solved.count), 0)
            sizes[domain.id] = of[solved.by_row(number, len(draw.rows[number]))]
    return sizes


def best_rule(
    said: Sequence[Mapping[str, Flags]], canary: Sequence[Flags]
) -> tuple[float, str, float]:
    """Of rules that find half of the canaries: the fewest false alarms for each that is found.

    Rules are a sign, its opposite, and any two of these together; every entry of the arguments
    is a project. Returns alarms, the rule, and the share that it finds.
    """
    truth = np.concatenate(canary)
    literals = {}
    for name in said[0]:
        flags = np.concatenate([each[name] for each in said])
        literals[name], literals[f"not {name}"] = flags, ~flags
    rules = dict(literals)
    for (one, these), (other, those) in combinations(literals.items(), 2):
        rules[f"{one}, and {other}"] = these & those
    best = (np.inf, "", 0.0)
    for name, flags in rules.items():
        hits = int((flags & truth).sum())
        if hits * 2 >= truth.sum():
            alarms = float((flags & ~truth).sum() / hits)
            best = min(best, (alarms, name, float(hits / truth.sum())))
    return best


# -- learning -----------------------------------------------------------------------------------


@dataclass
class Boosted:
    """Gradient boosting of trees of depth two on ranked features; classes weigh the same."""

    rounds: int = 60
    rate: float = 0.2
    bins: int = 16
    leaf: float = 0.004
    _edges: list[Floats] = field(init=False, default_factory=list)
    _trees: list[tuple[int, int, int, int, int, int, Floats]] = field(
        init=False, default_factory=list
    )

    def fit(self, rows: Floats, truth: Flags) -> Boosted:
        steps = np.linspace(0, 1, self.bins + 1)[1:-1]
        self._edges = [np.unique(np.quantile(column, steps)) for column in rows.T]
        binned = self._binned(rows)
        weight = np.where(truth, 0.5 / truth.sum(), 0.5 / (~truth).sum())
        target, score = np.where(truth, 1.0, -1.0), np.zeros(len(truth))
        for _ in range(self.rounds):
            pull = weight * target / (1 + np.exp(target * score))
            curve = np.abs(pull) * (1 - np.abs(pull) / weight) + 1e-9
            tree = self._tree(binned, pull, curve, weight)
            self._trees.append(tree)
            score += self.rate * _leaf_values(tree, binned)
        return self

    def scores(self, rows: Floats) -> Floats:
        binned = self._binned(rows)
        return np.sum([_leaf_values(tree, binned) for tree in self._trees], axis=0)

    def _binned(self, rows: Floats) -> NDArray[np.uint8]:
        return np.stack(
            [
                np.searchsorted(edges, column, side="right").astype(np.uint8)
                for edges, column in zip(self._edges, rows.T, strict=True)
            ]
        )

    def _tree(
        self, binned: NDArray[np.uint8], pull: Floats, curve: Floats, weight: Floats
    ) -> tuple[int, int, int, int, int, int, Floats]:
        everyone = np.arange(binned.shape[1])
        root = self._split(binned, everyone, pull, curve, weight)
        sides = [everyone[binned[root[0]] <= root[1]], everyone[binned[root[0]] > root[1]]]
        splits, values = [], []
        for side in sides:
            feature, at = self._split(binned, side, pull, curve, weight)
            splits += [feature, at]
            low = binned[feature][side] <= at
            for part in (side[low], side[~low]):
                values.append(pull[part].sum() / (curve[part].sum() + 0.02))
        return (*root, *splits, np.clip(values, -3, 3))

    def _split(
        self, binned: NDArray[np.uint8], rows: NDArray[np.int64],
        pull: Floats, curve: Floats, weight: Floats,
    ) -> tuple[int, int]:  # fmt: skip
        best, found = -1.0, (0, 255)
        for feature in range(len(binned)):
            if not len(self._edges[feature]):
                continue
            column = binned[feature][rows]
            g, h, w = (
                np.cumsum(np.bincount(column, each[rows], self.bins))
                for each in (pull, curve, weight)
            )
            gain = g**2 / (h + 0.02) + (g[-1] - g) ** 2 / (h[-1] - h + 0.02)
            gain[(w < self.leaf) | (w[-1] - w < self.leaf)] = -1.0
            at = int(np.argmax(gain))
            if gain[at] > best:
                best, found = float(gain[at]), (feature, at)
        return found


def _leaf_values(
    tree: tuple[int, int, int, int, int, int, Floats], binned: NDArray[np.uint8]
) -> Floats:
    f, at, f_low, at_low, f_high, at_high, values = tree
    high = binned[f] > at
    leaf = np.where(high, 2 + (binned[f_high] > at_high), (binned[f_low] > at_low).astype(int))
    return values[leaf]


def auc(scores: Floats, truth: Flags) -> float:
    """The chance that a canary scores above a person; ties count half."""
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    rank = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    canaries = truth.sum()
    above = rank[truth].sum() - canaries * (canaries + 1) / 2
    return float(above / (canaries * (~truth).sum()))


def auc_error(canaries: int, people: int) -> float:
    """Its standard error at chance."""
    return float(np.sqrt((canaries + people + 1) / (12 * canaries * people)))


def _balanced(rows: Floats, truth: Flags) -> tuple[Floats, Flags]:
    """All canaries, and some of the people: these are the same in every project."""
    rng = np.random.default_rng(6)
    people = np.flatnonzero(~truth)
    some = rng.choice(people, min(len(people), 6 * int(truth.sum())), replace=False)
    chosen = np.sort(np.concatenate([np.flatnonzero(truth), some]))
    return rows[chosen], truth[chosen]


@dataclass(frozen=True)
class Guesses:
    """How well the service guesses on one list: of other projects than it learnt from."""

    dataset: str
    auc: float
    best_feature: float
    counted: float
    canaries: int
    error: float
    alarms: float
    rule: str
    draws: list[Draw] = field(repr=False)
    scores: list[Floats] = field(repr=False)


def play(cities: tuple[City, City], draws: int) -> list[Guesses]:
    """Learn on projects of the first city, guess on those of the second."""
    seen = []
    for city in cities:
        service, rows, truths, said, draw_of = Service(city), [], [], [], []
        for number in range(draws):
            draw = city.draw(number)
            draw_of.append(draw)
            near = service.near(draw)
            features = service.features(draw, near)
            rows.append(features)
            truths.append(draw.is_canary)
            said.append(signs(draw, near, features))
        seen.append((rows, truths, said, draw_of))
    (learn, told, _, _), (test, truth, said, played) = seen
    found = []
    for at, name in enumerate(cities[0].charter.dataset_ids):
        known = np.concatenate([each[at] for each in learn])
        new = np.concatenate([each[at] for each in test])
        answers = np.concatenate([each[at] for each in truth])
        lesson = np.concatenate([each[at] for each in told])
        model = Boosted().fit(*_balanced(known, lesson))
        scores = model.scores(new)
        # The single feature that parts best what was learnt from.
        # The manifests' counts, the last one, are looked at by themselves.
        single = [auc(column, lesson) for column in known.T[:-1]]
        best = int(np.argmax(np.abs(np.array(single) - 0.5)))
        side = auc(new[:, best], answers)
        alarms, rule, _ = best_rule([each[at] for each in said], [each[at] for each in truth])
        found.append(
            Guesses(
                name,
                auc(scores, answers),
                side if single[best] >= 0.5 else 1 - side,
                auc(new[:, -1], answers),
                int(answers.sum()) // draws,
                auc_error(int(answers.sum()), int((~answers).sum())),
                alarms,
                rule,
                played,
                np.split(scores, np.cumsum([len(each[at]) for each in test])[:-1]),
            )
        )
    return found
