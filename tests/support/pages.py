"""The commands of a page of the documentation, as a script that a test runs."""

from __future__ import annotations

import re
from pathlib import Path

_BLOCK = re.compile(r"^( *)```(sh|python)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)


def script_of(page: Path, *left_out: str) -> str:
    """Every block of `sh`, and of `python` as Python, in the page's order.

    `left_out` are beginnings of lines that the test does in another way.
    """
    parts = []
    for indent, kind, code in _BLOCK.findall(page.read_text(encoding="utf-8")):
        lines = [line.removeprefix(indent) for line in code.splitlines()]
        kept = "\n".join(line for line in lines if not line.startswith(left_out or ("\0",)))
        parts.append(kept if kind == "sh" else f"python3 - <<'END'\n{kept}\nEND")
    return "\n".join(parts) + "\n"
