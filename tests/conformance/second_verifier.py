"""A second verifier of evidence bundles, written from docs/reference/formats.md alone.

It is an oracle of the tests and shares no line with `policy`. Where the page was silent, what it
does was found by asking the first verifier about forged bundles, never by reading its source.
Standard library only, and one function for Ed25519.

    code, reasons = verify(path, roster_digest, checkpoint)

0: all holds, 7: something is contradicted, 9: the roster's digest or a checkpoint from elsewhere
is missing. The reasons are in English, one for each contradiction.
"""

import base64
import hashlib
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

MALFORMED = (KeyError, ValueError, TypeError, IndexError, AttributeError, RecursionError)
SLACK = 600
LAW_2_RULES = """
run.charter-in-force run.charter-complete run.lawful-basis run.agreements run.dpia run.privacy
run.dukcapil run.separation run.approvable run.budget run.parameters run.officers run.walidata
run.witnesses release.executed release.rerun release.minimum-cell release.cells
release.differencing release.budget release.output-files release.withdrawn release.stage-fresh
release.sensitive-lists release.approvals release.dpo release.walidata release.changed-rows
""".split()
NOT_IN_LAW_1 = """
run.officers run.walidata run.witnesses release.walidata release.changed-rows
""".split()
TRANSFER_RULES = [
    *(rule for rule in LAW_2_RULES if rule.startswith("run.")),
    *"""
transfer.permitted transfer.basis transfer.confidentiality transfer.pair transfer.released
transfer.once transfer.retention transfer.fresh transfer.approved transfer.officer
""".split(),
]
SINCE_LAW_3 = """
transfer transfer-vote transfer-sent transfer-receipt review-approval reviewed
""".split()
MEMBER = set("agency id log_key name roles seal_key signing_key valid_from valid_until".split())
ROSTER = set("authorities issued members type version".split())
FORMS = {
    **dict.fromkeys(
        "exception commitment records_mac member_mac handle_root terms rules seal chunk_list "
        "bundle replaces left handles order result facts finished request run stage approval "
        "decision ciphertext plaintext hold sent figures salt".split(),
        "[0-9a-f]{64}",
    ),
    **dict.fromkeys(
        "dataset release to domain transfer recipient project".split(), "[a-z0-9][a-z0-9-]{0,62}"
    ),
    "verdict": "approve|refuse|released|refused",
    "counts": "as-logged|different|not-opened",
    "rule": "run.privacy|run.separation",
    "what": "service-key|encodings|candidates|staged-files|openings",
}
# The fields of each statement; those with a question mark may be left out.
FIELDS = {
    "epoch": "service_key",
    "end": "reason",
    "probe": "report",
    "exception": "rule about reference until",
    "exception-ended": "exception",
    "commit": "commitment epoch_key datasets",
    "reveal": "seals",
    "confirm": "records_mac member_mac",
    "bundle": "dataset count handle_root terms rules encodings token_bytes row_bytes seal chunks "
    "chunk_list canaries?",
    "intake": "dataset bundle",
    "delta": "dataset count handle_root terms rules encodings token_bytes row_bytes seal chunks "
    "chunk_list replaces added changed withdrawn left",
    "withdraw": "dataset handles count",
    "order": "purpose domains thresholds_ppm nik_floor_ppm",
    "budget": "order elsewhere",
    "run": "order bundles thresholds_ppm nik_floor_ppm result facts",
    "handed-over": "to bundles",
    "rerun": "finished result counts stages?",
    "request": "release domains",
    "stage": "release request run result facts files withdrawn? expires",
    "approval": "release stage facts verdict expires",
    "approval-withdrawn": "release approval",
    "decision": "release stage approvals rules verdict",
    "receipt": "release decision dataset domain ciphertext plaintext canaries",
    "transfer": "transfer release domain dataset recipient columns expires",
    "transfer-vote": "transfer request verdict",
    "transfer-sent": "transfer request votes rules plaintext ciphertext parts expires",
    "transfer-receipt": "transfer sent plaintext ciphertext",
    "review-approval": "release dataset figures",
    "reviewed": "project release decision dataset salt strata",
    "destroyed": "what due early objects count",
    "hold": "basis scope owners until",
    "hold-lifted": "hold reason",
}
BY = {
    **dict.fromkeys("epoch intake budget run handed-over stage decision".split(), "service"),
    **dict.fromkeys("end commit reveal confirm order request".split(), "party"),
    **dict.fromkeys("bundle delta withdraw transfer-sent reviewed".split(), "owner"),
    "transfer": "owner recipient",
    **dict.fromkeys("transfer-vote review-approval".split(), "approver dpo"),
    **dict.fromkeys("exception exception-ended".split(), "dpo"),
    "rerun": "auditor",
    "probe": "party auditor",
    "approval": "approver dpo",
    "approval-withdrawn": "approver dpo",
    "destroyed": "service party",
    **dict.fromkeys("hold hold-lifted".split(), "party auditor dpo authority"),
}
ONCE: dict[str, Callable[["Entry"], Any]] = {
    "charter": lambda e: (e.sender, e.body["version"]),
    "epoch": lambda e: 0,
    **dict.fromkeys("commit reveal confirm".split(), lambda e: e.sender),
    "bundle": lambda e: e.body["dataset"],
    "intake": lambda e: e.body["bundle"],
    "budget": lambda e: e.body["order"],
    **dict.fromkeys("order run".split(), lambda e: e.bind["run"]),
    "rerun": lambda e: (e.sender, e.body["finished"]),
    **dict.fromkeys("request decision".split(), lambda e: e.body["release"]),
    "receipt": lambda e: (e.body["release"], e.body["domain"], e.body["dataset"]),
    **dict.fromkeys(
        "transfer transfer-sent transfer-receipt".split(), lambda e: e.body["transfer"]
    ),
    "review-approval": lambda e: (e.sender, e.body["release"], e.body["figures"]),
}


