"""A project's files from its answers: charter, encodings, plan of members. Reads the papers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import yaml

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.words import Words
from policy.starter.answers import CharterAnswers, Papers
from policy.starter.choices import Choice
from policy.starter.draft import Draft, draft
from policy.starter.encoder_terms import encodings, rules_digest
from policy.starter.roster_plan import plan_of

ENCODINGS = "padan-id-5.yaml"
PLAN = "roster-plan.csv"
_BLOCK = 1 << 20
_HEAD = """\
# Piagam dari jawaban; periksa sebagai satu halaman: padan-policy charter show {name}
# The charter of the answers; read it as one page:   padan-policy charter show {name}
#
# Yang dihitung, dan sebabnya / what was computed, and why:
"""


@dataclass(frozen=True)
class Composed:
    """The files by their names, the first one the charter, and what they were made from."""

    draft: Draft
    files: dict[str, bytes]


def compose(answers: CharterAnswers, folder: Path, name: str = "charter.yaml") -> Composed:
    """The project's files; papers are read from `folder` unless their paths are absolute.

    Raises BadInput if a paper is missing, and without the encoder, which knows its encodings.
    """
    papers = paper_digests(answers.papers, folder)
    text = encodings(max(each.people for each in answers.lists) * 2)
    made = draft(answers, rules_digest(), yaml.safe_load(text), papers)
    tree = {**made.tree, "encoding": {**made.tree["encoding"], "encodings": {"file": ENCODINGS}}}
    body = yaml.dump(tree, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=100)
    head = _HEAD.format(name=name) + "".join(map(_comment, made.choices))
    files = {name: (head + body).encode(), ENCODINGS: text, PLAN: plan_of(made.seats)}
    return Composed(made, files)


class _Plain(yaml.SafeDumper):
    """YAML without anchors, which people would have to look up."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def paper_digests(papers: Papers, folder: Path) -> dict[str, str]:
    """SHA-256 of each paper's file; raises BadInput if one is missing."""
    found = {}
    for name in Papers.model_fields:
        path = folder / Path(getattr(papers, name).file).expanduser()
        if not path.is_file():
            raise BadInput(
                PolicyCode.ANSWERS_PAPER,
                Words(
                    f"Naskah untuk papers.{name} tidak ada di {path}.",
                    f"The paper for papers.{name} is not at {path}.",
                ),
                Words(
                    "Letakkan naskah yang sudah ditandatangani di sana, atau tulis tempatnya.",
                    "Put the signed paper there, or write where it is.",
                ),
            )
        with path.open("rb") as file:
            found[name] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def _comment(choice: Choice) -> str:
    why = choice.why
    return (
        f"#   {choice.part}: {choice.value.id} / {choice.value.en}\n"
        f"#     {why.id}\n#     {why.en}\n"
    )
