"""What must be equal for all agencies: encodings of published test records, and the canaries."""

from __future__ import annotations

from encoder.encoding.canaries import CanaryPlan, normalise_rows
from encoder.encoding.project_keys import ProjectKeys, check_confirmations, records_mac
from encoder.encoding.terms import RowEncoder
from encoder.synthetic.published_records import published_records
from policy.charter import Charter, FieldKind
from policy.formats.bundle_row import HANDLE_BYTES
from policy.project import Project


def encode_published_records(charter: Charter, keys: ProjectKeys) -> bytes:
    """All columns of the published test records, encoded with the project's keys."""
    kinds: dict[str, FieldKind] = {f.name: f.kind for f in charter.fields}
    count = charter.encoding.test_records
    rows = normalise_rows(charter, published_records(kinds, count))
    handles = [index.to_bytes(HANDLE_BYTES, "big") for index in range(count)]
    return RowEncoder(charter, keys).encode(handles, rows).tobytes()


def own_records_mac(project: Project, keys: ProjectKeys) -> str:
    """This encoder's confirmation; it differs for a version that draws other canaries."""
    records = encode_published_records(project.charter, keys)
    return records_mac(keys, records + CanaryPlan.of(project, keys).sample())


def require_agreement(project: Project, keys: ProjectKeys) -> None:
    """Stop before anyone encodes rows under keys or rules that differ between agencies."""
    check_confirmations(project, keys, own_records_mac(project, keys))
