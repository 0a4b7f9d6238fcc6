"""All probes on one charter's encoding terms, under keys drawn from its seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from encoder.encoding.project_keys import ProjectKeys
from encoder.probe import combination, floors, graph, likeness, neighbours, regression
from encoder.probe.dense import Dense, attack_dense
from encoder.probe.draws import Draws
from encoder.probe.group import Columns, people_of_one_date, people_of_one_year
from encoder.probe.plaintext import Plaintext, plaintext
from encoder.probe.sent import sent
from policy.base.words import Words
from policy.charter import Charter, FieldKind
from policy.charter.probe_report import DENSE_FLOORS, MICRO, Floor, Group, ProbeFigure, ProbeReport

Matrix = NDArray[np.float32]
Encodings = Sequence[NDArray[np.uint8]]
_TAG_BITS = 256  # of the pattern that represents a tag
# The number of keys under which the graph attacker encodes its register. More keys give less
# noise, but each needs a similarity matrix for every encoding.
_OWN_KEYS, _OWN_KEYS_OF_SEVERAL = 6, 2
_DENSE = {
    "known-1": Words("Orang lain dikenali, 1 % diketahui", "Others told, 1 % known"),
    "known-5": Words("Orang lain dikenali, 5 % diketahui", "Others told, 5 % known"),
    "known-20": Words("Orang lain dikenali, 20 % diketahui", "Others told, 20 % known"),
    "iterated": Words("Dikenali oleh graf berulang", "Told by iterated graph matching"),
    "household": Words("Kerabat terdekat serumah", "Likeliest relative is of the household"),
}


@dataclass(frozen=True)
class ProbeFinding:
    """One figure. A figure without a floor is for information only."""

    probe: str
    title: Words
    group: Group
    value: float
    floor: float | None = None
    passed: bool = True


@dataclass(frozen=True)
class Probes:
    """The results of the probes on synthetic people; an agency signs `report`."""

    report: ProbeReport
    findings: tuple[ProbeFinding, ...]
    failing: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return self.report.enough and not self.failing


def probe_charter(
    charter: Charter,
    *,
    rows: int = floors.GROUP_ROWS,
    known: int = floors.KNOWN_PAIRS,
    seed: int = 1,
    people: int | None = None,
    advance: Callable[[int], None] = lambda _: None,
) -> Probes:
    """Attack `rows` unknown people with `known` known ones, all of one birth year; then dense
    groups.

    Dense groups are as in a list of `people`, or of the charter's largest dataset by default.

    One seed gives the same figures, up to the last digits of sums of floats. The matrices take
    about 8 * rows * (rows + known) * 4 bytes. Raises Refused or BadInput for
    terms that this encoder cannot use.
    """
    draws = Draws(seed)
    keys = _keys(charter, draws)
    columns = people_of_one_year(charter, known + rows, seed)
    year = _Rows(charter, keys, columns, known, draws)
    advance(1)
    findings = [*_of_year(year, advance), _graph_matching(charter, columns, year, draws)]
    advance(1)
    del year
    half = floors.ONE_DATE_ROWS // 2
    columns = people_of_one_date(charter, 2 * half, seed)
    date_ = _Rows(charter, keys, columns, half, draws)
    findings += [*_of_date(date_), _graph_matching_alone(charter, columns, date_, draws)]
    advance(1)
    largest = people or max(dataset.rows_max for dataset in charter.datasets)
    dense = attack_dense(charter, min(rows, floors.REGION_ROWS), largest, draws)
    findings += _of_dense(dense)
    advance(1)
    report = ProbeReport(
        version=2,
        people=largest,
        groups=dense.groups,
        encoding=charter.encoding_digest(),
        profile=charter.encoding.profile,
        rows=rows,
        known=known,
        seed=seed,
        figures=tuple(_figure(each) for each in findings),
    )
    asked = (*charter.dpia.floors, *DENSE_FLOORS)
    judged = tuple(_judged(*each, asked) for each in zip(findings, report.figures, strict=True))
    return Probes(report, judged, report.failing(asked))


def _judged(finding: ProbeFinding, figure: ProbeFigure, asked: Sequence[Floor]) -> ProbeFinding:
    """Judge a figure by its floor, which applies only to the figure's own group."""
    of = (finding.probe, finding.group)
    floor = next((each for each in asked if (each.probe, each.group) == of), None)
    if floor is None:
        return finding
    return replace(finding, floor=floor.micro / MICRO, passed=floor.holds(figure))


def _figure(finding: ProbeFinding) -> ProbeFigure:
    return ProbeFigure(probe=finding.probe, group=finding.group, micro=round(finding.value * MICRO))


def _of_dense(dense: Dense) -> list[ProbeFinding]:
    groups: tuple[tuple[Group, dict[str, float]], ...] = (
        ("region", dense.region),
        ("salt", dense.salt),
    )
    return [
        ProbeFinding(probe, _DENSE[probe], group, value)
        for group, found in groups
        for probe, value in found.items()
    ]


class _Rows:
    """One group as the attacker sees it: clear text and bits of all rows; the first are known."""

    def __init__(
        self, charter: Charter, keys: ProjectKeys, columns: Columns, known: int, draws: Draws
    ) -> None:
        kinds: dict[str, FieldKind] = {field.name: field.kind for field in charter.fields}
        self.known = known
        self.plain: Plaintext = plaintext(kinds, columns)
        self.encodings, tags = _bits(charter, keys, columns, draws)
        self.seen = [*self.encodings, *tags]
        self.joint = likeness.together(self.seen, known)
        self.wanted = self.plain.similarity(known)

    def all_bits(self) -> Matrix:
        return np.concatenate(self.seen, axis=1).astype(np.float32)


