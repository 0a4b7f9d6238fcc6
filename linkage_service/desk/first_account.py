"""The first account of a service on this machine: a one-time link when it starts."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from policy.base.addresses import is_this_machine

if TYPE_CHECKING:
    from linkage_service.settings import Settings
    from policy.members.home import Unlocked

FIRST_NAME = "koordinator"


def first_account(settings: Settings, me: Unlocked, host: str, url: str) -> str | None:
    """A link while nobody has set an account up, else None; only a service for this machine has it.

    The link makes a coordinator. Where others reach the service, by its own socket or by a public
    address before it, or an OIDC provider knows the people, accounts are made by those who are
    asked to: 'people add'.
    """
    from linkage_service.people.accounts import Accounts
    from linkage_service.people.staff import ALL_PROJECTS, Role
    from linkage_service.storage.records import open_database
    from policy.base.clocks import system_clock

    public = settings.public_url or (me.home.service().url if me.home.has_joined else url)
    near = is_this_machine(host) and is_this_machine(urlsplit(public).hostname or "")
    if not near or settings.people.oidc_file:
        return None
    database = open_database(settings.database_url)
    try:
        accounts = Accounts(database, system_clock)
        if any(
            each.state != "invited" or each.person.name != FIRST_NAME for each in accounts.all()
        ):
            return None
        roles = (Role.coordinator, Role.operator)
        code = accounts.add(FIRST_NAME, me.member.agency, roles, (ALL_PROJECTS,))
    finally:
        database.close()
    return f"{settings.public_url.rstrip('/') or url}/akun/baru#{code}"
