"""The changes of a dataset since it was sent, within its epoch."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from encoder.error_codes import EncoderCode
from encoder.source.mapping import Mapping, load_mapping
from encoder.steps.consent import Accept, refuse
from encoder.steps.id_lists import ListMeaning
from encoder.steps.prepare import freeze_file
from encoder.steps.withdraw import withdrawn_handles
from encoder.steps.workspace import Workspace, standing
from encoder.store.generations import Before
from encoder.store.prepared import PreparedDataset
from policy.base.errors import BadInput, NotYet, Refused
from policy.base.words import Words
from policy.law.conditions import require_in_window


def freeze_delta(
    workspace: Workspace,
    dataset: str,
    file: Path,
    mapping_file: Path | None,
    suppress: Path | None,
    advance: Callable[[int], None],
    meaning: ListMeaning = ListMeaning(),
    accept: Accept = refuse,
) -> tuple[PreparedDataset, int]:
    """Freeze the current file relative to the sent rows; replaces a waiting delta.

    Without a mapping, uses that of the sent rows. Returns also how many ids to leave out are
    not in the file.
    """
    project = workspace.session.project
    workspace.require_own(dataset)
    if dataset not in project.bundles():
        raise NotYet(
            EncoderCode.DELTA_NO_BUNDLE,
            Words(
                f"Bundel {dataset} belum diterima layanan.",
                f"The bundle of {dataset} is not accepted yet.",
            ),
            Words(
                "Pakai 'padan-encoder prepare', 'encode', lalu 'upload' dahulu.",
                "First run 'padan-encoder prepare', 'encode' and 'upload'.",
            ),
        )
    workspace.require_kept("prepared-rows")
    workspace.drop_waiting(dataset)
    before = workspace.prepared(dataset)
    if before.digests.state != "plain":
        raise _rows_destroyed(dataset)
    mapping_file = mapping_file or Path(before.meta("mapping"))
    mapping = load_mapping(mapping_file)
    generation = standing(project, dataset)
    path = workspace.prepared_path(dataset, generation + 1)
    since = Before(
        before.path,
        generation,
        withdrawn_handles(workspace, dataset),
        record_ids=mapping.record_id is not None,
        earlier_ids=_same_ids(before, mapping),
    )
    prepared, unknown = freeze_file(
        workspace,
        dataset,
        path,
        file,
        mapping_file,
        suppress,
        advance,
        meaning,
        accept,
        before=since,
    )
    try:
        _require_changes(prepared, file)
        require_in_window(project, dataset, prepared.reconciliation().people)
    except BaseException:
        path.unlink()
        raise
    return prepared, unknown


def _same_ids(before: PreparedDataset, mapping: Mapping) -> bool:
    """Whether record ids of the store and of a file under this mapping mean the same record."""
    kept = before.meta("mapping_used")
    same = not kept or Mapping.model_validate_json(kept).record_id == mapping.record_id
    return before.own_ids and same


def _rows_destroyed(dataset: str) -> Refused:
    return Refused(
        EncoderCode.DELTA_ROWS_DESTROYED,
        Words(
            f"Baris {dataset} yang dikirim sudah dimusnahkan; tidak ada yang dapat dibandingkan.",
            f"The rows of {dataset} that were sent are destroyed; nothing can be compared.",
        ),
        Words("Mulai periode kunci baru.", "Start a new epoch."),
    )


def _require_changes(prepared: PreparedDataset, file: Path) -> None:
    changes = prepared.changes()
    if not changes.added + changes.changed + changes.withdrawn:
        raise BadInput(
            EncoderCode.DELTA_NOTHING,
            Words(
                f"{file}: tidak ada yang berubah sejak dikirim.",
                f"{file}: nothing has changed since it was sent.",
            ),
            Words("Tidak perlu dikirim lagi.", "There is nothing to send."),
        )
