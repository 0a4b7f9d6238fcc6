"""Structured logs: lines on standard error, made only of our own names and numbers.

JSON for programs; `short` for a person at a terminal, who sees errors and no line for each request.

No body, header, path parameter or exception message is logged: an exception's text may
repeat a sender's data. What libraries log passes through the same lines, without its text.
"""

from __future__ import annotations

import logging
import sys
from typing import Literal

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

Format = Literal["json", "text", "short"]
_SERVER_ERROR = 500
_LIBRARIES = ("dbos", "asyncio", "uvicorn.error", "sqlalchemy", "alembic", "obstore")


def configure(form: Format = "json") -> None:
    logfmt = structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"])
    lines: dict[Format, list[Processor]] = {
        "json": [structlog.processors.JSONRenderer()],
        "text": [logfmt],
        "short": [_without_answered, logfmt],
    }
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *lines[form],
        ],
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )


def form_here() -> Format:
    """The form if none was chosen: short at a terminal, else JSON."""
    return "short" if sys.stderr.isatty() else "json"


def _without_answered(_: WrappedLogger, __: str, told: EventDict) -> EventDict:
    """Drops requests that the service answered, also by refusing them."""
    if told["event"] == "request" and told["status"] < _SERVER_ERROR:
        raise structlog.DropEvent
    return told


def failed(event: str, error: BaseException) -> None:
    """Log the place of an unexpected error, without its message."""
    kind, place = type(error).__name__, place_of(error)
    structlog.get_logger().error(event, error=kind, place=place)


def place_of(error: BaseException) -> str:
    """The innermost function and line of an exception's traceback."""
    place, trace = "", error.__traceback__
    while trace is not None:
        place = f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


class _WithoutText(logging.Filter):
    """Tells that a library logged something, where and what kind of error, and not its words."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            kind, place = type(error).__name__, place_of(error)
        elif record.levelno < logging.WARNING:
            return True
        else:
            kind, place = "", f"{record.module}:{record.lineno}"
        structlog.get_logger().log(
            record.levelno, "library", library=record.name, error=kind, place=place
        )
        return False


def hold_back_libraries() -> None:
    """From now on what libraries of this process log has no text of exceptions."""
    for name in _LIBRARIES:
        logger = logging.getLogger(name)
        if not any(isinstance(each, _WithoutText) for each in logger.filters):
            logger.addFilter(_WithoutText())
