"""Tampering with evidence: every change is caught, and the report names a check."""

from __future__ import annotations

import copy
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from policy.canonical import canonical_json
from policy.errors import BadInput
from policy.evidence import (
    EXIT_FAILED,
    EXIT_INCOMPLETE,
    EXIT_VERIFIED,
    EvidenceBundle,
    Report,
    read_bundle,
    verify_bundle,
)
from policy.facts import RunFacts
from policy.statements import parse_statement
from tests.support.republic import Republic


@pytest.fixture(scope="module")
def republic() -> Republic:
    return Republic().to("receipt")


@pytest.fixture(scope="module")
def kept(republic: Republic) -> str:
    """A checkpoint that the auditor kept from an earlier day."""
    return republic.notes[sorted(republic.notes)[2]]


def check(republic: Republic, bundle: EvidenceBundle, kept: str | None = None) -> Report:
    return verify_bundle(bundle, republic.roster.digest(), kept)


def failing(report: Report) -> list[str]:
    return [check.id for check in report.checks if check.standing == "failed"]


def test_the_honest_bundle_verifies(republic: Republic, kept: str) -> None:
    report = check(republic, republic.evidence(), kept)
    assert report.exit_code == EXIT_VERIFIED, failing(report)


def test_without_digest_or_checkpoint_it_is_only_consistent(republic: Republic, kept: str) -> None:
    for digest, own in ((None, kept), (republic.roster.digest(), None), (None, None)):
        assert verify_bundle(republic.evidence(), digest, own).exit_code == EXIT_INCOMPLETE


def mutations(leaf: bytes) -> list[bytes]:
    """Every scalar of the envelope, its binding and its body, changed one at a time."""
    import base64

    envelope = json.loads(leaf)
    found = []
    body = json.loads(base64.b64decode(envelope["payload"]))
    binding = json.loads(envelope["payloadType"])
    for path, value in scalars(body):
        changed = with_value(body, path, other(value))
        payload = base64.b64encode(canonical_json(changed)).decode()
        found.append(canonical_json({**envelope, "payload": payload}))
    for path, value in scalars(binding):
        changed = with_value(binding, path, other(value))
        found.append(canonical_json({**envelope, "payloadType": canonical_json(changed).decode()}))
    for path, value in scalars(envelope["signatures"]):
        changed = with_value(envelope["signatures"], path, other(value))
        found.append(canonical_json({**envelope, "signatures": changed}))
    return found


def scalars(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[tuple[Any, ...], Any]]:
    if isinstance(value, dict):
        return [found for k, v in value.items() for found in scalars(v, (*path, k))]
    if isinstance(value, list):
        return [found for k, v in enumerate(value) for found in scalars(v, (*path, k))]
    return [(path, value)]


def with_value(tree: Any, path: tuple[Any, ...], value: Any) -> Any:
    tree = copy.deepcopy(tree)
    place = tree
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return tree


def other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if value is None:
        return "2026-01-01"
    flipped = "b" if value[:1] == "a" else "a"
    return flipped + value[1:]


def test_every_field_of_every_statement_is_protected(republic: Republic) -> None:
    bundle = republic.evidence()
    caught: Counter[str] = Counter()
    tried = 0
    for index, leaf in enumerate(bundle.leaves):
        for mutated in mutations(leaf):
            assert mutated != leaf
            leaves = [*bundle.leaves[:index], mutated, *bundle.leaves[index + 1 :]]
            report = check(republic, replace(bundle, leaves=leaves))
            tried += 1
            assert report.exit_code == EXIT_FAILED, f"entry {index}: a change went unseen"
            caught[failing(report)[0].split(".")[0]] += 1
    print(f"mutations tried: {tried}, caught: {caught.total()} by {dict(caught)}")
    assert tried == caught.total() > 500


@pytest.mark.parametrize("kind", ["omit", "swap", "repeat"])
def test_leaves_cannot_be_omitted_reordered_or_repeated(republic: Republic, kind: str) -> None:
    bundle = republic.evidence()
    for index in range(len(bundle.leaves) - 1):
        leaves = list(bundle.leaves)
        if kind == "omit":
            del leaves[index]
        elif kind == "swap":
            leaves[index], leaves[index + 1] = leaves[index + 1], leaves[index]
        else:
            leaves.insert(index, leaves[index])
        assert check(republic, replace(bundle, leaves=leaves)).exit_code == EXIT_FAILED


