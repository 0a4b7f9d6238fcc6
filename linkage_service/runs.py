"""The durable run: begin, tile after tile, solve, finish. Survives `kill -9` anywhere.

Each step can be repeated: a tile's result is a create-once blob, solving is a
function of the tiles, and finishing looks into the log first. DBOS remembers which
steps are done; a restarted service goes on with the next.
"""

from __future__ import annotations

import io
import json
import time
from dataclasses import asdict
from itertools import combinations
from typing import Any

import numpy as np
from dbos import DBOS, DBOSConfig, SetWorkflowID
from numpy.typing import NDArray
from sqlalchemy import select

from linkage_service import logs
from linkage_service.datasets import RunData, load_datasets
from linkage_service.matching import (
    Candidates,
    Groups,
    Tile,
    calibrate,
    concatenate,
    duplicates_within,
    from_bytes,
    gather,
    match_tile,
    match_tokens,
    match_tokens_within,
    match_within,
    pair_evidence,
    plan_tiles,
    plan_within,
    result_digest,
    solve_domain,
)
from linkage_service.records.tables import openings, runs
from linkage_service.service import Service
from policy.canonical import canonical_json, sha256
from policy.charter import Charter
from policy.conditions import require_covered, require_run_gate
from policy.errors import NotYet, PadanError
from policy.facts import DomainFacts, OpenedFacts, RunFacts, membership_without_canaries
from policy.project import Entry, Project, body_of
from policy.statements import RunFinished, RunOrder
from policy.words import Words

_service: Service | None = None
_data: dict[tuple[str, str], RunData] = {}


def launch(service: Service) -> None:
    """Start the durable executor; unfinished runs go on by themselves."""
    global _service
    _service = service
    config = DBOSConfig(
        name="padan-linkage",
        system_database_url=service.settings.workflow_url,
        executor_id="padan-linkage-1",
        application_version="1",
        log_level="ERROR",
        enable_otlp=False,
    )
    DBOS(config=config)
    DBOS.launch()


def shut_down() -> None:
    global _service
    DBOS.destroy()
    _service = None
    _data.clear()


def start(project_id: str, run: str) -> None:
    """Start a run that was ordered; starting it again changes nothing."""
    project = _running().ledger.project(project_id)
    order = _order(project, run)
    with _running().ledger.database.reading() as connection:
        cosigned = _running().ledger.cosigned(connection, project_id)
        require_covered(project, [order], cosigned)
    require_run_gate(project, int(time.time()))
    _announce(project_id, run)
    with SetWorkflowID(f"{project_id}/{run}"):
        DBOS.start_workflow(match, project_id, run)


def state(project_id: str, run: str) -> dict[str, Any]:
    """Progress as the database has it."""
    query = select(runs).filter_by(project=project_id, run=run)
    with _running().ledger.database.reading() as connection:
        row = connection.execute(query).mappings().first()
    if row is None:
        raise NotYet(
            "run.not-started",
            Words("Pemadanan ini belum dimulai.", "This run has not been started."),
            Words("Jalankan 'padan-linkage start-run'.", "Run 'padan-linkage start-run'."),
        )
    return {key: row[key] for key in ("run", "state", "tiles_done", "tiles_total", "error")}


def calibration(project_id: str, run: str) -> dict[str, Any]:
    """What the solved run says of its own precision and recall, for every two datasets."""
    name, blobs = _calibration_name(project_id, run), _running().blobs
    if not blobs.has(name):
        raise NotYet(
            "run.not-calibrated",
            Words("Pemadanan ini belum dikalibrasi.", "This run has not been calibrated yet."),
            Words(
                "Tunggu sampai 'padan-linkage run-status' berkata selesai.",
                "Wait until 'padan-linkage run-status' says that it is done.",
            ),
        )
    facts: dict[str, Any] = json.loads(blobs.get(name))
    return facts


@DBOS.workflow()
def match(project_id: str, run: str) -> None:
    try:
        tiles = begin(project_id, run)
        for index in range(tiles):
            tile(project_id, run, index)
        solve(project_id, run)
        finish(project_id, run)
    except PadanError as error:
        fail(project_id, run, error.code)
    except Exception as error:
        logs.failed("run.failed", error)
        fail(project_id, run, "run.broken")
        raise
    finally:
        _data.pop((project_id, run), None)


@DBOS.step()
def begin(project_id: str, run: str) -> int:
    # A restart may bring other settings; a run keeps the tiles that it began with.
    rows = str(_running().settings.tile_rows).encode()
    _running().blobs.put(_plan_name(project_id, run), rows)
    tiles = _plan(project_id, run, _load(project_id, run))
    _note(project_id, run, state="running", tiles_done=0, tiles_total=len(tiles))
    return len(tiles)


