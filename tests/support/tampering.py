"""Every way to change one thing in a JSON tree, a statement, a log or its notes."""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from policy.base.canonical import canonical_json
from policy.base.errors import PadanError
from policy.crypto.envelope import pre_authentication
from policy.statements import parse_statement

Path = tuple[Any, ...]


def mutations(tree: Any) -> Iterator[tuple[str, Any]]:
    """The tree with one thing changed, once for every thing; what was done comes first."""
    for path, value in nodes(tree):
        if isinstance(value, dict):
            yield from _of_object(tree, path, value)
        elif isinstance(value, list):
            yield from _of_list(tree, path, value)
        else:
            yield f"change {_name(path)}", changed(tree, path, other(value))


def nodes(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every node of a tree, the tree itself first."""
    yield path, value
    if isinstance(value, dict | list):
        inner = value.items() if isinstance(value, dict) else enumerate(value)
        for key, each in inner:
            yield from nodes(each, (*path, key))


def _of_object(tree: Any, path: Path, value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for key in value:
        without = {name: each for name, each in value.items() if name != key}
        yield f"remove {_name((*path, key))}", changed(tree, path, without)
    yield f"add to {_name(path)}", changed(tree, path, {**value, "x-added": 1})


def _of_list(tree: Any, path: Path, value: list[Any]) -> Iterator[tuple[str, Any]]:
    if not value:
        yield f"fill {_name(path)}", changed(tree, path, ["x"])
        return
    yield f"empty {_name(path)}", changed(tree, path, [])
    yield f"repeat in {_name(path)}", changed(tree, path, [*value, value[-1]])
    if len(value) > 1:
        yield f"cut {_name(path)}", changed(tree, path, value[:-1])
    if value != value[::-1]:
        yield f"reorder {_name(path)}", changed(tree, path, value[::-1])


def changed(tree: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    tree = copy.deepcopy(tree)
    place = tree
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return tree


def other(value: Any) -> Any:
    """Another value of the same shape, so that it is not refused for its form alone."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if value is None:
        return "2026-01-01"
    if isinstance(value, float):
        return value / 2
    return ("b" if value[:1] == "a" else "a") + value[1:]


def of_statement(leaf: bytes) -> Iterator[tuple[str, bytes]]:
    """A leaf with one thing changed in its body, its binding or its signatures."""
    envelope = json.loads(leaf)
    body = json.loads(base64.b64decode(envelope["payload"]))
    binding = json.loads(envelope["payloadType"])
    parts: list[tuple[str, Any, Callable[[Any], dict[str, Any]]]] = [
        ("body", body, lambda new: {"payload": base64.b64encode(canonical_json(new)).decode()}),
        ("binding", binding, lambda new: {"payloadType": canonical_json(new).decode()}),
        ("signatures", envelope["signatures"], lambda new: {"signatures": new}),
    ]
    for part, tree, field in parts:
        for what, new in mutations(tree):
            yield f"{part}: {what}", canonical_json({**envelope, **field(new)})


def of_signed(leaf: bytes, sign: Callable[[bytes], bytes]) -> Iterator[tuple[str, bytes]]:
    """A leaf whose sender says something else, or to somebody else, and signs that.

    What is no statement at all is left out: nobody can sign that.
    """
    envelope = json.loads(leaf)
    body = json.loads(base64.b64decode(envelope["payload"]))
    binding = json.loads(envelope["payloadType"])
    said = [("body", *each, binding) for each in mutations(body)]
    said += [("binding", what, body, new) for what, new in mutations(binding)]
    for part, what, new_body, new_binding in said:
        payload, kind = canonical_json(new_body), canonical_json(new_binding).decode()
        signature = base64.b64encode(sign(pre_authentication(kind, payload))).decode()
        signed = [{"keyid": each["keyid"], "sig": signature} for each in envelope["signatures"][:1]]
        new = {
            "payload": base64.b64encode(payload).decode(),
            "payloadType": kind,
            "signatures": [*signed, *envelope["signatures"][1:]],
        }
        with suppress(PadanError):
            parse_statement(canonical_json(new))
            yield f"{part}: {what}", canonical_json(new)


def of_note(note: str) -> Iterator[tuple[str, str]]:
    """A signed note with one character changed, or one line changed, gone or doubled."""
    lines = note.split("\n")
    for number, line in enumerate(lines):
        rest = lines[:number], lines[number + 1 :]
        if line:
            # The first and last characters of a signature line are the dash and padding.
            middle = len(line) // 2
            for place in {0, middle, len(line) - 1}:
                new = line[:place] + other(line[place]) + line[place + 1 :]
                yield f"line {number} at {place}", "\n".join([*rest[0], new, *rest[1]])
        yield f"line {number} gone", "\n".join([*rest[0], *rest[1]])
        if not line.startswith("—"):  # a signature said twice says nothing new
            yield f"line {number} doubled", "\n".join([*rest[0], line, line, *rest[1]])
        if number < len(lines) - 1:
            yield f"cut after line {number}", "\n".join(lines[: number + 1])


def _name(path: Path) -> str:
    return ".".join(map(str, path)) or "all"
