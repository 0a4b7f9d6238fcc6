"""A whole programme for tests: real homes, the real command lines, a real server.

Command lines run in this process (a process of its own for each would cost a second a
command); the service answers real HTTP on loopback, from a thread or, where a test
kills it, from a process of its own.
"""

from __future__ import annotations

import copy
import csv
import io
import json
import re
import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal, get_args

import pytest
import yaml
from typer.main import get_command

from encoder.encoding.project_keys import ProjectKeys
from policy.base import words
from policy.base.errors import PadanError
from policy.terminal import console
from tests.support import server
from tests.support.ports import free_port
from tests.support.republic import PARTIES as PARTIES
from tests.support.stored import begin_from, stored

ROOT = Path(__file__).parents[2]
TUTORIAL = ROOT / "docs" / "tutorials" / "jakarta"
PROJECT = "jakarta-2026"
RUN = "padan-1"
OWNER = {"regsosek": "bps", "dtks": "dinsos", "ppks": "dinsos", "carik": "dppapp"}
MEMBERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "bps": ("bps", ("party", "witness", "authority")),
    "dinsos": ("dinsos", ("party", "witness")),
    "dppapp": ("dppapp", ("party", "witness")),
    "diskominfotik": ("diskominfotik", ("authority",)),
    "auditor": ("bpkp", ("auditor", "witness")),
    "service": ("layanan", ("service", "coordinator")),
    "bps-approver": ("bps", ("approver",)),
    "dinsos-approver": ("dinsos", ("approver",)),
    "dppapp-approver": ("dppapp", ("approver",)),
    "bps-dpo": ("bps", ("dpo",)),
    "dinsos-dpo": ("dinsos", ("dpo",)),
    "dppapp-dpo": ("dppapp", ("dpo",)),
    "service-dpo": ("layanan", ("dpo",)),
}

# Their offices, as people read them; whoever is not here is called by the id.
OFFICES = {
    "bps": "Badan Pusat Statistik",
    "dinsos": "Dinas Sosial DKI Jakarta",
    "dppapp": "Dinas PPAPP DKI Jakarta",
    "diskominfotik": "Diskominfotik DKI Jakarta",
    "auditor": "Auditor BPKP",
    "service": "Layanan pemadanan",
    "bps-approver": "Penyetuju BPS",
    "dinsos-approver": "Penyetuju Dinas Sosial",
    "dppapp-approver": "Penyetuju Dinas PPAPP",
}


Stage = Literal["signed", "agreed", "uploaded", "matched"]
STAGES: tuple[Stage, ...] = get_args(Stage)


