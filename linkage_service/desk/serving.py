"""Runs the service of a home on one address: first for people who join, then for the project."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from linkage_service.error_codes import ServiceCode
from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput, NotYet
from policy.base.words import Words
from policy.joining.folder import inviting_folders
from policy.joining.spoken_words import spoken
from policy.members.home import Unlocked
from policy.terminal import console
from policy.terminal.ports import listening

if TYPE_CHECKING:
    import uvicorn

    from linkage_service.settings import Settings


def require_service(me: Unlocked) -> None:
    """Checks that this home is a service's; raises BadInput."""
    if not me.member.has("service"):
        raise BadInput(
            ServiceCode.SERVICE_ROLE,
            Words(
                "Identitas di folder rumah ini bukan layanan.",
                "The identity in this home folder is not a service.",
            ),
            Words("Buat identitas dengan --role service.", "Make one with --role service."),
        )


def require_roster(me: Unlocked) -> None:
    """Checks that the roster is signed; raises NotYet, for the one who invites too."""
    if not me.home.has_joined and inviting_folders(me.home):
        raise NotYet(
            PolicyCode.HOME_NO_SERVICE,
            Words("Roster belum ditandatangani.", "The roster is not signed yet."),
            Words(
                "Biarkan 'padan-linkage serve' berjalan sampai semua undangan diterima dan kedua"
                " otoritas menandatangani, lalu ulangi.",
                "Let 'padan-linkage serve' run until all invites are accepted and both authorities"
                " have signed, then try again.",
            ),
        )
    me.home.service()


_LOOK_SECONDS = 0.1


@dataclass
class Serving:
    """One service. `ready` is set once it answers for projects; `stop` may come from any thread.

    `first_link` makes the first account, if there is none yet; nobody else is told.
    """

    me: Unlocked
    settings: Settings
    host: str
    port: int
    works: bool = True
    first_link: str | None = field(default=None, repr=False)
    ready: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)
    _server: uvicorn.Server | None = None
    _stopped: bool = False

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def run(self) -> bool:
        """Serve until it is stopped; returns whether it ever served.

        Raises why the service does not open, such as a store that is not its own.
        """
        try:
            with closing(listening(self.host, self.port)) as opened:
                if self._receive_people(opened):
                    self._serve(opened)
            return self._server is not None and self._server.started
        finally:
            self.ended.set()

    def stop(self) -> None:
        self._stopped = True
        if self._server is not None:
            self._server.should_exit = True

    def is_ready(self) -> bool:
        """Wait until it answers for projects; False if it ended before."""
        while not self.ready.wait(_LOOK_SECONDS):
            if self.ended.is_set():
                return False
        return True

    def wait(self, seconds: float) -> None:
        """Wait that long; raises KeyboardInterrupt if the service ends meanwhile."""
        if self.ended.wait(seconds):
            raise KeyboardInterrupt

    def _serve(self, opened: socket.socket) -> None:
        import uvicorn

        from linkage_service.app import create_app
        from linkage_service.desk.first_account import first_account
        from linkage_service.limits.server import server_config
        from linkage_service.workers import in_own_process

        self.me.home.roster()  # raises where nobody was invited and 'join' has not been run yet
        carrier = in_own_process if self.works else None
        app = create_app(self.settings, self.me, carrier=carrier)
        console.say(Words(f"Layanan di {self.url}", f"Service at {self.url}"))
        self._tell_first(first_account(self.settings, self.me, self.host, self.url))
        self._server = server = uvicorn.Server(server_config(app, self.settings))
        if self._stopped:  # while it was made
            return
        self.ready.set()  # the socket listens: requests wait until the service has started
        try:
            server.run(sockets=[opened])
        except SystemExit:  # the server's way to say that the application did not start
            if app.state.refused is None:
                raise
            raise app.state.refused from None

    def _tell_first(self, link: str | None) -> None:
        self.first_link = link
        if link is not None:
            console.say(
                Words(
                    f"Belum ada akun. Buat yang pertama dengan tautan sekali pakai ini: {link}",
                    f"There is no account yet. Make the first one with this one-time link: {link}",
                )
            )

    def _receive_people(self, opened: socket.socket) -> bool:
        """Without a roster, let those who were invited join, until both authorities signed.

        Returns whether there is a roster, or nobody was invited.
        """
        import uvicorn

        from linkage_service.app import create_reception
        from linkage_service.limits.server import server_config

        me, url = self.me, self.url
        places = inviting_folders(me.home)
        if me.home.has_joined or not places:
            return True
        names = ", ".join(each.project for each in places)
        console.say(
            Words(
                f"{url} menunggu orang bergabung: {names}.",
                f"{url} awaits people to join: {names}.",
            )
        )
        complete = threading.Event()

        def signed() -> None:
            complete.set()
            server.should_exit = True

        settings = self.settings
        app = create_reception(
            me, signed, settings.public_url, settings.gateway_hosts, settings.log_format
        )
        self._server = server = uvicorn.Server(server_config(app, self.settings))
        if self._stopped:  # while it was made
            return False
        with opened.dup() as own:  # the server closes what it is given
            server.run(sockets=[own])
        if self._stopped or not complete.is_set():
            return False
        roster = me.home.roster()
        words = spoken(roster.digest())
        console.say(
            Words(
                f"Roster versi {roster.version} ditandatangani. Katanya: {words.id}",
                f"Roster version {roster.version} is signed. Its words: {words.en}",
            )
        )
        return True


@contextmanager
def beside_the_service(me: Unlocked, settings: Settings, host: str, port: int) -> Iterator[Serving]:
    """The service in a thread, stopped at the end; raises why it could not start."""
    serving, failed = Serving(me, settings, host, port), list[Exception]()

    def run() -> None:
        try:
            serving.run()
        except Exception as error:  # told to the person by the thread that waits
            failed.append(error)

    thread = threading.Thread(target=run, name="service")
    thread.start()
    try:
        yield serving
    finally:
        serving.stop()
        thread.join()
    if failed:
        raise failed[0]
