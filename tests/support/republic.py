"""The whole republic in memory: all members' keys, one project, one log.

The service and every party are played by this class with the production code for
statements, law, log and evidence; only HTTP, databases and real encodings are
missing. Tests drive it step by step and then lie.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import yaml

from encoder.encoding.project_keys import (
    KeyShare,
    agree,
    commitment,
    member_mac,
    records_mac,
    seal_shares,
)
from policy.base.canonical import b64, sha256
from policy.base.errors import PadanError
from policy.charter import Charter, parse_charter
from policy.crypto.envelope import Binding, Envelope, sign
from policy.crypto.keys import KeyRing, SealKey
from policy.evidence import EvidenceBundle
from policy.formats.log_page import LogPage
from policy.gates.cases import release_case
from policy.gates.decision import release_gate
from policy.gates.facts import (
    CellFacts,
    DifferenceFacts,
    DomainFacts,
    MembershipFacts,
    OpenedFacts,
    ReleaseFacts,
    RunFacts,
    release_facts,
)
from policy.gates.rules.output_files import expected_files
from policy.law import append, require_belonging
from policy.log import (
    Checkpoint,
    Frontier,
    add_signature,
    cosign,
    first_and_newest,
    leaf_hash,
    sign_checkpoint,
)
from policy.members.home import public_keys
from policy.members.roster import Agency, Member, Role, Roster, roster_binding
from policy.project import Project
from policy.statements import (
    Accepted,
    AnyBody,
    Approval,
    ApprovalWithdrawn,
    BundleManifest,
    CharterBody,
    Committed,
    Confirmed,
    Counted,
    DatasetCommitment,
    Decided,
    EncodingShape,
    EpochOpened,
    Excepted,
    Received,
    ReleaseRequest,
    Rerun,
    Revealed,
    RunFinished,
    RunOrder,
    Staged,
    StagedFile,
    pair_name,
    parse_statement,
)
from policy.wire.replica import log_origin, read_cosigned, roster_of
from policy.wire.session import COSIGN_AGAIN_SECONDS
from policy.witnessing.cosigned import CosignedSize

TEMPLATE = Path(__file__).parents[2] / "policy" / "templates" / "charter.yaml"
SCHEMA: dict[str, Any] = {"version": 3}

# A republic lives at noon of one day (UTC), however late its tests begin or end.
TODAY = datetime.now(UTC).date()
NOON = int(datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC).timestamp())

MEMBERS: dict[str, tuple[str, tuple[Role, ...]]] = {
    "bps": ("bps", ("party", "witness", "authority")),
    "dinsos": ("dinsos", ("party", "witness")),
    "dppapp": ("dppapp", ("party", "witness")),
    "walidata": ("diskominfotik", ("authority",)),
    "auditor": ("bpkp", ("auditor", "witness")),
    "service": ("layanan", ("service", "coordinator")),
    "bps-approver": ("bps", ("approver",)),
    "dinsos-approver": ("dinsos", ("approver",)),
    "dppapp-approver": ("dppapp", ("approver",)),
    "dpo": ("diskominfotik", ("dpo",)),
    "bps-dpo": ("bps", ("dpo", "approver")),
    "service-dpo": ("layanan", ("dpo",)),
}
PARTIES = ("bps", "dinsos", "dppapp")
STEPS = (
    "charter",
    "commit",
    "reveal",
    "confirm",
    "bundle",
    "order",
    "run",
    "request",
    "stage",
    "approve",
    "decide",
    "receipt",
)


@cache
def _template() -> dict[str, Any]:
    """Read once: nearly every republic begins with it."""
    tree: dict[str, Any] = yaml.safe_load(TEMPLATE.read_text(encoding="utf-8"))
    return tree


def charter_tree(today: date | None = None) -> dict[str, Any]:
    """The shipped template as a three-party charter that is in force today."""
    day = today or TODAY
    tree = copy.deepcopy(_template())
    until = day + timedelta(days=365)
    for part in (tree, tree["purpose"]):
        part["valid_from"], part["valid_until"] = day - timedelta(days=1), until
    tree["dpia"].update(valid_until=until, sha256=sha256(b"dpia"))
    # Dinsos, which asks for the releases here, is the walidata of all; see test_walidata.py.
    tree["parties"][0]["role"] = ["pembina-data", "produsen-data"]
    tree["parties"].append({**tree["parties"][1], "member": "dppapp"})
    tree["parties"][1]["role"] = ["produsen-data", "walidata"]
    tree["walidata"] = [{"member": "dinsos", "parties": ["bps", "dppapp"], "contact": "walidata"}]
    for each in tree["agreements"]:
        each["valid_from"], each["valid_until"] = day - timedelta(days=1), until
        each["parties"].append("dppapp")
    for dataset in tree["datasets"]:
        dataset["rows_min"] = 1
    tree["datasets"].append({**tree["datasets"][1], "id": "carik", "owner": "dppapp"})
    tree["domains"].append(
        {"id": "semua", "datasets": ["regsosek", "dtks", "carik"], "learn": ["dtks"]}
    )
    # Rows here are made up: no list has a shape, and any of its rows may be the canaries.
    tree["encoding"]["canaries"] = {"pairs": 16, "singles": 16}
    tree["encoding"]["profile"] = "plain"
    tree["encoding"]["encodings"] = [{"name": "utama", "linkage_schema": SCHEMA}]
    tree["matching"] = {"thresholds_ppm": {"utama": 860_000}, "nik_floor_ppm": 550_000}
    tree["budget"]["runs_each"] = tree["budget"]["runs"]
    tree["witnesses"] = {"members": [*PARTIES, "auditor"], "quorum": 3}
    tree["auditors"] = ["auditor"]
    return scoped(tree)


def scoped(tree: dict[str, Any]) -> dict[str, Any]:
    """The charter with a DPIA that covers just what it asks for."""
    charter = charter_from(tree)
    tree["dpia"]["scope"] = {
        "purpose": charter.purpose.code,
        "parties": list(charter.party_ids),
        "datasets": list(charter.dataset_ids),
        "terms": charter.terms_digest(),
    }
    return assessed(tree)


def assessed(tree: dict[str, Any]) -> dict[str, Any]:
    """The charter as it is now, with an impact assessment of all of it; its scope stays."""
    scope = tree["dpia"].get("scope")
    if scope is not None:
        scope["charter"] = charter_from(tree).assessed_digest()
    return tree


def charter_from(tree: dict[str, Any]) -> Charter:
    return parse_charter(json.dumps(tree, default=str).encode())


Members = Mapping[str, tuple[str, tuple[Role, ...]]]


def make_roster(
    keys: dict[str, KeyRing],
    members: Members = MEMBERS,
    superiors: Mapping[str, tuple[str, ...]] | None = None,
    ends: Mapping[str, date] | None = None,
    more_roles: Mapping[str, tuple[Role, ...]] | None = None,
    offices: Mapping[str, str] | None = None,
) -> Roster:
    """Of these members, valid for two years or until `ends`, some with more roles than usual;
    `superiors` are those of agencies, `offices` the names of members that are not their ids."""
    listed = tuple(
        Member(
            id=name,
            agency=agency,
            name=(offices or {}).get(name, name),
            roles=(*roles, *(more_roles or {}).get(name, ())),
            signing_key=b64(keys[name].signing.public_key().public_bytes_raw()),
            log_key=b64(keys[name].log.public_key().public_bytes_raw()),
            seal_key=b64(keys[name].seal.public_bytes()),
            valid_from=TODAY - timedelta(days=1),
            valid_until=(ends or {}).get(name, TODAY + timedelta(days=700)),
        )
        for name, (agency, roles) in members.items()
    )
    above = (superiors or {}).items()
    return Roster(
        version=1,
        issued=TODAY,
        authorities=("bps", "walidata"),
        agencies=tuple(Agency(id=agency, superiors=each) for agency, each in above),
        members=listed,
    )


def member_keys(members: Members = MEMBERS) -> dict[str, KeyRing]:
    return {name: KeyRing.generate() for name in members}


@dataclass
class Republic:
    """One project's life. `to(step)` plays every step up to and including that one."""

    tree: dict[str, Any] = field(default_factory=charter_tree)
    keys: dict[str, KeyRing] = field(default_factory=dict)
    members: Members = field(default_factory=lambda: MEMBERS)
    above: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    now: int = NOON
    approvers: tuple[str, ...] = ("bps-approver", "dppapp-approver")
    withdrawing: tuple[str, ...] = ()
    matched: int = 500
    stage_days: int = 1
    key_ends: dict[str, date] = field(default_factory=dict)
    clocks: dict[str, int] = field(default_factory=dict)
    shares: dict[str, KeyShare] = field(
        default_factory=lambda: {p: KeyShare.draw() for p in PARTIES}
    )
    cells: tuple[CellFacts, ...] = ()
    differences: tuple[DifferenceFacts, ...] = ()
    opened: list[OpenedFacts] = field(default_factory=list)
    more_roles: Mapping[str, tuple[Role, ...]] | None = None
    offices: Mapping[str, str] | None = None

    def __post_init__(self) -> None:
        self.keys = {**member_keys(self.members), **self.keys}
        self.roster = make_roster(
            self.keys, self.members, self.above, self.key_ends, self.more_roles, self.offices
        )
        envelope = sign(
            roster_binding(self.roster), self.roster.canonical(), self.keys["bps"].signing
        ).signed_by("walidata", self.keys["walidata"].signing)
        self.roster_data = envelope.canonical()
        self.project = Project(self.roster)
        self.leaves: list[bytes] = []
        self.notes: dict[int, str] = {}
        self.newest: dict[int, str] = {}
        self.charter = charter_from(assessed(self.tree))
        self._frontier = Frontier.empty()
        self._cosigned: dict[str, CosignedSize] = {}
        self.given: dict[str, OpenedFacts | None] | None = None
        self.seals: dict[str, dict[str, bytes]] = {}
        self.append(self.roster_data)

    # -- saying and witnessing ----------------------------------------------------------

    def next_roster(self, changed: Iterable[Member] = (), **change: Any) -> Roster:
        """The version after the one in force, with these members in place of those they were."""
        now = self.project.roster
        named = {member.id: member for member in (*now.members, *changed)}
        fields: dict[str, Any] = {
            "version": now.version + 1,
            "previous": now.digest(),
            "issued": TODAY,
            "authorities": now.authorities,
            "agencies": now.agencies,
            "members": tuple(named.values()),
        }
        return Roster(**{**fields, **change})

    def renewed(self, name: str, **change: Any) -> Member:
        """A member with new keys, which are its own from now on."""
        self.keys[name] = KeyRing.generate()
        member = self.project.known(name)
        return member.model_copy(update={**public_keys(self.keys[name]), **change})

    def succeed(self, roster: Roster, *signers: str) -> str:
        return self.append(self.signed_roster(roster, *signers))

    def signed_roster(self, roster: Roster, *signers: str) -> bytes:
        """Signed by its own authorities, unless others are named."""
        envelope = Envelope(
            payload_type=roster_binding(roster).canonical().decode(),
            payload=b64(roster.canonical()),
            signatures=(),
        )
        for signer in signers or roster.authorities:
            envelope = envelope.signed_by(signer, self.keys[signer].signing)
        return envelope.canonical()

    def statement(
        self, sender: str, body: AnyBody, *, run: str = "", manifest: str = "", **change: Any
    ) -> bytes:
        charter = body if isinstance(body, CharterBody) else self.project.charter
        fields = {
            "type": body.TYPE,
            "project": charter.project,
            "epoch": charter.epoch,
            "charter": charter.digest(),
            "roster": self.project.roster_digest,
            "run": run,
            "sender": sender,
            "manifest": manifest,
        }
        binding = Binding(**{**fields, **change})
        return sign(binding, body.canonical(), self.keys[sender].signing).canonical()

    def say(self, sender: str, body: AnyBody, *, run: str = "", manifest: str = "") -> str:
        return self.append(self.statement(sender, body, run=run, manifest=manifest))

    def append(self, leaf: bytes) -> str:
        entry = append(self.project, parse_statement(leaf), self.cosigned())
        self.leaves.append(leaf)
        self._frontier = self._frontier.append(leaf_hash(leaf))
        return entry.digest

    def force(self, sender: str, body: AnyBody, *, run: str = "", manifest: str = "") -> str:
        """What the law would refuse, appended by a service that does not ask it."""
        return self.force_leaf(self.statement(sender, body, run=run, manifest=manifest))

    def force_leaf(self, leaf: bytes) -> str:
        self.leaves.append(leaf)
        self._frontier = self._frontier.append(leaf_hash(leaf))
        try:
            statement = parse_statement(leaf)
            require_belonging(self.project, statement)
        except PadanError:
            self.project.pass_over()
            return ""
        return self.project.add(statement).digest

    def force_roster(self, leaf: bytes) -> None:
        """A roster in the log that the law refuses; what follows is said under the one before."""
        self.leaves.append(leaf)
        self._frontier = self._frontier.append(leaf_hash(leaf))
        self.project.pass_over()

    def adopt(self, other: Republic) -> None:
        """Go on from where another one is, of the same members and charter."""
        self.roster_data, self.leaves = other.roster_data, list(other.leaves)
        self.newest = dict(other.newest)
        self.notes, self.project = dict(other.notes), other.project.until(other.project.size)
        self._frontier, self.opened = other._frontier, list(other.opened)
        self.facts = other.facts
        self.project = Project(self.roster, copy.deepcopy(other.project.log))

    def checkpoint(self, size: int | None = None) -> str:
        frontier = self._frontier
        if size is not None:
            frontier = Frontier.empty().extend(map(leaf_hash, self.leaves[:size]))
        origin = log_origin(self.charter.project)
        return sign_checkpoint(
            Checkpoint(origin, frontier.size, frontier.root()), self.keys["service"].log
        )

    def witness(self, *members: str) -> None:
        """These members look at the log, as every command of theirs does.

        Who has not cosigned this head lately does; the service keeps first and newest times.
        """
        for member in members or (*PARTIES, "auditor"):
            here = [each.times for each in self.cosigned() if each.size == len(self.leaves)]
            mine = [times[member] for times in here if member in times]
            if self._clock(member) - max(mine, default=0) > COSIGN_AGAIN_SECONDS:
                self.keep(self._cosigned_by(member))

    def keep(self, note: str) -> None:
        """The service keeps what the newest head was cosigned with."""
        size = len(self.leaves)
        kept = [notes[size] for notes in (self.notes, self.newest) if size in notes]
        first, *newest = first_and_newest([*kept, note])
        self.notes[size] = first
        if newest:
            self.newest[size] = newest[0]

    def _cosigned_by(self, member: str) -> str:
        note = self.checkpoint()
        line = cosign(note, member, self.keys[member].log, self._clock(member))
        return add_signature(note, line)

    def _clock(self, member: str) -> int:
        return self.now + self.clocks.get(member, 0)

    def cosigned(self) -> list[CosignedSize]:
        return [self._read(note) for note in self._notes()]

    def _notes(self) -> list[str]:
        sizes = sorted(self.notes)
        pairs = ((self.notes[size], self.newest.get(size)) for size in sizes)
        return [note for pair in pairs for note in pair if note]

    def page(self, start: int = 0) -> LogPage:
        """What a service answers a member who knows the log up to there."""
        size = len(self.leaves)
        return LogPage(
            entries=tuple(map(b64, self.leaves[start:])),
            checkpoint=self.notes.get(size) or self.checkpoint(),
            cosigned=tuple(self._notes()),
            seen=0,
        )

    def _read(self, note: str) -> CosignedSize:
        if note not in self._cosigned:
            origin = log_origin(self.charter.project)
            self._cosigned[note] = read_cosigned(
                note, roster_of(note, self.project.rosters), origin
            )[1]
        return self._cosigned[note]

    def evidence(self) -> EvidenceBundle:
        latest = self.notes.get(len(self.leaves)) or self.checkpoint()
        return EvidenceBundle(
            roster=self.roster_data,
            leaves=list(self.leaves),
            checkpoint=latest,
            cosigned=self._notes(),
            facts=self._given(),
        )

    def _given(self) -> dict[str, OpenedFacts | None]:
        """The facts that the service hands over: those it knows, unless a test says others."""
        if self.given is not None:
            return self.given
        return {each.commitment(): each for each in self.opened}

    # -- the story ------------------------------------------------------------------------

    def to(self, step: str) -> Republic:
        for name in STEPS[: STEPS.index(step) + 1]:
            (self.charter_step if name == "charter" else getattr(self, name))()
        return self

    def body_charter(self) -> CharterBody:
        return CharterBody.model_validate(self.charter.model_dump())

    def charter_signed_by(self, party: str) -> None:
        self.say(party, self.body_charter())

    def charter_step(self) -> None:
        for party in PARTIES:
            self.charter_signed_by(party)
        key = SealKey.generate()
        self.say("service", EpochOpened(at=self.now, service_key=b64(key.public_bytes())))
        self.except_privacy()

    def except_privacy(self) -> None:
        """These charters use the profile plain, which misses every floor."""
        self.say(
            self.charter.parties[0].dpo or "dpo",
            Excepted(
                at=self.now,
                rule="run.privacy",
                about=(self.charter.encoding_digest(),),
                reference="PPDP/1",
                until=self.charter.valid_until,
            ),
        )

    def commit(self) -> None:
        for party in PARTIES:
            self.say(party, self.committed(party))

    def committed(self, party: str, count: int = 1032) -> Committed:
        share = self.shares[party]
        return Committed(
            at=self.now,
            commitment=commitment(self.project, party, share.secret),
            epoch_key=b64(share.epoch_key.public_bytes()),
            datasets={
                d.id: DatasetCommitment(handle_root=sha256(d.id.encode()), count=count)
                for d in self.charter.datasets_of(party)
            },
        )

    def reveal(self) -> None:
        self.witness()
        for party in PARTIES:
            self.say(party, self.revealed(party))

    def revealed(self, party: str) -> Revealed:
        seals = seal_shares(self.project, party, self.shares[party], self.keys[party].signing)
        self.seals[party] = {peer: seal.canonical() for peer, seal in seals.items()}
        return Revealed(
            at=self.now, seals={p: sha256(data) for p, data in self.seals[party].items()}
        )

    def project_keys(self, party: str):  # type: ignore[no-untyped-def]
        sealed = {peer: self.seals[peer][party] for peer in PARTIES if peer != party}
        return agree(self.project, party, self.shares[party], sealed)

    def confirm(self) -> None:
        for party in PARTIES:
            self.say(party, self.confirmed(party))

    def confirmed(self, party: str) -> Confirmed:
        keys = self.project_keys(party)
        return Confirmed(
            at=self.now,
            records_mac=records_mac(keys, b"records"),
            member_mac=member_mac(self.project, keys, party),
        )

    def bundle(self) -> None:
        self.witness()
        for dataset in self.charter.datasets:
            digest = self.say(dataset.owner, self.manifest(dataset.id))
            self.say("service", Accepted(at=self.now, dataset=dataset.id, bundle=digest))

    def manifest(self, dataset: str, **change: Any) -> BundleManifest:
        fields: dict[str, Any] = {
            "at": self.now,
            "dataset": dataset,
            "count": 1032,
            "handle_root": sha256(dataset.encode()),
            "terms": self.charter.terms_digest(),
            "rules": self.charter.encoding.rules_digest,
            "encodings": (EncodingShape(name="utama", bits=1024),),
            "token_bytes": 16,
            "row_bytes": 160,
            "seal": sha256(b"seal"),
            "chunks": 1,
            "chunk_list": sha256(b"chunks"),
        }
        return BundleManifest(**{**fields, **change})

    def order(self) -> None:
        self.order_digest = self.say("dinsos", self.run_order(), run="run-1")
        self.say("service", self.counted(self.order_digest), run="run-1")

    def counted(self, order: str, elsewhere: int = 0) -> Counted:
        pairs = [pair_name(*pair) for pair in combinations(PARTIES, 2)]
        return Counted(at=self.now, order=order, elsewhere=dict.fromkeys(pairs, elsewhere))

    def run_order(self, **change: Any) -> RunOrder:
        fields: dict[str, Any] = {
            "at": self.now,
            "purpose": self.charter.purpose.code,
            "domains": tuple(d.id for d in self.charter.domains),
            "thresholds_ppm": dict(self.charter.matching.thresholds_ppm),
            "nik_floor_ppm": self.charter.matching.nik_floor_ppm,
        }
        return RunOrder(**{**fields, **change})

    def run_finished(self, **change: Any) -> RunFinished:
        domains = {
            d.id: DomainFacts(
                groups=self.matched,
                datasets={
                    each: MembershipFacts(matched=self.matched, unmatched=1000 - self.matched)
                    for each in d.datasets
                },
            )
            for d in self.charter.domains
        }
        self.opened.append(OpenedFacts.fresh(RunFacts(run="run-1", candidates=1, domains=domains)))
        ordered = self.run_order()
        fields: dict[str, Any] = {
            "at": self.now,
            "order": self.order_digest,
            "bundles": {d: e.digest for d, e in self.project.bundles().items()},
            "thresholds_ppm": ordered.thresholds_ppm,
            "nik_floor_ppm": ordered.nik_floor_ppm,
            "result": sha256(b"result"),
            "facts": self.opened[-1].commitment(),
        }
        return RunFinished(**{**fields, **change})

    def run(self) -> None:
        self.witness()
        self.run_digest = self.say("service", self.run_finished(), run="run-1")

    def rerun(self, **change: Any) -> Rerun:
        finished = self.project.entry(self.run_digest, RunFinished).body
        fields: dict[str, Any] = {
            "at": self.now,
            "finished": self.run_digest,
            "result": finished.result,
            "counts": "as-logged",
        }
        return Rerun(**{**fields, **change})

    def request(self) -> None:
        self.request_digest = self.say(
            "dinsos",
            ReleaseRequest(
                at=self.now, release="rilis-1", domains=tuple(d.id for d in self.charter.domains)
            ),
            run="run-1",
        )

    def staged(self, **change: Any) -> Staged:
        expected = expected_files(self.charter, tuple(d.id for d in self.charter.domains))
        files = tuple(
            StagedFile(
                recipient=f.recipient,
                dataset=f.dataset,
                domain=f.domain,
                form="membership" if f.form == "membership" else "private-index",
                plaintext=sha256(f"{f.domain}{f.dataset}p".encode()),
                ciphertext=sha256(f"{f.domain}{f.dataset}c".encode()),
            )
            for f in sorted(expected, key=lambda f: (f.domain, f.dataset))
        )
        run = self.project.entry(self.run_digest, RunFinished).body
        self.facts = OpenedFacts.fresh(self.release_facts(run))
        self.opened.append(self.facts)
        fields: dict[str, Any] = {
            "at": self.now,
            "release": "rilis-1",
            "request": self.request_digest,
            "run": self.run_digest,
            "result": run.result,
            "facts": self.facts.commitment(),
            "files": files,
            "expires": self.now + self.stage_days * 86_400,
        }
        return Staged(**{**fields, **change})

    def release_facts(self, run: RunFinished) -> ReleaseFacts:
        """Facts as if all domains had the same people; `cells` and `differences` are theirs."""
        counted = next(each.facts for each in self.opened if each.commitment() == run.facts)
        return ReleaseFacts(
            release="rilis-1",
            run=run.facts,
            domains=counted.domains,
            cells=self.cells,
            differences=self.differences,
        )

    def stage(self) -> None:
        self.stage_digest = self.say("service", self.staged(), run="rilis-1")

    def approval(self, **change: Any) -> Approval:
        fields: dict[str, Any] = {
            "at": self.now,
            "release": "rilis-1",
            "stage": self.stage_digest,
            "facts": self.facts.commitment(),
            "verdict": "approve",
            "expires": self.project.entry(self.stage_digest, Staged).body.expires,
        }
        return Approval(**{**fields, **change})

    def approve(self) -> None:
        self.witness()
        for approver in (*self.approvers, *self.withdrawing):
            digest = self.say(approver, self.approval(), run="rilis-1", manifest=self.stage_digest)
            if approver in self.withdrawing:
                body = ApprovalWithdrawn(at=self.now, release="rilis-1", approval=digest)
                self.say(approver, body, run="rilis-1", manifest=digest)

    def decided(self) -> Decided:
        case = release_case(self.project, "rilis-1", release_facts(self.facts), self.now)
        outcome = release_gate(case)
        return Decided(
            at=self.now,
            release="rilis-1",
            stage=self.stage_digest,
            approvals=tuple(e.digest for e in self.project.release("rilis-1").approvals),
            rules=outcome.rules(),
            verdict=outcome.verdict,
        )

    def decide(self) -> None:
        self.decision_digest = self.say("service", self.decided(), run="rilis-1")

    def received(self, file: StagedFile, **change: Any) -> Received:
        fields: dict[str, Any] = {
            "at": self.now,
            "release": "rilis-1",
            "decision": self.decision_digest,
            "dataset": file.dataset,
            "domain": file.domain,
            "ciphertext": file.ciphertext,
            "plaintext": file.plaintext,
            "canaries": "all-as-expected",
        }
        return Received(**{**fields, **change})

    def receipt(self) -> None:
        self.witness()
        for file in self.project.entry(self.stage_digest, Staged).body.files:
            self.say(file.recipient, self.received(file), run="rilis-1")
        self.witness()
