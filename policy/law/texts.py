"""What the law asks of every text in a statement: it tells of no person."""

from __future__ import annotations

from policy.charter import FIRST_LAW, Charter
from policy.law.free_texts import require_plain
from policy.law.step import Step
from policy.statements import AnyBody, CharterBody

# Addresses are those of offices as well.
_OF_PERSONS = frozenset({"name", "text", "date", "sex", "digits", "nik", "kk"})


def require_no_person(step: Step) -> None:
    """Raises BadInput with the place of a text that does."""
    body = step.statement.body
    charter = body if isinstance(body, CharterBody) else step.project.charter
    require_plain_statement(charter, body, step.run)


def require_plain_statement(charter: Charter, body: AnyBody, run: str) -> None:
    """The same, for whoever is about to sign it under this charter."""
    if charter.law == FIRST_LAW:
        return
    tree = {**body.model_dump(mode="json"), "run": run}
    require_plain(tree, (field.name for field in charter.fields if field.kind in _OF_PERSONS))
