"""Addresses of pages behind a path prefix, which a gateway may put before all of them.

Code and templates name a page by its path within the application: '/proyek'. The server tells the
prefix, ASGI's `root_path`: '/padan', or '' where there is none, as for local pages.
"""

from __future__ import annotations

from fastapi import Request


def prefix_of(request: Request) -> str:
    """What the browser writes before every path of the application; '' for nothing."""
    prefix: str = request.scope.get("root_path", "")
    return prefix.rstrip("/")


def address_of(request: Request, path: str) -> str:
    """This path of the application as the browser writes it."""
    return prefix_of(request) + path


def path_in(request: Request) -> str:
    """The path within the application that this request asks for."""
    path, prefix = request.url.path, prefix_of(request)
    return path.removeprefix(prefix) if path.startswith(f"{prefix}/") else path


def cookie_path(request: Request) -> str:
    """Where the browser sends our cookies: to nothing else that the gateway's host serves."""
    return prefix_of(request) or "/"
