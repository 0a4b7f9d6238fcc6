"""Key agreement by commit and reveal: the linkage service relays and learns nothing.

    1. Each agency commits to 32 random bytes and to a one-epoch HPKE key.
    2. Once all commitments are witnessed, each seals its bytes to every peer's
       one-epoch key. Roster keys never carry a share.
    3. Each opens its peers' shares and checks them against the commitments.
    4. S = HKDF-Extract(SHA-256(transcript), r_1 .. r_N); every subkey is
       HKDF-Expand of S, bound to the charter's encoding terms.
    5. Each posts two MACs; unless these are equal, nobody continues.

One honest agency's bytes suffice to make S uniform and unknown to all others.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

from encoder.error_codes import EncoderCode
from policy.base.canonical import canonical_json, sha256, unb64
from policy.base.errors import Refused
from policy.base.words import Words
from policy.crypto.envelope import Binding, Envelope, parse_envelope
from policy.crypto.keys import SealKey
from policy.crypto.sealing import open_seal, seal
from policy.law.conditions import require_confirmed
from policy.project import Project
from policy.statements import Committed, Confirmed, Revealed

SHARE_BYTES = 32
SHARE_SEAL_TYPE = "padan/share"

Purpose = Literal["clk", "salt", "harden", "nik", "block", "canary", "check"]


@dataclass(frozen=True)
class KeyShare:
    """The secrets of one agency: its random bytes and its one-epoch key."""

    secret: bytes = field(repr=False)
    epoch_key: SealKey = field(repr=False)

    @classmethod
    def draw(cls) -> KeyShare:
        return cls(os.urandom(SHARE_BYTES), SealKey.generate())

    def to_bytes(self) -> bytes:
        return self.secret + self.epoch_key.secret_bytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> KeyShare:
        return cls(data[:SHARE_BYTES], SealKey.from_bytes(data[SHARE_BYTES:]))


@dataclass(frozen=True)
class ProjectKeys:
    """S and its subkeys. They exist only in the agencies' vaults."""

    root: bytes = field(repr=False)
    terms: str

    def subkey(self, purpose: Purpose, context: str = "") -> bytes:
        """32 bytes bound to the encoding terms (purpose, parties, schema, rules, profile).

        `context` separates uses within one purpose, for example by encoding name.
        """
        info = canonical_json(
            {
                "type": "padan/subkey",
                "purpose": purpose,
                "context": context,
                "terms": self.terms,
            }
        )
        return HKDFExpand(SHA256(), 32, info).derive(self.root)


def commitment(project: Project, member: str, secret: bytes) -> str:
    """SHA-256, in hexadecimal, of the share and its full context, NUL-separated."""
    charter = project.charter
    parts = (
        "padan/commit/v1",
        charter.project,
        str(charter.epoch),
        member,
        project.charter_digest,
        _committed_under(project, member),
    )
    return sha256(b"\0".join((*(part.encode() for part in parts), secret)))


def seal_shares(
    project: Project, member: str, share: KeyShare, signing_key: Ed25519PrivateKey
) -> dict[str, Envelope]:
    """One seal for each peer, to its one-epoch key."""
    commits = project.by_sender(Committed)
    return {
        peer: seal(
            share.secret,
            unb64(commits[peer].epoch_key),
            _share_binding(project, member, peer),
            signing_key,
        )
        for peer in project.charter.party_ids
        if peer != member
    }


