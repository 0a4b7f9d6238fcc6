"""The check of name, passphrase and second factor: one answer for every way to be wrong.

An unknown name, a wrong passphrase, a wrong code and a disabled account get the same words after
the same work: a passphrase is hashed, and both kinds of codes are looked up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, update

from linkage_service.error_codes import ServiceCode
from linkage_service.people import totp, waits
from linkage_service.people.accounts import local_row
from linkage_service.people.passphrases import Passphrases
from linkage_service.people.secrets import AccountSecrets
from linkage_service.people.sessions import LOCK, Sessions
from linkage_service.storage.records.tables import recovery_codes, staff
from policy.base.errors import PadanError, Refused
from policy.base.words import Words

_NO_SECRET = bytes(totp.SECRET_BYTES)


class MustWait(Refused):
    """There were too many attempts; `seconds` until the next one is looked at."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            ServiceCode.PEOPLE_WAIT,
            Words("Terlalu banyak percobaan masuk.", "There were too many attempts to sign in."),
            Words(f"Tunggu {seconds} detik.", f"Wait {seconds} seconds."),
        )
        self.seconds = seconds


@dataclass(frozen=True)
class SigningIn:
    """Local sign-in of one service."""

    sessions: Sessions
    passphrases: Passphrases
    secrets: AccountSecrets

    def sign_in(
        self, name: str, passphrase: str, code: str, address: str, replacing: str = ""
    ) -> str:
        """A new session's token; raises MustWait, or Refused if anything is wrong."""
        name = name.strip().lower()[:120]
        counters = waits.of_account(name), waits.of_address(address)
        database, now = self.sessions.database, self.sessions.clock()
        with database.writing(LOCK) as connection:
            left = waits.attempt(connection, counters, now)
        if left:
            raise MustWait(left)
        with database.reading() as connection:
            row = local_row(connection, name)
        stored = row.passphrase if row is not None and row.state == "active" else ""
        fits = self.passphrases.fits(passphrase, stored)
        with database.writing(LOCK) as connection:
            # Read again: the account may have been reset while the passphrase was hashed.
            row = local_row(connection, name)
            same = row is not None and row.state == "active" and row.passphrase == stored
            if not self._second_factor(connection, row, code, now, good=fits and same):
                raise _not_signed_in()
            assert row is not None
            for each in counters:
                waits.forgive(connection, each, now)
            return self.sessions.open(connection, row.id, replacing=replacing)

    def _second_factor(
        self, connection: Connection, row: Any, code: str, now: int, *, good: bool
    ) -> bool:
        """Use the code up, if the passphrase was good; returns whether both were."""
        person, last = (row.id, row.totp_step) if row is not None else ("", 0)
        secret = self._secret(row)
        digits = "".join(code.split())
        step = totp.accepted_step(secret or _NO_SECRET, digits, now, last)
        hashed = totp.code_hash(code) if good else ""
        mine = (recovery_codes.c.person == person) & (recovery_codes.c.code == hashed)
        used = connection.execute(delete(recovery_codes).where(mine)).rowcount
        if good and secret and step is not None:
            connection.execute(update(staff).where(staff.c.id == person).values(totp_step=step))
            return True
        return good and used == 1

    def _secret(self, row: Any) -> bytes:
        if row is None or not row.totp:
            return b""
        try:
            return self.secrets.open(row.totp, row.id)
        except PadanError:
            return b""


def _not_signed_in() -> Refused:
    return Refused(
        ServiceCode.PEOPLE_NOT_SIGNED_IN,
        Words(
            "Nama, frasa sandi, atau kode tidak cocok.",
            "The name, the passphrase or the code does not fit.",
        ),
        Words(
            "Ulangi dengan kode baru dari aplikasi. Ponsel hilang: pakai kode pemulihan.",
            "Repeat with a new code from the app. A lost phone: use a recovery code.",
        ),
    )
