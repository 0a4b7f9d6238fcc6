"""JSON from other people: whatever cannot be read is a ValueError.

Python's reader raises RecursionError for text that nests deeply, at a depth that differs from
version to version.
"""

from __future__ import annotations

import json
from collections.abc import Iterator


def parse_json(data: bytes | str) -> object:
    """What the text says; ValueError where it is no JSON or nests too deeply to be read."""
    try:
        parsed: object = json.loads(data)
    except RecursionError:
        raise ValueError("the JSON nests too deeply") from None
    return parsed


def parts_of(document: object) -> Iterator[tuple[str, int, object]]:
    """Everything inside a JSON document: its path, how deep it lies, and what it is.

    It works without recursion, so no document is too deep for it.
    """
    waiting: list[tuple[str, int, object]] = [("$", 0, document)]
    while waiting:
        path, depth, part = waiting.pop()
        yield path, depth, part
        if isinstance(part, dict):
            waiting += [(f"{path}.{name}", depth + 1, each) for name, each in part.items()]
        elif isinstance(part, list):
            waiting += [(f"{path}[{at}]", depth + 1, each) for at, each in enumerate(part)]
