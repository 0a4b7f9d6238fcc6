"""`padan-linkage ui`: start a project and its service on a local page of this machine."""

from __future__ import annotations

import typer

from linkage_service.cli.options import Scratch, StorageOptions, with_storage
from linkage_service.settings import Settings
from policy.base.extras import stop_if_missing
from policy.members.home import Unlocked
from policy.terminal import console
from policy.terminal.local_page import NEEDS
from policy.terminal.local_page.command import Browser, Port, sit_down


def register(app: typer.Typer) -> None:
    app.command()(ui)


@with_storage
def ui(
    storage: StorageOptions, port: Port = 0, browser: Browser = True, scratch: Scratch = None
) -> None:
    """Halaman lokal pengelola: mulai proyek, undang orang, jalankan layanan
    / the operator's local page: start a project, invite people, run the service.
    """
    stop_if_missing("padan-linkage ui", "ui", NEEDS)
    from linkage_service.desk.operator import ServiceOperator
    from linkage_service.desk.section import service_section
    from policy.terminal.local_page.server import serve
    from policy.ui.app import approver_page
    from policy.ui.desk import ApproverDesk

    def settings(me: Unlocked, public_url: str) -> Settings:
        return storage.settings(me.home.path, new=True, scratch=scratch, public_url=public_url)

    desk, operator = ApproverDesk(console.home()), ServiceOperator(settings)
    sit_down(desk)
    try:
        page = approver_page(desk, port, service_section(operator), lambda: operator.serves)
        serve(page, browser=browser)
    finally:
        operator.stop()