def canonical(value: Any) -> bytes:
    """RFC 8785, for values without floats."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return b"{" + b",".join(canonical(n) + b":" + canonical(value[n]) for n in names) + b"}"
    if isinstance(value, list):
        return b"[" + b",".join(map(canonical, value)) + b"]"
    if isinstance(value, float):
        raise ValueError("a float")
    return json.dumps(value, ensure_ascii=False).encode()


def parse(data: bytes) -> Any:
    value = json.loads(data.decode())
    if canonical(value) != data:
        raise ValueError("not canonical JSON")
    return value


def unbase64(text: str) -> bytes:
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError("not canonical base64")
    return data


def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def digest(value: Any) -> str:
    return sha256(canonical(value)).hex()


def signed(key: str, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(unbase64(key)).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def root(leaves: list[bytes]) -> bytes:
    """RFC 6962, over leaf hashes."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256()
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\x01", root(leaves[:half]), root(leaves[half:]))


def day(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).date().isoformat()


def nth(values: Iterable[int], n: int, *, largest: bool = False) -> int | None:
    ordered = sorted(values, reverse=largest)
    return ordered[n - 1] if len(ordered) >= n else None


@dataclass(frozen=True)
class Entry:
    index: int
    body: Any
    bind: Any
    signatures: list[Any]
    pae: bytes
    leaf: bytes

    @property
    def kind(self) -> str:
        return str(self.bind["type"]).removeprefix("padan/")

    @property
    def sender(self) -> str:
        return str(self.bind["from"])

    @property
    def digest(self) -> str:
        return sha256(self.pae).hex()


def entry(index: int, line: bytes) -> Entry:
    envelope = parse(line)
    if set(envelope) != {"payload", "payloadType", "signatures"}:
        raise ValueError("not an envelope")
    payload, kind = unbase64(envelope["payload"]), envelope["payloadType"].encode()
    pae = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
    leaf = sha256(b"\x00", line)
    return Entry(index, parse(payload), parse(kind), envelope["signatures"], pae, leaf)


@dataclass(frozen=True)
class Note:
    text: bytes
    origin: str
    size: int
    root: bytes
    lines: list[tuple[str, bytes, bytes]]  # name, key id, signature

    def by_service(self, member: Any) -> bool:
        return any(
            name == self.origin
            and key_id == key_id_of(name, 1, member)
            and signed(member["log_key"], signature, self.text)
            for name, key_id, signature in self.lines
        )

    def cosigned(self, members: dict[str, Any]) -> Iterator[tuple[str, int]]:
        """Each member that cosigned this, and its time; raises if one of its lines is false."""
        for name, key_id, signature in self.lines:
            member = members.get(name)
            if member is None or key_id != key_id_of(name, 4, member):
                continue
            at = int.from_bytes(signature[:8])
            message = b"cosignature/v1\ntime %d\n%s" % (at, self.text)
            if not signed(member["log_key"], signature[8:], message):
                raise ValueError(f"a false cosignature of {name}")
            if member["valid_from"] <= day(at) <= member["valid_until"]:
                yield name, at


def key_id_of(name: str, kind: int, member: Any) -> bytes:
    return sha256(name.encode(), b"\n", bytes([kind]), unbase64(member["log_key"]))[:4]


def note(data: bytes) -> Note:
    text, _, rest = data.partition(b"\n\n")
    origin, size, top = text.decode().split("\n")
    if not re.fullmatch("0|[1-9][0-9]*", size) or not rest.endswith(b"\n"):
        raise ValueError("not a note")
    lines = []
    for line in rest.decode()[:-1].split("\n"):
        dash, name, signature = line.split(" ")
        raw = unbase64(signature)
        if dash != "—":
            raise ValueError("not a signature line")
        lines.append((name, raw[:4], raw[4:]))
    return Note(text + b"\n", origin, int(size), unbase64(top), lines)


def read(path: Path) -> dict[str, bytes]:
    allowed = re.compile(
        r"format\.json|roster\.json|entries\.jsonl|checkpoint\.txt|"
        r"cosigned/[0-9]{8}(\.newest)?\.txt|facts/[0-9a-f]{64}\.json"
    )
    with zipfile.ZipFile(path) as archive:
        infos = archive.infolist()
        names = [info.filename for info in infos]
        plain = all(
            i.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
            and not (i.flag_bits & 1 or i.comment or i.extra[:2] == b"\x01\x00")
            for i in infos
        )
        whole = path.read_bytes()[-22:-18] == b"PK\5\6"
        plain = plain and whole and min(i.header_offset for i in infos) == 0
        if archive.comment or not plain or len(set(names)) < len(names):
            raise ValueError("not a plain zip")
        if strange := [name for name in names if not allowed.fullmatch(name)]:
            raise ValueError(f"{strange[0]} does not belong in a bundle")
        files = {name: archive.read(name) for name in names}
    first = "format.json" not in files
    if first and any(".newest." in name for name in files):
        raise ValueError("a bundle of the first format has no .newest.txt")
    if not first and files["format.json"] != b'{"type":"padan/evidence-bundle","version":2}':
        raise ValueError("another format")
    return files


