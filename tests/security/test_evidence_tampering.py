"""Tampering by whoever handles the bundle: every change is caught, and a check names it.

Who holds no keys can change, drop, repeat and reorder what is in the file. The service can also
sign a new head over it; what it cannot do is make the witnesses' cosignatures fit.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from types import ModuleType
from typing import Any

import pytest

import policy.evidence.case as case
import policy.evidence.verify as verify
import policy.law as law
from policy.base.canonical import canonical_json
from policy.evidence import EXIT_FAILED, EvidenceBundle, VerificationReport, verify_bundle
from policy.evidence.bundle import opened_facts
from policy.evidence.checks import inclusion, signatures
from policy.statements import parse_statement
from policy.wire.replica import read_cosigned_times
from tests.support.republic import Republic
from tests.support.tally import Tally
from tests.support.tampering import mutations, of_note, of_signed, of_statement
from tests.support.thorough import how_many

# Of the mutations of statements, every one or every fourth.
EVERY = how_many(1, default=4)


@pytest.fixture(scope="module")
def republic() -> Republic:
    return Republic(withdrawing=("dinsos-approver",)).to("receipt")


@pytest.fixture(scope="module")
def kept(republic: Republic) -> str:
    """A checkpoint that the auditor kept from an earlier day."""
    return republic.notes[sorted(republic.notes)[2]]


@pytest.fixture(scope="module", autouse=True)
def remembered() -> Iterator[None]:
    """What was parsed or verified once need not be again: most of a bundle is unchanged."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(case, "parse_statement", lru_cache(None)(parse_statement))
        patch.setattr(case, "read_cosigned_times", by_note(read_cosigned_times))
        patch.setattr(law, "verify", by_envelope(law.verify))
        yield


def by_note(read: Any) -> Any:
    known: dict[Any, Any] = {}

    def remember(note: str, roster: Any, origin: str) -> Any:
        key = (note, roster.digest() if roster not in known else known[roster], origin)
        if key not in known:
            known[key] = read(note, roster, origin)
        return known[key]

    return remember


def by_envelope(verify: Any) -> Any:
    known: set[Any] = set()

    def remember(envelope: Any, keys: Any) -> None:
        raw = tuple((name, key.public_bytes_raw()) for name, key in sorted(keys.items()))
        if (envelope, raw) not in known:
            verify(envelope, keys)
            known.add((envelope, raw))

    return remember


def checked(
    republic: Republic, bundle: EvidenceBundle, kept: str | None = None
) -> VerificationReport:
    return verify_bundle(bundle, republic.roster.digest(), kept)


@contextmanager
def made_by(*checks: ModuleType) -> Iterator[None]:
    """Of the ten checks these alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verify, "CHECKS", checks)
        yield


def naming(report: VerificationReport) -> set[str]:
    """The checks that failed."""
    return {check.id for check in report.checks if check.failed}


def resigned(republic: Republic, leaves: list[bytes], cosigned: list[str]) -> EvidenceBundle:
    """As a service hands it out that signs a new head over other entries."""
    forged = copy.copy(republic)
    forged.leaves = leaves
    return replace(
        republic.evidence(),
        leaves=leaves,
        checkpoint=forged.checkpoint(len(leaves)),
        cosigned=cosigned,
    )


def of_each_kind(leaves: list[bytes]) -> Iterator[tuple[int, bytes]]:
    """The first entry of every kind of statement: the others have the same fields."""
    said: set[type] = set()
    for index, leaf in enumerate(leaves):
        kind = type(parse_statement(leaf).body)
        if kind not in said:
            said.add(kind)
            yield index, leaf


def test_every_field_of_every_statement_is_protected(republic: Republic, tally: Tally) -> None:
    """An entry whose signature is wrong counts for nothing: to eight of the ten checks the log is
    the same whatever was changed in it. They are made once an entry."""
    bundle = republic.evidence()
    for index, leaf in of_each_kind(bundle.leaves):
        for number, (what, mutated) in enumerate(islice(of_statement(leaf), 0, None, EVERY)):
            leaves = [*bundle.leaves[:index], mutated, *bundle.leaves[index + 1 :]]
            with made_by(signatures, inclusion) if number else nullcontext():
                report = checked(republic, replace(bundle, leaves=leaves))
            assert report.exit_code == EXIT_FAILED
            named = naming(report)
            # Two signatures in another order are still two good signatures.
            expected = {"inclusion"} if what.startswith("signatures: reorder") else {"signatures"}
            assert named >= expected | {"inclusion"}, f"entry {index}, {what}: {named}"
            tally("fields of statements", min(expected))


def test_a_changed_statement_under_a_new_head_is_not_what_witnesses_saw(
    republic: Republic, tally: Tally
) -> None:
    """The service signs a head over what it changed; the witnesses' checkpoints do not fit."""
    bundle = republic.evidence()
    for index, leaf in enumerate(bundle.leaves):
        _, mutated = next(of_statement(leaf))
        leaves = [*bundle.leaves[:index], mutated, *bundle.leaves[index + 1 :]]
        report = checked(republic, resigned(republic, leaves, bundle.cosigned))
        assert report.finding("inclusion.tree") is not None
        assert {"signatures", "inclusion"} <= naming(report)
        tally("statements changed under a new head", "inclusion")


