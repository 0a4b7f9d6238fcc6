"""A charter from its file or from a project's log, and what this machine knows about it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from policy.approval.charters import signed_by, waiting
from policy.base.canonical import is_identifier
from policy.base.errors import PadanError
from policy.charter import Charter, load_charter
from policy.charter.gaps import Gap
from policy.gates.signable import KnownHere, hindrances
from policy.starter import to_fill_in
from policy.starter.encoder_terms import rules_digest
from policy.starter.one_page import Around
from policy.statements import CharterBody
from policy.terminal import console
from policy.wire.replica import replica_of
from policy.wire.session import Session


@dataclass(frozen=True)
class Sourced:
    """A charter, with its name for messages, and its marks if it is a file."""

    charter: Charter
    name: str
    marks: tuple[int, ...] = ()
    from_log: bool = False

    def hindrances(self) -> tuple[Gap, ...]:
        """Why it cannot run, by all that this machine knows."""
        home = console.home()
        roster = home.roster() if home.has_joined else None
        return hindrances(
            self.charter, KnownHere(int(time.time()), roster, rules_here(), marks=self.marks)
        )


def charter_of(source: Path) -> Sourced:
    """The charter in this file; or, for a project's id, the one that waits there, or holds."""
    if source.exists() or not is_identifier(str(source)) or not console.home().has_joined:
        charter = load_charter(source)
        marks = tuple(line for line, _ in to_fill_in(source.read_bytes()))
        return Sourced(charter, str(source), marks)
    session = Session(console.unlocked(), str(source))
    session.sync_or_begin()
    proposed = waiting(session)
    return Sourced(proposed[0] if proposed else session.charter, str(source), from_log=True)


def rules_here() -> str | None:
    """The digest of the rules of the encoder that is installed here; None without one."""
    try:
        return rules_digest()
    except (PadanError, OSError, ValueError):
        return None


def around(sourced: Sourced, signed: frozenset[str] | None) -> Around:
    """Names of offices, as far as this home knows them, and why the charter cannot run."""
    home = console.home()
    names: dict[str, str] = {}
    if home.has_joined:
        names = {each.id: each.name for each in home.roster().members}
    return Around(names, signed, sourced.hindrances())


def signatures_known(charter: Charter) -> frozenset[str] | None:
    """Who has signed this charter by this home's copy of the log; None if there is no copy."""
    home = console.home()
    if not home.has_joined:
        return None
    folder = home.project_folder(charter.project) / "log"
    if not folder.is_dir():
        return None
    try:
        project = replica_of(home, charter.project).load().project
    except PadanError:
        return None
    return signed_by(project, charter) if project.of(CharterBody) else frozenset()
