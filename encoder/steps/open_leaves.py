"""Open rows that an auditor drew: show the committed and the sent content of each.

The answer contains record ids and linkage fields. It is for one comparison with the records
themselves, on this machine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from encoder.base.pieces import as_list, in_key_order
from encoder.encoding.canaries import CanaryPlan
from encoder.encoding.terms import RowEncoder, identifiers
from encoder.error_codes import EncoderCode
from encoder.steps.workspace import Workspace
from encoder.store.handles import join_fields, split_columns
from encoder.store.prepared import PreparedDataset
from policy.base.canonical import sha256
from policy.base.errors import Refused
from policy.base.words import Words
from policy.formats.opened_leaves import LeafDraw, OpenedLeaf, OpenedLeaves
from policy.log import Checkpoint, inclusion_proofs, leaf_hash, parse_checkpoint, parse_note
from policy.log.drawn_leaves import BETWEEN_FIELDS, draw_positions
from policy.project import Project, sealed_of
from policy.statements import Accepted


@dataclass(frozen=True)
class _Row:
    """The inputs of a handle: a record or a canary slot."""

    nonce: bytes
    fields: str = field(repr=False)
    record_id: str | None = field(default=None, repr=False)
    slot: int | None = None


def open_leaves(workspace: Workspace, draw: LeafDraw) -> OpenedLeaves:
    """Answer a draw; raises Refused if no checkpoint of this log drew it.

    Memory grows by about 200 bytes for each row of the dataset.
    """
    project = workspace.session.project
    workspace.require_own(draw.dataset)
    workspace.require_kept("prepared-rows", "keys")
    checkpoint = parse_checkpoint(parse_note(draw.checkpoint).text)
    _require_drawn(workspace, draw, checkpoint)
    store = workspace.prepared_at(draw.dataset, project.until(checkpoint.size))
    handles = _handles(store)
    wanted = [handles[position] for position in draw.positions]
    proofs = inclusion_proofs([leaf_hash(handle) for handle in handles], draw.positions)
    rows = _rows(workspace, draw.dataset, store, wanted)
    sent = _encoded(workspace, wanted, [rows[handle].fields for handle in wanted])
    return OpenedLeaves(
        draw=draw,
        key=workspace.local_key().hex(),
        columns=identifiers(project.charter),
        leaves=tuple(
            OpenedLeaf(
                position=position,
                handle=handle.hex(),
                proof=tuple(each.hex() for each in proof),
                nonce=rows[handle].nonce.hex(),
                row=digest,
                record_id=rows[handle].record_id,
                fields=tuple(rows[handle].fields.split(BETWEEN_FIELDS)),
                slot=rows[handle].slot,
            )
            for position, handle, proof, digest in zip(
                draw.positions, wanted, proofs, sent, strict=True
            )
        ),
    )


def _require_drawn(workspace: Workspace, draw: LeafDraw, checkpoint: Checkpoint) -> None:
    """Check that a later checkpoint drew these rows; an auditor sees no others."""
    project = workspace.session.project
    workspace.session.replay.check(checkpoint)
    sealed = sealed_of(project.entry(draw.commitment))
    drawn = draw_positions(
        draw.commitment, draw.dataset, checkpoint, sealed.count, len(draw.positions)
    )
    if (
        _accepted(project, draw.commitment) >= checkpoint.size
        or (sealed.dataset, sealed.count) != (draw.dataset, draw.rows)
        or drawn != draw.positions
    ):
        raise Refused(
            EncoderCode.LEAVES_DRAW,
            Words(
                "Undian ini bukan hasil titik periksa log ini.",
                "This draw does not follow from a checkpoint of this log.",
            ),
            Words(
                "Minta auditor mengundi dengan 'padan-policy draw-leaves'.",
                "Ask the auditor to draw with 'padan-policy draw-leaves'.",
            ),
        )


def _accepted(project: Project, commitment: str) -> int:
    """The index of the commitment's intake; beyond any log if there is no intake."""
    intakes = (e for e in project.of(Accepted) if e.body.bundle == commitment)
    return next((entry.index for entry in intakes), project.size)


def _handles(store: PreparedDataset) -> list[bytes]:
    """All committed handles, of people and canaries, ascending."""
    people = {row.handle for row in store.frozen_rows(objected=True)}
    handles = as_list(b"".join((*people, *store.canary_handles())))
    return [handles[at] for at in in_key_order(b"".join(handles)).tolist()]


def _rows(
    workspace: Workspace, dataset: str, store: PreparedDataset, wanted: Sequence[bytes]
) -> Mapping[bytes, _Row]:
    """The row behind each handle; after a delta, earlier rows are in an earlier store."""
    found = _canaries(workspace, dataset, wanted)
    for generation in range(store.generation, -1, -1):
        earlier = PreparedDataset(workspace.prepared_path(dataset, generation))
        found |= _of_store(earlier, set(wanted) - found.keys())
    return found


def _canaries(workspace: Workspace, dataset: str, wanted: Sequence[bytes]) -> dict[bytes, _Row]:
    """The canary slots among these handles; they stay as in the first store."""
    first = PreparedDataset(workspace.prepared_path(dataset))
    slots = {h: each for h, each in first.canary_slots().items() if h in set(wanted)}
    if not slots:
        return {}
    rows = CanaryPlan.of(workspace.session.project, workspace.keys()).rows[dataset]
    return {
        handle: _Row(nonce, join_fields(rows[slot]), slot=slot)
        for handle, (slot, nonce) in slots.items()
    }


def _of_store(store: PreparedDataset, wanted: set[bytes]) -> dict[bytes, _Row]:
    """The rows whose handle was made in this store."""
    rows = {
        row.handle: row
        for row in store.frozen_rows(objected=True)
        if row.handle in wanted and row.same_as is None and row.since == store.generation
    }
    fields = store.fields_of(rows.keys())
    return {handle: _Row(row.nonce, fields[handle], row.record_id) for handle, row in rows.items()}


def _encoded(workspace: Workspace, handles: Sequence[bytes], fields: Sequence[str]) -> list[str]:
    """The digest of each row as sent, encoded again from the opened content."""
    encoder = RowEncoder(workspace.session.charter, workspace.keys())
    return [sha256(row.tobytes()) for row in encoder.encode_columns(handles, split_columns(fields))]
