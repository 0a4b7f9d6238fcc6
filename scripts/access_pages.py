"""reference/who-may-call.md: every route and page with those who may call it."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import FastAPI

from linkage_service.api.callers import Callers, callers
from linkage_service.app import include_routes
from linkage_service.people.staff import Role
from policy.base.words import Language, Words

_INTRODUCTION = Words(
    """# Siapa yang boleh memanggil apa

Halaman ini dibuat dari rute layanan. Sebuah pengujian menelusuri semua rute: rute tanpa pernyataan,
atau yang menjawab orang lain, menggagalkannya. Peran diberikan dengan
[`padan-linkage people`](../how-to/sign-in.md) atau oleh penyedia OIDC.""",
    """# Who may call what

This page is made from the service's routes. A test walks all of them: it fails for a route that
does not say who may call it, or that answers somebody else. Roles are given by
[`padan-linkage people`](../how-to/sign-in.md) or by the OIDC provider.""",
)
_SIGNED = Words(
    "## Dengan tanda tangan anggota roster\n\n| metode | alamat | pemanggil |",
    "## Signed by a member of the roster\n\n| method | path | callers |",
)
_OPEN = Words(
    "## Tanpa masuk\n\n| metode | alamat | pemanggil |",
    "## Without signing in\n\n| method | path | callers |",
)
_PAGES = Words(
    "## Halaman untuk orang yang masuk\n\nHalaman dengan `{project}` terbuka hanya bagi orang yang"
    " boleh melihat proyek itu: proyek akunnya, dan untuk auditor serta DPO yang piagamnya menyebut"
    " kantornya.\n\n| metode | alamat | {roles} |",
    "## Pages for people who are signed in\n\nA page with `{project}` opens only for people who may"
    " look at that project: one of their account, and for auditors and DPOs one whose charter names"
    " their office.\n\n| method | path | {roles} |",
)


def who_may_call(language: Language) -> str:
    """reference/who-may-call.md"""
    app = FastAPI(docs_url=None, redoc_url=None)
    include_routes(app)
    found = callers(app)
    parts = [_INTRODUCTION.in_language(language)]
    parts += ["", *_table(_SIGNED, [each for each in found if each.way == "signature"], language)]
    pages = [each for each in found if each.way == "session"]
    parts += ["", *_pages(pages, language)]
    parts += ["", *_table(_OPEN, [each for each in found if each.way == "open"], language)]
    return "\n".join(parts) + "\n"


def _table(head: Words, found: list[Callers], language: Language) -> Iterator[str]:
    yield head.in_language(language)
    yield "|---|---|---|"
    for each in found:
        allowed = "" if each.callers is None else each.callers.in_language(language)
        yield f"| {each.method} | `{each.path}` | {allowed} |"


def _pages(found: list[Callers], language: Language) -> Iterator[str]:
    names = " | ".join(role.words.in_language(language) for role in Role)
    yield _PAGES.in_language(language).replace("{roles}", names)
    yield "|---" * (2 + len(Role)) + "|"
    for each in found:
        ticks = " | ".join("✓" if role in each.roles else " " for role in Role)
        yield f"| {each.method} | `{each.path}` | {ticks} |"
