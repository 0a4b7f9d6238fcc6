"""Sign in through the OIDC provider: a visit begins here, and comes back once, in one browser.

1. `begin` keeps the nonce and the PKCE verifier, sealed, under the hash of a random state, and
   notes which browser began.
2. `finish` takes the visit out of the database before anything else: a state is good once, for ten
   minutes, in the browser that began.
3. The person's name, office, roles and projects are those that the provider says at this sign-in.
   A disabled account stays disabled.
"""

from __future__ import annotations

import json
import secrets as random
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from linkage_service.error_codes import ServiceCode
from linkage_service.people.oidc_provider import OidcProvider
from linkage_service.people.oidc_settings import Claimed, claimed
from linkage_service.people.secrets import AccountSecrets
from linkage_service.people.sessions import LOCK, Sessions
from linkage_service.storage.records.tables import oidc_visits as visits
from linkage_service.storage.records.tables import staff
from policy.base.canonical import sha256
from policy.base.errors import Refused
from policy.base.words import Words

_VISIT_SECONDS = 600


@dataclass(frozen=True)
class OidcSignIn:
    """Sign-in by one provider."""

    provider: OidcProvider
    sessions: Sessions
    secrets: AccountSecrets

    def begin(self, browser: str, redirect: str, then: str) -> str:
        """Where to send the browser; `browser` is the token of its visit."""
        state, nonce, verifier = (random.token_urlsafe(48) for _ in range(3))
        address = self.provider.address(redirect, state, nonce, verifier)
        kept = json.dumps({"nonce": nonce, "verifier": verifier, "then": then})
        now = self.sessions.clock()
        row = {
            "state": _hash(state),
            "browser": _hash(browser),
            "sealed": self.secrets.seal(kept.encode(), _hash(state)),
            "expires": now + _VISIT_SECONDS,
        }
        with self.sessions.database.writing(LOCK) as connection:
            connection.execute(delete(visits).where(visits.c.expires <= now))
            connection.execute(insert(visits).values(**row))
        return address

    def finish(
        self, browser: str, redirect: str, state: str, code: str, issuer: str, replacing: str
    ) -> tuple[str, str]:
        """A new session's token, and where to go on to; raises Refused or Unreachable.

        `issuer` is what the provider adds to its answer (RFC 9207), '' if it adds nothing.
        """
        kept = self._take(browser, state)
        if issuer not in ("", self.provider.settings.issuer):
            raise _no_visit()
        claims = self.provider.claims(redirect, code, kept["verifier"], kept["nonce"])
        person = claimed(self.provider.settings, claims)
        with self.sessions.database.writing(LOCK) as connection:
            account = self._remember(connection, person)
            return self.sessions.open(connection, account, replacing=replacing), kept["then"]

    def _take(self, browser: str, state: str) -> dict[str, str]:
        place = _hash(state)
        mine = visits.c.state == place
        with self.sessions.database.writing(LOCK) as connection:
            row = connection.execute(select(visits).where(mine)).first()
            connection.execute(delete(visits).where(mine))
        if row is None or row.expires <= self.sessions.clock() or row.browser != _hash(browser):
            raise _no_visit()
        kept: dict[str, str] = json.loads(self.secrets.open(row.sealed, place))
        return kept

    def _remember(self, connection: Connection, person: Claimed) -> str:
        """The id of the account, with what the provider says now; raises Refused."""
        issuer = self.provider.settings.issuer
        mine = (staff.c.issuer == issuer) & (staff.c.subject == person.subject)
        row = connection.execute(select(staff.c.id, staff.c.state).where(mine)).first()
        values = {
            "name": person.name,
            "office": person.office,
            "roles": " ".join(sorted(each.value for each in person.roles)),
            "projects": " ".join(person.projects),
        }
        if row is None:
            account = random.token_hex(16)
            fresh = {"id": account, "issuer": issuer, "subject": person.subject, "state": "active"}
            created = self.sessions.clock()
            connection.execute(insert(staff).values(**fresh, **values, created=created))
            return account
        if row.state != "active":
            raise _disabled()
        connection.execute(update(staff).where(mine).values(**values))
        return str(row.id)


def _hash(token: str) -> str:
    return sha256(token.encode())


def _no_visit() -> Refused:
    return Refused(
        ServiceCode.PEOPLE_OIDC_VISIT,
        Words(
            "Proses masuk ini tidak dimulai di peramban ini, atau sudah lewat.",
            "This sign-in did not begin in this browser, or its time is over.",
        ),
        Words("Mulai lagi dari halaman masuk.", "Begin again at the sign-in page."),
    )


def _disabled() -> Refused:
    return Refused(
        ServiceCode.PEOPLE_DISABLED,
        Words("Akun Anda di layanan ini ditutup.", "Your account at this service is disabled."),
        Words("Hubungi koordinator layanan.", "Ask the service's coordinator."),
    )
