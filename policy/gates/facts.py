"""What a run counted, and how exact counts stay closed until an entitled member opens them.

The log holds only a salted commitment to the facts. The salt and the facts go to the approvers
whom the charter entitles, the data protection officers and the auditors. Parties see neither.
"""

from __future__ import annotations

import os
from typing import Annotated, Literal

from pydantic import Field

from policy.base.canonical import HexDigest, Identifier, Model, b64, canonical_json, sha256
from policy.base.error_codes import PolicyCode
from policy.base.errors import Unverified
from policy.base.words import Words
from policy.project.canary_counts import Planted

SALT_BYTES = 32


class MembershipFacts(Model):
    """Counts of one dataset in one domain without canaries; `verify` counts those of `matched`."""

    matched: int = Field(ge=0)
    unmatched: int = Field(ge=0)
    verify: int = Field(default=0, ge=0)


class DomainFacts(Model):
    """What a run counted in one ID domain."""

    groups: int = Field(ge=0)
    datasets: dict[Identifier, MembershipFacts]


class RunFacts(Model):
    """Integers only: no rows, no scores (T9). `uncertain` counts the pairs in the review band."""

    type: Literal["padan/run-facts"] = "padan/run-facts"
    run: str
    candidates: int = Field(ge=0)
    uncertain: int = Field(default=0, ge=0)
    domains: dict[Identifier, DomainFacts]


class CellFacts(Model):
    """How many rows of one dataset look the same to a recipient, canaries not counted.

    `recipient` lists the parties that count as one recipient. `pattern` has one part for each ID
    domain released to them in this epoch. A part says what they see of such a row:

    - "domain:0" if the row has no match ID, "domain:1" if it has one;
    - followed by "+dataset" for each of their own datasets that carries the same ID;
    - followed by "+verify" if people are to verify the match.

    Since the second law a domain of an earlier release is written "release/domain", so that all
    views of one domain differ.

    With `lists`, the rows are persons that the recipient can find in several of its own lists.
    `dataset` is the first of these lists, and each part of the pattern starts with its list:
    "list:domain:1", or "list:-" for a person who is not on that list.
    """

    recipient: tuple[Identifier, ...]
    dataset: Identifier
    pattern: tuple[str, ...]
    rows: int = Field(ge=0)
    lists: tuple[Identifier, ...] = Field(default=(), exclude_if=lambda lists: not lists)


class DifferenceFacts(Model):
    """What changed for a recipient since an earlier release of the same domain, in rows.

    `gained` and `lost` count rows of both releases that now have, or no longer have, a match ID.
    `added_matched` and `added_unmatched` count rows that the earlier run did not have.
    """

    recipient: tuple[Identifier, ...]
    dataset: Identifier
    domain: Identifier
    earlier: str
    gained: int = Field(ge=0)
    lost: int = Field(ge=0)
    added_matched: int = Field(ge=0)
    added_unmatched: int = Field(ge=0)


class ReleaseFacts(Model):
    """What one stage would reveal to its recipients, in counts. `run` is the run's commitment."""

    type: Literal["padan/release-facts"] = "padan/release-facts"
    release: str
    run: HexDigest
    domains: dict[Identifier, DomainFacts]
    cells: tuple[CellFacts, ...]
    differences: tuple[DifferenceFacts, ...]


Facts = Annotated[RunFacts | ReleaseFacts, Field(discriminator="type")]


class OpenedFacts(Model):
    """Facts with the salt that opens their commitment."""

    salt: str
    facts: Facts

    @classmethod
    def fresh(cls, facts: RunFacts | ReleaseFacts) -> OpenedFacts:
        """These facts with a new random salt."""
        return cls(salt=b64(os.urandom(SALT_BYTES)), facts=facts)

    def require(self, commitment: str) -> None:
        """Checks that the log commits to these facts; raises Unverified."""
        if self.commitment() != commitment:
            raise Unverified(
                PolicyCode.FACTS_COMMITMENT,
                Words(
                    "Fakta yang dibuka bukan yang tercatat di log.",
                    "The facts opened are not those committed to in the log.",
                ),
                Words("Jangan setujui; hubungi auditor.", "Do not approve; call the auditor."),
            )

    def commitment(self) -> str:
        """The commitment to salt and facts: SHA-256 of canonical JSON, in hex."""
        return sha256(
            canonical_json(
                {
                    "type": "padan/facts-commitment",
                    "salt": self.salt,
                    "facts": self.facts.model_dump(mode="json"),
                }
            )
        )


def release_facts(opened: OpenedFacts) -> ReleaseFacts:
    """The facts of a stage; raises Unverified if these are not a stage's facts."""
    if not isinstance(opened.facts, ReleaseFacts):
        raise Unverified(
            PolicyCode.FACTS_KIND,
            Words("Fakta ini bukan fakta sebuah rilis.", "These are not the facts of a release."),
            Words("Minta fakta berkas rilis itu.", "Ask for the facts of the stage."),
        )
    return opened.facts


def membership_without_canaries(
    planted: Planted, domain: str, rows: int, matched: int, verify: int = 0
) -> MembershipFacts:
    """Counts of one dataset in one domain, minus its canaries."""
    real = max(0, rows - planted.rows)
    matched_real = min(real, max(0, matched - planted.matched.get(domain, 0)))
    to_verify = max(0, verify - planted.verify.get(domain, 0))
    return MembershipFacts(
        matched=matched_real, unmatched=real - matched_real, verify=min(to_verify, matched_real)
    )
