"""Who may call a route, read from the route itself.

A page names its roles in `Depends(signed_in(...))`. A page that everyone may open says so with
`@public(...)`, and why. A route with neither is a mistake, which a test finds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from linkage_service.people.access import SignedIn
from linkage_service.people.staff import Role
from policy.base.words import Words

Endpoint = TypeVar("Endpoint", bound=Callable[..., object])
_MARK = "padan_public"

EVERYBODY = Words("setiap orang yang masuk", "every person who is signed in")


def public(reason: Words) -> Callable[[Endpoint], Endpoint]:
    """Mark an endpoint that nobody needs to sign in for."""

    def mark(endpoint: Endpoint) -> Endpoint:
        setattr(endpoint, _MARK, reason)
        return endpoint

    return mark


def callers_of_page(route: APIRoute) -> Words | None:
    """Who may open the page, in words; None if the route does not say."""
    guards = list(_guards(route.dependant))
    if guards:
        return _in_words(frozenset.intersection(*(_allowed(each) for each in guards)))
    reason: Words | None = getattr(route.endpoint, _MARK, None)
    return reason


def roles_of_page(route: APIRoute) -> frozenset[Role] | None:
    """The roles that open the page; None if nobody needs to sign in for it."""
    guards = list(_guards(route.dependant))
    return frozenset.intersection(*(_allowed(each) for each in guards)) if guards else None


def _guards(dependant: Dependant) -> Iterator[SignedIn]:
    for each in dependant.dependencies:
        if isinstance(each.call, SignedIn):
            yield each.call
        yield from _guards(each)


def _allowed(guard: SignedIn) -> frozenset[Role]:
    return guard.roles or frozenset(Role)


def _in_words(roles: frozenset[Role]) -> Words:
    if roles == frozenset(Role):
        return EVERYBODY
    titles = [each.words for each in Role if each in roles]
    return Words(", ".join(each.id for each in titles), ", ".join(each.en for each in titles))
