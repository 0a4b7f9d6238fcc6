"""Counts of people of one list whom another list lacks, given by the owner of the first.

    projects/PROJECT/reverse-coverage/RELEASE.DOMAIN.json    taken from another agency, with its
                                                             signature

The giver signs what it kept for this release (`encoder.released.coverage.kept`), so that nothing is
counted again. The taker keeps the file next to its own counts, and shows both.
"""

from __future__ import annotations

from pathlib import Path

from encoder.steps.workspace import Workspace
from policy.base.files import read_file, write_file
from policy.crypto.envelope import sign
from policy.gates.coverage import Coverage
from policy.gates.reverse_coverage import (
    KIND,
    Handed,
    ReverseCoverage,
    open_reverse,
    parse_reverse,
    require_about,
    reverse_of,
)

_FOLDER = "reverse-coverage"


def reverse_to_give(workspace: Workspace, found: Coverage, on_list: str) -> Handed:
    """One's own people who are not confirmed on the other list, signed; raises Refused."""
    session = workspace.session
    counts = reverse_of(found, session.charter, on_list)
    me = session.me.member.id
    recipient = session.charter.dataset(on_list).owner
    binding = session.project.binding(KIND, sender=me, recipient=recipient)
    return Handed(counts, sign(binding, counts.canonical(), session.me.keys.signing))


def take_reverse(workspace: Workspace, path: Path, release: str, on_list: str) -> ReverseCoverage:
    """Check and keep a file of another agency about this list; taken twice, nothing changes.

    Raises as `open_reverse`, and BadInput for a file of another release or list.
    """
    handed = open_reverse(read_file(path), path.name, workspace.session.project)
    workspace.require_own(handed.counts.on_list)
    require_about(handed.counts, path.name, release, on_list)
    kept = _folder(workspace) / f"{handed.counts.release}.{handed.counts.domain}.json"
    kept.parent.mkdir(parents=True, exist_ok=True)
    write_file(kept, handed.envelope.canonical(), private=True)
    return handed.counts


def reverse_taken(workspace: Workspace, release: str, on_list: str) -> tuple[ReverseCoverage, ...]:
    """What other agencies gave about people who are not on this list, by domain.

    Signatures were checked when the files were taken: their signers may have other keys by now.
    """
    paths = sorted(_folder(workspace).glob(f"{release}.*.json"))
    found = (parse_reverse(read_file(each), each.name).counts for each in paths)
    return tuple(each for each in found if (each.release, each.on_list) == (release, on_list))


def _folder(workspace: Workspace) -> Path:
    return workspace.folder / _FOLDER
