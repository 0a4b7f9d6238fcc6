"""Charters at the approver's desk: drafts from answers, and those that wait for a signature.

HOME/drafts/PROJECT/   answers.yaml, the papers, and the files that were composed of them
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from policy.approval.charters import log_shipped_probe, sign_charter, signed_by, waiting
from policy.base.canonical import is_identifier
from policy.base.errors import PadanError
from policy.base.files import write_file
from policy.charter import Charter, load_charter
from policy.charter.gaps import Gap
from policy.gates.signable import KnownHere, hindrances
from policy.joining.folder import joining_folders
from policy.members.home import Home
from policy.starter.answers import as_yaml, load_answers, parse_answers
from policy.starter.compose import compose
from policy.starter.encoder_terms import rules_digest
from policy.starter.form import FEWEST, MOST, PAPERS, Fault, faults, tree_of
from policy.starter.one_page import Around
from policy.ui.desk import no_project
from policy.wire.session import Session

CHARTER, ANSWERS = "charter.yaml", "answers.yaml"
_MOST_BYTES = 50_000_000


@dataclass
class CharterDesk:
    """The charters of one person. `said` are the answers of the form as they were given last, and
    `papers` its files, so that nobody has to choose them again.
    """

    home: Home
    session: Callable[[str], Session]
    said: dict[str, str] = field(default_factory=dict)
    papers: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    # -- a draft ------------------------------------------------------------------------------

    def take(
        self, fields: Mapping[str, str], files: Mapping[str, tuple[str, bytes]]
    ) -> tuple[Fault, ...]:
        """Keep the answers of the form; returns what is missing or does not fit."""
        self.said = dict(fields)
        given = {each: files[each] for each in PAPERS if each in files}
        self.papers |= {each: (_plain(name, each), data) for each, (name, data) in given.items()}
        return faults({**fields, **self._named()}, self.agencies, datetime.now(UTC).date())

    @property
    def agencies(self) -> int:
        """How many agencies' answers the form had."""
        count = self.said.get("agencies", "")
        return max(FEWEST, min(MOST, int(count))) if count.isdecimal() else FEWEST

    def _named(self) -> dict[str, str]:
        return {f"{each}.file": name for each, (name, _) in self.papers.items()}

    def draft(self) -> str:
        """Compose the files of a project from the answers that were taken; returns its id."""
        named = self._named()
        tree = tree_of({**self.said, **named}, self.agencies, datetime.now(UTC).date())
        answers = parse_answers(json.dumps(tree), str(ANSWERS))
        folder = self.folder(answers.project)
        for each, (_, content) in self.papers.items():
            write_file(folder / named[f"{each}.file"], content[:_MOST_BYTES])
        made = compose(answers, folder, CHARTER)
        write_file(folder / ANSWERS, as_yaml(answers))
        for name, data in made.files.items():
            write_file(folder / name, data)
        return answers.project

    def folder(self, project: str) -> Path:
        if not is_identifier(project):
            raise no_project(project)
        return self.home.path / "drafts" / project

    def drafts(self) -> list[str]:
        found = (self.home.path / "drafts").glob(f"*/{CHARTER}")
        return sorted(each.parent.name for each in found)

    # -- one charter --------------------------------------------------------------------------

    def charter(self, project: str) -> Charter:
        """The one that waits in the project, else the draft made here, else the one in force."""
        proposed = self._proposed(project)
        if proposed:
            return proposed[0]
        draft = self.folder(project) / CHARTER
        return load_charter(draft) if draft.is_file() else self.session(project).recall().charter

    def around(self, charter: Charter) -> Around:
        home = self.home
        if not home.has_joined:
            return Around(self._answered(charter.project), None, self._hindrances(charter))
        members = home.roster().members
        names = {each.id: each.name for each in members}
        project = self.session(charter.project).recall()
        return Around(names, signed_by(project, charter), self._hindrances(charter))

    def _answered(self, project: str) -> dict[str, str]:
        """The names of agencies in the answers that a draft was made of."""
        path = self.folder(project) / ANSWERS
        if not path.is_file():
            return {}
        answers = load_answers(path)
        others = (answers.third, answers.operator, answers.auditor)
        known = (*answers.agencies, *(each for each in others if each is not None))
        return {each.id: each.name for each in known}

    def may_sign(self, charter: Charter) -> bool:
        """Whether this person's home is a party's that has not signed this charter."""
        home = self.home
        if not home.has_joined or home.member().id not in charter.party_ids:
            return False
        return home.member().id not in signed_by(self.session(charter.project).recall(), charter)

    def sign(self, project: str, digest: str, passphrase: bytes) -> None:
        """Sign the charter that was shown, with the passphrase given again."""
        charter = self.charter(project)
        if charter.digest() != digest or self._hindrances(charter):
            raise no_project(project)
        session = Session(self.home.unlock(passphrase), project)
        sign_charter(session, charter)
        log_shipped_probe(session)

    def waiting(self) -> list[Charter]:
        """Charters of known projects that wait for this person's signature."""
        logs = {each.parent.name for each in (self.home.path / "projects").glob("*/log")}
        known = logs | {each.project for each in joining_folders(self.home)}
        return [charter for each in sorted(known) for charter in self._proposed(each)]

    def _proposed(self, project: str) -> tuple[Charter, ...]:
        if not self.home.has_joined:
            return ()
        session = self.session(project)
        try:
            session.recall()
            return waiting(session)
        except PadanError:
            return ()

    def _hindrances(self, charter: Charter) -> tuple[Gap, ...]:
        home = self.home
        roster = home.roster() if home.has_joined else None
        try:
            rules = rules_digest()
        except (PadanError, OSError, ValueError):
            rules = None
        return hindrances(charter, KnownHere(int(time.time()), roster, rules))


def _plain(name: str, paper: str) -> str:
    """A file name for an uploaded paper, without any folder."""
    last = re.split(r"[/\\]", name)[-1]
    return re.sub(r"[^A-Za-z0-9._-]", "_", last).lstrip(".")[:80] or f"{paper}.pdf"
