"""The log of a project as a timeline, its entries with proofs, and the evidence as a file."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import Response

from linkage_service.api.auth import service_of
from linkage_service.audit.evidence import evidence_stream
from linkage_service.people import Role
from linkage_service.ui.frame import ServiceFrame, attachment
from linkage_service.ui.proofs import ProvedEntry, prove
from linkage_service.ui.visitors import Reader, project_for
from policy.base.errors import PadanError
from policy.project.log_picture import drawn
from policy.project.naming import offices
from policy.statements import Body
from policy.wire.replica import log_origin, read_cosigned_times

_ENTRIES = 12
_MOST = 2**31 - 1


class LogPages:
    """What an auditor checks, and what anybody who reads the project may check too."""

    def __init__(self, frame: ServiceFrame) -> None:
        self._frame = frame

    def all(
        self,
        request: Request,
        project: str,
        person: Reader,
        before: Annotated[int | None, Query(alias="sebelum", ge=0, le=_MOST)] = None,
    ) -> Response:
        """The timeline, and a page of entries, the newest first."""
        service = service_of(request)

        def facts() -> dict[str, Any]:
            found = project_for(service, person, project)
            witnessed = service.ledger.witnessed(project)
            end = found.size if before is None else min(before, found.size)
            start, covered = max(0, end - _ENTRIES), witnessed.covered
            return {
                "charter": found.charter,
                "naming": offices(found),
                "timeline": drawn(((e.body.PLACE[0], _at(e.body)) for e in found.entries), "log"),
                "entries": list(reversed(found.entries[start:end])),
                "seen": {at: witnessed.seen_by_quorum(at) for at in range(start, end)},
                "start": start,
                "end": end,
                "size": found.size,
                "more": _ENTRIES,
                "covered": covered,
                "covered_at": None if covered is None else witnessed.standing_at(covered),
                "at": _at,
                "opens_facts": person.has(Role.auditor),
            }

        return self._frame.guarded(request, "project-log", facts)

    def entry(self, request: Request, project: str, index: int, person: Reader) -> Response:
        service = service_of(request)

        def facts() -> dict[str, Any]:
            found = project_for(service, person, project)
            proved = prove(service, found, index)
            entry = found.entries[index]
            return {
                "charter": found.charter,
                "naming": offices(found),
                "entry": entry,
                "said": _at(entry.body),
                "seen": service.ledger.witnessed(project).seen_by_quorum(index),
                "proved": proved,
                "cosigners": _cosigners(project, proved),
            }

        return self._frame.guarded(request, "project-entry", facts)

    def entry_file(
        self, request: Request, project: str, index: int, form: str, person: Reader
    ) -> Response:
        """The entry, its proof, or a roster by which the two are checked."""
        service = service_of(request)
        try:
            proved = prove(service, project_for(service, person, project), index)
        except PadanError as error:
            return self._frame.refused(request, error, f"/proyek/{project}/log")
        files = {
            "entri.json": (proved.leaf, f"{project}-{index}.json"),
            "entri.tlog-proof": (proved.proof.text().encode(), f"{project}-{index}.tlog-proof"),
            **{name: (data, f"{project}-{name}") for name, data in proved.roster_files.items()},
        }
        if form not in files:
            return Response(status_code=404)
        return attachment(*files[form])

    def evidence(self, request: Request, project: str, person: Reader) -> Response:
        """The evidence bundle: with opened facts for auditors, without them for others."""
        service = service_of(request)
        try:
            project_for(service, person, project)
            data = evidence_stream(
                service, project, "auditor" if person.has(Role.auditor) else "party"
            )
        except PadanError as error:
            return self._frame.refused(request, error, f"/proyek/{project}/log")
        return attachment(data, f"{project}-bukti.zip", "application/zip")


def _at(body: object) -> int | None:
    return body.at if isinstance(body, Body) else None


def _cosigners(project: str, proved: ProvedEntry) -> list[tuple[str, int]]:
    """Who cosigned the proof's checkpoint, and when."""
    _, times = read_cosigned_times(proved.proof.checkpoint, proved.by_roster, log_origin(project))
    return sorted(times.items(), key=lambda each: (each[1], each[0]))
