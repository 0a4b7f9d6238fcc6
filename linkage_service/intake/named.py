"""Which uploaded blobs the statements of a log name: chunks, their lists, seals, lists of rows."""

from __future__ import annotations

from collections.abc import Iterator

from linkage_service.storage.blobs import BlobReader, chunk_name, document_name
from policy.formats.documents import read_chunk_list
from policy.project import Project
from policy.statements import AnyBody, Delta, SealedRows, Withdrawn


def named_by(project_id: str, body: AnyBody, blobs: BlobReader) -> Iterator[str]:
    """The blobs that a statement names; raises NotYet if its chunk list cannot be read."""
    if isinstance(body, Withdrawn):
        yield document_name(project_id, body.handles)
    if isinstance(body, Delta):
        yield document_name(project_id, body.left)
    if isinstance(body, SealedRows):
        listed = document_name(project_id, body.chunk_list)
        yield from (listed, document_name(project_id, body.seal))
        yield from (chunk_name(project_id, each) for each in read_chunk_list(blobs.get(listed)))


def named_in(project: Project, blobs: BlobReader) -> set[str]:
    """The blobs that any statement of the log names."""
    name = project.charter.project
    return {blob for entry in project.entries for blob in named_by(name, entry.body, blobs)}
