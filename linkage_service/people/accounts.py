"""Accounts: who has one, one-time codes to set one up, and the end of one.

    invited ── the person sets a passphrase and an app up ──▶ active
       ▲                                                        │
       └──────────────── reset: a new one-time code ◀───────────┤
                                  disabled ◀── disable ─────────┘

An account of an OIDC provider has no passphrase here: its provider knows it.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, Row, delete, insert, select, update

from linkage_service.error_codes import ServiceCode
from linkage_service.people import totp
from linkage_service.people.sessions import LOCK, end_all
from linkage_service.people.staff import ALL_PROJECTS, Role, Staff
from linkage_service.storage.records import Database
from linkage_service.storage.records.tables import one_time_codes, recovery_codes, staff
from policy.base.canonical import is_identifier
from policy.base.clocks import Clock
from policy.base.errors import BadInput, Refused
from policy.base.words import Words

CODE_SECONDS = 24 * 3600
_NAME = re.compile(r"[a-z0-9][a-z0-9.@_-]{1,118}")


@dataclass(frozen=True)
class Account:
    """An account as the coordinator sees it: no secret."""

    person: Staff
    state: str
    issuer: str
    created: int


@dataclass(frozen=True)
class Accounts:
    """The accounts of one service."""

    database: Database
    clock: Clock

    def add(
        self, name: str, office: str, roles: Iterable[Role], projects: Iterable[str] = ()
    ) -> str:
        """A new local account; returns its one-time code. Given again before it is set up: a new
        code, with these roles. Raises Refused if it is in use.
        """
        name, wanted = readable_name(name), frozenset(roles)
        chosen = tuple(sorted(set(projects)))
        _require_fitting(office, wanted, chosen)
        values = {"office": office, "roles": _joined(wanted), "projects": " ".join(chosen)}
        with self.database.writing(LOCK) as connection:
            row = local_row(connection, name)
            if row is None:
                person = secrets.token_hex(16)
                fresh = {"id": person, "subject": name, "name": name, "state": "invited"}
                created = self.clock()
                connection.execute(insert(staff).values(**fresh, **values, created=created))
            elif row.state == "invited":
                person = row.id
                connection.execute(update(staff).where(staff.c.id == person).values(**values))
            else:
                raise _in_use()
            return self._code(connection, person)

    def reset(self, name: str) -> str:
        """Forget passphrase, app and recovery codes, end all sessions; returns a one-time code."""
        with self.database.writing(LOCK) as connection:
            row = self._required(connection, name, "")
            _forget_secrets(connection, row.id)
            emptied = {"state": "invited", "passphrase": "", "totp": "", "totp_step": 0}
            connection.execute(update(staff).where(staff.c.id == row.id).values(**emptied))
            return self._code(connection, row.id)

    def disable(self, name: str, issuer: str = "") -> None:
        """Nobody signs in to this account any more, and all its sessions end."""
        with self.database.writing(LOCK) as connection:
            row = self._required(connection, name, issuer)
            _forget_secrets(connection, row.id)
            ended = {"state": "disabled", "passphrase": "", "totp": ""}
            connection.execute(update(staff).where(staff.c.id == row.id).values(**ended))

    def all(self) -> tuple[Account, ...]:
        """Every account, by its name."""
        with self.database.reading() as connection:
            rows = connection.execute(select(staff).order_by(staff.c.name)).all()
        return tuple(Account(person_of(row), row.state, row.issuer, row.created) for row in rows)

    def by_id(self, person: str) -> Staff | None:
        """The person with this id, if the account is in use."""
        query = select(staff).where(staff.c.id == person, staff.c.state == "active")
        with self.database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else person_of(row)

    def _code(self, connection: Connection, person: str) -> str:
        """A new one-time code; earlier ones of this person end."""
        code = totp.one_time_code()
        connection.execute(delete(one_time_codes).where(one_time_codes.c.person == person))
        values = {"code": totp.code_hash(code), "person": person}
        expires = self.clock() + CODE_SECONDS
        connection.execute(insert(one_time_codes).values(**values, expires=expires))
        return code

    def _required(self, connection: Connection, name: str, issuer: str) -> Row[tuple[object, ...]]:
        query = select(staff).where(staff.c.issuer == issuer, staff.c.subject == name.strip())
        row = connection.execute(query).first()
        if row is None:
            raise BadInput(
                ServiceCode.PEOPLE_UNKNOWN,
                Words("Tidak ada akun dengan nama itu.", "There is no account of that name."),
                Words("Lihat 'padan-linkage people list'.", "See 'padan-linkage people list'."),
            )
        return row


def local_row(connection: Connection, name: str) -> Row[tuple[object, ...]] | None:
    """The stored local account of a name."""
    query = select(staff).where(staff.c.issuer == "", staff.c.subject == name)
    return connection.execute(query).first()


def person_of(row: Row[tuple[object, ...]]) -> Staff:
    """The person of a stored account. A role that this build does not know is no role."""
    known = frozenset(Role(each) for each in row.roles.split() if each in set(Role))
    return Staff(row.id, row.name, row.office, known, tuple(row.projects.split()))


def readable_name(name: str) -> str:
    """The name of an account, as it is stored; raises BadInput."""
    plain = name.strip().lower()
    if not _NAME.fullmatch(plain):
        raise BadInput(
            ServiceCode.PEOPLE_NAME,
            Words("Nama akun itu tidak dapat dipakai.", "That account name cannot be used."),
            Words(
                "Pakai huruf kecil, angka, titik, atau alamat surel.",
                "Use lower case letters, digits, dots, or an e-mail address.",
            ),
        )
    return plain


def _require_fitting(office: str, roles: frozenset[Role], projects: tuple[str, ...]) -> None:
    wrong = not roles or not is_identifier(office)
    if wrong or any(each != ALL_PROJECTS and not is_identifier(each) for each in projects):
        raise BadInput(
            ServiceCode.PEOPLE_INCOMPLETE,
            Words(
                "Akun perlu satu peran, satu kantor, dan id proyek yang benar.",
                "An account needs a role, an office, and ids of projects.",
            ),
            Words(
                "Tulis kantor seperti id instansi di roster, misalnya 'bpkp'.",
                "Write the office as an agency's id in the roster, such as 'bpkp'.",
            ),
        )


def _forget_secrets(connection: Connection, person: str) -> None:
    end_all(connection, person)
    connection.execute(delete(recovery_codes).where(recovery_codes.c.person == person))
    connection.execute(delete(one_time_codes).where(one_time_codes.c.person == person))


def _joined(roles: Iterable[Role]) -> str:
    return " ".join(sorted(each.value for each in roles))


def _in_use() -> Refused:
    return Refused(
        ServiceCode.PEOPLE_IN_USE,
        Words("Akun itu sudah dipakai.", "That account is in use."),
        Words(
            "Untuk kode baru, 'padan-linkage people reset'.",
            "For a new code, 'padan-linkage people reset'.",
        ),
    )
