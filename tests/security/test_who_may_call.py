"""Every route and page says who may call it, and answers nobody else.

Driven by what the application serves, its OpenAPI document and all its pages: a route that is added
later is walked as well, and one that does not say who may call it fails here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import httpx2
import pytest
from fastapi import APIRouter, Depends, FastAPI
from sqlalchemy import update
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from linkage_service.api import described
from linkage_service.api.callers import Callers, callers
from linkage_service.app import include_routes
from linkage_service.people import Role, public, signed_in
from linkage_service.people.access import csrf_of
from linkage_service.people.desk import StaffDesk
from linkage_service.people.sessions import LOCK
from linkage_service.storage.records.tables import staff
from policy.base.canonical import b64
from policy.base.words import Words
from policy.members.entitled import may_read
from policy.members.roster import Member
from policy.project import Project
from policy.project.recipients import may_open_facts
from policy.statements import Staged
from policy.wire.signed_requests import Message, sign_request
from tests.support.processes import PATIENCE_SECONDS
from tests.support.service import Town, handle_of
from tests.support.stored_town import town_at

OPEN = {
    "GET /akun/atur",
    "POST /akun/atur",
    "GET /akun/baru",
    "POST /akun/baru",
    "GET /akun/kode.js",
    "GET /api/v1/health",
    "GET /api/v1/ready",
    "GET /api/v1/roster",
    "GET /api/v1/rosters",
    "GET /api/v1/invites/{fingerprint}",
    "PUT /api/v1/joining/{project}",
    "POST /api/v1/joining/{project}/roster",
    "GET /language/{language}",
    "GET /masuk",
    "POST /masuk",
    "GET /masuk/oidc",
    "GET /masuk/oidc/kembali",
    "GET /openapi.json",
    "GET /static/{name}",
}
RUN, RELEASE = "padan-1", "rilis-1"


def application() -> FastAPI:
    app = FastAPI(docs_url=None, redoc_url=None)
    include_routes(app)
    return app


WALKED = callers(application())


def name(route: Callers) -> str:
    return f"{route.method} {route.path}"


def by_way(way: str) -> list[Any]:
    return [pytest.param(each, id=name(each)) for each in WALKED if each.way == way]


# -- declarations ---------------------------------------------------------------------------


def test_every_route_says_who_may_call_it() -> None:
    assert [name(each) for each in WALKED if each.way == "undeclared"] == []
    assert len(WALKED) > 40


def test_only_these_are_open() -> None:
    """A page that is to be open for everybody is added here, by a person who thinks about it."""
    assert {name(each) for each in WALKED if each.way == "open"} <= OPEN


def test_the_walk_meets_every_operation_of_the_document() -> None:
    document = application().openapi()
    operations = {f"{m.upper()} {p}" for p, methods in document["paths"].items() for m in methods}
    assert len(operations) > 25
    assert operations <= {name(each) for each in WALKED}


def plain(_: Any = None) -> PlainTextResponse:
    return PlainTextResponse("terbuka")


def deep(app: FastAPI) -> None:
    inner, outer = APIRouter(), APIRouter()
    inner.add_api_route("/lupa", plain)
    outer.include_router(inner)
    app.include_router(outer)


PLANTED: dict[str, Callable[[FastAPI], Any]] = {
    "a page": lambda app: app.add_api_route("/lupa", plain),
    "a page that is not in the document": lambda app: app.add_api_route(
        "/lupa", plain, include_in_schema=False
    ),
    "a route within routers": deep,
    "a route of the API": lambda app: app.add_api_route("/api/v1/lupa", plain),
    "a route of Starlette": lambda app: app.router.routes.append(Route("/lupa", plain)),
    "a mounted application": lambda app: app.router.routes.append(Mount("/lupa", app=plain)),
    "a page with a dependency that asks nothing": lambda app: app.add_api_route(
        "/lupa", plain, dependencies=[Depends(plain)]
    ),
}


@pytest.mark.parametrize("kind", PLANTED)
def test_a_route_that_does_not_say_is_found(kind: str) -> None:
    app = application()
    PLANTED[kind](app)
    found = [each.path for each in callers(app) if each.way == "undeclared"]
    assert len(found) == 1
    assert found[0].endswith("/lupa")


def test_a_route_that_says_is_read_as_it_says() -> None:
    app, word = FastAPI(openapi_url=None, docs_url=None, redoc_url=None), Words("uji", "test")
    auditors = Depends(signed_in(Role.auditor, Role.dpo))
    router = APIRouter(dependencies=[auditors])
    router.add_api_route("/dua", plain, dependencies=[Depends(signed_in(Role.dpo))])
    app.include_router(router)
    app.add_api_route("/satu", plain, dependencies=[auditors])
    app.add_api_route("/nol", public(word)(lambda: PlainTextResponse("")), methods=["GET"])
    found = {each.path: each for each in callers(app)}
    assert found["/dua"].roles == {Role.dpo}, "a role has to pass every dependency"
    assert found["/satu"].roles == {Role.auditor, Role.dpo}
    assert (found["/nol"].way, found["/nol"].callers) == ("open", word)


# -- a service with a released project ----------------------------------------------------------


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    town = town_at("matched", tmp_path_factory.mktemp("town"))
    with town.serving():
        town.request(RELEASE, RUN, "semua")
        town.stage(RELEASE)
        town.approve(RELEASE, "bps-approver", "dppapp-approver")
        assert town.decide(RELEASE, final=True)["verdict"] == "released"
        yield town


@pytest.fixture(scope="module")
def project(town: Town) -> Project:
    return town.synced("auditor").project


@pytest.fixture(scope="module")
def http(town: Town) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=town.url, timeout=PATIENCE_SECONDS) as client:
        yield client


def filled(path: str, project: Project, dataset: str = "dtks") -> str:
    """The path with what this project has."""
    staged = project.of(Staged)[0].body
    values = {
        "project": project.charter.project,
        "run": RUN,
        "name": RELEASE,
        "dataset": dataset,
        "digest": staged.files[0].ciphertext,
        "commitment": staged.facts,
        "member": "auditor",
        "recipient": "dppapp",
        "part": "0",
        "language": "id",
    }
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: values.get(found[1], "ab"), path)


def sign_and_send(
    http: httpx2.Client, town: Town, member: str, method: str, path: str
) -> httpx2.Response:
    message = Message(method, town.url + path, {}, b"{}")
    sign_request(message, member, town.keys[member].signing)
    return http.request(method, path, headers=dict(message.headers), content=message.body)


def is_auditor(project: Project, member: Member) -> bool:
    return member.id in project.charter.auditors or member.has("service")


def coordinates(member: Member) -> bool:
    return member.has("service") or member.has("coordinator")


# Whom each declaration means. `None`: those who bring a statement, a transfer or a copy of the log;
# this walk has none.
MEANT: Mapping[Words, Callable[[Project, Member, str], bool] | None] = {
    described.MEMBER: lambda *_: True,
    described.READER: lambda p, m, _: may_read(p.charter, p.roster, m),
    described.KEEPER: None,
    described.PARTY: lambda p, m, _: m.id in p.charter.party_ids,
    described.OWNER: lambda p, m, dataset: p.charter.dataset(dataset).owner == m.id,
    described.COORDINATOR: lambda _, m, __: coordinates(m),
    described.AUTHORITY: lambda p, m, _: m.id in p.roster.authorities or coordinates(m),
    described.AUDITOR_OR_READER: lambda p, m, _: is_auditor(p, m),
    described.ENTITLED: lambda p, m, _: may_open_facts(p, p.of(Staged)[0].body.facts, m),
    described.RECIPIENT: lambda p, m, _: m.id == p.of(Staged)[0].body.files[0].recipient,
    described.SIGNER: None,
    described.WITNESS: lambda p, m, _: m.id in p.charter.witnesses.members,
    described.SENDER: None,
    described.SHARING: None,
}


def test_every_declaration_is_known_here() -> None:
    used = {each.callers for each in WALKED if each.way == "signature"}
    assert used == set(MEANT)


@pytest.mark.parametrize("route", by_way("signature"))
def test_a_route_answers_the_members_it_names_and_no_other(
    town: Town, project: Project, http: httpx2.Client, route: Callers
) -> None:
    """Every member of the roster, on every route, for every dataset that it can name."""
    assert http.request(route.method, filled(route.path, project)).status_code == 401
    assert route.callers is not None
    meant = MEANT[route.callers]
    datasets = tuple(town.persons) if "{dataset}" in route.path else ("dtks",)
    for member in project.roster.members:
        for dataset in datasets:
            path = filled(route.path, project, dataset)
            entitled = meant is not None and meant(project, member, dataset)
            if entitled and route.method != "GET":
                continue  # a member who may do so would change the project under the walk
            answer = sign_and_send(http, town, member.id, route.method, path)
            who = f"{member.id} {route.method} {path}: {answer.text[:200]}"
            if entitled:
                refused = answer.status_code in (401, 403) and "not-entitled" in answer.text
                assert not refused, who
            else:
                assert answer.status_code >= 400, who


def handles(town: Town, datasets: list[str]) -> set[str]:
    found = {handle_of(each, person) for each in datasets for person in town.persons[each]}
    return {text for each in found for text in (each.hex(), b64(each).rstrip("="))}


def leaked(answer: httpx2.Response, known: set[str]) -> bool:
    """Whether the answer has one of these handles, written in hexadecimal or base64."""
    text = unpacked(answer)
    words = set(re.findall(r"[0-9a-f]{32}|[A-Za-z0-9+/]{22}", text))
    return not words.isdisjoint(known) or any(each in text for each in sorted(known)[:20])


def unpacked(answer: httpx2.Response) -> str:
    """The text of an answer, also of what is packed in an archive."""
    if answer.headers.get("content-type") != "application/zip":
        return answer.text
    with ZipFile(BytesIO(answer.content)) as archive:
        return "\n".join(archive.read(each).decode("latin-1") for each in archive.namelist())


def test_no_party_reads_handles_of_another(
    town: Town, project: Project, http: httpx2.Client
) -> None:
    readable = [each for each in WALKED if each.way == "signature" and each.method == "GET"]
    for member in project.roster.members:
        others = [each.id for each in project.charter.datasets if each.owner != member.id]
        known = handles(town, others)
        for route in readable:
            answer = sign_and_send(http, town, member.id, "GET", filled(route.path, project))
            assert not leaked(answer, known), f"{member.id} {route.path}"
    own = handle_of("dtks", 60)
    for text in (own.hex(), b64(own)):
        assert leaked(httpx2.Response(200, text=f'[["{text}", 1]]'), handles(town, ["dtks"]))


# -- pages --------------------------------------------------------------------------------------


def desk(town: Town) -> StaffDesk:
    return StaffDesk.of(town.service.ledger, town.settings().people, town.clock)


def session_of(town: Town, who: str, office: str, *roles: Role, projects: tuple[str, ...]) -> str:
    """A session of an account that is set up; how people get one is tested elsewhere."""
    people = desk(town)
    if who not in {each.person.name for each in people.accounts.all()}:
        people.accounts.add(who, office, roles, projects)
    with town.service.ledger.database.writing(LOCK) as connection:
        connection.execute(update(staff).where(staff.c.subject == who).values(state="active"))
        person = next(each.person.id for each in people.accounts.all() if each.person.name == who)
        return people.sessions.open(connection, person)


def visit(
    http: httpx2.Client, town: Town, route: Callers, path: str, token: str
) -> httpx2.Response:
    """One request of a browser, with the form's token where it sends a form."""
    port = httpx2.URL(town.url).port
    headers = {"Cookie": f"padan-session-{port}={token}", "Origin": town.url}
    if route.method != "GET":
        headers["X-CSRF-Token"] = csrf_of(token)
    return http.request(route.method, path, headers=headers)


