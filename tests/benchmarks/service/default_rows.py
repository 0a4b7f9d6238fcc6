"""Two lists of rows as the default terms encode them, uploaded, checked and matched for real.

The filters are random bits, as hardened ones nearly are. Seven tenths of the people are on both
lists, with a sixteenth of their bits flipped. The service is a process of its own; what is
measured is its memory with that of its workers, and not the memory of the clients.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from encoder.encoding.project_keys import ProjectKeys
from encoder.encoding.terms import RowEncoder
from linkage_service.matching import handle_keys
from policy.base.canonical import canonical_json, sha256, unb64
from policy.charter import Charter
from policy.crypto.sealing import encrypt_stream, new_file_seal
from policy.formats.arrays.bundle_rows import RowLayout
from policy.formats.chunk_stream import CHUNKS_AT_ONCE
from policy.statements import EpochOpened
from tests.benchmarks.memory import Memory
from tests.benchmarks.quality.methods import tagged_charter
from tests.benchmarks.service.machine import load, processor_seconds
from tests.support.republic import charter_tree, scoped
from tests.support.service import HANDLE_BYTES, Sealed, Town, bundle_binding

_SHARED = 0.7
_SMALL_LIST = 200
_ROWS_AT_ONCE = 20_000
_PIECE_BYTES = 1024 * 1024
_CONNECTIONS = 4  # of one agency's upload at once

Rows = NDArray[np.uint8]


def measured(rows: int) -> Iterator[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        town = _town(Path(folder), rows)
        process = town.serve_process(20_000)
        try:
            yield from _measured(town, process.pid, rows)
        finally:
            process.terminate()
            process.wait()


def _measured(town: Town, pid: int, rows: int) -> Iterator[dict[str, Any]]:
    town.agree()
    sent = 0
    with Memory([pid]) as memory, _Used(pid) as used:
        started = time.perf_counter()
        for dataset in town.rows:
            sent += _upload(town, dataset)
        took = time.perf_counter() - started
    yield {
        "what": "rows uploaded and checked",
        "rows": 2 * rows,
        "megabytes": round(sent / 1e6),
        "mb_per_second": round(sent / took / 1e6, 1),
        "seconds": round(took, 1),
        "server_seconds_a_gb": round(used.server / sent * 1e9, 2),
        "client_seconds_a_gb": round(used.client / sent * 1e9, 2),
        **_mib(memory),
    }
    town.order("padan-1")
    with Memory([pid]) as memory, _Used(pid) as used:
        started = time.perf_counter()
        town.start("padan-1")
        state = town.wait("padan-1", lambda now: now["state"] == "done")
        took = time.perf_counter() - started
    assert state["state"] == "done", state
    yield {
        "what": "run",
        "rows": 2 * rows,
        "seconds": round(took, 1),
        "server_seconds": round(used.server, 1),
        **_mib(memory),
    }


class _Used:
    """Processor seconds of the service with its workers, and of this process, meanwhile.

    Those of workers that end meanwhile are not lost: the service waits for them.
    """

    def __init__(self, pid: int) -> None:
        self._pid = pid

    def __enter__(self) -> _Used:
        self._before = processor_seconds([self._pid]), time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        self.server = processor_seconds([self._pid]) - self._before[0]
        self.client = time.process_time() - self._before[1]


def _mib(memory: Memory) -> dict[str, Any]:
    """Pss of the service and its workers at the most, and what of it no file backs."""
    return {
        "peak_mib": round(memory.peak / 2**20),
        "allocated_mib": round(memory.anonymous / 2**20),
        "load": load(),
    }


# -- the agencies ---------------------------------------------------------------------------


def _town(folder: Path, rows: int) -> Town:
    tree, default = charter_tree(), json.loads(tagged_charter(rows).canonical())
    canaries = tree["encoding"]["canaries"]
    tree |= {name: default[name] for name in ("encoding", "fields", "matching")}
    tree["encoding"]["canaries"] = canaries
    town = Town(
        folder, persons=dict.fromkeys(("regsosek", "dtks", "carik"), range(1)), tree=scoped(tree)
    )
    layout = layout_of(town.charter)
    lists = _lists(layout, rows)
    lists["carik"] = lists["regsosek"][:_SMALL_LIST].copy()
    lists["carik"][:, :HANDLE_BYTES] ^= 1
    town.persons = {name: range(len(each)) for name, each in lists.items()}
    town.rows = {name: _in_order(each).tobytes() for name, each in lists.items()}
    town.row_bytes = layout.row_bytes
    return town


def layout_of(charter: Charter) -> RowLayout:
    return RowEncoder(charter, ProjectKeys(b"s" * 32, charter.terms_digest())).layout


def _lists(layout: RowLayout, rows: int) -> dict[str, Rows]:
    left = np.empty((rows, layout.row_bytes), np.uint8)
    right = np.empty_like(left)
    for start in range(0, rows, _ROWS_AT_ONCE):
        some = slice(start, min(start + _ROWS_AT_ONCE, rows))
        (left[some], right[some]), _ = block(layout, some.stop - some.start, start)
    return {"regsosek": left, "dtks": right}


def block(layout: RowLayout, rows: int, seed: int) -> tuple[tuple[Rows, Rows], NDArray[np.bool_]]:
    """So many rows of each list, and which of the second list are strangers to the first."""
    drawn = np.random.default_rng(seed)
    left, strangers = (_random(layout, rows, drawn) for _ in range(2))
    right = left.copy()
    for place in (*layout.places.encodings.values(), *layout.places.contrary.values()):
        part = right[:, place]
        flips = np.frombuffer(drawn.bytes(4 * part.size), np.uint8).reshape(4, *part.shape)
        right[:, place] ^= np.bitwise_and.reduce(flips)
    alone = drawn.random(rows) >= _SHARED
    right[alone] = strangers[alone]
    right[:, :HANDLE_BYTES] = strangers[:, :HANDLE_BYTES]
    return (left, right), alone


def _random(layout: RowLayout, rows: int, drawn: np.random.Generator) -> Rows:
    table = np.frombuffer(bytearray(drawn.bytes(rows * layout.row_bytes)), np.uint8)
    table = table.reshape(rows, layout.row_bytes)
    for shape in layout.shapes:
        if shape.tag_bits:
            tags = drawn.integers(0, 1 << shape.tag_bits, rows).astype("<u2")
            table[:, layout.places.tags[shape.name]] = tags.reshape(-1, 1).view(np.uint8)
    return table


def _in_order(rows: Rows) -> Rows:
    return rows[np.argsort(handle_keys(np.ascontiguousarray(rows[:, :HANDLE_BYTES])))]


def _upload(town: Town, dataset: str) -> int:
    """Send the list as its agency does, some chunks a request, and wait until it is checked."""
    session, rows = town.synced(town.charter.dataset(dataset).owner), town.rows[dataset]
    project, base = session.project, f"/projects/{town.project_id}"
    root = town.root(dataset)
    service_key = unb64(project.of(EpochOpened)[0].body.service_key)
    seal = new_file_seal(
        service_key, bundle_binding(project, dataset, root), session.me.keys.signing
    )
    digests, sent = [], 0
    with ThreadPoolExecutor(_CONNECTIONS) as pool:
        going, body = list[Future[object]](), list[bytes]()
        for chunk in encrypt_stream(_pieces(rows), seal.key, seal.header_digest):
            digests.append(sha256(chunk))
            sent += len(chunk)
            body.append(chunk)
            if len(body) == CHUNKS_AT_ONCE:
                going.append(pool.submit(session.put, f"{base}/chunks", b"".join(body)))
                body = []
            if len(going) > 2 * _CONNECTIONS:
                going.pop(0).result()
        if body:
            session.put(f"{base}/chunks", b"".join(body))
        for each in going:
            each.result()
    listed = canonical_json(digests)
    for document in (seal.envelope.canonical(), listed):
        session.put(f"{base}/blobs/{sha256(document)}", document)
    layout = layout_of(town.charter)
    session.say(
        town.manifest(
            dataset,
            Sealed(seal.envelope.canonical(), ()),
            encodings=layout.shapes,
            token_bytes=layout.token_bytes,
            chunks=len(digests),
            chunk_list=sha256(listed),
        )
    )
    return sent


def _pieces(rows: bytes) -> Iterator[bytes]:
    for start in range(0, len(rows), _PIECE_BYTES):
        yield rows[start : start + _PIECE_BYTES]
