"""The first account of a service on this machine: whoever starts it gets a one-time link."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linkage_service.settings import Settings
    from policy.members.home import Unlocked

FIRST_NAME = "koordinator"


def first_account(settings: Settings, me: Unlocked, host: str, url: str) -> str | None:
    """A link while nobody has set an account up, else None; only a service on loopback has one.

    The link makes a coordinator. Where others reach the service, or an OIDC provider knows the
    people, accounts are made by those who are asked to: 'people add'.
    """
    from linkage_service.people.accounts import Accounts
    from linkage_service.people.staff import ALL_PROJECTS, Role
    from linkage_service.storage.records import open_database
    from policy.base.clocks import system_clock

    if not _is_loopback(host) or settings.public_url or settings.people.oidc_file:
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
    return f"{url}/akun/baru#{code}"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
