"""Spans of OpenTelemetry for requests and runs; nothing happens without `padan[otel]`.

Attributes are routes, states and codes. The message of an exception is in no span.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from policy.base.extras import require_extra

_ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"


@dataclass
class TraceSpan:
    """A span, or nothing."""

    inner: Any = None

    def named(self, name: str, attributes: Mapping[str, str | int]) -> None:
        if self.inner is not None:
            self.inner.update_name(name)
            self.inner.set_attributes(dict(attributes))


@contextmanager
def span(name: str) -> Iterator[TraceSpan]:
    """A span around a request or a run; an error is told by its kind alone."""
    try:
        from opentelemetry import trace
    except ImportError:
        yield TraceSpan()
        return
    tracer = trace.get_tracer("padan")
    opened = tracer.start_as_current_span(
        name, record_exception=False, set_status_on_exception=False
    )
    with opened as inner:
        try:
            yield TraceSpan(inner)
        except BaseException as error:
            inner.set_status(trace.StatusCode.ERROR, type(error).__name__)
            raise


def export_if_configured() -> None:
    """Send spans by OTLP where OTEL_EXPORTER_OTLP_ENDPOINT says; without it nothing is sent."""
    if not os.environ.get(_ENDPOINT):
        return
    require_extra("otel", "opentelemetry.exporter.otlp.proto.http")
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)


def send_rest() -> None:
    """Send the spans that wait, before a process ends without its usual way out."""
    with suppress(ImportError):
        from opentelemetry import trace

        flush = getattr(trace.get_tracer_provider(), "force_flush", None)
        if flush is not None:
            flush()
