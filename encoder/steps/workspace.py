"""The place of an agency's project in its home folder, and the secrets stored there.

projects/PROJECT/prepared/DATASET.sqlite    frozen rows and handles; DATASET.1.sqlite and so on
                                            are the generations that deltas made of them
projects/PROJECT/bundles/DATASET/           sealed bundle; DATASET.1 and so on are deltas
projects/PROJECT/withdrawn/DIGEST.json      handles of people withdrawn after upload
projects/PROJECT/written.json, .jsonl       the written lists, with their paths
projects/PROJECT/shared/DIGEST.sealed       attributes that are sealed and not yet handed over
projects/PROJECT/vault/                     local-key, share, seals, project-keys, releases,
                                            attributes, reviews
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from encoder.encoding.project_keys import KeyShare, ProjectKeys
from encoder.error_codes import EncoderCode
from encoder.steps.bundle import BundleFolder
from encoder.steps.written_lists import Kind, ListRegister, remember
from encoder.store.handles import Handles
from encoder.store.prepared import PreparedDataset
from policy.base.canonical import b64, canonical_json, unb64
from policy.base.error_codes import PolicyCode
from policy.base.errors import NotYet, Refused
from policy.base.words import Words
from policy.crypto.vault import Vault
from policy.project import Project
from policy.retention import require_not_destroyed
from policy.statements import PartyThing
from policy.wire.session import Session

LOCAL_KEY, SHARE, PROJECT_KEYS = "local-key", "share", "project-keys"
SEALS = "seals"  # of the share, to be sent again if the service loses them
RELEASES = "release."  # prefix of the names of opened files
REVIEWS = "review."  # prefix of the names of field reviews
ATTRIBUTES = "attributes."  # prefix of the names of opened transfers
SHARED = "shared"  # folder of sealed attributes


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

    def prepared_path(self, dataset: str, generation: int = 0) -> Path:
        return self.folder / "prepared" / f"{self._generation(dataset, generation)}.sqlite"

    def prepared(self, dataset: str) -> PreparedDataset:
        """The rows present at the service, or the first ones to be sent."""
        return self.prepared_at(dataset, self.session.project)

    def prepared_at(self, dataset: str, project: Project) -> PreparedDataset:
        """The rows present at this state of the log, for example when a run was ordered."""
        path = self.prepared_path(dataset, standing(project, dataset))
        if not path.exists():
            self.require_kept("handle-map")
        return PreparedDataset(path)

    def latest(self, dataset: str) -> PreparedDataset:
        """The most recently prepared rows, sent or not."""
        waiting = self.prepared_path(dataset, standing(self.session.project, dataset) + 1)
        return PreparedDataset(waiting) if waiting.exists() else self.prepared(dataset)

    def bundle(self, dataset: str, generation: int = 0) -> BundleFolder:
        return BundleFolder(self.folder / "bundles" / self._generation(dataset, generation))

    def drop_waiting(self, dataset: str) -> bool:
        """Discard a delta that was prepared and not sent; returns whether there was one."""
        waiting = standing(self.session.project, dataset) + 1
        path = self.prepared_path(dataset, waiting)
        shutil.rmtree(self.bundle(dataset, waiting).path, ignore_errors=True)
        there = path.exists()
        path.unlink(missing_ok=True)
        return there

    def _generation(self, dataset: str, generation: int) -> str:
        self.require_own(dataset)
        return f"{dataset}.{generation}" if generation else dataset

    def own_datasets(self) -> tuple[str, ...]:
        me = self.session.me.member.id
        return tuple(dataset.id for dataset in self.session.charter.datasets_of(me))

    def require_own(self, dataset: str) -> None:
        if self.session.charter.dataset(dataset).owner != self.session.me.member.id:
            raise Refused(
                EncoderCode.DATASET_FOREIGN,
                Words(
                    f"Sumber data {dataset} milik instansi lain menurut piagam.",
                    f"By the charter, the dataset {dataset} belongs to another agency.",
                ),
                Words("Periksa nama sumber data.", "Check the name of the dataset."),
            )

    def require_kept(self, *things: PartyThing) -> None:
        """Raises Refused, with the day, if this agency attested that one of them is destroyed."""
        for what in things:
            require_not_destroyed(self.session.project, what, self.session.me.member.id)

    def remember(self, brought: Path, kind: Kind) -> None:
        """Enter a file that a person brought, so that it can be destroyed at its date."""
        remember(self.folder, (brought,), kind, int(time.time()))

    def register(self, kind: Kind) -> ListRegister:
        """Enters every list that is written, so that it can be destroyed at its date."""
        return ListRegister(self.folder, kind)

    def local_key(self) -> bytes:
        """The project's handle key. It is drawn once and never leaves this vault."""
        if not self.vault.has(LOCAL_KEY):
            self.vault.put(LOCAL_KEY, os.urandom(32))
        return self.vault.get(LOCAL_KEY)

    def seal(self) -> Callable[[bytes], bytes] | None:
        """Seals digests of rows under the local key; None if that key is destroyed."""
        if not self.vault.has(LOCAL_KEY):
            return None
        return Handles(self.vault.get(LOCAL_KEY)).sealed

    def share(self) -> KeyShare:
        """This agency's share of the secret, drawn once for each ceremony and kept while needed.

        If an amendment started a new ceremony, the earlier share is useless: a dropped party may
        have received it.
        """
        name = self._of_ceremony(SHARE)
        if not self.vault.has(name):
            self.destroy_shares()
            self.destroy_seals()
            self.vault.put(name, KeyShare.draw().to_bytes())
        return KeyShare.from_bytes(self.vault.get(name))

    def destroy_shares(self) -> None:
        for name in self.vault.names():
            if is_share(name):
                self.vault.destroy(name)

    def keep_seals(self, seals: Mapping[str, bytes]) -> None:
        """Keep the sealed share of each peer until all have confirmed."""
        texts = {peer: b64(seal) for peer, seal in seals.items()}
        self.vault.put(self._of_ceremony(SEALS), canonical_json(texts))

    def seals(self) -> dict[str, bytes]:
        """The kept seals of this ceremony, by peer; empty if they are destroyed."""
        name = self._of_ceremony(SEALS)
        texts = json.loads(self.vault.get(name)) if self.vault.has(name) else {}
        return {peer: unb64(text) for peer, text in texts.items()}

    def destroy_seals(self) -> None:
        for name in self.vault.names():
            if is_seals(name):
                self.vault.destroy(name)

    def _of_ceremony(self, name: str) -> str:
        began = self.session.project.ceremony
        return f"{name}.{began}" if began else name

    def keep_keys(self, keys: ProjectKeys) -> None:
        self.vault.put(PROJECT_KEYS, keys.root)

    def keys(self) -> ProjectKeys:
        """Raises NotYet before `confirm` has derived them."""
        if not self.vault.has(PROJECT_KEYS):
            raise NotYet(
                PolicyCode.VAULT_MISSING,
                Words("Kunci proyek belum ada.", "The project keys are missing."),
                Words("Jalankan 'padan-encoder confirm'.", "Run 'padan-encoder confirm'."),
            )
        return ProjectKeys(self.vault.get(PROJECT_KEYS), self.session.charter.terms_digest())


def is_share(name: str) -> bool:
    """Whether a secret of this name in a vault is a share of some ceremony."""
    return name.partition(".")[0] == SHARE


def is_seals(name: str) -> bool:
    """Whether a secret of this name in a vault has the seals of some ceremony."""
    return name.partition(".")[0] == SEALS


def standing(project: Project, dataset: str) -> int:
    """The generation of a dataset's rows at the service: it grows by one with each delta."""
    return sum(delta.dataset == dataset for delta in project.deltas())
