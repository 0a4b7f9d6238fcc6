"""Set up an account: a one-time code opens it, then passphrase, app and recovery codes.

The code counts until the setup is complete, so that an interrupted one can begin again.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update

from linkage_service.error_codes import ServiceCode
from linkage_service.people import totp, waits
from linkage_service.people.passphrases import Passphrases, require_good
from linkage_service.people.secrets import AccountSecrets
from linkage_service.people.sessions import LOCK, OpenSession, Sessions, end_all
from linkage_service.people.signing_in import MustWait
from linkage_service.storage.records.tables import one_time_codes, recovery_codes, staff
from policy.base.errors import BadInput, Refused
from policy.base.words import Words

ISSUER = "Padan"


@dataclass(frozen=True)
class Enrolment:
    """What the page of a setup shows: the account's name, and the app's secret."""

    name: str
    typed: str
    address: str


@dataclass(frozen=True)
class SetUp:
    """Setups of accounts of one service."""

    sessions: Sessions
    passphrases: Passphrases
    secrets: AccountSecrets

    def begin(self, code: str, address: str) -> str:
        """The token of a setup session, for a one-time code; raises MustWait or Refused."""
        now, database = self.sessions.clock(), self.sessions.database
        counter = waits.of_address(address)
        with database.writing(LOCK) as connection:
            left = waits.attempt(connection, (counter,), now)
        if left:
            raise MustWait(left)
        query = select(one_time_codes.c.person).where(
            one_time_codes.c.code == totp.code_hash(code), one_time_codes.c.expires > now
        )
        with database.writing(LOCK) as connection:
            person = connection.execute(query).scalar()
            if person is None:
                raise _no_such_code()
            waits.forgive(connection, counter, now)
            secret = self.secrets.seal(totp.new_secret(), person)
            return self.sessions.open(connection, person, kind="setup", secret=secret)

    def enrolment(self, found: OpenSession) -> Enrolment:
        """What the person copies into the app."""
        with self.sessions.database.reading() as connection:
            name = connection.execute(select(staff.c.name).filter_by(id=found.person)).scalar_one()
        secret = self.secrets.open(found.secret, found.person)
        return Enrolment(name, totp.typed(secret), totp.address_of(secret, name, ISSUER))

    def finish(
        self, found: OpenSession, passphrase: str, again: str, code: str
    ) -> tuple[str, tuple[str, ...]]:
        """The token of a full session, and the recovery codes; raises BadInput or Refused."""
        name = self.enrolment(found).name
        require_good(passphrase, again, name)
        secret, now = self.secrets.open(found.secret, found.person), self.sessions.clock()
        step = totp.accepted_step(secret, "".join(code.split()), now, 0)
        if step is None:
            raise _wrong_code()
        hashed, codes = self.passphrases.hash(passphrase), totp.recovery_codes()
        with self.sessions.database.writing(LOCK) as connection:
            mine = one_time_codes.c.person == found.person
            if connection.execute(delete(one_time_codes).where(mine)).rowcount == 0:
                raise _no_such_code()  # set up elsewhere, disabled or reset meanwhile
            values = {"state": "active", "passphrase": hashed, "totp_step": step}
            sealed = self.secrets.seal(secret, found.person)
            account = update(staff).where(staff.c.id == found.person)
            connection.execute(account.values(**values, totp=sealed))
            end_all(connection, found.person)
            old = recovery_codes.c.person == found.person
            connection.execute(delete(recovery_codes).where(old))
            rows = [{"person": found.person, "code": totp.code_hash(each)} for each in codes]
            connection.execute(insert(recovery_codes), rows)
            return self.sessions.open(connection, found.person), codes


def _no_such_code() -> Refused:
    return Refused(
        ServiceCode.PEOPLE_CODE,
        Words("Kode sekali pakai itu tidak berlaku.", "That one-time code is not valid."),
        Words(
            "Minta kode baru kepada koordinator layanan ('padan-linkage people reset').",
            "Ask the service's coordinator for a new one ('padan-linkage people reset').",
        ),
    )


def _wrong_code() -> BadInput:
    return BadInput(
        ServiceCode.PEOPLE_APP_CODE,
        Words("Kode dari aplikasi tidak cocok.", "The code from the app does not fit."),
        Words(
            "Pindai lagi, periksa jam ponsel, dan ketik kode yang baru.",
            "Scan again, check the phone's clock, and type a new code.",
        ),
    )