@DBOS.step()
def tile(project_id: str, run: str, index: int) -> None:
    service, data = _running(), _load(project_id, run)
    name = _tile_name(project_id, run, index)
    if not service.blobs.has(name):
        order = body_of(_order(service.ledger.project(project_id), run), RunOrder)
        each = _plan(project_id, run, data)[index]
        left, right = data.datasets[each.left_dataset], data.datasets[each.right_dataset]
        found = match_tile(left, right, each, order.thresholds_ppm)
        service.blobs.put(name, found.to_bytes())
    _note(project_id, run, tiles_done=index + 1)


@DBOS.step()
def solve(project_id: str, run: str) -> None:
    """Groups of every domain that was ordered, each from its own evidence."""
    service, data = _running(), _load(project_id, run)
    project = service.ledger.project(project_id)
    order = body_of(_order(project, run), RunOrder)
    candidates = _candidates(project_id, run, data, project.charter, order)
    duplicates = None
    if project.charter.matching.cardinality == "one-to-many":
        duplicates = _duplicates(service, data, project.charter, order)
    calibrated = []
    for domain in order.domains:
        members = _members(project.charter, domain)
        groups = solve_domain(candidates, members, data.sizes, duplicates)
        calibrated += _calibrated(domain, members, candidates, groups, data, order)
        service.blobs.put(groups_name(project_id, run, domain), groups_to_bytes(groups))
    facts = json.dumps({"run": run, "pairs": calibrated}).encode()
    service.blobs.put(_calibration_name(project_id, run), facts)
    service.blobs.put(_count_name(project_id, run), str(len(candidates)).encode())


@DBOS.step()
def finish(project_id: str, run: str) -> None:
    """Facts behind a commitment, the result's digest, and the statement, in one transaction."""
    service, data = _running(), _load(project_id, run)
    with service.ledger.appending(project_id) as append:
        project = append.project
        if project.run(run) is None:
            entry = _order(project, run)
            order = body_of(entry, RunOrder)
            solved = {d: load_groups(service, project_id, run, d) for d in order.domains}
            count = int(service.blobs.get(_count_name(project_id, run)))
            facts = OpenedFacts.fresh(_facts(run, count, project.charter, data, solved))
            append.connection.execute(
                openings.insert().values(
                    project=project_id,
                    commitment=facts.commitment(),
                    opened=facts.canonical().decode(),
                )
            )
            append.own(
                RunFinished(
                    at=int(time.time()),
                    order=entry.digest,
                    bundles={d: e.digest for d, e in project.bundles().items()},
                    thresholds_ppm=order.thresholds_ppm,
                    nik_floor_ppm=order.nik_floor_ppm,
                    result=_result(project.charter, data, solved),
                    facts=facts.commitment(),
                ),
                run=run,
            )
    _note(project_id, run, state="done")


@DBOS.step()
def fail(project_id: str, run: str, code: str) -> None:
    _note(project_id, run, state="failed", error=code)


# -- parts of a run -------------------------------------------------------------------------


def _plan(project_id: str, run: str, data: RunData) -> list[Tile]:
    """The run's tiles, the same in every step."""
    rows = int(_running().blobs.get(_plan_name(project_id, run)))
    return plan_tiles(data.sizes, rows)


def _candidates(
    project_id: str, run: str, data: RunData, charter: Charter, order: RunOrder
) -> Candidates:
    service = _running()
    tiles = _plan(project_id, run, data)
    parts = [
        from_bytes(service.blobs.get(_tile_name(project_id, run, index)))
        for index in range(len(tiles))
    ]
    if charter.nik_field is not None:
        parts += [_tokens(data, i, j, order) for j in range(len(data.sizes)) for i in range(j)]
    return gather(parts)


def _tokens(data: RunData, left: int, right: int, order: RunOrder) -> Candidates:
    return match_tokens(
        data.datasets[left],
        data.datasets[right],
        left_dataset=left,
        right_dataset=right,
        encodings=sorted(order.thresholds_ppm),
        floor_ppm=order.nik_floor_ppm,
    ).candidates


def _duplicates(service: Service, data: RunData, charter: Charter, order: RunOrder) -> Groups:
    parts = []
    for number, dataset in enumerate(data.datasets):
        for each in plan_within(number, dataset.rows, service.settings.tile_rows):
            parts.append(match_within(dataset, each, order.thresholds_ppm))
        if charter.nik_field is not None:
            encodings, floor = sorted(order.thresholds_ppm), order.nik_floor_ppm
            parts.append(match_tokens_within(dataset, number, encodings=encodings, floor_ppm=floor))
    return duplicates_within(concatenate(parts), data.sizes)


