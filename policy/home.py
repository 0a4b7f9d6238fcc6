"""A member's home folder: its keys, its pinned roster, its projects.

    HOME/
        identity.json      public: id, agency, name, roles, public keys
        keys.json          private, under a passphrase (Argon2id)
        service.json       where the linkage service is, and the pinned roster digest
        roster.json        the roster, as both authorities signed it
        projects/PROJECT/
            log/           this member's own copy of the project's log
            vault/         the project's secrets, encrypted under the storage key

A command opens one home folder and never another's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from pydantic import ValidationError

from policy.canonical import HexDigest, Model, b64
from policy.errors import BadInput, NotYet, Refused
from policy.files import read_file, write_file
from policy.keys import KeyRing, lock_keys, unlock_keys
from policy.roster import Member, Role, Roster, open_roster
from policy.vault import Vault
from policy.words import Words

_VALID_DAYS = 730


class ServiceAddress(Model):
    url: str
    roster_digest: HexDigest


@dataclass(frozen=True)
class Home:
    """A home folder, its keys still locked."""

    path: Path

    @property
    def identity_path(self) -> Path:
        return self.path / "identity.json"

    def create(
        self,
        member_id: str,
        agency: str,
        name: str,
        roles: Iterable[Role],
        passphrase: bytes,
        today: date,
    ) -> Member:
        """Draw all keys and write the folder; refuses to overwrite one."""
        if self.identity_path.exists():
            raise Refused(
                "home.exists",
                Words(
                    f"{self.path} sudah berisi identitas.",
                    f"{self.path} already holds an identity.",
                ),
                Words(
                    "Pakai folder lain; kunci lama tidak ditimpa.",
                    "Use another folder; existing keys are never overwritten.",
                ),
            )
        keys = KeyRing.generate()
        try:
            member = Member(
                id=member_id,
                agency=agency,
                name=name,
                roles=tuple(roles),
                signing_key=b64(keys.signing.public_key().public_bytes_raw()),
                log_key=b64(keys.log.public_key().public_bytes_raw()),
                seal_key=b64(keys.seal.public_bytes()),
                valid_from=today,
                valid_until=today + timedelta(days=_VALID_DAYS),
            )
        except ValidationError:
            raise BadInput(
                "identity.field",
                Words(
                    "Id, instansi, nama, atau peran tidak sah.",
                    "Id, agency, name or role is not valid.",
                ),
                Words(
                    "Id dan instansi: huruf kecil, angka, tanda hubung.",
                    "Id and agency: lower-case letters, digits, hyphens.",
                ),
            ) from None
        self.path.mkdir(parents=True, exist_ok=True)
        self.path.chmod(0o700)
        write_file(self.path / "keys.json", lock_keys(keys, passphrase), private=True)
        write_file(self.identity_path, member.canonical())
        return member

    def member(self) -> Member:
        if not self.identity_path.exists():
            raise NotYet(
                "home.empty",
                Words(
                    f"{self.path} belum berisi identitas.", f"{self.path} holds no identity yet."
                ),
                Words(
                    "Jalankan 'padan-policy identity create', atau tunjuk folder lain dengan"
                    " --home.",
                    "Run 'padan-policy identity create', or name another folder with --home.",
                ),
            )
        return read_member(self.identity_path)

    def unlock(self, passphrase: bytes) -> Unlocked:
        member = self.member()
        keys = unlock_keys(read_file(self.path / "keys.json"), passphrase)
        return Unlocked(self, member, keys)

    def pin_roster(self, url: str, roster_data: bytes, digest: str) -> Roster:
        """Keep a roster whose digest was learned by another way than the service."""
        roster = open_roster(roster_data, digest)
        mine = roster.member(self.member().id)
        if mine != self.member():
            raise Refused(
                "roster.keys",
                Words(
                    "Roster memuat kunci lain untuk identitas ini.",
                    "The roster has other keys for this identity.",
                ),
                Words(
                    "Kirim ulang identity.json kepada otoritas roster.",
                    "Send identity.json to the roster's authorities again.",
                ),
            )
        write_file(self.path / "roster.json", roster_data)
        address = ServiceAddress(url=url.rstrip("/"), roster_digest=roster.digest())
        write_file(self.path / "service.json", address.canonical())
        return roster

    def service(self) -> ServiceAddress:
        path = self.path / "service.json"
        if not path.exists():
            raise NotYet(
                "home.no-service",
                Words("Roster belum disematkan di sini.", "No roster is pinned here yet."),
                Words(
                    "Jalankan 'padan-policy join' dengan sidik roster.",
                    "Run 'padan-policy join' with the roster's digest.",
                ),
            )
        return ServiceAddress.model_validate_json(read_file(path))

    @property
    def has_joined(self) -> bool:
        """Whether a roster is pinned here."""
        return (self.path / "service.json").exists()

    def roster(self) -> Roster:
        digest = self.service().roster_digest
        return open_roster(read_file(self.path / "roster.json"), digest)

    def project_folder(self, project: str) -> Path:
        return self.path / "projects" / project


@dataclass(frozen=True)
class Unlocked:
    """A home folder with its keys open."""

    home: Home
    member: Member
    keys: KeyRing = field(repr=False)

    def vault(self, project: str) -> Vault:
        return Vault(self.home.project_folder(project) / "vault", self.keys.storage)


def read_member(path: Path) -> Member:
    """A public identity card; raises BadInput."""
    try:
        return Member.model_validate_json(read_file(path))
    except ValidationError:
        raise BadInput(
            "identity.malformed",
            Words(f"{path} bukan kartu identitas Padan.", f"{path} is not a Padan identity card."),
            Words("Minta identity.json yang asli.", "Ask for the original identity.json."),
        ) from None
