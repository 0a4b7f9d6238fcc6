"""All that the pages of people need, as one object that the application holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from linkage_service.people.accounts import Accounts
from linkage_service.people.entitled import may_see
from linkage_service.people.passphrases import MEMORY_KIB, Passphrases
from linkage_service.people.secrets import AccountSecrets
from linkage_service.people.sessions import Sessions
from linkage_service.people.set_up import SetUp
from linkage_service.people.signing_in import SigningIn
from linkage_service.people.staff import Staff
from linkage_service.settings import PeopleSettings
from linkage_service.storage.ledger import Ledger
from linkage_service.storage.records import Database
from policy.base.clocks import Clock
from policy.base.errors import PadanError


@dataclass(frozen=True)
class StaffDesk:
    """People of one service: their accounts, their sessions, and the ways in."""

    accounts: Accounts
    sessions: Sessions
    signing_in: SigningIn
    set_up: SetUp
    entitled: Callable[[Staff, str], bool] = Staff.sees

    @classmethod
    def over(
        cls,
        database: Database,
        storage_key: bytes,
        settings: PeopleSettings,
        clock: Clock,
        entitled: Callable[[Staff, str], bool] = Staff.sees,
        memory_kib: int = MEMORY_KIB,
    ) -> Self:
        """`entitled` says whether a person may look at the project of an id; `memory_kib` is the
        memory of each passphrase's hash.
        """
        secrets = AccountSecrets.under(storage_key)
        passphrases = Passphrases(secrets.pepper, memory_kib)
        sessions = Sessions(database, settings, clock)
        return cls(
            Accounts(database, clock),
            sessions,
            SigningIn(sessions, passphrases, secrets),
            SetUp(sessions, passphrases, secrets),
            entitled,
        )

    @classmethod
    def of(cls, ledger: Ledger, settings: PeopleSettings, clock: Clock) -> Self:
        """The people of the service with this ledger, entitled by charters."""

        def entitled(person: Staff, project_id: str) -> bool:
            try:
                project = ledger.project(project_id)
                return may_see(person, project.charter, project.roster)
            except PadanError:  # there is no such project, or nobody signed its charter
                return False

        return cls.over(ledger.database, ledger.me.keys.storage, settings, clock, entitled)

    def person(self, token: str) -> Staff | None:
        """Who has the session of this token; None if nobody has."""
        found = self.sessions.find(token)
        return None if found is None else self.accounts.by_id(found.person)
