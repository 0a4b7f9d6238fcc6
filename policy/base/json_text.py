"""JSON from other people: any text that cannot be read raises ValueError.

Python's reader raises RecursionError for deeply nested text, at a depth that differs between
versions.
"""

from __future__ import annotations

import json
from collections.abc import Iterator


def parse_json(data: bytes | str) -> object:
    """The parsed value; raises ValueError if the text is not JSON or too deeply nested."""
    try:
        parsed: object = json.loads(data)
    except RecursionError:
        raise ValueError("the JSON nests too deeply") from None
    return parsed


def parts_of(document: object) -> Iterator[tuple[str, int, object]]:
    """Everything inside a JSON document: path, depth and value of each part.

    It uses no recursion, so no document is too deep for it.
    """
    waiting: list[tuple[str, int, object]] = [("$", 0, document)]
    while waiting:
        path, depth, part = waiting.pop()
        yield path, depth, part
        if isinstance(part, dict):
            waiting += [(f"{path}.{name}", depth + 1, each) for name, each in part.items()]
        elif isinstance(part, list):
            waiting += [(f"{path}[{at}]", depth + 1, each) for at, each in enumerate(part)]
