"""Encode and send the most recently prepared rows of one dataset; each can be repeated."""

from __future__ import annotations

from encoder.encoding.canaries import CanaryPlan
from encoder.error_codes import EncoderCode
from encoder.steps.agree_keys import agreed_keys
from encoder.steps.bundle import Advance, BundleFolder, encode_dataset
from encoder.steps.expected_canaries import keep_expected
from encoder.steps.workspace import Workspace
from encoder.store.prepared import PreparedDataset
from policy.base.errors import NotYet
from policy.base.words import Words
from policy.statements import BundleManifest, Delta


def canary_plan(workspace: Workspace) -> CanaryPlan:
    """The canaries of the agreed keys; raises NotYet before all agencies confirmed them."""
    return CanaryPlan.of(workspace.session.project, agreed_keys(workspace))


def encode_rows_of(
    workspace: Workspace,
    plan: CanaryPlan,
    dataset: str,
    prepared: PreparedDataset,
    advance: Advance,
) -> BundleManifest | Delta:
    """Encode and seal prepared rows into their folder, and keep what canaries to expect."""
    folder = workspace.bundle(dataset, prepared.generation)
    manifest = encode_dataset(workspace.session, plan, dataset, prepared, folder, advance)
    keep_expected(plan, dataset, workspace)
    return manifest


def encoded_bundle(workspace: Workspace, dataset: str) -> BundleFolder:
    """The folder of the latest prepared rows; raises NotYet before they are encoded."""
    folder = workspace.bundle(dataset, workspace.latest(dataset).generation)
    if not folder.complete():
        raise NotYet(
            EncoderCode.ENCODE_MISSING,
            Words(f"{dataset} belum disandikan.", f"{dataset} is not encoded yet."),
            Words("Jalankan 'padan-encoder encode'.", "Run 'padan-encoder encode'."),
        )
    return folder