def test_what_a_sender_says_otherwise_later_is_not_what_witnesses_saw(
    republic: Republic, tally: Tally
) -> None:
    """Sender and service together: signed again, under a new head. Whatever it says, no check
    breaks on it, and the witnesses' checkpoints tell."""
    bundle = republic.evidence()
    for index, leaf in of_each_kind(bundle.leaves):
        sender = parse_statement(leaf).sender
        signed = of_signed(leaf, republic.keys[sender].signing.sign)
        for what, mutated in islice(signed, 0, None, EVERY):
            leaves = [*bundle.leaves[:index], mutated, *bundle.leaves[index + 1 :]]
            report = checked(republic, resigned(republic, leaves, bundle.cosigned))
            assert "inclusion" in naming(report), f"entry {index}, {what}"
            assert len(report.checks) == 10
            tally("statements signed again", "inclusion")


def test_the_roster_is_protected(republic: Republic, kept: str, tally: Tally) -> None:
    bundle = republic.evidence()
    for what, mutated in of_statement(bundle.roster):
        report = checked(republic, replace(bundle, roster=mutated), kept)
        named = naming(report)
        expected = "inclusion" if what.startswith("signatures: reorder") else "signatures"
        assert expected in named, f"{what}: {named}"
        # What a false roster would vouch for is not shown by it.
        if expected == "signatures":
            assert not [c.id for c in report.checks if c.standing in ("proved", "attested")]
        tally("fields of the roster", expected)


def test_the_checkpoint_is_protected(republic: Republic, kept: str, tally: Tally) -> None:
    bundle = republic.evidence()
    for what, mutated in of_note(republic.checkpoint()):
        report = checked(republic, replace(bundle, checkpoint=mutated), kept)
        assert "inclusion" in naming(report), what
        tally("checkpoint", "inclusion")


def test_the_auditors_own_checkpoint_is_protected(republic: Republic, tally: Tally) -> None:
    for what, mutated in of_note(republic.checkpoint(5)):
        report = checked(republic, republic.evidence(), mutated)
        assert [f.id for f in report.failed] == ["inclusion.own-checkpoint"], what
        tally("auditor's own checkpoint", "inclusion")


def witnesses(report: VerificationReport) -> set[tuple[int, str]]:
    """Who is counted as having seen which size."""
    seen = [line for line in report.timeline if line.kind == "checkpoint"]
    return {(line.last, who) for line in seen for who in line.who.split(", ")}


def test_cosignatures_are_protected(republic: Republic, kept: str, tally: Tally) -> None:
    """Spoiled, they fail a check; taken away or renamed, their witness counts no longer."""
    bundle = republic.evidence()
    honest = witnesses(checked(republic, bundle, kept))
    for number, note in enumerate(bundle.cosigned[:-1]):
        for what, mutated in of_note(note):
            cosigned = [*bundle.cosigned[:number], mutated, *bundle.cosigned[number + 1 :]]
            report = checked(republic, replace(bundle, cosigned=cosigned), kept)
            named = naming(report)
            assert named & {"signatures"} or witnesses(report) < honest, f"{number}, {what}"
            tally("cosignatures", "signatures" if named else "a witness fewer is reported")


def test_opened_facts_are_protected(republic: Republic, kept: str, tally: Tally) -> None:
    bundle = republic.evidence()
    commitment, opened = republic.facts.commitment(), republic.facts
    for what, mutated in mutations(json.loads(opened.canonical())):
        facts = {**bundle.facts, commitment: opened_facts(canonical_json(mutated))}
        report = checked(republic, replace(bundle, facts=facts), kept)
        assert naming(report) == {"decisions"}, what
        tally("opened facts", "decisions")
    for unasked in ({"0" * 64: opened}, {**bundle.facts, "0" * 64: opened}):
        report = checked(republic, replace(bundle, facts=unasked), kept)
        assert [f.id for f in report.failed] == ["decisions.facts"]
        tally("opened facts", "decisions")


def restructured(leaves: list[bytes]) -> Iterator[tuple[str, list[bytes]]]:
    for index in range(len(leaves)):
        yield "omitted", [*leaves[:index], *leaves[index + 1 :]]
        if index < len(leaves) - 1:
            yield "repeated", [*leaves[: index + 1], *leaves[index:]]
        yield "cut off", leaves[:index]
        if index:
            moved = [*leaves[: index - 1], leaves[index], leaves[index - 1], *leaves[index + 1 :]]
            yield "reordered", moved
        yield "replayed at the end", [*leaves, leaves[index]]


def test_entries_cannot_be_omitted_repeated_reordered_or_cut(
    republic: Republic, tally: Tally
) -> None:
    bundle = republic.evidence()
    for what, leaves in restructured(bundle.leaves):
        report = checked(republic, replace(bundle, leaves=leaves))
        assert "inclusion" in naming(report), what
        tally(f"entries {what}", "inclusion")


def test_nor_can_they_be_by_a_service_that_signs_a_new_head(
    republic: Republic, kept: str, tally: Tally
) -> None:
    bundle = republic.evidence()
    for what, leaves in restructured(bundle.leaves):
        if what == "replayed at the end":
            continue  # nothing that witnesses saw is changed: see test_evidence_lies.py
        report = checked(republic, resigned(republic, leaves, bundle.cosigned), kept)
        assert "inclusion" in naming(report), what
        tally(f"entries {what}, under a new head", "inclusion")


def test_without_the_witnesses_notes_steps_are_unwitnessed(
    republic: Republic, tally: Tally
) -> None:
    """A service that hides the cosigned checkpoints has taken steps that nobody let it take."""
    for what, leaves in restructured(republic.evidence().leaves):
        if what == "cut off" and len(leaves) < 10:
            continue  # before the first step that asks for witnesses
        report = checked(republic, resigned(republic, leaves, []))
        assert "signatures" in naming(report), f"{what}, {len(leaves)}"
        tally(f"entries {what}, witnesses hidden", "signatures")