class Log:
    """The entries of a bundle, and what is wrong with them."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.reasons: list[str] = []
        lines = files["entries.jsonl"].split(b"\n")
        if not lines[-1]:
            lines.pop()
        if not lines or lines[0] != files["roster.json"] or "checkpoint.txt" not in files:
            raise ValueError("no roster.json as the first entry, or no checkpoint.txt")
        self.entries = [entry(index, line) for index, line in enumerate(lines)]
        self.leaves = [e.leaf for e in self.entries]
        self.facts = {n[6:-5]: parse(d) for n, d in files.items() if n.startswith("facts/")}
        self.by_digest: dict[str, Entry] = {}
        self.seen: list[Entry] = []
        # The roster and the charter in force after so many entries.
        self.rosters: list[Any] = [None]
        self.charters: list[Any] = [None]
        self.cosigned: dict[int, dict[str, list[int]]] = {}
        self.follow()
        self.notes(files)
        self.witnessed = [size for size in self.cosigned if self.is_witnessed(size)]
        for e in self.entries:
            try:
                self.check(e)
            except MALFORMED as problem:
                self.wrong(e, f"is malformed ({problem!r})")
            self.seen.append(e)
            self.by_digest.setdefault(e.digest, e)
        self.check_facts()

    def wrong(self, e: Entry, text: str) -> None:
        self.reasons.append(f"entry {e.index} ({e.kind}): {text}")

    def need(self, holds: bool, e: Entry, text: str) -> None:
        if not holds:
            self.wrong(e, text)

    # --- what is in force where ---

    def follow(self) -> None:
        signers: dict[str, set[str]] = {}
        roster, charter = None, None
        self.proposed: Any = None
        for e in self.entries:
            if e.kind == "roster":
                self.need(self.is_roster(e, roster, charter), e, "is no roster that may follow")
                roster = e.body
            elif e.kind == "charter":
                self.proposed = self.proposed or e.body
                who = signers.setdefault(digest(e.body), set())
                who.add(e.sender)
                if who >= set(parties(e.body)):
                    charter = e.body
            self.rosters.append(roster)
            self.charters.append(charter)

    def is_roster(self, e: Entry, before: Any, charter: Any) -> bool:
        body, asked = e.body, members(e.body)
        signers = {name: asked[name] for name in body["authorities"]}
        ok = len({m["agency"] for m in signers.values()}) == 2
        if before is not None:
            for name in before["authorities"]:
                other = members(before)[name]
                if name in signers and signers[name]["signing_key"] != other["signing_key"]:
                    return False
                signers[name] = other
            ok = (
                ok
                and law(charter or self.proposed) > 1
                and body["version"] == before["version"] + 1
            )
            ok = ok and body.get("previous") == digest(before)
        elif e.index or "previous" in body:
            return False
        names = [s["keyid"] for s in e.signatures]
        ok = ok and len(asked) == len(body["members"]) and body.get("agencies") != []
        return (
            ok
            and all(set(m) == MEMBER for m in body["members"])
            and set(body) - {"agencies", "previous"} == ROSTER
            and body["type"] == "padan/roster"
            and sorted(names) == sorted(signers)
            and all(
                signed(signers[s["keyid"]]["signing_key"], unbase64(s["sig"]), e.pae)
                for s in e.signatures
            )
        )

    # --- checkpoints ---

    def notes(self, files: dict[str, bytes]) -> None:
        for name, data in files.items():
            if name != "checkpoint.txt" and not name.startswith("cosigned/"):
                continue
            found = note(data)
            want = len(self.entries) if name == "checkpoint.txt" else int(name[9:17])
            if found.size != want or not self.has(found):
                self.reasons.append(f"{name} is not of this log")
                continue
            witnesses = (self.charters[want] or {"witnesses": {"members": []}})["witnesses"]
            try:
                for who, at in found.cosigned(members(self.rosters[want])):
                    if who in witnesses["members"] and name != "checkpoint.txt":
                        self.cosigned.setdefault(want, {}).setdefault(who, []).append(at)
            except ValueError as problem:
                self.reasons.append(f"{name}: {problem}")

    def has(self, found: Note) -> bool:
        """Whether the service signed this checkpoint, and it is one of this log."""
        if found.size > len(self.entries) or not found.size:
            return False
        roster = self.rosters[found.size]
        return (
            found.origin == f"padan/{self.proposed['project']}"
            and found.root == root(self.leaves[: found.size])
            and found.by_service(service(roster))
        )

    def is_witnessed(self, size: int) -> bool:
        charter, roster = self.charters[size], members(self.rosters[size])
        who: set[str] = set(self.cosigned[size])
        if law(charter) > 1:
            unit = charter.get("linkage_unit") or {}
            run = {
                m["agency"] for m in roster.values() if {"service", "coordinator"} & set(m["roles"])
            }
            run |= {unit.get("controller"), *unit.get("superiors", ())}
            run |= set(unit.get("administrators", ()))
            who = {roster[name]["agency"] for name in who} - run
        return len(who) >= int(charter["witnesses"]["quorum"])

    def covered(self, e: Entry, *named: Entry) -> bool:
        last = max(n.index for n in named)
        return any(last < size <= e.index for size in self.witnessed)

    # --- entries ---

    def check(self, e: Entry) -> None:
        self.need(e.digest not in self.by_digest, e, "repeats an earlier one")
        if e.kind == "roster":
            here = {"project": "", "epoch": 0, "charter": "", "from": e.body["authorities"][0]}
            self.check_binding(e, {**here, "roster": digest(e.body)})
            return
        roster = self.rosters[e.index]
        charter = self.charters[e.index] or self.proposed
        if e.kind == "charter":
            charter = e.body
        where = {"project": charter["project"], "epoch": charter["epoch"]}
        where |= {"charter": digest(charter), "roster": digest(roster), "from": e.sender}
        reviews = "review-approval reviewed".split()
        if e.kind in ["stage", "approval", "approval-withdrawn", "decision", "receipt", *reviews]:
            where["run"] = e.body["release"]
        elif e.kind in SINCE_LAW_3:
            where["run"] = e.body["transfer"]
        elif e.kind in "order budget run rerun request".split():
            where["run"] = e.bind["run"]
            self.need(bool(re.fullmatch("[a-z0-9][a-z0-9-]{0,62}", where["run"])), e, "no run")
        if e.kind in ("approval", "approval-withdrawn"):
            where["manifest"] = e.body["stage" if e.kind == "approval" else "approval"]
        elif e.kind == "transfer-vote":
            where["manifest"] = e.body["request"]
        self.check_binding(e, where)
        sender = members(roster).get(e.sender)
        if sender is None or [s["keyid"] for s in e.signatures] != [e.sender]:
            self.wrong(e, "is not signed by its sender alone")
            return
        signature = unbase64(e.signatures[0]["sig"])
        self.need(signed(sender["signing_key"], signature, e.pae), e, "has a false signature")
        if e.kind == "charter":
            self.step_charter(e)
        else:
            fields = f"at {FIELDS[e.kind]}".split()
            must = {f for f in fields if not f.endswith("?")}
            may = {f.rstrip("?") for f in fields}
            self.need(must <= set(e.body) <= may, e, "has other fields")
            forms = (
                re.fullmatch(FORMS[name], value)
                for name, value in e.body.items()
                if name in FORMS and isinstance(value, str)
            )
            self.need(all(forms), e, "has a field of another form")
            valid = sender["valid_from"] <= day(e.body["at"]) <= sender["valid_until"]
            self.need(valid, e, "is signed with a key not valid on its day")
            self.need(self.may(e, sender, charter), e, f"is not for {e.sender} to say")
            self.check_time(e)
        new = e.kind in SINCE_LAW_3 and law(charter) < 3
        self.need(not new, e, "is not known to its law")
        if key := ONCE.get(e.kind):
            twice = any(key(x) == key(e) for x in self.before(e.kind))
            self.need(not twice, e, "is said twice")
        step = getattr(self, f"step_{e.kind.replace('-', '_')}", None)
        if step and e.kind != "charter":
            step(e, charter)

    def check_binding(self, e: Entry, where: dict[str, Any]) -> None:
        empty = {"manifest": "", "run": "", "to": "", "type": f"padan/{e.kind}", "version": 1}
        self.need(canonical(e.bind) == canonical(empty | where), e, "is bound elsewhere")

    def may(self, e: Entry, sender: Any, charter: Any) -> bool:
        roster = members(self.rosters[e.index])
        walidata = (each["member"] for each in charter.get("walidata", ()))
        authorities = self.rosters[e.index]["authorities"]
        part = (*parties(charter), *walidata, *authorities)
        agencies = {roster[member]["agency"] for member in part}
        is_a = {
            "party": e.sender in parties(charter),
            "auditor": e.sender in charter["auditors"],
            "owner": e.sender == owner(charter, e.body.get("dataset", self.asked(e))),
            "recipient": e.sender == e.body.get("recipient"),
            "dpo": e.sender in officers(charter),
            "approver": "approver" in sender["roles"] and sender["agency"] in agencies,
        }
        return e.kind not in BY or any(
            is_a.get(who, who in sender["roles"]) for who in BY[e.kind].split()
        )

    def before(self, kind: str, **fields: Any) -> list[Entry]:
        return [
            e
            for e in self.seen
            if e.kind == kind and all(e.body.get(name) == v for name, v in fields.items())
        ]

    def named(self, e: Entry, field: str, *kinds: str) -> Entry:
        found = self.by_digest.get(e.body[field])
        if found is None or found.kind not in kinds:
            raise ValueError(f"{field} names no earlier {kinds[0]}")
        return found

    # --- which step follows which ---

    def step_charter(self, e: Entry) -> None:
        body, sofar = e.body, [x.body for x in self.before("charter")]
        self.need(body["type"] == "padan/charter", e, "is no charter")
        self.need(e.sender in parties(body), e, "is not signed by a party")
        if now := self.charters[e.index]:
            self.need(body["version"] == now["version"] + 1, e, "skips a version")
        if law(body) == 1:
            others = [b for b in sofar if now is None or b["version"] > now["version"]]
            self.need(all(b == body for b in others), e, "differs from what others signed")
        midway = self.before("commit") and len(self.before("confirm")) < len(parties(body))
        self.need(not midway, e, "comes between the first commit and the last confirm")
        same = all((b["project"], b["epoch"]) == (body["project"], body["epoch"]) for b in sofar)
        self.need(same, e, "is of another project or epoch")

    def step_epoch(self, e: Entry, charter: Any) -> None:
        self.need(self.charters[e.index] is not None, e, "comes before all parties signed")

    def all_of(self, e: Entry, kind: str, charter: Any) -> list[Entry]:
        found = self.before(kind)
        have = {x.sender for x in found} >= set(parties(charter))
        self.need(have, e, f"comes before all {kind}s")
        return found

    def step_commit(self, e: Entry, charter: Any) -> None:
        self.need(bool(self.before("epoch")), e, "comes before the epoch")
        own = {d["id"] for d in charter["datasets"] if d["owner"] == e.sender}
        self.need(set(e.body["datasets"]) == own, e, "does not commit to the party's datasets")

    def step_reveal(self, e: Entry, charter: Any) -> None:
        last = max(x.index for x in self.all_of(e, "commit", charter))
        by_all = any(
            last < size <= e.index and set(who) >= set(parties(charter))
            for size, who in self.cosigned.items()
        )
        self.need(by_all, e, "comes before all parties saw all commits")
        peers = set(parties(charter)) - {e.sender}
        self.need(set(e.body["seals"]) == peers, e, "has not one seal for each peer")

    def step_confirm(self, e: Entry, charter: Any) -> None:
        self.all_of(e, "reveal", charter)

    def step_bundle(self, e: Entry, charter: Any) -> None:
        confirms = self.all_of(e, "confirm", charter)
        self.need(self.covered(e, *confirms), e, "the confirms are not witnessed")
        self.need(len({x.body["records_mac"] for x in confirms}) == 1, e, "records differ")
        of = [x.body["datasets"].get(e.body["dataset"]) for x in self.before("commit")]
        here = (e.body["handle_root"], e.body["count"])
        kept = [(x["handle_root"], x["count"]) for x in of if x is not None]
        self.need(here in kept, e, "is not what was committed")
        self.check_terms(e, charter)

    def check_terms(self, e: Entry, charter: Any) -> None:
        self.need(e.body["terms"] == terms(charter), e, "has other encoding terms")
        rules = charter["encoding"]["rules_digest"]
        self.need(e.body["rules"] == rules, e, "has other normalisation rules")

    def step_intake(self, e: Entry, charter: Any) -> None:
        bundle = self.named(e, "bundle", "bundle", "delta")
        self.need(bundle.body["dataset"] == e.body["dataset"], e, "is of another dataset")

    def standing(self, dataset: str, index: int) -> str:
        """The bundle or delta of a dataset that was taken in last, before that entry."""
        ins = [x for x in self.before("intake", dataset=dataset) if x.index < index]
        return str(ins[-1].body["bundle"]) if ins else ""

    def step_delta(self, e: Entry, charter: Any) -> None:
        old = self.named(e, "replaces", "bundle", "delta")
        self.need(old.digest == self.standing(e.body["dataset"], e.index), e, "replaces another")
        self.need(self.covered(e, old), e, "what it replaces is not witnessed")
        self.check_terms(e, charter)

    def step_order(self, e: Entry, charter: Any) -> None:
        have = {x.body["dataset"] for x in self.before("intake")}
        self.need(have >= {d["id"] for d in charter["datasets"]}, e, "a dataset is not taken in")

    def step_budget(self, e: Entry, charter: Any) -> None:
        order = self.named(e, "order", "order")
        self.need(order.bind["run"] == e.bind["run"], e, "is of another run")

    def executed(self, run: Entry) -> bool:
        order = self.named(run, "order", "order")
        charter = self.charters[run.index]
        stood = {d["id"]: self.standing(d["id"], order.index) for d in charter["datasets"]}
        same = all(run.body[f] == order.body[f] for f in ("thresholds_ppm", "nik_floor_ppm"))
        return same and run.body["bundles"] == stood

    def step_run(self, e: Entry, charter: Any) -> None:
        order = self.named(e, "order", "order")
        self.need(order.bind["run"] == e.bind["run"], e, "is of another run")
        self.need(bool(self.before("budget", order=order.digest)), e, "comes before the budget")
        self.need(self.covered(e, order), e, "the order is not witnessed")
        self.need(self.executed(e), e, "what was executed differs from what was ordered")

    def step_handed_over(self, e: Entry, charter: Any) -> None:
        self.need(e.body["to"] in charter["auditors"], e, "is not to an auditor")
        taken = [x.body["bundle"] for x in self.before("intake")]
        self.need(e.body["bundles"] == taken, e, "does not list every bundle and delta")

    def step_rerun(self, e: Entry, charter: Any) -> None:
        run = self.named(e, "finished", "run")
        self.need(run.bind["run"] == e.bind["run"], e, "is of another run")
        self.need(self.covered(e, run), e, "the run is not witnessed")
        self.need(e.body["result"] == run.body["result"], e, "got another result")
        counts = [e.body["counts"], *(stage["counts"] for stage in e.body.get("stages", []))]
        self.need("different" not in counts, e, "came to other counts")

    def step_request(self, e: Entry, charter: Any) -> None:
        runs = [x for x in self.before("run") if x.bind["run"] == e.bind["run"]]
        order = self.named(runs[0], "order", "order") if runs else None
        asked = set(e.body["domains"])
        self.need(order is not None, e, "comes before the run")
        self.need(order is None or asked <= set(order.body["domains"]), e, "asks for more")

    def step_withdraw(self, e: Entry, charter: Any) -> None:
        bundles = self.before("bundle", dataset=e.body["dataset"])
        self.need(bool(bundles), e, "comes before the bundle")

    def step_stage(self, e: Entry, charter: Any) -> None:
        request, run = self.named(e, "request", "request"), self.named(e, "run", "run")
        self.need(request.body["release"] == e.body["release"], e, "is of another release")
        self.need(request.bind["run"] == run.bind["run"], e, "is of another run")
        self.need(e.body["result"] == run.body["result"], e, "has another result than its run")
        if old := self.before("stage", release=e.body["release"]):
            gone = {x.body["approval"] for x in self.before("approval-withdrawn")}
            back = any(x.digest in gone for x in self.before("approval", stage=old[-1].digest))
            anew = self.before("withdraw") + self.before("delta")
            back = back or any(x.index > old[-1].index for x in anew)
            self.need(law(charter) > 1 and back, e, "is said twice")
            decided = self.before("decision", release=e.body["release"])
            self.need(not decided, e, "comes after the decision")

    def votes(self, stage: Entry) -> list[Entry]:
        gone = {x.body["approval"] for x in self.before("approval-withdrawn")}
        return [
            x
            for x in self.before("approval", release=stage.body["release"])
            if x.digest not in gone
            and (x.body["stage"] == stage.digest or x.body["verdict"] == "refuse")
        ]

    def step_approval(self, e: Entry, charter: Any) -> None:
        stage = self.named(e, "stage", "stage")
        same = all(stage.body[f] == e.body[f] for f in ("release", "facts"))
        self.need(same, e, "is not of the stage's release and facts")
        self.need(self.covered(e, stage), e, "the stage is not witnessed")
        self.need(e.sender not in {v.sender for v in self.votes(stage)}, e, "is said twice")
        self.need(e.body["expires"] <= stage.body["expires"], e, "outlasts the stage")
        gone = any(
            self.by_digest[x.body["approval"]].body["stage"] == stage.digest
            for x in self.before("approval-withdrawn")
            if x.sender == e.sender
        )
        self.need(e.body["verdict"] == "refuse" or not gone, e, "was withdrawn before")
        latest = self.before("stage", release=e.body["release"])[-1]
        self.need(latest is stage, e, "is of an earlier stage")
        self.need(not self.before("decision", release=e.body["release"]), e, "comes too late")

    def step_approval_withdrawn(self, e: Entry, charter: Any) -> None:
        vote = self.named(e, "approval", "approval")
        same = vote.sender == e.sender and vote.body["release"] == e.body["release"]
        self.need(same, e, "withdraws the vote of another")
        self.need(not self.before("decision", release=e.body["release"]), e, "comes too late")
        again = self.before("approval-withdrawn", approval=vote.digest)
        self.need(not again, e, "is said twice")

    def step_receipt(self, e: Entry, charter: Any) -> None:
        decision = self.named(e, "decision", "decision")
        self.need(decision.body["verdict"] == "released", e, "of what was not released")
        self.need(decision.body["release"] == e.body["release"], e, "is of another release")
        self.need(self.covered(e, decision), e, "the decision is not witnessed")
        for file in self.named(decision, "stage", "stage").body["files"]:
            if (file["domain"], file["dataset"]) == (e.body["domain"], e.body["dataset"]):
                self.need(file["recipient"] == e.sender, e, "is not of its recipient")
                same = all(file[f] == e.body[f] for f in ("ciphertext", "plaintext"))
                self.need(same, e, "has other digests than were staged")
                break
        else:
            self.wrong(e, "is of no staged file")
        self.need(e.body["canaries"] == "all-as-expected", e, "the canaries fared otherwise")

    # --- attributes and field reviews ---

    def asked(self, e: Entry) -> str | None:
        """The dataset of a transfer's request."""
        found = self.before("transfer", transfer=e.body.get("transfer"))
        return str(found[0].body["dataset"]) if found else None

    def file_of(self, release: str, **fields: Any) -> list[tuple[Any, bool]]:
        """The released files of a release with these fields, and whether each was opened."""
        out = [d for d in self.before("decision", release=release)
               if d.body["verdict"] == "released"]  # fmt: skip
        files = self.named(out[-1], "stage", "stage").body["files"] if out else []
        return [
            (f, bool(self.before("receipt", release=release, domain=f["domain"],
                                 dataset=f["dataset"])))
            for f in files
            if all(f[name] == value for name, value in fields.items())
        ]  # fmt: skip

    def days(self, e: Entry, charter: Any) -> None:
        ends = e.body["at"] + charter["release"]["stage_valid_days"] * 86400
        self.need(e.body["expires"] == ends, e, "ends on another day")

    def step_transfer(self, e: Entry, charter: Any) -> None:
        self.days(e, charter)
        body = e.body
        permits = [
            a
            for a in charter.get("attributes", ())
            if (a["dataset"], a["recipient"]) == (body["dataset"], body["recipient"])
        ]
        allowed = {c["name"] for a in permits for c in a["columns"]}
        self.need(set(body["columns"]) <= allowed, e, "asks for columns that are not agreed")
        self.need(len(set(body["columns"])) == len(body["columns"]) > 0, e, "repeats a column")
        pair = [d for d in charter["domains"] if d["id"] == body["domain"]]
        others = [s for d in pair for s in d["datasets"] if s != body["dataset"]]
        known = bool(pair) and body["dataset"] in pair[0]["datasets"] and len(others) == 1
        known = known and owner(charter, others[0]) == body["recipient"]
        self.need(known and others[0] in pair[0]["learn"], e, "is of another domain")
        for dataset in (body["dataset"], *others):
            there = self.file_of(body["release"], domain=body["domain"], dataset=dataset)
            self.need(bool(there), e, "is of what was not released")

    def last_words(self, transfer: str, charter: Any) -> list[Entry]:
        last = {x.sender: x for x in self.before("transfer-vote", transfer=transfer)}
        return [
            x
            for x in sorted(last.values(), key=lambda x: x.index)
            if x.body["verdict"] == "refuse" or x.bind["charter"] == digest(charter)
        ]

    def of_sender(self, e: Entry, charter: Any, dataset: str | None) -> tuple[bool, bool]:
        """Whether who signs is an approver of the owner's agency, and whether its officer."""
        roster, sender = members(self.rosters[e.index]), owner(charter, dataset)
        of = next((p for p in charter["parties"] if p["member"] == sender), None)
        same = of is not None and roster[e.sender]["agency"] == roster[sender]["agency"]
        approver = same and "approver" in roster[e.sender]["roles"]
        return approver, of is not None and of.get("dpo") == e.sender

    def step_transfer_vote(self, e: Entry, charter: Any) -> None:
        request = self.named(e, "request", "transfer")
        self.need(request.body["transfer"] == e.body["transfer"], e, "is of another transfer")
        entitled = self.of_sender(e, charter, request.body["dataset"])
        self.need(any(entitled), e, "is not by the sender's approver or officer")
        self.need(self.covered(e, request), e, "the request is not witnessed")
        sent = self.before("transfer-sent", transfer=e.body["transfer"])
        self.need(not sent, e, "comes after the sending")
        mine = [x for x in self.before("transfer-vote", request=request.digest)
                if x.sender == e.sender]  # fmt: skip
        again = mine and (e.body["verdict"] == "approve" or mine[-1].body["verdict"] == "refuse")
        self.need(not again, e, "is said twice")
        if e.body["verdict"] == "approve":
            self.need(e.body["at"] <= request.body["expires"], e, "comes too late")
            self.need(e.sender != request.sender, e, "approves its own request")

    def step_transfer_sent(self, e: Entry, charter: Any) -> None:
        request = self.named(e, "request", "transfer")
        self.days(e, charter)
        self.need(request.body["transfer"] == e.body["transfer"], e, "is of another transfer")
        self.need(request.bind["charter"] == digest(charter), e, "the charter has changed")
        self.need(e.body["at"] <= request.body["expires"], e, "the request has expired")
        votes = self.last_words(e.body["transfer"], charter)
        self.need(e.body["votes"] == [v.digest for v in votes], e, "lists other votes")
        self.need(all(v.body["verdict"] == "approve" for v in votes), e, "was refused")
        by = [self.of_sender(v, charter, request.body["dataset"]) for v in votes]
        officer, approver = any(o for _, o in by), any(a and not o for a, o in by)
        self.need(officer and approver, e, "lacks the approver or the officer")
        self.need(self.covered(e, request, *votes), e, "request or votes are not witnessed")
        rules = [{"passed": True, "rule": rule} for rule in TRANSFER_RULES]
        self.need(e.body["rules"] == rules, e, "has not every rule, in order and passed")
        self.need(2 <= e.body["parts"] <= 100_000, e, "has another number of parts")

    def step_transfer_receipt(self, e: Entry, charter: Any) -> None:
        sent = self.named(e, "sent", "transfer-sent")
        self.need(sent.body["transfer"] == e.body["transfer"], e, "is of another transfer")
        request = self.named(sent, "request", "transfer")
        self.need(e.sender == request.body["recipient"], e, "is not of its recipient")
        same = all(sent.body[f] == e.body[f] for f in ("ciphertext", "plaintext"))
        self.need(same, e, "has other digests than were sent")
        self.need(e.body["at"] <= sent.body["expires"], e, "comes too late")
        self.need(self.covered(e, sent), e, "the sending is not witnessed")

    def opened(self, e: Entry) -> set[str]:
        found = self.file_of(e.body["release"], dataset=e.body["dataset"], form="membership")
        return {f["domain"] for f, is_opened in found if is_opened}

    def step_review_approval(self, e: Entry, charter: Any) -> None:
        roster, by = members(self.rosters[e.index]), owner(charter, e.body["dataset"])
        same = by is not None and roster[by]["agency"] == roster[e.sender]["agency"]
        self.need(same, e, "is of another agency")
        self.need(bool(self.opened(e)), e, "comes before the files are opened")

    def step_reviewed(self, e: Entry, charter: Any) -> None:
        body, strata = e.body, e.body["strata"]
        decision = self.named(e, "decision", "decision")
        same = decision.body["release"] == body["release"] and body["project"] == charter["project"]
        self.need(same, e, "is of another release or project")
        said = {x["domain"] for x in strata}
        self.need(bool(strata) and said <= self.opened(e), e, "names a domain not opened")
        others = [
            s
            for d in charter["domains"]
            if d["id"] in said
            for s in d["datasets"]
            if s != body["dataset"]
        ]
        self.need(len(set(others)) == len(others), e, "has two domains that share a source")
        runs = {self.run_of(x.body["release"]) for x in self.before("reviewed",
                dataset=body["dataset"])}  # fmt: skip
        self.need(self.run_of(body["release"]) not in runs, e, "is said twice")
        least = charter["release"]["minimum_cell"]
        empty = charter["release"]["empty_cell_allowed"]

        def large(count: int | None) -> bool:
            return count is None or count >= least or (count == 0 and empty)

        for x in strata:
            two = (x["same"], x["other"])
            hidden = two == (None, None)
            fits = x["resolved"] >= least and all(map(large, (*two, x["unresolved"])))
            fits = fits and (None not in two or hidden) and hidden == (x["few"] is not None)
            self.need(fits and (hidden or sum(two) == x["resolved"]), e, "has a small count")
        figures = digest({name: value for name, value in body.items() if name != "at"})
        now = {m["signing_key"] for m in self.rosters[e.index]["members"]}
        agency = members(self.rosters[e.index])[e.sender]["agency"]
        yes = [
            x
            for x in self.before("review-approval", figures=figures, dataset=body["dataset"])
            if x.bind["charter"] == digest(charter)
            and members(self.rosters[x.index])[x.sender]["agency"] == agency
            and members(self.rosters[x.index])[x.sender]["signing_key"] in now
        ]
        self.need(bool(yes) and self.covered(e, yes[0]), e, "is not approved under a witness")

    def run_of(self, release: str) -> str:
        found = self.before("request", release=release)
        return str(found[0].bind["run"]) if found else ""

    def step_end(self, e: Entry, charter: Any) -> None:
        early = len(parties(charter)) == 2 and not self.before("confirm")
        self.need(early, e, "is not by one of two, before there are keys")

    def step_exception_ended(self, e: Entry, charter: Any) -> None:
        self.named(e, "exception", "exception")
        self.need(law(charter) > 1, e, "is not known to the first law")

    def step_hold_lifted(self, e: Entry, charter: Any) -> None:
        hold = self.named(e, "hold", "hold")
        roster = members(self.rosters[e.index])
        same = roster[hold.sender]["agency"] == roster[e.sender]["agency"]
        self.need(same, e, "is not by who placed it, or for it")

    def step_probe(self, e: Entry, charter: Any) -> None:
        self.need(e.body["report"]["encoding"] == probed(charter), e, "is of other encodings")

    # --- decisions ---

    def step_decision(self, e: Entry, charter: Any) -> None:
        stage = self.named(e, "stage", "stage")
        latest = self.before("stage", release=e.body["release"])[-1:]
        self.need(latest == [stage], e, "is not of the release's stage")
        self.need(self.covered(e, stage), e, "the stage is not witnessed")
        votes = self.votes(stage)
        self.need(e.body["approvals"] == [v.digest for v in votes], e, "lists other votes")
        said = {r["rule"]: r["passed"] for r in e.body["rules"]}
        names = [r["rule"] for r in e.body["rules"]]
        want = [r for r in LAW_2_RULES if law(charter) > 1 or r not in NOT_IN_LAW_1]
        self.need(names == want, e, "has not every rule of its law, in order")
        verdict = "released" if all(said.values()) else "refused"
        self.need(e.body["verdict"] == verdict, e, "its verdict does not fit its rules")
        for rule, passes in self.judge(e, stage, votes, charter, e.body["at"]):
            if said.get(rule) is not passes:
                self.wrong(e, f"says {said.get(rule)} of {rule}, which is {passes}")
        lacking = self.witness_times(e)[1]
        if verdict == "released" and lacking is not None:
            for rule, passes in self.judge(e, stage, votes, charter, lacking - SLACK):
                self.need(passes, e, f"came after its time: {rule}")

    def judge(
        self, e: Entry, stage: Entry, votes: list[Entry], charter: Any, at: int
    ) -> Iterator[tuple[str, bool]]:
        request, run = self.named(stage, "request", "request"), self.named(stage, "run", "run")
        roster = members(self.rosters[e.index])
        domains = [d for d in charter["domains"] if d["id"] in request.body["domains"]]
        yield "release.executed", self.executed(run)
        files = [tuple(f[k] for k in ("domain", "dataset", "recipient", "form"))
                 for f in stage.body["files"]]  # fmt: skip
        want = [
            (d["id"], s, owner(charter, s), "membership" if s in d["learn"] else "private-index")
            for d in domains
            for s in d["datasets"]
        ]
        yield "release.output-files", sorted(files) == sorted(want)
        yield "release.budget", len(self.before("request")) <= charter["budget"]["releases"]
        own = roster[request.sender]["agency"]
        yes: dict[bool, set[str]] = {True: set(), False: set()}
        no = set()
        for vote in votes:
            officer = vote.sender in officers(charter)
            if vote.body["verdict"] == "refuse":
                no.add(officer)
            elif at <= vote.body["expires"] and (
                law(charter) == 1 or vote.bind["charter"] == digest(charter)
            ):
                yes[officer].add(roster[vote.sender]["agency"])
        enough = len(yes[False] - {own}) >= charter["release"]["approvals"]
        yield "release.approvals", enough and False not in no
        asked = charter["release"].get("dpo_approval", False)
        yield "release.dpo", True not in no and (bool(yes[True]) or not asked)
        released = [x for x in self.before("decision") if x.body["verdict"] == "released"]
        fresh = all(x.index < stage.index for x in released)
        yield "release.stage-fresh", at <= stage.body["expires"] and fresh
        if facts := self.facts.get(stage.body["facts"]):
            least = charter["release"]["minimum_cell"]
            empty = charter["release"]["empty_cell_allowed"]
            counts = [
                facts["facts"]["domains"][d["id"]]["datasets"][s][side]
                for d in domains
                for s in d["learn"]
                for side in ("matched", "unmatched")
            ]
            big = all(n >= least or (n == 0 and empty) for n in counts)
            yield "release.minimum-cell", big
            rows = [cell["rows"] for cell in facts["facts"]["cells"]]
            yield "release.cells", all(n == 0 or n >= least for n in rows)

    # --- facts and times ---

    def check_facts(self) -> None:
        committed = {e.body["facts"]: e for e in self.entries if e.kind in ("run", "stage")}
        for name, opened in self.facts.items():
            made = digest({**opened, "type": "padan/facts-commitment"})
            fits = set(opened) == {"facts", "salt"} and len(unbase64(opened["salt"])) == 32
            if made != name or not fits or name not in committed:
                self.reasons.append(f"facts/{name}.json are not what was committed to")
                continue
            e, facts = committed[name], opened["facts"]
            if e.kind == "stage":
                run = self.by_digest[e.body["run"]].body["facts"]
                if run in self.facts:
                    counted = self.facts[run]["facts"]["domains"].items()
                    same = facts["domains"].items() <= dict(counted).items()
                    self.need(same, e, "its domains are not counted as its run counted them")

    def witness_times(self, e: Entry) -> tuple[int | None, int | None]:
        """There by, and lacking at."""
        there: dict[str, int] = {}
        lacking: dict[str, int] = {}
        for size, who in self.cosigned.items():
            for name, times in who.items():
                if size > e.index:
                    there[name] = min(there.get(name, min(times)), *times)
                else:
                    lacking[name] = max(lacking.get(name, 0), *times)
        last = self.charters[-1]
        k = 1 if last and len(last["witnesses"]["members"]) == 1 else 2
        return nth(there.values(), k), nth(lacking.values(), k, largest=True)

    def check_time(self, e: Entry) -> None:
        at = e.body["at"]
        there, lacking = self.witness_times(e)
        self.need(there is None or at <= there + SLACK, e, "is dated after it was seen")
        if self.is_late(e):
            about = {"stage": "release", "transfer": "transfer"}
            kind = "transfer" if e.kind == "transfer-vote" else "stage"
            stages = self.before(kind, **{about[kind]: e.body.get(about[kind])})
            least = stages[-1].body["at"] if stages else 0
        else:
            times = [x.body["at"] for x in self.seen if "at" in x.body and not self.is_late(x)]
            least = max([lacking or 0, *times])
        self.need(at >= least - SLACK, e, "is dated before what came before it")

    def is_late(self, e: Entry) -> bool:
        """Whether the statement was written before it came to the log: on paper, or offline."""
        by_party = e.kind == "destroyed" and e.sender != service(self.rosters[e.index])["id"]
        return e.kind in ("approval", "approval-withdrawn", "transfer-vote") or by_party


