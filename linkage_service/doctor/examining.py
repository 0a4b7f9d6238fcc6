"""All checks of a deployment, in the order in which a person would repair it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from linkage_service.api.public_address import PublicUrl
from linkage_service.doctor.address import Address
from linkage_service.doctor.backups import check_backups
from linkage_service.doctor.home import check_home
from linkage_service.doctor.parts import check_parts
from linkage_service.doctor.unsafe import check_settings
from linkage_service.settings import Settings
from linkage_service.storage.backups import newest_backup
from policy.base.clocks import Clock, system_clock
from policy.base.words import Words
from policy.members.home import Unlocked
from policy.terminal.checks import SelfCheck, Standing

BACKUP_HOURS = 26


@dataclass(frozen=True)
class Deployment:
    """One service: its settings, its keys, and what its operator knows besides."""

    settings: Settings
    me: Unlocked
    secrets: tuple[Path, ...] = ()  # files with passwords
    backups: Path | None = None
    backup_hours: int = BACKUP_HOURS
    clock: Clock = system_clock


def examine(deployment: Deployment) -> Iterator[SelfCheck]:
    """Each check as soon as it is done."""
    settings, me = deployment.settings, deployment.me
    url = str(PublicUrl.parse(settings.public_url or me.home.service().url))
    yield _versions()
    folders = (me.home.path, settings.keystore, settings.scratch)
    yield from check_home(me.home.path, folders, deployment.secrets)
    yield from check_settings(settings, url, deployment.backups)
    yield from check_parts(settings, me, deployment.clock)
    yield from Address(me, url).examine()
    made = newest_backup(settings)
    yield check_backups(deployment.backups, made, deployment.backup_hours, deployment.clock())


def _versions() -> SelfCheck:
    python = ".".join(str(each) for each in sys.version_info[:3])
    shown = f"padan {version('padan')}, Python {python}"
    return SelfCheck("versions", Standing.FINE, Words(shown, shown))