def agree(
    project: Project, member: str, share: KeyShare, sealed: Mapping[str, bytes]
) -> ProjectKeys:
    """Open the peers' seals, check every commitment, derive the project keys.

    `sealed` holds the seal bytes from each peer. Raises Refused if a seal differs from
    the logged one or a share does not match its commitment.
    """
    shares = {member: share.secret}
    revealed = {entry.statement.sender: entry for entry in project.of(Revealed)}
    for peer in project.charter.party_ids:
        if peer == member:
            continue
        data = sealed.get(peer, b"")
        if sha256(data) != revealed[peer].body.seals[member]:
            raise _bad_share(peer, "segelnya bukan yang dicatat", "its seal is not the logged one")
        shares[peer] = open_seal(
            parse_envelope(data),
            share.epoch_key,
            _share_binding(project, peer, member),
            project.sender_of(revealed[peer]).signing_public(),
        )
    for peer, secret in shares.items():
        if commitment(project, peer, secret) != project.by_sender(Committed)[peer].commitment:
            raise _bad_share(
                peer, "tidak cocok dengan komitmennya", "it does not fit its commitment"
            )
    material = b"".join(shares[peer] for peer in sorted(shares))
    root = HKDF.extract(SHA256(), _transcript(project), material)
    return ProjectKeys(root, project.charter.terms_digest())


def records_mac(keys: ProjectKeys, encoded_records: bytes) -> str:
    """MAC over the encodings of the published test records: equal for all parties."""
    return _mac(keys, canonical_json(["records", sha256(encoded_records)]))


def member_mac(project: Project, keys: ProjectKeys, member: str) -> str:
    """A MAC that shows which party confirmed; peers recompute it."""
    return _mac(keys, canonical_json(["confirm", member, _transcript(project).hex()]))


def check_confirmations(project: Project, keys: ProjectKeys, own_records_mac: str) -> None:
    """Check that all parties have the same keys, rules and profile; raises Refused or NotYet."""
    require_confirmed(project)
    for member, confirmed in project.by_sender(Confirmed).items():
        if not _equal(confirmed.member_mac, member_mac(project, keys, member)) or (
            not _equal(confirmed.records_mac, own_records_mac)
        ):
            raise Refused(
                EncoderCode.CEREMONY_CONFIRMATION,
                Words(
                    f"Konfirmasi {member} tidak cocok: kunci atau aturannya berbeda.",
                    f"The confirmation of {member} does not fit: its keys or rules differ.",
                ),
                Words(
                    "Samakan versi Padan dan piagam di semua pihak, lalu mulai periode kunci baru.",
                    "Use the same Padan version and charter everywhere, then start a new epoch.",
                ),
            )


def _mac(keys: ProjectKeys, message: bytes) -> str:
    mac = HMAC(keys.subkey("check"), SHA256())
    mac.update(message)
    return mac.finalize().hex()


def _equal(left: str, right: str) -> bool:
    return bytes_eq(left.encode(), right.encode())


def _transcript(project: Project) -> bytes:
    """SHA-256 over charter, roster, terms and all commit and reveal statements."""
    said = {
        kind.TYPE: {e.statement.sender: e.digest for e in project.of(kind)}
        for kind in (Committed, Revealed)
    }
    return bytes.fromhex(
        sha256(
            canonical_json(
                {
                    "type": "padan/transcript",
                    "charter": project.keyed_charter_digest,
                    "roster": project.keyed_roster_digest,
                    "terms": project.charter.terms_digest(),
                    "said": said,
                }
            )
        )
    )


def _share_binding(project: Project, sender: str, recipient: str) -> Binding:
    commitment = project.by_sender(Committed)[sender].commitment
    return project.binding(
        SHARE_SEAL_TYPE,
        sender=sender,
        recipient=recipient,
        manifest=commitment,
        roster=project.keyed_roster_digest,
    )


def _committed_under(project: Project, member: str) -> str:
    """The roster in force when this member committed; before that, the current one."""
    entries = (e for e in project.of(Committed) if e.statement.sender == member)
    return next((e.statement.binding.roster for e in entries), project.roster_digest)


def _bad_share(peer: str, indonesian: str, english: str) -> Refused:
    return Refused(
        EncoderCode.CEREMONY_SHARE,
        Words(f"Bagian rahasia {peer}: {indonesian}.", f"The share of {peer}: {english}."),
        Words(
            "Hentikan proyek ini dan hubungi instansi itu; mulai periode kunci baru.",
            "Stop this project, speak to that agency, and start a new epoch.",
        ),
    )
