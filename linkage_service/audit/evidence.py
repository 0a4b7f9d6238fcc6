"""The evidence bundle as a zip: everything an auditor needs, without personal data."""

from __future__ import annotations

from datetime import date
from typing import Literal

from linkage_service.service import Service
from linkage_service.storage.heads import cosigned_heads, newest_head
from linkage_service.storage.leaves import leaves_from
from policy.evidence import EvidenceBundle, pack_bundle
from policy.retention import item_of
from policy.statements import RunFinished, Staged


def evidence_zip(
    service: Service, project_id: str, audience: Literal["auditor", "party"] = "auditor"
) -> bytes:
    """Roster, log and cosigned checkpoints; for auditors also the opened facts, while kept."""
    project = service.ledger.project(project_id)
    ledger = service.ledger
    with ledger.database.reading() as connection:
        leaves = leaves_from(connection, project_id)
        notes, _ = cosigned_heads(connection, project_id)
        latest = newest_head(connection, project_id)
    openings = item_of(project, project.roster.service().id, "openings", date.max)
    gone = openings is not None and openings.attested is not None
    committed = [entry.body.facts for entry in project.of(RunFinished)]
    committed += [entry.body.facts for entry in project.of(Staged)]
    facts = committed if audience == "auditor" and not gone else []
    return pack_bundle(
        EvidenceBundle(
            roster=leaves[0],
            leaves=leaves,
            checkpoint=latest,
            cosigned=list(notes),
            facts={commitment: service.opened(project_id, commitment) for commitment in facts},
        )
    )
