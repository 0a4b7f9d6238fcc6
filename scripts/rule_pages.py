"""The tables of docs/reference/gates.md and the list in formats.md: made from the rules."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from typing import Any

from policy.charter import FIRST_LAW, LATEST_LAW
from policy.gates.rules import GATES, RULES, Rule

_HELD_OVER = {rule.id for rule in GATES[FIRST_LAW].rules}


def rules_in_order() -> str:
    """The rules that a decision of the newest law answers."""
    return ", ".join(f"`{rule.id}`" for rule in GATES[LATEST_LAW].rules) + "."


def run_gate() -> Iterator[str]:
    return _table(rule for rule in GATES[LATEST_LAW].run if rule.id in _HELD_OVER)


def release_gate() -> Iterator[str]:
    return _table(rule for rule in GATES[LATEST_LAW].release if rule.id in _HELD_OVER)


def newest_rules() -> Iterator[str]:
    """The rules that the newest law is the first to ask."""
    return _table(rule for rule in GATES[LATEST_LAW].rules if rule.id not in _HELD_OVER)


def transfer_gate() -> Iterator[str]:
    """The rules of a transfer of attributes, without those of the run gate."""
    return _table(GATES[LATEST_LAW].transfer)


def transfer_rules() -> str:
    """The rules that a transfer's sending answers."""
    return ", ".join(f"`{rule.id}`" for rule in GATES[LATEST_LAW].transfers) + "."


def remedies() -> Iterator[str]:
    """What can be done when a rule fails, in both languages."""
    yield "| aturan / rule | judul · title | jalan keluar | what can be done |"
    yield "|---|---|---|---|"
    for rule in RULES.values():
        title, remedy = rule.title, rule.remedy
        yield f"| `{rule.id}` | {title.id} · {title.en} | {remedy.id} | {remedy.en} |"


def _table(rules: Iterable[Rule[Any]]) -> Iterator[str]:
    yield "| rule | what must hold | asked for by | what settles it |"
    yield "|---|---|---|---|"
    for rule in rules:
        settled = rule.settled_by.value.en + (", or an officer's exception" if rule.excepts else "")
        yield f"| `{rule.id}` | {_asks(rule)} | {rule.citation} | {settled} |"


def _asks(rule: Rule[Any]) -> str:
    """The first paragraph of the file in which the rule is judged."""
    text = inspect.cleandoc(inspect.getmodule(rule.judge).__doc__ or "")
    return " ".join(text.split("\n\n")[0].split())
