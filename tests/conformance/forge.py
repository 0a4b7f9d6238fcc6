"""Bundles signed again with keys of the tests: what a lying service and its friends could write.

Takes a stored bundle apart, gives every member new keys, and puts it together again, with entries
left out, added, moved or changed. Digests of earlier statements are carried over.
"""

import base64
import copy
import hashlib
import io
import json
import zipfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.conformance.second_verifier import canonical, digest, entry, root


def key(name: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())


def public(name: str) -> str:
    return base64.b64encode(key(name).public_key().public_bytes_raw()).decode()


def write(files: dict[str, bytes], path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name), files[name], zipfile.ZIP_DEFLATED)
    return path


def unzip(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@dataclass
class Step:
    body: Any
    bind: Any
    signers: list[str]
    was: str = ""  # the statement digest in the stored bundle
    body_was: str = ""

    @property
    def kind(self) -> str:
        return str(self.bind["type"]).removeprefix("padan/")

    def copy(self, **fields: Any) -> "Step":
        """The same with other fields in its body, and a name of its own."""
        body = {**copy.deepcopy(self.body), **fields}
        return replace(self, body=body, bind=dict(self.bind), was="", body_was="")


@dataclass
class Forgery:
    """A log to be signed; `times` is when each witness saw each size, unless all at once."""

    steps: list[Step]
    facts: dict[str, Any]
    version: int
    at: int
    unseen: set[int] = field(default_factory=set)
    times: dict[tuple[str, int], int] = field(default_factory=dict)
    absent: set[tuple[str, int]] = field(default_factory=set)
    # The counts of field reviews by their digest: an approval names them before they are said.
    reviews: dict[str, Step] = field(default_factory=dict)

    @classmethod
    def of(cls, path: Path) -> "Forgery":
        files = unzip(path)
        steps = []
        for index, line in enumerate(files["entries.jsonl"].splitlines()):
            e = entry(index, line)
            if e.kind == "roster":
                for member in e.body["members"]:
                    member["signing_key"] = public(f"sign {member['id']}")
                    member["log_key"] = public(f"log {member['id']}")
            body_was = hashlib.sha256(base64.b64decode(json.loads(line)["payload"])).hexdigest()
            names = [s["keyid"] for s in e.signatures]
            steps.append(Step(e.body, dict(e.bind), names, e.digest, body_was))
        facts = {n: json.loads(d) for n, d in files.items() if n.startswith("facts/")}
        at = max(s.body["at"] for s in steps if "at" in s.body)
        reviews = {figures(s.body): s for s in steps if s.kind == "reviewed"}
        version = 2 if "format.json" in files else 1
        return cls(steps, facts, version, at, reviews=reviews)

    def find(self, kind: str, nth: int = 0) -> Step:
        return [s for s in self.steps if s.kind == kind][nth]

    def index(self, kind: str, nth: int = 0) -> int:
        return next(i for i, s in enumerate(self.steps) if s is self.find(kind, nth))

    def set_facts(self, step: Step, change: Any) -> None:
        """Opens other facts, and commits to them."""
        opened = self.facts.pop(f"facts/{step.body['facts']}.json")
        change(opened["facts"])
        old = step.body["facts"]
        new = digest({**opened, "type": "padan/facts-commitment"})
        for other in self.steps:
            if other.body.get("facts") == old:
                other.body["facts"] = new
        for more in list(self.facts):
            inner = self.facts[more]["facts"]
            if inner.get("run") == old:
                inner["run"] = new
                stage = next(s for s in self.steps if more == f"facts/{s.body.get('facts')}.json")
                self.set_facts(stage, lambda facts: None)
        self.facts[f"facts/{new}.json"] = opened

    def files(self) -> tuple[dict[str, bytes], str]:
        """The members of the bundle, and the digest of its first roster."""
        made: dict[str, str] = {}
        lines, leaves, rosters = [], [], []
        for step in self.steps:
            body, bind = carried(step.body, made), carried(step.bind, made)
            if step.kind == "review-approval" and body["figures"] in self.reviews:
                body["figures"] = figures(carried(self.reviews[body["figures"]].body, made))
            if step.kind in ("charter", "roster"):
                made[step.body_was or digest(step.body)] = digest(body)
                bind[step.kind] = digest(body)
            payload, kind = canonical(body), canonical(bind)
            pae = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
            if step.was:
                made[step.was] = hashlib.sha256(pae).hexdigest()
            signatures = [
                {"keyid": n, "sig": base64.b64encode(key(f"sign {n}").sign(pae)).decode()}
                for n in step.signers
            ]
            envelope = {
                "payload": base64.b64encode(payload).decode(),
                "payloadType": kind.decode(),
                "signatures": signatures,
            }
            lines.append(canonical(envelope))
            leaves.append(hashlib.sha256(b"\0" + lines[-1]).digest())
            if step.kind == "roster":
                rosters.append(digest(body))
        files = {"roster.json": lines[0], "entries.jsonl": b"\n".join(lines) + b"\n"}
        if self.version == 2:
            files["format.json"] = b'{"type":"padan/evidence-bundle","version":2}'
        for name, opened in self.facts.items():
            files[name] = canonical(opened)
        for size in range(1, len(lines) + 1):
            note = self.note(size, root(leaves[:size]))
            if size not in self.unseen and self.witnesses():
                files[f"cosigned/{size:08}.txt"] = note
        files["checkpoint.txt"] = note
        return files, rosters[0]

    def witnesses(self) -> list[str]:
        return list(self.find("charter").body["witnesses"]["members"])

    def note(self, size: int, top: bytes) -> bytes:
        origin = f"padan/{self.find('charter').body['project']}"
        text = f"{origin}\n{size}\n{base64.b64encode(top).decode()}\n".encode()
        out = [line(origin, 1, "log service", key("log service").sign(text))]
        for name in self.witnesses():
            if (name, size) in self.absent:
                continue
            at = self.times.get((name, size), self.at)
            signature = key(f"log {name}").sign(b"cosignature/v1\ntime %d\n%s" % (at, text))
            out.append(line(name, 4, f"log {name}", at.to_bytes(8, "big") + signature))
        return text + b"\n" + b"".join(out)


def line(name: str, kind: int, of: str, signature: bytes) -> bytes:
    raw = key(of).public_key().public_bytes_raw()
    key_id = hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + raw).digest()[:4]
    return f"— {name} {base64.b64encode(key_id + signature).decode()}\n".encode()


def figures(body: Any) -> str:
    """The digest of what a field review says."""
    return digest({name: value for name, value in body.items() if name != "at"})


def carried(value: Any, made: dict[str, str]) -> Any:
    """With every digest of a stored statement as that of the one signed again."""
    if isinstance(value, dict):
        return {name: carried(inner, made) for name, inner in value.items()}
    if isinstance(value, list):
        return [carried(inner, made) for inner in value]
    return made.get(value, value) if isinstance(value, str) else value
