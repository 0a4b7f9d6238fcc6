"""The evidence bundle as a zip: everything an auditor needs, without personal data."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import chain
from tempfile import TemporaryFile
from typing import IO, Literal

from sqlalchemy import Connection

from linkage_service.service import Service
from linkage_service.storage.heads import cosigned_heads, newest_head
from linkage_service.storage.leaves import leaves_from, log_size
from policy.evidence import EvidenceBundle, write_bundle
from policy.gates.facts import OpenedFacts
from policy.retention import item_of
from policy.statements import RunFinished, Staged

_BLOCK_BYTES = 1 << 20
_LEAVES_AT_ONCE = 1000


@contextmanager
def evidence_file(
    service: Service, project_id: str, audience: Literal["auditor", "party"] = "auditor"
) -> Iterator[IO[bytes]]:
    """Roster, log and cosigned checkpoints; for auditors also the opened facts, while kept.

    A zip at its beginning, in a file without a name, which ends with the context.
    """
    facts = _facts(service, project_id, audience)
    service.settings.scratch.mkdir(parents=True, exist_ok=True, mode=0o700)
    with TemporaryFile(dir=service.settings.scratch) as file:
        # One moment of the log, however long it takes to write it.
        with service.ledger.database.reading() as connection:
            log = _leaves(connection, project_id)
            roster = next(log)
            bundle = EvidenceBundle(
                roster=roster,
                leaves=[],
                checkpoint=newest_head(connection, project_id),
                cosigned=list(cosigned_heads(connection, project_id)[0]),
                facts=facts,
            )
            write_bundle(file, bundle, chain([roster], log))
        file.seek(0)
        yield file


def evidence_stream(
    service: Service, project_id: str, audience: Literal["auditor", "party"] = "auditor"
) -> Iterator[bytes]:
    """The same in blocks. It is written before this returns, so that errors are raised here."""

    def blocks() -> Iterator[bytes]:
        with evidence_file(service, project_id, audience) as file:
            yield from blocks_of(file)

    made = blocks()
    return chain([next(made)], made)


def blocks_of(file: IO[bytes]) -> Iterator[bytes]:
    """The rest of a file, a MiB at a time."""
    while block := file.read(_BLOCK_BYTES):
        yield block


def _leaves(connection: Connection, project_id: str) -> Iterator[bytes]:
    """The leaves of the log in order, some at a time."""
    for start in range(0, log_size(connection, project_id), _LEAVES_AT_ONCE):
        yield from leaves_from(connection, project_id, start, start + _LEAVES_AT_ONCE)


def _facts(
    service: Service, project_id: str, audience: Literal["auditor", "party"]
) -> dict[str, OpenedFacts | None]:
    """Opened facts by their commitment; none for parties, or once they are destroyed."""
    project = service.ledger.project(project_id)
    openings = item_of(project, project.roster.service().id, "openings", date.max)
    gone = openings is not None and openings.attested is not None
    committed = [entry.body.facts for entry in project.of(RunFinished)]
    committed += [entry.body.facts for entry in project.of(Staged)]
    shown = committed if audience == "auditor" and not gone else []
    return {commitment: service.opened(project_id, commitment) for commitment in shown}
