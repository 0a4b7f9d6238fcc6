"""uvicorn with every bound. uvicorn stays: a run needs it in a thread, on a socket given to it.

Hypercorn bounds reads, yet neither connections nor a body's pace; Granian bounds both in worker
processes of its own.
"""

from __future__ import annotations

import uvicorn
from starlette.types import ASGIApp

from linkage_service.limits.connections import bounded
from linkage_service.settings import Settings

_BACKLOG = 128  # accepted at once before the bound is asked
_OTHER_FILES = 128  # descriptors for databases, blobs, logs and processes
_MAX_HEADER_BYTES = 16 * 1024


def server_config(app: ASGIApp, settings: Settings, **named: object) -> uvicorn.Config:
    """Forwarded headers count from trusted proxies only; uvicorn would trust this machine."""
    trusted, limits = list(settings.trusted_proxies), settings.limits
    options: dict[str, object] = {
        "log_level": "warning",
        "access_log": False,
        "proxy_headers": bool(trusted),
        "forwarded_allow_ips": trusted,
        "http": bounded(limits, most_connections(limits.connections), frozenset(trusted)),
        "ws": "none",
        "server_header": False,
        "backlog": _BACKLOG,
        "timeout_keep_alive": limits.keep_alive_seconds,
        "timeout_graceful_shutdown": limits.shutdown_seconds,
        "h11_max_incomplete_event_size": _MAX_HEADER_BYTES,
    }
    return uvicorn.Config(app, **{**options, **named})  # type: ignore[arg-type]


def most_connections(wanted: int) -> int:
    """As many as wanted, or as file descriptors allow: without one, accepting would spin."""
    return max(1, min(wanted, _descriptors() - _BACKLOG - _OTHER_FILES))


def _descriptors() -> int:
    """File descriptors of this process, raised to what it may have."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return 2**20
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return 2**20
    if hard == resource.RLIM_INFINITY or soft < hard:
        most = 65_536 if hard == resource.RLIM_INFINITY else min(hard, 65_536)
        if most > soft:
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
            soft = most
    return soft
