"""A finished run's stored groups, taken only if they give the digest that the log has.

The digest covers every domain, group and row. A row that was exchanged in a stored result, with its
own digest or without, is found here, before anything is released from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from linkage_service.error_codes import ServiceCode
from linkage_service.intake.arrays import RunData
from linkage_service.matching import Groups
from linkage_service.runs import outcome
from linkage_service.runs.results import Results
from linkage_service.runs.solve import DomainGroups
from linkage_service.runs.stored_parts import damaged
from policy.base.errors import BadInput
from policy.base.words import Words
from policy.charter import Charter
from policy.statements import RunFinished, RunOrder

Handles = Mapping[str, NDArray[np.uint8]]


def as_logged(
    charter: Charter, order: RunOrder, finished: RunFinished, handles: Handles, stored: Results
) -> DomainGroups:
    """The stored groups of all domains of a run; raises DamagedResult if others are in the log.

    `handles` are the handles of each dataset, uint8 (rows, 16), in the run's row order.
    """
    found = stored.domains(order.domains)
    wrong = next(_impossible(charter, handles, found), None)
    if wrong is not None:
        raise damaged(stored.run, wrong)
    names = charter.dataset_ids
    rows = RunData(names, [], [handles[name] for name in names])
    if outcome.result(charter, rows, order, found.groups, found.verify) != finished.result:
        raise damaged(stored.run, "result")
    return found


def require_same(logged: RunFinished, found: str) -> None:
    """Check the digest of a result that was computed again; raises BadInput."""
    if logged.result != found:
        raise BadInput(
            ServiceCode.RUN_RESULT_DIFFERS,
            Words(
                "Hasil yang dihitung lagi berbeda dari hasil di log.",
                "The result that was computed again differs from the one in the log.",
            ),
            Words(
                "Jangan merilis apa pun dari pemadanan ini. Minta operator kedua mengulanginya"
                " ('padan-linkage rerun'), dan periksa disk layanan.",
                "Release nothing of this run. Ask a second operator to repeat it"
                " ('padan-linkage rerun'), and check the service's disk.",
            ),
        )


def _impossible(charter: Charter, handles: Handles, found: DomainGroups) -> Iterator[str]:
    """The domains whose arrays cannot be groups of these rows."""
    names = charter.dataset_ids
    for domain, groups in found.groups.items():
        members = charter.domain(domain).datasets
        sizes = [len(handles[name]) if name in members else 0 for name in names]
        flags, most = found.verify[domain].view(np.uint8), int(charter.release.grades)
        if not _fits(groups, sizes) or len(flags) != groups.count or (flags > most).any():
            yield domain


def _fits(groups: Groups, sizes: list[int]) -> bool:
    """Whether every row exists, and the groups are numbered in order and without gaps."""
    if not len(groups.row):
        return True
    if int(groups.dataset.max()) >= len(sizes):
        return False
    if (groups.row >= np.asarray(sizes, np.int64)[groups.dataset]).any():
        return False
    steps = np.diff(groups.group.astype(np.int64), prepend=0)
    return bool(groups.group[0] == 0 and np.isin(steps, (0, 1)).all())
