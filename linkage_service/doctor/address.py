"""The service by its public URL, as a member reaches it: name, TLS, gateway, signature."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import ValidationError

from policy.base.error_codes import PolicyCode
from policy.base.errors import PadanError
from policy.base.words import Words
from policy.formats.http_api import API, Ready
from policy.members.home import Unlocked
from policy.members.roster import parse_roster
from policy.terminal.checks import SelfCheck, Standing, holds
from policy.wire.http import read_any, send
from policy.wire.rosters import fetch_roster
from policy.wire.signed_requests import Message, sign_request


@dataclass(frozen=True)
class Address:
    """The public URL, and the address of this home, which the commands here use."""

    me: Unlocked
    url: str

    def examine(self) -> Iterator[SelfCheck]:
        yield self._check_home()
        try:
            theirs = parse_roster(fetch_roster(self.url))[0]
            known = any(theirs.digest() == each.digest() for each in self.me.home.rosters())
        except PadanError as error:
            yield _failed("address.reached", error)
            return
        yield holds(
            "address.reached",
            known,
            Words(
                f"{self.url} menjawab dengan roster versi {theirs.version}"
                + ("." if known else ", yang bukan milik layanan ini."),
                f"{self.url} answers with roster version {theirs.version}"
                + ("." if known else ", which is not of this service."),
            ),
            Words(
                "Gerbang menunjuk ke layanan lain: perbaiki alamat tujuannya.",
                "The gateway leads to another service: correct its upstream.",
            ),
        )
        yield self._check_signature()
        yield from self._ask_the_service()

    def _check_home(self) -> SelfCheck:
        own = self.me.home.service().url
        return SelfCheck(
            "address.home",
            Standing.FINE if own == self.url else Standing.LOOK,
            Words(
                f"Perintah di folder rumah ini memakai {own}.",
                f"Commands of this home folder use {own}.",
            ),
            None
            if own == self.url
            else Words(
                f"Simpan alamat publik: padan-policy join --service {self.url} --roster-digest"
                f" {self.me.home.service().roster_digest}",
                f"Keep the public address: padan-policy join --service {self.url} --roster-digest"
                f" {self.me.home.service().roster_digest}",
            ),
        )

    def _ask_the_service(self) -> Iterator[SelfCheck]:
        """What the running service says of itself: it also tries to write."""
        try:
            found = Ready.model_validate_json(read_any(f"{self.url}{API}/ready"))
        except (PadanError, ValidationError):
            return  # the checks before say why
        broken = [each for each in found.checks if not each.ok]
        if not broken:
            yield SelfCheck(
                "running",
                Standing.FINE,
                Words(
                    "Layanan yang berjalan berkata bahwa semua bagiannya bekerja.",
                    "The running service says that all its parts work.",
                ),
            )
        for each in broken:
            said, remedy = each.words.words(), each.remedy.words()
            yield SelfCheck(f"running.{each.name}", Standing.FIX, said, remedy)

    def _check_signature(self) -> SelfCheck:
        message = Message("GET", f"{self.url}{API}/projects", {}, b"")
        keys = self.me.under(self.me.home.roster()).keys
        sign_request(message, self.me.member.id, keys.signing)
        try:
            send(message)
        except PadanError as error:
            return _failed("address.signature", error)
        return SelfCheck(
            "address.signature",
            Standing.FINE,
            Words(
                "Permintaan bertanda tangan diterima lewat alamat publik.",
                "A signed request is accepted by the public address.",
            ),
        )


def _failed(name: str, error: PadanError) -> SelfCheck:
    away = error.code == PolicyCode.SERVICE_UNREACHABLE
    return SelfCheck(name, Standing.FIX, error.problem, _START_IT if away else error.hint)


_START_IT = Words(
    "Jalankan layanan ('systemctl start padan-linkage', atau 'padan-linkage serve'). Bila sudah"
    " berjalan, periksa catatannya, lalu proksi dan tembok api di depannya.",
    "Start the service ('systemctl start padan-linkage', or 'padan-linkage serve'). If it runs,"
    " look at its log, then at the proxy and the firewall before it.",
)
