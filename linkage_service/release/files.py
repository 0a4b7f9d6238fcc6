"""The files of a release: fresh match IDs and row secrets, sealed to each recipient."""

from __future__ import annotations

import os
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linkage_service.engines.scratch import run_folder
from linkage_service.release.domains import Solved
from linkage_service.service import Service
from policy.base.canonical import sha256_of
from policy.crypto.sealing import encrypt_stream, new_file_seal
from policy.formats import release_file
from policy.formats.arrays.release_rows import Part, ReleaseRows
from policy.formats.release_file import MATCH_ID_BYTES, ROW_SECRET_BYTES
from policy.formats.sealed_file import write_parts
from policy.gates.rules.case import StagedFact
from policy.gates.rules.output_files import expected_files
from policy.project import Project
from policy.statements import StagedFile

Bytes = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class _Drawn:
    """A match ID and a row secret for every group of one domain."""

    ids: Bytes
    secrets: Bytes


def file_name(project_id: str, digest: str) -> str:
    return f"{project_id}/releases/{digest}"


def seal_domain(service: Service, project: Project, release: str, each: Solved) -> list[StagedFile]:
    """Draw IDs and secrets for one domain, and store one sealed file for each recipient."""
    drawn = _draw(each.groups.count)
    expected = expected_files(project.charter, (each.domain,))
    return [
        _seal_file(service, project, release, fact, _rows(project, fact, each, drawn))
        for fact in sorted(expected, key=lambda fact: fact.dataset)
    ]


def _draw(rows: int) -> _Drawn:
    return _Drawn(_random(rows, MATCH_ID_BYTES), _random(rows, ROW_SECRET_BYTES))


def _random(rows: int, width: int) -> Bytes:
    return np.frombuffer(bytearray(os.urandom(rows * width)), np.uint8).reshape(rows, width)


def _rows(project: Project, fact: StagedFact, each: Solved, drawn: _Drawn) -> ReleaseRows:
    handles = each.handles[fact.dataset]
    rows, group = each.groups.of(project.charter.dataset_ids.index(fact.dataset))
    if fact.form == "private-index":
        # Every row gets an ID, so that matched and unmatched rows look the same.
        every = _draw(len(handles))
        every.ids[rows], every.secrets[rows] = drawn.ids[group], drawn.secrets[group]
        return ReleaseRows(Part(handles), Part(every.ids), Part(every.secrets), verify=None)
    verify = each.verify[group] if project.charter.release.grades else None
    drawn_parts = Part(drawn.ids, group), Part(drawn.secrets, group)
    return ReleaseRows(Part(handles, rows), *drawn_parts, verify)


def _seal_file(
    service: Service, project: Project, release: str, fact: StagedFact, rows: ReleaseRows
) -> StagedFile:
    """Read the rows twice: for the digest, to which the seal is bound, and to encrypt them."""
    plaintext = sha256_of(rows.blocks())
    binding = project.binding(
        release_file.SEAL_TYPE,
        sender=service.me.member.id,
        recipient=fact.recipient,
        manifest=plaintext,
        run=release,
    )
    recipient = project.roster.member(fact.recipient).seal_public()
    keys = service.me.under(project.roster).keys
    seal = new_file_seal(recipient, binding, keys.signing)
    chunks = encrypt_stream(rows.blocks(), seal.key, seal.header_digest)
    with run_folder(service.settings.scratch) as scratch, service.blobs.draft(scratch) as draft:
        digest = write_parts(draft.write, seal.envelope.canonical(), chunks)
        service.blobs.keep(file_name(project.charter.project, digest), draft)
    return StagedFile(
        recipient=fact.recipient,
        dataset=fact.dataset,
        domain=fact.domain,
        form="membership" if fact.form == "membership" else "private-index",
        plaintext=plaintext,
        ciphertext=digest,
    )
