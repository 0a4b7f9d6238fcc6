"""Rosters to and from the linkage service."""

from __future__ import annotations

from policy.formats.http_api import API
from policy.members.home import Unlocked
from policy.wire.http import content_type, send
from policy.wire.signed_requests import Message, sign_request


def fetch_roster(url: str) -> bytes:
    """The service's roster, unchecked; trust it only after checking its digest."""
    return send(Message("GET", url.rstrip("/") + API + "/roster", {}, b""))


def fetch_rosters(url: str) -> bytes:
    """All rosters that the service ever had, unchecked."""
    return send(Message("GET", url.rstrip("/") + API + "/rosters", {}, b""))


def post_roster(me: Unlocked, data: bytes) -> bytes:
    """Send the next roster to the service; returns its JSON answer (`RosterTaken`)."""
    url = me.home.service().url + API + "/roster"
    message = Message("POST", url, {"content-type": content_type(data)}, data)
    sign_request(message, me.member.id, me.under(me.home.roster()).keys.signing)
    return send(message)
