"""Request ids, log lines, metrics and traces of a real service: useful, and without a name."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import replace

import httpx2
import pytest
import structlog
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from structlog.testing import capture_logs

from linkage_service import logs
from linkage_service.cli.options import LogFormat, log_form
from policy.formats.http_api import API
from policy.terminal import console
from policy.wire.signed_requests import Message, sign_request
from tests.support import server as servers
from tests.support.ports import free_port
from tests.support.processes import comes
from tests.support.service import Town

NIK = "3171910107900001"
METRICS = free_port()


@pytest.fixture(autouse=True)
def log_lines_go_where_they_went() -> Iterator[None]:
    """A test that reads standard error closes it at its end; the service goes on logging."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


@pytest.fixture(scope="module")
def spans() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trace, "get_tracer", provider.get_tracer)
        yield exporter


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, spans: InMemorySpanExporter) -> Iterator[Town]:
    town = Town(tmp_path_factory.mktemp("town"))
    settings = replace(town.settings(), metrics_port=METRICS)
    with servers.serving(settings, town.members["service"], town.port, town.clock) as town.held:
        town.agree()
        for dataset in town.rows:
            town.upload(dataset)
        town.witness()
        town.match("padan-1")
        yield town


def metrics() -> str:
    return httpx2.get(f"http://127.0.0.1:{METRICS}/metrics").text


def signed(town: Town, path: str, **headers: str) -> httpx2.Response:
    url = f"{town.url}{API}{path}"
    message = Message("GET", url, {}, b"")
    sign_request(message, "bps", town.keys["bps"].signing)
    return httpx2.get(url, headers={**dict(message.headers), **headers})


def test_a_safe_request_id_is_kept_and_any_other_replaced(town: Town) -> None:
    given = httpx2.get(f"{town.url}{API}/health", headers={"X-Request-Id": "gateway-000042"})
    assert given.headers["X-Request-Id"] == "gateway-000042"
    for unsafe in ("x", "a b c d e f g h", "x" * 200, "<script>alert(1)"):
        answer = httpx2.get(f"{town.url}{API}/health", headers={"X-Request-Id": unsafe})
        assert answer.headers["X-Request-Id"] != unsafe
        assert len(answer.headers["X-Request-Id"]) == 16


def test_at_a_terminal_only_errors_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    """A person reads the service's address there; a program gets a line for each request."""
    forms: tuple[logs.Format, ...] = ("short", "text", "json")
    told = {}
    for form in forms:
        logs.configure(form)
        for status in (200, 403, 500):
            structlog.get_logger().info("request", status=status)
        logs.failed("sweep", ValueError(NIK))
        told[form] = capsys.readouterr().err
    assert [len(told[form].splitlines()) for form in forms] == [2, 4, 4]
    assert "status=500" in told["short"]
    assert "event=sweep" in told["short"]
    assert NIK not in "".join(told.values())
    with pytest.MonkeyPatch.context() as patch:
        for at_terminal, form in ((True, "short"), (False, "json")):
            patch.setattr("sys.stderr.isatty", lambda there=at_terminal: there)
            assert log_form(None) == form
            assert log_form(LogFormat.text) == "text"
        patch.setattr("sys.stderr.isatty", lambda: True)
        patch.setattr(console.options, "json", True)
        assert log_form(None) == "json"


def test_each_request_is_a_line_with_its_id(town: Town) -> None:
    with capture_logs() as logged:
        answer = signed(town, f"/projects/{town.project_id}/log", **{"X-Request-Id": "abcdefgh"})
        assert comes(lambda: bool(logged)), "the line is written after the answer"
    assert answer.status_code == 200
    (line,) = [each for each in logged if each["event"] == "request"]
    assert line["route"] == "/projects/{project}/log"
    assert line["status"] == 200
    assert town.project_id not in json.dumps(line)


def test_metrics_count_and_name_nobody(town: Town) -> None:
    text = metrics()
    assert 'padan_runs{state="done"} 1.0' in text
    assert 'padan_ready{part="database"} 1.0' in text
    assert 'padan_disk_free_bytes{part="scratch"}' in text
    assert 'route="/projects/{project}/chunks/{digest}"' in text
    size = next(line for line in text.splitlines() if line.startswith("padan_log_entries "))
    assert float(size.split()[1]) == town.synced("bps").project.size
    for name in (town.project_id, *town.members):
        assert f'"{name}"' not in text
        assert f"/{name}/" not in text


def test_metrics_are_not_on_the_port_of_the_api(town: Town) -> None:
    assert httpx2.get(f"{town.url}/metrics").status_code == 404


def test_a_request_and_a_run_are_spans(town: Town, spans: InMemorySpanExporter) -> None:
    assert town.run_state("padan-1")["state"] == "done"
    found = {each.name for each in spans.get_finished_spans()}
    assert "GET /projects/{project}/log" in found
    assert "run" in found


def test_a_planted_nik_is_found_nowhere(
    town: Town,
    spans: InMemorySpanExporter,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """In a path, a query, a header, a body, an exception, and what libraries log."""

    def broken(*_: object) -> bytes:
        raise RuntimeError(f"{NIK} BUDI")

    logs.configure()  # to the standard error that this test reads
    monkeypatch.setattr("linkage_service.api.logs.evidence_stream", broken)
    answers = [
        httpx2.get(f"{town.url}{API}/projects/{NIK}/log?nik={NIK}"),
        httpx2.get(f"{town.url}{API}/health", headers={"X-Request-Id": f"nik {NIK}", "X": NIK}),
        httpx2.request(NIK, f"{town.url}{API}/health"),
        httpx2.put(f"{town.url}{API}/joining/{NIK}", content=f'{{"nik": "{NIK}"}}'.encode()),
        signed(town, f"/projects/{town.project_id}/evidence?audience=party"),
    ]
    assert answers[-1].status_code == 500
    try:
        broken()
    except RuntimeError as error:
        for name in ("dbos", "asyncio", "uvicorn.error", "sqlalchemy"):
            logging.getLogger(name).error("%s", NIK, exc_info=error)
    written = capfd.readouterr()
    seen = [written.out, written.err, metrics(), *(each.text for each in answers)]
    seen += [each.to_json() for each in spans.get_finished_spans()]
    assert written.err.count("request.failed") == 1
    assert written.err.count('"library"') >= 4
    assert not [text for text in seen if NIK in text or "BUDI" in text]


def test_without_the_filter_a_library_would_write_it(capfd: pytest.CaptureFixture[str]) -> None:
    logger = logging.getLogger("padan.test.library")
    logger.addHandler(logging.StreamHandler())
    logger.error("%s", NIK)
    assert NIK in capfd.readouterr().err


def test_log_lines_as_text(capfd: pytest.CaptureFixture[str]) -> None:
    logs.configure("text")
    structlog.get_logger().info("request", status=200)
    assert "event=request" in capfd.readouterr().err
