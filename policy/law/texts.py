"""No text in a statement contains data of a person."""

from __future__ import annotations

from policy.charter import FIRST_LAW, Charter
from policy.law.free_texts import require_plain
from policy.law.step import Step
from policy.statements import AnyBody, CharterBody

# Offices have addresses too.
_OF_PERSONS = frozenset({"name", "text", "date", "sex", "digits", "nik", "kk"})


def require_no_person(step: Step) -> None:
    """Checks the statement's texts; raises BadInput with the place of a text about a person."""
    body = step.statement.body
    charter = body if isinstance(body, CharterBody) else step.project.charter
    require_plain_statement(charter, body, step.run)


def require_plain_statement(charter: Charter, body: AnyBody, run: str) -> None:
    """The same check before a member signs a statement under this charter."""
    if charter.law == FIRST_LAW:
        return
    tree = {**body.model_dump(mode="json"), "run": run}
    require_plain(tree, (field.name for field in charter.fields if field.kind in _OF_PERSONS))
