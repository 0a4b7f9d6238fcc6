"""Who may call each route of the application, read from the routes themselves.

A route of the API has its callers in `described`, and asks for a signature by a dependency. A page
names its roles in a dependency, or says that it is public. Whatever else answers, a mounted
application or a route of the framework, has no callers here, which a test takes as a fault.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

from linkage_service.api.described import ANYONE, ROUTES
from linkage_service.api.openapi import is_signed
from linkage_service.people.declared import callers_of_page, roles_of_page
from linkage_service.people.staff import Role
from policy.base.words import Words
from policy.formats.http_api import API

Way = Literal["open", "signature", "session", "undeclared"]
# The one route of FastAPI itself that is not switched off.
_OWN_DESCRIPTION = "/openapi.json"


@dataclass(frozen=True)
class Callers:
    """Who may call one method of one path, and how the caller is known."""

    method: str
    path: str
    way: Way
    callers: Words | None
    roles: frozenset[Role] = frozenset()


def callers(app: FastAPI) -> tuple[Callers, ...]:
    """Every route of the application with its callers, by path."""
    found = [each for route in iter_route_contexts(app.routes) for each in _of(route)]
    return tuple(sorted(found, key=lambda each: (each.path, each.method)))


def _of(route: Any) -> Iterator[Callers]:
    methods = sorted((route.methods or {"*"}) - {"HEAD"})
    way, allowed, roles = _declared(route.original_route, route.path or "/")
    for method in methods:
        yield Callers(method, route.path or "/", way, allowed, roles)


def _declared(route: Any, path: str) -> tuple[Way, Words | None, frozenset[Role]]:
    if path == _OWN_DESCRIPTION:
        return "open", ANYONE, frozenset()
    if not isinstance(route, APIRoute):
        return "undeclared", None, frozenset()
    if path.startswith(f"{API}/"):
        described = ROUTES.get(route.name)
        if described is None:
            return "undeclared", None, frozenset()
        return "signature" if is_signed(route) else "open", described.callers, frozenset()
    roles, allowed = roles_of_page(route), callers_of_page(route)
    if allowed is None:
        return "undeclared", None, frozenset()
    return ("open", allowed, frozenset()) if roles is None else ("session", allowed, roles)
