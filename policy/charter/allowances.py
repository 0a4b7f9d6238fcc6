"""What a charter allows in numbers: bits about single persons, and the smallest cell.

A bit is one yes-or-no answer about one person that an owner chose. Bits come from:

before a stage   under the first law, a band of every list in every domain after every run; since
                 the second law, nothing
released files   whether a row has a match, whether it is certain, and which own lists share its
                 ID; once for every release that the budget allows
counts           approvers and officers of an owner's agency read the exact counts of stages that
                 others requested; each count of a list can answer about one person
refusals         whether a rule on counts passes is one bit for every reader of the log; a stage
                 has as many bits as there are such rules

The sums are bounds: what the budgets allow, not what anybody will ask for. The smallest cell
includes everything that a recipient can combine, also its own lists joined with each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from policy.base.words import Words
from policy.charter.agreement import FIRST_LAW, Charter
from policy.charter.release import Domain

COUNT_RULES = 3  # release.minimum-cell, release.cells, release.differencing
_FORGETS_AFTER = 3  # releases: under the first law, only the latest view of a domain counted


@dataclass(frozen=True)
class Allowance:
    """What one recipient may learn within the budgets. Bits are per epoch."""

    recipient: tuple[str, ...]
    lists: int
    domains: int
    bits_before_stages: int
    bits_of_releases: int
    bits_of_counts: int
    bits_of_refusals: int
    smallest_cell: int

    @property
    def bits(self) -> int:
        of_stages = self.bits_of_releases + self.bits_of_counts + self.bits_of_refusals
        return self.bits_before_stages + of_stages

    def as_json(self) -> dict[str, object]:
        return {**asdict(self), "recipient": list(self.recipient), "bits": self.bits}


def allowances(charter: Charter, recipients: Sequence[frozenset[str]]) -> tuple[Allowance, ...]:
    """The allowance of each recipient; some parties count as one (`policy.project.recipients`)."""
    return tuple(_of(charter, recipient) for recipient in recipients)


def changed_runs(charter: Charter) -> int:
    """How many runs one party can order over rows that it chose again for each run."""
    runs = charter.budget.runs
    if charter.law == FIRST_LAW:
        return runs
    return min(1 + (runs - 1) // 2, charter.budget.runs_each or runs)


def _of(charter: Charter, recipient: frozenset[str]) -> Allowance:
    own = frozenset(each.id for each in charter.datasets if each.owner in recipient)
    pairs = [(name, each) for each in charter.domains for name in sorted(own & {*each.datasets})]
    first = charter.law == FIRST_LAW
    releases = charter.budget.releases
    return Allowance(
        recipient=tuple(sorted(recipient)),
        lists=len(own),
        domains=len({domain.id for _, domain in pairs}),
        bits_before_stages=charter.budget.runs * len(pairs) if first else 0,
        bits_of_releases=releases * sum(_told(charter, own, *pair) for pair in pairs),
        bits_of_counts=releases * len(pairs),
        bits_of_refusals=releases * COUNT_RULES,
        smallest_cell=_smallest_cell(charter, own),
    )


def _told(charter: Charter, own: frozenset[str], dataset: str, domain: Domain) -> int:
    """Bits that a released domain reveals of one row: match, certainty, own lists of that ID."""
    learns = dataset in domain.learn
    return learns + (learns and charter.release.grades) + len(own & {*domain.datasets}) - 1


def _smallest_cell(charter: Charter, own: frozenset[str]) -> int:
    """The smallest cell; 1 under the first law where cells could be combined or forgotten."""
    forgets = len(own) > 1 or charter.budget.releases >= _FORGETS_AFTER
    return 1 if charter.law == FIRST_LAW and forgets else charter.release.minimum_cell


HEADS = (
    Words("penerima", "recipient"),
    Words("daftar", "lists"),
    Words("domain", "domains"),
    Words("bit sebelum berkas rilis", "bits before stages"),
    Words("bit dari rilis", "bits of releases"),
    Words("bit dari hitungan", "bits of counts"),
    Words("bit dari penolakan", "bits of refusals"),
    Words("sel terkecil", "smallest cell"),
)


def explained(charter: Charter) -> Words:
    """How to read the table."""
    runs, releases, changed = charter.budget.runs, charter.budget.releases, changed_runs(charter)
    return Words(
        "Satu bit: satu jawaban ya atau tidak tentang satu orang yang dipilih pemilik data."
        f" Kuota: {runs} pemadanan ({changed} atas baris yang baru dipilih satu pihak),"
        f" {releases} rilis. Angka-angka ini batas atas. Sel terkecil berlaku bagi semua yang dapat"
        " digabungkan penerima, sejauh layanan mengenali orang yang sama dalam daftarnya.",
        "One bit: one answer of yes or no about one person that a data owner chose."
        f" Budgets: {runs} runs ({changed} over rows that one party newly chose), {releases}"
        " releases. These are upper bounds. The smallest cell holds for all that a recipient can"
        " combine, as far as the service finds the same persons in its lists.",
    )