def _calibrated(
    domain: str,
    members: list[int],
    candidates: Candidates,
    groups: Groups,
    data: RunData,
    order: RunOrder,
) -> list[dict[str, Any]]:
    found = []
    for i, j in combinations(sorted(members), 2):
        left, right = data.datasets[i], data.datasets[j]
        evidence = pair_evidence(left, right, candidates, groups, (i, j), order.thresholds_ppm)
        facts = calibrate(evidence)
        found.append(
            {
                "domain": domain,
                "left": data.names[i],
                "right": data.names[j],
                "facts": None if facts is None else asdict(facts),
            }
        )
    return found


def _facts(
    run: str, candidates: int, charter: Charter, data: RunData, solved: dict[str, Groups]
) -> RunFacts:
    domains = {}
    for domain, groups in solved.items():
        counts = {
            data.names[i]: membership_without_canaries(
                charter, data.sizes[i], int(np.count_nonzero(groups.dataset == i))
            )
            for i in _members(charter, domain)
        }
        pairs = charter.encoding.canaries.pairs
        domains[domain] = DomainFacts(groups=max(0, groups.count - pairs), datasets=counts)
    return RunFacts(run=run, candidates=candidates, domains=domains)


def _result(charter: Charter, data: RunData, solved: dict[str, Groups]) -> str:
    """One digest for all domains; independent of salts, ids and machines."""
    digests = {
        domain: result_digest(groups, data.row_handles(_members(charter, domain)))
        for domain, groups in solved.items()
    }
    return sha256(canonical_json({"type": "padan/result", "domains": digests}))


def load_groups(service: Service, project_id: str, run: str, domain: str) -> Groups:
    stored = service.blobs.get(groups_name(project_id, run, domain))
    table: NDArray[np.uint32] = np.load(io.BytesIO(stored), allow_pickle=False)
    return Groups(table[0].astype(np.uint16), table[1], table[2])


def groups_to_bytes(groups: Groups) -> bytes:
    buffer = io.BytesIO()
    table = np.stack([groups.dataset.astype(np.uint32), groups.row, groups.group])
    np.save(buffer, table, allow_pickle=False)
    return buffer.getvalue()


def groups_name(project_id: str, run: str, domain: str) -> str:
    return f"{project_id}/runs/{run}/groups-{domain}.npy"


def _plan_name(project_id: str, run: str) -> str:
    return f"{project_id}/runs/{run}/tile-rows"


def _tile_name(project_id: str, run: str, index: int) -> str:
    return f"{project_id}/runs/{run}/tile-{index:06d}"


def _count_name(project_id: str, run: str) -> str:
    return f"{project_id}/runs/{run}/candidates"


def _calibration_name(project_id: str, run: str) -> str:
    return f"{project_id}/runs/{run}/calibration"


def _members(charter: Charter, domain: str) -> list[int]:
    return [charter.dataset_ids.index(dataset) for dataset in charter.domain(domain).datasets]


def _order(project: Project, run: str) -> Entry:
    order = project.order(run)
    if order is None:
        raise NotYet(
            "run.not-ordered",
            Words("Pemadanan ini belum diperintahkan.", "This run has not been ordered."),
            Words(
                "Satu pihak menjalankan 'padan-policy order'.", "A party runs 'padan-policy order'."
            ),
        )
    return order


def _load(project_id: str, run: str) -> RunData:
    place = (project_id, run)
    if place not in _data:
        service = _running()
        project = service.ledger.project(project_id)
        _data[place] = load_datasets(project, service.intake, _order(project, run))
    return _data[place]


def _announce(project_id: str, run: str) -> None:
    """The run's row, once: started again, a finished run stays finished."""
    place = {"project": project_id, "run": run}
    with _running().ledger.database.writing(project_id) as connection:
        if connection.execute(select(runs.c.run).filter_by(**place)).first() is None:
            fresh = {"state": "running", "tiles_done": 0, "tiles_total": 0, "error": ""}
            connection.execute(runs.insert().values(**place, **fresh))


def _note(project_id: str, run: str, **values: Any) -> None:
    place = {"project": project_id, "run": run}
    with _running().ledger.database.writing(project_id) as connection:
        connection.execute(runs.update().filter_by(**place).values(**values))


def _running() -> Service:
    if _service is None:
        raise RuntimeError("the service is not running")
    return _service
