"""The rows: a bundle, its intake, and rows withdrawn later."""

from __future__ import annotations

from policy.conditions import (
    require_confirmed,
    require_covered,
    require_entitled,
    require_first_time,
    require_run_gate,
    require_service,
)
from policy.law.step import Step
from policy.project import body_of, refused, taken
from policy.retention.conditions import require_rows
from policy.statements import Accepted, BundleManifest, Committed, Confirmed, Withdrawn


def bundle(step: Step, body: BundleManifest) -> None:
    require_confirmed(step.project)
    require_covered(step.project, step.project.of(Confirmed), step.cosigned)
    require_run_gate(step.project, body.at)
    require_rows(step.project, body.at)
    require_entitled(
        step.project.charter.dataset(body.dataset).owner == step.sender.id, step.sender
    )
    require_first_time(
        body.dataset
        in {body_of(e, BundleManifest).dataset for e in step.project.of(BundleManifest)}
    )
    committed = step.project.by_sender(Committed)[step.sender.id].datasets[body.dataset]
    if (body.handle_root, body.count) != (committed.handle_root, committed.count):
        raise refused(
            "commitment",
            "Akar pegangan atau jumlah baris berbeda dari yang dikomitmenkan.",
            "Handle root or row count differ from what was committed.",
        )
    if body.terms != step.project.charter.terms_digest():
        raise refused(
            "terms",
            "Bundel dibuat dengan ketentuan penyandian lain.",
            "The bundle was made under other encoding terms.",
        )
    if body.rules != step.project.charter.encoding.rules_digest:
        raise refused(
            "rules",
            "Baris dinormalkan dengan aturan lain daripada aturan piagam.",
            "The rows were normalised by other rules than the charter's.",
        )
    agreed = [(each.name, each.tag_bits) for each in step.project.charter.encoding.encodings]
    tokens = 16 if step.project.charter.encoding.nik_leg == "on" else 0
    width = 16 + sum(each.bits // 8 + each.tag_bytes for each in body.encodings) + tokens
    if (
        [(each.name, each.tag_bits) for each in body.encodings] != agreed
        or body.token_bytes != tokens
        or body.row_bytes != width
    ):
        raise refused(
            "shape",
            "Susunan kolom bundel berbeda dari piagam.",
            "The bundle's columns differ from the charter.",
        )


def intake(step: Step, body: Accepted) -> None:
    require_service(step.project, step.sender)
    bundle = body_of(step.project.entry(body.bundle), BundleManifest)
    require_entitled(bundle.dataset == body.dataset, step.sender)
    require_first_time(body.dataset in step.project.bundles())


def withdraw(step: Step, body: Withdrawn) -> None:
    require_entitled(
        step.project.charter.dataset(body.dataset).owner == step.sender.id, step.sender
    )
    taken(step.project.bundles().get(body.dataset), "bundle")
