"""A member's home folder: its keys, its pinned roster, its projects.

    HOME/
        identity.json      public: id, agency, name, roles, public keys
        keys.json          private, under a passphrase (Argon2id)
        earlier/           earlier cards and keys, for everything that depends on them
        service.json       the linkage service's URL, and the newest roster's digest
        rosters/           every roster that was pinned, or that followed a pinned one
        projects/PROJECT/
            log/           this member's own copy of the project's log
            vault/         the project's secrets, encrypted under the storage key

A command opens one home folder and never another's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from pydantic import ValidationError

from policy.base.canonical import HexDigest, Model, b64
from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput, NotYet, Refused, Unverified, WrongKey
from policy.base.files import private_folder, read_file, write_file
from policy.base.words import Words
from policy.crypto.keys import KeyRing, lock_keys, unlock_keys
from policy.crypto.vault import Vault
from policy.members.roster import Member, Role, Roster, open_roster, parse_roster, roster_digest
from policy.members.succession import require_no_return, require_signed_successor

_VALID_DAYS = 730


class ServiceAddress(Model):
    url: str
    roster_digest: HexDigest


@dataclass(frozen=True)
class Home:
    """A home folder whose keys are still locked."""

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
        """Create all keys and write the folder; refuses to overwrite a folder."""
        if self.identity_path.exists():
            raise Refused(
                PolicyCode.HOME_EXISTS,
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
                **public_keys(keys),
                valid_from=today,
                valid_until=today + timedelta(days=_VALID_DAYS),
            )
        except ValidationError:
            raise BadInput(
                PolicyCode.IDENTITY_FIELD,
                Words(
                    "Id, instansi, nama, atau peran tidak sah.",
                    "Id, agency, name or role is not valid.",
                ),
                Words(
                    "Id dan instansi: huruf kecil, angka, tanda hubung.",
                    "Id and agency: lower-case letters, digits, hyphens.",
                ),
            ) from None
        private_folder(self.path)
        write_file(self.path / "keys.json", lock_keys(keys, passphrase), private=True)
        write_file(self.identity_path, member.canonical())
        return member

    def member(self) -> Member:
        if not self.identity_path.exists():
            raise NotYet(
                PolicyCode.HOME_EMPTY,
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
        files = sorted((self.path / "earlier").glob("keys-*.json"))
        earlier = tuple(unlock_keys(read_file(file), passphrase) for file in files)
        return Unlocked(self, member, keys, earlier)

    def renew(self, passphrase: bytes, today: date) -> Member:
        """Create new keys next to the current ones, which stay until a roster has the new card."""
        now, earlier = self.unlock(passphrase), self.path / "earlier"
        number = len(list(earlier.glob("keys-*.json"))) + 1
        keys = replace(KeyRing.generate(), storage=now.keys.storage)
        card = now.member.model_copy(
            update={
                **public_keys(keys),
                "valid_from": today,
                "valid_until": today + timedelta(days=_VALID_DAYS),
            }
        )
        old = read_file(self.path / "keys.json")
        write_file(earlier / f"keys-{number:03d}.json", old, private=True)
        write_file(earlier / f"identity-{number:03d}.json", now.member.canonical())
        write_file(self.path / "keys.json", lock_keys(keys, passphrase), private=True)
        write_file(self.identity_path, card.canonical())
        return card

    def change_passphrase(self, old: bytes, new: bytes) -> None:
        """Lock all keys under another passphrase; raises WrongKey before anything is written.

        If it is interrupted, the same call completes it.
        """
        files = [self.path / "keys.json", *sorted((self.path / "earlier").glob("keys-*.json"))]
        locked = {file: _relocked(read_file(file), old, new) for file in files}
        for file, data in locked.items():
            write_file(file, data, private=True)

    def pin_roster(self, url: str, roster_data: bytes, digest: str) -> Roster:
        """Store a roster whose digest was learned independently of the service.

        Raises Refused for a roster that is older than the pinned one, or does not follow it.
        """
        roster = open_roster(roster_data, digest)
        mine = roster.member(self.member().id)
        if not any(_same_keys(mine, card) for card in self._cards()):
            raise other_keys()
        if self.has_joined and roster.digest() != self.service().roster_digest:
            self._require_later(roster, roster_data)
        self._keep(roster, roster_data)
        self._pin(url.rstrip("/"), roster)
        return roster

    def _require_later(self, roster: Roster, data: bytes) -> None:
        known, digest = self.rosters(), roster.digest()
        newest = known[-1]
        if digest == newest.digest():
            return
        if roster.version <= newest.version:
            raise _older(roster.version, newest.version)
        if roster.version == newest.version + 1:
            require_signed_successor(known, roster, parse_roster(data)[1])
        else:
            require_no_return(known, roster)

    def learn(self, data: bytes) -> Roster:
        """Store a roster that came from a log or from the service.

        It must be known here, follow the newest known one, or be named by a known one as its
        previous roster (by digest). Raises Unverified for any other roster.
        """
        roster, envelope = parse_roster(data)
        known, digest = self.rosters(), roster.digest()
        if any(digest == each.digest() for each in known):
            if roster.version > self.roster().version:  # stored, not pinned: a crash came between
                self._pin(self.service().url, roster)
            return roster
        if roster.version == known[-1].version + 1:
            require_signed_successor(known, roster, envelope)
            self._keep(roster, data)
            self._pin(self.service().url, roster)
        elif any(digest == each.previous for each in known):
            self._keep(open_roster(data, digest), data)
        else:
            raise _unknown_roster()
        return roster

    def _keep(self, roster: Roster, data: bytes) -> None:
        name = f"{roster.version:06d}-{roster.digest()}.json"
        write_file(self.path / "rosters" / name, data)

    def _pin(self, url: str, roster: Roster) -> None:
        address = ServiceAddress(url=url, roster_digest=roster.digest())
        write_file(self.path / "service.json", address.canonical())

    def _cards(self) -> Iterator[Member]:
        """The identity card, and the cards of earlier keys that are still stored."""
        yield self.member()
        for path in sorted((self.path / "earlier").glob("identity-*.json")):
            yield read_member(path)

    def roster_files(self) -> list[bytes]:
        """Every known roster as it was signed, oldest first.

        Raises NotYet if none is pinned, BadInput if its file is gone.
        """
        pinned = self.service()
        files = [read_file(path) for path in sorted((self.path / "rosters").glob("*.json"))]
        single = self.path / "roster.json"  # the only roster file of earlier builds
        if single.exists() and read_file(single) not in files:
            files.append(read_file(single))
        if not files:
            raise _lost_roster(pinned)
        versions = [(parse_roster(data)[0].version, data) for data in files]
        return [data for _, data in sorted(versions)]

    def rosters(self) -> list[Roster]:
        """Every known roster, oldest first; raises NotYet if none is pinned."""
        return [parse_roster(data)[0] for data in self.roster_files()]

    def service(self) -> ServiceAddress:
        path = self.path / "service.json"
        if not path.exists():
            raise NotYet(
                PolicyCode.HOME_NO_SERVICE,
                Words("Roster belum disimpan di komputer ini.", "No roster is pinned here yet."),
                Words(
                    "Jalankan 'padan-policy accept' dengan undangan Anda, atau 'padan-policy join'"
                    " dengan sidik roster.",
                    "Run 'padan-policy accept' with your invite, or 'padan-policy join' with the"
                    " roster's digest.",
                ),
            )
        return ServiceAddress.model_validate_json(read_file(path))

    @property
    def has_joined(self) -> bool:
        """Whether a roster is pinned here."""
        return (self.path / "service.json").exists()

    def roster(self) -> Roster:
        """The newest known roster."""
        return open_roster(self.roster_file(), self.service().roster_digest)

    def roster_file(self) -> bytes:
        """The newest known roster as it was signed."""
        digest, files = self.service().roster_digest, self.roster_files()
        return next((data for data in files if roster_digest(data) == digest), files[-1])

    def project_folder(self, project: str) -> Path:
        return self.path / "projects" / project


@dataclass(frozen=True)
class Unlocked:
    """A home folder with its keys open."""

    home: Home
    member: Member
    keys: KeyRing = field(repr=False)
    earlier: tuple[KeyRing, ...] = field(default=(), repr=False)

    def under(self, roster: Roster) -> Unlocked:
        """This home with the keys that the roster names; unchanged if it names none of them."""
        if not roster.has_member(self.member.id):
            return self
        listed, rings = roster.member(self.member.id), (self.keys, *self.earlier)
        for keys in rings:
            if _has_keys(listed, keys):
                others = tuple(each for each in rings if each is not keys)
                return replace(self, member=listed, keys=keys, earlier=others)
        return self

    def is_in(self, roster: Roster) -> bool:
        """Whether the roster has this member with the keys of the identity card."""
        return roster.has_member(self.member.id) and _same_keys(
            roster.member(self.member.id), self.member
        )

    def require_keys(self, roster: Roster) -> None:
        """Checks that the roster has this member with keys that are here; raises Refused."""
        if not _has_keys(roster.member(self.member.id), self.under(roster).keys):
            raise other_keys()

    def vault(self, project: str) -> Vault:
        return Vault(self.home.project_folder(project) / "vault", self.keys.storage)


def _relocked(data: bytes, old: bytes, new: bytes) -> bytes:
    try:
        return lock_keys(unlock_keys(data, old), new)
    except WrongKey:
        unlock_keys(data, new)  # changed by an interrupted call, or another passphrase: raises
        return data


def public_keys(keys: KeyRing) -> dict[str, str]:
    """The public keys, as an identity card has them."""
    return {
        "signing_key": b64(keys.signing.public_key().public_bytes_raw()),
        "log_key": b64(keys.log.public_key().public_bytes_raw()),
        "seal_key": b64(keys.seal.public_bytes()),
    }


def _has_keys(member: Member, keys: KeyRing) -> bool:
    return member == member.model_copy(update=public_keys(keys))


def _same_keys(one: Member, other: Member) -> bool:
    """Whether these are the same member with the same keys; validity and roles may differ."""
    names = ("id", "agency", "signing_key", "log_key", "seal_key")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def other_keys() -> Refused:
    return Refused(
        PolicyCode.ROSTER_KEYS,
        Words(
            "Roster memuat kunci lain untuk identitas ini.",
            "The roster has other keys for this identity.",
        ),
        Words(
            "Kirim ulang identity.json kepada otoritas roster.",
            "Send identity.json to the roster's authorities again.",
        ),
    )


def _older(version: int, newest: int) -> Refused:
    return Refused(
        PolicyCode.ROSTER_OLDER,
        Words(
            f"Roster versi {version} lebih lama daripada versi {newest} yang sudah disimpan di"
            " sini,"
            " atau lain dengan nomor yang sama.",
            f"Roster version {version} is older than version {newest}, which is pinned here, or"
            " another one of that number.",
        ),
        Words(
            "Pakai roster terbaru; kunci yang dicabut tidak hidup lagi.",
            "Use the newest roster; a key that was revoked does not come back.",
        ),
    )


def _lost_roster(pinned: ServiceAddress) -> BadInput:
    return BadInput(
        PolicyCode.ROSTER_LOST,
        Words("Berkas roster di folder rumah ini hilang.", "This home folder has lost its roster."),
        Words(
            "Pulihkan folder 'rosters' dari cadangan, atau unduh lagi: padan-policy join --service"
            f" {pinned.url} --roster-digest {pinned.roster_digest}",
            "Restore the folder 'rosters' from a backup, or download it again: padan-policy join"
            f" --service {pinned.url} --roster-digest {pinned.roster_digest}",
        ),
    )


def _unknown_roster() -> Unverified:
    return Unverified(
        PolicyCode.ROSTER_UNKNOWN,
        Words(
            "Log ini dimulai dengan roster yang tidak dikenal di sini.",
            "This log begins with a roster that is not known here.",
        ),
        Words(
            "Tanyakan sidik roster kepada kedua otoritas; simpan dengan 'padan-policy join'.",
            "Ask both authorities for the roster's digest; pin it with 'padan-policy join'.",
        ),
    )


def read_member(path: Path) -> Member:
    """A public identity card from its file; raises BadInput."""
    try:
        return Member.model_validate_json(read_file(path))
    except ValidationError:
        raise BadInput(
            PolicyCode.IDENTITY_MALFORMED,
            Words(f"{path} bukan kartu identitas Padan.", f"{path} is not a Padan identity card."),
            Words("Minta identity.json yang asli.", "Ask for the original identity.json."),
        ) from None
