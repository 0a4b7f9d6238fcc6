"""The service by its public URL, as a member reaches it: name, TLS, gateway, signature."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from policy.base.errors import PadanError
from policy.base.words import Words
from policy.formats.http_api import API
from policy.members.home import Unlocked
from policy.members.roster import parse_roster
from policy.terminal.checks import SelfCheck, Standing, holds
from policy.wire.http import send
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
        except PadanError as error:
            yield _failed("address.reached", error)
            return
        known = any(theirs.digest() == each.digest() for each in self.me.home.rosters())
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
    return SelfCheck(name, Standing.FIX, error.problem, error.hint)
