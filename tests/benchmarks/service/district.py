"""Many agencies of one roster, three to a project, on one service: each project with a release."""

from __future__ import annotations

import copy
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from policy.members.home import Unlocked
from policy.statements import Staged
from tests.support import server
from tests.support.ports import free_port
from tests.support.republic import MEMBERS, PARTIES, Members, charter_tree, member_keys, scoped
from tests.support.service import Town

RELEASE, RUN = "rilis-1", "padan-1"
_PERSONS = {"regsosek": range(130), "dtks": range(60, 200), "carik": range(20, 150)}


@dataclass(frozen=True)
class Agency:
    """One agency: its keys, its project, where it has come to, and what it may download."""

    me: Unlocked
    project: str
    entries: int
    seen: int
    files: tuple[str, ...]  # digests of the release files that it may download


@dataclass
class District:
    """`agencies` of them in projects of three; the first `released` projects have a release."""

    folder: Path
    agencies: int
    released: int
    database_url: str | None = None
    ports: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        projects = -(-self.agencies // len(PARTIES))
        names = [f"dinas-{number:02}" for number in range(projects * len(PARTIES))]
        members = _members(names)
        keys, port = member_keys(members), free_port()
        self.towns = [
            Town(
                self.folder,
                database_url=self.database_url,
                persons=_PERSONS,
                tree=_tree(number, _three(names, number)),
                keys=keys,
                port=port,
                parties=_three(names, number),
                roster_members=members,
            )
            for number in range(projects)
        ]

    def build(self) -> None:
        """Charters for all, and the whole story to the release for the first projects."""
        with self.towns[0].serving():
            for number, town in enumerate(self.towns):
                if number < self.released:
                    _to_the_release(town)
                else:
                    town.sign_charter()

    @contextmanager
    def serving(self, processes: int) -> Iterator[list[subprocess.Popen[bytes]]]:
        """That many processes of the service on one home and one database, at `ports`."""
        town = self.towns[0]
        home, urls = town.service_home()
        options = [
            each for name, path in urls.items() for each in (f"--{name}-url-file", str(path))
        ]
        # One service has one address; its processes share it, as behind a gateway.
        options += ["--public-url", town.url]
        self.ports = [town.port, *(free_port() for _ in range(1, processes))]
        with ExitStack() as stack:
            started = []
            for port in self.ports:
                process = server.serve_process(home, self.folder / "passphrase", port, options)
                stack.callback(_end, process)
                started.append(process)
            yield started

    def clients(self, count: int) -> list[Agency]:
        """That many agencies, as far as each has the log of its project."""
        return [each for town in self.towns for each in _agencies(town)][:count]

    def recipients(self, count: int) -> list[Agency]:
        """That many clients of agencies that have a release to download."""
        some = [each for town in self.towns[: self.released] for each in _agencies(town)]
        some = [each for each in some if each.files]
        return [some[number % len(some)] for number in range(count)]


def _members(names: list[str]) -> Members:
    members = dict(MEMBERS)
    for name in names:
        members[name] = (name, ("party", "witness"))
        members[f"{name}-approver"] = (name, ("approver",))
    return members


def _three(names: list[str], number: int) -> tuple[str, str, str]:
    first, second, third = names[3 * number : 3 * number + 3]
    return first, second, third


def _tree(number: int, parties: tuple[str, str, str]) -> dict[str, Any]:
    """The three-party charter with other agencies in the places of its own, all of which learn."""
    tree = copy.deepcopy(charter_tree())
    places = dict(zip(PARTIES, parties, strict=True))

    def replaced(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: replaced(each) for name, each in value.items()}
        if isinstance(value, list):
            return [replaced(each) for each in value]
        return places.get(value, value) if isinstance(value, str) else value

    authorities = tree["authorities"]
    tree = replaced(tree)
    tree |= {"project": f"wilayah-{number:02}", "authorities": authorities}
    return scoped(tree)


def _to_the_release(town: Town) -> None:
    town.agree()
    for dataset in town.persons:
        town.upload(dataset)
    town.match(RUN)
    town.request(RELEASE, RUN, "semua")
    town.stage(RELEASE)
    town.approve(RELEASE, f"{town.parties[0]}-approver", f"{town.parties[2]}-approver")
    assert town.decide(RELEASE)["verdict"] == "released"


def _agencies(town: Town) -> Iterator[Agency]:
    for party in town.parties:
        session = town.session(party)
        project, seen = session.recall(), session.replica().seen()
        staged = project.of(Staged)
        files = staged[0].body.files if staged else ()
        mine = tuple(each.ciphertext for each in files if each.recipient == party)
        yield Agency(session.me, town.project_id, project.size, seen, mine)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
