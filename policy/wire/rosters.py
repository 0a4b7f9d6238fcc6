"""Rosters to and from the linkage service."""

from __future__ import annotations

from contextlib import suppress

from policy.base.canonical import unb64
from policy.base.errors import PadanError
from policy.formats.http_api import API, ROSTERS
from policy.members.home import Home, Unlocked
from policy.wire.http import content_type, send
from policy.wire.signed_requests import Message, sign_request


def fetch_roster(url: str) -> bytes:
    """The service's roster, unchecked; trust it only after checking its digest."""
    return send(Message("GET", url.rstrip("/") + API + "/roster", {}, b""))


def fetch_rosters(url: str) -> bytes:
    """All rosters that the service ever had, unchecked."""
    return send(Message("GET", url.rstrip("/") + API + "/rosters", {}, b""))


def catch_up(home: Home) -> None:
    """Learn the service's rosters that lawfully follow the ones known here.

    Other rosters are ignored: the service's word alone proves nothing.
    """
    with suppress(PadanError):
        url = home.service().url
        files = [unb64(each) for each in ROSTERS.validate_json(fetch_rosters(url))]
        for data in (*files, *reversed(files)):
            with suppress(PadanError):
                home.learn(data)


def post_roster(me: Unlocked, data: bytes) -> bytes:
    """Send the next roster to the service; returns its JSON answer (`RosterTaken`)."""
    url = me.home.service().url + API + "/roster"
    message = Message("POST", url, {"content-type": content_type(data)}, data)
    sign_request(message, me.member.id, me.under(me.home.roster()).keys.signing)
    return send(message)
