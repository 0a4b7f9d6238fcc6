"""Where an agency's project lies in its home folder, and the secrets kept there.

projects/PROJECT/prepared/DATASET.sqlite    frozen rows and handles
projects/PROJECT/bundles/DATASET/           sealed bundle
projects/PROJECT/vault/                     local-key, share, project-keys, releases
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from encoder.bundle import BundleFolder
from encoder.prepared import PreparedDataset
from policy.ceremony import ProjectKeys, Share
from policy.client import Session
from policy.errors import Refused
from policy.vault import Vault
from policy.words import Words

LOCAL_KEY, SHARE, PROJECT_KEYS = "local-key", "share", "project-keys"


@dataclass(frozen=True)
class Workspace:
    """One agency's files of one project."""

    session: Session

    @property
    def folder(self) -> Path:
        return self.session.me.home.project_folder(self.session.project_id)

    @property
    def vault(self) -> Vault:
        return self.session.me.vault(self.session.project_id)

    def prepared_path(self, dataset: str) -> Path:
        self.require_own(dataset)
        return self.folder / "prepared" / f"{dataset}.sqlite"

    def prepared(self, dataset: str) -> PreparedDataset:
        return PreparedDataset(self.prepared_path(dataset))

    def bundle(self, dataset: str) -> BundleFolder:
        self.require_own(dataset)
        return BundleFolder(self.folder / "bundles" / dataset)

    def own_datasets(self) -> tuple[str, ...]:
        me = self.session.me.member.id
        return tuple(dataset.id for dataset in self.session.charter.datasets_of(me))

    def require_own(self, dataset: str) -> None:
        if self.session.charter.dataset(dataset).owner != self.session.me.member.id:
            raise Refused(
                "dataset.foreign",
                Words(
                    f"Sumber data {dataset} milik instansi lain menurut piagam.",
                    f"By the charter, the dataset {dataset} belongs to another agency.",
                ),
                Words("Periksa nama sumber data.", "Check the name of the dataset."),
            )

    def local_key(self) -> bytes:
        """The project's handle key. Drawn once; it never leaves this vault."""
        if not self.vault.has(LOCAL_KEY):
            self.vault.put(LOCAL_KEY, os.urandom(32))
        return self.vault.get(LOCAL_KEY)

    def share(self) -> Share:
        """This agency's share of the secret. Drawn once an epoch, kept until it is of no use."""
        if not self.vault.has(SHARE):
            self.vault.put(SHARE, Share.draw().to_bytes())
        return Share.from_bytes(self.vault.get(SHARE))

    def keep_keys(self, keys: ProjectKeys) -> None:
        self.vault.put(PROJECT_KEYS, keys.root)

    def keys(self) -> ProjectKeys:
        return ProjectKeys(self.vault.get(PROJECT_KEYS), self.session.charter.terms_digest())
