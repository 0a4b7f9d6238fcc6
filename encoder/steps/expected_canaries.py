"""The expected canaries of the agency's own datasets, stored next to the prepared rows.

Released files may be opened after the keys were destroyed. Slots are numbers; they are deleted
with the handle map.
"""

from __future__ import annotations

from pathlib import Path

from encoder.encoding.canaries import CanaryPlan, Expected, strangers_to
from encoder.steps.workspace import Workspace
from policy.base.canonical import Identifier, Model
from policy.base.files import read_file, write_file
from policy.charter import CanariesAlike


class _Members(Model):
    """Slots in a file of members: certain and likely ones."""

    must: tuple[int, ...]
    likely: tuple[int, ...]


class _Kept(Model):
    """The stored expectation, by ID domain."""

    slots: int
    domains: dict[Identifier, _Members]


def keep_expected(plan: CanaryPlan, dataset: str, workspace: Workspace) -> None:
    """Store the expected fates of the dataset's canaries; called when it is encoded."""
    if isinstance(plan.charter.encoding.canaries, CanariesAlike):
        return
    domains = {}
    for domain in plan.charter.domains:
        if dataset in domain.datasets:
            expected = plan.expected(dataset, domain.id)
            must, likely = sorted(expected.must), sorted(expected.likely)
            domains[domain.id] = _Members(must=tuple(must), likely=tuple(likely))
    kept = _Kept(slots=len(plan.rows[dataset]), domains=domains)
    write_file(_path(workspace, dataset), kept.canonical())


def expected_in(workspace: Workspace, dataset: str, domain: str, form: str) -> Expected:
    """The canaries that an honest run puts into a file; from the keys if not stored here.

    In a private index every row has an ID, so all slots must be in it.
    """
    project, path = workspace.session.project, _path(workspace, dataset)
    terms = project.charter.encoding.canaries
    if isinstance(terms, CanariesAlike):
        must = terms.pairs if form == "membership" else terms.rows(0)
        return Expected(terms.rows(0), frozenset(range(must)))
    if not path.exists():
        workspace.require_kept("keys")
        keep_expected(CanaryPlan.of(project, workspace.keys()), dataset, workspace)
    kept = _Kept.model_validate_json(read_file(path))
    if form != "membership":
        return Expected(kept.slots, frozenset(range(kept.slots)))
    members = kept.domains[domain]
    recall_ppm = project.charter.matching.sampling_recall_ppm
    return Expected(
        kept.slots,
        frozenset(members.must),
        frozenset(members.likely),
        strangers_to(project, dataset, domain),
        0.0 if recall_ppm is None else 1 - recall_ppm / 1_000_000,
    )


def _path(workspace: Workspace, dataset: str) -> Path:
    return workspace.prepared_path(dataset).with_name(f"canaries.{dataset}.json")