@dataclass
class Answer:
    """What a command line printed, and how it ended."""

    code: int
    out: str
    err: str
    error: PadanError | None = None

    def json(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


@cache
def command_line(script: str) -> Any:
    """The command line of one script, built once: its hundred commands take a while."""
    return get_command(app(script))


def app(script: str) -> Any:
    """The command line of one script, not built yet."""
    if script == "padan-policy":
        from policy.cli import app as policy_app

        return policy_app
    if script == "padan-encoder":
        from encoder.cli import app as encoder_app

        return encoder_app
    from linkage_service.cli import app as linkage_app

    return linkage_app


def command(script: str, *arguments: str) -> Answer:
    """Run a console script's command line here, as `console.run` would."""
    out, err = io.StringIO(), io.StringIO()
    error = None
    with _own_options(), redirect_stdout(out), redirect_stderr(err):
        try:
            code = command_line(script)(list(arguments), standalone_mode=False) or 0
        except PadanError as raised:
            console.report(raised)
            error, code = raised, raised.exit_code
    return Answer(int(code), out.getvalue(), err.getvalue(), error)


@contextmanager
def _own_options() -> Iterator[None]:
    """Options hold for a process, and these commands share one: they end with their command."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(words, "_chosen", words._chosen)
        patch.setattr(console, "options", replace(console.options))
        yield


def expect(answer: Answer, code: str) -> PadanError:
    """The error has this code, both languages, a hint each, and no personal data."""
    assert answer.error is not None, answer.out
    assert answer.error.code == code
    assert answer.out == ""
    said = json.loads(answer.err)["error"]
    for each in (said["problem"], said["hint"]):
        assert each["id"]
        assert each["en"]
        assert each["id"] != each["en"]
    # Alone, that is, and not within the hexadecimal digits of a digest.
    assert not re.search(r"(?<![0-9a-f])\d{16}(?![0-9a-f])", answer.err), "a NIK in an error"
    return answer.error


@contextmanager
def the_same_keys() -> Iterator[None]:
    """The ceremony runs its course, and ends with the keys of every other programme.

    Canaries are drawn from the keys. Of fresh ones, some hundredths of a percent to half a
    percent make one that looks like somebody of the city, and a test fails by what the
    thresholds of its charter let pass.
    """
    from encoder.steps import agree_keys

    derive = agree_keys.agree

    def agreed(*arguments: Any) -> ProjectKeys:
        return replace(derive(*arguments), root=b"r" * 32)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(agree_keys, "agree", agreed)
        yield


@dataclass
class Programme:
    """Homes, sources and a service under one folder."""

    folder: Path
    persons: int = 1500
    database_url: str | None = None
    tile_rows: int = 500
    port: int = field(default_factory=free_port)
    digest: str = ""

    # -- running commands ---------------------------------------------------------------

    def home(self, party: str) -> Path:
        return self.folder / "homes" / party

    def give(self, party: str, script: str, *arguments: str) -> Answer:
        passphrase = self.folder / "passphrases" / party
        return command(
            script,
            "--home",
            str(self.home(party)),
            "--passphrase-file",
            str(passphrase),
            "--json",
            *arguments,
        )

    def run(self, party: str, script: str, *arguments: str, code: int = 0) -> Answer:
        answer = self.give(party, script, *arguments)
        assert answer.code == code, f"{script} {arguments}: {answer.code} {answer.err}"
        return answer

    def each(self, script: str, *arguments: str) -> None:
        for party in PARTIES:
            self.run(party, script, *arguments)

    def witness(self, *parties: str) -> None:
        for party in parties or PARTIES:
            self.run(party, "padan-policy", "witness", PROJECT)

    @property
    def url(self) -> str:
        return server.loopback(self.port)

    # -- setting up -----------------------------------------------------------------------

    def found(self) -> None:
        """Identities, roster, synthetic sources: copied from stored ones."""
        members = stored(("members", *MEMBERS.items()), lambda to: Programme(to).found_members())
        self._begin_as(members)
        self.join("service", "--roster", str(self.folder / "roster.json"))
        sources = stored(
            ("sources", self.persons), lambda to: Programme(to, self.persons).synthesise()
        )
        shutil.copytree(sources, self.folder, dirs_exist_ok=True)

    def reach(self, stage: Stage, tree: dict[str, Any] | None = None) -> None:
        """Found it and go as far as this stage; its run, once matched, is RUN.

        `tree` is its charter, `charter_tree` without it.
        """
        tree = self.charter_tree() if tree is None else tree
        self.begin((stage, tree), partial(_go_to, stage, tree))

    def begin(self, what: object, make: Callable[[Programme], None]) -> None:
        """Be as `make` leaves a programme of this size: it is made once for all tests of a run.

        `make` is given an empty folder and no service, and `what` says by its `repr` what it does.
        The database is the service's own.
        """
        assert self.database_url is None
        key = (what, self.persons, self.tile_rows, *MEMBERS.items())
        size = {"persons": self.persons, "tile_rows": self.tile_rows}
        self._begin_as(stored(key, lambda folder: make(Programme(folder, **size))))

    def _begin_as(self, place: Path) -> None:
        """As the stored programme of that folder, but in one's own."""
        begin_from(place, self.folder, self.url)
        self.digest = (place / "roster-digest").read_text()

    def found_members(self) -> None:
        (self.folder / "passphrases").mkdir(parents=True)
        for name, (agency, roles) in MEMBERS.items():
            (self.folder / "passphrases" / name).write_text(f"kata sandi uji {name}")
            flags = [flag for role in roles for flag in ("--role", role)]
            called = ("--agency", agency, "--name", OFFICES.get(name, name))
            self.run(name, "padan-policy", "identity", "create", name, *called, *flags)
        roster = str(self.folder / "roster.json")
        cards = [str(self.home(name) / "identity.json") for name in MEMBERS]
        authorities = ("--authority", "bps", "--authority", "diskominfotik")
        self.run("bps", "padan-policy", "roster", "build", *cards, *authorities, "--out", roster)
        for authority in ("bps", "diskominfotik"):
            answer = self.run(authority, "padan-policy", "roster", "sign", roster)
        self.digest = answer.json()[0]["digest"]
        (self.folder / "roster-digest").write_text(self.digest)

    def synthesise(self) -> None:
        answer = command(
            "padan-encoder", "synth", str(self.folder / "sources"), "--persons", str(self.persons)
        )
        assert answer.code == 0, answer.err

    def join(self, party: str, *more: str) -> None:
        arguments = ("join", "--service", self.url, "--roster-digest", self.digest, *more)
        self.run(party, "padan-policy", *arguments)

    def tree_of_any_size(self) -> dict[str, Any]:
        """`charter_tree`, for lists of one row and more."""
        tree = self.charter_tree()
        for dataset in tree["datasets"]:
            dataset["rows_min"] = 1
        return tree

    def charter_tree(self) -> dict[str, Any]:
        """The tutorial's charter, in force today, with cells small enough for a small city."""
        from encoder.normalise import ruleset_digest

        today = datetime.now(UTC).date()
        text = (TUTORIAL / "charter.yaml").read_text(encoding="utf-8")
        text = text.replace("@TODAY@", str(today - timedelta(days=1)))
        text = text.replace("@NEXT_YEAR@", str(today + timedelta(days=300)))
        text = text.replace("@RULES@", ruleset_digest())
        tree: dict[str, Any] = yaml.safe_load(re.sub("@(TERMS|ASSESSED|PROBE)@", "00" * 32, text))
        del tree["dpia"]["probe"]  # an officer lets the terms pass instead
        # Dinsos, which asks for the releases, is the walidata of all: two approvals are enough.
        for party in tree["parties"]:
            own = party["member"] == "dinsos"
            party["role"] = ["produsen-data", "walidata"] if own else "produsen-data"
        tree["walidata"] = [{"member": "dinsos", "parties": ["bps", "dppapp"], "contact": "-"}]
        tree["release"]["minimum_cell"] = 5
        tree["budget"]["runs_each"] = tree["budget"]["runs"]
        # A small city has few people on the PPKS list, and few who stand on it and in DTKS:
        # too small a cell for a recipient who holds both.
        tree["domains"] = [
            {"id": "jakarta", "datasets": ["regsosek", "dtks", "carik"], "learn": ["dtks"]},
            {"id": "dtks-regsosek", "datasets": ["dtks", "regsosek"], "learn": ["dtks"]},
        ]
        return tree

    def scoped(self, tree: dict[str, Any]) -> dict[str, Any]:
        """The charter with a DPIA that covers it as it is."""
        from policy.charter import load_charter

        path = Path(self.write_charter(tree, "unscoped.yaml"))
        charter = load_charter(path)
        tree["dpia"]["scope"]["terms"] = charter.terms_digest()
        tree["dpia"]["scope"]["charter"] = charter.assessed_digest()
        return tree

    def write_charter(self, tree: dict[str, Any], name: str = "charter.yaml") -> str:
        shipped = ROOT / "encoder" / "schemas" / "padan-id-5.yaml"
        (self.folder / "padan-id-5.yaml").write_bytes(shipped.read_bytes())
        path = self.folder / name
        path.write_text(yaml.safe_dump(tree, default_flow_style=False), encoding="utf-8")
        return str(path)

    def sign_charter(
        self, tree: dict[str, Any] | None = None, *, without_probe: bool = True
    ) -> None:
        for party in MEMBERS:
            if party not in ("service", "diskominfotik"):
                self.join(party)
        self.each(
            "padan-policy",
            "charter",
            "sign",
            self.write_charter(self.scoped(tree or self.charter_tree())),
        )
        if not without_probe:
            return
        # Probing takes minutes; tests/security does it. Here the officer lets the terms pass.
        until = str((datetime.now(UTC) + timedelta(days=200)).date())
        options = ("--rule", "privacy", "--reference", "PPDP/1", "--until", until)
        self.run("bps-dpo", "padan-policy", "exception", PROJECT, *options)

    # -- the story ------------------------------------------------------------------------

    def prepare(self, dataset: str, file: Path | None = None, code: int = 0) -> Answer:
        return self.run(
            OWNER[dataset],
            "padan-encoder",
            "prepare",
            PROJECT,
            dataset,
            str(file or self.folder / "sources" / f"{dataset}.csv"),
            "--mapping",
            str(TUTORIAL / f"mapping-{dataset}.yaml"),
            code=code,
        )

    def agree(self) -> None:
        """Prepare and the key ceremony."""
        for dataset in OWNER:
            self.prepare(dataset)
        self.exchange_keys()

    def exchange_keys(self) -> None:
        """The key ceremony, once all rows are prepared."""
        self.each("padan-encoder", "commit", PROJECT)
        self.witness()
        self.each("padan-encoder", "reveal", PROJECT)
        with the_same_keys():
            self.each("padan-encoder", "confirm", PROJECT)
        self.witness()

    def upload(self) -> None:
        self.each("padan-encoder", "encode", PROJECT)
        self.each("padan-encoder", "upload", PROJECT)

    def order(self, run: str) -> None:
        self.run("dinsos", "padan-policy", "order", PROJECT, "--run", run)
        self.witness()

    def match(self, run: str) -> None:
        self.order(run)
        self.run("service", "padan-linkage", "start-run", PROJECT, run, "--wait")

    def release(
        self,
        name: str,
        run: str,
        *approvers: str,
        domains: tuple[str, ...] = ("jakarta",),
        final: bool = False,
        code: int = 0,
    ) -> Answer:
        # One domain: two of them part a small city's lists into cells that are too small.
        wanted = [flag for domain in domains for flag in ("--domain", domain)]
        self.run("dinsos", "padan-policy", "request", PROJECT, name, "--run", run, *wanted)
        self.run("service", "padan-linkage", "stage", PROJECT, name)
        self.witness()
        for approver in approvers:
            self.run(approver, "padan-policy", "approve", PROJECT, name)
        decide = ("decide", PROJECT, name, *(["--final"] if final else []))
        return self.run("service", "padan-linkage", *decide, code=code)

    def result_digest(self, run: str) -> str:
        """The result that the log names for a run, from BPS's copy."""
        from policy.members.home import Home
        from policy.wire.replica import replica_of

        self.run("bps", "padan-policy", "witness", PROJECT)
        home = Home(self.home("bps"))
        entry = replica_of(home, PROJECT).load().project.run(run).finished
        assert entry is not None
        return entry.body.result

    def alone(self, dataset: str) -> set[str]:
        """Record ids of people who stand on this list once.

        Whoever stands on it twice may take the other row's place in a later release, and one
        row more is a difference that the release gate refuses.
        """
        with (self.folder / "sources" / "truth.csv").open(newline="", encoding="utf-8") as file:
            rows = [row for row in csv.DictReader(file) if row["source"] == dataset]
        times = Counter(row["person"] for row in rows)
        return {row["record_id"] for row in rows if times[row["person"]] == 1}

    # -- the service ------------------------------------------------------------------------

    @contextmanager
    def serving(self) -> Iterator[None]:
        """The service in a thread of this process."""
        from linkage_service.settings import Settings
        from policy.members.home import Home

        passphrase = (self.folder / "passphrases" / "service").read_bytes()
        me = Home(self.home("service")).unlock(passphrase)
        settings = Settings.under(self.home("service"), self.database_url, self.tile_rows)
        with server.serving(settings, me, self.port):
            yield

    def serve_process(self, pace: Path | None = None) -> subprocess.Popen[bytes]:
        """The service as a process of its own, to be killed by its test."""
        options = ["--tile-rows", str(self.tile_rows)]
        for option, url in (("database", self.database_url),):
            if url is not None:
                file = self.folder / f"{option}-url"
                file.write_text(url)
                options += [f"--{option}-url-file", str(file)]
        passphrase = self.folder / "passphrases" / "service"
        return server.serve_process(self.home("service"), passphrase, self.port, options, pace)

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        process.send_signal(signal.SIGKILL)
        process.wait()


def _go_to(stage: Stage, tree: dict[str, Any], programme: Programme) -> None:
    """This stage, from the one before it."""
    before = STAGES.index(stage) - 1
    if before < 0:
        programme.found()
    else:
        programme.reach(STAGES[before], tree)
    with programme.serving():
        match stage:
            case "signed":
                programme.sign_charter(copy.deepcopy(tree))
            case "agreed":
                programme.agree()
            case "uploaded":
                programme.upload()
            case "matched":
                programme.match(RUN)
