"""Which addresses other machines can reach."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_this_machine(host: str) -> bool:
    """Whether this host name or address is one that leads to the same machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_for_others(url: str) -> bool:
    """Whether other machines can reach this URL, for all that its host says."""
    return not is_this_machine(urlsplit(url).hostname or "")
