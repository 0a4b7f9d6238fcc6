"""A second copy of opened facts, outside the database and encrypted under the storage key.

A log that members give back has commitments to facts; a database restored from an earlier day has
no facts to them, and nobody could draw the same commitment again. They are destroyed together with
the facts in the database.
"""

from __future__ import annotations

from dataclasses import dataclass

from policy.crypto.vault import Vault
from policy.gates.facts import OpenedFacts
from policy.members.home import Unlocked


@dataclass(frozen=True)
class Openings:
    """Opened facts by project and commitment."""

    vault: Vault

    @classmethod
    def of(cls, me: Unlocked) -> Openings:
        return cls(Vault(me.home.path / "openings", me.keys.storage))

    def keep(self, project_id: str, opened: OpenedFacts) -> None:
        self.vault.put(f"{project_id}.{opened.commitment()}", opened.canonical())

    def find(self, project_id: str, commitment: str) -> OpenedFacts | None:
        name = f"{project_id}.{commitment}"
        if not self.vault.has(name):
            return None
        return OpenedFacts.model_validate_json(self.vault.get(name))

    def names(self, project_id: str) -> list[str]:
        return [name for name in self.vault.names() if name.startswith(f"{project_id}.")]

    def destroy(self, project_id: str) -> None:
        for name in self.names(project_id):
            self.vault.destroy(name)
