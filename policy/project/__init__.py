"""A project's log as data: roster, charter, statements, runs and releases.

Nothing here decides whether a statement is allowed; `policy.law` does.
"""

from __future__ import annotations

from policy.project.log import Entry, Log, sealed_of
from policy.project.problems import not_yet, refused, taken, waiting_for
from policy.project.project import Project
from policy.project.records import ReleasedFile, ReleaseRecord, RunRecord
from policy.project.transfers import TransferRecord

__all__ = [
    "Entry",
    "Log",
    "Project",
    "ReleaseRecord",
    "ReleasedFile",
    "RunRecord",
    "TransferRecord",
    "not_yet",
    "refused",
    "sealed_of",
    "taken",
    "waiting_for",
]
