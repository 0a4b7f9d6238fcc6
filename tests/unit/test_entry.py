"""One entry verified offline: whose checkpoint counts, and what is said about it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from policy.base.errors import Unverified
from policy.base.files import write_file
from policy.evidence.entry import VerifiedEntry, verify_entry
from policy.formats.tlog_proof import TlogProof
from policy.log import Checkpoint, inclusion_proof, leaf_hash, root_hash, sign_checkpoint
from policy.members.roster import Roster
from policy.statements import Destroyed
from policy.wire.replica import log_origin
from tests.support.programme import command
from tests.support.republic import TODAY, Republic


class TwoRosters:
    """A log in which the service got new keys; `stolen` are the ones it had before."""

    def __init__(self) -> None:
        self.republic = Republic().to("commit")
        self.first, self.stolen = self.republic.roster, self.republic.keys["service"]
        self.early = self.republic.leaves[-1]
        self.lie = self.said_by_the_service()
        self.republic.witness()
        self.before = self.proved(self.early, list(self.republic.leaves), self.newest())
        renewed = self.republic.renewed("service")
        self.republic.succeed(self.republic.next_roster([renewed]))
        self.second = self.republic.project.roster
        self.roster_data = self.republic.roster_data, self.republic.leaves[-1]

    @property
    def name(self) -> str:
        return self.republic.charter.project

    def said_by_the_service(self) -> bytes:
        """Encodings are destroyed, says whoever holds its keys; no log has this entry."""
        gone = Destroyed(
            at=self.republic.now, what="encodings", due=TODAY, early=False, objects=(), count=0
        )
        return self.republic.statement("service", gone)

    def newest(self) -> str:
        """The newest checkpoint with the cosignatures on it."""
        size = len(self.republic.leaves)
        return self.republic.notes.get(size) or self.republic.checkpoint()

    def proved(self, leaf: bytes, leaves: Sequence[bytes], note: str) -> TlogProof:
        hashes, index = [leaf_hash(each) for each in leaves], list(leaves).index(leaf)
        return TlogProof(index, tuple(inclusion_proof(hashes, index)), note)

    def honest(self) -> TlogProof:
        self.republic.witness()
        return self.proved(self.early, self.republic.leaves, self.newest())

    def forged(self) -> TlogProof:
        """Another log, by the holder of the keys that were revoked."""
        leaves = [self.republic.roster_data, self.lie]
        root = root_hash([leaf_hash(each) for each in leaves])
        checkpoint = Checkpoint(log_origin(self.name), len(leaves), root)
        return self.proved(self.lie, leaves, sign_checkpoint(checkpoint, self.stolen.log))

    def verified(self, leaf: bytes, proof: TlogProof, pinned: Roster) -> VerifiedEntry:
        rosters = self.first, self.second
        return verify_entry(leaf, proof, self.name, rosters, pinned.digest())


@pytest.fixture(scope="module")
def log() -> TwoRosters:
    return TwoRosters()


def test_a_checkpoint_by_a_revoked_key_proves_nothing(log: TwoRosters) -> None:
    forged = log.forged()
    with pytest.raises(Unverified) as refused:
        log.verified(log.lie, forged, log.second)
    assert refused.value.code == "log.unsigned"
    # The control: by the first roster the forgery is a proof, so only the choice of rosters helps.
    alone = verify_entry(log.lie, forged, log.name, [log.first], log.first.digest())
    assert (alone.signed_under, alone.cosigned) == (log.first, {})
    with pytest.raises(Unverified):
        verify_entry(log.lie, forged, log.name, [log.first], log.second.digest())


def test_the_pinned_roster_and_later_ones_judge(log: TwoRosters) -> None:
    honest = log.honest()
    for pinned in (log.first, log.second):
        found = log.verified(log.early, honest, pinned)
        assert (found.roster, found.signed_under) == (log.second, log.first)
        assert len(found.cosigned) >= 3
    # A proof from the time before the new keys: good for those who know the first roster.
    assert log.verified(log.early, log.before, log.first).roster == log.first
    with pytest.raises(Unverified):
        log.verified(log.early, log.before, log.second)


def test_the_command_says_by_which_roster_and_whether_a_witness_saw_it(
    log: TwoRosters, tmp_path: Path
) -> None:
    files = {"one": log.roster_data[0], "two": log.roster_data[1]}
    files |= {"honest.json": log.early, "honest.proof": log.honest().text().encode()}
    files |= {"forged.json": log.lie, "forged.proof": log.forged().text().encode()}
    for name, data in files.items():
        write_file(tmp_path / name, data)
    rosters = ("--roster", str(tmp_path / "one"), "--roster", str(tmp_path / "two"))

    def told(name: str, pinned: Roster) -> str:
        place = str(tmp_path / f"{name}.json"), str(tmp_path / f"{name}.proof")
        digest = "--roster-digest", f" {pinned.digest().upper()} "
        language = ("--lang", "en")
        answer = command(
            "padan-policy", *language, "verify-entry", log.name, *place, *rosters, *digest
        )
        return answer.out + answer.err

    assert "not signed by the service" in " ".join(told("forged", log.second).split())
    seen = told("honest", log.second)
    assert "version 2 of the roster" in seen
    assert "Cosigned by" in seen
    assert "No witness" not in seen
    alone = told("forged", log.first)
    assert "version 1 of the roster" in alone
    assert "No witness cosigned it" in alone
