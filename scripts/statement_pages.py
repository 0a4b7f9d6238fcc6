"""The statements of a log, as docs/reference/formats.md tells them: made from the models.

The models say which fields there are; what each digest is taken over is said here, and a digest
that nobody describes fails the page.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from policy.base.canonical import sha256
from policy.charter import FIRST_LAW
from policy.crypto.envelope import parse_envelope, pre_authentication
from policy.evidence import read_bundle
from policy.log import leaf_hash, root_hash
from policy.statements import BODIES

_VECTOR = Path(__file__).parents[1] / "tests" / "vectors" / "evidence" / FIRST_LAW / "clean"
_ENTRY = 4

_DIGEST, _BASE64 = "^[0-9a-f]{64}$", "^[A-Za-z0-9+/]*={0,2}$"
_NAME = "^[a-z0-9][a-z0-9-]{0,62}$"

# What a digest is taken over, by the statement's type and the field.
OVER = {
    "epoch.service_key": (
        "the HPKE public key of this epoch: 1,184 bytes of ML-KEM-768, then 32 of X25519"
    ),
    "probe.report.encoding": "the charter's probed encoding (below)",
    "exception-ended.exception": "the exception (statement digest)",
    "commit.commitment": (
        "`padan/commit/v1`, project, epoch in decimal, member, charter digest, roster "
        "digest, share; joined by 0x00"
    ),
    "commit.epoch_key": "the member's HPKE public key of this epoch",
    "commit.datasets.handle_root": "the RFC 6962 root over the handles in ascending order",
    "reveal.seals": "for each peer: the seal that carries the share",
    "confirm.records_mac": (
        "not a digest but an HMAC under the project's key: equal for all parties"
    ),
    "confirm.member_mac": "not a digest but an HMAC under the project's key: one a party",
    "bundle.handle_root": "as in the commitment",
    "bundle.terms": "the charter's encoding terms (below)",
    "bundle.rules": "the encoder's normalisation rules, as the charter names them",
    "bundle.seal": "the seal that carries the file key",
    "bundle.chunk_list": "the canonical JSON list of the chunks' digests",
    "intake.bundle": "the statement of the bundle or delta (statement digest)",
    "delta.handle_root": "the root over all handles that stand once the delta is in",
    "delta.terms": "as of a bundle",
    "delta.rules": "as of a bundle",
    "delta.seal": "as of a bundle",
    "delta.chunk_list": "as of a bundle",
    "delta.replaces": "the bundle or delta valid before (statement digest)",
    "delta.left": "the canonical JSON list of the handles that stand no longer",
    "withdraw.handles": "the canonical JSON list of the handles",
    "budget.order": "the order (statement digest)",
    "run.order": "the order (statement digest)",
    "run.bundles": "for each dataset: the bundle or delta then valid (statement digest)",
    "run.result": (
        "the groups found (`linkage_service/matching/result.py`); only a rerun can compute it"
    ),
    "run.facts": "the facts' commitment (below)",
    "handed-over.bundles": "every bundle and delta accepted so far (statement digests, in order)",
    "rerun.finished": "the run (statement digest)",
    "rerun.result": "as `run.result`, found by the second operator",
    "rerun.stages.stage": "a stage of that run (statement digest)",
    "stage.request": "the request (statement digest)",
    "stage.run": "the run (statement digest)",
    "stage.result": "the run's `result`",
    "stage.facts": "the facts' commitment (below)",
    "stage.withdrawn": "the withdrawals and deltas since the order (statement digests, in order)",
    "stage.files.plaintext": "the release file before it is sealed",
    "stage.files.ciphertext": "the sealed file that is handed out",
    "approval.stage": "the stage (statement digest)",
    "approval.facts": "the stage's `facts`",
    "approval-withdrawn.approval": "the approval (statement digest)",
    "decision.stage": "the stage (statement digest)",
    "decision.approvals": "all votes not withdrawn, in the log's order (statement digests)",
    "review-approval.figures": ("the canonical JSON of what a `padan/reviewed` says, without `at`"),
    "reviewed.decision": "the decision of the release (statement digest)",
    "reviewed.salt": "not a digest but 32 secret bytes, so that unsaid counts cannot be guessed",
    "receipt.decision": "the decision (statement digest)",
    "receipt.ciphertext": "the file that came",
    "receipt.plaintext": "what was in it; of nothing, if it could not be opened",
    "transfer-vote.request": "the request of the transfer (statement digest)",
    "transfer-sent.request": "the request of the transfer (statement digest)",
    "transfer-sent.votes": "every vote that counts, in the log's order (statement digests)",
    "transfer-sent.plaintext": "the attribute file before it is sealed",
    "transfer-sent.ciphertext": "the sealed file, as of a release file",
    "transfer-receipt.sent": "the sending (statement digest)",
    "transfer-receipt.plaintext": "as in the sending",
    "transfer-receipt.ciphertext": "as in the sending",
    "destroyed.objects": "what the log shows of the thing: manifests, results, facts, files",
    "hold-lifted.hold": "the hold (statement digest)",
}


def statements() -> Iterator[str]:
    """Each statement's type, who makes it, and its fields."""
    for type_, body in BODIES.items():
        name = type_.removeprefix("padan/")
        yield f"### `{type_}`"
        yield ""
        if name in ("roster", "charter"):
            yield {
                "roster": (
                    "The roster, signed by both authorities; its fields are in its own section."
                ),
                "charter": (
                    "The charter, signed by one party; `padan-policy charter schema` "
                    "prints its fields."
                ),
            }[name]
            yield ""
            continue
        yield _first_paragraph(body)
        yield ""
        yield "| field | form | meaning of a digest |"
        yield "|---|---|---|"
        schema = body.model_json_schema(by_alias=True)
        for field, form, path in _fields(name, schema, schema):
            yield f"| `{field}` | {form} | {_over(path, form)} |"
        yield ""


