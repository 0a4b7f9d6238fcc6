"""The tables of reference/gates.md and the list in formats.md: made from the rules."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from typing import Any

from policy.base.words import Language, Words
from policy.charter import FIRST_LAW, LATEST_LAW
from policy.gates.rules import GATES, RULES, Rule

_HELD_OVER = {rule.id for rule in GATES[FIRST_LAW].rules}


def rules_in_order() -> str:
    """The rules that a decision of the newest law answers."""
    return ", ".join(f"`{rule.id}`" for rule in GATES[LATEST_LAW].rules) + "."


def run_gate(language: Language) -> Iterator[str]:
    return _table((rule for rule in GATES[LATEST_LAW].run if rule.id in _HELD_OVER), language)


def release_gate(language: Language) -> Iterator[str]:
    return _table((rule for rule in GATES[LATEST_LAW].release if rule.id in _HELD_OVER), language)


def newest_rules(language: Language) -> Iterator[str]:
    """The rules that the newest law is the first to ask."""
    newest = (rule for rule in GATES[LATEST_LAW].rules if rule.id not in _HELD_OVER)
    return _table(newest, language)


def transfer_gate(language: Language) -> Iterator[str]:
    """The rules of a transfer of attributes, without those of the run gate."""
    return _table(GATES[LATEST_LAW].transfer, language)


def transfer_rules() -> str:
    """The rules that a transfer's sending answers."""
    return ", ".join(f"`{rule.id}`" for rule in GATES[LATEST_LAW].transfers) + "."


def remedies(language: Language) -> Iterator[str]:
    """What can be done when a rule fails."""
    yield Words("| aturan | judul | jalan keluar |", "| rule | title | remedy |").in_language(
        language
    )
    yield "|---|---|---|"
    for rule in RULES.values():
        title, remedy = (each.in_language(language) for each in (rule.title, rule.remedy))
        yield f"| `{rule.id}` | {title} | {remedy} |"


_HEAD = Words(
    "| aturan | apa yang harus terpenuhi | diminta oleh | yang menyelesaikannya |",
    "| rule | what must hold | asked for by | what settles it |",
)
_EXCEPTION = Words(", atau pengecualian pejabat PDP", ", or an officer's exception")


def _table(rules: Iterable[Rule[Any]], language: Language) -> Iterator[str]:
    yield _HEAD.in_language(language)
    yield "|---|---|---|---|"
    for rule in rules:
        settled = rule.settled_by.value.in_language(language)
        settled += _EXCEPTION.in_language(language) if rule.excepts else ""
        yield f"| `{rule.id}` | {_asks(rule, language)} | {rule.citation} | {settled} |"


def _asks(rule: Rule[Any], language: Language) -> str:
    """In English the first paragraph of the file in which the rule is judged; else its title."""
    if language == "id":
        return f"{rule.title.id}."
    text = inspect.cleandoc(inspect.getmodule(rule.judge).__doc__ or "")
    return " ".join(text.split("\n\n")[0].split())