def members(roster: Any) -> dict[str, Any]:
    return {m["id"]: m for m in roster["members"]}


def service(roster: Any) -> Any:
    (only,) = [m for m in roster["members"] if "service" in m["roles"]]
    return only


def parties(charter: Any) -> list[str]:
    return [p["member"] for p in charter["parties"]]


def officers(charter: Any) -> set[str]:
    return {p["dpo"] for p in charter["parties"]}


def owner(charter: Any, dataset: Any) -> str | None:
    return next((d["owner"] for d in charter["datasets"] if d["id"] == dataset), None)


def law(charter: Any) -> int:
    return int(charter.get("law", "padan-law-1")[-1]) if charter else 1


def terms(charter: Any) -> str:
    return digest(
        {
            "type": "padan/encoding-terms",
            "version": 1,
            "project": charter["project"],
            "epoch": charter["epoch"],
            "purpose": charter["purpose"]["code"],
            "parties": sorted(parties(charter)),
            "datasets": sorted(d["id"] for d in charter["datasets"]),
            "fields": charter["fields"],
            "encoding": charter["encoding"],
        }
    )


def probed(charter: Any) -> str:
    encoding = {name: charter["encoding"][name] for name in ("profile", "nik_leg", "encodings")}
    return digest({"type": "padan/probed-encoding", "fields": charter["fields"], **encoding})


def verify(path: Path, roster_digest: str | None, checkpoint: str | None) -> tuple[int, list[str]]:
    try:
        log = Log(read(path))
        reasons = log.reasons
        rosters = {digest(e.body) for e in log.entries if e.kind == "roster"}
        if roster_digest is not None and roster_digest not in rosters:
            reasons.append("the roster is not the one that is held")
        if checkpoint is not None and not log.has(note(checkpoint.encode())):
            reasons.append("the checkpoint that is held is not one of this log")
    except (*MALFORMED, OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as problem:
        reasons = [f"the bundle cannot be read: {problem!r}"]
    if reasons:
        return 7, reasons
    if roster_digest is None or checkpoint is None:
        return 9, ["the roster's digest or a checkpoint from elsewhere is missing"]
    return 0, []
