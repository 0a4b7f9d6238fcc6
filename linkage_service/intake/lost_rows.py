"""Accepted rows that the storage has no more, such as after a restored backup."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from linkage_service.error_codes import ServiceCode
from policy.base.errors import NotYet
from policy.base.words import Words
from policy.project import Project

_LOST = (ServiceCode.BLOB_MISSING, ServiceCode.BLOB_DAMAGED)


@contextmanager
def rows_of(project: Project, dataset: str) -> Iterator[None]:
    """While the rows of a dataset are read: raises NotYet that names who can send them again."""
    try:
        yield
    except NotYet as error:
        if error.code not in _LOST:
            raise
        name, owner = project.charter.project, project.charter.dataset(dataset).owner
        raise NotYet(
            ServiceCode.RUN_ROWS_LOST,
            Words(
                f"Penyimpanan layanan tidak lagi memuat semua baris {dataset}, atau rusak.",
                f"The service's storage no longer has all rows of {dataset}, or is damaged.",
            ),
            Words(
                f"{owner} menjalankan 'padan-encoder go {name}', yang mengirimnya lagi.",
                f"{owner} runs 'padan-encoder go {name}', which sends them again.",
            ),
        ) from None