def _of_year(group: _Rows, advance: Callable[[int], None]) -> list[ProbeFinding]:
    found = _neighbours(group, "year")
    advance(1)
    found += _regression(group, "year")
    advance(1)
    quadruples = combination.related_quadruples(group.plain.tokens[group.known :], group.wanted)
    weakest = min(
        combination.xor_of_four(bits[group.known :].astype(bool), quadruples)[1]
        for bits in group.encodings
    )
    title = Words("XOR empat baris yang terkait, z median", "XOR of four related rows, median z")
    found.append(ProbeFinding("xor-4", title, "year", weakest))
    advance(1)
    return found


def _graph_matching(charter: Charter, columns: Columns, group: _Rows, draws: Draws) -> ProbeFinding:
    """The attacker encodes the unknown people under its own keys, and compares the graphs."""
    wanted = {name: values[group.known :] for name, values in columns.items()}
    theirs = [bits[group.known :] for bits in group.seen]
    keys = _OWN_KEYS if len(theirs) == 1 else _OWN_KEYS_OF_SEVERAL
    own = [_seen(charter, wanted, draws) for _ in range(keys)]
    share = _reidentified(own, theirs, draws.seed)
    return _graph_finding("year", share)


def _graph_matching_alone(
    charter: Charter, columns: Columns, group: _Rows, draws: Draws
) -> ProbeFinding:
    """Graph matching on everybody of one birth date, and also by each encoding alone.

    If the salt of one encoding is the same for all, the other encodings only add noise.
    """
    own = [_seen(charter, columns, draws) for _ in range(_OWN_KEYS)]
    share = _reidentified(own, group.seen, draws.seed)
    for at, bits in enumerate(group.seen):
        share = max(share, _reidentified([[each[at]] for each in own], [bits], draws.seed))
    return _graph_finding("date", share)


def _reidentified(own: Sequence[Encodings], theirs: Encodings, seed: int) -> float:
    """The share identified by the graph that is best for the attacker."""
    registers = zip(*(likeness.graphs(each) for each in own), strict=True)
    return max(
        graph.reidentified(register, encoded, seed)
        for register, encoded in zip(registers, likeness.graphs(theirs), strict=True)
    )


def _graph_finding(group: Group, share: float) -> ProbeFinding:
    title = Words("Teridentifikasi oleh pemadanan graf", "Re-identified by graph matching")
    return ProbeFinding("graph", title, group, share)


def _of_date(group: _Rows) -> list[ProbeFinding]:
    """Figures for one full date of birth with every second person known; for information only."""
    return [*_neighbours(group, "date"), *_regression(group, "date")]


def _neighbours(group: _Rows, name: Group) -> list[ProbeFinding]:
    kept = max(
        neighbours.neighbours_kept(group.wanted, joint[:, group.known :]) for joint in group.joint
    )
    guessed = max(
        neighbours.guess_by_nearest(joint[:, : group.known], group.plain.bigrams, group.known)
        for joint in group.joint
    )
    title = Words(
        "Sepuluh tetangga terdekat yang bertahan (nn10)", "Ten nearest neighbours kept (nn10)"
    )
    guess = Words(
        "Bigram nama yang benar dari pasangan terdekat", "Name bigrams right by nearest known pair"
    )
    return [
        ProbeFinding("nn10", title, name, kept),
        ProbeFinding("nearest", guess, name, guessed),
    ]


def _regression(group: _Rows, name: Group) -> list[ProbeFinding]:
    auc = regression.ridge_auc(group.all_bits(), group.known, group.plain.bigrams)
    title = Words("Bigram nama diramal regresi ridge, AUC", "Name bigrams by ridge regression, AUC")
    return [ProbeFinding("ridge", title, name, auc)]


def _keys(charter: Charter, draws: Draws) -> ProjectKeys:
    return ProjectKeys(draws.bytes(32), charter.terms_digest())


def _seen(charter: Charter, columns: Columns, draws: Draws) -> list[NDArray[np.uint8]]:
    """The attacker's encodings of these people under a key of its own."""
    encodings, tags = _bits(charter, _keys(charter, draws), columns, draws)
    return [*encodings, *tags]


def _bits(
    charter: Charter, keys: ProjectKeys, columns: Mapping[str, Sequence[str]], draws: Draws
) -> tuple[list[NDArray[np.uint8]], list[NDArray[np.uint8]]]:
    """Unpacked bits of every encoding and contrary code as the linkage unit receives them.

    The tags follow.
    """
    rows = sent(charter, keys, columns, draws)
    return rows.hidden, [_one_for_each(each) for each in rows.tags]


def _one_for_each(tags: NDArray[np.uint16]) -> NDArray[np.uint8]:
    """Tags as bits: equal for equal tags and unrelated for different tags, like encodings."""
    _, tag_of_row = np.unique(tags, return_inverse=True)
    random = np.random.default_rng(0)
    patterns = random.integers(0, 2, (int(tag_of_row.max()) + 1, _TAG_BITS), np.uint8)
    return patterns[tag_of_row]
