"""How many rows of a dataset are canaries, and what an honest run makes of them, in counts.

The service cannot tell which rows are canaries. It subtracts them from every count before a rule
sees that count. The number of canaries is known in two ways:

- Canaries that are equal in all lists: the charter gives the number.
- Canaries that resemble the list: the owner commits to the number before any key exists. What
  a run makes of them follows from the keys, so every agency can check the counts in the
  manifests (`encoder.encoding.canaries`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from policy.base.error_codes import PolicyCode
from policy.charter import CanariesAlike, Charter
from policy.project import Project, refused
from policy.project.recipients import recipients
from policy.statements import (
    BundleManifest,
    CanaryCounts,
    Committed,
    DatasetCommitment,
)

# What a recipient can see of a row: that it matched, and that the match needs verification.
# No dataset can have these names.
MATCHED, VERIFY = "", "?verify"

Seen = Mapping[str, tuple[str, ...]]
Recipients = Sequence[frozenset[str]]


@dataclass(frozen=True)
class Planted:
    """The canaries of one dataset. `matched`, `verify` and `groups` are by ID domain.

    `cells` counts the canaries that look the same to a recipient, by ID domain.
    """

    rows: int
    matched: Mapping[str, int] = field(default_factory=dict)
    verify: Mapping[str, int] = field(default_factory=dict)
    groups: Mapping[str, int] = field(default_factory=dict)
    cells: tuple[tuple[Seen, int], ...] = ()

    @classmethod
    def of(cls, rows: int, counts: CanaryCounts | None) -> Planted:
        if counts is None:
            return cls(rows)
        cells = tuple((each.seen, each.rows) for each in counts.cells)
        return cls(rows, counts.matched, counts.verify, counts.groups, cells)


def planted(project: Project) -> dict[str, Planted]:
    """The canaries of every dataset whose bundle is in the log, by dataset."""
    charter = project.charter
    if isinstance(charter.encoding.canaries, CanariesAlike):
        return planted_alike(charter, recipients(charter, project.roster))
    return {
        name: Planted.of(
            canaries_in(project, name),
            entry.body.canaries,
        )
        for name, entry in project.bundles().items()
    }


def recipient_of(charter: Charter, groups: Recipients, dataset: str) -> frozenset[str]:
    """The parties that see this dataset's files together."""
    owner = charter.dataset(dataset).owner
    return next(each for each in groups if owner in each)


def planted_alike(charter: Charter, groups: Recipients) -> dict[str, Planted]:
    """Canaries that are equal in all lists: paired ones match in every domain, others never do."""
    terms = charter.encoding.canaries
    assert isinstance(terms, CanariesAlike)
    found = {}
    for dataset in charter.dataset_ids:
        domains = [each for each in charter.domains if dataset in each.datasets]
        mine = recipient_of(charter, groups, dataset)
        everywhere = dict.fromkeys((each.id for each in domains), terms.pairs)
        all_seen = {
            each.id: tuple(n for n in seen_in(charter, mine, dataset, each.id) if n != VERIFY)
            for each in domains
        }
        cells = ((all_seen, terms.pairs),) if terms.pairs else ()
        found[dataset] = Planted(terms.pairs + terms.singles, everywhere, {}, everywhere, cells)
    return found


def canaries_in(project: Project, dataset: str) -> int:
    """How many rows of a dataset are canaries, by its owner's commitment."""
    terms = project.charter.encoding.canaries
    if isinstance(terms, CanariesAlike):
        return terms.rows(0)
    committed = commitment_of(project, dataset)
    return committed.shape.canaries if committed.shape is not None else 0


def commitment_of(project: Project, dataset: str) -> DatasetCommitment:
    """The commitment that the owner of a dataset made before any key existed."""
    owner = project.charter.dataset(dataset).owner
    return project.by_sender(Committed)[owner].datasets[dataset]


def seen_in(
    charter: Charter, recipient: frozenset[str], dataset: str, domain_id: str
) -> tuple[str, ...]:
    """What the owner of a dataset, as a part of `recipient`, sees of its rows in a domain.

    The result starts with MATCHED if the owner learns membership. The recipient's other lists with
    the same ID follow. VERIFY is last, if the charter gives grades.
    """
    domain = charter.domain(domain_id)
    learns = dataset in domain.learn
    membership = (MATCHED,) if learns else ()
    grade = (VERIFY,) if learns and charter.release.grades else ()
    own = (each for each in domain.datasets if charter.dataset(each).owner in recipient)
    return (*membership, *(each for each in own if each != dataset), *grade)


# -- what the law asks -----------------------------------------------------------------------


def require_planted(project: Project, committed: DatasetCommitment) -> int:
    """Checks that the commitment has as many canaries as the charter asks for; returns the number.

    Raises Refused otherwise.
    """
    terms, shape = project.charter.encoding.canaries, committed.shape
    if isinstance(terms, CanariesAlike):
        if shape is not None:
            raise _misshapen()
        return terms.rows(0)
    fields = {each.name for each in project.charter.fields}
    if shape is None or shape.missing.keys() != fields:
        raise _misshapen()
    if shape.canaries != terms.rows(committed.count - shape.canaries):
        raise refused(
            PolicyCode.PROJECT_CANARIES,
            "Jumlah kenari berbeda dari yang diminta piagam.",
            "The number of canaries is not the one that the charter asks for.",
        )
    return shape.canaries


def require_counted(project: Project, body: BundleManifest) -> None:
    """Checks that the manifest counts its canaries as the bundles before it did.

    Raises Refused otherwise.
    """
    counts = body.canaries
    if isinstance(project.charter.encoding.canaries, CanariesAlike):
        if counts is not None:
            raise _miscounted()
        return
    domains = {each.id for each in project.charter.domains if body.dataset in each.datasets}
    rows = canaries_in(project, body.dataset)
    if (
        counts is None
        or counts.matched.keys() != domains
        or counts.groups.keys() != domains
        or max(counts.matched.values(), default=0) > rows
        or sum(each.rows for each in counts.cells) > rows
        or not all(each.seen.keys() <= domains for each in counts.cells)
    ):
        raise _miscounted()
    for other in _counts_before(project):
        shared = counts.groups.keys() & other.groups.keys()
        if any(counts.groups[domain] != other.groups[domain] for domain in shared):
            raise refused(
                PolicyCode.PROJECT_CANARY_GROUPS,
                "Instansi menghitung kenari bersama secara berbeda; salah satu keliru.",
                "The agencies count their common canaries differently; one of them is wrong.",
            )


def _counts_before(project: Project) -> Iterable[CanaryCounts]:
    for entry in project.of(BundleManifest):
        if (counts := entry.body.canaries) is not None:
            yield counts


def _misshapen() -> Exception:
    return refused(
        PolicyCode.PROJECT_CANARY_SHAPE,
        "Bentuk daftar untuk kenari tidak seperti yang diminta piagam.",
        "The list's shape for its canaries is not as the charter asks.",
    )


def _miscounted() -> Exception:
    return refused(
        PolicyCode.PROJECT_CANARY_COUNTS,
        "Hitungan kenari dalam manifes tidak seperti yang diminta piagam.",
        "The counts of canaries in the manifest are not as the charter asks.",
    )
