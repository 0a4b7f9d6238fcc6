"""A service with projects at several steps, and its pages before people with roles."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import numpy as np
from sqlalchemy import select, update

from linkage_service.people import Role
from linkage_service.people.desk import StaffDesk
from linkage_service.people.sessions import LOCK
from linkage_service.storage.records.tables import staff
from policy.statements import CharterBody, parse_statement
from tests.support.browser import TIMEOUT, pictures_in
from tests.support.processes import PATIENCE_SECONDS
from tests.support.republic import assessed, charter_from
from tests.support.service import BITS, TOKEN_BYTES, Town, make_rows

RUN, RELEASE, BEGUN = "padan-1", "rilis-1", "bantuan-2027"
OFFICES = {
    "bps": "BPS Provinsi DKI Jakarta",
    "dinsos": "Dinas Sosial DKI Jakarta",
    "dppapp": "Dinas PPAPP DKI Jakarta",
    "walidata": "Diskominfotik DKI Jakarta",
    "auditor": "BPKP Perwakilan DKI Jakarta",
    "service": "Layanan Pemadanan Jakarta",
    "bps-approver": "Penyetuju BPS",
    "dinsos-approver": "Penyetuju Dinas Sosial",
    "dppapp-approver": "Penyetuju Dinas PPAPP",
    "dpo": "Pejabat PDP Diskominfotik",
    "bps-dpo": "Pejabat PDP BPS",
    "service-dpo": "Pejabat PDP Layanan",
}
# People by the lists that they are in; from WITHOUT on nobody has a NIK.
REGSOSEK, DTKS = range(0, 420), range(60, 520)
CARIK = (*range(20, 60), *range(200, 480), *range(600, 660))
WITHOUT = 260


def rows(dataset: str, persons: Sequence[int]) -> bytes:
    """People without a NIK are written the less alike, the higher their number."""
    made = []
    for person in persons:
        row = make_rows(dataset, range(person, person + 1))
        if person >= WITHOUT:
            own = hashlib.sha256(f"{dataset}/{person}".encode()).digest()[:TOKEN_BYTES]
            row = row[: -TOKEN_BYTES - BITS // 8] + _blurred(dataset, person, row) + own
        made.append(row)
    return b"".join(sorted(made))


def _blurred(dataset: str, person: int, row: bytes) -> bytes:
    bits = np.unpackbits(np.frombuffer(row[-TOKEN_BYTES - BITS // 8 : -TOKEN_BYTES], np.uint8))
    bits[np.random.default_rng([len(dataset), person]).permutation(BITS)[: person % 10 * 9]] ^= 1
    return np.packbits(bits).tobytes()


def town_in(folder: Path) -> Town:
    """A town of three lists in which most people are on two or on three of them."""
    persons: dict[str, Sequence[int]] = {"regsosek": REGSOSEK, "dtks": DTKS, "carik": CARIK}
    town = Town(folder, persons=persons, offices=OFFICES)
    for dataset, who in persons.items():
        town.rows[dataset] = rows(dataset, who)
    titles = {
        "regsosek": ("Registrasi Sosial Ekonomi", "Social economic registry"),
        "dtks": ("Data Terpadu Kesejahteraan Sosial", "Integrated social welfare data"),
        "carik": ("Carik Jakarta", "Carik Jakarta"),
    }
    for dataset in town.tree["datasets"]:
        indonesian, english = titles[dataset["id"]]
        dataset["title"] = {"id": indonesian, "en": english}
    assessed(town.tree)
    return town


def play(town: Town) -> None:
    """One project up to a release, and another one that one party has signed."""
    town.agree()
    for dataset in town.persons:
        town.upload(dataset)
    town.match(RUN)
    town.request(RELEASE, RUN, "dtks-regsosek", "semua")
    town.stage(RELEASE)
    town.approve(RELEASE, "dppapp-approver", "bps-approver")
    decided = town.decide(RELEASE)
    assert decided["verdict"] == "released", [r for r in decided["rules"] if not r["passed"]]
    begin_another(town)


def begin_another(town: Town) -> None:
    """A charter that one of three parties has signed."""
    from policy.wire.session import Session

    tree = {**town.tree, "project": BEGUN}
    tree["title"] = {"id": "Sasaran bantuan 2027", "en": "Targeting of aid 2027"}
    body = CharterBody.model_validate(charter_from(assessed(tree)).model_dump())
    Session(town.members["bps"], BEGUN, clock=town.clock).open_with(body)


@dataclass
class Visit:
    """A browser of one signed-in person."""

    page: Any
    url: str
    pictures: Path
    requests: list[str]

    def go(self, path: str) -> None:
        self.page.goto(self.url + path)

    def sees(self, text: str) -> None:
        self.page.get_by_text(text, exact=False).first.wait_for(timeout=TIMEOUT)
        self.page.wait_for_load_state("load")


def session_of(
    town: Town,
    name: str,
    *roles: Role,
    office: str = "layanan",
    projects: tuple[str, ...] = ("*",),
) -> str:
    """The token of a new person who has just signed in."""
    desk = StaffDesk.over(
        town.service.ledger.database,
        town.members["service"].keys.storage,
        town.service.settings.people,
        town.clock,
    )
    desk.accounts.add(name, office, roles, projects)
    with town.service.ledger.database.writing(LOCK) as connection:
        mine = staff.c.name == name
        connection.execute(update(staff).where(mine).values(state="active"))
        person = connection.execute(select(staff.c.id).where(mine)).scalar_one()
        return desk.sessions.open(connection, person)


@contextmanager
def visit(
    browser: Any, town: Town, token: str, folder: Path, width: int = 1280, **more: Any
) -> Iterator[Visit]:
    """A browser with the cookie of that session."""
    context = browser.new_context(viewport={"width": width, "height": 900}, **more)
    cookie = {"name": f"padan-session-{town.port}", "value": token, "url": town.url}
    context.add_cookies([cookie])
    page = context.new_page()
    page.set_default_timeout(TIMEOUT)
    opened = Visit(page, town.url, pictures_in(folder), [])
    page.on("request", lambda request: opened.requests.append(request.url))
    try:
        yield opened
    finally:
        context.close()


def asking(town: Town, token: str = "") -> httpx2.Client:
    """Asks pages without a browser, with the cookie of that session."""
    cookies = {f"padan-session-{town.port}": token} if token else {}
    return httpx2.Client(base_url=town.url, cookies=cookies, timeout=PATIENCE_SECONDS)


def open_many(town: Town, count: int) -> list[str]:
    """Projects that one of three parties has signed, entered past the limit for one member."""
    from policy.project import Project
    from policy.wire.replica import Replay
    from policy.wire.session import Session

    ledger, names = town.service.ledger, [f"banyak-{number:03}" for number in range(count)]
    charter = charter_from(assessed(town.tree))
    for name in names:
        title = {"id": f"Sasaran {name}", "en": f"Targeting {name}"}
        body = CharterBody.model_validate({**charter.model_dump(), "project": name, "title": title})
        session = Session(town.members["bps"], name, clock=town.clock)
        session.replay = Replay(Project(town.roster))
        with ledger.appending(name) as append:
            ledger.open_project(append)
            append.statement(parse_statement(session.statement(body).canonical()))
    return names
