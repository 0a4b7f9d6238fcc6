"""All that the pages of people need, as one object that the application holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from linkage_service.people.accounts import Accounts
from linkage_service.people.passphrases import Passphrases
from linkage_service.people.secrets import AccountSecrets
from linkage_service.people.sessions import Sessions
from linkage_service.people.set_up import SetUp
from linkage_service.people.signing_in import SigningIn
from linkage_service.people.staff import Staff
from linkage_service.settings import PeopleSettings
from linkage_service.storage.records import Database
from policy.base.clocks import Clock


@dataclass(frozen=True)
class StaffDesk:
    """People of one service: their accounts, their sessions, and the ways in."""

    accounts: Accounts
    sessions: Sessions
    signing_in: SigningIn
    set_up: SetUp

    @classmethod
    def over(
        cls, database: Database, storage_key: bytes, settings: PeopleSettings, clock: Clock
    ) -> Self:
        secrets = AccountSecrets.under(storage_key)
        passphrases = Passphrases(secrets.pepper)
        sessions = Sessions(database, settings, clock)
        return cls(
            Accounts(database, clock),
            sessions,
            SigningIn(sessions, passphrases, secrets),
            SetUp(sessions, passphrases, secrets),
        )

    def person(self, token: str) -> Staff | None:
        """Who has the session of this token; None if nobody has."""
        found = self.sessions.find(token)
        return None if found is None else self.accounts.by_id(found.person)
