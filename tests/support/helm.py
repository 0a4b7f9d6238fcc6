"""Renders the chart's templates: the part of Helm's language that they use, by Jinja.

Helm itself is in no registry that the tests reach. What is used here: values, `if` with `else`,
`range` over a list, `quote`, `toJson`, and `printf` with one `%s`. Anything else is an error.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, StrictUndefined

_ACTION = re.compile(r"\{\{(-?)\s*(.*?)\s*(-?)\}\}", re.DOTALL)
_PATH = re.compile(r"\.(?:[A-Za-z]\w*)(?:\.[A-Za-z]\w*)*")
_PRINTF = re.compile(r'printf "([^"%]*)%s([^"%]*)" (\S+)')


def rendered(chart: Path, **changed: Any) -> dict[tuple[str, str], dict[str, Any]]:
    """Every object by kind and name; `changed` are values by their path, as `ray__enabled`."""
    values = yaml.safe_load((chart / "values.yaml").read_text())
    for path, value in changed.items():
        *folders, last = path.split("__")
        place = values
        for each in folders:
            place = place[each]
        assert last in place, f"the chart has no value {path}"
        place[last] = value
    about = yaml.safe_load((chart / "Chart.yaml").read_text())
    names = {
        "Values": values,
        "Release": {"Name": "padan"},
        "Chart": {"AppVersion": about["appVersion"]},
    }
    found = {}
    for template in sorted((chart / "templates").glob("*.yaml")):
        text = _environment().from_string(_as_jinja(template.read_text())).render(names)
        for each in yaml.safe_load_all(text):
            if each is not None:
                found[each["kind"], each["metadata"]["name"]] = each
    return found


def _environment() -> Environment:
    environment = Environment(undefined=StrictUndefined, autoescape=False)
    environment.filters |= {"quote": json.dumps, "toJson": json.dumps}
    return environment


def _as_jinja(text: str) -> str:
    open_: list[str] = []

    def translated(match: re.Match[str]) -> str:
        left, action, right = match.groups()
        word, _, rest = action.partition(" ")
        if word in ("if", "range"):
            open_.append(word)
            inner = f"if {_value(rest)}" if word == "if" else f"for item in {_value(rest)}"
            return f"{{%{left} {inner} {right}%}}"
        if action == "else":
            return f"{{%{left} else {right}%}}"
        if action == "end":
            return f"{{%{left} end{'if' if open_.pop() == 'if' else 'for'} {right}%}}"
        in_range = "range" in open_
        return f"{{{{{left} {_value(action, in_range=in_range)} {right}}}}}"

    return _ACTION.sub(translated, text)


def _value(text: str, *, in_range: bool = False) -> str:
    first, *filters = (each.strip() for each in text.split("|"))
    assert set(filters) <= {"quote"}, f"not known here: {text}"
    function, _, argument = first.partition(" ")
    if function == "toJson":
        filters, first = ["toJson", *filters], argument
    printf = _PRINTF.fullmatch(first)
    if printf:
        before, after, path = printf.groups()
        first = f'"{before}" ~ {_place(path, in_range)} ~ "{after}"'
        return f"({first})" + "".join(f" | {each}" for each in filters)
    return _place(first, in_range) + "".join(f" | {each}" for each in filters)


def _place(path: str, in_range: bool) -> str:
    assert _PATH.fullmatch(path), f"not known here: {path}"
    top = path[1:].partition(".")[0]
    return path[1:] if top in ("Values", "Release", "Chart") or not in_range else f"item{path}"
