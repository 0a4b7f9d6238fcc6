"""Open a release once, with receipts; read opened files again without the network."""

from __future__ import annotations

from collections.abc import Iterator

from encoder.encoding.canaries import CanaryVerdict, check_canaries
from encoder.steps.check_release import (
    AnotherFile,
    OpenedFile,
    download,
    open_file,
    other_receipt,
    receipt,
    released_files,
)
from encoder.steps.expected_canaries import expected_in
from encoder.steps.workspace import RELEASES, Workspace
from encoder.store.prepared import PreparedDataset
from policy.formats import release_file
from policy.law.conditions import require_covered, require_requested
from policy.law.in_time import is_timed, require_decided_in_time
from policy.project import Entry
from policy.statements import StagedFile
from policy.wire.session import Session
from policy.witnessing.witness_times import Witnessed


def open_all(session: Session, release: str) -> Iterator[tuple[OpenedFile, CanaryVerdict]]:
    """Download, check and store every file for this member, and sign its receipt."""
    session.sync()
    workspace = Workspace(session)
    decision, files = released_files(session, release)
    cosigned = session.replica().cosigned_sizes()
    require_covered(session.project, [decision], cosigned)
    if is_timed(session.project):
        witnessed = Witnessed.of(session.project, cosigned)
        require_decided_in_time(session.project, decision, witnessed)
    for file in files:
        plaintext = _downloaded(session, release, decision, file)
        prepared = prepared_for(workspace, release, file.dataset)
        handles = (row.handle for row in release_file.read(plaintext))
        expected = expected_in(workspace, file.dataset, file.domain, file.form)
        canaries = check_canaries(expected, prepared.canary_handles(), handles).verdict
        workspace.vault.put(_secret_name(release, file.domain, file.dataset), plaintext)
        if not session.project.release(release).has_receipt(file):
            session.say(receipt(release, decision, file, canaries), run=release)
        yield open_file(file, plaintext, prepared), canaries


def _downloaded(session: Session, release: str, decision: Entry, file: StagedFile) -> bytes:
    """The approved file; another file is reported to the log before this raises."""
    try:
        return download(session, release, file)
    except AnotherFile as handed:
        if not session.project.release(release).has_complaint(file):
            session.say(other_receipt(release, decision, file, handed), run=release)
        raise


def opened_before(session: Session, release: str, dataset: str) -> list[OpenedFile]:
    """The files of one dataset that `open_all` stored in the vault."""
    workspace = Workspace(session)
    workspace.require_kept("opened-releases")
    _, files = released_files(session, release)
    return [
        open_file(
            file,
            workspace.vault.get(_secret_name(release, file.domain, dataset)),
            prepared_for(workspace, release, file.dataset),
        )
        for file in files
        if file.dataset == dataset
    ]


def kept(session: Session, release: str, file: StagedFile) -> bytes | None:
    """The file that `open_all` stored in the vault; None if it was not opened here."""
    vault = Workspace(session).vault
    name = _secret_name(release, file.domain, file.dataset)
    return vault.get(name) if vault.has(name) else None


def prepared_for(workspace: Workspace, release: str, dataset: str) -> PreparedDataset:
    """The rows of the release: those present when its run was ordered."""
    project = workspace.session.project
    require_requested(project, release)
    stage = project.release(release).require_stage()
    return workspace.prepared_at(dataset, project.run_ended_by(stage.body.run).before_order())


def is_opened(session: Session, release: str, dataset: str) -> bool:
    """Whether all files of this dataset were opened on this machine."""
    vault = Workspace(session).vault
    _, files = released_files(session, release)
    mine = [file for file in files if file.dataset == dataset]
    return bool(mine) and all(vault.has(_secret_name(release, f.domain, dataset)) for f in mine)


def _secret_name(release: str, domain: str, dataset: str) -> str:
    return f"{RELEASES}{release}.{domain}.{dataset}"
