"""Structured logs: JSON lines on standard error, made only of our own names and numbers.

No body, header, path parameter or exception message is logged: an exception's text may
repeat a sender's data.
"""

from __future__ import annotations

import sys

import structlog


def configure() -> None:
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )


def failed(event: str, error: BaseException) -> None:
    """Log the place of an unexpected error, without its message."""
    place, trace = "", error.__traceback__
    while trace is not None:
        place = f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}"
        trace = trace.tb_next
    structlog.get_logger().error(event, error=type(error).__name__, place=place)
