"""The columns that a recipient has received for its own rows.

Values stay encrypted in the vault, one secret for each opened transfer (`ATTRIBUTES`), until they
are destroyed at their date.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pydantic import TypeAdapter

from encoder.steps.withdraw import withdrawn_handles
from encoder.steps.workspace import ATTRIBUTES, Workspace
from policy.base.canonical import canonical_json
from policy.base.words import Words
from policy.project import TransferRecord

_OPENED: TypeAdapter[dict[str, tuple[str, ...]]] = TypeAdapter(dict[str, tuple[str, ...]])


@dataclass(frozen=True)
class AttributeColumn:
    """One received column: its name at the sender, the sender's member id, and the transfer."""

    name: str
    sender: str
    transfer: str
    title: Words


@dataclass(frozen=True)
class ReceivedColumns:
    """Received columns, and their cells for each of one's own people, by row handle.

    A person without an entry has received nothing.
    """

    columns: tuple[AttributeColumn, ...] = ()
    values: Mapping[bytes, tuple[str, ...]] = field(default_factory=dict, repr=False)

    def cells_of(self, handle: bytes) -> tuple[str, ...]:
        """The cells of one person, one for each column; empty cells if there are none."""
        return self.values.get(handle, ("",) * len(self.columns))


def received(workspace: Workspace, release: str, dataset: str) -> ReceivedColumns:
    """Everything that was opened on this machine for one dataset of a release; no network.

    Columns are in the order of the log. People who objected at this agency since have no values.
    Raises Refused if this agency destroyed its attributes.
    """
    opened = list(_opened(workspace, release, dataset))
    if not opened:
        return ReceivedColumns()
    workspace.require_kept("attributes")
    columns = [column for record, _ in opened for column in _columns(record)]
    objected = withdrawn_handles(workspace, dataset)
    handles = {handle for _, values in opened for handle in values} - objected
    widths = [(values, len(record.request.body.columns)) for record, values in opened]
    cells = {
        handle: tuple(
            cell for values, width in widths for cell in values.get(handle, ("",) * width)
        )
        for handle in handles
    }
    return ReceivedColumns(tuple(columns), cells)


def opened_name(transfer: str) -> str:
    """The name of an opened transfer in the vault."""
    return f"{ATTRIBUTES}{transfer}"


def pack(values: Mapping[bytes, tuple[str, ...]]) -> bytes:
    """Opened values by handle, as they are kept in the vault."""
    return canonical_json({handle.hex(): list(cells) for handle, cells in values.items()})


def unpack(data: bytes) -> dict[bytes, tuple[str, ...]]:
    """The values by handle."""
    kept = _OPENED.validate_json(data)
    return {bytes.fromhex(handle): cells for handle, cells in kept.items()}


def _opened(
    workspace: Workspace, release: str, dataset: str
) -> Iterator[tuple[TransferRecord, dict[bytes, tuple[str, ...]]]]:
    me = workspace.session.me.member.id
    for record in workspace.session.project.transfers():
        asked = record.request.body
        mine = asked.recipient == me and asked.release == release
        if mine and record.sent is not None and record.recipient_dataset == dataset:
            name = opened_name(record.name)
            if workspace.vault.has(name):
                yield record, unpack(workspace.vault.get(name))


def _columns(record: TransferRecord) -> Iterator[AttributeColumn]:
    """The columns of a transfer, titled as in the charter under which it was sent."""
    asked = record.request.body
    then = record.project.until(record.sent.index) if record.sent else record.project
    permit = then.charter.shared(asked.dataset, asked.recipient)
    for name in asked.columns:
        column = permit.column(name) if permit else None
        title = column.title.words() if column else Words(name, name)
        yield AttributeColumn(name, record.sender, record.name, title)
