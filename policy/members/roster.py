"""The roster: all members with their keys, signed by two authorities.

1. The roster is canonical JSON in a DSSE envelope with two signatures.
2. Its digest reaches every member independently of the service (by letter or
   phone call); a member pins it and accepts no other roster.
3. Versions only increase, and each names the previous one. A lost key is revoked by leaving it
   out (`policy.members.succession`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import Field, ValidationError, model_validator

from policy.base.canonical import DigestedOnce, HexDigest, Identifier, Model, sha256, unb64
from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput, Refused, Unverified
from policy.base.words import Words
from policy.crypto.envelope import Binding, Envelope, parse_envelope, verify
from policy.crypto.keys import seal_public_key, signing_public_key

Role = Literal[
    "authority", "party", "approver", "dpo", "service", "coordinator", "witness", "auditor"
]

ROSTER_TYPE = "padan/roster"
_LAST_SECOND = 253_402_300_799  # the last second of the year 9999, the last date that Python has


class Member(Model):
    """One key holder: a work unit's machine, a person, the service or a witness.

    `agency` is the institution that it belongs to. Rules that require different agencies compare
    this field and not the member id.
    """

    id: Identifier
    agency: Identifier
    name: str = Field(min_length=1, max_length=120)
    roles: tuple[Role, ...] = Field(min_length=1)
    signing_key: str
    log_key: str
    seal_key: str
    valid_from: date
    valid_until: date

    def signing_public(self) -> Ed25519PublicKey:
        return signing_public_key(self.signing_key)

    def log_public(self) -> Ed25519PublicKey:
        return signing_public_key(self.log_key)

    def seal_public(self) -> bytes:
        return unb64(self.seal_key)

    def may_sign(self, at: int) -> bool:
        """Whether its keys are valid on the day of that time (Unix seconds)."""
        return at <= _LAST_SECOND and (
            self.valid_from <= datetime.fromtimestamp(at, UTC).date() <= self.valid_until
        )

    def has(self, role: Role) -> bool:
        """Whether the member has this role."""
        return role in self.roles


class Agency(Model):
    """The superiors of an agency: the head of its government, a ministry, a parent agency.

    `superiors` are the agencies that can give it orders, with or without members here.
    """

    id: Identifier
    superiors: tuple[Identifier, ...] = Field(min_length=1)


class Roster(DigestedOnce):
    """All members of one version. `previous` is the digest of the previous version, if any."""

    type: Literal["padan/roster"] = "padan/roster"
    version: int = Field(ge=1)
    previous: HexDigest | None = Field(default=None, exclude_if=lambda digest: digest is None)
    issued: date
    authorities: tuple[Identifier, Identifier]
    agencies: tuple[Agency, ...] = Field(default=(), exclude_if=lambda agencies: not agencies)
    members: tuple[Member, ...]

    @model_validator(mode="after")
    def _consistent(self) -> Roster:
        ids = [member.id for member in self.members]
        if len(set(ids)) != len(ids):
            raise ValueError("member ids repeat")
        _require_sound_keys(self.members)
        if len(set(self.authorities)) != 2 or not set(self.authorities) <= set(ids):
            raise ValueError("two different authorities must be members")
        if len({self.member(a).agency for a in self.authorities}) != 2:
            raise ValueError("the authorities must belong to different agencies")
        answering = [agency.id for agency in self.agencies]
        if len(set(answering)) != len(answering):
            raise ValueError("an agency's superiors are named once")
        if any(agency.id in superiors_in(self.agencies, agency.id) for agency in self.agencies):
            raise ValueError("no agency is its own superior")
        return self

    def has_member(self, member_id: str) -> bool:
        """Whether the roster has a member with this id."""
        return any(member.id == member_id for member in self.members)

    def superiors(self, agency: str) -> frozenset[str]:
        """All superiors of an agency, direct and indirect, that the roster knows."""
        return superiors_in(self.agencies, agency)

    def in_line(self, one: str, other: str) -> bool:
        """Whether two agencies are the same, or one can give the other orders."""
        return one == other or one in self.superiors(other) or other in self.superiors(one)

    def akin(self, one: str, other: str) -> bool:
        """Whether two agencies are in line or have a common superior, which could order both."""
        return self.in_line(one, other) or bool(self.superiors(one) & self.superiors(other))

    def member(self, member_id: str) -> Member:
        """The member with this id; raises Refused if there is none."""
        for member in self.members:
            if member.id == member_id:
                return member
        raise Refused(
            PolicyCode.ROSTER_STRANGER,
            Words(
                f"'{member_id}' tidak terdaftar di roster versi {self.version}.",
                f"'{member_id}' is not in version {self.version} of the roster.",
            ),
            Words(
                "Minta kedua otoritas menerbitkan roster yang memuat anggota itu.",
                "Ask the two authorities to issue a roster that has this member.",
            ),
        )

    def valid_member(self, member_id: str, on: date) -> Member:
        """A member whose keys are valid on that day; raises Refused."""
        member = self.member(member_id)
        if not member.valid_from <= on <= member.valid_until:
            raise Refused(
                PolicyCode.ROSTER_EXPIRED,
                Words(
                    f"Kunci '{member_id}' tidak berlaku pada {on.isoformat()}.",
                    f"The keys of '{member_id}' are not valid on {on.isoformat()}.",
                ),
                Words("Perbarui kuncinya lewat roster baru.", "Renew the keys by a new roster."),
            )
        return member

    def with_role(self, role: Role) -> tuple[Member, ...]:
        """The members with this role."""
        return tuple(member for member in self.members if member.has(role))

    def service(self) -> Member:
        """The one linkage service of this roster; raises Refused if there is not exactly one."""
        services = self.with_role("service")
        if len(services) != 1:
            raise Refused(
                PolicyCode.ROSTER_SERVICE,
                Words(
                    "Roster harus memuat tepat satu layanan pemadanan.",
                    "A roster must have exactly one linkage service.",
                ),
                Words("Perbaiki roster itu.", "Correct the roster."),
            )
        return services[0]


def superiors_in(agencies: tuple[Agency, ...], agency: str) -> frozenset[str]:
    """The direct and indirect superiors of an agency."""
    direct = {each.id: each.superiors for each in agencies}
    found: set[str] = set()
    waiting = list(direct.get(agency, ()))
    while waiting:
        above = waiting.pop()
        if above not in found:
            found.add(above)
            waiting += direct.get(above, ())
    return frozenset(found)


def _require_sound_keys(members: Iterable[Member]) -> None:
    """Checks that each key is valid for its purpose and used only once; raises BadInput.

    Keys are compared as bytes, because one key can be written in two ways.
    """
    seen: dict[bytes, str] = {}
    for member in members:
        for name in ("signing_key", "log_key", "seal_key"):
            try:
                key = unb64(getattr(member, name))
                if name == "seal_key":
                    seal_public_key(key)
                else:
                    signing_public_key(getattr(member, name))
            except BadInput:
                raise _unsound_key(member.id, name) from None
            if key in seen:
                raise _one_key_twice(seen[key], member.id)
            seen[key] = member.id


def roster_binding(roster: Roster) -> Binding:
    return Binding(
        type=ROSTER_TYPE, project="", epoch=0, roster=roster.digest(), sender=roster.authorities[0]
    )


@lru_cache(maxsize=32)
def parse_roster(data: bytes) -> tuple[Roster, Envelope]:
    """A roster and its envelope; raises BadInput. Signatures are not checked yet."""
    envelope = parse_envelope(data)
    try:
        roster = Roster.model_validate_json(envelope.body)
    except ValidationError:
        raise _malformed() from None
    if roster.canonical() != envelope.body or envelope.binding() != roster_binding(roster):
        raise _malformed()
    return roster, envelope


def as_first(data: bytes) -> bytes:
    """A roster as the first entry of a log has it: signed only by its own authorities.

    A roster that follows another may also have the other's signatures
    (`policy.members.succession`).
    """
    roster, envelope = parse_roster(data)
    own = tuple(each for each in envelope.signatures if each.keyid in roster.authorities)
    return envelope.model_copy(update={"signatures": own}).canonical()


def open_roster(data: bytes, pinned_digest: str) -> Roster:
    """The roster, if it is the pinned one and both authorities signed it.

    Raises Unverified for another roster, WrongKey for a missing signature.
    """
    roster, _ = parse_roster(data)
    if roster.digest() != pinned_digest.lower():
        raise Unverified(
            PolicyCode.ROSTER_DIGEST,
            Words(
                "Sidik roster berbeda dari yang Anda pegang.",
                "The roster's digest differs from the one you hold.",
            ),
            Words(
                "Tanyakan sidik yang benar kepada kedua otoritas lewat jalur lain.",
                "Ask the two authorities for the right digest by another way.",
            ),
        )
    own = parse_envelope(as_first(data))
    verify(own, {a: roster.member(a).signing_public() for a in roster.authorities})
    return roster


def roster_digest(data: bytes) -> str:
    return sha256(parse_envelope(data).body)


def _unsound_key(member: str, name: str) -> BadInput:
    return BadInput(
        PolicyCode.ROSTER_KEY,
        Words(
            f"Kunci '{name}' milik '{member}' tidak dapat dipakai: panjangnya salah, ditulis"
            " dengan cara lain, atau titiknya lemah.",
            f"The key '{name}' of '{member}' cannot be used: it has the wrong length, is written"
            " in another way, or is a weak point.",
        ),
        Words(
            "Minta identity.json yang asli dari anggota itu, lalu susun ulang roster.",
            "Ask that member for the original identity.json, then compile the roster again.",
        ),
    )


def _one_key_twice(first: str, second: str) -> BadInput:
    return BadInput(
        PolicyCode.ROSTER_KEY_TWICE,
        Words(
            f"Satu kunci dipakai dua kali: '{first}' dan '{second}'.",
            f"One key is listed twice: '{first}' and '{second}'.",
        ),
        Words(
            "Setiap anggota membuat kuncinya sendiri dengan 'padan-policy identity create'.",
            "Every member makes keys of its own with 'padan-policy identity create'.",
        ),
    )


def _malformed() -> BadInput:
    return BadInput(
        PolicyCode.ROSTER_MALFORMED,
        Words("Berkas roster tidak sah.", "The roster file is not valid."),
        Words(
            "Buat ulang dengan 'padan-policy roster build'.",
            "Make it again with 'padan-policy roster build'.",
        ),
    )