def to_the_sign_in(answer: httpx2.Response) -> bool:
    return answer.status_code == 303 and answer.headers["location"].startswith("/masuk")


OFFICES = {
    Role.coordinator: "layanan",
    Role.operator: "layanan",
    Role.auditor: "bpkp",
    Role.dpo: "diskominfotik",
}


@pytest.mark.parametrize("route", by_way("session"))
def test_a_page_opens_for_its_roles_and_for_nobody_else(
    town: Town, project: Project, http: httpx2.Client, route: Callers
) -> None:
    path = filled(route.path, project)
    for token in ("", "x" * 43):
        assert to_the_sign_in(visit(http, town, route, path, token))
    for role in Role:
        token = session_of(town, role.value, OFFICES[role], role, projects=("*",))
        if role not in route.roles:
            assert visit(http, town, route, path, token).status_code == 403, role
        elif route.method == "GET":
            answer = visit(http, town, route, path, token)
            assert answer.status_code < 500, role
            assert answer.status_code != 403, role
            assert not to_the_sign_in(answer), role
            assert not leaked(answer, handles(town, list(town.persons))), role


def test_a_page_of_a_project_opens_for_people_of_that_project(
    town: Town, project: Project, http: httpx2.Client
) -> None:
    """An account for another project, and an office that the charter does not name."""
    pages = [each for each in WALKED if each.way == "session" and "{project}" in each.path]
    for route, role in [(each, role) for each in pages for role in each.roles]:
        path = filled(route.path, project)
        other = session_of(town, f"lain-{role}", OFFICES[role], role, projects=("proyek-lain",))
        assert visit(http, town, route, path, other).status_code == 403, role
        if role in (Role.auditor, Role.dpo):
            # A party's own office is no auditor's, whatever the coordinator's account says.
            foreign = session_of(town, f"asing-{role}", "dppapp", role, projects=("*",))
            assert visit(http, town, route, path, foreign).status_code == 403, role


def test_a_page_of_all_projects_names_those_alone_that_the_person_may_see(
    town: Town, project: Project, http: httpx2.Client
) -> None:
    pages = [e for e in WALKED if e.way == "session" and "{" not in e.path and e.method == "GET"]
    name, shown = project.charter.project, set()
    for route, role in [(each, role) for each in pages for role in each.roles]:
        own = session_of(town, role.value, OFFICES[role], role, projects=("*",))
        if name in visit(http, town, route, route.path, own).text:
            shown.add(role)
        others = [session_of(town, f"lain-{role}", OFFICES[role], role, projects=("proyek-lain",))]
        if role in (Role.auditor, Role.dpo):
            others.append(session_of(town, f"asing-{role}", "dppapp", role, projects=("*",)))
        for token in others:
            answer = visit(http, town, route, route.path, token)
            assert name not in answer.text, f"{role} {route.path}"
    assert shown == {Role.coordinator, Role.auditor, Role.dpo}, "the people of the project read it"