def _first_paragraph(body: type) -> str:
    text = inspect.cleandoc(body.__doc__ or "")
    return " ".join(text.split("\n\n")[0].split())


def _over(path: str, form: str) -> str:
    if "digest" not in form and "base64" not in form:
        return ""
    if path not in OVER:
        raise KeyError(f"scripts/statement_pages.py does not say what {path} is taken over")
    return OVER[path]


def _fields(
    path: str, schema: dict[str, Any], root: dict[str, Any], inside: str = ""
) -> Iterator[tuple[str, str, str]]:
    """Name, form and path of each field, those of nested objects after it."""
    required = set(schema.get("required", ()))
    for name, each in schema["properties"].items():
        form, nested = _form(each, root)
        if (schema["title"], name) in _omitted():
            form += "; left out when it has its default"
        elif name not in required:
            default = json.dumps(each.get("default"))
            form += f"; `{default}` where there is none"
        yield f"{inside}{name}", form, f"{path}.{name}"
        if nested is not None:
            yield from _fields(f"{path}.{name}", nested, root, f"{inside}{name}.")


@cache
def _omitted() -> frozenset[tuple[str, str]]:
    """Fields that are left out of the canonical form when they have their default, by model."""
    found: set[tuple[str, str]] = set()
    waiting: list[Any] = list(BODIES.values())
    seen: set[Any] = set()
    while waiting:
        kind = waiting.pop()
        if kind in seen:
            continue
        seen.add(kind)
        waiting += get_args(kind)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            for name, field in kind.model_fields.items():
                waiting.append(field.annotation)
                if field.exclude_if is not None:
                    found.add((kind.__name__, field.alias or name))
    return frozenset(found)


def _form(each: dict[str, Any], root: dict[str, Any]) -> tuple[str, dict[str, Any] | None]:
    """What a field looks like, and the object inside of it, if there is one."""
    if "$ref" in each:
        nested = root["$defs"][each["$ref"].rsplit("/", 1)[1]]
        return ("object", nested) if "properties" in nested else _form(nested, root)
    if "anyOf" in each:
        return _form(next(one for one in each["anyOf"] if one.get("type") != "null"), root)
    if "const" in each:
        return f"`{each['const']}`", None
    if "enum" in each:
        return " or ".join(f"`{value}`" for value in each["enum"]), None
    kind = each.get("type")
    if kind == "array":
        inner, nested = _form(each.get("items", {}), root)
        return f"list of {inner}", nested
    if kind == "object":
        patterns = each.get("patternProperties") or {"": each.get("additionalProperties", {})}
        inner, nested = _form(next(iter(patterns.values())), root)
        return f"map of names to {inner}", nested
    if kind == "string":
        return _text(each), None
    return {"integer": "integer", "boolean": "true or false"}[str(kind)], None


def _text(each: dict[str, Any]) -> str:
    known = {_DIGEST: "digest", _BASE64: "base64", _NAME: "name"}
    if each.get("format") == "date":
        return "date (YYYY-MM-DD)"
    return known.get(each.get("pattern", ""), "text")


def example() -> Iterator[str]:
    """One entry of a stored log, byte for byte, and what is made of it."""
    bundle = read_bundle(_VECTOR / "evidence.zip")
    leaf = bundle.leaves[_ENTRY]
    envelope = parse_envelope(leaf)
    hashes = [leaf_hash(each) for each in bundle.leaves]
    made = {
        "body digest": sha256(envelope.body),
        "statement digest": envelope.content_digest(),
        "leaf hash": hashes[_ENTRY].hex(),
        f"root of the first {_ENTRY + 1} entries": root_hash(hashes[: _ENTRY + 1]).hex(),
    }
    folder = f"tests/vectors/evidence/{FIRST_LAW}/{_VECTOR.name}"
    yield f"Entry {_ENTRY} (from 0) of `{folder}/evidence.zip`:"
    yield ""
    yield "```json"
    yield leaf.decode()
    yield "```"
    yield ""
    yield "| of it | hex |"
    yield "|---|---|"
    yield from (f"| {name} | `{value}` |" for name, value in made.items())
    signature = envelope.signatures[0]
    note = bundle.cosigned[0]
    yield ""
    yield (
        f"Its PAE is `DSSEv1 {len(envelope.payload_type.encode())} `, the payload type, ` "
        f"{len(envelope.body)} `, and the payload: "
        f"{len(pre_authentication(envelope.payload_type, envelope.body))} bytes in all. The key of"
        f" `{signature.keyid}` is its `signing_key` in entry 0. The first cosigned checkpoint of"
        " that bundle is:"
    )
    yield ""
    yield "```"
    yield note.rstrip("\n")
    yield "```"
