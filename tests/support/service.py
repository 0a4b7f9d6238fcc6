"""A small programme against a real service, with bundles made by hand.

Three parties speak to it with the production client; their rows are random filters in
which known persons are planted, so that what must match is known without an encoder.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from encoder.encoding.project_keys import (
    KeyShare,
    agree,
    commitment,
    member_mac,
    records_mac,
    seal_shares,
)
from policy.base.canonical import b64, canonical_json, sha256, unb64
from policy.base.clocks import Clock, system_clock
from policy.base.files import write_file
from policy.charter import Charter
from policy.crypto.envelope import Binding, parse_envelope, sign
from policy.crypto.keys import KeyRing, lock_keys
from policy.crypto.sealing import encrypt_stream, new_file_seal
from policy.formats.chunk_stream import SEALED_CHUNK_BYTES
from policy.log import Frontier, leaf_hash
from policy.members.home import Home, Unlocked
from policy.members.roster import roster_binding
from policy.project import Project
from policy.project.recipients import may_open_facts
from policy.statements import (
    Approval,
    BundleManifest,
    CharterBody,
    Committed,
    Confirmed,
    DatasetCommitment,
    EncodingShape,
    EpochOpened,
    Excepted,
    ReleaseRequest,
    Revealed,
    RunOrder,
    Staged,
)
from policy.wire.session import Session
from tests.support import server
from tests.support.ports import free_port
from tests.support.processes import PATIENCE_SECONDS
from tests.support.republic import (
    MEMBERS,
    PARTIES,
    Members,
    assessed,
    charter_from,
    charter_tree,
    make_roster,
    member_keys,
)
from tests.support.stored import begin_from

if TYPE_CHECKING:
    from linkage_service.service import Service
    from linkage_service.settings import Settings

PASSPHRASE = b"kata sandi uji layanan"
BITS, TOKEN_BYTES, HANDLE_BYTES = 1024, 16, 16
ROW_BYTES = HANDLE_BYTES + BITS // 8 + TOKEN_BYTES


@dataclass(frozen=True)
class Sealed:
    """A bundle as it travels: chunks, their list, the seal."""

    seal: bytes
    chunks: tuple[bytes, ...]

    @property
    def chunk_list(self) -> bytes:
        return canonical_json([sha256(chunk) for chunk in self.chunks])


def seal_rows(rows: bytes, service_key: bytes, binding: Binding, keys: KeyRing) -> Sealed:
    seal = new_file_seal(service_key, binding, keys.signing)
    chunks = tuple(encrypt_stream([rows], seal.key, seal.header_digest))
    assert all(len(chunk) <= SEALED_CHUNK_BYTES for chunk in chunks)
    return Sealed(seal.envelope.canonical(), chunks)


def bundle_binding(project: Project, dataset: str, root: str) -> Binding:
    charter = project.charter
    return Binding(
        type="padan/bundle-key",
        project=charter.project,
        epoch=charter.epoch,
        charter=charter.digest(),
        roster=project.roster.digest(),
        sender=charter.dataset(dataset).owner,
        recipient=project.roster.service().id,
        manifest=root,
    )


def handle_root(rows: bytes, width: int = ROW_BYTES) -> str:
    handles = (rows[start : start + HANDLE_BYTES] for start in range(0, len(rows), width))
    return Frontier.empty().extend(map(leaf_hash, handles)).root().hex()


def handle_of(dataset: str, person: int) -> bytes:
    return hashlib.sha256(f"{dataset}/{person}".encode()).digest()[:HANDLE_BYTES]


def make_rows(dataset: str, persons: Sequence[int]) -> bytes:
    """One row a person: a filter of 440 bits of which a few differ by dataset, a NIK token."""
    rows = []
    for person in persons:
        bits = np.zeros(BITS, np.uint8)
        bits[np.random.default_rng(person).permutation(BITS)[:440]] = 1
        noise = np.random.default_rng([person, len(dataset)]).permutation(BITS)[:6]
        bits[noise] ^= 1
        token = hashlib.sha256(f"nik/{person}".encode()).digest()[:TOKEN_BYTES]
        rows.append(handle_of(dataset, person) + np.packbits(bits).tobytes() + token)
    return b"".join(sorted(rows))


@dataclass
class Town:
    """Homes, sessions, and one project; `persons` says who stands in which dataset."""

    folder: Path
    database_url: str | None = None
    tile_rows: int = 200
    persons: Mapping[str, Sequence[int]] = field(
        default_factory=lambda: {
            "regsosek": range(0, 130),
            "dtks": range(60, 200),
            "carik": range(20, 150),
        }
    )
    tree: dict[str, Any] = field(default_factory=charter_tree)
    keys: dict[str, KeyRing] = field(default_factory=member_keys)
    port: int = field(default_factory=free_port)
    shares: dict[str, KeyShare] = field(default_factory=dict)
    row_bytes: int = ROW_BYTES
    clock: Clock = system_clock
    extra: dict[str, Any] = field(default_factory=dict)  # more settings of the service
    held: Service | None = None
    offices: Mapping[str, str] | None = None
    # In the roles of bps, dinsos and dppapp; the roster may list more than one town's.
    parties: tuple[str, str, str] = PARTIES
    roster_members: Members = field(default_factory=lambda: MEMBERS)

    def __post_init__(self) -> None:
        self.roster = make_roster(self.keys, self.roster_members, offices=self.offices)
        envelope = sign(
            roster_binding(self.roster), self.roster.canonical(), self.keys["bps"].signing
        ).signed_by("walidata", self.keys["walidata"].signing)
        self.members: dict[str, Unlocked] = {}
        for member in self.roster.members:
            home = Home(self.folder / "homes" / member.id)
            write_file(home.identity_path, member.canonical())
            home.pin_roster(self.url, envelope.canonical(), self.roster.digest())
            self.members[member.id] = Unlocked(home, member, self.keys[member.id])
        self.rows = {name: make_rows(name, who) for name, who in self.persons.items()}

    def copied_to(self, folder: Path) -> Town:
        """This town as it is now, in another folder, with a service that does not run yet.

        Its databases are SQLite, and its own service has ended.
        """
        port = free_port()
        begin_from(self.folder, folder, server.loopback(port))
        return replace(self, folder=folder, port=port)

    @property
    def url(self) -> str:
        return server.loopback(self.port)

    @property
    def charter(self) -> Charter:
        return charter_from(assessed(self.tree))

    @property
    def project_id(self) -> str:
        return self.charter.project

    def session(self, member: str) -> Session:
        return Session(self.members[member], self.project_id, clock=self.clock)

    def synced(self, member: str) -> Session:
        session = self.session(member)
        session.sync()
        return session

    def witness(self) -> None:
        for member in self.parties:
            self.synced(member)

    # -- the story ------------------------------------------------------------------------

    def sign_charter(self) -> None:
        body = CharterBody.model_validate(self.charter.model_dump())
        for party in self.parties:
            self.session(party).open_with(body)
        self.except_privacy()

    def except_privacy(self, reference: str = "PPDP/1") -> None:
        """The profile plain misses every floor; an officer lets it pass."""
        self.synced("dpo").say(
            Excepted(
                at=self.clock(),
                rule="run.privacy",
                about=(self.charter.encoding_digest(),),
                reference=reference,
                until=self.charter.valid_until,
            )
        )

    def root(self, dataset: str) -> str:
        return handle_root(self.rows[dataset], self.row_bytes)

    def commit(self) -> None:
        for party in self.parties:
            session = self.synced(party)
            share = self.shares.setdefault(party, KeyShare.draw())
            session.say(
                Committed(
                    at=self.clock(),
                    commitment=commitment(session.project, party, share.secret),
                    epoch_key=b64(share.epoch_key.public_bytes()),
                    datasets={
                        dataset.id: DatasetCommitment(
                            handle_root=self.root(dataset.id),
                            count=len(self.persons[dataset.id]),
                        )
                        for dataset in self.charter.datasets_of(party)
                    },
                )
            )
        self.witness()

    def reveal(self, party: str) -> None:
        session = self.synced(party)
        seals = seal_shares(session.project, party, self.shares[party], self.keys[party].signing)
        for peer, seal in seals.items():
            session.put(f"/projects/{self.project_id}/mailbox/{peer}", seal.canonical())
        digests = {peer: sha256(seal.canonical()) for peer, seal in seals.items()}
        session.say(Revealed(at=self.clock(), seals=digests))

    def confirm(self) -> None:
        for party in self.parties:
            session = self.synced(party)
            mail = json.loads(session.get(f"/projects/{self.project_id}/mailbox"))
            sealed = {peer: unb64(text) for peer, text in mail.items()}
            keys = agree(session.project, party, self.shares[party], sealed)
            session.say(
                Confirmed(
                    at=self.clock(),
                    records_mac=records_mac(keys, b"records"),
                    member_mac=member_mac(session.project, keys, party),
                )
            )
        self.witness()

    def agree(self) -> None:
        self.sign_charter()
        self.agree_on_keys()

    def agree_on_keys(self) -> None:
        self.commit()
        for party in self.parties:
            self.reveal(party)
        self.confirm()

    def sealed(self, session: Session, dataset: str, rows: bytes) -> Sealed:
        project = session.project
        service_key = project.of(EpochOpened)[0].body.service_key
        binding = bundle_binding(project, dataset, self.root(dataset))
        return seal_rows(rows, unb64(service_key), binding, session.me.keys)

    def send(self, session: Session, sealed: Sealed) -> None:
        base = f"/projects/{self.project_id}"
        for chunk in sealed.chunks:
            session.put(f"{base}/chunks/{sha256(chunk)}", chunk)
        for document in (sealed.seal, sealed.chunk_list):
            session.put(f"{base}/blobs/{sha256(document)}", document)

    def manifest(self, dataset: str, sealed: Sealed, /, **change: Any) -> BundleManifest:
        fields: dict[str, Any] = {
            "at": self.clock(),
            "dataset": dataset,
            "count": len(self.persons[dataset]),
            "handle_root": self.root(dataset),
            "terms": self.charter.terms_digest(),
            "rules": self.charter.encoding.rules_digest,
            "encodings": (EncodingShape(name="utama", bits=BITS),),
            "token_bytes": TOKEN_BYTES,
            "row_bytes": self.row_bytes,
            "seal": sha256(sealed.seal),
            "chunks": len(sealed.chunks),
            "chunk_list": sha256(sealed.chunk_list),
        }
        return BundleManifest(**{**fields, **change})

    def upload(self, dataset: str, /, rows: bytes | None = None, **change: Any) -> None:
        session = self.synced(self.charter.dataset(dataset).owner)
        sealed = self.sealed(session, dataset, self.rows[dataset] if rows is None else rows)
        self.send(session, sealed)
        session.say(self.manifest(dataset, sealed, **change))

    def order(self, run: str, **change: Any) -> None:
        charter = self.charter
        fields: dict[str, Any] = {
            "at": self.clock(),
            "purpose": charter.purpose.code,
            "domains": tuple(domain.id for domain in charter.domains),
            "thresholds_ppm": dict(charter.matching.thresholds_ppm),
            "nik_floor_ppm": charter.matching.nik_floor_ppm,
        }
        self.synced(self.parties[1]).say(RunOrder(**{**fields, **change}), run=run)
        self.witness()

    def start(self, run: str) -> dict[str, Any]:
        path = f"/projects/{self.project_id}/runs/{run}/start"
        state: dict[str, Any] = json.loads(self.session("service").post(path))
        return state

    def cancel(self, run: str) -> dict[str, Any]:
        path = f"/projects/{self.project_id}/runs/{run}/cancel"
        state: dict[str, Any] = json.loads(self.session("service").post(path))
        return state

    def run_state(self, run: str) -> dict[str, Any]:
        path = f"/projects/{self.project_id}/runs/{run}"
        state: dict[str, Any] = json.loads(self.session("service").get(path))
        return state

    def wait(self, run: str, happened: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        deadline, pause = time.monotonic() + PATIENCE_SECONDS, 0.02
        while time.monotonic() < deadline:
            state = self.run_state(run)
            if happened(state) or state["state"] == "failed":
                return state
            time.sleep(pause)  # a long wait asks seldom: each question costs both sides some work
            pause = min(pause * 1.5, 0.5)
        raise AssertionError(f"waited in vain: {state}")

    def match(self, run: str) -> None:
        self.order(run)
        self.start(run)
        assert self.wait(run, lambda s: s["state"] == "done")["state"] == "done"
        self.witness()

    def result(self, run: str) -> str:
        entry = self.synced(self.parties[0]).project.run(run).finished
        assert entry is not None
        return entry.body.result

    def request(self, release: str, run: str, *domains: str) -> None:
        body = ReleaseRequest(at=self.clock(), release=release, domains=domains)
        self.synced(self.parties[1]).say(body, run=run)

    def stage(self, release: str) -> Staged:
        self.session("service").post(f"/projects/{self.project_id}/releases/{release}/stage")
        self.witness()
        entry = self.synced("auditor").project.release(release).stage
        assert entry is not None
        return entry.body

    def approve(self, release: str, *approvers: str) -> None:
        for approver in approvers:
            session = self.synced(approver)
            entry = session.project.release(release).stage
            assert entry is not None
            staged = entry.body
            if may_open_facts(session.project, staged.facts, session.me.member):
                session.open_facts(staged.facts)
            body = Approval(
                at=self.clock(),
                release=release,
                stage=entry.digest,
                facts=staged.facts,
                verdict="approve",
                expires=staged.expires,
            )
            session.say(body, run=release, manifest=entry.digest)

    def decide(self, release: str, *, final: bool = False) -> dict[str, Any]:
        path = f"/projects/{self.project_id}/releases/{release}/decide"
        params = {"final": str(final).lower()}
        decided: dict[str, Any] = json.loads(self.session("service").post(path, params=params))
        self.witness()
        return decided

    # -- the service ------------------------------------------------------------------------

    def lock(self, member: str) -> Path:
        """The member's keys as the command lines read them; the file of their passphrase."""
        home, passphrase = self.members[member].home.path, self.folder / "passphrase"
        if not (home / "keys.json").exists():
            write_file(home / "keys.json", lock_keys(self.keys[member], PASSPHRASE))
            write_file(passphrase, PASSPHRASE)
        return passphrase

    @contextmanager
    def serving(
        self, sweep_seconds: int = 3600, executor_id: str = "", *, worker: bool = True
    ) -> Iterator[None]:
        """The service in a thread of this process, as `service`; without a worker nobody runs."""
        settings = self.settings(sweep_seconds=sweep_seconds, executor_id=executor_id)
        me = self.members["service"]
        with server.serving(settings, me, self.port, self.clock, worker=worker) as self.held:
            yield
        self.held = None

    @property
    def service(self) -> Service:
        """What the application holds; within `serving` alone."""
        assert self.held is not None
        return self.held

    def settings(self, **more: Any) -> Settings:
        from linkage_service.settings import Settings

        home = self.members["service"].home.path
        return Settings.under(home, self.database_url, self.tile_rows, **{**self.extra, **more})

    def serve_process(
        self, tile_rows: int, *more: str, pace: Path | None = None, shift: str | None = None
    ) -> subprocess.Popen[bytes]:
        """The service as a process of its own, to be killed by its test."""
        home, urls = self.service_home()
        options = ["--tile-rows", str(tile_rows), *more]
        for option, path in urls.items():
            options += [f"--{option}-url-file", str(path)]
        passphrase = self.folder / "passphrase"
        return server.serve_process(home, passphrase, self.port, options, pace, shift)

    def worker_process(self, *more: str) -> subprocess.Popen[bytes]:
        """A worker of the service as a process of its own."""
        home, urls = self.service_home()
        files = [part for name, path in urls.items() for part in (f"--{name}-url-file", str(path))]
        return server.command_process(home, self.folder / "passphrase", ["worker", *files, *more])

    def service_home(self) -> tuple[Path, dict[str, Path]]:
        """The service's home for a process of its own, and the files that name its databases."""
        home, urls = self.members["service"].home.path, {}
        self.lock("service")
        for option, url in (("database", self.database_url),):
            if url is not None:
                urls[option] = self.folder / f"{option}-url"
                write_file(urls[option], url.encode())
        return home, urls


def open_file(town: Town, project: Project, file: Any, container: bytes, release: str) -> bytes:
    """The plaintext of a released file, as its recipient opens it."""
    from policy.crypto.sealing import decrypt_stream, open_seal

    parts = []
    while container:
        size = int.from_bytes(container[:4], "big")
        parts.append(container[4 : 4 + size])
        container = container[4 + size :]
    assert sha256(b"".join(parts)) == file.ciphertext
    binding = Binding(
        type="padan/release-key",
        project=project.charter.project,
        epoch=project.charter.epoch,
        charter=project.charter_digest,
        roster=project.roster.digest(),
        run=release,
        sender="service",
        recipient=file.recipient,
        manifest=file.plaintext,
    )
    service = project.roster.service().signing_public()
    key = open_seal(parse_envelope(parts[0]), town.keys[file.recipient].seal, binding, service)
    plain = b"".join(decrypt_stream(parts[1:], key, sha256(parts[0])))
    assert sha256(plain) == file.plaintext
    return plain