def test_a_rollback_is_seen_by_the_checkpoint_one_kept(republic: Republic, kept: str) -> None:
    size = min(republic.notes)
    rolled_back = replace(
        republic.evidence(),
        leaves=republic.leaves[:size],
        checkpoint=republic.notes[size],
        cosigned=[republic.notes[size]],
    )
    assert check(republic, rolled_back).exit_code == EXIT_INCOMPLETE
    assert check(republic, rolled_back, kept).exit_code == EXIT_FAILED


def test_a_fork_by_the_service_is_seen(kept: str) -> None:
    """The service replays a whole other story with its own and the parties' old statements."""
    honest = Republic().to("order")
    kept_note = honest.notes[max(honest.notes)]
    fork = Republic(keys=honest.keys, now=honest.now).to("commit")
    fork.roster_data = honest.roster_data
    report = verify_bundle(fork.evidence(), fork.roster.digest(), kept_note)
    assert report.exit_code == EXIT_FAILED


def test_an_unwitnessed_tail_is_reported() -> None:
    republic = Republic().to("request")
    report = verify_bundle(republic.evidence(), republic.roster.digest(), republic.checkpoint(5))
    witnessed = next(c for c in report.checks if c.id == "witnessed")
    assert witnessed.standing == "asserted"
    assert "unwitnessed" in witnessed.detail.en


def test_a_lying_verdict_is_named() -> None:
    """The service writes 'released' though only the requester's own agency approved."""
    republic = Republic(approvers=("dinsos-approver",)).to("approve")
    honest = republic.decided()
    assert honest.verdict == "refused"
    lie = honest.model_copy(
        update={
            "verdict": "released",
            "rules": tuple(r.model_copy(update={"passed": True}) for r in honest.rules),
        }
    )
    republic.say("service", lie, run="rilis-1")
    report = verify_bundle(republic.evidence(), republic.roster.digest(), republic.checkpoint(5))
    assert failing(report) == ["decision.rilis-1"]


def test_false_facts_do_not_fit_their_commitment(republic: Republic) -> None:
    bundle = republic.evidence()
    (commitment, opened), *_ = bundle.facts.items()
    facts = opened.facts.model_dump(mode="json")
    facts["candidates"] += 1
    forged = opened.model_copy(update={"facts": RunFacts.model_validate_json(json.dumps(facts))})
    report = check(republic, replace(bundle, facts={commitment: forged}))
    assert failing(report) == ["decision.rilis-1"]


def test_a_canary_report_fails_the_bundle() -> None:
    republic = Republic().to("decide")
    republic.witness()
    files = next(
        f for e in republic.project.entries if (f := getattr(e.statement.body, "files", None))
    )
    bad = republic.received(files[0], canaries="missing")
    republic.say(files[0].recipient, bad, run="rilis-1")
    report = verify_bundle(republic.evidence(), republic.roster.digest(), republic.checkpoint(5))
    assert failing(report) == ["canaries"]


def test_another_roster_is_refused(republic: Republic, kept: str) -> None:
    stranger = Republic()
    report = verify_bundle(republic.evidence(), stranger.roster.digest(), kept)
    assert failing(report) == ["roster.digest"]


def test_no_statement_carries_exact_match_counts(republic: Republic) -> None:
    for leaf in republic.leaves:
        statement = parse_statement(leaf)
        if statement.binding.type in ("padan/run", "padan/stage", "padan/decision"):
            numbers = [v for _, v in scalars(json.loads(statement.envelope.body)) if v == 500]
            assert not numbers


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip at all" * 100])
def test_what_is_no_bundle_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(content)
    with pytest.raises(BadInput) as caught:
        read_bundle(path)
    assert caught.value.code == "evidence.malformed"


def test_a_zip_bomb_is_refused_in_bounded_memory(tmp_path: Path) -> None:
    import zipfile

    path = tmp_path / "bomb.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("roster.json", "w", force_zip64=True) as member,
    ):
        for _ in range(600):
            member.write(b"\0" * (1 << 20))
    with pytest.raises(BadInput):
        read_bundle(path)
